package denial_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/policy"
)

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		noID, hard(noID, 30), ofARole, runInstances, getFn + " with an explicit deny in a service control policy: arn:aws:organizations::1:policy/x",
		"An error occurred (AccessDenied) when calling the GetObject operation: Access Denied\n" + noID,
		"You are not authorized to perform this operation. " + noID + ". Encoded authorization failure message: abc\ndef",
		"User: " + alice + "Action: lambda:GetFunctionOn resource(s): " + myFn + "Context: no identity-based policy allows the action",
		"│ \x1b[31mThe provided execution role does not have permissions to call ReceiveMessage on SQS (Service: Lambda", masked,
		"<Error><Code>AccessDenied</Code><Message>Not authorized to invoke function [" + myFn + "]</Message></Error>",
		`**User:** \u0026#34;a\nb\\\\n [x](y) <account> ` + "2024-05-01T12:00:00Z [ERROR] app_1 | is not authorized to perform: iam:PassRole on resource: role x",
		"creating Lambda Function (1): AccessDeniedException: \n\tstatus code: 403, request id: " + uuid,
		`{"a": ["` + noID + `"]}`, "[[[[{", "User:\n\nUser: is not authorized to perform:", "Cross-account pass role is not allowed.",
	} {
		f.Add(text)
	}
	f.Fuzz(isUnderstoodAgain)
}

// FuzzEvent does the same with events of CloudTrail.
func FuzzEvent(f *testing.F) {
	for _, members := range []string{
		`{"errorMessage": "` + noID + `"}`,
		`{"vpcEndpointId": "vpce-1", "vpcEndpointAccountId": "111122223333", "sourceIPAddress": "10.0.0.1"}`,
		`{"userIdentity": {"type": "AWSService", "invokedBy": "s3.amazonaws.com"}, "errorMessage": "Access Denied"}`,
		`{"userIdentity": {"type": "IAMUser", "arn": "` + alice + `", "accessKeyId": "ASIAIOSFODNN7EXAMPLE"}, "errorMessage": "` + noID + `"}`,
		`{"eventName": "CreateFunction20150331", "errorCode": "AccessDeniedException", "errorMessage": "Cross-account pass role is not allowed."}`,
		`{"eventSource": "s3.amazonaws.com", "eventName": "GetObject", "errorMessage": "Access Denied", "resources": [{"ARN": "arn:aws:s3:::b/k"}]}`,
	} {
		f.Add(event(f, members))
	}
	f.Fuzz(isUnderstoodAgain)
}

// FuzzDecodedMessage does the same with decoded authorization messages.
func FuzzDecodedMessage(f *testing.F) {
	f.Add(runInstances)
	for _, s := range conformanceCases(f)[:40] {
		if text, err := denial.Decoded(s); err == nil {
			f.Add(string(text))
		}
	}
	f.Fuzz(isUnderstoodAgain)
}

// isUnderstoodAgain: what is understood of a text has a place in it, and is
// understood again from our own words.
func isUnderstoodAgain(t *testing.T, text string) {
	found, err := denial.Parse(text)
	if len(found) == 0 {
		require.ErrorIs(t, err, denial.ErrNotUnderstood)
	}
	for i := range found {
		d := &found[i]
		assert.Positive(t, d.Line)
		assert.LessOrEqual(t, d.Line, 1+strings.Count(text, "\n"))
		if _, err := json.Marshal(d); err != nil {
			t.Error(err)
		}
		replayed, err := denial.Replay(new(evaluator.Engine), d, evaluator.Caller{}, evaluator.Target{}, evaluator.Request{})
		if err != nil {
			continue
		}
		// What was understood is understood again from our own words.
		message := replayed.Explanation.Message()
		if message == "" || strings.ContainsAny(d.Principal+d.Action+d.Resource, " \t\r\n\"'`<\\…") || strings.Contains(d.Resource, "..") {
			continue
		}
		again, err := denial.Parse(message)
		if err != nil || len(again) != 1 || strings.Contains(message, "‹") {
			continue // a request that no message of AWS could have named
		}
		_, err = denial.Replay(new(evaluator.Engine), &again[0], evaluator.Caller{Principal: replayed.Caller.Principal}, replayed.Target, replayed.Request)
		if again[0].Principal == d.Principal && again[0].Resource == d.Resource {
			assert.NoError(t, err)
		}
	}
}

