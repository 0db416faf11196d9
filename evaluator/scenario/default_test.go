package scenario_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/scenario"
)

// conditional is an Allow of everything under a condition.
func conditional(condition string) string {
	return `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {` + condition + `}}}`
}

func TestDefaultContext(t *testing.T) {
	const (
		function = `"action": "lambda:GetFunction", "resource": "arn:aws:lambda:eu-west-1:111122223333:function:f"`
		object   = `"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"`
		iamRole  = `"action": "iam:GetRole", "resource": "arn:aws:iam::111122223333:role/r"`
		passed   = `"action": "iam:PassRole", "resource": "arn:aws:iam::111122223333:role/r"`
		call     = `"call": {"operation": "lambda:GetFunction", "parameters": {"FunctionName": "arn:aws:lambda:eu-west-1:111122223333:function:f"}}`
		secure   = `"Bool": {"aws:SecureTransport": true, "aws:ViaAWSService": false}`
		ireland  = `"StringEquals": {"aws:RequestedRegion": "eu-west-1"}`
		virginia = `"StringEquals": {"aws:RequestedRegion": "us-east-1"}`
		office   = `"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}`
		endpoint = `"StringEquals": {"aws:SourceVpce": "vpce-1"}`
		night    = `"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}`
	)
	tests := []struct{ name, request, condition, want, exactly string }{
		{"TLS, and by no service", function, secure, "allowed", "implicitDeny"},
		{"without TLS", function + `, "context": {"aws:SecureTransport": false}`, secure, "implicitDeny", "implicitDeny"},
		{"the region of the ARN", function, ireland, "allowed", "implicitDeny"},
		{"the region of a global service", iamRole, virginia, "allowed", "implicitDeny"},
		{"a region that nothing tells", object, virginia, "indeterminate", "implicitDeny"},
		{"the region in which a role is passed", passed, virginia, "indeterminate", "implicitDeny"},
		{"a given region wins", object + `, "context": {"AWS:requestedregion": "us-east-1"}`, virginia, "allowed", "allowed"},
		{"the region of a call", call, ireland, "allowed", "implicitDeny"},
		{"TLS of a call", call, secure, "allowed", "implicitDeny"},
		{"a time exists, and is not known", function, night, "indeterminate", "implicitDeny"},
		{"that a time exists is known", function, `"Null": {"aws:EpochTime": "false"}`, "allowed", "implicitDeny"},
		{"an address that is not given", function, office, "indeterminate", "implicitDeny"},
		{"an address of a call that is not given", call, office, "indeterminate", "implicitDeny"},
		{"an address", function + `, "context": {"aws:SourceIp": "203.0.113.9"}`, office, "allowed", "allowed"},
		{"a request without an address", function + `, "context": {"aws:SourceIp": []}`, office, "implicitDeny", "implicitDeny"},
		{"a VPC endpoint that is not given", function, endpoint, "indeterminate", "implicitDeny"},
		{"a request through no VPC endpoint", function + `, "context": {"aws:SourceVpce": []}`, endpoint, "implicitDeny", "implicitDeny"},
		{"the addresses in a VPC", function, `"Null": {"aws:VpcSourceIp": "true", "aws:SourceVpc": "true"}`, "indeterminate", "allowed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := `{"request": {` + alice + `, ` + tt.request + `}, "policies": {"identity": [` + conditional(tt.condition) + `]}`
			assert.Equal(t, tt.want, evaluate(t, text+`}`).Decision.String())
			assert.Equal(t, tt.exactly, evaluate(t, text+`, "options": {"defaultContext": false}}`).Decision.String())
		})
	}
}

func TestAnIndeterminateDecisionAsksForTheKeyOfTheDefaultContext(t *testing.T) {
	result := evaluate(t, `{`+request+`, "policies": {"identity": [`+conditional(`"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}`)+`]}}`)
	assert.Equal(t, []string{"aws:SourceIp"}, result.MissingContext)
}

func TestTheDefaultContextIsNotWritten(t *testing.T) {
	s := one(t, `{`+request+`, "options": {"defaultContext": false, "catalog": false}}`)
	assert.True(t, s.NoDefaultContext)
	assert.True(t, s.NoCatalog)
	written, err := json.Marshal(s)
	require.NoError(t, err)
	assert.Contains(t, string(written), `"options":{"defaultContext":false,"catalog":false}`)
	assert.NotContains(t, string(written), `"context"`)

	written, err = json.Marshal(&scenario.Scenario{Request: scenario.Request{Action: "s3:GetObject"}})
	require.NoError(t, err)
	assert.NotContains(t, string(written), "options")
}
