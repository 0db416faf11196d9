package workload_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/workload"
	"github.com/iamsim/iamsim/policy"
)

func makers() []func() *workload.Workload {
	many := func(n int) func() *workload.Workload { return func() *workload.Workload { return workload.Many(n) } }
	return []func() *workload.Workload{
		workload.Single, workload.SingleDenied, workload.Conditional, workload.Layers,
		many(1), many(1000), many(10_000),
		func() *workload.Workload { return workload.Middle(1000) },
		func() *workload.Workload { return workload.Conditions(64) },
		func() *workload.Workload { return workload.ContextKeys(200) },
		func() *workload.Workload { return workload.Members(1000) },
		func() *workload.Workload { return workload.ARNLength(20) },
		func() *workload.Workload { return workload.ARNLength(2048) },
	}
}

func TestEachAnswerIsTheOneTheWorkWasMadeFor(t *testing.T) {
	for _, make := range makers() {
		w := make()
		t.Run(w.Name, func(t *testing.T) {
			require.Len(t, w.Requests, workload.Rotation)
			c, err := w.Compile()
			require.NoError(t, err)
			prepared, err := c.Prepare()
			require.NoError(t, err)
			for i := range w.Requests {
				want := w.Requests[i].Want
				require.Equal(t, want, evaluator.Evaluate(&c.Caller, &c.Targets[i], &c.Requests[i]).Outcome(), "request %d", i)
				require.Equal(t, want, prepared[i].Evaluate(&c.Caller, &c.Targets[i]).Outcome(), "request %d, prepared", i)
			}
		})
	}
}

func TestWorkIsTheSameEachTime(t *testing.T) {
	for _, make := range makers() {
		w := make()
		assert.Equal(t, w, make(), w.Name)
	}
}

func TestWorkIsAsLargeAsItSays(t *testing.T) {
	assert.Equal(t, 1, workload.Single().Statements())
	assert.Equal(t, 200, workload.Conditional().Statements())
	assert.Equal(t, 10_000, workload.Many(10_000).Statements())
	assert.Equal(t, 10_000, workload.Middle(10_000).Statements())
	assert.Equal(t, 11, workload.Layers().Statements())
	for n := 20; n <= 2048; n++ {
		require.Len(t, workload.ARNLength(n).Requests[0].Resource, n)
	}
}

func TestNineteenStatementsAreSixKilobytes(t *testing.T) {
	doc := workload.Document(19)
	assert.InDelta(t, 6000, len(doc.JSON()), 60)
	_, err := policy.Parse(doc.Name, doc.JSON())
	require.NoError(t, err)
}

// Only the last of the three conditions tells the statements of workload c
// apart for certain.
func TestConditionsOfWorkloadCMustBeLookedAt(t *testing.T) {
	w := workload.Conditional()
	distinct := make(map[string]bool)
	for _, p := range w.Identity {
		for _, s := range p.Statements {
			require.Equal(t, w.Identity[0].Statements[0].Actions, s.Actions)
			require.Equal(t, w.Identity[0].Statements[0].Resources, s.Resources)
			distinct[s.Conditions[0].Values[0]+" "+s.Conditions[0].Values[1]] = true
		}
	}
	assert.Greater(t, len(distinct), 80, "different lists of departments")
}
