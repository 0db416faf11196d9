package twin_test

import (
	"slices"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
)

// The vocabulary is small, so that what is drawn twice is often the same, and
// holds what is easily mistaken for one another.

const (
	a1 = "111122223333"
	a2 = "444455556666"
	fn = "arn:aws:lambda:us-east-1:111122223333:function:my-fn"
)

func member(id string) *evaluator.Organization {
	return &evaluator.Organization{ID: "o-a1b2c3d4e5", Paths: []string{"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"}, ManagementAccount: id}
}

var organizations = []*evaluator.Organization{
	nil, nil, member("999999999999"), member(a1), member(a2), member(""),
	{ID: "o-other", Paths: []string{"o-other/r-1/", "o-other/r-2/"}}, {ID: "o-bare"},
}

var tags = []evaluator.Tag{
	{Key: "team", Value: "red"}, {Key: "team", Value: "blue"}, {Key: "Team", Value: "red"},
	{Key: "env", Value: "dev"}, {Key: "ENV", Value: "my-*"}, {Key: "empty", Value: ""},
}

// callers of every kind. Unique ids, tags and organizations are added at random.
var callers = []scenario.Principal{
	{ARN: "arn:aws:iam::111122223333:user/alice"},
	{ARN: "arn:aws:iam::111122223333:user/alice"},
	{ARN: "arn:aws:iam::111122223333:user/team/bob"},
	{ARN: "arn:aws:iam::444455556666:user/carol"},
	{ARN: "arn:aws:sts::111122223333:assumed-role/app/s1"},
	{ARN: "arn:aws:sts::111122223333:assumed-role/app/s1", Role: "arn:aws:iam::111122223333:role/app"},
	{ARN: "arn:aws:sts::111122223333:assumed-role/app/s1", Role: "arn:aws:iam::111122223333:role/svc/app"},
	{ARN: "arn:aws:sts::444455556666:assumed-role/app/s1", Role: "arn:aws:iam::444455556666:role/app"},
	{ARN: "arn:aws:iam::111122223333:role/app"},
	{ARN: "arn:aws:iam::111122223333:role/svc/app"},
	{ARN: "arn:aws:sts::111122223333:assumed-role/linked/s1", Role: "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/linked"},
	{ARN: "arn:aws:sts::111122223333:federated-user/temp", ParentUser: "arn:aws:iam::111122223333:user/alice"},
	{ARN: "arn:aws:sts::111122223333:federated-user/temp", ParentUser: "arn:aws:iam::111122223333:user/alice"},
	{ARN: "arn:aws:sts::111122223333:federated-user/temp"},
	{ARN: "arn:aws:iam::111122223333:root"},
	{ARN: "arn:aws:iam::444455556666:root"},
	{ARN: "lambda.amazonaws.com"},
	{ARN: "s3.amazonaws.com.cn"},
	{ARN: "alexa-appkit.amazon.com"},
	{ARN: "anonymous"},
	{ARN: "accounts.google.com"},
	{ARN: "cognito-identity.amazonaws.com"},
	{ARN: "arn:aws:iam::111122223333:oidc-provider/idp.example.com"},
	{ARN: "arn:aws:iam::111122223333:saml-provider/corp"},
	{ARN: "arn:aws-cn:iam::111122223333:user/alice"},
}

// principalNames are what a policy may write under AWS, beside what names the
// caller.
var principalNames = []string{
	"*", a1, a2, "arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:root", "arn:aws-cn:iam::111122223333:root",
	"arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:user/Alice", "arn:aws:iam::111122223333:user/bob",
	"arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/svc/app", "arn:aws:iam::444455556666:role/app",
	"arn:aws-cn:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/s1",
	"arn:aws:sts::111122223333:assumed-role/app/s2", "arn:aws:sts::111122223333:federated-user/temp", "AIDAALICE", "AROAAPP",
}

var (
	services  = []string{"lambda.amazonaws.com", "s3.amazonaws.com.cn", "sns.amazonaws.com"}
	providers = []string{
		"accounts.google.com", "cognito-identity.amazonaws.com",
		"arn:aws:iam::111122223333:oidc-provider/idp.example.com", "arn:aws:iam::111122223333:saml-provider/corp",
	}
)

// A family is actions and the resources that they act on.
type family struct{ actions, resources []string }

