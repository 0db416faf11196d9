package iamtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/policy"
)

func TestAssertionsPassAndFail(t *testing.T) {
	role := iamtest.Resource{ARN: execRole, Policies: []string{"testdata/exec-trust.json"}}.Load(t)
	partner := iamtest.Role(t, "arn:aws:iam::444455556666:role/caller",
		`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}}`)
	function := iamtest.Function(t, orders, "testdata/orders-policy.json")
	guarded := iamtest.Principal{
		ARN: deployARN, Policies: []string{"arn:aws:iam::aws:policy/AdministratorAccess"},
		Boundary: "testdata/boundary.json", SCPs: [][]string{{"testdata/scp.json"}},
	}.Load(t)
	who := deploy(t)
	s3Alone := endpoint(t)
	mine := []string{"lambda:GetFunction", "lambda:UpdateFunctionConfiguration"}

	for name, tc := range map[string]struct {
		assert func(t iamtest.TestingT) bool
		says   string // of the failure; "" for an assertion that passes
	}{
		"Can: an action that is allowed": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, who, "lambda:GetFunction", orders)
		}, ""},
		"Can: an action that is not": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, who, "lambda:InvokeFunction", orders)
		}, "role/deploy cannot lambda:InvokeFunction, and should"},
		"Can: several actions on several resources": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, who, mine, []string{orders})
		}, ""},
		"Can: all that are not are reported at once": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, who, mine, []string{orders, payments})
		}, "2 of 4 requests are not as they should be\n  cannot lambda:GetFunction on " + payments + "\n  cannot lambda:UpdateFunctionConfiguration on " + payments},
		"Can: a pattern stands for the actions that work on the resource": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, who, "lambda:UpdateFunctionCo*", orders)
		}, "role/deploy cannot lambda:UpdateFunctionCodeSigningConfig"},
		"Can: a resource with its policy, from another account": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, partner, "lambda:InvokeFunction", function)
		}, ""},
		"Can: the same without its policy": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, partner, "lambda:InvokeFunction", orders)
		}, "implicitDeny(resource)"},
		"Can: an ARN, and names with types of their own": {func(t iamtest.TestingT) bool {
			type action string
			type functions []string
			return iamtest.Can(t, who, action("lambda:GetFunction"), arn.MustParse(orders)) &&
				iamtest.Can(t, who, mine, []arn.ARN{arn.MustParse(orders)}) && iamtest.Can(t, who, mine, functions{orders})
		}, ""},
		"Can: an ARN that may not be asked for": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, who, "lambda:GetFunction", arn.MustParse(payments))
		}, "role/deploy cannot lambda:GetFunction, and should"},
		"Can: loaded resources": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, partner, "lambda:InvokeFunction", []iamtest.What{function, function})
		}, ""},

		"Cannot: an action that nothing allows": {func(t iamtest.TestingT) bool {
			return iamtest.Cannot(t, who, "lambda:InvokeFunction", orders)
		}, ""},
		"Cannot: an action that a Deny denies": {func(t iamtest.TestingT) bool {
			return iamtest.Cannot(t, who, "lambda:DeleteFunction", orders)
		}, ""},
		"Cannot: an action that is allowed": {func(t iamtest.TestingT) bool {
			return iamtest.Cannot(t, who, "lambda:GetFunction", orders)
		}, "role/deploy can lambda:GetFunction, and should not"},
		"Cannot: a pattern": {func(t iamtest.TestingT) bool {
			return iamtest.Cannot(t, who, "lambda:Delete*", orders)
		}, ""},

		"CannotAny: resources that the action does not work on": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "lambda:GetFunction", "arn:aws:s3:::*")
		}, `no resource of lambda:GetFunction begins as "arn:aws:s3:::*" does: it works on arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}`},
		"CannotAny: a pattern for an action on * alone": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "lambda:ListFunctions", "arn:aws:lambda:*")
		}, `lambda:ListFunctions has no resource types, and AWS asks for it on * only: write "*", not "arn:aws:lambda:*"`},
		"CannotAny: resources whose format goes on with a star": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, []string{"connect:ListContactFlows", "dms:AddTagsToResource"}, []string{
				"arn:aws:connect:us-east-1:123456789012:instance/i-1/contact-flow/*", "arn:aws:dms:us-east-1:123456789012:cert:my-*"})
		}, "no resource of dms:AddTagsToResource begins as"},
		"CannotAny: resources whose format is a star at the end": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "connect:ListContactFlows", []string{"arn:aws:connect:us-east-1:123456789012:instance/i-1/contact-flow/f-*", "arn:aws:connect:us-east-1:123456789012:instance/i-1/contact-flow/*"})
		}, ""},
		"CannotAny: resources whose region is a star in the format": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "health:DescribeAffectedEntities", "arn:aws:health:us-east-1::event/LAMBDA/*")
		}, ""},
		"CannotAny: the region of the format does not take the account in": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "iam:PassRole", "arn:aws:iam:us-east-1:123456789012:role/*")
		}, `no resource of iam:PassRole begins as "arn:aws:iam:us-east-1:123456789012:role/*" does`},
		"CannotAny: a part of the fields of an ARN": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "lambda:DeleteAlias", []string{"arn:*", "arn:aws:*", "arn:aws:lambda:*", "arn:aws:lambda:us-east-1:*", "arn:aws:lambda:us-east-1:123456789012:*", "arn:aws:lambda:us-east-1:1234*", "arn:aws:lambda:us-e*", "arn:aws:lam*", "a*"})
		}, ""},
		"CannotAny: a star inside and one at the end": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "iam:PassRole", "arn:aws:iam::*:role/*")
		}, `resource "arn:aws:iam::*:role/*": a pattern of resources ends in its only *`},
		"CannotAny: one wrong pattern is told once": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, []string{"iam:Get*", "lambda:GetFunction"}, "arn:aws:iam::*:role/admin")
		}, `resource "arn:aws:iam::*:role/admin": a pattern of resources ends in its only *`},
		"CannotAny: a resource that is named": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, []string{"lambda:GetFunction", "lambda:DeleteFunction"}, orders)
		}, "role/deploy can lambda:GetFunction, and should not"},
		"CannotAny: an action that is none": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "iam:PasRole", "*")
		}, `did you mean "iam:PassRole"?`},
		"CannotAny: an action that is left out": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, append(iamtest.Except("lambda:*", "lambda:GetFunction", "lambda:Update*"), "lambda:GetFunction"), orders)
		}, ""},
		"CannotAny: a pattern of which nothing works there, and something is left out": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, append(iamtest.Except("lambda:*", "iam:*"), "iam:*"), orders)
		}, "role/deploy: 3 of 52 requests"},
		"CannotAny: one pattern works there, another does not": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, []string{"lambda:Delete*", "s3:*"}, orders)
		}, `no action that the catalogue knows matches "s3:*" and works on ` + orders},
		"Can: a pattern on * stands for the actions that are asked there": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`), "lambda:*", "*")
		}, ""},
		"Can: as many faults as requests that do not hold": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, who, []string{"lambda:InvokeFunction", "s3:*"}, orders)
		}, "1 of 1 requests are not as they should be\n  wrong     no action that the catalogue knows matches \"s3:*\" and works on " + orders + "\n  cannot lambda:InvokeFunction"},
		"Can: a key that the catalogue does not know is told once": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, who.Given("aws:SourceIpp", "203.0.113.9"), mine, []string{orders, payments})
		}, `context key "aws:SourceIpp" is none that the catalogue knows; did you mean "aws:SourceIp"?`},
		"Can: a key that resembles none": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, who.Given("zzz:qqqqqqqq", "x"), mine, orders)
		}, `context key "zzz:qqqqqqqq" is none that the catalogue knows`},
		"Can: what the policy of the resource names is not checked": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, who, "lambda:GetFunction", iamtest.Function(t, orders, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "lambda:Frobnicate", "Resource": "`+orders+`"}}`))
		}, ""},
		"Can: what a resource control policy names is not checked": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, who, "lambda:GetFunction", iamtest.Resource{ARN: orders, RCPs: [][]string{{`{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:Frobnicate", "Resource": "*"}}`}}}.Load(t))
		}, ""},
		"CanPassRole: two roles that the service cannot assume": {func(t iamtest.TestingT) bool {
			other := iamtest.Resource{ARN: auditRole, Policies: []string{"testdata/exec-trust.json"}}.Load(t)
			return iamtest.CanPassRole(t, allowing(t, `{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}`), []iamtest.What{role, other}, "ec2.amazonaws.com")
		}, "the trust policy of " + auditRole + " does not let ec2.amazonaws.com assume it (G-8)"},
		"CanPassRole: a role that is not loaded": {func(t iamtest.TestingT) bool {
			return iamtest.CanPassRole(t, who, iamtest.What{}, lambda)
		}, "nothing is asked about"},
		"CanPassRole: a role that the service may assume for some": {func(t iamtest.TestingT) bool {
			some := iamtest.Resource{ARN: execRole, Policies: []string{`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}}`}}.Load(t)
			return iamtest.CanPassRole(t, who, some, lambda)
		}, ""},
		"Allowed: what the policy of the endpoint denies": {func(t iamtest.TestingT) bool {
			return iamtest.Allowed(t, caller(t), &evaluator.Target{Resource: orders}, &evaluator.Request{Action: "lambda:GetFunction", Endpoint: s3Alone})
		}, "decision  implicitDeny(endpoint)"},
		"CannotAny: whatever the resource": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "iam:Create*", "*")
		}, ""},
		"CannotAny: what is allowed on one resource": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "iam:*", "*")
		}, "role/deploy may be allowed iam:PassRole, and should not\n  on        " + execRole},
		"CannotAny: all but what is allowed": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, iamtest.Except("iam:*", "iam:PassRole"), "*")
		}, ""},
		"CannotAny: all but a pattern, and not what is allowed": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, iamtest.Except("iam:*", "iam:Get*"), "*")
		}, "role/deploy may be allowed iam:PassRole"},
		"CannotAny: all but an action that there is not": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, iamtest.Except("iam:*", "iam:PasRole"), "*")
		}, `no action that the catalogue knows matches "iam:PasRole", which is left out; did you mean "iam:PassRole"?`},
		"CannotAny: nothing is left": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, iamtest.Except("iam:PassRole", "iam:*"), execRole)
		}, "no action is left"},
		"CannotAny: resources that begin so": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "iam:*", "arn:aws:iam::123456789012:role/admin-*")
		}, ""},
		"CannotAny: resources that begin so, and one is named": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, []string{"iam:*", "lambda:*"}, "arn:aws:iam::123456789012:role/orders-*")
		}, "may be allowed iam:PassRole"},
		"CannotAny: all that the policies allow everywhere": {func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, guarded, "lambda:Get*", "*")
		}, "can lambda:GetAccountSettings on *"},

		"ExplicitlyDenied: by a Deny": {func(t iamtest.TestingT) bool {
			return iamtest.ExplicitlyDenied(t, who, "lambda:DeleteFunction", orders)
		}, ""},
		"ExplicitlyDenied: for want of an Allow": {func(t iamtest.TestingT) bool {
			return iamtest.ExplicitlyDenied(t, who, "lambda:InvokeFunction", orders)
		}, "lacks an Allow for lambda:InvokeFunction, and a Deny statement should deny it"},
		"ExplicitlyDenied: what is allowed": {func(t iamtest.TestingT) bool {
			return iamtest.ExplicitlyDenied(t, who, "lambda:GetFunction", orders)
		}, "role/deploy can lambda:GetFunction"},

		"DeniedBy: the layer": {func(t iamtest.TestingT) bool {
			return iamtest.DeniedBy(t, guarded, "iam:CreateUser", "arn:aws:iam::123456789012:user/eve", policy.BoundaryLayer)
		}, ""},
		"DeniedBy: another layer": {func(t iamtest.TestingT) bool {
			return iamtest.DeniedBy(t, guarded, "iam:PassRole", auditRole, policy.BoundaryLayer)
		}, "role/deploy is denied by scp iam:PassRole, and boundary should deny it"},
		"DeniedBy: what is allowed": {func(t iamtest.TestingT) bool {
			return iamtest.DeniedBy(t, guarded, "lambda:GetFunction", orders, policy.BoundaryLayer)
		}, "role/deploy can lambda:GetFunction"},

		"CanPassRole: the role and the service": {func(t iamtest.TestingT) bool {
			return iamtest.CanPassRole(t, who, execRole, lambda)
		}, ""},
		"CanPassRole: to another service": {func(t iamtest.TestingT) bool {
			return iamtest.CanPassRole(t, who, execRole, "ec2.amazonaws.com")
		}, "StringEquals iam:PassedToService is lambda.amazonaws.com, not ec2.amazonaws.com"},
		"CanPassRole: a role that the service can assume": {func(t iamtest.TestingT) bool {
			return iamtest.CanPassRole(t, who, role, lambda)
		}, ""},
		"CanPassRole: a role that the service cannot assume": {func(t iamtest.TestingT) bool {
			return iamtest.CanPassRole(t, allowing(t, `{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}`), role, "ec2.amazonaws.com")
		}, "the trust policy of " + execRole + " does not let ec2.amazonaws.com assume it (G-8)"},
		"CannotPassRole: another role": {func(t iamtest.TestingT) bool {
			return iamtest.CannotPassRole(t, who, auditRole, lambda)
		}, ""},
		"CannotPassRole: the role that it may pass": {func(t iamtest.TestingT) bool {
			return iamtest.CannotPassRole(t, who, execRole, lambda)
		}, "role/deploy can iam:PassRole, and should not"},
		"CannotPassRole: a service that is none": {func(t iamtest.TestingT) bool {
			return iamtest.CannotPassRole(t, who, execRole, "lambda")
		}, `"lambda" is not a service principal`},

		"Allowed: the engine's own request": {func(t iamtest.TestingT) bool {
			return iamtest.Allowed(t, caller(t), &evaluator.Target{Resource: orders}, &evaluator.Request{Action: "lambda:GetFunction"})
		}, ""},
		"Allowed: one that is denied": {func(t iamtest.TestingT) bool {
			return iamtest.Allowed(t, caller(t), &evaluator.Target{Resource: orders}, &evaluator.Request{Action: "lambda:DeleteFunction"})
		}, "user/alice cannot lambda:DeleteFunction"},
		"Denied: the engine's own request": {func(t iamtest.TestingT) bool {
			return iamtest.Denied(t, caller(t), &evaluator.Target{Resource: orders}, &evaluator.Request{Action: "lambda:DeleteFunction"})
		}, ""},
		"Allowed: a star in the engine's own resource is a character": {func(t iamtest.TestingT) bool {
			return iamtest.Allowed(t, caller(t), &evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:function:*"}, &evaluator.Request{Action: "lambda:GetFunction"})
		}, ""},
		"Can: whichever value a key has that the test does not give": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, allowing(t, `[{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringEquals": {"aws:UserAgent": "ci"}}},
				{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:UserAgent": "ci"}}}]`), "lambda:GetFunction", orders)
		}, ""},
		"Can: only with one value of such a key": {func(t iamtest.TestingT) bool {
			return iamtest.Can(t, allowing(t, `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringEquals": {"aws:UserAgent": "ci"}}}`), "lambda:GetFunction", orders)
		}, "aws:UserAgent"},
		"Denied: one that is allowed": {func(t iamtest.TestingT) bool {
			return iamtest.Denied(t, caller(t), &evaluator.Target{Resource: orders}, &evaluator.Request{Action: "lambda:GetFunction"})
		}, "user/alice can lambda:GetFunction"},
	} {
		t.Run(name, func(t *testing.T) {
			r := new(recorder)
			passed := tc.assert(r)
			assert.Equal(t, tc.says == "", passed)
			assert.False(t, r.stopped)
			if tc.says == "" {
				assert.Empty(t, r.failures)
				return
			}
			requireFails(t, r, tc.says)
		})
	}
}

