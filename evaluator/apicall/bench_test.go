package apicall_test

import (
	"testing"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
)

func BenchmarkPlan(b *testing.B) {
	call := apicall.Call{Operation: "lambda:CreateFunction", Parameters: []byte(createFunction), Defaults: defaults}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := call.Plan(evaluator.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEvaluate(b *testing.B) {
	c := caller(b, allow(`"*"`))
	call := apicall.Call{Operation: "lambda:CreateFunction", Parameters: []byte(createFunction), Defaults: defaults}
	var engine evaluator.Engine
	b.ReportAllocs()
	for b.Loop() {
		if _, err := apicall.Evaluate(&engine, c, call, bare); err != nil {
			b.Fatal(err)
		}
	}
}
