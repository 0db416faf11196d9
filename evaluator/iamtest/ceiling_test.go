package iamtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/policy"
)

func TestCeilings(t *testing.T) {
	const (
		lambdaOnly = `{"Version": "2012-10-17", "Statement": {"Sid": "Ceiling", "Effect": "Allow", "Action": ["lambda:*", "iam:PassRole"], "Resource": "*"}}`
		readOnly   = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"}}`
		everybody  = `{"Version": "2012-10-17", "Statement": {"Sid": "All", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "` + orders + `"}}`
	)
	reader := iamtest.Role(t, deployARN, readOnly)
	writer := iamtest.Role(t, deployARN, readOnly, `{"Version": "2012-10-17", "Statement": {"Sid": "Update", "Effect": "Allow", "Action": "lambda:UpdateFunctionCode", "Resource": "*"}}`)
	bounded := iamtest.Principal{ARN: deployARN, Policies: []string{"arn:aws:iam::aws:policy/AdministratorAccess"}, Boundary: "testdata/boundary.json", SCPs: [][]string{{readOnly}}, Session: []string{readOnly}}.Load(t)

	const everything = "arn:aws:iam::aws:policy/AdministratorAccess"
	managing := func(identity string, scps [][]string) iamtest.Principal {
		return iamtest.Principal{ARN: deployARN, Policies: []string{identity}, SCPs: scps, Organization: &evaluator.Organization{ID: "o-a1b2c3d4e5", ManagementAccount: "123456789012"}}
	}
	linked := iamtest.Principal{ARN: "arn:aws:iam::123456789012:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", Policies: []string{everything}, SCPs: [][]string{{readOnly}}}

	for name, tc := range map[string]struct {
		assert func(t iamtest.TestingT) bool
		says   []string
	}{
		"NoMoreThan: within": {func(t iamtest.TestingT) bool { return iamtest.NoMoreThan(t, deploy(t), lambdaOnly) }, nil},
		"NoMoreThan: beyond": {func(t iamtest.TestingT) bool { return iamtest.NoMoreThan(t, deploy(t), readOnly, "see #%d", 42) },
			[]string{"role/deploy can do more than the ceiling", "message   see #42", "request   ", "by        testdata/deploy-role.json:"}},
		"NoMoreThan: boundary, session and SCPs count": {func(t iamtest.TestingT) bool { return iamtest.NoMoreThan(t, bounded, readOnly) }, nil},
		"NoMoreThan: a ceiling that is none":           {func(t iamtest.TestingT) bool { return iamtest.NoMoreThan(t, reader, "none.json") }, []string{"the policies of the ceiling cannot be loaded", "none.json"}},
		"NoMoreThan: nobody":                           {func(t iamtest.TestingT) bool { return iamtest.NoMoreThan(t, iamtest.Who{}, readOnly) }, []string{"nobody is asked about"}},
		"NoMoreThan: a caller of the engine's":         {func(t iamtest.TestingT) bool { return iamtest.NoMoreThan(t, iamtest.Caller(*caller(t)), readOnly) }, []string{"user/alice was put together with package evaluator"}},
		"NoMoreThan: the root user": {func(t iamtest.TestingT) bool {
			return iamtest.NoMoreThan(t, iamtest.Principal{ARN: "arn:aws:iam::123456789012:root"}.Load(t), readOnly)
		}, []string{"root is the root user"}},
		"NoMoreThan: the management account, where no SCP counts": {func(t iamtest.TestingT) bool {
			return iamtest.NoMoreThan(t, managing(everything, [][]string{{readOnly}}).Load(t), readOnly)
		}, []string{"is of the management account, which no SCP binds (E.2)", "load it without"}},
		"NoMoreThan: the management account, and no SCPs": {func(t iamtest.TestingT) bool {
			return iamtest.NoMoreThan(t, managing(readOnly, nil).Load(t), readOnly)
		}, nil},
		"NoMoreThan: a service-linked role, which no SCP binds": {func(t iamtest.TestingT) bool {
			return iamtest.NoMoreThan(t, linked.Load(t), readOnly)
		}, []string{"is a service-linked role, which no SCP binds (E.2)"}},
		"NoMoreThan: a session of a service-linked role": {func(t iamtest.TestingT) bool {
			session := linked
			session.ARN, session.Role = "arn:aws:sts::123456789012:assumed-role/AWSServiceRoleForX/s", linked.ARN
			return iamtest.NoMoreThan(t, session.Load(t), readOnly)
		}, []string{"is a service-linked role"}},
		"NoMoreThan: a federated user": {func(t iamtest.TestingT) bool {
			return iamtest.NoMoreThan(t, iamtest.Principal{ARN: "arn:aws:sts::123456789012:federated-user/temp", Session: []string{readOnly}}.Load(t), readOnly)
		}, []string{"is neither a user nor a role"}},
		"NoNewAccess: the management account": {func(t iamtest.TestingT) bool {
			return iamtest.NoNewAccess(t, managing(readOnly, nil).Load(t), managing(everything, [][]string{{readOnly}}).Load(t))
		}, []string{"is of the management account"}},
		"NoNewAccess: less": {func(t iamtest.TestingT) bool { return iamtest.NoNewAccess(t, writer, reader) }, nil},
		"NoNewAccess: more": {func(t iamtest.TestingT) bool { return iamtest.NoNewAccess(t, reader, writer) },
			[]string{"role/deploy can do more than before", "lambda:UpdateFunctionCode", "inline policy 2 of role/deploy:1:40 (Update)"}},
		"NoNewAccess: nobody": {func(t iamtest.TestingT) bool { return iamtest.NoNewAccess(t, iamtest.Who{}, writer) }, []string{"nobody is asked about"}},
		"NotPublic: a partner": {func(t iamtest.TestingT) bool {
			return iamtest.NotPublic(t, iamtest.Function(t, orders, "testdata/orders-policy.json"))
		}, nil},
		"NotPublic: no policy": {func(t iamtest.TestingT) bool { return iamtest.NotPublic(t, iamtest.Function(t, orders)) }, nil},
		"NotPublic: everybody": {func(t iamtest.TestingT) bool { return iamtest.NotPublic(t, iamtest.Function(t, orders, everybody)) }, []string{orders + " is public", "by        inline policy of function:orders:1:40 (All"}},
		"NotPublic: everybody by the first of two policies": {func(t iamtest.TestingT) bool {
			return iamtest.NotPublic(t, iamtest.Function(t, orders, everybody, "testdata/orders-policy.json"))
		}, []string{orders + " is public", "inline policy of function:orders"}},
		"NotPublic: everybody by the second of two policies": {func(t iamtest.TestingT) bool {
			return iamtest.NotPublic(t, iamtest.Function(t, orders, "testdata/orders-policy.json", everybody))
		}, []string{orders + " is public", "inline policy of function:orders"}},
		"NotPublic: a target of the engine's without policies": {func(t iamtest.TestingT) bool {
			return iamtest.NotPublic(t, iamtest.Target(evaluator.Target{Resource: orders}))
		}, nil},
		"NoMoreThan: a user": {func(t iamtest.TestingT) bool {
			return iamtest.NoMoreThan(t, iamtest.User(t, "arn:aws:iam::123456789012:user/alice", readOnly), readOnly)
		}, nil},
		"NoMoreThan: a service": {func(t iamtest.TestingT) bool {
			return iamtest.NoMoreThan(t, iamtest.Principal{ARN: lambda}.Load(t), readOnly)
		}, []string{"is neither a user nor a role"}},
		"NoMoreThan: an account of the organization that does not manage it": {func(t iamtest.TestingT) bool {
			who := managing(everything, [][]string{{readOnly}})
			who.Organization = &evaluator.Organization{ID: "o-a1b2c3d4e5", ManagementAccount: "999999999999"}
			return iamtest.NoMoreThan(t, who.Load(t), readOnly)
		}, nil},
		"NoMoreThan: an organization whose management account is not said": {func(t iamtest.TestingT) bool {
			who := managing(everything, [][]string{{readOnly}})
			who.Organization = &evaluator.Organization{ID: "o-a1b2c3d4e5"}
			return iamtest.NoMoreThan(t, who.Load(t), readOnly)
		}, nil},
		"NoNewAccess: nobody after": {func(t iamtest.TestingT) bool { return iamtest.NoNewAccess(t, writer, iamtest.Who{}) }, []string{"nobody is asked about"}},
		"NotPublic: nothing":        {func(t iamtest.TestingT) bool { return iamtest.NotPublic(t, iamtest.What{}) }, []string{"nothing is asked about"}},
		"NotPublic: a target of the engine's": {func(t iamtest.TestingT) bool {
			return iamtest.NotPublic(t, iamtest.Target(evaluator.Target{Resource: orders, Policies: []*evaluator.Set{nil}}))
		}, []string{"was put together with package evaluator"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := record(func(r *recorder) { assert.Equal(t, tc.says == nil, tc.assert(r)) })
			if tc.says == nil {
				assert.Empty(t, r.failures)
				return
			}
			requireFails(t, r, tc.says...)
		})
	}
}