var families = []family{
	{
		[]string{"lambda:GetFunction", "lambda:InvokeFunction", "lambda:DeleteFunction"},
		[]string{
			fn, fn, fn, fn + ":prod", fn + ":1", "arn:aws:lambda:us-east-1:444455556666:function:my-fn",
			"arn:aws-cn:lambda:cn-north-1:111122223333:function:my-fn", "arn:aws:lambda:eu-west-1:111122223333:function:alice", "*",
		},
	},
	{
		[]string{"iam:PassRole", "iam:PassRole", "iam:GetUser", "iam:GetRole"},
		[]string{
			"arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/svc/app",
			"arn:aws:iam::444455556666:role/app", "arn:aws:iam::111122223333:user/alice", "arn:aws-cn:iam::111122223333:role/app", "*",
		},
	},
	{
		[]string{"sts:AssumeRole", "sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:TagSession"},
		[]string{
			"arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/svc/app", "arn:aws:iam::444455556666:role/app", "*",
		},
	},
	{
		[]string{"sts:GetCallerIdentity", "sts:GetSessionToken", "sts:GetFederationToken", "sts:DecodeAuthorizationMessage"},
		[]string{"*", "arn:aws:sts::111122223333:federated-user/temp"},
	},
	{
		[]string{"kms:Decrypt", "kms:RetireGrant"},
		[]string{
			"arn:aws:kms:us-east-1:111122223333:key/k-1", "arn:aws:kms:us-east-1:444455556666:key/k-1",
			"arn:aws:kms:us-east-1:111122223333:alias/k", "*",
		},
	},
	{
		[]string{"s3:GetObject", "s3:PutObject"},
		[]string{"arn:aws:s3:::b-red/alice", "arn:aws:s3:::b-red/a*b", "arn:aws:s3:::b-blue//x:y/", "arn:aws:s3:::b-é/x", "*"},
	},
}

// A kindOfValue is texts of one type, good and bad ones, that a request and a
// policy both draw from.
type kindOfValue struct {
	tests     []string // operators made for it
	inBoth    []string
	inPolicy  []string // patterns, ranges
	inRequest []string // characters that policies kept by IAM may not have
}

var (
	strings_ = kindOfValue{
		[]string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"},
		[]string{"red", "Red", "blue", "dev", "", "a*b", "axb", "alice", "é", "É", "team", "env", "k"},
		[]string{"*", "r*", "?ed", "*e*", "a${*}b", "a?b", "$", "r**d", "??", "*alice*", "a**b?"},
		[]string{"true", "fal\u017fe", "\u212a", "K", "dev?"},
	}
	arns = kindOfValue{
		[]string{"ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike", "StringLike", "StringEquals"},
		[]string{
			"arn:aws:sns:us-east-1:111122223333:topic", "arn:aws:sns:us-east-1:111122223333:topic:a:b", "arn:aws:s3:::b", "not an arn",
			"arn:aws:sns:us-east-1:111122223333", fn, "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:role/app",
			"arn:aws:iam::111122223333:role/svc/app", "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/linked",
			"arn:aws:iam::111122223333:root", "arn:aws:sts::111122223333:federated-user/temp",
		},
		[]string{
			"arn:aws:sns:*:*:topic*", "arn:*:*:*:*:*", "arn:aws:s3:*", "*", "arn:aws:iam::111122223333:role/*",
			"arn:aws:iam::111122223333:*", "arn:aws:iam::1*:role/app", "arn:aws:iam::444455556666:role/*", "arn:aws:iam::*/app",
			"arn:aws:iam::111122223333:role/svc/*", "arn:aws:iam::11112222333?:user/*", "arn:aws:*:us-east-1:topic",
		}, nil,
	}
	numbers = kindOfValue{
		[]string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"},
		[]string{
			"0", "-0", "10", "10.0", "10.5", "10.25", "10.05", "-3.5", "-3.25", "+10", "9.99", "1e3", "", "5abc", "-3", "-3.0", ".5", "5.", "007", "7", " 7",
			"123456789012345678901234567890", "123456789012345678901234567890.5", "9007199254740993", "9007199254740992",
		}, nil, nil,
	}
	dates = kindOfValue{
		[]string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
		[]string{
			"2026-01-15T11:00:00Z", "2026-01-15T12:00:00+01:00", "1768474800", "2026", "2026-01", "2026-01-15", "2026-02-30",
			"2026-01-15T11:00Z", "2026-01-15T11:00:00.5Z", "2026-01-15T11:00:00.50Z", "2026-01-15T11:00:00", "20260", "soon",
			"2026-01-15T24:00:00Z", "99999999999999999999", "2024-02-29", "2023-02-29", "2026-01-15T11:00:00.Z", "2026-1-15",
			"2026T11:00:00Z", "0", "2026-01-15T11:00:00-00:30", "",
		}, nil, nil,
	}
	bools     = kindOfValue{[]string{"Bool"}, []string{"true", "false", "TRUE", "False", "yes", ""}, nil, []string{"fal\u017fe"}}
	addresses = kindOfValue{
		[]string{"IpAddress", "NotIpAddress"},
		[]string{
			"203.0.113.10", "203.0.113.200", "2001:db8::1", "2001:0DB8:0:0::1", "::ffff:203.0.113.10", "fe80::1%eth0", "203.0.113.010", "home", "",
		},
		[]string{
			"203.0.113.0/24", "203.0.113.99/24", "0.0.0.0/0", "::/0", "2001:DB8::/32", "::ffff:203.0.113.0/120", "203.0.113.10/33",
			"203.0.113.10/08", "203.0.113.128/25", "203.0.113.10/32", "2001:db8::1/127", "203.0.113.0/-1", "203.0.113.0/",
		}, nil,
	}
	binaries = kindOfValue{[]string{"BinaryEquals"}, []string{"QmluYXJ5", "QmluYXJ6", "QQ==", "QR==", "QQ", "Qm\nlu", ""}, nil, nil}
	accounts = kindOfValue{
		[]string{"StringEquals", "StringNotEquals", "StringLike"},
		[]string{a1, a2, "anonymous", "999999999999"},
		[]string{"1111*", "????????????", "*"}, nil,
	}
)

