package twin_test

import (
	"flag"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
)

var denials = flag.Int("twin.denials", 1000, "denials of random scenarios that go through their texts")

// A denial that the engine makes, of any layer and any kind of principal, in each
// style of AWS's texts, is read back: the text gives the same request, and with the
// same policies the same decision by the same layer.
func TestDenialsGoThroughTheirTexts(t *testing.T) {
	styles := []evaluator.MessageStyle{evaluator.FullMessage, evaluator.NoReason}
	layers := map[policy.Layer]int{}
	read := 0
	for i := 0; read < *denials; i++ {
		s := numbered(i)
		s.Name = fmt.Sprintf("scenario %d", i)
		if layer, ok := requireReadBack(t, s, styles[i%len(styles)]); ok {
			layers[layer]++
			read++
		}
	}
	for _, l := range []policy.Layer{
		policy.IdentityLayer, policy.BoundaryLayer, policy.SessionLayer, policy.ResourceLayer, policy.TrustLayer,
		policy.SCPLayer, policy.RCPLayer, policy.EndpointLayer,
	} {
		assert.Positive(t, layers[l], "denials by %s", l)
	}
	t.Log(layers)
}

// requireReadBack reads the text of a scenario's denial, and gives the layer that
// denies. It is false for what is no denial that has a text.
func requireReadBack(t *testing.T, s *scenario.Scenario, style evaluator.MessageStyle) (policy.Layer, bool) {
	c, err := s.Compile()
	if err != nil || c.Target.Unknown {
		return 0, false // AWS knows the whole resource
	}
	c.Engine.Options.MessageStyle = style
	x := c.Engine.Explain(&c.Caller, &c.Target, &c.Request)
	decision := x.Decision()
	if !decision.Denied() || decision.Layer() == policy.RuleLayer || x.Message() == "" {
		return 0, false // a fixed rule has texts of its own
	}
	found, err := denial.Parse(x.Message())
	require.NoError(t, err, "%s: %s", s.Name, x.Message())
	require.Len(t, found, 1, "%s: %s", s.Name, x.Message())
	d := &found[0]
	if style == evaluator.FullMessage && d.Layer != policy.NoLayer {
		assert.Equal(t, decision.Layer(), d.Layer, "%s: %s", s.Name, x.Message())
		assert.Equal(t, decision.Outcome() == evaluator.ExplicitDeny, d.Explicit, "%s: %s", s.Name, x.Message())
	}
	replayed, err := denial.Replay(&c.Engine, d, c.Caller, c.Target, c.Request)
	require.NoError(t, err, "%s: %s", s.Name, x.Message())
	assert.Equal(t, decision, replayed.Explanation.Decision(), "%s: %s", s.Name, x.Message())
	assert.Equal(t, denial.Agrees, replayed.Agreement, "%s: %s", s.Name, x.Message())
	return decision.Layer(), true
}
