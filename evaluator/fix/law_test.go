package fix_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/fix"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// Two laws of what is suggested: it stays within what is there and what was
// asked, and with a fix the request is allowed. Here they are held for the
// stories; for random denials, as many as -denials says, in random_test.go.

func TestWhatIsSuggestedStaysWithinWhatIsThereAndWhatWasAsked(t *testing.T) {
	for name, story := range stories {
		t.Run(name, func(t *testing.T) {
			d := story.denied(t)
			f, err := fix.For(context.Background(), d)
			require.NoError(t, err)
			assertNarrow(t, d, assembled(t, d, nil).explain(), f)
			if len(f.Changes) > 0 {
				assert.True(t, assembled(t, d, f.Changes).explain().Decision().Allowed(), "%s", f)
			}
		})
	}
}

// assertNarrow asks the prover whether hints and changes stay within what is
// there and what was asked. A change that cannot says so in Beyond.
func assertNarrow(t *testing.T, d *fix.Denied, x *evaluator.Explanation, f *fix.Fix) {
	for _, l := range x.Layers() {
		for _, p := range l.Policies {
			for i := range p.Statements {
				assertNarrowHints(t, d, &p.Statements[i])
			}
		}
	}
	if d.Target.Unknown || slices.ContainsFunc(f.Changes, func(c fix.Change) bool { return c.Kind == fix.ExceptFromDeny }) {
		return // its documents lack a part of a Deny
	}
	for i := range f.Changes {
		if c := &f.Changes[i]; len(c.Beyond) == 0 {
			assertNarrowChange(t, d, c)
		}
	}
}

// assertNarrowHints holds the values that hints suggest against those of the
// statement.
func assertNarrowHints(t *testing.T, d *fix.Denied, st *trace.Statement) {
	for _, h := range st.Hints {
		if h.Suggestion == "" {
			continue
		}
		i := slices.IndexFunc(st.Elements, func(e trace.Element) bool { return e.Element == h.Element || e.Key == h.Element })
		if i < 0 {
			continue // an operator or the version of the policy: they name no requests
		}
		var suggested, ceiling policy.Statement
		there := st.Elements[i].Values
		switch h.Element {
		case "Resource", "NotResource":
			asked := pattern.Asked(d.Target.Resource, true)
			suggested = allowing("*", h.Suggestion)
			ceiling = allowing("*", append(slices.Clone(there), asked)...)
		case "Action":
			suggested = allowing(h.Suggestion, "*")
			ceiling = policy.Statement{Effect: policy.Allow, Action: append(slices.Clone(there), d.Request.Action), Resource: policy.Values{"*"}}
		case "Principal", "NotPrincipal", "Condition":
			continue // those of the caller, and conditions that narrow
		default:
			got := st.Elements[i].Got
			assert.Contains(t, []string{got[0], pattern.Escape(got[0])}, h.Suggestion, "%s: the value of the key that was asked, and no pattern", h.Code)
			continue
		}
		verdict, err := new(prove.Prover).Within(context.Background(), prove.Identity(one(suggested)), prove.Identity(one(ceiling)))
		require.NoError(t, err)
		assert.Equal(t, prove.Proved, verdict.Outcome, "%s: write %q: %s", h.Code, h.Suggestion, verdict.Outcome)
	}
}

// assertNarrowChange holds the policies of a layer with a change against those
// without and a statement that allows what was asked.
func assertNarrowChange(t *testing.T, d *fix.Denied, c *fix.Change) {
	if c.Layer != policy.IdentityLayer && c.Layer != policy.BoundaryLayer && c.Layer != policy.SessionLayer {
		return // of policies that name callers, requests of others are tried in random_test.go
	}
	added := policy.Statement{
		Effect: policy.Allow, Action: policy.Values{d.Request.Action}, Resource: policy.Values{pattern.Asked(d.Target.Resource, true)},
	}
	after := []*policy.Document{c.Document}
	before := []*policy.Document{one(added)}
	at := c.Layer.At(c.Level)
	for _, a := range policiesOf(d).At(at) {
		before = append(before, a.Document)
		if c.Kind == fix.AddPolicy || a.DisplayName() != c.Policy {
			after = append(after, a.Document)
		}
	}
	verdict, err := (&prove.Prover{Catalog: catalog.Default()}).Within(context.Background(), prove.Identity(after...), prove.Identity(before...))
	require.NoError(t, err)
	assert.NotEqual(t, prove.Refuted, verdict.Outcome, "%s\n%v", c, verdict)
}

func allowing(action string, resources ...string) policy.Statement {
	return policy.Statement{Effect: policy.Allow, Action: policy.Values{action}, Resource: resources}
}

func one(st policy.Statement) *policy.Document {
	return &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{st}}
}
