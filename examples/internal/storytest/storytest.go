// Package storytest checks the examples: what they print, and the scenarios
// that stand beside them.
package storytest

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/internal/golden"
	"github.com/iamsim/iamsim/policy"
)

// Output compares what the example prints, in whatever folder it runs, with
// output.txt beside it. With IAMSIM_UPDATE=1 it writes output.txt instead.
func Output(t *testing.T, tell func(io.Writer)) {
	t.Helper()
	file, err := filepath.Abs("output.txt")
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	var printed strings.Builder
	tell(&printed)
	golden.Compare(t, file, printed.String())
}

// Scenarios answers scenarios.json beside the example: each must want
// something and have the answer that it wants, and deciding it again must not
// allocate.
func Scenarios(t *testing.T) {
	t.Helper()
	var e scenario.Evaluator
	n := 0
	for s, err := range scenario.Files(nil, "scenarios.json") {
		require.NoError(t, err)
		n++
		t.Run(s.Name, func(t *testing.T) {
			require.NotNil(t, s.Want, "the scenario wants nothing")
			result := e.Evaluate(s)
			require.NoError(t, result.Err)
			assert.Empty(t, result.Mismatch)
			if result.DeniedBy != policy.RuleLayer { // which names its rule
				assert.Empty(t, result.Diagnostics, "a story has nothing odd in it")
			}

			c, err := s.Compile()
			require.NoError(t, err)
			allocations := testing.AllocsPerRun(10, func() {
				c.Engine.Evaluate(&c.Caller, &c.Target, &c.Request)
			})
			assert.Zero(t, allocations, "allocations of Evaluate")
		})
	}
	require.NotZero(t, n, "scenarios.json has no scenarios")
}
