package evaluator_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// village has callers and targets whose decisions differ.
func village(t testing.TB, callers, targets int) *evaluator.Matrix {
	own := set(t, policy.Identity, `
		{"Effect":"Allow","Action":"lambda:Get*","Resource":"arn:aws:lambda:*:*:function:*"},
		{"Effect":"Deny","Action":"*","Resource":"arn:aws:lambda:*:*:function:${aws:username}"}`)
	shared := set(t, policy.Resource, `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"lambda:*","Resource":"*"}`)
	m := &evaluator.Matrix{Requests: []*evaluator.Prepared{
		evaluator.MustPrepare(&evaluator.Request{Action: "lambda:GetFunction"}),
		evaluator.MustPrepare(&evaluator.Request{Action: "lambda:DeleteFunction"}),
	}}
	for i := range callers {
		m.Callers = append(m.Callers, evaluator.Caller{
			Principal: evaluator.User(fmt.Sprintf("arn:aws:iam::111122223333:user/u%d", i)), Identity: own,
		})
	}
	for i := range targets {
		target := evaluator.Target{Resource: fmt.Sprintf("arn:aws:lambda:us-east-1:%d:function:u%d", 111122223333+i%2, i%50)}
		if i%3 == 0 {
			target.Policies = []*evaluator.Set{shared}
		}
		m.Targets = append(m.Targets, target)
	}
	m.Targets = append(m.Targets, evaluator.Target{Resource: "no ARN"})
	return m
}

func TestAMatrixIsEachOfItsCellsInOrder(t *testing.T) {
	m := village(t, 7, 5000)
	outcomes := make(map[string]int)
	i := 0
	for cell, d := range m.All(context.Background()) {
		want := evaluator.Cell{Caller: i / 2 / len(m.Targets), Target: i / 2 % len(m.Targets), Request: i % 2}
		require.Equal(t, want, cell)
		require.Equal(t, m.Requests[cell.Request].Evaluate(&m.Callers[cell.Caller], &m.Targets[cell.Target]), d)
		outcomes[d.String()]++
		i++
	}
	assert.Equal(t, m.Size(), i)
	assert.Len(t, outcomes, 5, "%v", outcomes)
}

func TestAMatrixReportsItsProgress(t *testing.T) {
	m := village(t, 3, 3000)
	last := 0
	m.Progress = func(done, total int) {
		assert.Equal(t, m.Size(), total)
		assert.Greater(t, done, last)
		last = done
	}
	for range m.All(context.Background()) {
	}
	assert.Equal(t, m.Size(), last)
}

func TestAMatrixStopsAndLeavesNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	m := village(t, 200, 5000)
	seen := 0
	for range m.All(context.Background()) {
		if seen++; seen == 10 {
			break
		}
	}
	assert.Equal(t, 10, seen)

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	seen = 0
	for range m.All(ctx) {
		if seen++; seen == 10 {
			cancel()
		}
	}
	assert.Equal(t, 10, seen)
	assert.ErrorIs(t, ctx.Err(), context.Canceled)

	// All has waited for its goroutines; the last may still be on its way out.
	assert.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+1 }, 5*time.Second, time.Millisecond, "Eventually itself has one")
}

func TestAnEmptyMatrixHasNoCells(t *testing.T) {
	m := village(t, 0, 3)
	for range m.All(context.Background()) {
		t.Fatal("a cell of nothing")
	}
}

func TestAZeroPreparedInAMatrixIsNoRequest(t *testing.T) {
	m := village(t, 1, 2)
	m.Callers[0].Identity = set(t, policy.Identity, `{"Effect":"Allow","Action":["lamb*:*","s3:*"],"Resource":"*"},{"Effect":"Deny","NotAction":"s3:*","Resource":"*"}`)
	m.Targets = []evaluator.Target{m.Targets[0], m.Targets[0]}
	m.Requests = []*evaluator.Prepared{new(evaluator.Prepared), evaluator.MustPrepare(&evaluator.Request{Action: "s3:GetObject"}), nil}
	var outcomes []evaluator.Outcome
	for _, d := range m.All(context.Background()) {
		outcomes = append(outcomes, d.Outcome())
	}
	row := []evaluator.Outcome{evaluator.Invalid, evaluator.Allowed, evaluator.Invalid}
	assert.Equal(t, slices.Concat(row, row), outcomes)
}

// What is worked out once for all callers is held for so many targets and requests
// as it pays for, and nothing is worked out that no cell has come to.
func TestAMatrixOfManyTargetsAndRequestsStartsAtOnce(t *testing.T) {
	m := village(t, 2, 50_000)
	for len(m.Requests) < 500 {
		m.Requests = append(m.Requests, m.Requests[len(m.Requests)%2])
	}
	allocated := func(ctx context.Context, cells int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for cell, d := range m.All(ctx) {
			if cells--; cells < 0 {
				break
			}
			require.Equal(t, m.Requests[cell.Request].Evaluate(&m.Callers[cell.Caller], &m.Targets[cell.Target]), d)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	const targets = 400 * 50_000 // bytes that the targets themselves take
	assert.Less(t, allocated(context.Background(), 10_000), uint64(targets+16<<20))

	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	assert.Less(t, allocated(cancelled, 0), uint64(targets+16<<20))
}
