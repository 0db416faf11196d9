package fix_test

import (
	"context"
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/fix"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

var denials = flag.Int("denials", 2000, "how many random denials are fixed")

func TestTheFixOfARandomDenialAllowsItAndNoMore(t *testing.T) {
	var fixed, hopeless, beyond, tried int
	reasons := make(map[string]int)
	n := *denials
	if testing.Short() {
		n = min(n, 200)
	}
	for seed := uint64(0); fixed+hopeless < n; seed++ {
		d := generate(seed)
		d.Catalog = catalog.Default()
		before := assembled(t, d, nil)
		if !before.explain().Decision().Denied() {
			continue
		}
		f, err := fix.For(context.Background(), d)
		require.NoError(t, err, "seed %d", seed)
		if len(f.Changes) == 0 {
			hopeless++
			require.Regexp(t, `[( ](A\.6|B-43|E-51|F-21|G-3|G-4|L-4)\)$`, f.Reason, "seed %d: only what a rule refuses cannot be fixed", seed)
			require.NotEmpty(t, f.Instead, "seed %d", seed)
			reasons[f.Reason]++
			continue
		}
		fixed++
		after := assembled(t, d, f.Changes)
		if !assert.True(t, after.explain().Decision().Allowed(), "seed %d: %s\n%s", seed, after.explain().Decision(), f) {
			return
		}
		narrow := true
		for i := range f.Changes {
			c := &f.Changes[i]
			narrow = narrow && len(c.Beyond) == 0
			tried += c.Tried
			if c.Before != nil && c.Before.Effect == policy.Deny {
				require.NotEmpty(t, c.After, "seed %d: a Deny is never taken away", seed)
				require.True(t, c.Proposal, "seed %d", seed)
				for _, st := range c.After {
					require.Equal(t, policy.Deny, st.Effect, "seed %d", seed)
				}
			}
		}
		if !narrow {
			beyond++
			continue
		}
		for i := range uint64(20) {
			other := after.other(seed + i)
			allowed := before.allows(other)
			if !allowed && after.allows(other) {
				require.Fail(t, "it allows more", "seed %d: %s on %s by %s\n%s", seed, other.Request.Action, other.Target.Resource, other.Principal.String(), f)
			}
		}
	}
	t.Logf("%d denials: %d fixed, %d of them allow more and say so, %d cannot be; %d other requests tried", n, fixed, beyond, hopeless, tried)
	for _, reason := range sorted(reasons) {
		t.Logf("%6d %s", reasons[reason], reason)
	}
}

func sorted(m map[string]int) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// An assembly is a request with compiled policies, put together without package
// fix.
type assembly struct {
	denied   *fix.Denied
	caller   evaluator.Caller
	target   evaluator.Target
	endpoint *evaluator.Set
}

// assembled puts the changed documents in their places.
func assembled(t *testing.T, d *fix.Denied, changes []fix.Change) *assembly {
	a := &assembly{denied: d, caller: evaluator.Caller{Principal: d.Principal}, target: d.Target}
	one := func(kind policy.Kind, layer policy.Layer, level int, docs []policy.Attached) *evaluator.Set {
		docs = slices.Clone(docs)
		there := docs != nil
		for _, c := range changes {
			if c.Layer != layer && !(c.Layer == policy.TrustLayer && layer == policy.ResourceLayer) || c.Level != level {
				continue
			}
			there = true
			i := slices.IndexFunc(docs, func(a policy.Attached) bool { return a.Name == c.Policy })
			if c.Kind == fix.AddPolicy || i < 0 {
				docs = append(docs, policy.Attached{Document: c.Document})
				continue
			}
			docs[i].Document = c.Document
		}
		if !there {
			return nil
		}
		set, err := evaluator.Compile(kind, docs...)
		require.NoError(t, err)
		return set
	}
	levels := func(kind policy.Kind, layer policy.Layer, list [][]policy.Attached) []*evaluator.Set {
		var sets []*evaluator.Set
		for i, docs := range list {
			if docs == nil {
				docs = []policy.Attached{}
			}
			sets = append(sets, one(kind, layer, i, docs))
		}
		if set := one(kind, layer, len(list), nil); set != nil {
			sets = append(sets, set)
		}
		return sets
	}
	a.caller.Identity = one(policy.Identity, policy.IdentityLayer, 0, d.Policies.Identity)
	a.caller.Boundary = one(policy.Boundary, policy.BoundaryLayer, 0, d.Policies.Boundary)
	a.endpoint = one(policy.Endpoint, policy.EndpointLayer, 0, d.Policies.Endpoint)
	a.caller.Session = levels(policy.Session, policy.SessionLayer, d.Policies.Session)
	a.caller.SCPs = levels(policy.SCP, policy.SCPLayer, d.Policies.SCPs)
	a.target.RCPs = levels(policy.RCP, policy.RCPLayer, d.Policies.RCPs)
	a.target.Policies = levels(resourceKind(d), policy.ResourceLayer, d.Policies.Resource)
	return a
}

// resourceKind: a request to assume a role asks its trust policy.
func resourceKind(d *fix.Denied) policy.Kind {
	resource := pattern.Split(d.Target.Resource)
	role := resource.Field(2) == "iam" && strings.HasPrefix(resource.Field(5), "role/") || d.Target.Unknown && !resource.IsARN()
	if role && strings.HasPrefix(strings.ToLower(d.Request.Action), "sts:") {
		return policy.Trust
	}
	return policy.Resource
}

func (a *assembly) explain() *evaluator.Explanation {
	r := a.denied.Request
	r.Endpoint = a.endpoint
	return a.denied.Engine.Explain(&a.caller, &a.target, &r)
}

// other is a request of the same kind that is not this one: its action, its
// resource or its caller differs.
func (a *assembly) other(seed uint64) *fix.Denied {
	for {
		seed += 1 << 32
		o := generate(seed)
		own := *a.denied
		switch seed >> 32 % 3 {
		case 0:
			own.Request.Action = o.Request.Action
		case 1:
			if own.Target.Resource == "*" || own.Target.Unknown || a.target.Policies != nil {
				continue // there is no resource beside all, and another has other policies
			}
			own.Target.Resource = o.Target.Resource
		default:
			if own.Principal.Kind() == evaluator.AnonymousPrincipal {
				continue // whoever it lets in, it lets in everybody
			}
			if o.Principal.Kind() == evaluator.FederatedUser {
				continue // to name a user is to name who federated as that user (E.3)
			}
			own.Principal = o.Principal
			own.Request.Context = slices.DeleteFunc(slices.Clone(own.Request.Context), func(k evaluator.Key) bool {
				return strings.HasPrefix(k.Name, "aws:Principal") || k.Name == "aws:username" // they say who calls
			})
		}
		if own.Request.Action != a.denied.Request.Action || own.Target.Resource != a.denied.Target.Resource {
			return &own
		}
		if own.Principal.Kind() != a.denied.Principal.Kind() || own.Principal.Account() != a.denied.Principal.Account() {
			return &own
		}
	}
}

// allows asks for another request under the same policies. Another caller has
// none of its own.
func (a *assembly) allows(o *fix.Denied) bool {
	caller, target, r := a.caller, a.target, o.Request
	r.Endpoint = a.endpoint
	target.Resource, target.Unknown = o.Target.Resource, o.Target.Unknown
	if caller.Principal.String() != o.Principal.String() || caller.Principal.Kind() != o.Principal.Kind() {
		caller = evaluator.Caller{Principal: o.Principal, SCPs: a.caller.SCPs, Identity: everything}
	}
	return a.denied.Engine.Evaluate(&caller, &target, &r).Allowed()
}

var everything = evaluator.MustCompile(policy.Identity, &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{
	{Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"}},
}})
