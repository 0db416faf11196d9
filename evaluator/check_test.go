package evaluator_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func TestARequestIsCheckedAgainstTheCatalogue(t *testing.T) {
	const role, layer = "arn:aws:iam::111122223333:role/exec", "arn:aws:lambda:us-east-1:111122223333:layer:l:1"
	key := func(name string, values ...string) evaluator.Context {
		return evaluator.Context{{Name: name, Values: values}}
	}
	for name, tc := range map[string]struct {
		action, resource string
		context          evaluator.Context
		code             string // "": nothing to say
		suggestion       string
	}{
		"an action on its resource":                        {action: "lambda:GetFunction", resource: function},
		"an action in other letters":                       {action: "LAMBDA:getfunction", resource: function},
		"a misspelt action":                                {"lambda:GetFuncton", function, nil, "unknown-action", "lambda:GetFunction"},
		"an action of another service":                     {"iam:GetFunction", role, nil, "unknown-action", ""},
		"a role where a function belongs":                  {"lambda:GetFunction", role, nil, "resource-type-mismatch", "?"},
		"a layer where a function belongs":                 {"lambda:GetFunction", layer, nil, "resource-type-mismatch", "?"},
		"a function where a role belongs":                  {"iam:PassRole", function, nil, "resource-type-mismatch", "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"},
		"a role with a path":                               {action: "iam:PassRole", resource: "arn:aws:iam::111122223333:role/a/b/exec"},
		"a star where an ARN is needed":                    {"iam:PassRole", "*", nil, "resource-required", "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"},
		"an ARN where the action is asked for on a star":   {"lambda:ListFunctions", function, nil, "resource-not-supported", "*"},
		"a list on a star":                                 {action: "lambda:ListFunctions", resource: "*"},
		"a global key":                                     {action: "lambda:GetFunction", resource: function, context: key("aws:SourceIp", "203.0.113.9")},
		"a global key in other letters":                    {action: "lambda:GetFunction", resource: function, context: key("AWS:sourceip", "203.0.113.9")},
		"a misspelt key":                                   {"lambda:GetFunction", function, key("aws:SourceIP4", "203.0.113.9"), "unknown-context-key", "aws:SourceIp"},
		"a key of the action":                              {action: "iam:PassRole", resource: role, context: key("iam:PassedToService", "lambda.amazonaws.com")},
		"a key that the action never carries":              {"lambda:GetFunction", function, key("lambda:Layer", layer), "context-key-not-carried", ""},
		"a request tag on an action that sets none":        {"lambda:GetFunction", function, key("aws:RequestTag/team", "red"), "context-key-not-carried", ""},
		"a request tag on one that does":                   {action: "lambda:CreateFunction", resource: function, context: key("aws:RequestTag/team", "red")},
		"a tag of the resource":                            {action: "lambda:GetFunction", resource: function, context: key("aws:ResourceTag/team", "red")},
		"a number that is none":                            {"lambda:GetFunction", function, key("aws:MultiFactorAuthAge", "long"), "invalid-context-value", ""},
		"a date that is none":                              {"lambda:GetFunction", function, key("aws:CurrentTime", "yesterday"), "invalid-context-value", ""},
		"a time in seconds":                                {action: "lambda:GetFunction", resource: function, context: key("aws:EpochTime", "1768478400")},
		"a boolean that is none":                           {"lambda:GetFunction", function, key("aws:SecureTransport", "yes"), "invalid-context-value", ""},
		"an address that is none":                          {"lambda:GetFunction", function, key("aws:SourceIp", "10.0.0.0/8"), "invalid-context-value", ""},
		"an ARN that is none":                              {"lambda:GetFunction", function, key("aws:SourceArn", "my-rule"), "invalid-context-value", ""},
		"two values of a key that has one (C-38)":          {"lambda:GetFunction", function, key("aws:SourceIp", "203.0.113.9", "203.0.113.10"), "several-context-values", ""},
		"several values of a key that can have them":       {action: "lambda:CreateFunction", resource: function, context: key("aws:TagKeys", "team", "env")},
		"all tags of the principal, unknown":               {action: "lambda:GetFunction", resource: function, context: evaluator.Context{{Name: "aws:PrincipalTag/*", State: evaluator.Unknown}}},
		"an alias, though AWS's reference names functions": {action: "lambda:GetFunction", resource: function + ":prod"},
	} {
		t.Run(name, func(t *testing.T) {
			engine := evaluator.Engine{Catalog: catalog.Default()}
			caller := aliceWith(t, allowLambda)
			target := evaluator.Target{Resource: tc.resource}
			request := evaluator.Request{Action: tc.action, Context: tc.context}
			found := engine.Check(caller, &target, &request)
			without := evaluator.Evaluate(caller, &target, &request)
			assert.Equal(t, without, engine.Evaluate(caller, &target, &request), "no decision depends on the catalogue")
			if tc.code == "" {
				assert.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			assert.Equal(t, tc.code, found[0].Code)
			if tc.suggestion == "?" {
				assert.Contains(t, found[0].Message, "function:${FunctionName}")
			} else {
				assert.Equal(t, tc.suggestion, found[0].Suggestion, found[0].Message)
			}
			assert.Subset(t, engine.Explain(caller, &target, &request).Diagnostics(), found)
		})
	}
}

func TestPoliciesAreCheckedAgainstTheCatalogue(t *testing.T) {
	for name, tc := range map[string]struct {
		statement string
		code      string
		says      string
	}{
		"known names": {`{"Effect":"Allow","Action":["lambda:Get*","*"],"Resource":"*","Condition":{"BoolIfExists":{"aws:SecureTransport":"true"}}}`, "", ""},
		"an action that is new, or misspelt": {`{"Effect":"Allow","Action":["lambda:*","lambda:GetFuncton"],"Resource":"*"}`,
			"unknown-policy-action", `did you mean "lambda:GetFunction"?`},
		"a pattern that matches no action": {`{"Effect":"Allow","Action":"lambda:*","Resource":"*"},{"Effect":"Deny","NotAction":["lambda:*","lambda:Fetch*"],"Resource":"*"}`,
			"unknown-policy-action", `Statement[1] names "lambda:Fetch*"`},
		"a key that nobody defines": {`{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:PrincipleTag/team":"red"}}}`,
			"unknown-policy-context", `"aws:PrincipleTag/team"`},
		"a resource of another service": {`{"Effect":"Allow","Action":"lambda:*","Resource":"*"},{"Effect":"Allow","Action":["lambda:GetFunction","lambda:ListTags"],"Resource":"arn:aws:s3:::b"}`,
			"policy-resource-of-other-service", `test.json: Statement[1] names "arn:aws:s3:::b", which is no resource of lambda:GetFunction, lambda:ListTags`},
		"an operator that is not for the key's type": {`{"Effect":"Allow","Action":"lambda:*","Resource":"*"},{"Effect":"Deny","Action":"iam:*","Resource":"*","Condition":{"NumericLessThan":{"aws:SourceIp":"7"}}}`,
			"mismatched-policy-value", "holds values of type IPAddress"},
	} {
		t.Run(name, func(t *testing.T) {
			engine := evaluator.Engine{Catalog: catalog.Default()}
			caller := aliceWith(t, tc.statement)
			request, target := evaluator.Request{Action: "lambda:GetFunction"}, evaluator.Target{Resource: function}
			assert.True(t, engine.Evaluate(caller, &target, &request).Allowed(), "a name that is not known does not stop the rest")
			found := engine.Explain(caller, &target, &request).Diagnostics()
			if tc.code == "" {
				assert.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			assert.Equal(t, tc.code, found[0].Code)
			assert.Contains(t, found[0].String(), tc.says)
		})
	}
}

func TestANoteQuotesTheNameOfAPolicyAsItIs(t *testing.T) {
	document, err := policy.ParseString("100%sure.json", `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"lambda:GetFuncton","Resource":"*"},
		{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipleTag/100%":"red"}}}]}`)
	require.NoError(t, err)
	identity, err := evaluator.Compile(policy.Identity, policy.Attached{Document: document})
	require.NoError(t, err)
	caller := evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"), Identity: identity}
	engine := evaluator.Engine{Catalog: catalog.Default()}
	found := engine.Check(&caller, &evaluator.Target{Resource: function}, &evaluator.Request{Action: "lambda:GetFunction"})
	require.Len(t, found, 2)
	assert.Contains(t, found[0].Message, `100%sure.json: Statement[0] names "lambda:GetFuncton"`)
	assert.Contains(t, found[1].Message, `100%sure.json: Statement[1] tests "aws:PrincipleTag/100%"`)
}

func TestNothingIsCheckedWithoutACatalogueOrARequest(t *testing.T) {
	request, target := evaluator.Request{Action: "lambda:GetFuncton"}, evaluator.Target{Resource: function}
	assert.Nil(t, new(evaluator.Engine).Check(aliceWith(t, allowLambda), &target, &request))
	engine := evaluator.Engine{Catalog: catalog.Default()}
	assert.Nil(t, engine.Check(aliceWith(t, allowLambda), &evaluator.Target{}, &request))
}

// Tags of the role are not there for iam:PassRole; where that decides, or might, an
// explanation says so (C-54).
func TestADecisionThatHangsOnTagsOfTheRoleSaysSo(t *testing.T) {
	const tagged = `{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:ResourceTag/team":"red"}}}`
	const untagged = `{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}`
	role := "arn:aws:iam::111122223333:role/app"
	for name, c := range map[string]struct {
		statement string
		target    evaluator.Target
		action    string
		want      bool
	}{
		"the tag would allow":                 {tagged, evaluator.Target{Resource: role, Tags: []evaluator.Tag{{Key: "team", Value: "red"}}}, "iam:PassRole", true},
		"another value would not":             {tagged, evaluator.Target{Resource: role, Tags: []evaluator.Tag{{Key: "team", Value: "blue"}}}, "iam:PassRole", false},
		"a tag that is not given might":       {tagged, evaluator.Target{Resource: role}, "iam:PassRole", true},
		"no statement asks for tags":          {untagged, evaluator.Target{Resource: role}, "iam:PassRole", false},
		"another action has the tags":         {tagged, evaluator.Target{Resource: role}, "iam:GetRole", false},
		"the key of all services is one, too": {`{"Effect":"Deny","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"red"}}},` + untagged, evaluator.Target{Resource: role}, "iam:PassRole", true},
	} {
		t.Run(name, func(t *testing.T) {
			x := evaluator.Explain(aliceWith(t, c.statement), &c.target, &evaluator.Request{Action: c.action})
			said := slices.ContainsFunc(x.Diagnostics(), func(d evaluator.Diagnostic) bool {
				return d.Code == "undocumented-rule" && strings.Contains(d.Message, "C-54")
			})
			assert.Equal(t, c.want, said, x.Diagnostics())
		})
	}
}
