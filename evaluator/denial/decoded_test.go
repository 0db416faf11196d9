package denial_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
)

const runInstances = `{"allowed":false,"explicitDeny":true,
 "matchedStatements":{"items":[{"statementId":"VisualEditor0","effect":"DENY","principals":{"items":[{"value":"AROAAPP"}]},"principalGroups":{"items":[]},
   "actions":{"items":[{"value":"ec2:RunInstances"}]},"resources":{"items":[{"value":"*"}]},
   "conditions":{"items":[{"key":"ec2:InstanceType","values":{"items":[{"value":"t3a.micro"}]}}]}}]},
 "failures":{"items":[]},
 "context":{"principal":{"id":"AROAAPP:s1","arn":"arn:aws:sts::111122223333:assumed-role/app/s1"},
   "action":"RunInstances","resource":"arn:aws:ec2:us-east-1:111122223333:instance/*",
   "conditions":{"items":[
     {"key":"aws:Region","values":{"items":[{"value":"us-east-1"}]}},{"key":"aws:Service","values":{"items":[{"value":"ec2"}]}},
     {"key":"ec2:InstanceType","values":{"items":[{"value":"t3.micro"}]}},{"key":"aws:ARN","values":{"items":[{"value":"arn:aws:ec2:us-east-1:111122223333:instance/*"}]}}]}}}`

func TestDecodedMessages(t *testing.T) {
	quoted, err := json.Marshal(runInstances)
	require.NoError(t, err)
	for sentence, text := range map[string]string{
		"alone":               runInstances,
		"as the CLI wraps it": "$ aws sts decode-authorization-message --encoded-message abc\n{\n    \"DecodedMessage\": " + string(quoted) + "\n}\n",
	} {
		t.Run(sentence, func(t *testing.T) {
			d := one(t, text)
			assert.Equal(t, denial.FromDecoded, d.Form)
			assert.Equal(t, []string{session, "AROAAPP:s1", "ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/*", "us-east-1"},
				[]string{d.Principal, d.PrincipalID, d.Action, d.Resource, d.Region})
			assert.True(t, d.Explicit)
			assert.Equal(t, map[string]string{"ec2:InstanceType": "t3.micro"}, values(d), "without AWS's internal keys")
			assert.Equal(t, []denial.Statement{{
				Sid: "VisualEditor0", Effect: policy.Deny, Principals: []string{"AROAAPP"}, Actions: []string{"ec2:RunInstances"}, Resources: []string{"*"},
				Conditions: evaluator.Context{{Name: "ec2:InstanceType", Values: []string{"t3a.micro"}}},
			}}, d.Matched)
		})
	}
}

// The examples of decoded messages (EX-H20, EX-H21): each is a scenario and the
// message that it gives.
func TestDecodedExamples(t *testing.T) {
	for s, err := range scenario.Files(nil, "../testdata/conformance/decoded.json") {
		require.NoError(t, err)
		t.Run(s.Name, func(t *testing.T) {
			want := map[string]string{
				"EX-H20 a role that is not passed": `{"allowed":false,"explicitDeny":false,"matchedStatements":{"items":[]},"failures":{"items":[]},
					"context":{"principal":{"id":"AIDAALICE","name":"alice","arn":"arn:aws:iam::111122223333:user/alice"},"action":"iam:PassRole",
					"resource":"arn:aws:iam::111122223333:role/lambda-exec","conditions":{"items":[{"key":"iam:PassedToService","values":{"items":[{"value":"lambda.amazonaws.com"}]}}]}}}`,
				"EX-H21 a statement that denies": `{"allowed":false,"explicitDeny":true,"matchedStatements":{"items":[{"statementId":"NoReading","effect":"DENY",
					"principals":{"items":[{"value":"AIDAALICE"}]},"principalGroups":{"items":[]},"actions":{"items":[{"value":"lambda:Get*"}]},"resources":{"items":[{"value":"*"}]},"conditions":{"items":[]}}]},
					"failures":{"items":[]},"context":{"principal":{"id":"AIDAALICE","name":"alice","arn":"arn:aws:iam::111122223333:user/alice"},"action":"lambda:GetFunction",
					"resource":"arn:aws:lambda:us-east-1:111122223333:function:my-fn","conditions":{"items":[]}}}`,
			}[s.Name]
			require.NotEmpty(t, want)
			text, err := denial.Decoded(s)
			require.NoError(t, err)
			assert.JSONEq(t, want, string(text))
		})
	}
}

