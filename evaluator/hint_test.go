package evaluator_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// Traps beside those that package report has golden files for.
func TestHints(t *testing.T) {
	const fn = "arn:aws:lambda:us-east-1:111122223333:function:my-fn"
	alice := evaluator.User("arn:aws:iam::111122223333:user/alice")
	app := evaluator.Session("arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:iam::111122223333:role/svc/app")
	type asked struct {
		by       evaluator.Principal
		action   string
		resource string
		context  evaluator.Context
		kind     policy.Kind // of the policy; identity unless given
		policy   string      // statements
		boundary bool
		want     evaluator.Hint
	}
	for name, c := range map[string]asked{
		"another alias": {alice, "lambda:InvokeFunction", fn + ":prod", nil, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"` + fn + `:beta"}`, false,
			evaluator.Hint{Code: "other-qualifier", Element: "Resource", Suggestion: fn + ":prod"}},
		"a NotResource that names the function alone": {alice, "lambda:InvokeFunction", fn + ":prod", nil, 0,
			`{"Effect":"Deny","Action":"lambda:*","NotResource":"` + fn + `"}`, false,
			evaluator.Hint{Code: "unqualified-arn", Element: "NotResource", Suggestion: fn + ":prod"}},
		"a layer without its version": {alice, "lambda:GetLayerVersion", "arn:aws:lambda:us-east-1:111122223333:layer:x:3", nil, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"arn:aws:lambda:*:*:layer:x"}`, false,
			evaluator.Hint{Code: "unqualified-arn", Element: "Resource", Suggestion: "arn:aws:lambda:us-east-1:111122223333:layer:x:3"}},
		"a part too few": {alice, "lambda:GetFunction", fn, nil, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"arn:aws:lambda:*:function:my-fn"}`, false,
			evaluator.Hint{Code: "missing-field", Element: "Resource", Suggestion: fn}},
		"another partition": {evaluator.User("arn:aws-cn:iam::111122223333:user/a"), "lambda:GetFunction", "arn:aws-cn:lambda:cn-north-1:111122223333:function:f", nil, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"arn:aws:lambda:*:*:function:f"}`, false,
			evaluator.Hint{Code: "other-partition", Element: "Resource", Suggestion: "arn:aws-cn:lambda:cn-north-1:111122223333:function:f"}},
		"objects and not the bucket": {alice, "s3:ListBucket", "arn:aws:s3:::b", nil, 0,
			`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}`, false,
			evaluator.Hint{Code: "object-not-bucket", Element: "Resource", Suggestion: "arn:aws:s3:::b"}},
		"an index of a table": {alice, "dynamodb:Query", "arn:aws:dynamodb:us-east-1:111122223333:table/t/index/i", nil, 0,
			`{"Effect":"Allow","Action":"dynamodb:*","Resource":"arn:aws:dynamodb:*:*:table/t"}`, false,
			evaluator.Hint{Code: "below-resource", Element: "Resource", Suggestion: "arn:aws:dynamodb:us-east-1:111122223333:table/t/index/i"}},
		"letters of a pattern": {alice, "lambda:GetFunction", fn, nil, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"arn:aws:lambda:*:*:function:My-*"}`, false,
			evaluator.Hint{Code: "letter-case", Element: "Resource", Suggestion: fn}},
		"a role beside a path with a star": {alice, "iam:PassRole", "arn:aws:iam::111122223333:role/admin", nil, 0,
			`{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/pay/*"}`, false,
			evaluator.Hint{Code: "role-path", Element: "Resource", Suggestion: "arn:aws:iam::111122223333:role/admin"}},
		"a function that AWS does not name": {alice, "lambda:GetFunction", "arn:aws:lambda:us-east-1:111122223333:function:*", nil, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"arn:aws:lambda:eu-west-1:111122223333:function:*"}`, false,
			evaluator.Hint{Code: "other-region", Element: "Resource", Suggestion: "arn:aws:lambda:us-east-1:111122223333:function:*"}},
		"a log stream without name is its group": {alice, "logs:CreateLogGroup", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f:log-stream:", nil, 0,
			`{"Effect":"Allow","Action":"logs:*","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f"}`, false,
			evaluator.Hint{Code: "below-resource", Element: "Resource", Suggestion: "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f:*"}},
		"letters under a pattern of a condition": {alice, "lambda:GetFunction", fn, evaluator.Context{{Name: "k", Values: []string{"repo:SampleOrg/app"}}}, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringLike":{"k":"repo:sampleorg/*"}}}`, false,
			evaluator.Hint{Code: "letter-case", Element: "k", Suggestion: "repo:SampleOrg/app"}},
		"the action of another service": {alice, "logs:PutLogEvents", "*", nil, 0,
			`{"Effect":"Allow","Action":"cloudwatch:PutLogEvents","Resource":"*"}`, false,
			evaluator.Hint{Code: "other-service", Element: "Action", Suggestion: "logs:PutLogEvents"}},
		"a condition on aws:username of a role": {app, "lambda:GetFunction", fn, nil, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"aws:username":"app"}}}`, false,
			evaluator.Hint{Code: "username-of-role", Element: "Condition", Suggestion: `"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/svc/app"}`}},
		"a variable of a user in a condition": {app, "lambda:GetFunction", fn, evaluator.Context{{Name: "k", Values: []string{"v"}}}, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"k":"${aws:username}"}}}`, false,
			evaluator.Hint{Code: "username-of-role", Element: "Condition"}},
		"aws:PrincipalArn without the path": {app, "lambda:GetFunction", fn, nil, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/app"}}}`, false,
			evaluator.Hint{Code: "role-path", Element: "aws:PrincipalArn", Suggestion: "arn:aws:iam::111122223333:role/svc/app"}},
		"a key of iam:PassRole for another action": {alice, "lambda:CreateFunction", fn, nil, 0,
			`{"Effect":"Allow","Action":["lambda:CreateFunction","iam:PassRole"],"Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}}`, false,
			evaluator.Hint{Code: "passrole-key", Element: "Condition"}},
		"tags of a role that is passed": {alice, "iam:PassRole", "arn:aws:iam::111122223333:role/r", nil, 0,
			`{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/env":"dev"}}}`, false,
			evaluator.Hint{Code: "passrole-key", Element: "Condition"}},
		"a Deny with IfExists": {alice, "lambda:GetFunction", fn, nil, 0,
			`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:SourceVpc":"vpc-1"}}}`, false,
			evaluator.Hint{Code: "absent-key-holds", Element: "Condition"}},
		"ForAnyValue on an absent key": {alice, "lambda:GetFunction", fn, nil, 0,
			`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ForAnyValue:StringEqualsIfExists":{"aws:TagKeys":"team"}}}`, false,
			evaluator.Hint{Code: "any-value-absent", Element: "Condition"}},
		"aws:SourceArn in a call of a user": {alice, "lambda:InvokeFunction", fn, nil, 0,
			`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::b"}}}`, false,
			evaluator.Hint{Code: "service-call-key", Element: "Condition"}},
		"an ARN operator with a star alone": {alice, "lambda:InvokeFunction", fn, evaluator.Context{{Name: "aws:SourceArn", Values: []string{"arn:aws:s3:::b"}}}, 0,
			`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"*"}}}`, false,
			evaluator.Hint{Code: "arn-pattern", Element: "Condition"}},
		"letters of a tag": {alice, "lambda:GetFunction", fn, evaluator.Context{{Name: "aws:PrincipalTag/team", Values: []string{"Red"}}}, 0,
			`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"red"}}}`, false,
			evaluator.Hint{Code: "letter-case", Element: "aws:PrincipalTag/team", Suggestion: "Red"}},
		"another session of the role": {app, "s3:GetObject", "arn:aws:s3:::b/o", nil, policy.Resource,
			`{"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/app/s2"},"Action":"*","Resource":"*"}`, false,
			evaluator.Hint{Code: "other-session", Element: "Principal", Suggestion: "arn:aws:iam::111122223333:role/svc/app"}},
		"letters of a user's name": {alice, "s3:GetObject", "arn:aws:s3:::b/o", nil, policy.Resource,
			`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/Alice"},"Action":"*","Resource":"*"}`, false,
			evaluator.Hint{Code: "letter-case", Element: "Principal", Suggestion: "arn:aws:iam::111122223333:user/alice"}},
		"a role that was made anew": {app.WithUniqueID("AROANEW"), "s3:GetObject", "arn:aws:s3:::b/o", nil, policy.Resource,
			`{"Effect":"Allow","Principal":{"AWS":"AROAOLD0000000000000"},"Action":"*","Resource":"*"}`, false,
			evaluator.Hint{Code: "deleted-principal", Element: "Principal", Suggestion: "arn:aws:iam::111122223333:role/svc/app"}},
		"NotPrincipal and a boundary": {alice, "s3:GetObject", "arn:aws:s3:::b/o", nil, policy.Resource,
			`{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/alice"},"Action":"*","Resource":"*"}`, true,
			evaluator.Hint{Code: "notprincipal-listed", Element: "NotPrincipal"}},
		"iam:PassRole on a function": {alice, "iam:PassRole", fn, nil, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"*"}`, false,
			evaluator.Hint{Code: "requested-resource"}},
	} {
		t.Run(name, func(t *testing.T) {
			kind := c.kind
			if kind == 0 {
				kind = policy.Identity
			}
			doc, err := policy.ParseString("p.json", `{"Version":"2012-10-17","Statement":`+c.policy+`}`)
			require.NoError(t, err)
			caller := evaluator.Caller{Principal: c.by}
			target := evaluator.Target{Resource: c.resource, Account: "111122223333"}
			if set := evaluator.MustCompile(kind, doc); kind == policy.Resource {
				target.Policies = []*evaluator.Set{set}
			} else {
				caller.Identity = set
			}
			if c.boundary {
				caller.Boundary = evaluator.MustCompile(policy.Boundary)
			}
			x := evaluator.Explain(&caller, &target, &evaluator.Request{Action: c.action, Context: c.context})
			require.True(t, x.Decision().Denied(), "%s", x.Decision())
			hints := x.Hints()
			require.NotEmpty(t, hints)
			assert.NotEmpty(t, hints[0].Text)
			hints[0].Text = ""
			assert.Equal(t, c.want, hints[0])
		})
	}
}

// Where nothing is wrong with a statement but that it is another, there is
// nothing to hint at.
func TestNoHintWhereThereIsNoTrap(t *testing.T) {
	doc, err := policy.ParseString("p.json", `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"arn:aws:lambda:us-east-1:111122223333:function:other"},
		{"Effect":"Allow","Action":"s3:*","Resource":"*"},
		{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}},
		{"Effect":"Deny","Action":"lambda:Delete*","Resource":"*"}]}`)
	require.NoError(t, err)
	x := evaluator.Explain(
		&evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"), Identity: evaluator.MustCompile(policy.Identity, doc)},
		&evaluator.Target{Resource: "arn:aws:lambda:us-east-1:111122223333:function:my-fn"},
		&evaluator.Request{Action: "lambda:GetFunction", Context: evaluator.Context{{Name: "aws:SourceIp", Values: []string{"203.0.113.9"}}}})
	assert.Empty(t, x.Hints())
	near := x.NearMisses()
	require.Len(t, near, 2)
	assert.Equal(t, 2, near[0].Index, "a condition is nearer than a resource")
	assert.Equal(t, 0, near[1].Index)
	assert.Equal(t, "Condition", near[0].First().Element)
	line, column := near[0].First().Position()
	assert.Equal(t, []int{4, 107}, []int{line, column})
}
