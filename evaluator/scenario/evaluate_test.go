package scenario_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func evaluate(t *testing.T, text string) *scenario.Result {
	t.Helper()
	var e scenario.Evaluator
	return e.Evaluate(one(t, text))
}

func TestResultIsOneLineOfJSON(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"an allowed request", `{"name": "a", ` + request + `, "policies": {"identity": [{"name": "all", "document": {
  "Version": "2012-10-17", "Statement": [
    {"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"}]}}]}}`,
			`{"name":"a","decision":"allowed","statements":[{"policy":"all","slot":"identity","index":0,"sid":"Everything","effect":"Allow","line":3,"column":5}]}`},
		{"a denied request", `{"name": "a<b", ` + request + `, "want": "implicitDeny"}`,
			`{"name":"a<b","decision":"implicitDeny","deniedBy":"identity","statements":[],"message":"User: arn:aws:iam::111122223333:user/alice is not authorized to perform: lambda:GetFunction on resource: arn:aws:lambda:us-east-1:111122223333:function:my-fn because no identity-based policy allows the lambda:GetFunction action","pass":true}`},
		{"an expectation that is not met", `{"name": "a", ` + request + `, "policies": {"identity": [` + allowAll + `]}, "want": {"decision": "explicitDeny", "deniedBy": "scp"}}`,
			`{"name":"a","decision":"allowed","statements":[{"policy":"identity[0]","slot":"identity","index":0,"effect":"Allow","line":1,"column":246}],"pass":false,"mismatch":["decision: want explicitDeny, got allowed","deniedBy: want scp, got none"]}`},
		{"a request that is none", `{"name": "a", "request": {` + alice + `, "action": "lambda:*", "resource": "*"}}`,
			`{"name":"a","decision":"invalid","error":"s.json:1:1: request: invalid request: action \"lambda:*\" is not one service:Name without wildcards"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, err := evaluate(t, tt.text).MarshalJSON()
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(text))
		})
	}
	text, err := scenario.Failed(&scenario.Scenario{Name: "n"}, errors.New("why")).MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, `{"name":"n","error":"why"}`, string(text))
}

func TestACatalogueAddsNotesAndDecidesNothing(t *testing.T) {
	s := one(t, `{"request": {`+alice+`, "action": "lambda:GetFunctoin", "resource": "*", "context": {"aws:SorceIp": "1"}}, "policies": {"identity": `+allowAll+`}}`)
	var without scenario.Evaluator
	with := scenario.Evaluator{Catalog: catalog.Default()}
	plain, checked := without.Evaluate(s), with.Evaluate(s)
	assert.Empty(t, plain.Diagnostics)
	assert.Equal(t, []string{
		`action "lambda:GetFunctoin" is none that the catalogue knows; did you mean "lambda:GetFunction"?`,
		`context key "aws:SorceIp" is none that the catalogue knows; did you mean "aws:SourceIp"?`,
	}, checked.Diagnostics)
	checked.Diagnostics = nil
	assert.Equal(t, plain, checked)
	explained, err := with.Explain(s)
	require.NoError(t, err)
	require.Len(t, explained, 1)
	assert.Len(t, explained[0].Diagnostics(), 2)
}

func TestAnUnknownNameFailsAScenarioThatWantsSomething(t *testing.T) {
	const function = `"arn:aws:lambda:us-east-1:111122223333:function:my-fn"`
	e := scenario.Evaluator{Catalog: catalog.Default()}
	for name, tc := range map[string]struct{ request, want string }{
		"an action":                {`"action": "lambda:GetFunctoin", "resource": ` + function, `did you mean "lambda:GetFunction"?`},
		"a context key":            {`"action": "lambda:GetFunction", "resource": ` + function + `, "context": {"aws:SorceIp": "203.0.113.9"}`, `did you mean "aws:SourceIp"?`},
		"the type of the resource": {`"action": "lambda:GetFunction", "resource": "arn:aws:lambda:us-east-1:111122223333:funktion:my-fn"`, "is no resource of lambda:GetFunction"},
		"a key of a call":          {`"call": {"operation": "lambda:GetFunction", "parameters": {"FunctionName": "my-fn"}}, "context": {"aws:RequestedRegion": "us-east-1", "aws:SorceIp": "1"}`, `did you mean "aws:SourceIp"?`},
	} {
		t.Run(name, func(t *testing.T) {
			text := `{"request": {` + alice + `, ` + tc.request + `}, "policies": {"identity": ` + allowAll + `}, "want": "allowed"`
			result := e.Evaluate(one(t, text+`}`))
			assert.Equal(t, evaluator.Allowed, result.Decision)
			require.Len(t, result.Mismatch, 1)
			assert.Contains(t, result.Mismatch[0], tc.want)
			result = e.Evaluate(one(t, text+`, "options": {"catalog": false}}`))
			assert.True(t, result.Pass(), "%v", result.Mismatch)
			assert.Empty(t, result.Diagnostics)
		})
	}
}

func TestActionsAndResourcesMultiplyACase(t *testing.T) {
	const suite = `{"defaults": {"request": {` + alice + `, "actions": ["s3:GetObject", "s3:PutObject"], "resource": "arn:aws:s3:::b/k"}},
		"cases": [{"name": "both", "request": {"resources": ["arn:aws:s3:::b/k", "arn:aws:s3:::b/l"]}, "want": "denied"}, {"name": "one", "request": {"action": "s3:GetObject"}, "want": "denied"}, {"name": "actions"}]}`
	var names []string
	var e scenario.Evaluator
	for s, err := range scenario.Stream("s.json", strings.NewReader(suite), nil) {
		require.NoError(t, err)
		result := e.Evaluate(s)
		assert.Equal(t, s.Want != nil, result.Pass())
		assert.Equal(t, s.Request.Action, result.Action)
		names = append(names, result.Name)
	}
	assert.Equal(t, []string{
		"both: s3:GetObject on arn:aws:s3:::b/k", "both: s3:GetObject on arn:aws:s3:::b/l", "both: s3:PutObject on arn:aws:s3:::b/k", "both: s3:PutObject on arn:aws:s3:::b/l",
		"one", "actions: s3:GetObject on arn:aws:s3:::b/k", "actions: s3:PutObject on arn:aws:s3:::b/k",
	}, names)
}

func TestDeniedIsEitherKindOfDeny(t *testing.T) {
	const denyAll = `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}`
	for policies, mismatch := range map[string][]string{``: nil, denyAll: nil, allowAll: {"decision: want denied, got allowed"}} {
		for _, want := range []string{`"denied"`, `{"decision": "denied"}`} {
			s := one(t, `{`+request+`, "policies": {"identity": [`+policies+`]}, "want": `+want+`}`)
			var e scenario.Evaluator
			assert.Equal(t, mismatch, e.Evaluate(s).Mismatch)
			written, err := json.Marshal(s)
			require.NoError(t, err)
			assert.Equal(t, mismatch, e.Evaluate(one(t, string(written))).Mismatch)
		}
	}
}

func TestWhatCannotBeEvaluatedIsNotExplained(t *testing.T) {
	var e scenario.Evaluator
	s := one(t, `{`+request+`}`)
	s.Policies = s.Policies.With(policy.IdentityLayer.At(0), policy.Attached{Document: &policy.Document{}})
	explanations, err := e.Explain(s)
	require.Error(t, err)
	assert.Nil(t, explanations)
}

func TestWantComparesEveryMember(t *testing.T) {
	const policies = `"policies": {"identity": [{"name": "p", "document": {"Version": "2012-10-17", "Statement": [
  {"Sid": "Yes", "Effect": "Allow", "Action": "*", "Resource": "*"},
  {"Sid": "No", "Effect": "Deny", "Action": "lambda:Get*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "x"}}}]}}]}`
	tests := []struct {
		name, want string
		mismatch   []string
	}{
		{"everything holds", `{"decision": "explicitDeny", "deniedBy": "identity", "action": "lambda:GetFunction", "missingContext": ["AWS:principaltag/team"],
			"statements": [{"policy": "p", "slot": "identity", "index": 1, "sid": "No", "effect": "Deny", "line": 3, "column": 3}]}`, nil},
		{"the decision", `"allowed"`, []string{"decision: want allowed, got explicitDeny by identity"}},
		{"the layer", `{"deniedBy": "scp"}`, []string{"deniedBy: want scp, got identity"}},
		{"no layer", `{"deniedBy": null}`, []string{"deniedBy: want none, got identity"}},
		{"the number of statements", `{"statements": []}`, []string{"statements: want 0, got 1 (p[1])"}},
		{"each member of a statement", `{"statements": [{"policy": "q", "slot": "scp", "index": 0, "sid": "Yes", "effect": "Allow", "line": 1, "column": 1}]}`, []string{
			"statements[0].policy: want q, got p", "statements[0].slot: want scp, got identity", "statements[0].index: want 0, got 1",
			"statements[0].sid: want Yes, got No", "statements[0].effect: want Allow, got Deny", "statements[0].line: want 1, got 3", "statements[0].column: want 1, got 3",
		}},
		{"the message", `{"message": "no"}`, []string{`message: want "no", got "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: lambda:GetFunction on resource: arn:aws:lambda:us-east-1:111122223333:function:my-fn with an explicit deny in an identity-based policy"`}},
		{"the missing keys", `{"missingContext": []}`, []string{`missingContext: want [], got ["aws:PrincipalTag/team"]`}},
		{"another missing key", `{"missingContext": ["aws:PrincipalTag/owner"]}`, []string{`missingContext: want ["aws:PrincipalTag/owner"], got ["aws:PrincipalTag/team"]`}},
		{"the action", `{"action": "lambda:InvokeFunction"}`, []string{`action: want "lambda:InvokeFunction", got lambda:GetFunction`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := evaluate(t, "{"+request+", "+policies+`, "want": `+tt.want+`}`)
			assert.Equal(t, tt.mismatch, result.Mismatch)
			assert.Equal(t, tt.mismatch == nil, result.Pass())
			assert.False(t, result.Broken())
		})
	}
}

func TestMembersThatThePrincipalCannotHaveMakeTheRequestInvalid(t *testing.T) {
	tests := []struct{ name, principal, want string }{
		{"no principal at all", `"nobody"`, `principal "nobody" is not`},
		{"a role beside a user", `{"arn": "arn:aws:iam::111122223333:user/a", "role": "arn:aws:iam::111122223333:role/r"}`, `is not the session of a role, which alone has "role"`},
		{"another role", `{"arn": "arn:aws:sts::111122223333:assumed-role/app/s1", "role": "arn:aws:iam::111122223333:role/r"}`, "is no session of role"},
		{"a parent user beside a role", `{"arn": "arn:aws:iam::111122223333:role/r", "parentUser": "arn:aws:iam::111122223333:user/a"}`, `is not a federated user, which alone has "parentUser"`},
		{"a unique id of a service", `{"arn": "s3.amazonaws.com", "userId": "AIDA"}`, `is not a user or a role, which alone has "userId"`},
		{"tags of an anonymous caller", `{"arn": "anonymous", "tags": {"a": "b"}}`, `is not a user, a role or a session, which alone has "tags"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := evaluate(t, `{"request": {"principal": `+tt.principal+`, `+get+`}}`)
			assert.Equal(t, evaluator.Invalid, result.Decision)
			assert.True(t, result.Broken())
			require.ErrorIs(t, result.Err, evaluator.ErrInvalidRequest)
			assert.Contains(t, result.Err.Error(), "s.json:1:1: request.principal: ")
			assert.Contains(t, result.Err.Error(), tt.want)
			wanted := evaluate(t, `{"request": {"principal": `+tt.principal+`, `+get+`}, "want": "invalid"}`)
			assert.True(t, wanted.Pass())
			assert.False(t, wanted.Broken(), "an error that is expected is no wrong input")
		})
	}
}

func TestEveryKindOfPrincipalIsUnderstood(t *testing.T) {
	for _, principal := range []string{
		`"arn:aws:iam::111122223333:root"`, `"arn:aws:iam::111122223333:user/a"`, `"arn:aws:iam::111122223333:role/r"`,
		`{"arn": "arn:aws:iam::111122223333:role/r", "role": "arn:aws:iam::111122223333:role/r"}`,
		`{"arn": "arn:aws:sts::111122223333:assumed-role/r/s", "role": "arn:aws:iam::111122223333:role/p/r", "userId": "AROA", "tags": {"a": "b"}, "sessionTags": {"c": "d"}}`,
		`{"arn": "arn:aws:sts::111122223333:federated-user/f", "parentUser": "arn:aws:iam::111122223333:user/a"}`,
		`"arn:aws:iam::111122223333:saml-provider/idp"`, `"accounts.google.com"`, `"s3.amazonaws.com"`, `"anonymous"`,
	} {
		result := evaluate(t, `{"request": {"principal": `+principal+`, `+get+`}}`)
		assert.NoError(t, result.Err, principal)
	}
}

func TestWhatIsToldOfThePrincipalCounts(t *testing.T) {
	const session = `"arn": "arn:aws:sts::111122223333:assumed-role/r/s"`
	for name, tc := range map[string]struct{ principal, key, value string }{
		"tags":            {session + `, "tags": {"team": "red"}`, "aws:PrincipalTag/team", "red"},
		"session tags":    {session + `, "tags": {"team": "red"}, "sessionTags": {"team": "blue"}`, "aws:PrincipalTag/team", "blue"},
		"a role":          {session + `, "role": "arn:aws:iam::111122223333:role/p/r"`, "aws:PrincipalArn", "arn:aws:iam::111122223333:role/p/r"},
		"a unique id":     {session + `, "userId": "AROAAPP"`, "aws:userid", "AROAAPP:s"},
		"an organization": {session + `, "org": {"id": "o-a1b2c3d4e5"}`, "aws:PrincipalOrgID", "o-a1b2c3d4e5"},
	} {
		t.Run(name, func(t *testing.T) {
			s := one(t, `{"request": {"principal": {`+tc.principal+`}, `+get+`}, "policies": {"identity": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
				"Condition": {"StringEquals": {"`+tc.key+`": "`+tc.value+`"}}}}}}`)
			var e scenario.Evaluator
			result := e.Evaluate(s)
			require.NoError(t, result.Err)
			assert.Equal(t, evaluator.Allowed, result.Decision)
		})
	}
}

// calls needs two authorizations for everything.
func calls(call apicall.Call, _ evaluator.Options) (*apicall.Plan, error) {
	var parameters struct{ Function string }
	if err := json.Unmarshal(call.Parameters, &parameters); err != nil {
		return nil, err
	}
	return &apicall.Plan{Context: call.Context, Authorizations: []apicall.Authorization{
		{Action: "lambda:GetFunction", Resource: parameters.Function},
		{Action: "lambda:InvokeFunction", Resource: parameters.Function, Context: evaluator.Context{{Name: "k:url", Values: []string{"true"}}}},
	}}, nil
}

func TestCallNeedsEveryAuthorization(t *testing.T) {
	scene := func(action, condition string) *scenario.Scenario {
		return one(t, `{"request": {`+alice+`, "context": {"K:url": "false"}, "call": {"operation": "x:Y", "parameters": {"Function": "arn:aws:lambda:us-east-1:111122223333:function:my-fn"}}},
			"policies": {"identity": [{"Statement": {"Effect": "Allow", "Action": `+action+`, "Resource": "*"`+condition+`}}]}}`)
	}
	e := scenario.Evaluator{Calls: calls}
	result := e.Evaluate(scene(`"lambda:*"`, ""))
	assert.Equal(t, evaluator.Allowed, result.Decision)
	assert.Len(t, result.Authorizations, 2)
	assert.Len(t, result.Statements, 2)

	result = e.Evaluate(scene(`"lambda:GetFunction"`, ""))
	assert.Equal(t, evaluator.ImplicitDeny, result.Decision)
	assert.Equal(t, "lambda:InvokeFunction", result.Action)
	text, err := result.MarshalJSON()
	require.NoError(t, err)
	assert.Contains(t, string(text), `"authorizations":[{"action":"lambda:GetFunction","resource":"arn:aws:lambda:us-east-1:111122223333:function:my-fn","decision":"allowed",`)

	result = e.Evaluate(scene(`"lambda:*"`, `, "Condition": {"StringEquals": {"k:url": "true"}}`))
	assert.Equal(t, evaluator.Allowed, result.Authorizations[1].Decision, "the call's own key wins")
	assert.Equal(t, evaluator.ImplicitDeny, result.Authorizations[0].Decision)

	var known scenario.Evaluator
	result = known.Evaluate(scene(`"lambda:*"`, ""))
	require.ErrorIs(t, result.Err, apicall.ErrUnknownOperation)
	assert.Contains(t, result.Err.Error(), "s.json:1:1: request.call.operation: ")
	assert.False(t, result.Answered())
}

func TestFunctionURLIsACall(t *testing.T) {
	url := func(parameters string) *scenario.Result {
		return evaluate(t, `{"request": {`+alice+`, "context": {"aws:RequestedRegion": "us-east-1"}, "call": {"operation": "lambda:InvokeFunctionUrl", "parameters": `+parameters+`}},
			"policies": {"identity": [{"Statement": {"Effect": "Allow", "Action": "lambda:InvokeFunctionUrl", "Resource": "*"}}]}}`)
	}
	result := url(`{"FunctionName": "my-fn", "AuthType": "AWS_IAM"}`)
	require.NoError(t, result.Err)
	assert.Equal(t, evaluator.ImplicitDeny, result.Decision)
	assert.Equal(t, "lambda:InvokeFunction", result.Action)
	assert.Equal(t, "arn:aws:lambda:us-east-1:111122223333:function:my-fn", result.Resource, "a name stands for the function in the caller's account")
	result = url(`{"FunctionName": "my-fn", "AuthTyp": "NONE"}`)
	assert.Equal(t, evaluator.Invalid, result.Decision)
	require.ErrorIs(t, result.Err, apicall.ErrParameter)
}

func TestScenarioSurvivesItsJSON(t *testing.T) {
	for s, err := range scenario.Files(nil, "../testdata/conformance/conditions.json", "../testdata/conformance/decision.json", "../testdata/conformance/lambda.json",
		"../testdata/conformance/messages.json", "../testdata/conformance/further.json", "../testdata/conformance/calls.json") {
		require.NoError(t, err)
		text, err := json.Marshal(s)
		require.NoError(t, err)
		again := one(t, string(text))
		second, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(text), string(second), s.Name)
		var e scenario.Evaluator
		require.Equal(t, e.Evaluate(s).Mismatch, e.Evaluate(again).Mismatch)
		require.Equal(t, e.Evaluate(s).Decision, e.Evaluate(again).Decision)
	}
}

func TestAScenarioIsWrittenAsItIsRead(t *testing.T) {
	s := one(t, `{"name": "a<b", `+request+`}`)
	text, err := s.MarshalJSON()
	require.NoError(t, err)
	assert.Contains(t, string(text), `"name":"a<b"`)

	document := policy.Attached{Document: identity(one(t, "{"+request+`, "policies": {"identity": `+allowAll+`}}`))[0].Document}
	for sentence, policies := range map[string]policy.Policies{
		"two boundaries":                 policy.Policies{}.With(policy.BoundaryLayer.At(0), document, document),
		"a boundary on its second level": policy.Policies{}.With(policy.BoundaryLayer.At(1), document),
		"a boundary without policy":      policy.Policies{}.With(policy.BoundaryLayer.At(0)),
		"a session of two levels":        policy.Policies{}.With(policy.SessionLayer.At(1), document),
	} {
		s.Policies = policies
		_, err := s.MarshalJSON()
		assert.ErrorContains(t, err, "a scenario cannot be written with", sentence)
	}
}

func FuzzScenario(f *testing.F) {
	f.Add("{" + request + `, "policies": {"identity": [` + allowAll + `], "scp": [[]]}, "want": {"decision": "allowed"}}`)
	f.Add(`{"defaults": {` + request + `}, "cases": [{"request": {"context": {"k": [1, true]}, "unknown": ["x"]}}, {"policies": {"boundary": "p.json"}}]}`)
	f.Add("{" + request + "}\n{\"request\": {\"call\": {\"operation\": \"a:B\", \"parameters\": {}}}}\n")
	fsys := files(map[string]string{"p.json": allowAll})
	f.Fuzz(func(t *testing.T, text string) {
		var e scenario.Evaluator
		for s, err := range scenario.Stream("f", strings.NewReader(text), fsys) {
			if err != nil {
				for line := range strings.SplitSeq(err.Error(), "\n") {
					if !strings.HasPrefix(line, "f:") && !strings.HasPrefix(line, "p.json:") {
						t.Fatalf("no place in %q", err)
					}
				}
				continue
			}
			result := e.Evaluate(s)
			if _, err := json.Marshal(result); err != nil {
				t.Fatal(err)
			}
			written, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			for again, err := range scenario.Stream("f", strings.NewReader(string(written)), nil) {
				if err != nil {
					t.Fatalf("%s: %v", written, err)
				}
				if got := e.Evaluate(again); got.Decision != result.Decision || got.DeniedBy != result.DeniedBy {
					t.Fatalf("%s: %v, then %v", written, result.Decision, got.Decision)
				}
			}
		}
	})
}
