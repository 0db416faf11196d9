package iamtest_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/internal/golden"
	"github.com/iamsim/iamsim/policy"
)

// failures are one of each kind. Their texts stand in testdata/failures.txt,
// which IAMSIM_UPDATE=1 writes anew.
var failures = []struct {
	name   string
	assert func(t iamtest.TestingT)
}{
	{"denied for want of an Allow: the resource is near", func(t iamtest.TestingT) {
		who := allowing(t, `{"Sid": "Deploy", "Effect": "Allow", "Action": "lambda:GetFunction", "Resource": "`+orders+`"}`)
		iamtest.Can(t, who, "lambda:GetFunction", orders+":prod", "the pipeline reads what it released")
	}},
	{"denied for want of an Allow: no statement is near", func(t iamtest.TestingT) {
		iamtest.Can(t, deploy(t), "dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:123456789012:table/orders")
	}},
	{"denied by a condition on a key that is missing", func(t iamtest.TestingT) {
		who := allowing(t, `{"Sid": "OfTheTeam", "Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "orders"}}}`)
		iamtest.Can(t, who, "lambda:GetFunction", orders)
	}},
	{"denied by a Deny", func(t iamtest.TestingT) {
		iamtest.Can(t, deploy(t), "lambda:DeleteFunction", orders)
	}},
	{"denied by the boundary", func(t iamtest.TestingT) {
		who := iamtest.Principal{ARN: deployARN, Policies: []string{"arn:aws:iam::aws:policy/AdministratorAccess"}, Boundary: "testdata/boundary.json"}.Load(t)
		iamtest.Can(t, who.Given("aws:CurrentTime", "2026-11-23T12:00:00Z"), "iam:GetRole", execRole)
	}},
	{"denied across accounts", func(t iamtest.TestingT) {
		who := iamtest.Role(t, "arn:aws:iam::777788889999:role/stranger", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}}`)
		iamtest.Can(t, who.Given("aws:CurrentTime", "2026-11-23T12:00:00Z"), "lambda:InvokeFunction", iamtest.Function(t, orders, "testdata/orders-policy.json"))
	}},
	{"allowed, and should not", func(t iamtest.TestingT) {
		iamtest.Cannot(t, deploy(t), "lambda:GetFunction", orders)
	}},
	{"allowed somewhere, and should not", func(t iamtest.TestingT) {
		iamtest.CannotAny(t, deploy(t), "iam:*", "*")
	}},
	{"several violations", func(t iamtest.TestingT) {
		iamtest.Can(t, deploy(t), "lambda:Get*", orders)
	}},
	{"denied without a Deny", func(t iamtest.TestingT) {
		iamtest.ExplicitlyDenied(t, deploy(t), "lambda:InvokeFunction", orders)
	}},
	{"denied by another layer", func(t iamtest.TestingT) {
		iamtest.DeniedBy(t, deploy(t), "lambda:DeleteFunction", orders, policy.SCPLayer)
	}},
	{"an action that is none", func(t iamtest.TestingT) {
		iamtest.Cannot(t, deploy(t), "lambda:GetFuncton", orders)
	}},
	{"a resource of another kind", func(t iamtest.TestingT) {
		iamtest.Cannot(t, deploy(t), "lambda:DeleteAlias", "arn:aws:lambda:us-east-1:123456789012:layer:orders")
	}},
	{"a star where one resource is named", func(t iamtest.TestingT) {
		iamtest.Cannot(t, deploy(t), "lambda:DeleteFunction", orders+"*")
	}},
	{"an action without resources on an ARN", func(t iamtest.TestingT) {
		iamtest.CannotAny(t, deploy(t), "lambda:ListFunctions", "arn:aws:lambda:us-east-1:123456789012:*")
	}},
	{"a role without its trust policy", func(t iamtest.TestingT) {
		iamtest.Cannot(t, allowing(t, `{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}`), "sts:AssumeRole", execRole)
	}},
	{"all roles, without their trust policies", func(t iamtest.TestingT) {
		iamtest.CannotAny(t, allowing(t, `{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}`), "sts:AssumeRole", "*")
	}},
	{"MFA decides for a role", func(t iamtest.TestingT) {
		iamtest.Can(t, allowing(t, `{"Sid": "MFA", "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}`), "lambda:GetFunction", orders)
	}},
	{"a key that contradicts the resource", func(t iamtest.TestingT) {
		iamtest.Cannot(t, deploy(t).Given("aws:RequestedRegion", "eu-west-1"), "lambda:GetFunction", orders)
	}},
	{"a service that is none", func(t iamtest.TestingT) {
		iamtest.CannotPassRole(t, deploy(t), execRole, "lamda.amazonaws.com")
	}},
	{"a key that decides is not said", func(t iamtest.TestingT) {
		iamtest.Cannot(t, allowing(t, `{"Sid": "Office", "Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}}`), "lambda:GetFunction", orders)
	}},
	{"the service that a role is passed to is not said", func(t iamtest.TestingT) {
		iamtest.Cannot(t, deploy(t), "iam:PassRole", execRole)
	}},
	{"a role is passed to another service", func(t iamtest.TestingT) {
		iamtest.CanPassRole(t, deploy(t), execRole, "ec2.amazonaws.com")
	}},
	{"a call of which one authorization is denied", func(t iamtest.TestingT) {
		who := allowing(t, `[{"Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": "*"}]`)
		iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1"), "lambda:CreateFunction",
			`{"FunctionName": "orders", "Role": "`+execRole+`", "Code": {"ZipFile": "UEsDBA=="}}`)
	}},
	{"a call of which several authorizations are denied", func(t iamtest.TestingT) {
		iamtest.CanCall(t, deploy(t).Given("aws:RequestedRegion", "us-east-1"), "lambda:CreateFunction",
			`{"FunctionName": "orders", "Role": "`+execRole+`", "Code": {"ZipFile": "UEsDBA=="}, "Layers": ["arn:aws:lambda:us-east-1:123456789012:layer:log:3"], "Tags": {"team": "orders"}}`)
	}},
	{"a call with a misspelt parameter", func(t iamtest.TestingT) {
		iamtest.CanCall(t, deploy(t).Given("aws:RequestedRegion", "us-east-1"), "lambda:GetFunction", `{"FuctionName": "orders"}`)
	}},
	{"a call whose parameters show a resource in part", func(t iamtest.TestingT) {
		who := allowing(t, `[{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}, {"Sid": "Secret", "Effect": "Deny", "Action": "*", "Resource": "arn:aws:lambda:*:*:function:secret*"}]`)
		iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1"), "lambda:SendDurableExecutionCallbackSuccess", `{"CallbackId": "c-1"}`)
	}},
	{"a key that is given to a call without it", func(t iamtest.TestingT) {
		iamtest.CanCall(t, deploy(t).Given("aws:RequestedRegion", "us-east-1").Given("aws:RequestTag/team", "red"), "lambda:GetFunction", `{"FunctionName": "orders"}`)
	}},
	{"a policy with a typo", func(t iamtest.TestingT) {
		iamtest.Can(t, allowing(t, `{"Effect": "Allow", "Action": "lambda:GetFuncton", "Resource": "*"}`), "lambda:GetFunction", orders)
	}},
	{"a policy with two typos", func(t iamtest.TestingT) {
		iamtest.Can(t, allowing(t, `{"Effect": "Allow", "Action": ["lambda:GetFuncton", "lambda:GetPolcy"], "Resource": "*"}`), "lambda:GetFunction", orders)
	}},
	{"more than the ceiling", func(t iamtest.TestingT) {
		iamtest.NoMoreThan(t, deploy(t), `{"Version": "2012-10-17", "Statement": {"Sid": "Ceiling", "Effect": "Allow", "Action": "lambda:*", "Resource": "*"}}`)
	}},
	{"more than before", func(t iamtest.TestingT) {
		iamtest.NoNewAccess(t, deploy(t), iamtest.Role(t, deployARN, "testdata/deploy-role.json", `{"Version": "2012-10-17", "Statement": {"Sid": "New", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}}`))
	}},
	{"public", func(t iamtest.TestingT) {
		iamtest.NotPublic(t, iamtest.Function(t, orders, `{"Version": "2012-10-17", "Statement": {"Sid": "All", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "`+orders+`"}}`))
	}},
	{"policies that cannot be loaded", func(t iamtest.TestingT) {
		iamtest.Role(t, deployARN, "testdata/broken.json", "testdata/none.json")
	}},
	{"a matrix", func(t iamtest.TestingT) {
		iamtest.Matrix{
			Who: map[string]iamtest.Who{"deploy": deploy(t), "reader": allowing(t, `{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"}`)},
			Rows: []iamtest.Row{
				{Action: "lambda:GetFunction", Resource: orders, Allowed: []string{"deploy"}},
				{Action: "lambda:DeleteFunction", Resource: orders, Allowed: []string{"deploy", "admin"}},
			},
		}.Check(t)
	}},
	{"allowed by three statements, in a matrix", func(t iamtest.TestingT) {
		who := allowing(t, `[{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"}, {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}, {"Effect": "Allow", "Action": "*", "Resource": "*"}]`)
		iamtest.Matrix{Who: map[string]iamtest.Who{"deploy": who}, Rows: []iamtest.Row{
			{Action: "lambda:GetFunction", Resource: orders}, {Action: "lambda:GetPolicy", Resource: orders},
		}}.Check(t)
	}},
	{"several values where one is asked for", func(t iamtest.TestingT) {
		who := allowing(t, `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringEquals": {"aws:TagKeys": "team"}}}`)
		iamtest.Can(t, who.Given("aws:TagKeys", "team", "cost"), "lambda:TagResource", orders)
	}},
	{"a role of another account is passed", func(t iamtest.TestingT) {
		iamtest.CanPassRole(t, allowing(t, `{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}`), "arn:aws:iam::444455556666:role/orders-exec", lambda)
	}},
	{"a principal without policies", func(t iamtest.TestingT) {
		iamtest.Can(t, iamtest.Role(t, deployARN).Given("aws:CurrentTime", "2026-11-23T12:00:00Z"), "lambda:GetFunction", orders)
	}},
	{"several policies, none of which is near", func(t iamtest.TestingT) {
		const s3 = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/key"}}`
		iamtest.Can(t, iamtest.Role(t, deployARN, s3, s3).Given("aws:CurrentTime", "2026-11-23T12:00:00Z"), "lambda:GetFunction", orders)
	}},
	{"a key that is there and should not be", func(t iamtest.TestingT) {
		who := allowing(t, `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"Null": {"aws:SourceVpce": "true"}}}`)
		iamtest.Can(t, who.Given("aws:SourceVpce", "vpce-1a2b3c4d"), "lambda:GetFunction", orders)
	}},
	{"a variable without a value", func(t iamtest.TestingT) {
		iamtest.Can(t, allowing(t, `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/${aws:username}/*"}`), "s3:GetObject", "arn:aws:s3:::bucket/alice/key")
	}},
	{"a variable with a value", func(t iamtest.TestingT) {
		who := iamtest.User(t, "arn:aws:iam::123456789012:user/bob", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/${aws:username}/*"}}`)
		iamtest.Can(t, who.Given("aws:CurrentTime", "2026-11-23T12:00:00Z"), "s3:GetObject", "arn:aws:s3:::bucket/alice/key")
	}},
	{"a condition with many values, on another value", func(t iamtest.TestingT) {
		who := allowing(t, `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2", "vpce-3", "vpce-4"]}}}`)
		iamtest.Can(t, who.Given("aws:SourceVpce", "vpce-5"), "lambda:GetFunction", orders)
	}},
	{"a condition on several values, of which the request has others", func(t iamtest.TestingT) {
		who := allowing(t, `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b", "c"]}}}`)
		iamtest.Can(t, who.Given("aws:TagKeys", "team", "cost"), "lambda:TagResource", orders)
	}},
	{"the actions of the service that is asked are told", func(t iamtest.TestingT) {
		iamtest.Can(t, allowing(t, `{"Effect": "Allow", "Action": ["s3:GetObject", "Lambda:GetFunctionConfiguration", "iam:GetRole", "lambda:GetPolicy"], "Resource": "`+orders+`"}`), "lambda:GetFunction", orders)
	}},
	{"actions of other services, two statements", func(t iamtest.TestingT) {
		iamtest.Can(t, allowing(t, `[{"Effect": "Allow", "Action": ["s3:GetObject", "iam:GetRole"], "Resource": "*"}, {"Effect": "Allow", "Action": "lambda:GetPolicy", "Resource": "*"}]`), "lambda:GetFunction", orders)
	}},
	{"denied by three statements", func(t iamtest.TestingT) {
		iamtest.Can(t, allowing(t, `[{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "lambda:Get*", "Resource": "*"}, {"Effect": "Deny", "Action": "lambda:*", "Resource": "*"}, {"Effect": "Deny", "Action": "*", "Resource": "`+orders+`"}]`), "lambda:GetFunction", orders)
	}},
	{"denied by the policy of a group", func(t iamtest.TestingT) {
		who := iamtest.Principal{ARN: "arn:aws:iam::123456789012:user/alice", Policies: []string{`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`},
			Groups: []iamtest.Group{{Name: "guests", Policies: []string{`{"Version": "2012-10-17", "Statement": {"Sid": "Look", "Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}}`}}}}.Load(t)
		iamtest.Can(t, who.Given("aws:CurrentTime", "2026-11-23T12:00:00Z"), "lambda:GetFunction", orders)
	}},
	{"denied by a level of service control policies", func(t iamtest.TestingT) {
		const all = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`
		who := iamtest.Principal{ARN: deployARN, Policies: []string{all}, SCPs: [][]string{{all}, {all, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "lambda:*", "Resource": "*"}}`}}}.Load(t)
		iamtest.Can(t, who.Given("aws:CurrentTime", "2026-11-23T12:00:00Z"), "lambda:GetFunction", orders)
	}},
	{"keys of several types decide", func(t iamtest.TestingT) {
		iamtest.Can(t, allowing(t, `{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"NumericLessThan": {"s3:object-lock-remaining-retention-days": "30"}, "DateLessThan": {"s3:object-lock-retain-until-date": "2026-12-01T00:00:00Z"}}}`), "s3:PutObject", "arn:aws:s3:::bucket/key")
	}},
	{"a matrix that leaves keys open", func(t iamtest.TestingT) {
		who := allowing(t, `[{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringLike": {"aws:UserAgent": "ci/*", "aws:SourceVpce": "vpce-*"}, "StringNotLike": {"aws:useragent": "*/2"}}},
			{"Effect": "Allow", "Action": "lambda:*", "Resource": "`+payments+`", "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}}]`)
		iamtest.Matrix{Who: map[string]iamtest.Who{"deploy": who}, Rows: []iamtest.Row{
			{Action: "lambda:GetFunction", Resource: orders}, {Action: "lambda:GetFunction", Resource: payments}, {Action: "lambda:GetFuncton", Resource: orders},
		}}.Check(t)
	}},
	{"a call that leaves a key and the rest of a resource open, and a key that it has not", func(t iamtest.TestingT) {
		who := allowing(t, `[{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"},
			{"Effect": "Deny", "Action": "*", "Resource": "arn:aws:lambda:*:*:function:secret*", "Condition": {"StringLike": {"aws:UserAgent": "ci/*"}}}]`)
		iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1").Given("aws:RequestTag/team", "red"), "lambda:SendDurableExecutionCallbackSuccess", `{"CallbackId": "c-1"}`)
	}},
	{"a call that leaves a key open, and not the resource", func(t iamtest.TestingT) {
		who := allowing(t, `[{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringLike": {"aws:UserAgent": "ci/*"}}}, {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:lambda:*"}]`)
		iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1"), "lambda:SendDurableExecutionCallbackSuccess", `{"CallbackId": "c-1"}`)
	}},
	{"allowed on several resources, and should not", func(t iamtest.TestingT) {
		who := allowing(t, `[{"Effect": "Allow", "Action": "iam:PassRole", "Resource": ["arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/b"]},
			{"Effect": "Allow", "Action": "iam:GetRole", "NotResource": "arn:aws:iam::123456789012:role/c"}]`)
		iamtest.CannotAny(t, who, []string{"iam:PassRole", "iam:GetRole"}, "*")
	}},
	{"the same fault of several requests", func(t iamtest.TestingT) {
		iamtest.Cannot(t, deploy(t).Given("aws:SourceIp", "home"), []string{"lambda:GetFunction", "lambda:GetPolicy", "lambda:GetFuncton"}, orders)
	}},
	{"several faults of one request", func(t iamtest.TestingT) {
		iamtest.Cannot(t, deploy(t).Given("aws:SourceIp", "home"), "lambda:GetFuncton", "arn:awss:lambda:useast1:12345678901:function:orders")
	}},
	{"one of two requests", func(t iamtest.TestingT) {
		iamtest.Can(t, deploy(t), []string{"lambda:GetFunction", "lambda:InvokeFunction"}, orders)
	}},
	{"a policy of the engine's without a name and a place, which denies", func(t iamtest.TestingT) {
		iamtest.Allowed(t, engines(policy.Deny, "lambda:*"), &evaluator.Target{Resource: orders}, &evaluator.Request{Action: "lambda:GetFunction"})
	}},
	{"a policy of the engine's without a name and a place, which almost allows", func(t iamtest.TestingT) {
		iamtest.Allowed(t, engines(policy.Allow, "lambda:GetPolicy"), &evaluator.Target{Resource: orders}, &evaluator.Request{Action: "lambda:GetFunction"})
	}},
	{"the engine's request says a key twice", func(t iamtest.TestingT) {
		secure := evaluator.Key{Name: "aws:SecureTransport", Values: []string{"true"}}
		iamtest.Denied(t, engines(policy.Allow, "lambda:*"), &evaluator.Target{Resource: orders}, &evaluator.Request{Action: "lambda:GetFunction", Context: evaluator.Context{secure, secure}})
	}},
	{"the engine's nobody", func(t iamtest.TestingT) {
		iamtest.Denied(t, new(evaluator.Caller), &evaluator.Target{Resource: orders}, &evaluator.Request{Action: "lambda:GetFunction"})
	}},
	{"the engine's nobody in a matrix", func(t iamtest.TestingT) {
		iamtest.Matrix{Who: map[string]iamtest.Who{"nobody": iamtest.Caller(evaluator.Caller{}).Given("aws:CurrentTime", "2026-11-23T12:00:00Z"), "deploy": deploy(t)}, Rows: []iamtest.Row{{Action: "lambda:GetFunction", Resource: orders}}}.Check(t)
	}},
	{"it is not known whether it is more than the ceiling", func(t iamtest.TestingT) {
		iamtest.NoMoreThan(t, allowing(t, `{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"NumericGreaterThan": {"example:k": "5"}, "StringLike": {"example:k": "0*1?"}, "StringNotLike": {"example:k": "*.*"}}}`),
			`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}}`)
	}},
	{"a matrix in a file", func(t iamtest.TestingT) {
		iamtest.Matrix{Who: map[string]iamtest.Who{"deploy": deploy(t)}}.CheckFile(t, "testdata/wrong.md")
	}},
}

// engines is a user of the engine's own, with a policy that nobody wrote in a file.
func engines(effect policy.Effect, action string) *evaluator.Caller {
	return &evaluator.Caller{
		Principal: evaluator.User("arn:aws:iam::123456789012:user/alice"),
		Identity: evaluator.MustCompile(policy.Identity, &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{
			{Effect: effect, Action: policy.Values{action}, Resource: policy.Values{"*"}},
		}}),
	}
}

