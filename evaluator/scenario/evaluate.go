package scenario

import (
	"errors"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
)

// An Evaluator answers scenarios. The zero Evaluator works. It holds no state:
// use one from any number of goroutines.
type Evaluator struct {
	// Calls tells what a call needs; nil is [apicall.Call.Plan]. An error that wraps
	// [apicall.ErrUnknownOperation] leaves the scenario without an answer; any
	// other says that the call is invalid.
	Calls func(apicall.Call, evaluator.Options) (*apicall.Plan, error)
	// Catalog adds to the diagnostics where AWS has no such request, see
	// [evaluator.Engine.Check], and a scenario that wants something fails where its
	// action, its resource's type or a context key is unknown; nil does neither,
	// and nor does a scenario with NoCatalog. No decision depends on it.
	Catalog evaluator.Catalog
}

// Evaluate answers one scenario and compares the answer with what it wants. It
// never fails: a scenario that cannot be answered gets a [Result] with an
// error.
func (e *Evaluator) Evaluate(s *Scenario) *Result {
	result := &Result{Name: s.Name}
	c, answer, err := e.answer(s)
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
		result.Mismatch = append(s.Want.mismatch(result), s.unknown(c, result)...)
	}
	return result
}

// Failed is the result for a scenario that could not be read.
func Failed(s *Scenario, err error) *Result { return &Result{Name: s.Name, Err: err} }

func (e *Evaluator) answer(s *Scenario) (*Compiled, *Answer, error) {
	c, err := e.compile(s)
	if err != nil {
		return nil, nil, err
	}
	if s.Request.Call == nil {
		return c, s.explain(c), nil
	}
	answer, err := e.call(s, c)
	return c, answer, err
}

// compile makes of a scenario what an engine with the catalogue evaluates.
func (e *Evaluator) compile(s *Scenario) (*Compiled, error) {
	c, err := s.Compile()
	if err != nil {
		return nil, err
	}
	if !s.NoCatalog {
		c.Engine.Catalog = e.Catalog
	}
	return c, nil
}

func (s *Scenario) fault(path string, err error) error {
	return &Error{File: s.File, Line: s.Line, Column: s.Column, Path: path, Message: err.Error(), err: err}
}

// explain asks the engine and writes down its explanation.
func (s *Scenario) explain(c *Compiled) *Answer {
	why := c.Engine.Explain(&c.Caller, &c.Target, &c.Request)
	return s.write(c.Request.Action, c.Target.Resource, why, why.Diagnostics())
}

// write puts an explanation into an answer.
func (s *Scenario) write(action, resource string, why *evaluator.Explanation, diagnostics []evaluator.Diagnostic) *Answer {
	decision := why.Decision()
	a := &Answer{
		Action:         action,
		Resource:       resource,
		Decision:       decision.Outcome(),
		DeniedBy:       decision.Layer(),
		MissingContext: why.Missing(),
		Message:        why.Message(),
	}
	for _, d := range diagnostics {
		a.Diagnostics = append(a.Diagnostics, d.Message)
	}
	if a.Decision == evaluator.Invalid {
		a.err = s.invalid("request", why.Err())
		return a
	}
	a.Statements = statements(why)
	return a
}

// statements are those that decided, with their places.
func statements(why *evaluator.Explanation) []Statement {
	refs := why.Statements()
	if len(refs) == 0 {
		return nil
	}
	statements := make([]Statement, len(refs))
	for i, ref := range refs {
		statements[i] = Statement{Policy: ref.Policy, Slot: memberOf(ref.From), Index: ref.Index, Sid: ref.Sid, Effect: ref.Effect, Line: ref.Line, Column: ref.Column}
	}
	return statements
}