// Every denial of the conformance cases: its decoded message is parsed, and the
// request that it tells is replayed with the case's policies.
func TestDecodedRoundTrip(t *testing.T) {
	n := 0
	for _, s := range conformanceCases(t) {
		c, err := s.Compile()
		if err != nil || s.Request.Call != nil || c.Target.Unknown || !c.Engine.Evaluate(&c.Caller, &c.Target, &c.Request).Denied() {
			continue
		}
		n++
		t.Run(s.Name, func(t *testing.T) {
			text, err := denial.Decoded(s)
			require.NoError(t, err)
			d := one(t, string(text))
			x := c.Engine.Explain(&c.Caller, &c.Target, &c.Request)
			assert.Len(t, d.Matched, len(x.Statements()))
			target, request := c.Target, c.Request
			request.Action, target.Resource = "", ""
			replayed, err := denial.Replay(&c.Engine, &d, c.Caller, target, request)
			require.NoError(t, err)
			assert.Equal(t, denial.Agrees, replayed.Agreement)
			assert.Equal(t, x.Decision(), replayed.Explanation.Decision())
		})
	}
	t.Logf("%d decoded messages", n)
}

// A decoded message names a function as the caller did, and a key of its conditions
// once.
func TestPartsOfDecodedMessages(t *testing.T) {
	of := func(action, resource, conditions string) denial.Denial {
		return one(t, `{"allowed": false, "explicitDeny": false, "context": {"principal": {"arn": "`+alice+`"}, "action": "`+action+`", "resource": "`+resource+`", "conditions": {"items": [`+conditions+`]}}}`)
	}
	const twice = `{"key": "aws:UserAgent", "values": {"items": [{"value": "a"}]}}, {"key": "aws:useragent", "values": {"items": [{"value": "b"}]}}, {"key": "", "values": {"items": [{"value": "c"}]}}`
	d := of("lambda:GetFunction", "my-fn", twice)
	assert.Equal(t, []string{"", "my-fn"}, []string{d.Resource, d.ResourceAsGiven})
	assert.Equal(t, map[string]string{"aws:UserAgent": "a"}, values(d))
	assert.Equal(t, []any{true, false}, []any{d.Implicit, d.Explicit})
	d = of("lambda:ListFunctions", "*", "")
	assert.Equal(t, []string{"*", ""}, []string{d.Resource, d.ResourceAsGiven})
	const (
		region  = `{"key": "aws:Region", "values": {"items": [{"value": "us-east-1"}%s]}}`
		service = `{"key": "aws:service", "values": {"items": [{"value": "ec2"}%s]}}`
	)
	for conditions, want := range map[string][]string{
		fmt.Sprintf(region, "") + "," + fmt.Sprintf(service, ""):                                      {"us-east-1", "ec2:RunInstances"},
		fmt.Sprintf(region, `, {"value": "b"}`) + "," + fmt.Sprintf(service, `, {"value": "lambda"}`): {"", "RunInstances"},
	} {
		d = of("RunInstances", "*", conditions)
		assert.Equal(t, want, []string{d.Region, d.Action})
		assert.Empty(t, d.Context)
	}
	assert.Equal(t, "s3:GetObject", of("s3:GetObject", "*", fmt.Sprintf(service, "")).Action)
	assert.Empty(t, of("", "*", fmt.Sprintf(service, "")).Action)
}

