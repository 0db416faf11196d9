package twin_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
)

// However the engine is asked, it gives the answer that was compared with the
// twin's.
func TestEveryWayOfAskingGivesTheSameAnswer(t *testing.T) {
	var callers []evaluator.Caller
	var targets []evaluator.Target
	var requests []*evaluator.Prepared
	for i := range 4000 {
		s := numbered(i)
		c, err := s.Compile()
		if err != nil {
			require.ErrorIs(t, err, evaluator.ErrInvalidRequest)
			continue
		}
		want := c.Engine.Evaluate(&c.Caller, &c.Target, &c.Request)
		requireSame(t, "explained", s, want, c.Engine.Explain(&c.Caller, &c.Target, &c.Request).Decision())
		prepared, err := c.Engine.Prepare(&c.Request)
		if err != nil {
			require.ErrorIs(t, err, evaluator.ErrInvalidRequest)
			require.Equal(t, evaluator.Invalid, want.Outcome())
			continue
		}
		requireSame(t, "prepared", s, want, prepared.Evaluate(&c.Caller, &c.Target))
		callers, targets, requests = append(callers, c.Caller), append(targets, c.Target), append(requests, prepared)
	}

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

func requireSame(t *testing.T, way string, s *scenario.Scenario, want, got evaluator.Decision) {
	t.Helper()
	if want != got {
		text, err := s.MarshalJSON()
		require.NoError(t, err)
		t.Fatalf("evaluated it is %s, %s %s:\n%s", want, way, got, text)
	}
}
