package denial

import (
	"errors"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
)

// Scenario is the denied request as a scenario without policies, which wants
// what AWS decided, as far as AWS says it. Its error wraps [ErrNoCaller],
// [ErrNoAction] and [ErrNoResource].
func (d *Denial) Scenario() (*scenario.Scenario, error) {
	caller, noCaller := d.Caller()
	target, noResource := d.Target()
	request, noAction := d.Request()
	if err := errors.Join(noCaller, noAction, noResource); err != nil {
		return nil, err
	}
	s := &scenario.Scenario{
		Request: scenario.Request{
			Principal: scenario.Principal{ARN: d.Principal},
			Action:    request.Action, Resource: target.Resource, ResourceAsGiven: target.AsGiven,
		},
		Want: new(scenario.Want),
	}
	switch caller.Principal.Kind() {
	case evaluator.RoleSession:
		s.Request.Principal.Role, s.Request.Principal.UserID = d.Role, d.uniqueID()
	case evaluator.IAMUser:
		s.Request.Principal.UserID = d.uniqueID()
	}
	for _, key := range request.Context {
		switch key.State {
		case evaluator.Known:
			s.Request.Context = append(s.Request.Context, scenario.ContextKey{Name: key.Name, Values: key.Values})
		case evaluator.Present:
			s.Request.Present = append(s.Request.Present, key.Name)
		case evaluator.Unknown:
			s.Request.Unknown = append(s.Request.Unknown, key.Name)
		}
	}
	decision := evaluator.ImplicitDeny
	switch {
	case d.Explicit:
		decision = evaluator.ExplicitDeny
		fallthrough
	case d.Implicit:
		s.Want.Decision = &decision
	}
	if d.Layer != policy.NoLayer {
		s.Want.DeniedBy = &d.Layer
	}
	return s, nil
}