func TestFailuresReadAsTheGoldenFileHasThem(t *testing.T) {
	update := os.Getenv("IAMSIM_UPDATE")
	t.Setenv("IAMSIM_UPDATE", "") // a matrix would write its file
	var b strings.Builder
	for _, f := range failures {
		setVerbose(t, "false")
		r := record(func(t *recorder) { f.assert(t) })
		require.Len(t, r.failures, 1, f.name)
		fmt.Fprintf(&b, "== %s\n\n%s\n\n", f.name, r.text())
		assert.LessOrEqual(t, strings.Count(r.text(), "\n")+1, 8, "lines of %q", f.name)

		setVerbose(t, "true")
		again := record(func(t *recorder) { f.assert(t) })
		if again.text() != r.text() {
			fmt.Fprintf(&b, "-- with -v\n\n%s\n\n", again.text())
		}
	}
	t.Setenv("IAMSIM_UPDATE", update)
	golden.Compare(t, filepath.Join("testdata", "failures.txt"), b.String())
}

// setVerbose says -v to the assertions for as long as the test runs.
func setVerbose(t *testing.T, value string) { setFlag(t, "test.v", value) }

// unchosen says that no tests were chosen with -run.
func unchosen(t *testing.T) { setFlag(t, "test.run", "") }

func setFlag(t *testing.T, name, value string) {
	t.Helper()
	f := flag.Lookup(name)
	before := f.Value.String()
	require.NoError(t, f.Value.Set(value))
	t.Cleanup(func() { require.NoError(t, f.Value.Set(before)) })
}

