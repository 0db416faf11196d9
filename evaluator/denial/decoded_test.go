package denial_test

import (
	"encoding/json"
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

func TestDecodedOfWhatIsNoDecision(t *testing.T) {
	_, err := denial.Decoded(&scenario.Scenario{Request: scenario.Request{Call: &scenario.Call{Operation: "lambda:CreateFunction"}}})
	require.ErrorIs(t, err, evaluator.ErrInvalidRequest)
	_, err = denial.Decoded(&scenario.Scenario{})
	require.ErrorIs(t, err, evaluator.ErrInvalidRequest)
	allowed := &scenario.Scenario{Request: scenario.Request{Principal: scenario.Principal{ARN: "arn:aws:iam::111122223333:root"}, Action: "lambda:ListFunctions", Resource: "*"}}
	text, err := denial.Decoded(allowed)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"allowed":true`)
}
