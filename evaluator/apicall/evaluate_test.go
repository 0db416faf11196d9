package apicall_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/evaluator/wire"
	"github.com/iamsim/iamsim/policy"
)

const alice = "arn:aws:iam::111122223333:user/alice"

func compile(t testing.TB, kind policy.Kind, document string) *evaluator.Set {
	t.Helper()
	doc, err := policy.ParseString("test.json", document)
	require.NoError(t, err)
	set, err := evaluator.Compile(kind, policy.Attached{Document: doc, Name: "test"})
	require.NoError(t, err)
	return set
}

func caller(t testing.TB, statements string) *evaluator.Caller {
	return &evaluator.Caller{
		Principal: evaluator.User(alice),
		Identity:  compile(t, policy.Identity, `{"Version": "2012-10-17", "Statement": [`+statements+`]}`),
	}
}

func allow(actions string) string {
	return `{"Effect": "Allow", "Action": [` + actions + `], "Resource": "*"}`
}

func bare(resource string) evaluator.Target { return evaluator.Target{Resource: resource} }

func evaluate(t testing.TB, c *evaluator.Caller, call apicall.Call, target func(string) evaluator.Target) *apicall.Result {
	t.Helper()
	call.Defaults = defaults
	var engine evaluator.Engine
	result, err := apicall.Evaluate(&engine, c, call, target)
	require.NoError(t, err)
	return result
}

func TestACallThatIsNoneIsAnError(t *testing.T) {
	var engine evaluator.Engine
	result, err := apicall.Evaluate(&engine, caller(t, allow(`"*"`)), apicall.Call{Operation: "lambda:Nothing"}, bare)
	require.ErrorIs(t, err, apicall.ErrUnknownOperation)
	assert.Nil(t, result)
}

func codes(diagnostics []evaluator.Diagnostic) []string {
	var list []string
	for _, d := range diagnostics {
		list = append(list, d.Code)
	}
	return list
}

const createFunction = `{"FunctionName": "my-fn", "Role": "` + role + `", "Code": {"ZipFile": "UEs="}, "Layers": ["` + layer + `"], "Tags": {"team": "red"}}`

func TestTheCodeIsThatOfTheServiceThatWasCalled(t *testing.T) {
	for operation, tc := range map[string]struct {
		parameters, denied, code string
		status                   int
	}{
		"lambda:CreateFunction": {createFunction, "iam:PassRole", "AccessDeniedException", 403},
		"lambda:GetFunction":    {`{"FunctionName": "my-fn"}`, "lambda:GetFunction", "AccessDeniedException", 403},
	} {
		t.Run(operation, func(t *testing.T) {
			statements := `{"Effect": "Allow", "NotAction": "` + tc.denied + `", "Resource": "*"}`
			err := evaluate(t, caller(t, statements), apicall.Call{Operation: operation, Parameters: []byte(tc.parameters)}, bare).Err()
			require.ErrorIs(t, err, evaluator.ErrDenied)
			var refused *wire.Error
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, tc.denied, refused.Denied.Action)
			assert.Equal(t, tc.code, refused.ErrorCode())
			assert.Contains(t, refused.ErrorMessage(), "not authorized to perform: "+tc.denied)
			assert.Equal(t, tc.status, refused.Response().Status)
		})
	}
}

func TestAllThatFailIsReportedAndTheFirstHasTheMessage(t *testing.T) {
	r := evaluate(t, caller(t, allow(`"lambda:CreateFunction", "iam:PassRole"`)), apicall.Call{Operation: "CreateFunction", Parameters: []byte(createFunction)}, bare)
	var outcomes []evaluator.Outcome
	for i := range r.Authorizations {
		outcomes = append(outcomes, r.Authorizations[i].Outcome())
	}
	assert.Equal(t, []evaluator.Outcome{evaluator.Allowed, evaluator.Allowed, evaluator.ImplicitDeny, evaluator.ImplicitDeny}, outcomes)
	assert.Equal(t, evaluator.ImplicitDeny, r.Outcome)
	assert.Equal(t, 2, r.Deciding)
	assert.False(t, r.Allowed())
	assert.ErrorIs(t, r.Err(), evaluator.ErrImplicitDeny)
	assert.Contains(t, r.Message(), "lambda:GetLayerVersion on resource: "+layer)

	r = evaluate(t, caller(t, allow(`"*"`)), apicall.Call{Operation: "CreateFunction", Parameters: []byte(createFunction)}, bare)
	assert.True(t, r.Allowed())
	assert.Equal(t, -1, r.Deciding)
	assert.NoError(t, r.Err())
	assert.Empty(t, r.Message())
}

