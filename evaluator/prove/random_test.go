package prove_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

var (
	pairs  = flag.Int("prove.pairs", -1, "how many random pairs of policies to compare; the environment variable IAMSIM_PROVE_N does the same; -1: 800, or a quarter with -short")
	slow   = flag.Int("prove.slow", -1, "how many of them are also compared without short cuts; -1: one in ten")
	seed   = flag.Uint64("prove.seed", 1, "where the random pairs begin")
	attack = flag.Int("prove.attack", 300, "how many requests are put to each proof")
)

// A pair is two policies of one shape, and what is known of requests to them.
type pair struct {
	p, q policy.Policies
	// formula: all that matters is whether keys have the value a.
	formula bool
}

// formulaKeys are so few that requests drawn at random find every solution.
const formulaKeys = 5

// formula is a policy that allows what satisfies a formula, within another that
// allows nothing, or within most of the same.
func (g *generator) formula() pair {
	p, none := clauses(g.Rand, formulaKeys, 3+g.Float64()*3)
	if g.chance(50) {
		return pair{prove.Identity(p), prove.Identity(none), true}
	}
	q := &policy.Document{Version: p.Version}
	for i, st := range p.Statements {
		if i == len(p.Statements)-1 || g.chance(85) {
			q.Statements = append(q.Statements, st)
		}
	}
	return pair{prove.Identity(q), prove.Identity(p), true}
}

func (g *generator) pair() pair {
	switch g.IntN(10) {
	case 0: // policies of one kind that only limit
		kind := pick(g, []policy.Kind{policy.Boundary, policy.Session, policy.SCP, policy.RCP, policy.Endpoint})
		g.principals = kind == policy.Endpoint
		d := g.document()
		changed := g.changed(d)
		if kind == policy.RCP {
			d, changed = g.rcp(), g.rcp()
		}
		pair := pair{p: prove.Of(kind, policy.Attached{Document: d}), q: prove.Of(kind, policy.Attached{Document: changed})}
		if g.chance(10) {
			pair.p = prove.Of(kind)
		}
		return pair
	case 1: // resource-based policies
		g.principals = true
		d := g.document()
		return pair{p: prove.Resource(d), q: prove.Resource(g.changed(d))}
	case 2: // layers
		d := g.document()
		p := prove.Identity(d)
		add := func(layer policy.Layer, percent, levels int) {
			if g.chance(percent) {
				for level := range levels {
					p = p.With(layer.At(level), policy.Attached{Document: g.document()})
				}
			}
		}
		add(policy.BoundaryLayer, 50, 1)
		add(policy.SessionLayer, 40, 1)
		add(policy.SCPLayer, 40, 2)
		q := p.With(policy.IdentityLayer.At(0), policy.Attached{Document: g.changed(d)})
		for _, layer := range []policy.Layer{policy.BoundaryLayer, policy.SCPLayer} {
			if g.chance(50) {
				q = q.Without(layer)
			}
		}
		if g.chance(40) {
			g.principals = true
			d := g.document()
			p = p.With(policy.ResourceLayer.At(0), policy.Attached{Document: d})
			q = q.With(policy.ResourceLayer.At(0), policy.Attached{Document: g.changed(d)})
		}
		if g.chance(30) {
			p = p.With(policy.RCPLayer.At(0), policy.Attached{Document: g.rcp()})
			q = q.With(policy.RCPLayer.At(0), policy.Attached{Document: g.rcp()})
		}
		if g.chance(20) {
			g.principals = true
			d := g.document()
			p = p.With(policy.EndpointLayer.At(0), policy.Attached{Document: d})
			q = q.With(policy.EndpointLayer.At(0), policy.Attached{Document: g.changed(d)})
		}
		return pair{p: p, q: q}
	case 3:
		return g.formula()
	case 4, 5:
		d := g.narrow()
		return pair{p: prove.Identity(d), q: prove.Identity(g.changed(with(d, append(slices.Clone(d.Statements), g.narrow().Statements...))))}
	}
	d := g.document()
	q := g.changed(d)
	if g.chance(30) {
		q = g.document()
	}
	return pair{p: prove.Identity(d), q: prove.Identity(q)}
}

func allDocuments(p policy.Policies) []*policy.Document {
	var list []*policy.Document
	for _, documents := range p.All() {
		for _, a := range documents {
			list = append(list, a.Document)
		}
	}
	return list
}

// A world of requests in which a pair is attacked.
type attacker struct {
	*generator
	pair
	t       require.TestingT
	several map[string]bool
	sides   [2]evaluator.Sets
	allowed int // requests that p allowed
}

