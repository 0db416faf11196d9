package workload

import (
	"fmt"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// Compiled is a workload as the evaluator takes it. Targets and Requests stand
// side by side; their strings are as a program would receive them.
type Compiled struct {
	Caller   evaluator.Caller
	Targets  []evaluator.Target
	Requests []evaluator.Request
}

// Compile parses and compiles the policies.
func (w *Workload) Compile() (*Compiled, error) {
	var c Compiled
	var err error
	if c.Caller.Principal, err = evaluator.ParsePrincipal(w.Principal); err != nil {
		return nil, err
	}
	if c.Caller.Identity, err = compile(policy.Identity, w.Identity); err != nil {
		return nil, err
	}
	if w.Boundary != nil {
		if c.Caller.Boundary, err = compile(policy.Boundary, []Policy{*w.Boundary}); err != nil {
			return nil, err
		}
	}
	for _, level := range w.SCPs {
		set, err := compile(policy.SCP, level)
		if err != nil {
			return nil, err
		}
		c.Caller.SCPs = append(c.Caller.SCPs, set)
	}
	var attached []*evaluator.Set
	if w.Resource != nil {
		set, err := compile(policy.Resource, w.Resource)
		if err != nil {
			return nil, err
		}
		attached = append(attached, set)
	}
	for _, r := range w.Requests {
		c.Targets = append(c.Targets, evaluator.Target{Resource: r.Resource, Account: w.ResourceAccount, Policies: attached})
		request := evaluator.Request{Action: r.Action}
		for _, k := range r.Context {
			request.Context = append(request.Context, evaluator.Key{Name: k.Name, Values: k.Values})
		}
		c.Requests = append(c.Requests, request)
	}
	return &c, nil
}

func compile(kind policy.Kind, policies []Policy) (*evaluator.Set, error) {
	docs := make([]policy.Attached, len(policies))
	for i := range policies {
		doc, err := policy.Parse(policies[i].Name, policies[i].JSON())
		if err != nil {
			return nil, fmt.Errorf("workload: %w", err)
		}
		docs[i].Document = doc
	}
	return evaluator.Compile(kind, docs...)
}

// Prepare reads each request once.
func (c *Compiled) Prepare() ([]*evaluator.Prepared, error) {
	var engine evaluator.Engine
	list := make([]*evaluator.Prepared, len(c.Requests))
	for i := range c.Requests {
		p, err := engine.Prepare(&c.Requests[i])
		if err != nil {
			return nil, fmt.Errorf("workload: request %d: %w", i, err)
		}
		list[i] = p
	}
	return list, nil
}
