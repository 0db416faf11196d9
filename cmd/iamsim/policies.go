package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// policyFlags are the context keys of a request, and the policies that may
// apply to it beside the identity-based ones.
type policyFlags struct {
	context []string

	boundary, session, attached, scp, rcp, endpoint []string
}

func (p *policyFlags) define(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&p.context, "context", nil, "a context key, `key=value`; again for further keys, or values of a key")
	f.StringArrayVar(&p.boundary, "boundary", nil, "permissions boundary, a `file`")
	f.StringArrayVar(&p.session, "session", nil, "session policy, a `file`; may be repeated")
	f.StringArrayVar(&p.attached, "resource-policy", nil, "policy of the resource (of a role: its trust policy), a `file`; may be repeated")
	f.StringArrayVar(&p.scp, "scp", nil, "one level of service control policies, root first: `file,file…`")
	f.StringArrayVar(&p.rcp, "rcp", nil, "one level of resource control policies, root first: `file,file…`")
	f.StringArrayVar(&p.endpoint, "endpoint", nil, "VPC endpoint policy, a `file`")
}

// policies are those of the flags and the identity-based ones; what could be
// read, beside an error.
func (p *policyFlags) policies(identity []string) (*scenario.Policies, error) {
	var load policyLoader
	all := &scenario.Policies{Identity: load.all(identity), Session: load.all(p.session), Resource: load.all(p.attached)}
	all.Boundary, all.Endpoint = load.one("boundary", p.boundary), load.one("endpoint", p.endpoint)
	all.SCP, all.RCP = load.levels(p.scp), load.levels(p.rcp)
	return all, errors.Join(load.faults...)
}

func (p *policyFlags) contextKeys() ([]scenario.ContextKey, error) {
	var keys []scenario.ContextKey
	for _, pair := range p.context {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, fmt.Errorf("--context is key=value, not %s", spelling.Quote(pair))
		}
		keys = addValue(keys, key, value)
	}
	return keys, nil
}

func addValue(keys []scenario.ContextKey, name, value string) []scenario.ContextKey {
	for i := range keys {
		if fold.Equal(keys[i].Name, name) {
			keys[i].Values = append(keys[i].Values, value)
			return keys
		}
	}
	return append(keys, scenario.ContextKey{Name: name, Values: []string{value}})
}

// policyLoader reads policies and collects what is wrong with them.
type policyLoader struct{ faults []error }

func (l *policyLoader) all(files []string) []scenario.Policy {
	var list []scenario.Policy
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err == nil {
			var doc *policy.Document
			if doc, err = policy.Parse(file, text); err == nil {
				list = append(list, scenario.Policy{Name: file, Document: doc})
				continue
			}
		}
		l.faults = append(l.faults, err)
	}
	return list
}

func (l *policyLoader) one(flag string, files []string) *scenario.Policy {
	list := l.all(files)
	switch {
	case len(files) > 1:
		l.faults = append(l.faults, fmt.Errorf("there is one --%s at most, and %d are given", flag, len(files)))
	case len(list) == 1:
		return &list[0]
	}
	return nil
}

func (l *policyLoader) levels(given []string) [][]scenario.Policy {
	var levels [][]scenario.Policy
	for _, level := range given {
		levels = append(levels, append([]scenario.Policy{}, l.all(strings.Split(level, ","))...))
	}
	return levels
}