// Where AWS's words are not known, an unmet precondition says who may not do what.
func TestAPreconditionWithoutAWSsWords(t *testing.T) {
	trusting := compile(t, policy.Trust, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}`)
	call := apicall.Call{Operation: "CreateCapacityProvider", Parameters: []byte(`{"CapacityProviderName": "p", "VpcConfig": {"SubnetIds": ["s"], "SecurityGroupIds": ["g"]}, "PermissionsConfig": {"CapacityProviderOperatorRoleArn": "` + role + `"}}`)}
	for _, named := range []bool{true, false} {
		r := evaluate(t, caller(t, allow(`"*"`)), call, func(resource string) evaluator.Target {
			target := evaluator.Target{}
			if named {
				target.Resource = resource
			}
			if resource == role {
				target.Policies = []*evaluator.Set{trusting}
			}
			return target
		})
		require.Len(t, r.Preconditions, 1)
		assert.EqualError(t, r.Preconditions[0].Err(), `lambda.amazonaws.com may not do sts:AssumeRole on "`+role+`"`)
	}
}

func TestATrustPolicyIsAPreconditionAndNoPolicyOfPassRole(t *testing.T) {
	trusting := func(service string) func(string) evaluator.Target {
		return func(resource string) evaluator.Target {
			target := bare(resource)
			if resource == role {
				target.Policies = []*evaluator.Set{compile(t, policy.Trust, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "`+service+`"}, "Action": "sts:AssumeRole"}}`)}
			}
			return target
		}
	}
	everything := caller(t, allow(`"*"`))
	call := apicall.Call{Operation: "CreateFunction", Parameters: []byte(createFunction)}
	for name, tc := range map[string]struct {
		target func(string) evaluator.Target
		want   evaluator.Outcome
		err    string
	}{
		"it trusts Lambda":          {trusting("lambda.amazonaws.com"), evaluator.Allowed, ""},
		"it trusts another service": {trusting("ec2.amazonaws.com"), evaluator.ImplicitDeny, "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda."},
		"it is not given":           {bare, evaluator.Indeterminate, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := evaluate(t, everything, call, tc.target)
			assert.True(t, r.Allowed())
			require.Len(t, r.Preconditions, 1)
			assert.Equal(t, tc.want, r.Preconditions[0].Outcome())
			if tc.err == "" {
				assert.NoError(t, r.Preconditions[0].Err())
			} else {
				assert.EqualError(t, r.Preconditions[0].Err(), tc.err)
			}
		})
	}
}

func TestTagsThatNobodyToldLeaveADecisionOpen(t *testing.T) {
	red := caller(t, `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "red"}}}`)
	call := apicall.Call{Operation: "DeleteFunction", Parameters: []byte(`{"FunctionName": "my-fn"}`)}
	tagged := func(tags ...evaluator.Tag) func(string) evaluator.Target {
		return func(resource string) evaluator.Target { return evaluator.Target{Resource: resource, Tags: tags} }
	}
	r := evaluate(t, red, call, bare)
	assert.Equal(t, evaluator.Indeterminate, r.Outcome)
	assert.ErrorIs(t, r.Err(), evaluator.ErrIndeterminate)
	d := r.Authorizations[0].Diagnostics
	i := slices.IndexFunc(d, func(d evaluator.Diagnostic) bool { return d.Code == "value-not-known" })
	require.GreaterOrEqual(t, i, 0)
	assert.Equal(t, "aws:ResourceTag/team", d[i].Subject)
	assert.Contains(t, d[i].Message, "give the tags of "+function)

	assert.Equal(t, evaluator.Allowed, evaluate(t, red, call, tagged(evaluator.Tag{Key: "team", Value: "red"})).Outcome)
	assert.Equal(t, evaluator.ImplicitDeny, evaluate(t, red, call, tagged(evaluator.Tag{Key: "team", Value: "blue"})).Outcome)
	assert.Equal(t, evaluator.ImplicitDeny, evaluate(t, red, call, tagged([]evaluator.Tag{}...)).Outcome)
}