// Random requests are denied by random layers; each message, also broken into
// lines, gives the request and the decision back.
func TestRandomRoundTrip(t *testing.T) {
	part := rapid.StringMatching(`[A-Za-z][A-Za-z0-9+=,.@_-]{0,30}[A-Za-z0-9]`)
	all := `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
	allow, deny := func(kind policy.Kind) *evaluator.Set { return compile(t, kind, all) }, func(kind policy.Kind, principal string) *evaluator.Set {
		return compile(t, kind, all[:len(all)-1]+principal+`}, {"Effect": "Deny"`+principal+`, "Action": "*", "Resource": "*"}`)
	}
	const everyone = `, "Principal": "*"`
	callers := map[string]func(*evaluator.Caller, *evaluator.Target, *evaluator.Request){
		"nothing allows": func(*evaluator.Caller, *evaluator.Target, *evaluator.Request) {},
		"identity denies": func(c *evaluator.Caller, _ *evaluator.Target, _ *evaluator.Request) {
			c.Identity = deny(policy.Identity, "")
		},
		"boundary denies": func(c *evaluator.Caller, _ *evaluator.Target, _ *evaluator.Request) {
			c.Identity, c.Boundary = allow(policy.Identity), deny(policy.Boundary, "")
		},
		"boundary is empty": func(c *evaluator.Caller, _ *evaluator.Target, _ *evaluator.Request) {
			c.Identity, c.Boundary = allow(policy.Identity), evaluator.MustCompile(policy.Boundary)
		},
		"SCP denies": func(c *evaluator.Caller, _ *evaluator.Target, _ *evaluator.Request) {
			c.Identity, c.SCPs = allow(policy.Identity), []*evaluator.Set{deny(policy.SCP, "")}
		},
		"SCP allows nothing": func(c *evaluator.Caller, _ *evaluator.Target, _ *evaluator.Request) {
			c.Identity, c.SCPs = allow(policy.Identity), []*evaluator.Set{evaluator.MustCompile(policy.SCP)}
		},
		"endpoint denies": func(c *evaluator.Caller, _ *evaluator.Target, r *evaluator.Request) {
			c.Identity, r.Endpoint = allow(policy.Identity), deny(policy.Endpoint, everyone)
		},
		"resource denies": func(c *evaluator.Caller, tt *evaluator.Target, _ *evaluator.Request) {
			c.Identity, tt.Policies = allow(policy.Identity), []*evaluator.Set{deny(policy.Resource, everyone)}
		},
	}
	names := slices.Sorted(maps.Keys(callers))
	rapid.Check(t, func(t *rapid.T) {
		user := rapid.SampledFrom([]string{"arn:aws:iam::111122223333:user/", "arn:aws:iam::111122223333:user/path/", "arn:aws:sts::111122223333:assumed-role/app/"}).Draw(t, "kind") + part.Draw(t, "user")
		c := evaluator.Caller{}
		c.Principal, _ = evaluator.ParsePrincipal(user)
		require.NoError(t, c.Principal.Err())
		target := evaluator.Target{Resource: "arn:aws:lambda:us-east-1:111122223333:function:" + rapid.StringMatching(`[A-Za-z0-9_-]{0,40}[A-Za-z0-9]`).Draw(t, "function")}
		request := evaluator.Request{Action: rapid.SampledFrom([]string{"lambda:GetFunction", "lambda:InvokeFunction", "lambda:TagResource"}).Draw(t, "action")}
		callers[rapid.SampledFrom(names).Draw(t, "layer")](&c, &target, &request)
		var e evaluator.Engine
		x := e.Explain(&c, &target, &request)
		require.True(t, x.Decision().Denied())

		text := x.Message()
		if width := rapid.IntRange(0, 130).Draw(t, "width"); width > 10 {
			text = hard(text, width)
		}
		found, err := denial.Parse(text)
		require.NoError(t, err)
		require.Len(t, found, 1)
		d := &found[0]
		assert.Equal(t, []string{user, request.Action, target.Resource}, []string{d.Principal, d.Action, d.Resource})
		whole := target
		target.Resource, request.Action, c.Principal = "", "", evaluator.Principal{}
		replayed, err := denial.Replay(&e, d, c, target, request)
		require.NoError(t, err)
		assert.Equal(t, x.Decision(), replayed.Explanation.Decision())
		assert.Equal(t, denial.Agrees, replayed.Agreement)
		assert.Equal(t, whole.Resource, replayed.Target.Resource)
	})
}
