package iamtest

import (
	"fmt"

	"github.com/iamsim/iamsim/evaluator"
)

// CanPassRole asserts that the principal may pass the role to the service, a
// service principal such as "lambda.amazonaws.com" (G-5). If the role is loaded
// with its trust policy, the service must be able to assume it, too: otherwise
// the service refuses the role that was passed (G-8).
func CanPassRole[R Resources](t TestingT, who Who, role R, service string, msgAndArgs ...any) bool {
	helper(t)()
	roles := resourcesOf(role)
	all, faults := passes(who, roles, service)
	if faults == nil {
		for _, what := range roles {
			if len(what.target.Policies) > 0 {
				faults = append(faults, assumable(what, service)...)
			}
		}
	}
	return settle(t, who.name, claimed(allowed, all), faults, msgAndArgs)
}

// CannotPassRole asserts that the principal may not pass the role to the
// service. Where no service is to get it, use [Cannot] with "iam:PassRole": it
// asks for the service if that could matter.
func CannotPassRole[R Resources](t TestingT, who Who, role R, service string, msgAndArgs ...any) bool {
	helper(t)()
	all, faults := passes(who, resourcesOf(role), service)
	return settle(t, who.name, claimed(denied, all), faults, msgAndArgs)
}

// passes are the requests of passing each role to the service.
func passes(who Who, roles []What, service string) ([]*request, []string) {
	if p := evaluator.Service(service); p.Err() != nil {
		return nil, []string{p.Err().Error()}
	}
	if fault := mistypedService(service); fault != "" {
		return nil, []string{fault}
	}
	all, faults := requests(who, []string{"iam:PassRole"}, roles, false)
	for _, r := range all {
		r.keys = evaluator.Context{{Name: "iam:PassedToService", Values: []string{service}}}
	}
	return all, faults
}

// assumable says that the trust policy surely keeps the service from assuming
// the role, if it does.
func assumable(role What, service string) []string {
	caller := Caller(evaluator.Caller{Principal: evaluator.Service(service)})
	a := ask(&request{who: caller, action: assumeRole, target: role.target, texts: role.texts})
	if !a.decision.Denied() {
		return nil
	}
	return []string{fmt.Sprintf("the trust policy of %s does not let %s assume it (G-8): %s", role.target.Resource, service, a.decision)}
}

const assumeRole = "sts:AssumeRole"
