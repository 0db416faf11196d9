package scenario

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/spelling"
)

// call answers a call: what the first authorization that is denied says, else
// the first that is not allowed (F-31).
func (e *Evaluator) call(s *Scenario, c *Compiled) (*Answer, error) {
	result, used, err := e.decide(s, c)
	if err != nil {
		return nil, err
	}
	whole := &Answer{Decision: result.Outcome}
	answers := make([]Answer, len(result.Authorizations))
	for i := range answers {
		a := &result.Authorizations[i]
		answers[i] = *s.write(a.Action, a.Resource, a.Explanation, a.Diagnostics)
		answers[i].Effect, answers[i].When, answers[i].Confidence = a.Effect, a.When, a.Confidence
		if result.Deciding < 0 && a.Effect == apicall.Required {
			whole.Statements = append(whole.Statements, answers[i].Statements...)
		}
	}
	if i := result.Deciding; i >= 0 && result.Outcome == answers[i].Decision {
		*whole = answers[i]
	} else if i >= 0 { // not known to be asked
		whole.Action, whole.Resource = answers[i].Action, answers[i].Resource
	}
	for _, d := range result.Diagnostics {
		whole.Diagnostics = append(whole.Diagnostics, d.Message)
	}
	whole.Diagnostics = append(whole.Diagnostics, s.unused(used)...)
	whole.Authorizations = answers
	for i := range result.Preconditions {
		whole.Preconditions = append(whole.Preconditions, precondition(&result.Preconditions[i]))
	}
	return whole, nil
}

// decide decides every authorization and precondition of a call. used are the
// resources that it is about.
func (e *Evaluator) decide(s *Scenario, c *Compiled) (result *apicall.Result, used map[string]bool, err error) {
	plan, err := e.plan(s, c)
	if err != nil {
		return nil, nil, err
	}
	used = make(map[string]bool)
	first := plan.Authorizations[0].Resource
	result = plan.Evaluate(&c.Engine, &c.Caller, func(resource string) evaluator.Target {
		used[resource] = true
		return s.target(c, resource, first)
	})
	return result, used, nil
}

func precondition(a *apicall.PreconditionAnswer) Precondition {
	p := Precondition{Precondition: a.Precondition, Decision: a.Outcome()}
	if a.Explanation != nil {
		p.DeniedBy = a.Explanation.Decision().Layer()
		p.Statements = statements(a.Explanation)
	}
	return p
}

func denied(o evaluator.Outcome) bool {
	return o == evaluator.ImplicitDeny || o == evaluator.ExplicitDeny
}

// plan asks what the call needs.
func (e *Evaluator) plan(s *Scenario, c *Compiled) (*apicall.Plan, error) {
	ask := e.Calls
	if ask == nil {
		ask = apicall.Call.Plan
	}
	call := apicall.Call{
		Operation:  s.Request.Call.Operation,
		Parameters: s.Request.Call.Parameters,
		State:      s.Request.Call.State,
		Defaults:   arn.Defaults{Account: c.Target.Account},
		Context:    c.Request.Context,
		Endpoint:   c.Request.Endpoint,
	}
	if call.Defaults.Account == "" {
		call.Defaults.Account = c.Caller.Principal.Account()
	}
	if caller, err := arn.Parse(s.Request.Principal.ARN); err == nil {
		call.Defaults.Partition = caller.Partition()
	}
	plan, err := ask(call, s.Options)
	switch {
	case errors.Is(err, apicall.ErrUnknownOperation):
		return nil, s.fault("request.call.operation", err)
	case err != nil:
		return nil, s.invalid("request.call", err)
	case len(plan.Authorizations) == 0:
		return nil, s.fault("request.call", fmt.Errorf("%s needs no authorization", spelling.Quote(call.Operation)))
	}
	first := &plan.Authorizations[0]
	plan.Context = s.context(plan.Context, &c.Caller.Principal, first.Action, first.Resource)
	return plan, nil
}

// target is what the scenario tells of a resource. What the request says of the
// resource is said of the first one; its resource control policies bind all of
// the same account.
func (s *Scenario) target(c *Compiled, resource, first string) evaluator.Target {
	t := evaluator.Target{Resource: resource}
	if resource == first {
		t = c.Target
		t.Resource = resource
	}
	for _, r := range s.Request.Call.Resources {
		if r.ARN != resource {
			continue
		}
		if r.Account != "" {
			t.Account = r.Account
		}
		if r.Org != nil {
			t.Organization = r.Org
		}
		if r.Tags != nil {
			t.Tags = r.Tags
		}
	}
	if resource != first && c.owner(&t) == c.owner(&evaluator.Target{Resource: first, Account: c.Target.Account}) {
		t.RCPs = c.Target.RCPs
		if t.Organization == nil {
			t.Organization = c.Target.Organization
		}
	}
	t.Policies = slices.Concat(t.Policies, c.resources[resource])
	return t
}

// owner is the account of a resource.
func (c *Compiled) owner(t *evaluator.Target) string {
	if t.Account != "" {
		return t.Account
	}
	a, _ := arn.Parse(t.Resource)
	return law.Owner(a.Account(), c.Caller.Principal.Account())
}

// unused notes resources of which the scenario tells something and the call
// asks nothing.
func (s *Scenario) unused(used map[string]bool) []string {
	var notes []string
	note := func(member, arn string) {
		if !used[arn] {
			notes = append(notes, fmt.Sprintf("%s: the call asks nothing of %s", member, spelling.Quote(arn)))
		}
	}
	for _, resource := range slices.Sorted(maps.Keys(s.Resources)) {
		note("policies.resources", resource)
	}
	for _, r := range s.Request.Call.Resources {
		note("request.call.resources", r.ARN)
	}
	return notes
}
