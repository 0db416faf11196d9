package twin_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/internal/fuzzing"
)

// The fuzzer chooses the scenarios that the tests of this package draw at random.

func fuzzScenarios(f *testing.F, check func(*testing.T, *scenario.Scenario)) {
	fuzzing.Seed(f)
	f.Fuzz(func(t *testing.T, data []byte) { check(t, generate(fuzzing.Rand(data).IntN)) })
}

func FuzzEngineAndTwinAgree(f *testing.F) {
	fuzzScenarios(f, func(t *testing.T, s *scenario.Scenario) {
		engine, twin, differs, err := differ(s)
		if err == nil && !differs {
			return
		}
		text, _ := s.MarshalJSON()
		t.Fatalf("the engine says %s, the twin %s (%v):\n%s", engine, twin, err, text)
	})
}

func FuzzEveryWayOfAsking(f *testing.F) {
	fuzzScenarios(f, func(t *testing.T, s *scenario.Scenario) { requireSameHoweverAsked(t, s) })
}

func FuzzLayersOfAnExplanation(f *testing.F) {
	fuzzScenarios(f, func(t *testing.T, s *scenario.Scenario) { requireLayers(t, s) })
}

func FuzzDenialsAndTheirTexts(f *testing.F) {
	fuzzScenarios(f, func(t *testing.T, s *scenario.Scenario) {
		for _, style := range []evaluator.MessageStyle{evaluator.FullMessage, evaluator.NoReason} {
			requireReadBack(t, s, style)
		}
	})
}

func FuzzLaws(f *testing.F) {
	names := slices.Sorted(maps.Keys(laws))
	fuzzing.Seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		d := draw(fuzzing.Rand(data).IntN)
		l := laws[pick(d, names)]
		require.Empty(t, l.broken(d, generate(d)))
	})
}