// What an Allow gives and a Deny takes is not allowed anywhere, though no one
// request shows it: that is proved.
func TestCannotAnyIsProved(t *testing.T) {
	who := allowing(t, `[
		{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/orders-exec"},
		{"Effect": "Deny", "Action": "iam:*", "Resource": "arn:aws:iam::*:role/orders-*"}]`)
	iamtest.CannotAny(t, who, "iam:*", "*")
	r := new(recorder)
	assert.False(t, iamtest.CannotAny(r, allowing(t, `[
		{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/orders-*"},
		{"Effect": "Deny", "Action": "iam:*", "Resource": "arn:aws:iam::*:role/orders-e*"}]`), "iam:*", "*"))
	requireFails(t, r, "may be allowed iam:PassRole")

	// An SCP that does not bind the caller proves nothing.
	managing := iamtest.Principal{
		ARN: deployARN, Organization: &evaluator.Organization{ManagementAccount: "123456789012"},
		Policies: []string{`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:DeleteFunction", "Resource": "` + orders + `"}}`},
		SCPs:     [][]string{{`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`}},
	}.Load(t)
	r = new(recorder)
	assert.False(t, iamtest.CannotAny(r, managing, "lambda:DeleteFunction", "*"))
	requireFails(t, r, "may be allowed lambda:DeleteFunction")
}

// Who has no Allow of its own may have one from a policy of the resource: that the
// caller's policies allow nothing proves nothing then.
func TestCannotAnyCountsThePoliciesOfResources(t *testing.T) {
	document, err := policy.ParseString("bucket.json", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "`+deployARN+`"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/orders/*"}}`)
	require.NoError(t, err)
	bucket := iamtest.Target(evaluator.Target{Resource: "arn:aws:s3:::bucket/*", Account: "123456789012", Policies: []*evaluator.Set{evaluator.MustCompile(policy.Resource, document)}})
	who := allowing(t, `[{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}]`)
	r := new(recorder)
	assert.False(t, iamtest.CannotAny(r, who, "s3:GetObject", bucket))
	requireFails(t, r, "role/deploy may be allowed s3:GetObject", "bucket.json:1:40")
	iamtest.CannotAny(t, who, "s3:PutObject", bucket)
	iamtest.CannotAny(t, who, "s3:GetObject", "arn:aws:s3:::bucket/*", "nothing is said of its policy")
}
