package summary_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/summary"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

const proved = "proved equal to the policy, with the catalogue of 2026-09-26\n"

func document(t *testing.T, version, statements string) *policy.Document {
	t.Helper()
	d, err := policy.ParseString("policy.json", fmt.Sprintf(`{"Version": %q, "Statement": [%s]}`, version, statements))
	require.NoError(t, err)
	return d
}

func TestSummariesSayIt(t *testing.T) {
	for name, tc := range map[string]struct {
		kind       policy.Kind
		version    string
		statements string
		want       string
	}{
		"all of a service is full": {
			statements: `{"Effect": "Allow", "Action": ["sqs:*", "sns:*"], "Resource": "*"}`,
			want:       "sns, sqs: Full\n",
		},
		"all actions of a level are the level, with the patterns that match new ones": {
			statements: `{"Effect": "Allow", "Action": ["kms:List*", "kms:Get*", "kms:Describe*"], "Resource": "*"}`,
			want:       "kms: List and Read (Describe*, Get*, List*)\n",
		},
		"few actions are named, many by level, those that do most harm first": {
			statements: `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/*"},
				{"Effect": "Allow", "Action": ["iam:GetRole", "iam:PassRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:CreateRole", "iam:ListRoles"], "Resource": "arn:aws:iam::*:role/app-*"}`,
			want: "s3: GetObject on shop/*\n" +
				"iam: some Permissions management: DeleteRolePolicy, PutRolePolicy; some Write: CreateRole, PassRole; some Read: GetRole; some List: ListRoles on role/app-*\n",
		},
		"a level without few actions": {
			statements: `{"Effect": "Allow", "Action": ["iam:Get*", "iam:List*", "iam:Simulate*"], "Resource": "*"}`,
			want:       "iam: List and Read but GenerateCredentialReport, GenerateOrganizationsAccessReport, GenerateServiceLastAccessedDetails (Get*, List*, Simulate*)\n",
		},
		"what other statements say already is not said again": {
			statements: `{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"},
				{"Effect": "Allow", "Action": "lambda:GetFunction", "Resource": "arn:aws:lambda:*:*:function:orders"},
				{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}`,
			want: "lambda: Full\n",
		},
		"resources of the same actions stand together": {
			statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:a"},
				{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:b"}`,
			want: "sqs: SendMessage on a, sqs:eu-west-1:111122223333:b\n",
		},
		"several services of one scope stand below it": {
			statements: `{"Effect": "Allow", "Action": ["sqs:SendMessage", "sns:*"], "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}`,
			want:       "if aws:SecureTransport is true:\n  sns: Full\n  sqs: SendMessage\n",
		},
		"a Region that does not fit is not left out": {
			statements: `{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:::function:a"}`,
			want:       "lambda: InvokeFunction on lambda:::function:a\n",
		},
		"what is denied is said last": {
			statements: `{"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-west-2"]}}},
				{"Effect": "Allow", "Action": "*", "Resource": "*"}`,
			want: "all actions\ndenied:\n  all actions but iam, sts if aws:RequestedRegion is not eu-west-1 nor eu-west-2\n",
		},
		"conditions in words": {
			statements: `{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", "Condition": {"Null": {"aws:RequestTag/a": "false"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}, "NumericLessThanIfExists": {"aws:MultiFactorAuthAge": 3600}}}`,
			want:       "ec2: CreateTags if aws:MultiFactorAuthAge < 3600 or absent, and aws:RequestTag/a is present, and every aws:TagKeys is a or b\n",
		},
		"all resources but some": {
			statements: `{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::secret/*"}`,
			want:       "s3: GetObject on all but secret/*\n",
		},
		"a policy variable of an old version is a text": {
			version:    policy.Version2008,
			statements: `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::home/${aws:username}/*"}`,
			want:       "s3: GetObject on home/${$}{aws:username}/*\n",
		},
		"an action that the catalogue does not know": {
			statements: `{"Effect": "Allow", "Action": ["nosuch:Thing", "s3:NoSuch*"], "Resource": "*"}`,
			want:       "nosuch: Thing\ns3: NoSuch*\n",
		},
		"an action in another letter case": {
			statements: `{"Effect": "Allow", "Action": "S3:getobject", "Resource": "*"}`,
			want:       "s3: GetObject\n",
		},
		"a resource of another service": {
			statements: `{"Effect": "Allow", "Action": "iam:PassRole", "Resource": ["arn:aws:s3:::shop/*", "arn:aws:sqs:*:*:q"]}`,
			want:       "iam: PassRole on s3:shop/*, sqs:q\n",
		},
		"a pattern that has all of a level and more": {
			statements: `{"Effect": "Allow", "Action": "sqs:*Queue", "Resource": "*"}`,
			want:       "sqs: *Queue\n",
		},
		"all actions of all services": {
			statements: `{"Effect": "Allow", "Action": "*:*", "Resource": "*"}`,
			want:       "all actions\n",
		},
		"all actions with more stars than it needs": {
			statements: `{"Effect": "Allow", "Action": ["s3:**", "s3:Get*"], "Resource": "*"}, {"Effect": "Allow", "Action": ["*:Get*"], "Resource": "*"}`,
			want:       "s3: Full\nof any service *:Get*\n",
		},
		"no resource": {
			statements: `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": []}`,
			want:       "s3: GetObject on nothing\n",
		},
		"whom a resource lets in": {
			kind: policy.Resource,
			statements: `{"Effect": "Allow", "Principal": {"AWS": "111122223333", "Service": "s3.amazonaws.com"}, "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:us-east-1:444455556666:function:orders"},
				{"Effect": "Deny", "Principal": "*", "Action": "lambda:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}`,
			want: "lambda: InvokeFunction to 111122223333, service s3.amazonaws.com on lambda:us-east-1:444455556666:function:orders\n" +
				"denied:\n  lambda: Full to everyone if aws:SecureTransport is false\n",
		},
		"who may assume a role": {
			kind: policy.Trust,
			statements: `{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
				{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:TagSession"}`,
			want: "sts: AssumeRole to service lambda.amazonaws.com\ndenied:\n  sts: TagSession to everyone\n",
		},
		"a service control policy of Deny statements alone": {
			kind:       policy.SCP,
			statements: `{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}`,
			want:       "denied:\n  organizations: LeaveOrganization\n",
		},
		"a boundary": {
			kind:       policy.Boundary,
			statements: `{"Effect": "Allow", "Action": ["s3:*", "s3:Get*"], "Resource": "*"}, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}`,
			want:       "s3: Full\ndenied:\n  iam: Full\n",
		},
		"a resource control policy": {
			kind:       policy.RCP,
			statements: `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}`,
			want:       "denied:\n  s3: Full to everyone if aws:PrincipalOrgID is not o-a1b2c3d4e5 or absent\n",
		},
		"an endpoint policy": {
			kind:       policy.Endpoint,
			statements: `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/*"}`,
			want:       "s3: GetObject to everyone on shop/*\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			kind, version := policy.Identity, policy.Version2012
			if tc.kind != 0 {
				kind = tc.kind
			}
			if tc.version != "" {
				version = tc.version
			}
			s, err := summary.Of(t.Context(), &prove.Prover{Catalog: catalog.Default()}, kind, document(t, version, tc.statements))
			require.NoError(t, err)
			assert.Equal(t, tc.want+proved, s.Text())
			assert.Equal(t, prove.Proved, s.Outcome())
		})
	}
}

