package twin_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/scenario"
)

const conformance = "../../evaluator/testdata/conformance"

// The numbered examples of the rules bind the twin as they bind the engine.
func TestTwinMeetsEveryExample(t *testing.T) {
	files, err := os.ReadDir(conformance)
	require.NoError(t, err)
	cases := 0
	for _, file := range files {
		name := file.Name()
		if !strings.HasSuffix(name, ".json") || strings.HasSuffix(name, "documents.json") || name == "permissions.json" || name == "examples.json" {
			continue // no scenarios
		}
		for s, err := range scenario.Files(nil, conformance+"/"+name) {
			t.Run(s.Name, func(t *testing.T) {
				require.NoError(t, err)
				require.NotNil(t, s.Want)
				got := callAnswer(t, s)
				if s.Want.Decision != nil {
					assert.Equal(t, *s.Want.Decision, got.outcome)
				}
				if s.Want.DeniedBy != nil {
					assert.Equal(t, *s.Want.DeniedBy, got.layer)
				}
			})
			cases++
		}
	}
	require.NotZero(t, cases)
	t.Logf("%d cases", cases)
}
