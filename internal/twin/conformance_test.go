package twin_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/internal/twin"
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

// callAnswer is the twin's answer, for a call the first that is not allowed.
func callAnswer(t *testing.T, s *scenario.Scenario) answer {
	call := s.Request.Call
	if call == nil {
		return twinAnswer(s)
	}
	needed, err := apicall.Authorizations(apicall.Call{Operation: call.Operation, Parameters: call.Parameters}, s.Options)
	require.NoError(t, err)
	for _, a := range needed {
		one := clone(s)
		one.Request.Call = nil
		one.Request.Action, one.Request.Resource = a.Action, a.Resource
		// Each authorization has its own keys, and not those of its siblings (D-5).
		for _, sibling := range needed {
			for _, k := range sibling.Context {
				one.Request.Context = slices.DeleteFunc(one.Request.Context, func(given scenario.ContextKey) bool {
					return strings.EqualFold(given.Name, k.Name)
				})
			}
		}
		for _, k := range a.Context {
			one.Request.Context = append(one.Request.Context, scenario.ContextKey{Name: k.Name, Values: k.Values})
		}
		if a.Anonymous {
			one.Request.Principal = scenario.Principal{ARN: "anonymous"}
		}
		if outcome, layer := twin.Decide(one); outcome != evaluator.Allowed {
			return answer{outcome, layer}
		}
	}
	return answer{outcome: evaluator.Allowed}
}
