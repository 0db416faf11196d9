package iamtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/policy"
)

func ExampleAccount() {
	t := printer{}
	prod := iamtest.Account(t, "testdata/account")

	fmt.Println(iamtest.Can(t, prod.Role("deploy"), "lambda:UpdateFunctionCode", prod.Function("orders")))
	fmt.Println(iamtest.Can(t, prod.User("alice"), "lambda:InvokeFunction", prod.Function("orders")))
	fmt.Println(iamtest.Cannot(t, prod.Role("deploy"), "lambda:DeleteFunction", prod.Function("orders")))
	iamtest.Can(t, prod.Role("deploy"), "lambda:UpdateFunctionConfiguration", prod.Function("orders"))
	// Output:
	// true
	// true
	// true
	// role/service/deploy cannot lambda:UpdateFunctionConfiguration, and should
	//   on        arn:aws:lambda:us-east-1:123456789012:function:orders
	//   decision  implicitDeny(boundary)
	//   nearest   edge:4:42 (boundary): NotAction is lambda:UpdateFunctionConfiguration
	//   fix       add to permissions boundary edge: {"Sid":"AllowUpdateFunctionConfiguration","Effect":"Allow","Action":"lambda:UpdateFunctionConfiguration","Resource":"arn:aws:lambda:us-east-1:123456789012:function:orders"}
}

func TestASnapshotThatCannotAnswerFailsTheAssertion(t *testing.T) {
	prod := iamtest.Account(t, "testdata/account")
	for sentence, c := range map[string]struct {
		who  iamtest.Who
		what iamtest.What
		want string
	}{
		"a role that is not there":               {prod.Role("deplo"), prod.Function("orders"), `user or role "role/deplo" is not in the snapshot; did you mean "role/deploy"?`},
		"a session of a role that is not there":  {prod.Role("arn:aws:sts::123456789012:assumed-role/deplo/ci"), prod.Function("orders"), `role "deplo" of account 123456789012 is not in the snapshot; did you mean "deploy"?`},
		"a user asked for as a role":             {prod.Role("arn:aws:iam::123456789012:user/alice"), prod.Function("orders"), "user/alice is no role"},
		"a function that is not there":           {prod.Role("deploy"), prod.Function("order"), `function "order" is not in the snapshot; did you mean "orders"?`},
		"a function whose policy was not read":   {prod.Role("deploy"), prod.Function("returns"), "not all is known of function:returns: resource-based policy of arn:aws:lambda:us-east-1:123456789012:function:returns: not known"},
		"an alias whose policy was not read":     {prod.Role("deploy"), prod.Function("orders:prod"), "resource-based policy of arn:aws:lambda:us-east-1:123456789012:function:orders:prod: not known"},
		"an alias by its ARN":                    {prod.Role("deploy"), prod.Function("arn:aws:lambda:us-east-1:123456789012:function:orders:prod"), "resource-based policy of arn:aws:lambda:us-east-1:123456789012:function:orders:prod: not known"},
		"a resource that was not read":           {prod.Role("deploy"), prod.Resource("arn:aws:s3:::bucket"), `resource "arn:aws:s3:::bucket" is not in the snapshot`},
		"a snapshot that was not loaded, a role": {iamtest.Snapshot{}.Role("deploy"), prod.Function("orders"), "nobody is asked about"},
		"a snapshot that was not loaded":         {prod.Role("deploy"), iamtest.Snapshot{}.Function("orders"), "nothing is asked about"},
	} {
		t.Run(sentence, func(t *testing.T) {
			r := record(func(t *recorder) { iamtest.Cannot(t, c.who, "lambda:GetFunction", c.what) })
			assert.Contains(t, r.text(), c.want)
		})
	}
}

func TestAccountsThatCannotBeLoadedStopTheTest(t *testing.T) {
	r := record(func(t *recorder) { iamtest.Account(t, "testdata/account/functions.json", "testdata/nothing") })
	assert.True(t, r.stopped)
	assert.Contains(t, r.text(), "the accounts cannot be loaded:\n  open testdata/nothing")
}

