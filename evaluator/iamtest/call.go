package iamtest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
)

// Parameters are those of an API call: a JSON object as the AWS CLI takes it
// with --cli-input-json, the same as a Go map, or a [Call].
type Parameters interface {
	string | map[string]any | Call
}

// A Call is the parameters of an API call and what AWS has stored beside.
type Call struct {
	// Parameters is a JSON object; "" for none.
	Parameters string
	// State is what the call depends on and the parameters do not show.
	State apicall.State
	// What has the resources of the call that are loaded with policies or tags;
	// of each the call must ask something. A function is also that of its
	// versions and aliases: its tags are theirs, and its policy applies (B-34).
	// A role with its trust policy must be one that the service can assume.
	What []What
}

// CanCall asserts that the principal may call an operation of an AWS API with
// these parameters. A call can need several authorizations, such as
// lambda:CreateFunction, iam:PassRole on the function's role and
// lambda:GetLayerVersion for each layer (F-30): all must be allowed, and all
// that are not are reported. Those that only make the answer smaller, and those
// of which the parameters do not show that they are asked, need not be.
//
//	iamtest.CanCall(t, deploy.Given("aws:RequestedRegion", "us-east-1"), "lambda:CreateFunction",
//		`{"FunctionName": "orders", "Role": "arn:aws:iam::123456789012:role/orders-exec"}`)
//
// The call is made in the principal's account, and in the region that
// aws:RequestedRegion gives. What the parameters or the state show is not given
// beside them: the tags of the request, for one, are those of the parameters. A
// key that is given and that no authorization has fails the test (D-5).
func CanCall[P Parameters](t TestingT, who Who, operation string, parameters P, msgAndArgs ...any) bool {
	helper(t)()
	call, err := callOf(parameters)
	if err != nil {
		return settle(t, operation, nil, []string{err.Error()}, msgAndArgs)
	}
	checks, faults := call.checks(who, operation)
	return settle(t, fmt.Sprintf("%s by %s", operation, who), checks, faults, msgAndArgs)
}

func callOf[P Parameters](parameters P) (Call, error) {
	switch p := any(parameters).(type) {
	case string:
		return Call{Parameters: p}, nil
	case Call:
		return p, nil
	}
	text, err := json.Marshal(parameters)
	return Call{Parameters: string(text)}, err
}

// checks are the authorizations that the call needs.
func (c *Call) checks(who Who, operation string) (checks []check, faults []string) {
	if !who.loaded {
		return nil, []string{who.unloaded()}
	}
	principal := &who.caller.Principal
	plan, err := apicall.Call{
		Operation: operation, Parameters: []byte(c.Parameters), State: c.State, Context: who.given,
		Defaults: arn.Defaults{Partition: partition(principal.String()), Account: principal.Account()},
	}.Plan(evaluator.Options{})
	if err != nil {
		if !has(who.given, "aws:RequestedRegion") {
			err = fmt.Errorf("%w\nnames need a region: write .Given(%q, %q)", err, "aws:RequestedRegion", "us-east-1")
		}
		return nil, strings.Split(err.Error(), "\n")
	}
	for _, key := range plan.Unused(principal) {
		faults = append(faults, fmt.Sprintf("context key %q is given, and no authorization of %s has it (D-5)", key, plan.Operation))
	}
	var asked []string
	for i := range plan.Authorizations {
		a := &plan.Authorizations[i]
		asked = append(asked, a.Resource)
		if a.Effect == apicall.Required || a.Effect == apicall.Possible && a.Lookup != "" {
			checks = append(checks, check{claim: allowed, of: c.request(who, plan, a)})
		}
	}
	for _, pre := range plan.Preconditions {
		asked = append(asked, pre.Resource)
		if what := whats(c.What).what(pre.Resource); pre.Action == assumeRole && len(what.target.Policies) > 0 {
			faults = append(faults, assumable(what, pre.Principal)...)
		}
	}
	return checks, append(faults, whats(c.What).faults("the call", asked)...)
}

// request is one authorization of the call. The call says which of the keys that
// are given reach it; a resource whose tags are not given has none.
func (c *Call) request(who Who, plan *apicall.Plan, a *apicall.Authorization) *request {
	what := whats(c.What).what(a.Resource)
	if what.target.Tags == nil {
		what.target.Tags = []evaluator.Tag{}
	}
	q := plan.Question(a, &who.caller, what.target)
	who.caller, who.given = *q.Caller, nil
	r := &request{who: who, action: a.Action, target: q.Target, keys: q.Request.Context, asIs: true, forwarded: a.Forwarded, rest: a.Rest, lacks: a.Lacks}
	if q.Target.Policies != nil {
		r.texts = what.texts
	}
	if region := regionOf(plan); region != "" && fold.Equal(a.Action, "iam:PassRole") && !has(r.keys, "aws:RequestedRegion") {
		r.keys = append(r.keys, evaluator.Key{Name: "aws:RequestedRegion", Values: []string{region}})
	}
	return r
}

// regionOf is the region of a call, by the first resource that has one; "" where
// none has.
func regionOf(plan *apicall.Plan) string {
	for i := range plan.Authorizations {
		if f := pattern.Split(plan.Authorizations[i].Resource); !plan.Authorizations[i].Forwarded && f.Field(3) != "" {
			return f.Field(3)
		}
	}
	return ""
}

// partition of an ARN; "aws" for what has none.
func partition(of string) string {
	if f := pattern.Split(of); f.IsARN() {
		return f.Field(1)
	}
	return "aws"
}