func caller(t iamtest.TestingT) *evaluator.Caller {
	document, err := policy.ParseString("alice.json", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"}}`)
	if err != nil {
		t.Errorf("%v", err)
	}
	return &evaluator.Caller{
		Principal: evaluator.User("arn:aws:iam::123456789012:user/alice"),
		Identity:  evaluator.MustCompile(policy.Identity, document),
	}
}

// endpoint is the policy of a VPC endpoint that lets nothing but S3 through.
func endpoint(t *testing.T) *evaluator.Set {
	document, err := policy.ParseString("endpoint.json", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`)
	require.NoError(t, err)
	return evaluator.MustCompile(policy.Endpoint, document)
}

func TestWhatTheUserAddsStandsInTheFailure(t *testing.T) {
	for name, tc := range map[string]struct {
		args []any
		says string
	}{
		"one value":                {[]any{"see #42"}, "\n  message   see #42\n"},
		"a format":                 {[]any{"see #%d", 42}, "\n  message   see #42\n"},
		"several that are no text": {[]any{4, 2}, "\n  message   4 2\n"},
		"a text of several lines":  {[]any{"a\nb"}, "\n  message   a\n            b\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r := new(recorder)
			iamtest.Cannot(r, deploy(t), "lambda:GetFunction", orders, tc.args...)
			requireFails(t, r, tc.says)
		})
	}
}

func TestSecretsAreNotPrintedBack(t *testing.T) {
	r := new(recorder)
	iamtest.Can(r, deploy(t), "lambda:InvokeFunction", orders, "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
	requireFails(t, r, "aws_secret_access_key")
	require.NotContains(t, r.text(), "wJalrXUtnFEMI")
}
