package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/internal/spelling"
)

// An Evaluator answers scenarios. The zero Evaluator works. It holds no state:
// use one from any number of goroutines.
type Evaluator struct {
	// Calls tells which authorizations a call needs; nil is
	// [apicall.Authorizations]. An error that wraps
	// [apicall.ErrUnknownOperation] leaves the scenario without an answer; any
	// other says that the call is none.
	Calls func(apicall.Call, evaluator.Options) ([]apicall.Authorization, error)
}

// Evaluate answers one scenario and compares the answer with what it wants. It
// never fails: a scenario that cannot be answered gets a [Result] with an
// error.
func (e *Evaluator) Evaluate(s *Scenario) *Result {
	result := &Result{Name: s.Name}
	answer, err := e.answer(s)
	switch {
	case errors.Is(err, evaluator.ErrInvalidRequest):
		result.Answer = Answer{Decision: evaluator.Invalid}
		result.Err = err
	case err != nil:
		result.Err = err
		return result
	default:
		result.Answer = *answer
		result.Err = answer.err
	}
	result.answered = true
	if s.Want != nil {
		result.Wanted = true
		result.Mismatch = s.Want.mismatch(result)
	}
	return result
}

// Failed is the result for a scenario that could not be read.
func Failed(s *Scenario, err error) *Result { return &Result{Name: s.Name, Err: err} }

func (e *Evaluator) answer(s *Scenario) (*Answer, error) {
	compiled, err := s.Compile()
	if err != nil {
		return nil, err
	}
	if s.Request.Call == nil {
		return s.explain(compiled), nil
	}
	needed, err := e.authorizations(s, compiled)
	if err != nil {
		return nil, err
	}
	// What is reported is the first denial, else the first answer that is not
	// allowed, else that all are.
	answers := make([]Answer, len(needed))
	decisive := -1
	for i, a := range needed {
		answers[i] = *s.explain(compiled.with(&a, needed))
		d := answers[i].Decision
		switch {
		case d == evaluator.Allowed:
		case decisive < 0, denied(d) && !denied(answers[decisive].Decision):
			decisive = i
		}
	}
	whole := &Answer{Decision: evaluator.Allowed}
	if decisive >= 0 {
		*whole = answers[decisive]
	} else {
		for i := range answers {
			whole.Statements = append(whole.Statements, answers[i].Statements...)
		}
	}
	whole.Authorizations = answers
	return whole, nil
}

func denied(o evaluator.Outcome) bool {
	return o == evaluator.ImplicitDeny || o == evaluator.ExplicitDeny
}

func (e *Evaluator) authorizations(s *Scenario, c *Compiled) ([]apicall.Authorization, error) {
	ask := e.Calls
	if ask == nil {
		ask = apicall.Authorizations
	}
	call := apicall.Call{
		Operation:  s.Request.Call.Operation,
		Parameters: s.Request.Call.Parameters,
		Defaults:   arn.Defaults{Account: c.Target.Account},
	}
	if call.Defaults.Account == "" {
		call.Defaults.Account = c.Caller.Principal.Account()
	}
	if caller, err := arn.Parse(s.Request.Principal.ARN); err == nil {
		call.Defaults.Partition = caller.Partition()
	}
	for _, key := range s.Request.Context {
		if strings.EqualFold(key.Name, "aws:RequestedRegion") && len(key.Values) == 1 {
			call.Defaults.Region = key.Values[0]
		}
	}
	needed, err := ask(call, s.Options)
	switch {
	case errors.Is(err, apicall.ErrUnknownOperation):
		return nil, s.fault("request.call.operation", err)
	case err != nil:
		return nil, s.invalid("request.call", err)
	case len(needed) == 0:
		return nil, s.fault("request.call", fmt.Errorf("%s needs no authorization", spelling.Quote(call.Operation)))
	}
	return needed, nil
}

func (s *Scenario) fault(path string, err error) error {
	return &Error{File: s.File, Line: s.Line, Column: s.Column, Path: path, Message: err.Error(), err: err}
}

// with is the same for one authorization of a call. The keys that it brings
// along win over the scenario's, and those of its siblings are not its own
// (D-5).
func (c *Compiled) with(a *apicall.Authorization, all []apicall.Authorization) *Compiled {
	one := *c
	one.Request.Action, one.Target.Resource = a.Action, a.Resource
	one.Request.Context = slices.Clone(a.Context)
	for _, key := range c.Request.Context {
		brought := func(by apicall.Authorization) bool {
			return slices.ContainsFunc(by.Context, func(k evaluator.Key) bool { return strings.EqualFold(k.Name, key.Name) })
		}
		if !slices.ContainsFunc(all, brought) {
			one.Request.Context = append(one.Request.Context, key)
		}
	}
	if a.Anonymous {
		one.Caller = evaluator.Caller{Principal: evaluator.Anonymous()}
	}
	return &one
}

// explain asks the engine and writes down its explanation.
func (s *Scenario) explain(c *Compiled) *Answer {
	why := c.Engine.Explain(&c.Caller, &c.Target, &c.Request)
	decision := why.Decision()
	a := &Answer{
		Action:         c.Request.Action,
		Resource:       c.Target.Resource,
		Decision:       decision.Outcome(),
		DeniedBy:       decision.Layer(),
		MissingContext: why.Missing(),
		Message:        why.Message(),
	}
	for _, d := range why.Diagnostics() {
		a.Diagnostics = append(a.Diagnostics, d.Message)
	}
	if a.Decision == evaluator.Invalid {
		a.err = s.invalid("request", why.Err())
		return a
	}
	begins := make(map[string]slotted)
	refs := why.Statements()
	if len(refs) > 0 {
		s.Policies.all(s.Request.resourceKind(), func(p slotted) { begins[p.path] = p })
	}
	for _, ref := range refs {
		in := begins[ref.From]
		st := Statement{Policy: ref.Policy, Slot: in.slot, Index: ref.Index, Sid: ref.Sid, Effect: ref.Effect}
		st.Line, st.Column = in.place.of(ref.Line, ref.Column)
		a.Statements = append(a.Statements, st)
	}
	return a
}
