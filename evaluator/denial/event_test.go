package denial_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/policy"
)

// ofARole is an event as CloudTrail writes it for the session of a role.
const ofARole = `{
  "eventVersion": "1.11",
  "userIdentity": {
    "type": "AssumedRole",
    "principalId": "AROAAPP:s1",
    "arn": "arn:aws:sts::111122223333:assumed-role/app/s1",
    "accountId": "111122223333",
    "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
    "sessionContext": {
      "sessionIssuer": {"type": "Role", "principalId": "AROAAPP", "arn": "arn:aws:iam::111122223333:role/svc/app", "accountId": "111122223333", "userName": "app"},
      "attributes": {"creationDate": "2026-11-20T09:00:00Z", "mfaAuthenticated": "false"},
      "sourceIdentity": "alice"
    },
    "inScopeOf": {"issuerType": "AWS::Lambda::Function", "credentialsIssuedTo": "arn:aws:lambda:us-east-1:111122223333:function:caller"}
  },
  "eventTime": "2026-11-20T10:00:00Z",
  "eventSource": "lambda.amazonaws.com",
  "eventName": "GetFunction20150331v2",
  "awsRegion": "us-east-1",
  "sourceIPAddress": "203.0.113.9",
  "userAgent": "Boto3/1.35",
  "errorCode": "AccessDenied",
  "errorMessage": "User: arn:aws:sts::111122223333:assumed-role/app/s1 is not authorized to perform: lambda:GetFunction on resource: my-fn",
  "requestParameters": {"functionName": "my-fn"},
  "requestID": "8c8bd9f1-2f4e-4a5c-9d3e-1f2a3b4c5d6e",
  "tlsDetails": {"tlsVersion": "TLSv1.3"}
}`

func values(d denial.Denial) map[string]string {
	m := make(map[string]string)
	for _, key := range d.Context {
		m[key.Name] = strings.Join(key.Values, ",")
		if key.State != evaluator.Known {
			m[key.Name] = "?"
		}
	}
	return m
}

func TestEventsTellTheContext(t *testing.T) {
	d := one(t, ofARole)
	assert.Equal(t, denial.FromEvent, d.Form)
	assert.Equal(t, []string{session, "arn:aws:iam::111122223333:role/svc/app", "AROAAPP", "ASIAIOSFODNN7EXAMPLE", "lambda:GetFunction", "my-fn", "us-east-1", "AccessDenied", uuid},
		[]string{d.Principal, d.Role, d.PrincipalID, d.AccessKeyID, d.Action, d.ResourceAsGiven, d.Region, d.Code, d.RequestID})
	assert.Equal(t, map[string]string{
		"aws:SourceIp": "203.0.113.9", "aws:UserAgent": "Boto3/1.35", "aws:RequestedRegion": "us-east-1", "aws:SecureTransport": "true",
		"aws:CurrentTime": "2026-11-20T10:00:00Z", "aws:EpochTime": "1795168800", "aws:ViaAWSService": "false",
		"aws:TokenIssueTime": "2026-11-20T09:00:00Z", "aws:MultiFactorAuthPresent": "false", "aws:SourceIdentity": "alice",
		"lambda:SourceFunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:caller",
	}, values(d))
	replayed, err := denial.Replay(new(evaluator.Engine), &d, evaluator.Caller{}, evaluator.Target{}, evaluator.Request{})
	require.NoError(t, err)
	assert.Equal(t, denial.Agrees, replayed.Agreement)
	assert.Equal(t, myFn, replayed.Target.Resource, "completed by the event's region")
}

// event is ofARole with members replaced; null takes one away.
func event(t testing.TB, changes string) string {
	var whole, change map[string]any
	require.NoError(t, json.Unmarshal([]byte(ofARole), &whole))
	require.NoError(t, json.Unmarshal([]byte(changes), &change))
	for k, v := range change {
		whole[k] = v
	}
	text, err := json.Marshal(whole)
	require.NoError(t, err)
	return string(text)
}

func TestAnEventTellsWhetherThereIsAVPCEndpoint(t *testing.T) {
	caller := evaluator.Caller{Identity: compile(t, policy.Identity, allowAll)}
	for changes, want := range map[string]bool{`{}`: false, `{"vpcEndpointId": "vpce-1"}`: true} {
		d := one(t, event(t, changes))
		replayed, err := denial.Replay(new(evaluator.Engine), &d, caller, evaluator.Target{}, evaluator.Request{})
		require.NoError(t, err)
		assert.Equal(t, denial.Allows, replayed.Agreement)
		assert.Equal(t, want, slices.ContainsFunc(replayed.Unknown, func(u denial.Unknown) bool { return u.Layer == policy.EndpointLayer }), changes)
	}
}

