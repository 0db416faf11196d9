package iamtest

import (
	"fmt"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// Can asserts that the principal is allowed every one of the actions on every
// one of the resources.
//
//	iamtest.Can(t, deploy, "lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:123456789012:function:orders")
func Can[A Actions, R Resources](t TestingT, who Who, actions A, resources R, msgAndArgs ...any) bool {
	helper(t)()
	return every(t, allowed, who, list(actions), resourcesOf(resources), msgAndArgs)
}

// Cannot asserts that the principal is denied every one of the actions on every
// one of the resources, be it for want of an Allow.
func Cannot[A Actions, R Resources](t TestingT, who Who, actions A, resources R, msgAndArgs ...any) bool {
	helper(t)()
	return every(t, denied, who, list(actions), resourcesOf(resources), msgAndArgs)
}

// ExplicitlyDenied asserts that a Deny statement denies every one of the actions
// on every one of the resources. [Cannot] holds as well where nobody has written
// an Allow yet; this is for what no Allow shall ever open.
func ExplicitlyDenied[A Actions, R Resources](t TestingT, who Who, actions A, resources R, msgAndArgs ...any) bool {
	helper(t)()
	return every(t, explicitlyDenied, who, list(actions), resourcesOf(resources), msgAndArgs)
}

// DeniedBy asserts that policies of the layer deny every one of the actions on
// every one of the resources: [policy.SCPLayer] for what the organization
// guards.
func DeniedBy[A Actions, R Resources](t TestingT, who Who, actions A, resources R, layer policy.Layer, msgAndArgs ...any) bool {
	helper(t)()
	return every(t, deniedBy(layer), who, list(actions), resourcesOf(resources), msgAndArgs)
}

// CannotAny asserts that the principal is denied every one of the actions on
// whatever resources there may be: "*" stands for all of the principal's
// account, and "arn:aws:iam::123456789012:role/admin-*" for all that begin so.
// Each action that may be allowed on one of them is reported, and each that is
// named and works on none of them.
//
//	iamtest.CannotAny(t, deploy, "iam:*", "*")
func CannotAny[A Actions, R Resources](t TestingT, who Who, actions A, resources R, msgAndArgs ...any) bool {
	helper(t)()
	all, faults := requests(who, list(actions), resourcesOf(resources), true)
	return settle(t, who.name, claimed(denied, all), faults, msgAndArgs)
}

func every(t TestingT, c claim, who Who, actions []string, resources []What, msgAndArgs []any) bool {
	helper(t)()
	all, faults := requests(who, actions, resources, false)
	return settle(t, who.name, claimed(c, all), faults, msgAndArgs)
}

// A check is one request and what an assertion claims of it.
type check struct {
	claim
	of *request
	at string // the place of the claim in a file; "" for a claim in Go
}

func claimed(c claim, all []*request) []check {
	checks := make([]check, len(all))
	for i, r := range all {
		checks[i] = check{claim: c, of: r}
	}
	return checks
}

// settle asks every request and reports all that do not hold, with the faults
// of the assertion itself.
func settle(t TestingT, about string, checks []check, faults []string, msgAndArgs []any) bool {
	helper(t)()
	var violations []violation
	for _, c := range checks {
		if a := ask(c.of); !a.definite() || !c.holds(a.decision) {
			violations = append(violations, violation{c, a})
		}
	}
	if len(violations)+len(faults) == 0 {
		return true
	}
	f := why(about, violations, len(checks), faults)
	f.messages = msgAndArgs
	t.Errorf("%s", f)
	return false
}

// A violation is a check that does not hold.
type violation struct {
	check
	*answer
}

// Allowed asserts that the engine's own caller, target and request are allowed,
// as package evaluator or an account snapshot has them. Nothing is added to the
// context; what AWS always sends and it lacks must not matter.
func Allowed(t TestingT, c *evaluator.Caller, target *evaluator.Target, r *evaluator.Request, msgAndArgs ...any) bool {
	helper(t)()
	return decided(t, allowed, c, target, r, msgAndArgs)
}

// Denied asserts that the engine's own caller, target and request are denied,
// with a context that is taken as for [Allowed].
func Denied(t TestingT, c *evaluator.Caller, target *evaluator.Target, r *evaluator.Request, msgAndArgs ...any) bool {
	helper(t)()
	return decided(t, denied, c, target, r, msgAndArgs)
}

func decided(t TestingT, cl claim, c *evaluator.Caller, target *evaluator.Target, r *evaluator.Request, msgAndArgs []any) bool {
	helper(t)()
	who := Caller(*c)
	one := &request{who: who, action: r.Action, target: *target, keys: r.Context, endpoint: r.Endpoint, asGiven: true, asIs: true}
	return settle(t, who.name, claimed(cl, []*request{one}), nil, msgAndArgs)
}

// A claim is what an assertion says of each request.
type claim struct {
	allow bool // it asserts access: a failure says what almost gave it
	holds func(evaluator.Decision) bool
	// broken says of a request for which it does not hold what is so instead;
	// the verb is followed by the action.
	broken func(evaluator.Decision) string
	should string // "and should", "and should not"
}

var (
	allowed = claim{
		allow:  true,
		holds:  evaluator.Decision.Allowed,
		broken: func(evaluator.Decision) string { return "cannot" },
		should: "and should",
	}
	denied = claim{
		holds:  evaluator.Decision.Denied,
		broken: func(evaluator.Decision) string { return "can" },
		should: "and should not",
	}
	explicitlyDenied = claim{
		holds: func(d evaluator.Decision) bool { return d.Outcome() == evaluator.ExplicitDeny },
		broken: func(d evaluator.Decision) string {
			if d.Denied() {
				return "lacks an Allow for"
			}
			return "can"
		},
		should: "and a Deny statement should deny it",
	}
)

func deniedBy(layer policy.Layer) claim {
	return claim{
		holds: func(d evaluator.Decision) bool { return d.Denied() && d.Layer() == layer },
		broken: func(d evaluator.Decision) string {
			if d.Denied() {
				return fmt.Sprintf("is denied by %s", d.Layer())
			}
			return "can"
		},
		should: fmt.Sprintf("and %s should deny it", layer),
	}
}