var openCallers = []evaluator.Principal{
	evaluator.User("arn:aws:iam::111122223333:user/alice").WithUniqueID("AIDAALICE"),
	evaluator.User("arn:aws:iam::111122223333:user/x/bob").WithUniqueID("AIDABOB"),
	evaluator.User("arn:aws:iam::444455556666:user/a").WithUniqueID("AIDAA"),
	evaluator.User("arn:aws-cn:iam::111122223333:user/alice").WithUniqueID("AIDAALICE"),
	evaluator.User("arn:aws:iam::111122223333:user/a:b/alice").WithUniqueID("AIDAPATH"),
	evaluator.Session("arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:iam::111122223333:role/app").WithUniqueID("AROAAPP"),
	evaluator.Session("arn:aws:sts::111122223333:assumed-role/app/s2", "arn:aws:iam::111122223333:role/x/app").WithUniqueID("AROAX"),
	evaluator.Session("arn:aws:sts::444455556666:assumed-role/red/s1", "arn:aws:iam::444455556666:role/red").WithUniqueID("AROARED"),
	evaluator.Root("111122223333"), evaluator.Root("444455556666"),
	evaluator.Service("s3.amazonaws.com"), evaluator.Service("sqs.amazonaws.com"), evaluator.Anonymous(),
	evaluator.Web("accounts.google.com"), evaluator.SAML("arn:aws:iam::111122223333:saml-provider/corp"),
}

var (
	allowEverything = evaluator.MustCompile(policy.Identity, &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{
		{Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"}}}})
	delegations = map[string]*evaluator.Set{}
)

func delegating(account string) *evaluator.Set {
	if delegations[account] == nil {
		delegations[account] = evaluator.MustCompile(policy.Resource, &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{
			Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"},
			Principal: &policy.Principals{Entries: []policy.PrincipalEntry{{Type: policy.PrincipalAWS, Values: policy.Values{account}}}},
		}}})
	}
	return delegations[account]
}

// callers are those of the universe of the pair.
func (a *attacker) callers() []evaluator.Principal {
	has := func(l policy.Layer) bool { return a.p.Has(l) || a.q.Has(l) }
	kinds := []evaluator.PrincipalKind{evaluator.IAMUser, evaluator.RoleSession}
	if has(policy.SCPLayer) {
		kinds = append(kinds, evaluator.RootUser)
	}
	if has(policy.ResourceLayer) {
		kinds = []evaluator.PrincipalKind{
			evaluator.IAMUser, evaluator.RoleSession, evaluator.RootUser, evaluator.ServicePrincipal,
			evaluator.AnonymousPrincipal, evaluator.WebIdentity, evaluator.SAMLIdentity,
		}
	}
	if has(policy.SessionLayer) {
		kinds = slices.DeleteFunc(kinds, func(k evaluator.PrincipalKind) bool { return k == evaluator.IAMUser || k == evaluator.RootUser })
	}
	return slices.DeleteFunc(slices.Clone(openCallers), func(p evaluator.Principal) bool { return !slices.Contains(kinds, p.Kind()) })
}

// request draws a request, as far as it matters to both sides: the caller, the
// target without policies, and the rest.
func (a *attacker) request() (evaluator.Caller, evaluator.Target, evaluator.Request) {
	c := evaluator.Caller{Principal: pick(a.generator, a.callers())}
	t := evaluator.Target{Resource: pick(a.generator, requestResources)}
	t.Account = c.Principal.Account()
	if a.p.Has(policy.ResourceLayer) && a.chance(50) {
		t.Account = pick(a.generator, []string{"111122223333", "444455556666", "777788889999"})
	}
	if parts := strings.SplitN(t.Resource, ":", 6); len(parts) == 6 && len(parts[4]) == 12 {
		t.Account = parts[4]
	}
	r := evaluator.Request{Action: pick(a.generator, requestActions)}
	if a.pair.formula {
		for i := range formulaKeys {
			if v := pick(a.generator, []string{"", "a", "a", "b"}); v != "" {
				r.Context = append(r.Context, evaluator.Key{Name: fmt.Sprintf("example:k%d", i), Values: []string{v}})
			}
		}
		return c, t, r
	}
	for _, w := range worlds {
		role := c.Principal.Kind() == evaluator.RoleSession
		temporary := w.key == "aws:MultiFactorAuthPresent" || w.key == "aws:TokenIssueTime"
		switch {
		case w.requests == nil, a.chance(50) && !(role && temporary):
			continue
		case slices.ContainsFunc(r.Context, func(k evaluator.Key) bool { return k.Name == w.key }):
			continue
		case strings.HasPrefix(w.key, "aws:Principal") && c.Principal.Account() == "":
			continue // no tags and no organization
		case c.Principal.Account() == "" && temporary:
			continue
		}
		key := evaluator.Key{Name: w.key, Values: []string{pick(a.generator, w.requests)}}
		if a.several[strings.ToLower(w.key)] && !strings.HasPrefix(w.key, "aws:PrincipalTag") && !strings.HasPrefix(w.key, "aws:ResourceTag") && !(role && temporary) {
			for a.chance(45) {
				if v := pick(a.generator, w.requests); !slices.Contains(key.Values, v) {
					key.Values = append(key.Values, v)
				}
			}
		}
		r.Context = append(r.Context, key)
	}
	return c, t, r
}

func (a *attacker) decide(i int, c evaluator.Caller, t evaluator.Target, r evaluator.Request, open bool) evaluator.Outcome {
	a.sides[i].Apply(&c, &t, &r)
	if open {
		c.Identity = allowEverything
	}
	if t.Policies == nil {
		t.Policies = []*evaluator.Set{delegating(c.Principal.Account())}
	}
	return evaluator.Evaluate(&c, &t, &r).Outcome()
}

// violation looks for a request that p allows and q denies.
func (a *attacker) violation(n int) (string, bool) {
	open := !a.p.Has(policy.IdentityLayer) && !a.q.Has(policy.IdentityLayer)
	for range n {
		c, t, r := a.request()
		for _, all := range []bool{false, true} {
			if all && !open {
				continue
			}
			first := a.decide(0, c, t, r, all)
			require.NotEqual(a.t, evaluator.Invalid, first)
			if first != evaluator.Allowed {
				continue
			}
			a.allowed++
			if a.decide(1, c, t, r, all) != evaluator.Allowed {
				request := prove.Request{Principal: c.Principal, Action: r.Action, Resource: t.Resource, Account: t.Account, Context: r.Context}
				return request.String(), true
			}
		}
	}
	return "", false
}

func newAttacker(t require.TestingT, g *generator, p pair) *attacker {
	a := &attacker{t: t, generator: g, pair: p, several: map[string]bool{}}
	for i, side := range []policy.Policies{p.p, p.q} {
		var err error
		a.sides[i], err = evaluator.CompilePolicies(side)
		require.NoError(t, err)
	}
	for _, d := range append(allDocuments(p.p), allDocuments(p.q)...) {
		for i := range d.Statements {
			for _, c := range d.Statements[i].Condition {
				if c.Operator.Set != 0 {
					a.several[strings.ToLower(c.Key)] = true
				}
			}
		}
	}
	return a
}

func show(p policy.Policies) string {
	var b strings.Builder
	for _, d := range allDocuments(p) {
		text, _ := d.MarshalJSON()
		b.Write(text)
		b.WriteByte('\n')
	}
	return b.String()
}

// requireSound decides a pair, and attacks what is proved at random; it counts the
// requests that were allowed.
func requireSound(t *testing.T, x *prove.Prover, g *generator, p pair) (v *prove.Verdict, allowed int) {
	v, err := x.Within(t.Context(), p.p, p.q)
	require.NoError(t, err)
	require.False(t, v.Unconfirmed, "%s\n%s\nwithin\n%s", v, show(p.p), show(p.q))
	if v.Outcome != prove.Proved {
		return v, 0
	}
	a := newAttacker(t, g, p)
	request, violated := a.violation(*attack)
	require.False(t, violated, "it is proved, and violated by %s\n%s\nwithin\n%s", request, show(p.p), show(p.q))
	return v, a.allowed
}

// share is how many of the turns of a long test are taken: with -short a quarter.
func share(n int) int {
	if testing.Short() {
		return n / 4
	}
	return n
}

// pairCount is how many pairs are compared.
func pairCount(t *testing.T) int {
	t.Helper()
	n := *pairs
	if n < 0 {
		n = share(800)
	}
	if text := os.Getenv("IAMSIM_PROVE_N"); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		require.NoError(t, err)
	}
	return n
}