func TestAKeyThatIsNotKnownIsNamedWithWhatTellsIt(t *testing.T) {
	c := caller(t, `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"ArnLike": {"lambda:FunctionArn": "arn:aws:lambda:*:*:function:intern-*"}}}`)
	call := apicall.Call{Operation: "DeleteEventSourceMapping", Parameters: []byte(`{"UUID": "u-1"}`)}
	r := evaluate(t, c, call, bare)
	assert.Equal(t, evaluator.Indeterminate, r.Outcome)
	assert.Contains(t, r.Authorizations[0].Diagnostics[len(r.Authorizations[0].Diagnostics)-1].Message, `give state "mappingFunctionArn"`)

	call.State = apicall.State{apicall.MappingFunctionARN: {"arn:aws:lambda:us-east-1:111122223333:function:intern-a"}}
	assert.Equal(t, evaluator.Allowed, evaluate(t, c, call, bare).Outcome)
	call.State = nil
	call.Context = evaluator.Context{known("lambda:FunctionArn", "arn:aws:lambda:us-east-1:111122223333:function:intern-a")}
	assert.Equal(t, evaluator.Allowed, evaluate(t, c, call, bare).Outcome, "the context may give what the call does not know")
}

func TestWhatAnotherServiceAsksHasKeysOfItsOwn(t *testing.T) {
	c := caller(t, allow(`"lambda:*", "iam:PassRole"`)+`, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"s3:ExistingObjectTag/kind": "code"}}}`)
	r := evaluate(t, c, apicall.Call{Operation: "UpdateFunctionCode", Parameters: []byte(`{"FunctionName": "my-fn", "S3Bucket": "b", "S3Key": "k"}`)}, bare)
	assert.Equal(t, evaluator.Indeterminate, r.Outcome)
	assert.Equal(t, "s3:GetObject", r.Authorizations[r.Deciding].Action)
}

func TestAnotherServiceAsksViaAService(t *testing.T) {
	call := apicall.Call{Operation: "CreateFunction", Parameters: []byte(`{"FunctionName": "orders", "Role": "` + role + `", "Code": {"S3Bucket": "b", "S3Key": "k"}}`)}
	const viaService = `{"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:ViaAWSService": "true"}}}`
	for name, context := range map[string]evaluator.Context{
		"nothing is said of the request": nil,
		"the caller's own request":       {{Name: "aws:ViaAWSService", Values: []string{"false"}}},
	} {
		t.Run(name, func(t *testing.T) {
			call.Context = context
			result := evaluate(t, caller(t, allow(`"*"`)+","+viaService), call, bare)
			assert.Equal(t, evaluator.ExplicitDeny, result.Outcome)
			assert.Equal(t, "s3:GetObject", result.Authorizations[result.Deciding].Action)
			assert.Equal(t, evaluator.Allowed, result.Authorizations[0].Outcome())
		})
	}
	chained := allow(`"*"`) + `,{"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"aws:CalledVia": "lambda.amazonaws.com"}}}`
	assert.Equal(t, evaluator.Indeterminate, evaluate(t, caller(t, chained), call, bare).Outcome, "whether Lambda is in the chain is not known")
}

func TestLessThanCertainIsSaid(t *testing.T) {
	everything := caller(t, allow(`"*"`))
	r := evaluate(t, everything, apicall.Call{Operation: "GetMicrovm", Parameters: []byte(`{"microvmIdentifier": "m"}`), State: apicall.State{apicall.MicroVMImage: {"web"}}}, bare)
	assert.Equal(t, []string{apicall.LessThanCertain}, codes(r.Authorizations[0].Diagnostics))

	const image = `{"imageIdentifier": "web", "baseImageArn": "b", "buildRoleArn": "` + role + `", "codeArtifact": {"uri": "s3://b/k"}}`
	r = evaluate(t, everything, apicall.Call{Operation: "UpdateMicrovmImage", Parameters: []byte(image)}, bare)
	assert.Empty(t, r.Authorizations[1].Diagnostics, "the key's value is doubtful, and no policy asks for it")
	toLambda := caller(t, allow(`"lambda:*"`)+`, {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}`)
	r = evaluate(t, toLambda, apicall.Call{Operation: "UpdateMicrovmImage", Parameters: []byte(image)}, bare)
	assert.Equal(t, []string{apicall.LessThanCertain}, codes(r.Authorizations[1].Diagnostics))
	assert.Equal(t, "iam:PassedToService", r.Authorizations[1].Diagnostics[0].Subject)
}

