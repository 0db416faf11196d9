package evaluator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/workload"
	"github.com/iamsim/iamsim/policy"
)

// BenchmarkEvaluate runs the workloads that are compared with peers, each
// with 1,024 requests in turn, from strings and prepared.
func BenchmarkEvaluate(b *testing.B) {
	for _, w := range []*workload.Workload{
		workload.Single(), workload.SingleDenied(), workload.Conditional(),
		workload.Many(1000), workload.Many(100_000), workload.Middle(10_000), workload.Layers(),
	} {
		compiled, err := w.Compile()
		require.NoError(b, err)
		prepared, err := compiled.Prepare()
		require.NoError(b, err)
		b.Run(w.Name+"/strings", func(b *testing.B) {
			i := 0
			for b.Loop() {
				evaluator.Evaluate(&compiled.Caller, &compiled.Targets[i&1023], &compiled.Requests[i&1023])
				i++
			}
		})
		b.Run(w.Name+"/prepared", func(b *testing.B) {
			for i := range compiled.Targets {
				compiled.Targets[i] = compiled.Targets[i].Prepared()
			}
			i := 0
			for b.Loop() {
				prepared[i&1023].Evaluate(&compiled.Caller, &compiled.Targets[i&1023])
				i++
			}
		})
	}
}

// BenchmarkParseAndCompile reads a policy of 6 KB, 19 statements.
func BenchmarkParseAndCompile(b *testing.B) {
	written := workload.Document(19)
	text := written.JSON()
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := policy.Parse("p.json", text); err != nil {
				b.Fatal(err)
			}
		}
	})
	doc, err := policy.Parse("p.json", text)
	require.NoError(b, err)
	b.Run("compile", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			evaluator.MustCompile(policy.Identity, doc)
		}
	})
}

// BenchmarkExplain tells why an ordinary request is denied: one policy, no
// conditions.
func BenchmarkExplain(b *testing.B) {
	compiled, err := workload.SingleDenied().Compile()
	require.NoError(b, err)
	i := 0
	for b.Loop() {
		evaluator.Explain(&compiled.Caller, &compiled.Targets[i&1023], &compiled.Requests[i&1023])
		i++
	}
}