// A contextKey is a condition key and the type of its values.
type contextKey struct {
	name   string
	values kindOfValue
	own    []string // values of this key alone
}

var contextKeys = []contextKey{
	{"aws:PrincipalArn", arns, nil},
	{"aws:PrincipalAccount", accounts, nil},
	{"aws:PrincipalType", strings_, []string{"Account", "User", "AssumedRole", "FederatedUser", "Anonymous", "A*"}},
	{"aws:userid", strings_, []string{"AIDAALICE", "AROAAPP:s1", "AROAAPP:*", "*:s1", "AROAAPP:", "AROA*", a1, "anonymous", a1 + ":temp"}},
	{"aws:username", strings_, []string{"alice", "bob", "carol"}},
	{"aws:PrincipalOrgID", strings_, []string{"o-a1b2c3d4e5", "o-other", "o-*"}},
	{"aws:PrincipalOrgPaths", strings_, []string{"o-a1b2c3d4e5/*", "o-other/r-1/", "o-other/*", "*"}},
	{"aws:PrincipalTag/team", strings_, nil},
	{"aws:PrincipalTag/TEAM", strings_, nil},
	{"aws:PrincipalTag/Team", strings_, nil},
	{"aws:PrincipalTag/empty", strings_, nil},
	{"aws:PrincipalIsAWSService", bools, nil},
	{"aws:PrincipalServiceName", strings_, services},
	{"aws:PrincipalServiceNamesList", strings_, services},
	{"aws:FederatedProvider", strings_, providers},
	{"aws:TokenIssueTime", dates, nil},
	{"aws:MultiFactorAuthPresent", bools, nil},
	{"aws:ResourceAccount", accounts, nil},
	{"aws:ResourceOrgID", strings_, []string{"o-a1b2c3d4e5", "o-other"}},
	{"aws:ResourceOrgPaths", strings_, []string{"o-a1b2c3d4e5/*", "o-other/r-1/"}},
	{"aws:ResourceTag/env", strings_, nil},
	{"aws:ResourceTag/ENV", strings_, nil},
	{"aws:ResourceTag/team", strings_, nil},
	{"iam:ResourceTag/env", strings_, nil},
	{"iam:PassedToService", strings_, services},
	{"iam:AssociatedResourceArn", arns, nil},
	{"aws:VpceAccount", accounts, nil},
	{"aws:SourceVpcArn", arns, nil},
	{"aws:VpceOrgPaths", strings_, nil},
	{"aws:SourceIp", addresses, nil},
	{"aws:CurrentTime", dates, nil},
	{"aws:SecureTransport", bools, nil},
	{"aws:SourceArn", arns, nil},
	{"aws:TagKeys", strings_, nil},
	{"example:s", strings_, nil},
	{"example:n", numbers, nil},
	{"example:b", binaries, nil},
}

// typedKeys are the few whose values have types of their own.
var typedKeys = slices.DeleteFunc(slices.Clone(contextKeys), func(k contextKey) bool {
	return !slices.Contains([]string{"aws:SourceIp", "aws:CurrentTime", "aws:SourceArn", "example:n", "example:b"}, k.name)
})

// variables as policies of version 2012-10-17 write them.
var variables = []string{
	"${aws:username}", "${AWS:UserName}", "${aws:PrincipalTag/team}", "${aws:PrincipalTag/team, 'red'}", "${aws:PrincipalTag/Team}",
	"${aws:PrincipalTag/none, ''}", "${aws:ResourceTag/ENV}",
	"${aws:PrincipalTag/none}", "${example:s}", "${example:s, 'a*b'}", "${aws:PrincipalAccount}", "${aws:TagKeys}", "${aws:TagKeys, 'red'}",
	"${aws:userid}", "${aws:PrincipalArn}", "${aws:SourceArn}", "${aws:ResourceTag/env, '}'}", "${iam:PassedToService}",
	"${*}", "${?}", "${$}", "${aws:ResourceAccount}", "${aws:SecureTransport}",
}

var allTests = func() []string {
	var names []string
	for _, v := range []kindOfValue{strings_, arns, numbers, dates, bools, addresses, binaries} {
		for _, name := range v.tests {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return append(names, "Null")
}()
