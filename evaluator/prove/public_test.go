package prove_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
)

// outcome is the answer where something is so that refutes, and where it is not.
var outcome = map[bool]prove.Outcome{true: prove.Refuted, false: prove.Proved}

// Which condition on a grant to everyone makes it not public: for people, and
// strictly.
func TestAConditionMakesAGrantNotPublic(t *testing.T) {
	const (
		both    = "not public"
		lenient = "strictly public"
		public  = "public"
	)
	for _, c := range []struct{ operator, key, value, want string }{
		{"StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5", both},
		{"StringLike", "aws:PrincipalOrgID", "o-a1b2c3d4e5", both},
		{"StringLike", "aws:PrincipalOrgID", "o-a1b2*", public},
		{"StringEqualsIgnoreCase", "AWS:principalorgid", "o-a1b2c3d4e5", both},
		{"StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}", public},
		{"StringNotEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5", public},
		{"StringEqualsIfExists", "aws:PrincipalOrgID", "o-a1b2c3d4e5", public},
		{"ForAllValues:StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5", public},
		{"ForAnyValue:StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5", both},

		{"ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/*", lenient},
		{"ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/", lenient},
		{"ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5*", public},
		{"ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-?1b2c3d4e5/*", public},
		{"ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "x-a1b2c3d4e5/*", public},
		{"ForAnyValue:StringLike", "aws:SourceOrgPaths", "o-a1b2c3d4e5/*", lenient},
		{"ForAnyValue:StringLike", "aws:VpceOrgPaths", "o-a1b2c3d4e5/*", lenient},

		{"ArnEquals", "aws:PrincipalArn", "arn:aws:iam::444455556666:role/app", lenient},
		{"ArnLike", "aws:PrincipalArn", "arn:aws:iam::444455556666:role/*", lenient},
		{"ArnEquals", "aws:PrincipalArn", "arn:*:iam::444455556666:role/*", lenient},
		{"ArnLike", "aws:PrincipalArn", "arn:aws:iam::44445555666?:role/app", public},
		{"ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/app", public},
		{"StringLike", "aws:PrincipalArn", "arn:aws:iam::444455556666:role/*", lenient},
		{"StringLike", "aws:PrincipalArn", "arn:*:iam::444455556666:role/*", public},
		{"StringLike", "aws:PrincipalArn", "arn:aws:iam::444455556666*", public},
		{"StringEquals", "aws:PrincipalAccount", "444455556666", lenient},
		{"StringLike", "aws:PrincipalAccount", "4444*", public},
		{"StringEquals", "aws:PrincipalAccount", "anonymous", public},
		{"StringEquals", "kms:CallerAccount", "444455556666", lenient},

		{"StringEquals", "aws:userid", "AROAEXAMPLE1234567890:app", both},
		{"StringLike", "aws:userid", "AROAEXAMPLE1234567890:*", lenient},
		{"StringLike", "aws:userid", "AROA?XAMPLE1234567890:*", public},
		{"StringLike", "aws:userid", "AIDAEXAMPLE*", public},

		{"ArnEquals", "aws:SourceArn", "arn:aws:s3:::example", both},
		{"ArnLike", "aws:SourceArn", "arn:aws:sns:us-east-1:444455556666:*", lenient},
		{"ArnLike", "aws:SourceArn", "arn:aws:s3:::*", public},
		{"StringEquals", "aws:SourceAccount", "444455556666", both},
		{"StringLike", "aws:SourceAccount", "*", public},
		{"StringEquals", "aws:SourceOwner", "444455556666", both},
		{"StringEquals", "aws:SourceOrgID", "o-a1b2c3d4e5", lenient},

		{"IpAddress", "aws:SourceIp", "203.0.113.0/24", both},
		{"IpAddress", "aws:SourceIp", "10.0.0.0/8", both},
		{"IpAddress", "aws:SourceIp", "10.0.0.0/7", public},
		{"IpAddress", "aws:SourceIp", "0.0.0.0/0", public},
		{"IpAddress", "aws:SourceIp", "2001:db8::/32", both},
		{"IpAddress", "aws:SourceIp", "2001:db8::/31", public},
		{"NotIpAddress", "aws:SourceIp", "203.0.113.0/24", public},
		{"StringEquals", "aws:SourceVpc", "vpc-1a2b3c4d", both},
		{"StringLike", "aws:SourceVpc", "vpc-*", public},
		{"StringEquals", "aws:SourceVpce", "vpce-1a2b3c4d", both},
		{"ArnLike", "aws:SourceVpcArn", "arn:aws:ec2:us-east-1:444455556666:vpc/*", lenient},
		{"ArnLike", "aws:SourceVpcArn", "arn:aws:ec2:us-east-1:*:vpc/vpc-1a2b3c4d", public},
		{"StringEquals", "aws:VpceAccount", "444455556666", lenient},
		{"StringEquals", "aws:VpceOrgID", "o-a1b2c3d4e5", lenient},

		{"ArnLike", "s3:DataAccessPointArn", "arn:aws:s3:us-east-1:444455556666:accesspoint/*", lenient},
		{"ArnEquals", "s3:DataAccessPointArn", "arn:aws:s3:us-east-1:444455556666:accesspoint/app", both},
		{"StringEquals", "s3:DataAccessPointAccount", "444455556666", both},

		{"Null", "aws:PrincipalOrgID", "false", public},
		{"StringEquals", "aws:PrincipalTag/team", "blue", public},
		{"StringEquals", "kms:ViaService", "s3.us-east-1.amazonaws.com", public},
		{"StringEquals", "lambda:FunctionUrlAuthType", "AWS_IAM", public},
		{"Bool", "aws:MultiFactorAuthPresent", "true", public},
	} {
		condition := fmt.Sprintf(`"Condition":{%q:{%q:%q}}`, c.operator, c.key, c.value)
		t.Run(condition, func(t *testing.T) {
			d := parse(t, `{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","kms:Decrypt"],"Resource":"*",`+condition+`}`)
			if c.key == "kms:CallerAccount" {
				d = parse(t, `{"Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*",`+condition+`}`)
			}
			v, err := new(prove.Prover).NotPublic(t.Context(), d)
			require.NoError(t, err)
			assert.Equal(t, outcome[c.want == public], v.Outcome, "%s", v)
			strict, err := (&prove.Prover{Strict: true}).NotPublic(t.Context(), d)
			require.NoError(t, err)
			assert.Equal(t, outcome[c.want != both], strict.Outcome, "strictly: %s", strict)
		})
	}
}

// A Deny of all others counts as the opposite of its condition, but not strictly.
func TestADenyOfOthersMakesAGrantNotPublic(t *testing.T) {
	for _, c := range []struct {
		conditions string
		public     bool
	}{
		{`"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}`, false},
		{`"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}`, false},
		{`"StringNotEqualsIgnoreCase":{"aws:SourceVpc":"vpc-1a2b3c4d"}`, false},
		{`"StringNotLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:*"}`, false},
		{`"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:*"}`, false},
		{`"ArnNotEquals":{"aws:SourceArn":"arn:aws:sns:us-east-1:444455556666:topic"}`, false},
		{`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`, false},
		{`"NotIpAddress":{"aws:SourceIp":"0.0.0.0/1"}`, true},
		{`"StringNotLike":{"aws:PrincipalOrgID":"o-*"}`, true},
		{`"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}`, true},
		{`"StringNotEquals":{"aws:PrincipalTag/team":"blue"}`, true},
		{`"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"Bool":{"aws:SecureTransport":"false"}`, true},
		{`"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5","aws:PrincipalAccount":"444455556666"}`, false},
	} {
		t.Run(c.conditions, func(t *testing.T) {
			d := parse(t, `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{`+c.conditions+`}}`)
			v, err := new(prove.Prover).NotPublic(t.Context(), d)
			require.NoError(t, err)
			assert.Equal(t, outcome[c.public], v.Outcome, "%s", v)
			strict, err := (&prove.Prover{Strict: true}).NotPublic(t.Context(), d)
			require.NoError(t, err)
			assert.Equal(t, prove.Refuted, strict.Outcome, "strictly: %s", strict)
		})
	}
}