// Documents that apply together are one summary, which is proved of all of them.
func TestDocumentsAreSummarizedTogether(t *testing.T) {
	const (
		buckets = `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Effect": "Deny", "Action": "sns:*", "Resource": "*"}`
		queues  = `{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}`
	)
	list := []*policy.Document{document(t, policy.Version2012, buckets), document(t, policy.Version2012, queues)}
	s, err := summary.Of(t.Context(), &prove.Prover{Catalog: catalog.Default()}, policy.Identity, list...)
	require.NoError(t, err)
	assert.Equal(t, "s3, sqs: Full\ndenied:\n  iam, sns: Full\n"+proved, s.Text())
	one, err := s.Document().MarshalJSON()
	require.NoError(t, err)
	assert.JSONEq(t, `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": ["s3:*", "sqs:*"], "Resource": "*"}, {"Effect": "Deny", "Action": ["iam:*", "sns:*"], "Resource": "*"}]}`, string(one))

	s, err = summary.Of(t.Context(), &prove.Prover{}, policy.Identity)
	require.NoError(t, err)
	assert.Equal(t, "nothing is allowed\nproved equal to the policy\n", s.Text())

	_, err = summary.Of(t.Context(), &prove.Prover{}, policy.Identity, list[0], nil)
	require.ErrorIs(t, err, policy.ErrNoDocument)
}
