package prove_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
)

// holds reports whether p is within q. A verdict that is not known breaks no law.
func holds(t *testing.T, p, q *policy.Document, i int, law string) {
	t.Helper()
	var x prove.Prover
	v, err := x.Within(t.Context(), prove.Identity(p), prove.Identity(q))
	require.NoError(t, err)
	require.NotEqual(t, prove.Refuted, v.Outcome, "%d: %s: %s\n%s\nwithin\n%s", i, law, v, show(prove.Identity(p)), show(prove.Identity(q)))
}

func with(d *policy.Document, statements []policy.Statement) *policy.Document {
	return &policy.Document{Version: d.Version, Statements: statements}
}

func TestLaws(t *testing.T) {
	admin := parse(t, `{"Effect":"Allow","Action":"*","Resource":"*"}`)
	for i := range share(400) {
		g := newGenerator(4, uint64(i))
		p := g.document()
		holds(t, p, p, i, "P within P")
		holds(t, p, admin, i, "P within AdministratorAccess")
		for k, st := range p.Statements {
			if len(p.Statements) == 1 {
				break
			}
			rest := with(p, slices.Delete(slices.Clone(p.Statements), k, k+1))
			if st.Effect == policy.Allow {
				holds(t, rest, p, i, "P less an Allow within P")
			} else {
				holds(t, p, rest, i, "P within P less a Deny")
			}
		}
		for name, q := range rewritings(g, p) {
			holds(t, p, q, i, "P within P "+name)
			holds(t, q, p, i, "P "+name+" within P")
		}
	}
}

// rewritings are documents that mean the same.
func rewritings(g *generator, p *policy.Document) map[string]*policy.Document {
	reversed := slices.Clone(p.Statements)
	slices.Reverse(reversed)
	var split, doubled, named []policy.Statement
	for i, st := range p.Statements {
		for _, a := range st.Action {
			for _, r := range st.Resource {
				one := st
				one.Action, one.Resource = policy.Values{a}, policy.Values{r}
				split = append(split, one)
			}
		}
		if st.NotAction != nil || st.NotResource != nil {
			split = append(split, st)
		}
		two := st
		two.Action, two.Resource = twice(st.Action), twice(st.Resource)
		doubled = append(doubled, two)
		three := st
		three.Sid = strings.Repeat("s", i+1)
		named = append(named, three)
	}
	return map[string]*policy.Document{
		"in reverse": with(p, reversed), "with lists split": with(p, split), "with ** for *": with(p, doubled), "with Sids": with(p, named),
	}
}

func twice(values policy.Values) policy.Values {
	if values == nil {
		return nil
	}
	out := policy.Values{}
	for _, v := range values {
		if !strings.Contains(v, "${") {
			v = strings.ReplaceAll(v, "*", "**")
		}
		if v == "**" || strings.HasPrefix(v, "**:") { // an action of its own, or a partition
			v = strings.ReplaceAll(v, "**", "*")
		}
		out = append(out, v)
	}
	return out
}

// Transitivity: what is within q, which is within r, is within r.
func TestProofsAreTransitive(t *testing.T) {
	var x prove.Prover
	within := func(p, q *policy.Document) prove.Outcome {
		v, err := x.Within(t.Context(), prove.Identity(p), prove.Identity(q))
		require.NoError(t, err)
		return v.Outcome
	}
	chains := 0
	for i := range share(1500) {
		g := newGenerator(5, uint64(i))
		p := g.document()
		q := g.changed(p)
		r := g.changed(q)
		if within(p, q) == prove.Proved && within(q, r) == prove.Proved {
			chains++
			require.NotEqual(t, prove.Refuted, within(p, r), "%d\n%s%s%s", i, show(prove.Identity(p)), show(prove.Identity(q)), show(prove.Identity(r)))
		}
	}
	require.Greater(t, chains, share(200))
}