func TestWhatHasNoSayIsSaid(t *testing.T) {
	r := evaluate(t, caller(t, allow(`"lambda:GetFunction"`)), apicall.Call{Operation: "GetFunction", Parameters: []byte(`{"FunctionName": "my-fn"}`)}, bare)
	assert.True(t, r.Allowed())
	assert.Equal(t, []string{apicall.LessInAnswer}, codes(r.Diagnostics))

	edge := apicall.Call{Operation: "lambda:EnableReplication", Parameters: []byte(`{"FunctionName": "my-fn", "Version": "1"}`), State: apicall.State{apicall.ServiceLinkedRoleMissing: {"false"}}}
	r = evaluate(t, caller(t, allow(`"lambda:GetFunction", "lambda:EnableReplication*"`)), edge, bare)
	assert.True(t, r.Allowed(), "taking the function off is another call")
	assert.Equal(t, []string{apicall.PossiblyAsked}, codes(r.Diagnostics))

	edge.State = nil
	r = evaluate(t, caller(t, allow(`"lambda:GetFunction", "lambda:EnableReplication*"`)), edge, bare)
	assert.Equal(t, evaluator.Indeterminate, r.Outcome)
	assert.ErrorIs(t, r.Err(), evaluator.ErrIndeterminate)
	assert.ErrorContains(t, r.Err(), "iam:CreateServiceLinkedRole")
}

func TestAPolicyThatWasNotGivenIsSaid(t *testing.T) {
	r := evaluate(t, caller(t, allow(`"*"`)), apicall.Call{Operation: "GetLayerVersionByArn", Parameters: []byte(`{"Arn": "arn:aws:lambda:us-east-1:444455556666:layer:l:1"}`)}, bare)
	assert.Equal(t, evaluator.ImplicitDeny, r.Outcome)
	assert.Contains(t, codes(r.Authorizations[0].Diagnostics), apicall.NoResourcePolicy)
}

