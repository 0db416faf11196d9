package review_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/internal/fuzzing"
)

// FuzzCompare compares documents that the fuzzer chooses with the decisions of both.
func FuzzCompare(f *testing.F) {
	fuzzing.Seed(f)
	f.Fuzz(rapid.MakeFuzz(everyDifferenceIsTold))
}