func TestASnapshotOfItsOwn(t *testing.T) {
	b := account.New()
	b.Complete = account.ResourcePolicy
	require.NoError(t, files.Load(b, planned.Given{}, "testdata/account"))
	s, err := b.Build()
	require.NoError(t, err)
	prod := iamtest.Accounts(s)

	iamtest.Cannot(t, prod.Role("service/deploy"), "lambda:GetFunction", prod.Function("returns"))
	iamtest.Can(t, prod.User("alice"), "sts:AssumeRole", prod.Resource("arn:aws:iam::123456789012:role/service/deploy"))
	iamtest.CanCall(t, prod.Role("deploy").Given("aws:RequestedRegion", "us-east-1"), "lambda:UpdateFunctionCode", `{"FunctionName": "orders", "ZipFile": "UEsDBA=="}`)
	iamtest.NoMoreThan(t, prod.Role("deploy"), "arn:aws:iam::aws:policy/AWSLambda_FullAccess")
	iamtest.NotPublic(t, prod.Function("orders"))

	session := prod.Role("arn:aws:sts::123456789012:assumed-role/deploy/ci")
	iamtest.Can(t, session, "lambda:UpdateFunctionCode", prod.Function("orders"))
	r := record(func(t *recorder) { iamtest.Can(t, session, "lambda:DeleteFunction", prod.Function("orders")) })
	assert.Contains(t, r.text(), "assumed-role/deploy/ci cannot lambda:DeleteFunction, and should")
}

func TestAServiceLinkedRoleOfASnapshotIsBeyondSCPs(t *testing.T) {
	const linked = "arn:aws:iam::123456789012:role/aws-service-role/lambda.amazonaws.com/AWSServiceRoleForLambda"
	b := account.New()
	b.AddOrganization(account.Organization{ID: "o-1", ManagementAccount: "999999999999", AllFeatures: true})
	b.AddNode(account.Node{ID: "r-1", SCPs: []string{"p-FullAWSAccess"}, Enabled: []policy.Kind{policy.SCP}, Known: account.PolicyTypes | account.SCPs})
	b.AddNode(account.Node{ID: "123456789012", Parent: "r-1", SCPs: []string{"p-FullAWSAccess"}, Known: account.Parent | account.SCPs})
	b.AddIdentity(account.Identity{ARN: linked, Known: account.OfRole})
	s, err := b.Build()
	require.NoError(t, err)
	r := record(func(t *recorder) {
		iamtest.NoMoreThan(t, iamtest.Accounts(s).Role(linked), "arn:aws:iam::aws:policy/AWSLambda_FullAccess")
	})
	assert.Contains(t, r.text(), "is a service-linked role, which no SCP binds (E.2)")
}

func ExampleTemplate() {
	t := printer{}
	stack := iamtest.Template(t, "testdata/template.yaml", planned.Given{Account: "123456789012", Region: "us-east-1", Stack: "shop"})

	fmt.Println(iamtest.Can(t, stack.Role("OrdersRole"), "dynamodb:GetItem", stack.Resource("Table")))
	fmt.Println(iamtest.Cannot(t, stack.Role("OrdersRole"), "dynamodb:DeleteTable", stack.Resource("Table")))
	fmt.Println(iamtest.Cannot(t, stack.Role("OrdersRole"), "lambda:InvokeFunction", stack.Function("Orders")))
	// Output:
	// true
	// true
	// true
}

func TestTemplatesThatCannotBeLoadedStopTheTest(t *testing.T) {
	r := record(func(t *recorder) { iamtest.Template(t, "testdata/broken.yaml") })
	assert.True(t, r.stopped)
	assert.Contains(t, r.text(), "the template cannot be loaded")
	assert.Contains(t, r.text(), `"Tabel" is no parameter and no resource of this template; did you mean "Table"?`)
	r = record(func(t *recorder) { iamtest.Template(t, "testdata/template.yaml", make([]planned.Given, 2)...) })
	assert.True(t, r.stopped)
	assert.Equal(t, "the template cannot be loaded:\n  what is given stands in one planned.Given", r.text())
}

// A template may refer to what is not in it; an account that does is an error.
func TestATemplateMayReferToARoleThatItDoesNotHave(t *testing.T) {
	path := filepath.Join(t.TempDir(), "template.json")
	require.NoError(t, os.WriteFile(path, []byte(`{"Resources": {"Orders": {"Type": "AWS::IAM::Role", "Properties": {
		"RoleName": "orders", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}},
		"ManagedPolicyArns": ["arn:aws:iam::123456789012:policy/elsewhere"]}}}}`), 0o644))
	stack := iamtest.Template(t, path, planned.Given{Account: "123456789012", Region: "us-east-1"})
	r := record(func(t *recorder) { iamtest.Cannot(t, stack.Role("Orders"), "lambda:GetFunction", orders) })
	assert.Contains(t, r.text(), "arn:aws:iam::123456789012:policy/elsewhere")
	assert.False(t, r.stopped)
}

func TestWhatATemplateLeavesOpenFailsTheAssertion(t *testing.T) {
	stack := iamtest.Template(t, "testdata/template.yaml")
	r := record(func(t *recorder) {
		iamtest.Can(t, stack.Role("OrdersRole"), "dynamodb:GetItem", stack.Resource("Table"))
	})
	assert.Contains(t, r.text(), "iamsim:planned/AWS::AccountId")
}
