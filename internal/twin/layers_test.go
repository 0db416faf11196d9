package twin_test

import (
	"flag"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/policy"
)

var explained = flag.Int("twin.layers", 5_000, "random scenarios of which the layers of the explanation are replayed")

// An explanation's layers are enough to decide: by what each says of itself, and
// by nothing else, they come to the engine's decision.
func TestTheLayersOfAnExplanationGiveTheDecision(t *testing.T) {
	seen := map[evaluator.Outcome]int{}
	open := map[policy.Layer]int{} // layers of which nobody knows whether they are waived
	for i := range *explained {
		s := numbered(i)
		s.Name = fmt.Sprintf("scenario %d", i)
		outcome, layers := requireLayers(t, s)
		seen[outcome]++
		for _, l := range layers {
			if l.Waived == trace.MayMatch {
				open[l.Layer]++
			}
		}
	}
	for _, o := range []evaluator.Outcome{evaluator.Allowed, evaluator.ExplicitDeny, evaluator.ImplicitDeny, evaluator.Indeterminate} {
		assert.NotZero(t, seen[o], "%s", o)
	}
	for _, l := range []policy.Layer{policy.IdentityLayer, policy.BoundaryLayer, policy.SessionLayer} {
		assert.NotZero(t, open[l], "%s", l)
	}
}

// requireLayers replays the layers of one scenario, and gives them.
func requireLayers(t *testing.T, s *scenario.Scenario) (evaluator.Outcome, []trace.Layer) {
	c, err := s.Compile()
	if err != nil {
		require.ErrorIs(t, err, evaluator.ErrInvalidRequest)
		return evaluator.Invalid, nil
	}
	d := c.Engine.Evaluate(&c.Caller, &c.Target, &c.Request)
	if d.Outcome() == evaluator.Invalid {
		return evaluator.Invalid, nil
	}
	layers := c.Engine.Explain(&c.Caller, &c.Target, &c.Request).Layers()
	for _, l := range layers {
		requireReasons(t, s.Name, l)
	}
	got, want := replay(layers, c.Engine.Options.SCPImplicitAsExplicit), answer{d.Outcome(), d.Layer()}
	if c.Target.Unknown {
		// The decision is that for resources of the caller's account and of others, the
		// layers are those of the caller's: they do not contradict it.
		require.False(t, got.outcome == evaluator.Allowed && d.Denied() || d.Allowed() && got.outcome < evaluator.Allowed, s.Name)
	} else if got != want {
		text, err := s.MarshalJSON()
		require.NoError(t, err)
		t.Fatalf("it is %s, its layers say %s:\n%s", want, got, text)
	}
	return d.Outcome(), layers
}

// requireReasons: a layer that does not bind or is not asked says why.
func requireReasons(t *testing.T, name string, l trace.Layer) {
	t.Helper()
	if !l.Binds || !l.Asked || l.Waived != trace.NoMatch {
		require.Regexp(t, `\((?:[A-Z][.-]?\d+)\)$`, l.Note, "%s: %s", name, l.Layer)
	}
	require.False(t, l.Asked && l.Waived == trace.Matches, "%s: %s is asked though it is waived", name, l.Layer)
}

// replay decides by the layers alone, in the order of E.7.
func replay(layers []trace.Layer, scpImplicitAsExplicit bool) answer {
	if len(layers) > 0 && layers[0].Layer == policy.RuleLayer && layers[0].Allows != trace.NoMatch {
		return answer{outcome: evaluator.Indeterminate} // a fixed rule may allow it before any policy is read
	}
	denied := trace.NoMatch
	for _, reported := range []policy.Layer{
		policy.EndpointLayer, policy.RCPLayer, policy.SCPLayer, policy.ResourceLayer, policy.TrustLayer,
		policy.IdentityLayer, policy.BoundaryLayer, policy.SessionLayer, policy.RuleLayer,
	} {
		for _, l := range layers {
			switch {
			case l.Layer != reported || !l.Binds:
			case l.Layer == policy.RuleLayer && l.Denies == trace.Matches:
				return answer{evaluator.ImplicitDeny, l.Layer}
			case l.Denies == trace.Matches:
				return answer{evaluator.ExplicitDeny, l.Layer}
			default:
				denied = max(denied, l.Denies)
			}
		}
	}
	open := trace.Matches
	for _, l := range layers {
		if !l.Asked || l.Layer == policy.RuleLayer {
			continue
		}
		allows := max(l.Allows, l.Waived)
		switch {
		case allows == trace.NoMatch && l.Layer == policy.SCPLayer && scpImplicitAsExplicit:
			return answer{evaluator.ExplicitDeny, l.Layer}
		case allows == trace.NoMatch:
			return answer{evaluator.ImplicitDeny, l.Layer}
		}
		open = min(open, allows)
	}
	if open == trace.Matches && denied == trace.NoMatch {
		return answer{outcome: evaluator.Allowed}
	}
	return answer{outcome: evaluator.Indeterminate}
}