func TestAFailureHasEightLinesAtMostWithoutVerbose(t *testing.T) {
	setVerbose(t, "false")
	denied := allowing(t, `{"Effect": "Deny", "Action": "*", "Resource": "*"}`)
	actions := []string{"lambda:GetFunction", "lambda:GetPolicy", "lambda:GetAlias", "lambda:ListAliases", "lambda:ListTags", "lambda:InvokeFunction", "lambda:DeleteFunction", "lambda:CreateAlias"}
	for n, want := range map[int]string{6: "", 7: "", 8: "\n  …         2 more: go test -v"} {
		r := new(recorder)
		assert.False(t, iamtest.Can(r, denied, actions[:n], orders))
		assert.Equal(t, min(n, 7), strings.Count(r.text(), "\n"), "lines under the headline, of %d", n)
		assert.Equal(t, want != "", strings.Contains(r.text(), "…"), r.text())
		assert.True(t, strings.HasSuffix(r.text(), want), r.text())
		assert.Equal(t, min(n, 7)-min(len(want), 1), strings.Count(r.text(), "  cannot lambda:"), r.text())
	}
}

func TestVerboseTellsEveryViolation(t *testing.T) {
	count := func() int {
		r := new(recorder)
		iamtest.Cannot(r, allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`), "lambda:*", orders)
		return strings.Count(r.text(), "\n  can lambda:")
	}
	setVerbose(t, "false")
	assert.Equal(t, 6, count())
	setVerbose(t, "true")
	assert.Greater(t, count(), 40)
}