func TestKeysOfOneAuthorizationDoNotReachTheOthers(t *testing.T) {
	c := caller(t, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Null": {"lambda:Layer": "true", "aws:SourceIp": "false"}}}`)
	call := apicall.Call{Operation: "CreateFunction", Parameters: []byte(createFunction), Context: evaluator.Context{known("aws:SourceIp", "203.0.113.9"), known("Lambda:layer", "x")}}
	r := evaluate(t, c, call, bare)
	assert.Equal(t, 0, r.Deciding, "lambda:CreateFunction has the key")
	assert.Equal(t, evaluator.Context{known("iam:PassedToService", "lambda.amazonaws.com"), known("iam:AssociatedResourceArn", function), known("aws:SourceIp", "203.0.113.9")}, r.Authorizations[1].Request.Context)
	for _, a := range r.Authorizations {
		assert.Equal(t, a.Outcome(), evaluator.Evaluate(a.Caller, &a.Target, &a.Request).Outcome(), "what the engine was asked")
	}
	for i := 1; i < len(r.Authorizations); i++ {
		assert.Equal(t, evaluator.Allowed, r.Authorizations[i].Outcome(), "%s has not", r.Authorizations[i].Action)
	}
}

// Each key of the whole request reaches the authorizations that have it, and
// what reaches none is said (D-5).
func TestWhatTheWholeRequestGives(t *testing.T) {
	const tagged = `{"FunctionName": "my-fn", "Role": "` + role + `", "Code": {"S3Bucket": "b", "S3Key": "k"}, "Tags": {"team": "red"}}`
	const untagged = `{"FunctionName": "my-fn", "Role": "` + role + `", "Code": {"S3Bucket": "b", "S3Key": "k"}}`
	create, pass, tag, get := "lambda:CreateFunction", "iam:PassRole", "lambda:TagResource", "s3:GetObject"
	for sentence, tc := range map[string]struct {
		parameters, key string
		reaches         []string
	}{
		"where the caller is":               {tagged, "aws:SourceIp", []string{create, pass, tag, get}},
		"who the caller is":                 {tagged, "aws:PrincipalTag/team", []string{create, pass, tag, get}},
		"what a custom key says":            {tagged, "example:k", []string{create, pass, tag, get}},
		"the function whose code calls":     {tagged, "lambda:SourceFunctionArn", []string{create, pass, tag, get}},
		"tags in a request that has others": {tagged, "aws:RequestTag/cost", nil},
		"tags in a request that has none":   {untagged, "aws:RequestTag/cost", nil},
		"keys of tags where there are none": {untagged, "aws:tagkeys", nil},
		"tags of the resource":              {untagged, "aws:ResourceTag/team", []string{get}},
		"a key of another service's action": {untagged, "S3:ExistingObjectTag/kind", []string{get}},
		"a key that Lambda has elsewhere":   {untagged, "lambda:FunctionUrlAuthType", nil},
		"a key that IAM has elsewhere":      {untagged, "iam:PolicyARN", nil},
	} {
		t.Run(sentence, func(t *testing.T) {
			call := apicall.Call{Operation: "CreateFunction", Parameters: []byte(tc.parameters), Context: evaluator.Context{known(tc.key, "x")}}
			r := evaluate(t, caller(t, allow(`"*"`)), call, bare)
			var reached []string
			for _, a := range r.Authorizations {
				if slices.ContainsFunc(a.Request.Context, func(k evaluator.Key) bool { return k.Name == tc.key }) {
					reached = append(reached, a.Action)
				}
			}
			assert.Equal(t, tc.reaches, reached)
			assert.Equal(t, tc.reaches == nil, slices.Contains(codes(r.Diagnostics), "unused-context-key"))
		})
	}
}

func trusting(t testing.TB, statements string) func(string) evaluator.Target {
	set := compile(t, policy.Trust, `{"Version": "2012-10-17", "Statement": [`+statements+`]}`)
	return func(resource string) evaluator.Target {
		return evaluator.Target{Resource: resource, Tags: []evaluator.Tag{}, Policies: []*evaluator.Set{set}}
	}
}

func TestWhatAnIdentityProviderSaysIsNotKnown(t *testing.T) {
	const oidc = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE"
	const url = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE"
	web := apicall.Call{Operation: "sts:AssumeRoleWithWebIdentity", Parameters: []byte(`{"RoleArn": "` + role + `", "RoleSessionName": "bob", "WebIdentityToken": "eyJ0"}`)}
	for sentence, tc := range map[string]struct {
		provider, condition string
		context             evaluator.Context
		want                evaluator.Outcome
	}{
		"a claim":                            {"accounts.google.com", `"StringEquals": {"accounts.google.com:sub": "1"}`, nil, evaluator.Indeterminate},
		"a claim as a variable":              {"accounts.google.com", `"StringNotEqualsIgnoreCase": {"sts:RoleSessionName": "${accounts.google.com:sub}"}`, nil, evaluator.Indeterminate},
		"two claims, compared":               {"accounts.google.com", `"StringNotEquals": {"accounts.google.com:aud": "${accounts.google.com:sub}"}`, nil, evaluator.Indeterminate},
		"a claim that no document lists":     {"accounts.google.com", `"StringEquals": {"accounts.google.com:new": "1"}`, nil, evaluator.Indeterminate},
		"a claim of a provider with an ARN":  {oidc, `"StringEquals": {"` + url + `:sub": "system:serviceaccount:a:b"}`, nil, evaluator.Indeterminate},
		"its claim where it is told":         {oidc, `"StringEquals": {"` + url + `:sub": "system:serviceaccount:a:b"}`, evaluator.Context{known(url+":sub", "system:serviceaccount:a:b")}, evaluator.Allowed},
		"a claim of another provider":        {"accounts.google.com", `"StringEquals": {"gitlab.com:sub": "1"}`, nil, evaluator.ImplicitDeny},
		"a claim that is told":               {"accounts.google.com", `"StringEquals": {"accounts.google.com:sub": "1"}`, evaluator.Context{known("accounts.google.com:sub", "1")}, evaluator.Allowed},
		"a claim that is told as a variable": {"accounts.google.com", `"StringEquals": {"sts:RoleSessionName": "${accounts.google.com:sub}"}`, evaluator.Context{known("accounts.google.com:sub", "bob")}, evaluator.Allowed},
	} {
		t.Run(sentence, func(t *testing.T) {
			call := web
			call.Context = tc.context
			trust := trusting(t, `{"Effect": "Allow", "Principal": {"Federated": "`+tc.provider+`"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {`+tc.condition+`}}`)
			r := evaluate(t, &evaluator.Caller{Principal: evaluator.Web(tc.provider)}, call, trust)
			assert.Equal(t, tc.want, r.Outcome, "%v", r.Err())
		})
	}
}

func TestWhatTheContextShowsIsAsked(t *testing.T) {
	const saml = "arn:aws:iam::111122223333:saml-provider/idp"
	calls := map[string]struct {
		operation, parameters string
		caller                evaluator.Principal
	}{
		"an assertion": {"sts:AssumeRoleWithSAML", `{"RoleArn": "` + role + `", "PrincipalArn": "` + saml + `", "SAMLAssertion": "x"}`, evaluator.SAML(saml)},
		"a token":      {"sts:AssumeRoleWithWebIdentity", `{"RoleArn": "` + role + `", "RoleSessionName": "s", "WebIdentityToken": "x"}`, evaluator.Web("accounts.google.com")},
	}
	for of, c := range calls {
		for sentence, tc := range map[string]struct {
			context evaluator.Context
			asked   string
		}{
			"nothing":                         {nil, ""},
			"where the caller is":             {evaluator.Context{known("aws:SourceIp", "192.0.2.1")}, ""},
			"that there are no tags":          {evaluator.Context{known("aws:TagKeys")}, ""},
			"that tags are not known":         {evaluator.Context{{Name: "aws:TagKeys", State: evaluator.Unknown}}, ""},
			"keys of tags":                    {evaluator.Context{known("aws:TagKeys", "team")}, "sts:TagSession"},
			"a tag":                           {evaluator.Context{known("aws:requesttag/team", "red")}, "sts:TagSession"},
			"that there is a tag":             {evaluator.Context{{Name: "aws:RequestTag/team", State: evaluator.Present}}, "sts:TagSession"},
			"a source identity":               {evaluator.Context{known("sts:SourceIdentity", "bob")}, "sts:SetSourceIdentity"},
			"that there is a source identity": {evaluator.Context{{Name: "sts:SourceIdentity", State: evaluator.Present}}, "sts:SetSourceIdentity"},
		} {
			t.Run(of+" and a context that shows "+sentence, func(t *testing.T) {
				call := apicall.Call{Operation: c.operation, Parameters: []byte(c.parameters), Context: tc.context}
				who := &evaluator.Caller{Principal: c.caller}
				r := evaluate(t, who, call, trusting(t, `{"Effect": "Allow", "Principal": {"Federated": "`+c.caller.String()+`"}, "Action": "`+c.operation+`"}`))
				assert.Equal(t, tc.asked == "", r.Allowed())
				for _, a := range r.Authorizations[1:] {
					want := apicall.Possible
					if a.Action == tc.asked {
						want = apicall.Required
					}
					assert.Equal(t, want, a.Effect, a.Action)
				}
				all := trusting(t, `{"Effect": "Allow", "Principal": {"Federated": "`+c.caller.String()+`"}, "Action": "sts:*"}`)
				assert.True(t, evaluate(t, who, call, all).Allowed())
			})
		}
	}
}

// Whoever may do everything may make every call; and each authorization is
// decided by the right to it and by nothing else.
func TestEachAuthorizationIsDecidedByItsRight(t *testing.T) {
	m := readModel(t)
	operations := apicall.Operations()
	rapid.Check(t, func(t *rapid.T) {
		operation := rapid.SampledFrom(operations).Draw(t, "operation")
		if strings.HasPrefix(operation, "sts:") {
			return // fixed rules have a say there (L-4)
		}
		object := rapid.Bool().Draw(t, "an object in S3")
		parameters, err := json.Marshal(m.complete(m.calls[operation], func(name string, required bool) bool {
			if strings.HasPrefix(name, "S3") { // bucket and key go together
				return object
			}
			return required || rapid.Bool().Draw(t, "given")
		}))
		if err != nil {
			t.Fatal(err)
		}
		call := apicall.Call{Operation: operation, Parameters: parameters, Defaults: defaults}
		p, err := call.Plan(evaluator.Options{})
		if err != nil {
			t.Fatalf("%s %s: %v", operation, parameters, err)
		}
		if p.Authorizations[0].Anonymous {
			return // nobody's rights are looked at (F-22)
		}
		var actions []string
		for _, a := range p.Authorizations {
			if rapid.Bool().Draw(t, "allowed") {
				actions = append(actions, fmt.Sprintf("%q", a.Action))
			}
		}
		decide := func(actions string) *apicall.Result {
			doc, err := policy.ParseString("p", `{"Version": "2012-10-17", "Statement": [`+allow(actions)+`]}`)
			if err != nil {
				t.Fatal(err)
			}
			c := evaluator.Caller{Principal: evaluator.User(alice), Identity: evaluator.MustCompile(policy.Identity, doc)}
			return p.Evaluate(new(evaluator.Engine), &c, func(resource string) evaluator.Target {
				target := bare(resource)
				if strings.Contains(resource, ":key/") { // which nobody uses without its policy (L-7)
					target.Policies = []*evaluator.Set{keyPolicy}
				}
				return target
			})
		}
		some, all := decide(strings.Join(actions, ", ")), decide(`"*"`)
		if !all.Allowed() {
			t.Fatalf("%s %s: denied to whom everything is allowed: %v", operation, parameters, all.Err())
		}
		for i := range some.Authorizations {
			a := &some.Authorizations[i]
			if want := slices.Contains(actions, fmt.Sprintf("%q", a.Action)); want != (a.Outcome() == evaluator.Allowed) {
				t.Fatalf("%s %s: %s is %s", operation, parameters, a.Action, a.Outcome())
			}
		}
	})
}

var keyPolicy = func() *evaluator.Set {
	doc, err := policy.ParseString("key", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}}`)
	if err != nil {
		panic(err)
	}
	return evaluator.MustCompile(policy.Resource, doc)
}()

func FuzzAuthorizations(f *testing.F) {
	f.Add("lambda:CreateFunction", createFunction, "", "")
	f.Add("InvokeFunctionUrl", `{"FunctionName":"f:a","Qualifier":"a","AuthType":"NONE"}`, "", "")
	f.Add("GetMicrovm", `{"microvmIdentifier":"m"}`, "microvmImage", "web")
	f.Add("sts:AssumeRole", `{"RoleArn":"`+role+`","RoleSessionName":"s","Tags":[{"Key":"a","Value":"b"},{"Key":"A"}]}`, "", "")
	f.Add("PutResourcePolicy", `{"ResourceArn":"`+function+`","Policy":"{\"Statement\":[]}"}`, "storedPolicyPrincipals", "*")
	f.Add("UpdateFunctionCode", `{"FunctionName":"`+function+`","ImageUri":"111122223333.dkr.ecr.us-east-1.amazonaws.com/a/b@sha256:0"}`, "repositoryLacksLambdaGrant", "true")
	everything := caller(f, allow(`"*"`))
	f.Fuzz(func(t *testing.T, operation, parameters, state, told string) {
		call := apicall.Call{Operation: operation, Parameters: []byte(parameters), Defaults: arn.Defaults{Region: "us-east-1", Account: "111122223333"}}
		if state != "" {
			call.State = apicall.State{apicall.Lookup(state): {told}}
		}
		p, err := call.Plan(evaluator.Options{})
		if err != nil {
			assert.True(t, isCallError(err), "%v", err)
			return
		}
		r := p.Evaluate(new(evaluator.Engine), everything, bare)
		if len(r.Authorizations) == 0 {
			t.Fatalf("%s asks for nothing", operation)
		}
		for i := range r.Authorizations {
			if a := &r.Authorizations[i]; a.Outcome() == evaluator.Invalid && len(a.Resource) < 2000 {
				t.Fatalf("%s %s: %v", operation, parameters, a.Explanation.Err())
			}
		}
	})
}

func isCallError(err error) bool {
	return errors.Is(err, apicall.ErrUnknownOperation) || errors.Is(err, apicall.ErrParameter) || errors.Is(err, apicall.ErrState)
}
