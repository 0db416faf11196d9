package twin_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
)

// However the engine is asked, it gives the answer that was compared with the
// twin's.
func TestEveryWayOfAskingGivesTheSameAnswer(t *testing.T) {
	var callers []evaluator.Caller
	var targets []evaluator.Target
	var requests []*evaluator.Prepared
	settled := 0
	for i := range comparisonCount(t) / 50 {
		c, prepared, more := requireSameHoweverAsked(t, numbered(i))
		if more {
			settled++
		}
		if prepared != nil {
			callers, targets, requests = append(callers, c.Caller), append(targets, c.Target), append(requests, prepared)
		}
	}

	require.NotZero(t, settled, "an explanation settles nothing")

	// In a matrix each caller meets targets and requests of other scenarios.
	const size = 20
	for from := 0; from+size <= len(callers); from += size {
		m := evaluator.Matrix{Callers: callers[from : from+size], Targets: targets[from : from+size], Requests: requests[from : from+size]}
		n := 0
		for cell, got := range m.All(t.Context()) {
			want := m.Requests[cell.Request].Evaluate(&m.Callers[cell.Caller], &m.Targets[cell.Target])
			require.Equal(t, want, got, "caller %d, target %d, request %d", from+cell.Caller, from+cell.Target, from+cell.Request)
			n++
		}
		require.Equal(t, size*size*size, n)
	}
}

// requireSameHoweverAsked compares the ways to ask about one scenario. It gives
// what was compiled and prepared, nil where the request is invalid, and whether the
// explanation settled what the decision left open.
func requireSameHoweverAsked(t *testing.T, s *scenario.Scenario) (c *scenario.Compiled, prepared *evaluator.Prepared, settled bool) {
	c, err := s.Compile()
	if err != nil {
		require.ErrorIs(t, err, evaluator.ErrInvalidRequest)
		return nil, nil, false
	}
	want := c.Engine.Evaluate(&c.Caller, &c.Target, &c.Request)
	explained := c.Engine.Explain(&c.Caller, &c.Target, &c.Request).Decision()
	if settled = want.Outcome() == evaluator.Indeterminate && explained != want; settled {
		requireSettled(t, s, explained)
	} else {
		requireSame(t, "explained", s, want, explained)
	}
	prepared, err = c.Engine.Prepare(&c.Request)
	if err != nil {
		require.ErrorIs(t, err, evaluator.ErrInvalidRequest)
		require.Equal(t, evaluator.Invalid, want.Outcome())
		return c, nil, settled
	}
	requireSame(t, "prepared", s, want, prepared.Evaluate(&c.Caller, &c.Target))
	return c, prepared, settled
}

// requireSettled gives the unknown keys values, at random: what an explanation
// has settled holds for all of them, but for ARNs with "${", which there are none.
func requireSettled(t *testing.T, s *scenario.Scenario, settled evaluator.Decision) {
	t.Helper()
	values := []string{"a", "", "true", "false", "5", "2026-01-01T00:00:00Z", "203.0.113.9", "arn:aws:s3:::b"}
	areARNs := map[string]bool{} // by keys in lower case
	for _, d := range documents(s) {
		for i := range d.Statements {
			for _, c := range d.Statements[i].Condition {
				values = append(values, c.Values...)
				if c.Operator.Type() == policy.ARNValue {
					areARNs[strings.ToLower(c.Key)] = true
				}
			}
		}
	}
	random := rand.New(rand.NewPCG(7, 7))
	for range 60 {
		known := *s
		known.Request.Context = slices.Clone(s.Request.Context)
		known.Request.Unknown, known.Request.Present = nil, nil
		for i, name := range append(s.Request.Unknown[:len(s.Request.Unknown):len(s.Request.Unknown)], s.Request.Present...) {
			if strings.HasSuffix(name, "/*") || i < len(s.Request.Unknown) && random.IntN(4) == 0 {
				continue
			}
			value := values[random.IntN(len(values))]
			for areARNs[strings.ToLower(name)] && strings.Contains(value, "${") {
				value = values[random.IntN(len(values))]
			}
			known.Request.Context = append(known.Request.Context, scenario.ContextKey{Name: name, Values: []string{value}})
		}
		c, err := known.Compile()
		require.NoError(t, err)
		if d := c.Engine.Evaluate(&c.Caller, &c.Target, &c.Request); d.Outcome() != evaluator.Indeterminate && d.Allowed() != settled.Allowed() {
			text, err := known.MarshalJSON()
			require.NoError(t, err)
			t.Fatalf("settled as %s, and then %s:\n%s", settled, d, text)
		}
	}
}

func requireSame(t *testing.T, way string, s *scenario.Scenario, want, got evaluator.Decision) {
	t.Helper()
	if want != got {
		text, err := s.MarshalJSON()
		require.NoError(t, err)
		t.Fatalf("evaluated it is %s, %s %s:\n%s", want, way, got, text)
	}
}
