package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/iamsim/iamsim/internal/workload"
)

// A suite is a workload as a file of scenarios, for engines in other
// languages. `iamsim eval` reads it too.
type suite struct {
	Defaults suiteCase   `json:"defaults"`
	Cases    []suiteCase `json:"cases"`
}

type suiteCase struct {
	Name     string       `json:"name,omitempty"`
	Request  suiteRequest `json:"request"`
	Policies *suiteSlots  `json:"policies,omitempty"`
	Want     string       `json:"want,omitempty"`
}

type suiteRequest struct {
	Principal       string         `json:"principal,omitempty"`
	Action          string         `json:"action,omitempty"`
	Resource        string         `json:"resource,omitempty"`
	ResourceAccount string         `json:"resourceAccount,omitempty"`
	Context         map[string]any `json:"context,omitempty"`
}

type suiteSlots struct {
	Identity []namedDocument   `json:"identity"`
	Boundary *namedDocument    `json:"boundary,omitempty"`
	Resource []namedDocument   `json:"resource,omitempty"`
	SCP      [][]namedDocument `json:"scp,omitempty"`
}

type namedDocument struct {
	Name     string          `json:"name"`
	Document json.RawMessage `json:"document"`
}

// writeScenarios writes a file for each workload that is measured beyond Go.
func writeScenarios(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, make := range []func() *workload.Workload{
		workload.Single, workload.SingleDenied, workload.Conditional, many(1000), workload.Layers,
	} {
		w := make()
		text, err := json.Marshal(suiteOf(w))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, w.Name+".json"), text, 0o666); err != nil {
			return err
		}
	}
	return nil
}

func suiteOf(w *workload.Workload) suite {
	s := suite{Defaults: suiteCase{
		Request:  suiteRequest{Principal: w.Principal, ResourceAccount: w.ResourceAccount},
		Policies: &suiteSlots{Identity: documents(w.Identity), Resource: documents(w.Resource)},
	}}
	if w.Boundary != nil {
		s.Defaults.Policies.Boundary = &namedDocument{w.Boundary.Name, w.Boundary.JSON()}
	}
	for _, level := range w.SCPs {
		s.Defaults.Policies.SCP = append(s.Defaults.Policies.SCP, documents(level))
	}
	for i := range w.Requests {
		r := &w.Requests[i]
		c := suiteCase{
			Name:    fmt.Sprintf("%s %d", w.Name, i),
			Request: suiteRequest{Action: r.Action, Resource: r.Resource},
			Want:    r.Want.String(),
		}
		for _, k := range r.Context {
			if c.Request.Context == nil {
				c.Request.Context = make(map[string]any)
			}
			c.Request.Context[k.Name] = k.Values[0]
			if len(k.Values) > 1 {
				c.Request.Context[k.Name] = k.Values
			}
		}
		s.Cases = append(s.Cases, c)
	}
	return s
}

func documents(policies []workload.Policy) []namedDocument {
	var list []namedDocument
	for i := range policies {
		list = append(list, namedDocument{policies[i].Name, policies[i].JSON()})
	}
	return list
}
