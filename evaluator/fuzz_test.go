package evaluator_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/internal/fuzzing"
)

// The fuzzer chooses what the tests of this package draw at random.

func FuzzMissing(f *testing.F) {
	fuzzing.Seed(f)
	f.Fuzz(func(t *testing.T, data []byte) { requireMissing(t, newOpenRequest(t, fuzzing.Rand(data))) })
}

func FuzzResidual(f *testing.F) {
	fuzzing.Seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		random := fuzzing.Rand(data)
		requireResidual(t, newOpenRequest(t, random), random)
	})
}

func FuzzTrace(f *testing.F) {
	fuzzing.Seed(f)
	f.Fuzz(rapid.MakeFuzz(traceAgrees))
}
