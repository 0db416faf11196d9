package prove_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// A change of policies of one kind: what only the newer ones let pass.
func TestChangesOfPoliciesThatOnlyLimit(t *testing.T) {
	const (
		all      = `{"Effect":"Allow","Action":"*","Resource":"*"}`
		open     = `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`
		noRoot   = all + `,{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}}}`
		outsider = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}`
		linked   = `{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Resource":"arn:aws:iam::*:role/aws-service-role/*"}`
		retire   = `{"Effect":"Deny","Principal":"*","Action":"kms:RetireGrant","Resource":"*"}`
		own      = `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}}`
	)
	for name, c := range map[string]struct {
		kind         policy.Kind
		newer, older string // "": there is none
		want         prove.Outcome
		caller       string // of the request that refutes
	}{
		"a service control policy limits the root user": {policy.SCP, all, noRoot, prove.Refuted, "arn:aws:iam::111122223333:root"},
		"one less is more": {policy.SCP, "", noRoot, prove.Refuted, "arn:aws:iam::111122223333:root"},
		"one more is not":  {policy.SCP, noRoot, "", prove.Proved, ""},
		"a boundary is narrower than an administrator":             {policy.Boundary, "", `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, prove.Refuted, "arn:aws:iam::111122223333:user/alice"},
		"a boundary that denies the root user denies nobody":       {policy.Boundary, all, noRoot, prove.Proved, ""},
		"a session policy is of a session":                         {policy.Session, all, `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, prove.Refuted, "arn:aws:sts::111122223333:assumed-role/app/session"},
		"a resource control policy binds who is outside":           {policy.RCP, "", outsider, prove.Refuted, "arn:aws:iam::444455556666:user/alice"},
		"resource control policies are implied to allow":           {policy.RCP, outsider, "", prove.Proved, ""},
		"they do not reach service-linked roles":                   {policy.RCP, "", linked, prove.Proved, ""},
		"nor kms:RetireGrant":                                      {policy.RCP, "", retire, prove.Proved, ""},
		"an endpoint policy lets through whom it names":            {policy.Endpoint, open, own, prove.Refuted, "arn:aws:iam::444455556666:user/alice"},
		"an endpoint policy without Allow for others is no change": {policy.Endpoint, own, open, prove.Proved, ""},
	} {
		t.Run(name, func(t *testing.T) {
			side := func(statements string) policy.Policies {
				if statements == "" {
					return prove.Of(c.kind)
				}
				return prove.Of(c.kind, policy.Attached{Document: parse(t, statements)})
			}
			for _, x := range []prove.Prover{{}, {Catalog: catalog.Default()}} {
				v, err := x.NoNewAccess(t.Context(), side(c.newer), side(c.older))
				require.NoError(t, err)
				require.Equal(t, c.want, v.Outcome, "%s", v)
				if v.Request != nil {
					assert.Equal(t, c.caller, v.Request.Principal.String())
				}
			}
		})
	}
}

// AWS's FullAWSAccess limits nothing, and nothing else allows where it is detached.
func TestFullAccessIsAnAllowForEverything(t *testing.T) {
	deny := parse(t, `{"Effect":"Deny","Action":"*","Resource":"*"}`)
	allow := parse(t, `{"Effect":"Allow","Action":"*","Resource":"*"}`)
	none, full := prove.Of(policy.SCP), prove.Of(policy.SCP, prove.FullAccess())
	ab, ba, err := new(prove.Prover).Equivalent(t.Context(), none, full)
	require.NoError(t, err)
	assert.Equal(t, prove.Proved, ab.Outcome, "%s", ab)
	assert.Equal(t, prove.Proved, ba.Outcome, "%s", ba)
	assert.True(t, prove.Allows(deny, allow))
	assert.False(t, prove.Allows(deny, nil))
	assert.False(t, prove.Allows())
}

func TestTheNearestStatementSaysWhyItFails(t *testing.T) {
	for name, c := range map[string]struct{ newer, older, why string }{
		"the service that a role is passed to": {
			`{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":["lambda.amazonaws.com","ec2.amazonaws.com"]}}}`,
			`{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}}`,
			`StringEquals iam:PassedToService "lambda.amazonaws.com", and the request has "ec2.amazonaws.com"`,
		},
		"a condition whose key is absent": {
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"a"}}}`,
			`StringEquals s3:prefix "a", and the request has none`,
		},
		"the action": {
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`,
			`Action "s3:PutObject", and the request has "s3:GetObject"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var x prove.Prover
			v, err := x.NoNewAccess(t.Context(), prove.Identity(parse(t, c.newer)), prove.Identity(parse(t, c.older)))
			require.NoError(t, err)
			require.Equal(t, prove.Refuted, v.Outcome)
			assert.Contains(t, v.Lacks, c.why)
		})
	}
}

// Policies of one name stand in several layers; why the nearest statement fails is
// told of the one that it is.
func TestTheNearestStatementIsThatOfItsLayer(t *testing.T) {
	const open = `"Principal":"*",`
	allow := func(action, principal string) []policy.Attached {
		return policy.Attach(parse(t, `{"Effect":"Allow",`+principal+`"Action":"`+action+`","Resource":"*"}`))
	}
	identity := prove.Identity(allow("s3:*", "")[0].Document)
	for layer, beside := range map[policy.Layer]policy.Policies{
		policy.BoundaryLayer: identity, policy.SessionLayer: identity, policy.SCPLayer: identity,
		policy.ResourceLayer: policy.Policies{},
		policy.EndpointLayer: prove.Resource(allow("s3:*", open)[0].Document),
	} {
		t.Run(layer.String(), func(t *testing.T) {
			principal := ""
			if layer == policy.ResourceLayer || layer == policy.EndpointLayer {
				principal = open
			}
			of := func(action string) policy.Policies { return beside.With(layer.At(0), allow(action, principal)...) }
			v, err := new(prove.Prover).Within(t.Context(), of("s3:*"), of("s3:GetBucketPolicy"))
			require.NoError(t, err)
			require.Equal(t, prove.Refuted, v.Outcome, "%s", v)
			require.NotNil(t, v.Nearest, "%s", v)
			assert.Equal(t, layer, v.Nearest.Layer)
			assert.Equal(t, []string{`Action "s3:GetBucketPolicy", and the request has "s3:GetObject"`}, v.Lacks)
		})
	}
}