// Random pairs: no proof is violated by requests drawn at random, every
// refutation is confirmed, and the way without short cuts says the same.
func TestRandomPairs(t *testing.T) {
	n := pairCount(t)
	withoutShortCuts := *slow
	if withoutShortCuts < 0 {
		withoutShortCuts = n / 10
	}
	var proved, refuted, unknown, requests, allowed int
	var reasons = map[string]int{}
	for i := range n {
		g := newGenerator(*seed, uint64(i))
		p := g.pair()
		var x prove.Prover
		v, of := requireSound(t, &x, g, p)
		switch v.Outcome {
		case prove.Proved:
			proved++
			requests += *attack
			allowed += of
		case prove.Refuted:
			refuted++
		case prove.Unknown:
			unknown++
			reasons[v.Reason]++
			if testing.Verbose() && unknown <= 10 {
				t.Logf("pair %d: %s\n%s\nwithin\n%s", i, v, show(p.p), show(p.q))
			}
		}
		if i%10 == 0 { // with a catalogue too, every refutation is confirmed
			v, err := (&prove.Prover{Catalog: catalog.Default()}).Within(t.Context(), p.p, p.q)
			require.NoError(t, err)
			require.False(t, v.Unconfirmed, "pair %d, with a catalogue: %s\n%s\nwithin\n%s", i, v, show(p.p), show(p.q))
		}
		if i < withoutShortCuts {
			s, err := prove.Slow(x).Within(t.Context(), p.p, p.q)
			require.NoError(t, err)
			if v.Outcome != prove.Unknown && s.Outcome != prove.Unknown {
				require.Equal(t, s.Outcome, v.Outcome, "pair %d: without short cuts %s, with them %s\n%s\nwithin\n%s", i, s, v, show(p.p), show(p.q))
			}
		}
	}
	t.Logf("%d pairs: %d proved, %d refuted, %d unknown %v; %d requests put to the proofs, %d of them allowed",
		n, proved, refuted, unknown, reasons, requests, allowed)
}
