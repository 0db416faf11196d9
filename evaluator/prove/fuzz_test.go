package prove_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/fuzzing"
	"github.com/iamsim/iamsim/policy"
)

// FuzzWithin decides about any two documents that are valid: every refutation is
// confirmed, and a document is within itself.
func FuzzWithin(f *testing.F) {
	for i := range 40 {
		p := newGenerator(6, uint64(i)).pair()
		f.Add(show(p.p.Without(policy.BoundaryLayer).Without(policy.SessionLayer).Without(policy.SCPLayer)), show(p.q.Without(policy.BoundaryLayer).Without(policy.SessionLayer).Without(policy.SCPLayer)))
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		if len(first)+len(second) > 4000 {
			return
		}
		p, err := policy.ParseString("first", first)
		if err != nil {
			return
		}
		q, err := policy.ParseString("second", second)
		if err != nil {
			return
		}
		x := prove.Prover{Budget: 1 << 14}
		for _, side := range []func(...*policy.Document) policy.Policies{prove.Identity, prove.Resource} {
			v, err := x.Within(t.Context(), side(p), side(q))
			if err != nil {
				continue
			}
			require.False(t, v.Unconfirmed, "%s", v)
			v, err = x.Within(t.Context(), side(p), side(p))
			require.NoError(t, err)
			require.NotEqual(t, prove.Refuted, v.Outcome, "%s", v)
		}
	})
}

// FuzzPairs decides about pairs that the generator of the random tests makes of the
// fuzzer's bytes: no proof is violated by requests drawn from what is left of them.
func FuzzPairs(f *testing.F) {
	fuzzing.Seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		g := newGeneratorFrom(worlds, fuzzing.Rand(data))
		requireSound(t, &prove.Prover{Budget: 1 << 16}, g, g.pair())
	})
}

// FuzzAdversarialPairs does the same at the ends of all conditions.
func FuzzAdversarialPairs(f *testing.F) {
	fuzzing.Seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		requireSoundAtTheEnds(t, newGeneratorFrom(adversarialWorlds, fuzzing.Rand(data)))
	})
}
