package iamtest

import (
	"fmt"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// underAnyPolicy decides anew where the request is denied because a role has no
// trust policy, or a key no key policy (L-7). Every role and key has one, and
// this one is not loaded: what counts is what stands whatever it says.
func (a *answer) underAnyPolicy() {
	name := a.needsPolicy()
	if name == "" {
		return
	}
	open := a.request.target
	open.Policies = []*evaluator.Set{allowingAll()[name]}
	e := engine()
	if d := e.Evaluate(&a.request.who.caller, &open, &a.asked); d.Denied() {
		a.request.target, a.decision = open, d
		return
	}
	a.unloaded = name
}

// toLoad is what a test writes for the resource to have its policy.
func toLoad(t evaluator.Target, name string) string {
	if t.Unknown {
		return fmt.Sprintf("Cannot on each of them, loaded with its %s", name)
	}
	return fmt.Sprintf("iamtest.Resource{ARN: %q, Policies: []string{%q}}.Load(t)", t.Resource, strings.ReplaceAll(name, " ", "-")+".json")
}

// The policies that every resource of a kind has.
const (
	trustPolicy = "trust policy"
	keyPolicy   = "key policy"
)

// needsPolicy names the policy for want of which the request is denied; "" for
// none.
func (a *answer) needsPolicy() string {
	if a.decision.Outcome() != evaluator.ImplicitDeny {
		return ""
	}
	service, _, _ := strings.Cut(a.request.action, ":")
	switch layer := a.decision.Layer(); {
	case layer == policy.TrustLayer:
		return trustPolicy
	case layer == policy.ResourceLayer && fold.Equal(service, "kms") && (a.request.target.Unknown || strings.Contains(a.request.target.Resource, ":key/")):
		return keyPolicy
	}
	return ""
}

// allowingAll has the policies by which everybody may do everything.
var allowingAll = sync.OnceValue(func() map[string]*evaluator.Set {
	all := func(kind policy.Kind, action string, resources ...string) *evaluator.Set {
		statement := policy.Statement{Effect: policy.Allow, Principal: &policy.Principals{Everyone: true}, Action: policy.Values{action}, Resource: resources}
		return evaluator.MustCompile(kind, &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{statement}})
	}
	return map[string]*evaluator.Set{
		trustPolicy: all(policy.Trust, "sts:*"),
		keyPolicy:   all(policy.Resource, "*", "*"),
	}
})
