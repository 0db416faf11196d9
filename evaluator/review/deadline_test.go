package review_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// hostile are pairs of policies made to take long.
func hostile() map[string][2]*policy.Document {
	of := func(st ...policy.Statement) *policy.Document {
		return &policy.Document{Version: policy.Version2012, Statements: st}
	}
	allow := func() policy.Statement {
		return policy.Statement{Effect: policy.Allow, Action: policy.Values{"s3:*"}, Resource: policy.Values{"*"}}
	}
	long := func(text string, size int) policy.Values {
		return policy.Values{"arn:aws:s3:::" + strings.Repeat(text, size/len(text))}
	}
	pair := func(x, y policy.Values) [2]*policy.Document {
		a, b := allow(), allow()
		a.Resource, b.Resource = x, y
		return [2]*policy.Document{of(a), of(b, a)}
	}
	keys, fewer := allow(), allow()
	for i := range 25_000 {
		keys.Condition = append(keys.Condition, policy.Condition{
			Operator: policy.Operator{Test: policy.StringLike}, Key: fmt.Sprintf("example:k%d", i), Values: policy.Values{"a*", "*b"}})
	}
	fewer.Condition = keys.Condition[1:]
	actions, others := allow(), allow()
	actions.Action, others.Action = nil, nil
	for i := range 50_000 {
		actions.Action = append(actions.Action, fmt.Sprintf("s3:Get%d*", i))
		others.Action = append(others.Action, fmt.Sprintf("s3:*%d", i))
	}
	conditioned, unconditioned := allow(), allow()
	conditioned.Condition = []policy.Condition{{Operator: policy.Operator{Test: policy.StringLike}, Key: "aws:PrincipalTag/a", Values: policy.Values{strings.Repeat("*a?", 300_000)}}}
	unconditioned.Condition = []policy.Condition{{Operator: policy.Operator{Test: policy.StringLike}, Key: "aws:PrincipalTag/a", Values: policy.Values{strings.Repeat("*a?", 100_000) + "b"}}}
	return map[string][2]*policy.Document{
		"900 KB of *a? in a resource":  pair(long("*a?", 900_000), long("*?b", 300_000)),
		"900 KB of *a? in a condition": {of(conditioned), of(unconditioned)},
		"8 KB of ?":                    pair(long("?", 8_000), long("?", 7_999)),
		"30 KB of ?":                   pair(long("?", 30_000), long("?", 29_999)),
		"30 KB of ?*":                  pair(long("?*", 30_000), long("*?a", 30_000)),
		"25,000 context keys":          {of(keys), of(fewer)},
		"50,000 actions":               {of(actions), of(others)},
	}
}

// A deadline ends every question, where it took from ten seconds to minutes, and
// what it holds stays small. On an idle machine it is late by 600 ms at most, for
// what nothing ends: to compile a megabyte of policies. Here other work is allowed
// for; the log says how late it was.
func TestDeadlinesHoldWhateverThePolicies(t *testing.T) {
	if testing.Short() {
		t.Skip("it measures time")
	}
	const (
		limit = 400 * time.Millisecond
		noise = 10 * time.Second
		heap  = 512 << 20
	)
	x := prove.Prover{Catalog: catalog.Default()}
	for name, pair := range hostile() {
		for question, ask := range map[string]func(context.Context) error{
			"within": func(ctx context.Context) error {
				_, err := x.Within(ctx, prove.Identity(pair[0]), prove.Identity(pair[1]))
				return err
			},
			"diff": func(ctx context.Context) error {
				_, err := review.Compare(ctx, &x, prove.Identity(pair[0]), prove.Identity(pair[1]))
				return err
			},
			"redundant": func(ctx context.Context) error { _, err := review.Statements(ctx, &x, pair[1]); return err },
		} {
			t.Run(name+", "+question, func(t *testing.T) {
				runtime.GC()
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				defer cancel()
				began := time.Now()
				err := ask(ctx)
				took := time.Since(began)
				var memory runtime.MemStats
				runtime.ReadMemStats(&memory)
				require.NoError(t, err)
				t.Logf("%v, and the heap had %d MB", took, memory.HeapSys>>20)
				assert.Less(t, took, limit+noise)
				assert.Less(t, memory.HeapSys, uint64(heap))
			})
		}
	}
}