// What a decoded message shows of a caller and of the statements that decided.
func TestWhatADecodedMessageShows(t *testing.T) {
	attached := func(statement string) policy.Attached {
		document, err := policy.ParseString("p.json", `{"Version": "2012-10-17", "Statement": [`+statement+`]}`)
		require.NoError(t, err)
		return policy.Attach(document)[0]
	}
	const condition = `, "Condition": {"StringEquals": {"aws:PrincipalAccount": ["111122223333", "444455556666"]}}}`
	const deny = `{"Sid": "No", "Effect": "Deny", "Action": ["lambda:Get*", "lambda:List*"], "Resource": "` + myFn + `"`
	of := func(principal scenario.Principal, policies policy.Policies) map[string]any {
		s := &scenario.Scenario{Request: scenario.Request{Principal: principal, Action: "lambda:GetFunction", Resource: myFn}, Policies: policies}
		text, err := denial.Decoded(s)
		require.NoError(t, err)
		var m map[string]any
		require.NoError(t, json.Unmarshal(text, &m))
		return m
	}
	items := func(values ...string) map[string]any {
		list := []any{}
		for _, v := range values {
			list = append(list, map[string]any{"value": v})
		}
		return map[string]any{"items": list}
	}
	shown := func(m map[string]any) (principal, statement map[string]any) {
		statements := m["matchedStatements"].(map[string]any)["items"].([]any)
		require.Len(t, statements, 1)
		return m["context"].(map[string]any)["principal"].(map[string]any), statements[0].(map[string]any)
	}
	identity := policy.Policies{}.With(policy.IdentityLayer.At(0), attached(`{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`), attached(deny+condition))
	resource := func(principal string) policy.Policies {
		return policy.Policies{}.With(policy.ResourceLayer.At(0), attached(deny+`, "Principal": `+principal+`}`))
	}

	principal, statement := shown(of(scenario.Principal{ARN: session, Role: "arn:aws:iam::111122223333:role/app", UserID: "AROAAPP"}, identity))
	assert.Equal(t, map[string]any{"arn": session, "id": "AROAAPP:s1"}, principal, "a session's name is not shown")
	assert.Equal(t, map[string]any{
		"statementId": "No", "effect": "DENY", "principals": items("AROAAPP"), "principalGroups": items(), "actions": items("lambda:Get*", "lambda:List*"), "resources": items(myFn),
		"conditions": map[string]any{"items": []any{map[string]any{"key": "aws:PrincipalAccount", "values": items("111122223333", "444455556666")}}},
	}, statement)

	principal, statement = shown(of(scenario.Principal{ARN: session}, identity))
	assert.Equal(t, map[string]any{"arn": session}, principal)
	assert.Equal(t, items(), statement["principals"], "an id that is not known is not shown")

	principal, statement = shown(of(scenario.Principal{ARN: alice, UserID: "AIDAALICE"}, resource(`{"AWS": ["`+alice+`", "444455556666"], "Service": "s3.amazonaws.com"}`)))
	assert.Equal(t, map[string]any{"arn": alice, "id": "AIDAALICE", "name": "alice"}, principal)
	assert.Equal(t, items(alice, "444455556666", "s3.amazonaws.com"), statement["principals"])
	_, statement = shown(of(scenario.Principal{ARN: alice, UserID: "AIDAALICE"}, resource(`"*"`)))
	assert.Equal(t, items("*"), statement["principals"])

	two := policy.Policies{}.With(policy.IdentityLayer.At(0), attached(`{"Effect": "Allow", "Action": "*", "Resource": "*"}`)).With(policy.SCPLayer.At(0), attached(deny+`}, {"Effect": "Allow", "Action": "*", "Resource": "*"}`))
	_, statement = shown(of(scenario.Principal{ARN: alice}, two))
	assert.Equal(t, "No", statement["statementId"], "it is found in the policy that it is of")
}

func TestADecodedMessageOfOtherTypes(t *testing.T) {
	_, err := denial.Parse(`{"allowed": "no", "context": {"action": "s3:GetObject"}}`)
	require.ErrorIs(t, err, denial.ErrNotUnderstood)
	require.ErrorContains(t, err, "the decoded message is not as AWS writes one")
	require.ErrorContains(t, err, `action "s3:GetObject"`)
}

func TestDecodedOfWhatIsNoDecision(t *testing.T) {
	_, err := denial.Decoded(&scenario.Scenario{Request: scenario.Request{Call: &scenario.Call{Operation: "lambda:CreateFunction"}}})
	require.ErrorIs(t, err, evaluator.ErrInvalidRequest)
	_, err = denial.Decoded(&scenario.Scenario{})
	require.ErrorIs(t, err, evaluator.ErrInvalidRequest)
	root := scenario.Principal{ARN: "arn:aws:iam::111122223333:root"}
	_, err = denial.Decoded(&scenario.Scenario{Request: scenario.Request{Principal: root, Action: "lambda:Get*", Resource: "*"}})
	require.ErrorIs(t, err, evaluator.ErrInvalidRequest, "a pattern is no action")
	allowed := &scenario.Scenario{Request: scenario.Request{Principal: scenario.Principal{ARN: "arn:aws:iam::111122223333:root"}, Action: "lambda:ListFunctions", Resource: "*"}}
	text, err := denial.Decoded(allowed)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"allowed":true`)
}
