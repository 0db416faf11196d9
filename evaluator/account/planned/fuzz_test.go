package planned_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/internal/fuzzing"
)

// The fuzzer chooses what the properties draw at random.

func FuzzDecision(f *testing.F) {
	fuzzing.Seed(f)
	f.Fuzz(rapid.MakeFuzz(aDecisionStands))
}

func FuzzProof(f *testing.F) {
	fuzzing.Seed(f)
	f.Fuzz(rapid.MakeFuzz(aProofStands))
}
