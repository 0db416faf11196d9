package iamtest

import (
	"context"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy/catalog"
)

// An answer is the decision on one request, and what keeps the test from
// relying on it.
type answer struct {
	request  *request
	decision evaluator.Decision
	faults   []string               // of the request: AWS has no such request
	asked    evaluator.Request      // what the engine was asked
	unloaded string                 // the policy of the resource that decides and is not loaded; "" for none
	why      *evaluator.Explanation // nil until somebody asks
}

// ask decides a request.
func ask(r *request) *answer {
	e := engine()
	a := &answer{request: r}
	if !r.asGiven {
		r.who.inOrganization(&r.target)
	}
	said := r.said()
	// The request is checked and not the policies: services get new actions
	// weekly, and ReadOnlyAccess names thousands.
	alone := r.target
	alone.Policies, alone.RCPs = nil, nil
	for _, d := range e.Check(&evaluator.Caller{Principal: r.who.caller.Principal}, &alone, &evaluator.Request{Action: r.action, Context: said}) {
		a.faults = append(a.faults, d.Message)
	}
	a.faults = append(append(a.faults, r.mistyped()...), r.contradicted(said)...)
	a.asked = evaluator.Request{Action: r.action, Context: append(said, r.open(said)...), Endpoint: r.endpoint}
	a.decision = e.Evaluate(&r.who.caller, &r.target, &a.asked)
	switch {
	case a.decision.Outcome() == evaluator.Indeterminate:
		a.settle()
	case len(r.target.Policies) == 0:
		a.underAnyPolicy()
	}
	if c := r.who.coverage; c != nil {
		c.record(r, evaluator.Explain(&r.who.caller, &r.target, &a.asked))
	}
	return a
}

// settle tries harder where the first answer is that something decides which is
// not known: all values may well give one answer.
func (a *answer) settle() {
	r := a.request
	a.decision = evaluator.Explain(&r.who.caller, &r.target, &a.asked).Decision()
	if a.decision.Outcome() != evaluator.Indeterminate || !r.target.Unknown || len(r.target.Policies) > 0 || r.who.provable() != nil {
		return
	}
	p := prove.Prover{Catalog: catalog.Default(), Budget: 1 << 15}
	v, err := p.NotGranted(context.Background(), r.who.policies(), prove.Access{
		Actions: []string{r.action}, Resources: []string{r.target.Resource + "*"},
	})
	if err == nil && v.Outcome == prove.Proved {
		a.decision = evaluator.Decision{} // an implicit deny; no layer denies all of it
	}
}

// explain tells why, with what the catalogue says of the policies.
func (a *answer) explain() *evaluator.Explanation {
	if a.why == nil {
		e := engine()
		a.why = e.Explain(&a.request.who.caller, &a.request.target, &a.asked)
	}
	return a.why
}

// definite: the decision is one that the test can rely on.
func (a *answer) definite() bool {
	return len(a.faults) == 0 && a.unloaded == "" && (a.decision.Allowed() || a.decision.Denied())
}
