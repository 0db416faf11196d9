package evaluator_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

func attachedNamed(t *testing.T, name, statement string) policy.Attached {
	t.Helper()
	return policy.Attached{Name: name, Document: document(t, statement)}
}

func TestSetsStandWhereTheirSlotsAre(t *testing.T) {
	all := `{"Effect":"Allow","Action":"*","Resource":"*"}`
	public := `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`
	p := policy.Policies{}
	for layer := range policy.Layers() {
		statement := all
		switch layer {
		case policy.ResourceLayer, policy.EndpointLayer:
			statement = public
		case policy.RCPLayer:
			statement = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`
		}
		p = p.With(layer.At(0), attachedNamed(t, layer.String(), statement))
	}
	p = p.With(policy.SCPLayer.At(1))
	sets, err := evaluator.CompilePolicies(p)
	require.NoError(t, err)

	caller := evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice")}
	target := evaluator.Target{Resource: "arn:aws:lambda:us-east-1:111122223333:function:f"}
	request := evaluator.Request{Action: "lambda:GetFunction"}
	sets.Apply(&caller, &target, &request)
	assert.NotNil(t, caller.Identity)
	assert.NotNil(t, caller.Boundary)
	assert.Len(t, caller.Session, 1)
	assert.Len(t, caller.SCPs, 2)
	assert.Len(t, target.Policies, 1)
	assert.Len(t, target.RCPs, 1)
	assert.NotNil(t, request.Endpoint)
	decision := evaluator.Evaluate(&caller, &target, &request)
	assert.Equal(t, policy.SCPLayer, decision.Layer(), "the empty level allows nothing")

	again := evaluator.SetsOf(&caller, &target, &request)
	assert.Equal(t, p, again.Policies(), "the same slots and documents")

	without, err := again.With(p.WithLevels(policy.SCPLayer, p.At(policy.SCPLayer.At(0))).Without(policy.BoundaryLayer))
	require.NoError(t, err)
	identity := caller.Identity
	without.Apply(&caller, nil, nil)
	assert.Nil(t, caller.Boundary, "what was there is taken away")
	assert.Same(t, identity, caller.Identity, "an unchanged slot keeps its set")
	assert.True(t, evaluator.Evaluate(&caller, &target, &request).Allowed())
}

func TestAChangedSlotIsCompiledAlone(t *testing.T) {
	all := `{"Effect":"Allow","Action":"*","Resource":"*"}`
	p := policy.Policies{}.With(policy.IdentityLayer.At(0), attachedNamed(t, "a", all)).With(policy.SCPLayer.At(0), attachedNamed(t, "b", all))
	sets, err := evaluator.CompilePolicies(p)
	require.NoError(t, err)
	var before, after evaluator.Caller
	sets.Apply(&before, nil, nil)
	changed, err := sets.With(p.With(policy.IdentityLayer.At(0), attachedNamed(t, "a", `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)))
	require.NoError(t, err)
	changed.Apply(&after, nil, nil)
	assert.NotSame(t, before.Identity, after.Identity)
	assert.Same(t, before.SCPs[0], after.SCPs[0])
}

func TestPoliciesThatCannotStandThereAreNotCompiled(t *testing.T) {
	public := attachedNamed(t, "public.json", `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`)
	p := policy.Policies{}.With(policy.IdentityLayer.At(0), public, policy.Attached{Name: "lost"}).With(policy.EndpointLayer.At(1), public)
	_, err := evaluator.CompilePolicies(p)
	require.ErrorIs(t, err, policy.Code("unsupported-principal"))
	require.ErrorIs(t, err, policy.ErrNoDocument)
	require.ErrorContains(t, err, "endpoint[1]")
}

func TestATrustPolicyStaysOne(t *testing.T) {
	trust := attachedNamed(t, "trust", `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}`)
	sets, err := evaluator.CompilePolicies(policy.Policies{}.With(policy.ResourceLayer.At(0), trust))
	require.NoError(t, err)
	var target evaluator.Target
	sets.Apply(nil, &target, nil)
	for slot := range evaluator.SetsOf(nil, &target, nil).Policies().All() {
		assert.Equal(t, policy.TrustLayer.At(0), slot)
	}
}
