package fix_test

import (
	"context"
	"flag"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/fix"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

var (
	denials     = flag.Int("denials", 400, "how many random denials are fixed; the environment variable IAMSIM_FIX_N does the same")
	firstDenial = flag.Uint64("denials.from", 0, "the seed of the first of them, so that many can be fixed in parts")
)

func TestTheFixOfARandomDenialAllowsItAndNoMore(t *testing.T) {
	var fixed, unfixable, beyond, tried int
	reasons := make(map[string]int)
	n := *denials
	if testing.Short() {
		n = min(n, 200)
	}
	if text := os.Getenv("IAMSIM_FIX_N"); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		require.NoError(t, err)
	}
	for seed := *firstDenial; fixed+unfixable < n; seed++ {
		d := generate(seed)
		d.Catalog = catalog.Default()
		before := assembled(t, d, nil)
		if !before.explain().Decision().Denied() {
			continue
		}
		f, narrow := requireFix(t, d, before, seed)
		switch {
		case len(f.Changes) == 0:
			unfixable++
			reasons[f.Reason]++
			continue
		case !narrow:
			beyond++
		}
		fixed++
		for i := range f.Changes {
			tried += f.Changes[i].Tried
		}
	}
	t.Logf("%d denials: %d fixed, %d of them allow more and say so, %d cannot be; %d other requests tried", n, fixed, beyond, unfixable, tried)
	for _, reason := range sorted(reasons) {
		t.Logf("%6d %s", reasons[reason], reason)
	}
}

// requireFix fixes a denial: the request is allowed then, no Deny is gone, and of
// other requests none is allowed by a fix that is narrow. It gives whether it is.
func requireFix(t *testing.T, d *fix.Denied, before *assembly, seed uint64) (f *fix.Fix, narrow bool) {
	f, err := fix.For(context.Background(), d)
	require.NoError(t, err, "seed %d", seed)
	if len(f.Changes) == 0 {
		require.Regexp(t, `characters that AWS takes$|[( ](A\.6|B-43|E-51|F-1|F-6|F-21|G-3|G-4|L-4)\)$`, f.Reason, "seed %d: only what a rule refuses, or a quota, cannot be fixed", seed)
		require.NotEmpty(t, f.Instead, "seed %d", seed)
		return f, true
	}
	if assertNarrow(t, d, before.explain(), f); t.Failed() {
		t.Fatalf("seed %d", seed)
	}
	after := assembled(t, d, f.Changes)
	require.True(t, after.explain().Decision().Allowed(), "seed %d: %s\n%s", seed, after.explain().Decision(), f)
	narrow = true
	for i := range f.Changes {
		c := &f.Changes[i]
		narrow = narrow && len(c.Beyond) == 0
		if c.Before != nil && c.Before.Effect == policy.Deny {
			require.NotEmpty(t, c.After, "seed %d: a Deny is never taken away", seed)
			require.True(t, c.Proposal, "seed %d", seed)
			for _, st := range c.After {
				require.Equal(t, policy.Deny, st.Effect, "seed %d", seed)
			}
		}
	}
	for i := range uint64(20) {
		if !narrow {
			break
		}
		other := after.other(seed + i)
		if !before.allows(other) && after.allows(other) {
			require.Fail(t, "it allows more", "seed %d: %s on %s by %s\n%s", seed, other.Request.Action, other.Target.Resource, other.Caller.Principal.String(), f)
		}
	}
	return f, narrow
}

func sorted(m map[string]int) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// An assembly is a request with other policies, put together without package
// fix.
type assembly struct {
	denied  *fix.Denied
	caller  evaluator.Caller
	target  evaluator.Target
	request evaluator.Request
}

// assembled puts the changed documents in their places.
func assembled(t *testing.T, d *fix.Denied, changes []fix.Change) *assembly {
	p := policiesOf(d)
	for _, c := range changes {
		at := c.Layer.At(c.Level)
		documents := slices.Clone(p.At(at))
		i := slices.IndexFunc(documents, func(a policy.Attached) bool { return a.DisplayName() == c.Policy })
		if c.Kind == fix.AddPolicy || i < 0 {
			documents = append(documents, policy.Attached{Document: c.Document})
		} else {
			documents[i].Document = c.Document
		}
		p = p.With(at, documents...)
	}
	sets, err := evaluator.CompilePolicies(p)
	require.NoError(t, err)
	a := &assembly{denied: d, caller: d.Caller, target: d.Target, request: d.Request}
	sets.Apply(&a.caller, &a.target, &a.request)
	return a
}

// policiesOf are the policies of a request.
func policiesOf(d *fix.Denied) policy.Policies {
	return evaluator.SetsOf(&d.Caller, &d.Target, &d.Request).Policies()
}

// give gives a request its policies.
func give(t require.TestingT, d *fix.Denied, p policy.Policies) {
	sets, err := evaluator.CompilePolicies(p)
	require.NoError(t, err)
	sets.Apply(&d.Caller, &d.Target, &d.Request)
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
	return a.denied.Engine.Explain(&a.caller, &a.target, &a.request)
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
			if own.Caller.Principal.Kind() == evaluator.AnonymousPrincipal {
				continue // whoever it lets in, it lets in everybody
			}
			if o.Caller.Principal.Kind() == evaluator.FederatedUser {
				continue // to name a user is to name who federated as that user (E.3)
			}
			own.Caller.Principal = o.Caller.Principal
			own.Request.Context = slices.DeleteFunc(slices.Clone(own.Request.Context), func(k evaluator.Key) bool {
				return strings.HasPrefix(k.Name, "aws:Principal") || k.Name == "aws:username" // they say who calls
			})
		}
		if own.Request.Action != a.denied.Request.Action || own.Target.Resource != a.denied.Target.Resource {
			return &own
		}
		if own.Caller.Principal.Kind() != a.denied.Caller.Principal.Kind() || own.Caller.Principal.Account() != a.denied.Caller.Principal.Account() {
			return &own
		}
	}
}

// allows asks for another request under the same policies. Another caller has
// none of its own.
func (a *assembly) allows(o *fix.Denied) bool {
	caller, target, r := a.caller, a.target, o.Request
	r.Endpoint = a.request.Endpoint
	target.Resource, target.Unknown = o.Target.Resource, o.Target.Unknown
	if caller.Principal.String() != o.Caller.Principal.String() || caller.Principal.Kind() != o.Caller.Principal.Kind() {
		caller = evaluator.Caller{Principal: o.Caller.Principal, SCPs: a.caller.SCPs, Identity: everything}
	}
	return a.denied.Engine.Evaluate(&caller, &target, &r).Allowed()
}

var everything = evaluator.MustCompile(policy.Identity, &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{
	{Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"}},
}})
