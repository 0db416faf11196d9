package main

import (
	"fmt"

	cedargo "github.com/cedar-policy/cedar-go"

	"github.com/iamsim/iamsim/internal/workload"
)

type cedarEngine struct {
	policies *cedargo.PolicySet
	entities cedargo.EntityMap
	requests []cedargo.Request
}

func loadCedar(w *workload.Workload) (loaded, error) {
	if w.Layered() {
		return nil, fmt.Errorf("%w: a policy set has no layers that must each allow", errLeftOut)
	}
	e := cedarEngine{policies: cedargo.NewPolicySet(), entities: cedargo.EntityMap{}}
	for i := range w.Identity {
		text, err := cedarText(&w.Identity[i])
		if err != nil {
			return nil, err
		}
		part, err := cedargo.NewPolicySetFromBytes(w.Identity[i].Name, text)
		if err != nil {
			return nil, fmt.Errorf("workload %s in Cedar: %w", w.Name, err)
		}
		if len(w.Identity) == 1 {
			e.policies = part
			break
		}
		for id, policy := range part.All() {
			e.policies.Add(cedargo.PolicyID(w.Identity[i].Name)+"/"+id, policy)
		}
	}
	keys := cedarTypes(w.Identity)
	for i := range w.Requests {
		r, err := cedarRequest(w.Principal, &w.Requests[i], keys)
		if err != nil {
			return nil, err
		}
		e.requests = append(e.requests, r)
	}
	return &e, nil
}

func (e *cedarEngine) allows(i int) bool { return e.loop(i, 1) == 1 }

func (e *cedarEngine) loop(i, n int) (allowed int) {
	for end := i + n; i < end; i++ {
		decision, _ := cedargo.Authorize(e.policies, e.entities, e.requests[i&(workload.Rotation-1)])
		if decision == cedargo.Allow {
			allowed++
		}
	}
	return allowed
}
