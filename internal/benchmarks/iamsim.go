package main

import (
	"fmt"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/workload"
)

// fromStrings evaluates plain structs: nothing of a request is read before
// its turn but the caller's ARN, which ParsePrincipal takes.
type fromStrings struct{ *workload.Compiled }

func loadStrings(w *workload.Workload) (loaded, error) {
	c, err := w.Compile()
	if err != nil {
		return nil, err
	}
	return &fromStrings{c}, sameOutcomes(w, func(i int) evaluator.Decision {
		return evaluator.Evaluate(&c.Caller, &c.Targets[i], &c.Requests[i])
	})
}

func (e *fromStrings) allows(i int) bool { return e.loop(i, 1) == 1 }

func (e *fromStrings) loop(i, n int) (allowed int) {
	for end := i + n; i < end; i++ {
		at := i & (workload.Rotation - 1)
		if evaluator.Evaluate(&e.Caller, &e.Targets[at], &e.Requests[at]).Allowed() {
			allowed++
		}
	}
	return allowed
}

// prepared evaluates requests that were read once. Callers and targets are
// plain structs still.
type prepared struct {
	*workload.Compiled
	requests []*evaluator.Prepared
}

func loadPrepared(w *workload.Workload) (loaded, error) {
	c, err := w.Compile()
	if err != nil {
		return nil, err
	}
	requests, err := c.Prepare()
	if err != nil {
		return nil, err
	}
	for i := range c.Targets {
		c.Targets[i] = c.Targets[i].Prepared()
	}
	return &prepared{c, requests}, sameOutcomes(w, func(i int) evaluator.Decision {
		return requests[i].Evaluate(&c.Caller, &c.Targets[i])
	})
}

func (e *prepared) allows(i int) bool { return e.loop(i, 1) == 1 }

func (e *prepared) loop(i, n int) (allowed int) {
	for end := i + n; i < end; i++ {
		at := i & (workload.Rotation - 1)
		if e.requests[at].Evaluate(&e.Caller, &e.Targets[at]).Allowed() {
			allowed++
		}
	}
	return allowed
}

// sameOutcomes holds iamsim to more than allowed or not: to the kind of denial.
func sameOutcomes(w *workload.Workload, decide func(i int) evaluator.Decision) error {
	for i := range w.Requests {
		if got, want := decide(i).Outcome(), w.Requests[i].Want; got != want {
			return fmt.Errorf("workload %s, request %d: %s, want %s", w.Name, i, got, want)
		}
	}
	return nil
}
