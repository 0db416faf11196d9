package policy_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
)

// attachedAs is a document that kinds without Principal accept, by a name.
func attachedAs(t *testing.T, name string) policy.Attached {
	return policy.Attached{Name: name, Document: parsed(t, `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)}
}

func parsed(t *testing.T, text string) *policy.Document {
	t.Helper()
	d, err := policy.ParseString("policy.json", text)
	require.NoError(t, err)
	return d
}

// names are the slots and the names of their policies, in their order.
func names(p policy.Policies) []string {
	list := []string{}
	for slot, documents := range p.All() {
		text := slot.String() + ":"
		for _, a := range documents {
			text += " " + a.DisplayName()
		}
		list = append(list, text)
	}
	return list
}

func TestSlotsOfPolicies(t *testing.T) {
	a, b, c := attachedAs(t, "a"), attachedAs(t, "b"), attachedAs(t, "c")
	var none policy.Policies
	for name, x := range map[string]struct {
		policies policy.Policies
		want     []string
	}{
		"the zero Policies have no slot": {none, []string{}},
		"slots stand in the order of the formats, however they came": {
			none.With(policy.EndpointLayer.At(0), a).With(policy.SCPLayer.At(0), b).With(policy.IdentityLayer.At(0), c, a),
			[]string{"identity: c a", "scp[0]: b", "endpoint: a"},
		},
		"an empty slot is a slot": {none.With(policy.BoundaryLayer.At(0)), []string{"boundary:"}},
		"a slot that is filled again has the new policies alone": {
			none.With(policy.SCPLayer.At(0), a, b).With(policy.SCPLayer.At(0), c), []string{"scp[0]: c"},
		},
		"levels before one that is filled are there, and empty": {
			none.With(policy.SCPLayer.At(2), a), []string{"scp[0]:", "scp[1]:", "scp[2]: a"},
		},
		"the levels of a layer are replaced together": {
			none.With(policy.SCPLayer.At(2), a).With(policy.RCPLayer.At(0), a).WithLevels(policy.SCPLayer, []policy.Attached{b}, nil),
			[]string{"scp[0]: b", "scp[1]:", "rcp[0]: a"},
		},
		"a layer is taken away": {
			none.With(policy.SCPLayer.At(1), a).With(policy.SessionLayer.At(0), b).Without(policy.SCPLayer), []string{"session: b"},
		},
		"a trust policy stands where a resource has its policies": {
			none.With(policy.ResourceLayer.At(0), a).With(policy.ResourceLayer.At(1), b).With(policy.TrustLayer.At(0), c),
			[]string{"resource[0]: c", "resource[1]: b"},
		},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, x.want, names(x.policies)) })
	}
}

func TestPoliciesAreAValue(t *testing.T) {
	a, b := attachedAs(t, "a"), attachedAs(t, "b")
	given := []policy.Attached{a}
	first := policy.Policies{}.With(policy.SCPLayer.At(0), given...)
	given[0] = b
	first.With(policy.SCPLayer.At(0), b)
	first.With(policy.IdentityLayer.At(0), b)
	first.Without(policy.SCPLayer)
	assert.Equal(t, []string{"scp[0]: a"}, names(first))
}

func TestAnEmptySlotDiffersFromNone(t *testing.T) {
	p := policy.Policies{}.With(policy.SCPLayer.At(0)).With(policy.TrustLayer.At(0), attachedAs(t, "a"))
	assert.Equal(t, []policy.Attached{}, p.At(policy.SCPLayer.At(0)))
	assert.Nil(t, p.At(policy.SCPLayer.At(1)))
	assert.Nil(t, p.At(policy.BoundaryLayer.At(0)))
	assert.True(t, p.Has(policy.SCPLayer))
	assert.False(t, p.Has(policy.RCPLayer))
	assert.True(t, p.Has(policy.ResourceLayer), "a trust policy is a policy of the resource")
	assert.Equal(t, [][]policy.Attached{{}}, p.Levels(policy.SCPLayer))
	assert.Nil(t, p.Levels(policy.SessionLayer))
}

func TestPathsAreThoseOfTheFormats(t *testing.T) {
	paths := map[string]string{
		"identity[1]": policy.IdentityLayer.At(0).Path(1), "boundary": policy.BoundaryLayer.At(0).Path(0),
		"session[0]": policy.SessionLayer.At(0).Path(0), "session[1][0]": policy.SessionLayer.At(1).Path(0),
		"resource[2]": policy.ResourceLayer.At(2).Path(0), "resource[0]": policy.TrustLayer.At(0).Path(0),
		"resource[0][1]": policy.ResourceLayer.At(0).Path(1), "scp[1][0]": policy.SCPLayer.At(1).Path(0),
		"rcp[0][3]": policy.RCPLayer.At(0).Path(3), "endpoint": policy.EndpointLayer.At(0).Path(0),
	}
	for _, want := range slices.Sorted(maps.Keys(paths)) {
		assert.Equal(t, want, paths[want])
	}
}

func TestKindOfASlot(t *testing.T) {
	trust := parsed(t, `{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}`)
	function := parsed(t, `{"Statement":{"Effect":"Allow","Principal":"*","Action":"lambda:*","Resource":"*"}}`)
	at := policy.ResourceLayer.At(0)
	var none policy.Policies
	assert.Equal(t, policy.Trust, none.With(at, policy.Attach(trust)...).Kind(at), "nothing but trust policies")
	assert.Equal(t, policy.Resource, none.With(at, policy.Attach(trust, function)...).Kind(at), "one is none")
	repository := parsed(t, `{"Statement":{"Effect":"Allow","Principal":"*","Action":"ecr:*"}}`)
	assert.Equal(t, policy.Resource, none.With(at, policy.Attach(repository)...).Kind(at), "it names no Resource, but other actions")
	assert.Equal(t, policy.Resource, none.With(at, policy.Attach(trust, nil)...).Kind(at), "one was not loaded")
	assert.Equal(t, policy.Resource, none.With(at).Kind(at))
	assert.Equal(t, policy.Trust, none.Kind(policy.TrustLayer.At(0)), "the layer says so")
	assert.Equal(t, policy.Kind(0), none.Kind(policy.RuleLayer.At(0)))
	kinds := map[policy.Kind]bool{}
	for layer := range policy.Layers() {
		kinds[none.Kind(layer.At(0))] = true
	}
	assert.Len(t, kinds, 7, "each layer has a kind of its own")
}

func TestCheckOfPoliciesFindsEveryFault(t *testing.T) {
	public := parsed(t, `{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`)
	a := attachedAs(t, "a")
	p := policy.Policies{}.With(policy.IdentityLayer.At(0), policy.Attached{Name: "lost"}, policy.Attached{Document: public}).
		With(policy.TrustLayer.At(0), policy.Attached{Document: public}).
		With(policy.BoundaryLayer.At(1), a).With(policy.RuleLayer.At(0), a).With(policy.SCPLayer.At(-1), a)
	err := p.Check()
	require.ErrorIs(t, err, policy.ErrNoDocument)
	require.ErrorIs(t, err, policy.Code("unsupported-principal"))
	require.ErrorIs(t, err, policy.Code("unsupported-resource"))
	for _, want := range []string{`identity policy 0 ("lost"): no policy document`, `no slot boundary[1]`, `no slot scp[-1]`, `layer "rule" has no policies`} {
		assert.ErrorContains(t, err, want)
	}
	assert.Len(t, p.Levels(policy.SCPLayer), 1)
	assert.NoError(t, policy.Policies{}.With(policy.IdentityLayer.At(0), a).With(policy.SCPLayer.At(1), a).With(policy.SessionLayer.At(1), a).Check())
}
