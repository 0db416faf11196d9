package evaluator_test

import (
	"fmt"
	"strings"
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
		"a role without the path in a principal": {app, "s3:GetObject", "arn:aws:s3:::b/o", nil, policy.Resource,
			`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/app"},"Action":"*","Resource":"*"}`, false,
			evaluator.Hint{Code: "role-path", Element: "Principal", Suggestion: "arn:aws:iam::111122223333:role/svc/app"}},
		"NotPrincipal without the account": {alice, "s3:GetObject", "arn:aws:s3:::b/o", nil, policy.Resource,
			`{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/alice"},"Action":"*","Resource":"*"}`, false,
			evaluator.Hint{Code: "notprincipal-listed", Element: "NotPrincipal", Suggestion: "arn:aws:iam::111122223333:user/alice, arn:aws:iam::111122223333:root"}},
		"NotPrincipal without the role": {app, "s3:GetObject", "arn:aws:s3:::b/o", nil, policy.Resource,
			`{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:sts::111122223333:assumed-role/app/s1"},"Action":"*","Resource":"*"}`, false,
			evaluator.Hint{Code: "notprincipal-listed", Element: "NotPrincipal", Suggestion: "arn:aws:iam::111122223333:role/svc/app, arn:aws:sts::111122223333:assumed-role/app/s1, arn:aws:iam::111122223333:root"}},
		"letters under a pattern, and a star in the value": {alice, "lambda:GetFunction", fn, evaluator.Context{{Name: "k", Values: []string{"repo:SampleOrg/*"}}}, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringLike":{"k":"repo:sampleorg/*"}}}`, false,
			evaluator.Hint{Code: "letter-case", Element: "k", Suggestion: "repo:SampleOrg/${*}"}},
		"letters of a text with a star": {alice, "lambda:GetFunction", fn, evaluator.Context{{Name: "k", Values: []string{"Red*"}}}, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"k":"red*"}}}`, false,
			evaluator.Hint{Code: "letter-case", Element: "k", Suggestion: "Red*"}},
		"letters of a variable's value": {alice, "lambda:GetFunction", fn, evaluator.Context{{Name: "k", Values: []string{"ALICE"}}}, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"k":"${aws:username}"}}}`, false,
			evaluator.Hint{Code: "letter-case", Element: "k", Suggestion: "ALICE"}},
		"another region and another account": {alice, "lambda:GetFunction", fn, nil, 0,
			`{"Effect":"Allow","Action":"lambda:*","Resource":"arn:aws:lambda:eu-west-1:444455556666:function:my-fn"}`, false,
			evaluator.Hint{Code: "other-region", Element: "Resource", Suggestion: fn}},
		"a user without the path": {evaluator.User("arn:aws:iam::111122223333:user/team/alice"), "s3:GetObject", "arn:aws:s3:::b/o", nil, policy.Resource,
			`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/alice"},"Action":"*","Resource":"*"}`, false,
			evaluator.Hint{Code: "role-path", Element: "Principal", Suggestion: "arn:aws:iam::111122223333:user/team/alice"}},
		"a user that was made anew": {alice.WithUniqueID("AIDANEW"), "s3:GetObject", "arn:aws:s3:::b/o", nil, policy.Resource,
			`{"Effect":"Allow","Principal":{"AWS":"AIDAOLD0000000000000"},"Action":"*","Resource":"*"}`, false,
			evaluator.Hint{Code: "deleted-principal", Element: "Principal", Suggestion: "arn:aws:iam::111122223333:user/alice"}},
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

func TestHintsAboutLayers(t *testing.T) {
	const allowAll, allowLogs, key = `{"Effect":"Allow","Action":"*","Resource":"*"}`, `{"Effect":"Allow","Action":"logs:*","Resource":"*"}`, "arn:aws:kms:us-east-1:111122223333:key/k"
	granting := func(principal string) string {
		return `{"Effect":"Allow","Principal":{"AWS":"` + principal + `"},"Action":"kms:*","Resource":"*"}`
	}
	user := evaluator.User(alice)
	app := evaluator.Session("arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:iam::111122223333:role/app")
	stranger := evaluator.User("arn:aws:iam::444455556666:user/carol")
	for name, tc := range map[string]struct {
		by                           evaluator.Principal
		identity, boundary, resource string
		scps                         []string
		code                         string // "": none
	}{
		"the level below does not allow":                  {user, allowAll, "", granting("111122223333"), []string{allowAll, allowLogs}, "every-level"},
		"the level above does not allow":                  {user, allowAll, "", granting("111122223333"), []string{allowLogs, allowAll}, "every-level"},
		"no level allows":                                 {user, allowAll, "", granting("111122223333"), []string{allowLogs, allowLogs}, ""},
		"the only level does not allow":                   {user, allowAll, "", granting("111122223333"), []string{allowLogs}, ""},
		"a level denies":                                  {user, allowAll, "", granting("111122223333"), []string{allowAll, allowAll + `,{"Effect":"Deny","Action":"kms:*","Resource":"*"}`}, ""},
		"all levels allow, and another layer does not":    {user, allowAll, allowLogs, granting("111122223333"), []string{allowAll, allowAll}, ""},
		"the caller's account does not allow":             {stranger, allowLogs, "", granting("444455556666"), nil, "both-accounts"},
		"the resource's account does not allow":           {stranger, allowAll, "", granting("111122223333"), nil, "both-accounts"},
		"the account is granted, and hands nothing on":    {user, allowLogs, "", granting("111122223333"), nil, "account-delegates"},
		"nobody is granted":                               {user, allowLogs, "", granting("444455556666"), nil, ""},
		"the role is granted, and the boundary is narrow": {app, allowLogs, allowLogs, granting("arn:aws:iam::111122223333:role/app"), nil, "role-grant-limited"},
		"another role is granted":                         {app, allowAll, allowLogs, granting("arn:aws:iam::111122223333:role/other"), nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			caller := evaluator.Caller{Principal: tc.by, Identity: set(t, policy.Identity, tc.identity)}
			if tc.boundary != "" {
				caller.Boundary = set(t, policy.Boundary, tc.boundary)
			}
			for _, scp := range tc.scps {
				caller.SCPs = append(caller.SCPs, set(t, policy.SCP, scp))
			}
			target := evaluator.Target{Resource: key, Policies: []*evaluator.Set{set(t, policy.Resource, tc.resource)}}
			x := evaluator.Explain(&caller, &target, &evaluator.Request{Action: "kms:Decrypt"})
			require.True(t, x.Decision().Denied(), "%s", x.Decision())
			var codes []string
			for _, h := range x.Hints() {
				if h.Element == "" { // about no statement
					codes = append(codes, h.Code)
				}
			}
			if tc.code == "" {
				assert.Empty(t, codes)
				return
			}
			assert.Equal(t, []string{tc.code}, codes)
		})
	}
}

func TestNearMisses(t *testing.T) {
	const allowAll, fn = `{"Effect":"Allow","Action":"*","Resource":"*"}`, `"arn:aws:lambda:us-east-1:111122223333:function:other"`
	lacking := func(element string) string {
		return map[string]string{
			"resource":     `{"Effect":"Allow","Action":"lambda:GetFunction","Resource":` + fn + `}`,
			"condition":    `{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"*","Condition":{"StringEquals":{"example:k":"a"}}}`,
			"both":         `{"Effect":"Allow","Action":"lambda:GetFunction","Resource":` + fn + `,"Condition":{"StringEquals":{"example:k":"a"}}}`,
			"action":       `{"Effect":"Allow","Action":"lambda:ListTags","Resource":"*"}`,
			"action alike": `{"Effect":"Allow","Action":"lambda:GetFunctio","Resource":"*"}`,
			"two":          `{"Effect":"Allow","Action":"lambda:ListTags","Resource":` + fn + `}`,
			"service":      `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`,
		}[element]
	}
	for name, tc := range map[string]struct {
		identity, boundary []string
		want               []string
	}{
		"a condition is nearer than a resource":      {[]string{"resource", "condition"}, nil, []string{"identity[1]", "identity[0]"}},
		"one element is nearer than two":             {[]string{"both", "resource"}, nil, []string{"identity[1]", "identity[0]"}},
		"another action of the service comes last":   {[]string{"action", "both", "resource"}, nil, []string{"identity[2]", "identity[1]", "identity[0]"}},
		"an action that looks like a mistake is one": {[]string{"both", "action alike"}, nil, []string{"identity[1]", "identity[0]"}},
		"another action and another resource is far": {[]string{"two", "resource"}, nil, []string{"identity[1]"}},
		"another service is far":                     {[]string{"service", "resource"}, nil, []string{"identity[1]"}},
		"a layer that allows has none":               {[]string{"resource"}, []string{"all", "condition"}, []string{"identity[0]"}},
		"the layer that stopped comes first":         {[]string{"resource"}, []string{"condition"}, []string{"identity[0]", "boundary[0]"}},
	} {
		t.Run(name, func(t *testing.T) {
			compiled := func(kind policy.Kind, names []string) *evaluator.Set {
				if names == nil {
					return nil
				}
				var statements []string
				for _, n := range names {
					if n == "all" {
						statements = append(statements, allowAll)
					} else {
						statements = append(statements, lacking(n))
					}
				}
				return set(t, kind, strings.Join(statements, ","))
			}
			caller := evaluator.Caller{Principal: evaluator.User(alice), Identity: compiled(policy.Identity, tc.identity), Boundary: compiled(policy.Boundary, tc.boundary)}
			x := evaluator.Explain(&caller, &evaluator.Target{Resource: function}, &evaluator.Request{Action: "lambda:GetFunction"})
			assert.Equal(t, []string{alice, "lambda:GetFunction", function}, []string{x.Principal(), x.Action(), x.Resource()})
			var near []string
			for _, s := range x.NearMisses() {
				near = append(near, fmt.Sprintf("%s[%d]", s.Layer, s.Index))
			}
			assert.Equal(t, tc.want, near)
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

func TestNoHintAtWhatIsMeant(t *testing.T) {
	app := evaluator.Session("arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:iam::111122223333:role/app")
	const role = "arn:aws:iam::111122223333:role/exec"
	for name, tc := range map[string]struct{ action, resource, identity, ofResource string }{
		"a key that the request could have, of iam:PassRole": {"iam:PassRole", role, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"example:k":"a"}}}`, ""},
		"a key that the request could have":                  {"s3:GetObject", bucketObject, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"example:k":"a"}}}`, ""},
		"patterns of actions of other services":              {"s3:GetObject", bucketObject, `{"Effect":"Allow","Action":["e*:GetObject","glue:*"],"Resource":"*"}`, ""},
		"a whole ARN, under an operator for ARNs":            {"s3:GetObject", bucketObject, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/bob"}}}`, ""},
		"a session of another role":                          {"s3:GetObject", bucketObject, "", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/other/s1"},"Action":"*","Resource":"*"}`},
		"a session of a role of that name elsewhere":         {"s3:GetObject", bucketObject, "", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::444455556666:assumed-role/app/s1"},"Action":"*","Resource":"*"}`},
		"another role":              {"s3:GetObject", bucketObject, "", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/other"},"Action":"*","Resource":"*"}`},
		"a user of the role's name": {"s3:GetObject", bucketObject, "", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/app"},"Action":"*","Resource":"*"}`},
	} {
		t.Run(name, func(t *testing.T) {
			caller, target := evaluator.Caller{Principal: app}, evaluator.Target{Resource: tc.resource, Account: "111122223333"}
			if tc.identity != "" {
				caller.Identity = set(t, policy.Identity, tc.identity)
			}
			if tc.ofResource != "" {
				target.Policies = []*evaluator.Set{set(t, policy.Resource, tc.ofResource)}
			}
			x := evaluator.Explain(&caller, &target, &evaluator.Request{Action: tc.action})
			assert.True(t, x.Decision().Denied())
			assert.Empty(t, x.Hints())
		})
	}
}

// A Deny of the resource's policy that may apply takes nothing from what its Allow
// almost granted; and that this names another user is no trap.
func TestAPolicyThatMayDenyHasNearMisses(t *testing.T) {
	doc, err := policy.ParseString("p.json", `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/bob"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},
		{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:UserAgent":"v"}}}]}`)
	require.NoError(t, err)
	x := evaluator.Explain(
		&evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice")},
		&evaluator.Target{Resource: "arn:aws:s3:::b/k", Account: "111122223333", Policies: []*evaluator.Set{evaluator.MustCompile(policy.Resource, doc)}},
		&evaluator.Request{Action: "s3:GetObject", Context: evaluator.Context{{Name: "aws:UserAgent", State: evaluator.Unknown}}})
	require.True(t, x.Decision().Denied())
	near := x.NearMisses()
	require.Len(t, near, 1)
	assert.Equal(t, 0, near[0].Index)
	assert.Empty(t, x.Hints())
}
