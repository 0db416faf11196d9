package apicall_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/policy"
)

func partial(t *testing.T, operation, parameters string) *apicall.Plan {
	t.Helper()
	c := apicall.Call{Operation: operation, Parameters: []byte(parameters), Partial: true, Defaults: defaults}
	p, err := c.Plan(evaluator.Options{})
	require.NoError(t, err)
	return p
}

// in says of each authorization what is certain.
func in(p *apicall.Plan) []string {
	var out []string
	for _, a := range p.Authorizations {
		text := a.Action + " on " + a.Resource
		if a.Unknown {
			text += "… by " + a.Parameter
		}
		if a.When != "" {
			text += " " + a.When
		}
		out = append(out, text)
	}
	return out
}

func TestPartsOfParametersAskWhatIsCertain(t *testing.T) {
	p := partial(t, "lambda:CreateFunction", `{"FunctionName": "my-fn"}`)
	assert.Equal(t, []string{"Role", "Code"}, p.Missing)
	assert.Equal(t, []string{
		"lambda:CreateFunction on " + function,
		"iam:PassRole on arn:aws:iam::111122223333:role/… by Role",
		"lambda:GetLayerVersion on arn:aws:lambda:… by Layers if Layers is given",
		"lambda:TagResource on " + function + " if Tags is given",
		"lambda:PassCapacityProvider on arn:aws:lambda:… by CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig.CapacityProviderArn if CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig.CapacityProviderArn is given",
		"s3:GetObject on arn:aws:s3:::… by Code.S3Bucket if Code.S3Bucket is given and Code.S3ObjectVersion is not",
		"s3:GetObjectVersion on arn:aws:s3:::… by Code.S3Bucket if Code.S3ObjectVersion is given",
	}, in(p)[:7])
	assert.Empty(t, p.Preconditions, "the role is not known")

	p = partial(t, "lambda:CreateFunction", `{"FunctionName": "my-fn", "Code": {"ZipFile": "x"}, "Role": "`+role+`"}`)
	assert.Empty(t, p.Missing)
	assert.Contains(t, in(p), "iam:PassRole on "+role)
	assert.NotContains(t, strings.Join(in(p), "\n"), "s3:", "the code is known, and not in S3")
	assert.Contains(t, strings.Join(in(p), "\n"), "if Layers is given")
	assert.Len(t, p.Preconditions, 1)

	p = partial(t, "lambda:GetFunctionConfiguration", `{"FunctionName": "my-fn"}`)
	assert.Equal(t, []string{"lambda:GetFunctionConfiguration on " + function + "… by Qualifier"}, in(p))
	p = partial(t, "lambda:GetFunctionConfiguration", `{"FunctionName": "my-fn:live"}`)
	assert.Equal(t, []string{"lambda:GetFunctionConfiguration on " + function + ":live"}, in(p))
	p = partial(t, "sts:AssumeRole", `{}`)
	assert.Equal(t, "sts:AssumeRole on arn:aws:iam::… by RoleArn", in(p)[0], "a role that is assumed may be of any account")
}

// A key that a parameter would give is not known, and never absent.
func TestAKeyOfAParameterThatIsNotKnownIsNotKnown(t *testing.T) {
	doc := policy.MustParse("own.json", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/team": "red", "lambda:CodeSigningConfigArn": "c"}}}}`)
	caller := &evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/u"), Identity: evaluator.MustCompile(policy.Identity, doc)}
	target := func(string) evaluator.Target { return evaluator.Target{} }
	result := partial(t, "lambda:CreateFunction", `{"FunctionName": "my-fn"}`).Evaluate(new(evaluator.Engine), caller, target)
	assert.Equal(t, evaluator.Indeterminate, result.Authorizations[0].Outcome())
	assert.Equal(t, evaluator.ImplicitDeny, result.Authorizations[1].Outcome(), "no role may be passed, whichever it is")
	assert.Equal(t, evaluator.ImplicitDeny, result.Outcome)
}

// Whatever parameters a call has, knowing a part of them contradicts nothing that
// knowing all of them tells: each authorization is in the partial plan, and what
// that asks for certain is asked.
func TestAPartialPlanHoldsTheWhole(t *testing.T) {
	everyPlan(t, readModel(t), func(whole *apicall.Plan, parameters string) {
		var all map[string]json.RawMessage
		require.NoError(t, json.Unmarshal([]byte(parameters), &all))
		parts := []map[string]json.RawMessage{{}}
		for name := range all {
			part := maps.Clone(all)
			delete(part, name)
			parts = append(parts, part)
		}
		for _, part := range parts {
			text, err := json.Marshal(part)
			require.NoError(t, err)
			p := partial(t, whole.Operation, string(text))
			for _, a := range whole.Authorizations {
				assert.True(t, slices.ContainsFunc(p.Authorizations, func(b apicall.Authorization) bool {
					return a.Action == b.Action && (a.Resource == b.Resource || b.Unknown && strings.HasPrefix(a.Resource, b.Resource))
				}), "%s with %s: %s on %s", p.Operation, text, a.Action, a.Resource)
			}
			for _, b := range p.Authorizations {
				if b.Effect == apicall.Required {
					assert.True(t, slices.ContainsFunc(whole.Authorizations, func(a apicall.Authorization) bool { return a.Action == b.Action }), "%s with %s: %s", p.Operation, text, b.Action)
				}
			}
		}
	})
}