func TestEventsOfOtherKinds(t *testing.T) {
	t.Run("through a VPC endpoint", func(t *testing.T) {
		v := values(one(t, event(t, `{"vpcEndpointId": "vpce-1", "vpcEndpointAccountId": "111122223333", "sourceIPAddress": "10.0.0.1"}`)))
		assert.Equal(t, []string{"vpce-1", "111122223333", "10.0.0.1", ""}, []string{v["aws:SourceVpce"], v["aws:VpceAccount"], v["aws:VpcSourceIp"], v["aws:SourceIp"]})
	})
	t.Run("without TLS, or without word of it", func(t *testing.T) {
		for _, text := range []string{event(t, `{"tlsDetails": null}`), strings.Replace(ofARole, `"tlsDetails"`, `"other"`, 1)} {
			assert.NotContains(t, values(one(t, text)), "aws:SecureTransport")
		}
	})
	t.Run("by a service with the caller's credentials", func(t *testing.T) {
		v := values(one(t, event(t, `{"sourceIPAddress": "cloudformation.amazonaws.com", "userAgent": "cloudformation.amazonaws.com",
			"userIdentity": {"type": "IAMUser", "principalId": "AIDAALICE", "arn": "`+alice+`", "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "invokedBy": "cloudformation.amazonaws.com"}, "errorMessage": "`+noID+`"}`)))
		assert.Equal(t, []string{"true", "cloudformation.amazonaws.com", "?", "?", "", ""},
			[]string{v["aws:ViaAWSService"], v["aws:CalledViaLast"], v["aws:CalledVia"], v["aws:CalledViaFirst"], v["aws:SourceIp"], v["aws:TokenIssueTime"]})
	})
	t.Run("temporary credentials by their id alone", func(t *testing.T) {
		v := values(one(t, event(t, `{"userIdentity": {"type": "IAMUser", "arn": "`+alice+`", "accessKeyId": "ASIAIOSFODNN7EXAMPLE"}, "errorMessage": "`+noID+`"}`)))
		assert.Equal(t, []string{"?", "?"}, []string{v["aws:TokenIssueTime"], v["aws:MultiFactorAuthPresent"]})
	})
	t.Run("an action that no message names", func(t *testing.T) {
		d := one(t, event(t, `{"eventSource": "s3.amazonaws.com", "eventName": "GetObject", "errorMessage": "Access Denied", "resources": [{"ARN": "arn:aws:s3:::b/k"}]}`))
		assert.Equal(t, []string{"s3:GetObject", "arn:aws:s3:::b/k", session}, []string{d.Action, d.Resource, d.Principal})
		assert.Equal(t, []string{"the text does not name the action: s3:GetObject is concluded from the operation GetObject"}, d.Notes)
		assert.Equal(t, "lambda:GetFunction", one(t, event(t, `{"errorMessage": ""}`)).Action, "without the version of the API")
	})
	t.Run("a role passed to a function", func(t *testing.T) {
		d := one(t, event(t, `{"eventName": "CreateFunction20150331", "errorMessage": "User: `+session+` is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/lambda-exec because no identity-based policy allows the iam:PassRole action"}`))
		v := values(d)
		assert.Equal(t, []string{"lambda.amazonaws.com", myFn}, []string{v["iam:PassedToService"], v["iam:AssociatedResourceArn"]})
	})
	t.Run("a role of another account passed to a function", func(t *testing.T) {
		d := one(t, event(t, `{"eventName": "CreateFunction20150331", "errorCode": "AccessDeniedException", "errorMessage": "Cross-account pass role is not allowed."}`))
		assert.Equal(t, []any{"iam:PassRole", session, policy.RuleLayer}, []any{d.Action, d.Principal, d.Layer})
	})
	t.Run("MFA as a truth value", func(t *testing.T) {
		for mfa, want := range map[string]string{"true": "true", "false": "false", `"true"`: "true", `"yes"`: "?", "1": "?", "null": "?"} {
			v := values(one(t, strings.Replace(ofARole, `"mfaAuthenticated": "false"`, `"mfaAuthenticated": `+mfa, 1)))
			assert.Equal(t, want, v["aws:MultiFactorAuthPresent"], mfa)
		}
	})
	t.Run("a session that no role issued", func(t *testing.T) {
		for issuer, want := range map[string]string{
			`"type": "Role", "arn": "arn:aws:iam::111122223333:user/alice"`: "", `"type": "IAMUser", "arn": "arn:aws:iam::111122223333:role/app"`: "",
			`"type": "Role", "arn": "arn:aws:iam::111122223333:role/app"`: "arn:aws:iam::111122223333:role/app",
		} {
			d := one(t, event(t, `{"userIdentity": {"type": "FederatedUser", "principalId": "AIDAX:bob", "arn": "arn:aws:sts::111122223333:federated-user/bob", "sessionContext": {"sessionIssuer": {`+issuer+`}}}, "errorMessage": ""}`))
			assert.Equal(t, []string{want, "AIDAX:bob"}, []string{d.Role, d.PrincipalID}, issuer)
		}
	})
	t.Run("a caller without ARN", func(t *testing.T) {
		for identity, want := range map[string]string{
			`"type": "IAMUser", "accountId": "111122223333"`: "", `"type": "Root"`: "", `"type": "AWSAccount", "accountId": "111122223333"`: "",
			`"type": "AWSService", "invokedBy": "s3.amazonaws.com"`: "s3.amazonaws.com", `"type": "IAMUser", "invokedBy": "s3.amazonaws.com"`: "",
		} {
			assert.Equal(t, want, one(t, event(t, `{"userIdentity": {`+identity+`}, "errorMessage": ""}`)).Principal, identity)
		}
	})
	t.Run("an operation that tells no action", func(t *testing.T) {
		for name, want := range map[string]string{
			`"eventSource": "Bad Service.x", "eventName": "Get"`: "", `"eventSource": "lambda.amazonaws.com", "eventName": "20150331"`: "", `"eventSource": "", "eventName": "Get"`: "",
			`"eventSource": "a1-b.amazonaws.com", "eventName": "Get20150331v2"`: "a1-b:Get", `"eventSource": "lambda.amazonaws.com", "eventName": "Get2015033"`: "lambda:Get2015033",
		} {
			assert.Equal(t, want, one(t, event(t, `{`+name+`, "errorMessage": ""}`)).Action, name)
		}
	})
	t.Run("several resources, or one that is no ARN", func(t *testing.T) {
		for resources, want := range map[string]string{
			`[{"ARN": "arn:aws:s3:::b"}, {"ARN": "arn:aws:s3:::c"}]`: "", `[{"ARN": "b"}]`: "", `[]`: "", `[{"ARN": "arn:aws:s3:::b"}]`: "arn:aws:s3:::b",
		} {
			assert.Equal(t, want, one(t, event(t, `{"errorMessage": "", "resources": `+resources+`}`)).Resource, resources)
		}
	})
	t.Run("a time that is none", func(t *testing.T) {
		v := values(one(t, event(t, `{"eventTime": "yesterday", "errorMessage": ""}`)))
		assert.NotContains(t, v, "aws:CurrentTime")
		assert.NotContains(t, v, "aws:EpochTime")
	})
	t.Run("a role passed to what names no function", func(t *testing.T) {
		for _, parameters := range []string{`{}`, `{"functionName": ""}`, `{"functionName": 1}`, `{"functionName": "my fn"}`, `null`} {
			d := one(t, event(t, `{"eventName": "CreateFunction20150331", "requestParameters": `+parameters+`, "errorMessage": "User: `+session+` is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/lambda-exec"}`))
			assert.NotContains(t, values(d), "iam:AssociatedResourceArn", parameters)
		}
		d := one(t, event(t, `{"eventSource": "ecs.amazonaws.com", "errorMessage": "User: `+session+` is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/x"}`))
		assert.NotContains(t, values(d), "iam:AssociatedResourceArn")
		assert.NotContains(t, values(one(t, ofARole)), "iam:AssociatedResourceArn")
	})
	t.Run("its JSON has no unique id of a service", func(t *testing.T) {
		for identity, want := range map[string]string{
			`"type": "AWSService", "principalId": "AIDAX", "invokedBy": "s3.amazonaws.com"`: `"principal":"s3.amazonaws.com"`,
			`"type": "IAMUser", "principalId": "AIDAX", "arn": "` + alice + `"`:             `"principal":{"arn":"` + alice + `","userId":"AIDAX"}`,
			`"type": "Root", "principalId": "111122223333", "accountId": "111122223333"`:    `"principal":"arn:aws:iam::111122223333:root"`,
			`"type": "AssumedRole", "principalId": "AROAX:s1", "arn": "` + session + `"`:    `"principal":{"arn":"` + session + `","userId":"AROAX"}`,
			`"type": "IAMUser", "principalId": "AIDAX", "arn": "not an ARN"`:                `"principal":"not an ARN"`,
		} {
			text, err := json.Marshal(one(t, event(t, `{"userIdentity": {`+identity+`}, "errorMessage": ""}`)))
			require.NoError(t, err)
			assert.Contains(t, string(text), want)
		}
	})
	t.Run("a service", func(t *testing.T) {
		d := one(t, event(t, `{"userIdentity": {"type": "AWSService", "invokedBy": "s3.amazonaws.com"}, "errorMessage": "Access Denied"}`))
		c, err := d.Caller()
		require.NoError(t, err)
		assert.Equal(t, evaluator.ServicePrincipal, c.Principal.Kind())
	})
	t.Run("the root user", func(t *testing.T) {
		assert.Equal(t, "arn:aws:iam::111122223333:root", one(t, event(t, `{"userIdentity": {"type": "Root", "accountId": "111122223333"}, "errorMessage": ""}`)).Principal)
	})
	t.Run("EC2's encoded message", func(t *testing.T) {
		d := one(t, event(t, `{"eventSource": "ec2.amazonaws.com", "eventName": "RunInstances", "errorCode": "Client.UnauthorizedOperation", "errorMessage": "You are not authorized to perform this operation. Encoded authorization failure message: abc_DEF-123"}`))
		assert.Equal(t, []string{"ec2:RunInstances", "UnauthorizedOperation", "abc_DEF-123"}, []string{d.Action, d.Code, d.EncodedMessage})
	})
	t.Run("a message that is cut off", func(t *testing.T) {
		d := one(t, event(t, `{"errorMessage": "User: `+session+` is not authorized to perform: lambda:GetFunction on resource: my-..."}`))
		assert.Contains(t, strings.Join(d.Notes, " "), "cut off in the resource")
		assert.Equal(t, "lambda:GetFunction", d.Action)
	})
	t.Run("another error, whose message begins as a denial", func(t *testing.T) {
		found, err := denial.Parse(event(t, `{"errorCode": "ValidationException", "errorMessage": "User: `+session+` is not authorized to perform: miracles"}`))
		assert.Empty(t, found)
		require.ErrorContains(t, err, `"miracles" is not an action`)
	})
	t.Run("a member of another type", func(t *testing.T) {
		_, err := denial.Parse(event(t, `{"userIdentity": "alice"}`))
		require.ErrorIs(t, err, denial.ErrNotUnderstood)
		assert.ErrorContains(t, err, "the CloudTrail event is not as AWS writes one")
	})
}

