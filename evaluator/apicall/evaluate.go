package apicall

import (
	"errors"
	"fmt"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/wire"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// A Result is the decision on a call.
type Result struct {
	// Operation is "service:Operation".
	Operation string
	// Outcome is Allowed where every required authorization is. One that is
	// denied denies the call; a [Possible] one that is not allowed, and that a
	// [Lookup] would settle, leaves it Indeterminate.
	Outcome evaluator.Outcome
	// Deciding is the authorization that the error of the call speaks of: the
	// first that is denied, else the first that is not allowed (F-31). It is an
	// index of Authorizations, and -1 for a call that is allowed.
	Deciding       int
	Authorizations []Answer
	// Preconditions do not affect Outcome: they are no authorizations.
	Preconditions []PreconditionAnswer
	// Diagnostics are what a reader should know of the call as a whole. Each
	// Answer has its own beside.
	Diagnostics []evaluator.Diagnostic
}

// An Answer is the decision on one authorization of a call.
type Answer struct {
	Authorization
	Question
	Explanation *evaluator.Explanation
	// Diagnostics are those of the Explanation, and what the call adds.
	Diagnostics []evaluator.Diagnostic
}

// Outcome of the authorization.
func (a *Answer) Outcome() evaluator.Outcome { return a.Explanation.Decision().Outcome() }

// A PreconditionAnswer says whether a precondition is met.
type PreconditionAnswer struct {
	Precondition
	// Explanation of the service's request; nil where the target has no policy
	// that could tell.
	Explanation *evaluator.Explanation
}

// Outcome is Allowed where the precondition is met, and Indeterminate where no
// policy was given that could tell.
func (a *PreconditionAnswer) Outcome() evaluator.Outcome {
	if a.Explanation == nil {
		return evaluator.Indeterminate
	}
	return a.Explanation.Decision().Outcome()
}

// Err is nil where the precondition is met, or not known to be unmet; else it
// says so in AWS's words where they are known.
func (a *PreconditionAnswer) Err() error {
	if !denied(a.Outcome()) {
		return nil
	}
	if a.ErrorCode != "" {
		return fmt.Errorf("%s: %s", a.ErrorCode, a.Message)
	}
	return fmt.Errorf("%s may not do %s on %s", a.Principal, a.Action, spelling.Quote(a.Resource))
}

// Diagnostics of calls.
const (
	LessThanCertain  string = "less-than-certain"  // that AWS asks this, or so
	PossiblyAsked    string = "possibly-asked"     // an authorization that depends on what is not shown
	LessInAnswer     string = "less-in-answer"     // the call succeeds, and its answer has less
	NoResourcePolicy string = "no-resource-policy" // which would have had to allow
)

// Evaluate decides all authorizations of a call, and its preconditions. target
// gives what follows a resource, named by its ARN or "*": its policies, tags and
// owner. A Target without Resource gets the resource's. Tags that are nil are
// not known; an empty list says that there are none. For a role, Policies hold
// its trust policy, which preconditions ask for.
//
// The error is that of [Call.Plan]; one of evaluation stands in the
// explanations.
func Evaluate(e *evaluator.Engine, caller *evaluator.Caller, c Call, target func(resource string) evaluator.Target) (*Result, error) {
	p, err := c.Plan(e.Options)
	if err != nil {
		return nil, err
	}
	return p.Evaluate(e, caller, target), nil
}

// Evaluate decides the plan as the function [Evaluate] does.
func (p *Plan) Evaluate(e *evaluator.Engine, caller *evaluator.Caller, target func(resource string) evaluator.Target) *Result {
	r := &Result{Operation: p.Operation, Outcome: evaluator.Allowed, Deciding: -1}
	for i := range p.Authorizations {
		r.Authorizations = append(r.Authorizations, p.answer(e, caller, &p.Authorizations[i], target))
		r.decide(i)
	}
	for _, key := range p.Unused(&caller.Principal) {
		r.add("unused-context-key", key, "context key %s is of no authorization of this call and is not used (D-5)", spelling.Quote(key))
	}
	for i := range p.Preconditions {
		r.Preconditions = append(r.Preconditions, p.precondition(e, &p.Preconditions[i], target))
	}
	return r
}

// Allowed reports whether the call is allowed.
func (r *Result) Allowed() bool { return r.Outcome == evaluator.Allowed }

// Err is nil for a call that is allowed. For a denied one it is a [*wire.Error],
// which has the code of the service that was called, and wraps the error of the
// authorization that decided; else it is that error, see
// [evaluator.Explanation.Err].
func (r *Result) Err() error {
	if r.Deciding < 0 {
		return nil
	}
	a := &r.Authorizations[r.Deciding]
	if a.Effect == Possible {
		return fmt.Errorf("%w: %s on %s is asked only %s", evaluator.ErrIndeterminate, a.Action, a.Resource, a.When)
	}
	err := a.Explanation.Err()
	var d *evaluator.DeniedError
	if errors.As(err, &d) {
		return &wire.Error{Operation: r.Operation, Denied: d}
	}
	return err
}

// Message is the error text that AWS would give; "" unless the call is denied.
func (r *Result) Message() string {
	if r.Deciding < 0 || !denied(r.Outcome) {
		return ""
	}
	return r.Authorizations[r.Deciding].Explanation.Message()
}

func denied(o evaluator.Outcome) bool {
	return o == evaluator.ImplicitDeny || o == evaluator.ExplicitDeny
}

// decide lets one more authorization have its say.
func (r *Result) decide(i int) {
	a := &r.Authorizations[i]
	outcome := a.Outcome()
	if outcome == evaluator.Allowed {
		return
	}
	switch {
	case a.Effect == ResponseOnly:
		r.add(LessInAnswer, a.Action, "%s on %s is %s: the call succeeds, and its answer has less", a.Action, a.Resource, outcome)
		return
	case a.Effect == Possible && a.Lookup == "":
		r.add(PossiblyAsked, a.Action, "%s on %s is %s; it is asked only %s, which the call does not show, and so has no say here", a.Action, a.Resource, outcome, a.When)
		return
	case a.Effect == Possible:
		r.add(PossiblyAsked, string(a.Lookup), "%s on %s is %s, and asked only %s: give state %q", a.Action, a.Resource, outcome, a.When, a.Lookup)
		outcome = evaluator.Indeterminate
	}
	if r.Deciding < 0 || denied(outcome) && !denied(r.Outcome) {
		r.Outcome, r.Deciding = outcome, i
	}
}

func (r *Result) add(code string, subject, format string, args ...any) {
	r.Diagnostics = append(r.Diagnostics, evaluator.Diagnostic{Code: code, Subject: subject, Message: fmt.Sprintf(format, args...)})
}

// answer decides one authorization.
func (p *Plan) answer(e *evaluator.Engine, caller *evaluator.Caller, a *Authorization, target func(string) evaluator.Target) Answer {
	q := p.Question(a, caller, target(a.Resource))
	hanging := q.open(e, a.opened(&q.Caller.Principal))
	answer := Answer{Authorization: *a, Question: q, Explanation: q.explain(e)}
	answer.Diagnostics = answer.Explanation.Diagnostics()
	note := func(code string, subject, format string, args ...any) {
		answer.Diagnostics = append(answer.Diagnostics, evaluator.Diagnostic{Code: code, Subject: subject, Message: fmt.Sprintf(format, args...)})
	}
	if answer.Outcome() == evaluator.Indeterminate {
		switch {
		case a.Unknown && a.Parameter != "":
			note("value-not-known", a.Resource, "the resource is known in part, %s*: give the parameter %s", a.Resource, a.Parameter)
		case a.Unknown:
			note("value-not-known", a.Resource, "the resource is known in part, %s*: give state %q", a.Resource, a.Rest)
		}
		for _, name := range hanging {
			note("value-not-known", name, "context key %q decides, and the call does not show its value: give %s", name, a.whatTells(name))
		}
	}
	if a.Confidence != High {
		text := fmt.Sprintf("that AWS asks for %s on %s is of %s confidence", a.Action, a.Resource, a.Confidence)
		if a.Note != "" {
			text += ": " + a.Note
		}
		note(LessThanCertain, a.Action, "%s", text)
	}
	for _, d := range a.Doubts {
		if q.hangsOn(e, d.Key) {
			note(LessThanCertain, d.Key, "the decision depends on context key %q, whose value here is of %s confidence", d.Key, d.Confidence)
		}
	}
	if d := answer.Explanation.Decision(); d.Outcome() == evaluator.ImplicitDeny && len(q.Target.Policies) == 0 &&
		(d.Layer() == policy.ResourceLayer || d.Layer() == policy.TrustLayer) {
		note(NoResourcePolicy, a.Resource, "no policy of %s was given, and it would have to allow this", a.Resource)
	}
	return answer
}

// whatTells says where a reader can give a key.
func (a *Authorization) whatTells(name string) string {
	if lookup, ok := a.lookups[name]; ok {
		return fmt.Sprintf("state %q", lookup)
	}
	if fold.HasPrefix(name, "aws:ResourceTag/") || fold.HasPrefix(name, "iam:ResourceTag/") {
		return "the tags of " + a.Resource
	}
	return "it in the context"
}

// precondition asks the policy of a role or a key on behalf of the service.
// Whose role it is for, AWS may say in aws:SourceArn and aws:SourceAccount.
func (p *Plan) precondition(e *evaluator.Engine, pre *Precondition, target func(string) evaluator.Target) PreconditionAnswer {
	t := target(pre.Resource)
	if t.Resource == "" {
		t.Resource = pre.Resource
	}
	answer := PreconditionAnswer{Precondition: *pre}
	if len(t.Policies) == 0 {
		return answer
	}
	answer.Explanation = e.Explain(&evaluator.Caller{Principal: evaluator.Service(pre.Principal)}, &t, &evaluator.Request{
		Action: pre.Action,
		Context: evaluator.Context{
			{Name: "aws:SourceArn", State: evaluator.Unknown},
			{Name: "aws:SourceAccount", State: evaluator.Unknown},
		},
	})
	return answer
}
