package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/evaluator/internal/open"
	"github.com/iamsim/iamsim/internal/workload"
	"github.com/iamsim/iamsim/policy"
)

// budgets say what a decision may cost at most, counted and not timed, so that
// they hold on any machine: how many ways for a statement to reach the request
// are tried, and how many conditions are decided, whatever the request.
func budgets() []budget {
	return []budget{
		{workload.Single(), 1, 0},
		{workload.SingleDenied(), 1, 0},
		{workload.Conditional(), 200, 64}, // all share action and resource, one in eight passes its first condition
		{workload.Many(10), 10, 0},
		{workload.Many(1000), 2, 0},
		{workload.Many(100_000), 2, 0},
		{workload.Middle(10_000), 2, 0},
		{workload.Layers(), 8, 1},
		{workload.Conditions(64), 1, 64},
		{workload.ContextKeys(200), 1, 1},
		{workload.Members(1000), 1, 1},
		{workload.ARNLength(2048), 1, 0},
	}
}

type budget struct {
	work                *workload.Workload
	entries, conditions int
}

func TestDecisionsStayWithinTheirBudget(t *testing.T) {
	for _, b := range budgets() {
		t.Run(b.work.Name, func(t *testing.T) {
			c, err := b.work.Compile()
			require.NoError(t, err)
			prepared, err := c.Prepare()
			require.NoError(t, err)

			entries, conditions := 0, 0
			for i := range c.Requests {
				e, n := engine.Visits(&c.Caller, &c.Targets[i], &c.Requests[i], func(ev *engine.Evaluation) { ev.Decide() })
				entries, conditions = max(entries, e), max(conditions, n)
			}
			assert.LessOrEqual(t, entries, b.entries, "entries tried")
			assert.LessOrEqual(t, conditions, b.conditions, "conditions decided")

			i := 0
			assert.Zero(t, testing.AllocsPerRun(workload.Rotation, func() {
				evaluator.Evaluate(&c.Caller, &c.Targets[i%workload.Rotation], &c.Requests[i%workload.Rotation])
				i++
			}), "allocations of Evaluate")
			assert.Zero(t, testing.AllocsPerRun(workload.Rotation, func() {
				prepared[i%workload.Rotation].Evaluate(&c.Caller, &c.Targets[i%workload.Rotation])
				i++
			}), "allocations of Prepared.Evaluate")
		})
	}
}

func TestMissingKeysOfManyStatementsStayWithinTheirBudget(t *testing.T) {
	const statements = 3000
	var text strings.Builder
	for i := range statements {
		fmt.Fprintf(&text, `,{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"example:k%d":"v"}}}`, i)
	}
	doc, err := policy.ParseString("", `{"Version":"2012-10-17","Statement":[`+text.String()[1:]+`]}`)
	require.NoError(t, err)
	caller := &evaluator.Caller{
		Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"), Identity: evaluator.MustCompile(policy.Identity, doc),
	}
	target, request := evaluator.Target{Resource: "arn:aws:s3:::b/k"}, evaluator.Request{Action: "s3:GetObject"}
	_, conditions := engine.Visits(caller, &target, &request, func(ev *engine.Evaluation) { open.Missing(ev) })
	assert.NotZero(t, conditions)
	assert.LessOrEqual(t, conditions, 3*statements, "conditions decided")
	assert.Len(t, evaluator.Explain(caller, &target, &request).Missing(), statements)
}