func TestEventsInEveryWrapping(t *testing.T) {
	want := one(t, ofARole)
	quoted, err := json.Marshal(ofARole)
	require.NoError(t, err)
	line := strings.Join(strings.Fields(ofARole), " ")
	for sentence, text := range map[string]string{
		"a file of CloudTrail":     `{"Records": [` + ofARole + `, ` + event(t, `{"errorCode": null, "errorMessage": null}`) + `]}`,
		"lookup-events of the CLI": `{"Events": [{"EventId": "1", "CloudTrailEvent": ` + string(quoted) + `}]}`,
		"EventBridge":              `{"version": "0", "detail-type": "AWS API Call via CloudTrail", "detail": ` + ofARole + `}`,
		"an array":                 "[" + ofARole + "]",
		"a line among others":      "Here it is:\n" + line + "\nThat was it.",
	} {
		got := one(t, text)
		got.Line = want.Line
		assert.Equal(t, want, got, sentence)
	}
	found, err := denial.Parse(line + "\n" + line + "\n")
	require.NoError(t, err)
	require.Len(t, found, 2, "each event is one, and JSON lines are many")
	assert.Equal(t, []int{1, 2}, []int{found[0].Line, found[1].Line})
}

// The message of an event may tell the request's id itself.
func TestTheMessageOfAnEventTellsTheRequest(t *testing.T) {
	d := one(t, `{"userIdentity": {"arn": "`+alice+`"}, "eventSource": "lambda.amazonaws.com", "eventName": "GetFunction20150331v2", "errorCode": "AccessDenied", "errorMessage": "`+getFn+` (Service: Lambda, Status Code: 403, Request ID: `+uuid+`)"}`)
	assert.Equal(t, uuid, d.RequestID)
	assert.Equal(t, "lambda:GetFunction", d.Action)
}
