package iamtest_test

import (
	"fmt"

	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/policy"
)

// A printer prints the failures that a test would have.
type printer struct{}

func (printer) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

const (
	example  = "arn:aws:iam::123456789012:role/example"
	function = "arn:aws:lambda:us-east-1:123456789012:function:hello"
)

func ExampleCan() {
	t := printer{} // in a test, its *testing.T
	role := iamtest.Role(t, example, `{"Version": "2012-10-17", "Statement": [
		{"Sid": "Read", "Effect": "Allow", "Action": "lambda:Get*", "Resource": "arn:aws:lambda:*:*:function:hello"}]}`)

	fmt.Println(iamtest.Can(t, role, "lambda:GetFunction", function))
	fmt.Println(iamtest.Can(t, role, "lambda:GetFunction", function+":prod"))
	// Output:
	// true
	// role/example cannot lambda:GetFunction, and should
	//   on        arn:aws:lambda:us-east-1:123456789012:function:hello:prod
	//   decision  implicitDeny(identity)
	//   nearest   inline policy of role/example:2:75 (Read): Resource is arn:aws:lambda:*:*:function:hello
	//   hint      the ARN of a function alone does not cover its versions and aliases; the request is for "prod" (B-31)
	//   fix       add to identity-based policy "inline policy of role/example": {"Sid":"AllowGetFunction","Effect":"Allow","Action":"lambda:GetFunction","Resource":"arn:aws:lambda:us-east-1:123456789012:function:hello:prod"}
	// false
}

// A typo fails a negative assertion, too.
func ExampleCannot() {
	t := printer{}
	role := iamtest.Role(t, example, "arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess")

	fmt.Println(iamtest.Cannot(t, role, []string{"lambda:DeleteFunction", "lambda:InvokeFunction"}, function))
	iamtest.Cannot(t, role, "lambda:DeletFunction", function)
	// Output:
	// true
	// invalid request: lambda:DeletFunction
	//   on        arn:aws:lambda:us-east-1:123456789012:function:hello
	//   wrong     action "lambda:DeletFunction" is none that the catalogue knows; did you mean "lambda:DeleteFunction"?
}

func ExampleCannotAny() {
	t := printer{}
	role := iamtest.Role(t, example, `{"Version": "2012-10-17", "Statement": [
		{"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/hello-exec"}]}`)

	iamtest.CannotAny(t, role, "iam:*", "*")
	// Output:
	// role/example may be allowed iam:PassRole, and should not
	//   on        arn:aws:iam::123456789012:role/hello-exec
	//   by        inline policy of role/example:2:3 (Pass)
}

func ExampleCanPassRole() {
	t := printer{}
	role := iamtest.Role(t, example, `{"Version": "2012-10-17", "Statement": [
		{"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/hello-exec",
		 "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}]}`)

	fmt.Println(iamtest.CanPassRole(t, role, "arn:aws:iam::123456789012:role/hello-exec", "lambda.amazonaws.com"))
	fmt.Println(iamtest.CannotPassRole(t, role, "arn:aws:iam::123456789012:role/hello-exec", "ec2.amazonaws.com"))
	// Output:
	// true
	// true
}

// One call, three authorizations: the policy has forgotten the layer.
func ExampleCanCall() {
	t := printer{}
	role := iamtest.Role(t, example, `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": "*"},
		{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/hello-exec"}]}`)

	iamtest.CanCall(t, role.Given("aws:RequestedRegion", "us-east-1"), "lambda:CreateFunction", `{
		"FunctionName": "hello",
		"Role": "arn:aws:iam::123456789012:role/hello-exec",
		"Code": {"S3Bucket": "builds", "S3Key": "hello.zip"},
		"Layers": ["arn:aws:lambda:us-east-1:123456789012:layer:log:3"]
	}`)
	// Output:
	// lambda:CreateFunction by role/example: 2 of 4 requests are not as they should be
	//   cannot lambda:GetLayerVersion on arn:aws:lambda:us-east-1:123456789012:layer:log:3
	//   cannot s3:GetObject on arn:aws:s3:::builds/hello.zip
}

func ExampleDeniedBy() {
	t := printer{}
	administrator := iamtest.Principal{
		ARN:      "arn:aws:iam::123456789012:role/administrator",
		Policies: []string{"arn:aws:iam::aws:policy/AdministratorAccess"},
		Boundary: "arn:aws:iam::aws:policy/AWSLambda_FullAccess",
	}.Load(t)

	fmt.Println(iamtest.DeniedBy(t, administrator, "iam:CreateUser", "arn:aws:iam::123456789012:user/eve", policy.BoundaryLayer))
	// Output: true
}

func ExampleWho_Given() {
	t := printer{}
	role := iamtest.Role(t, example, `{"Version": "2012-10-17", "Statement": [
		{"Sid": "Office", "Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}}]}`)

	fmt.Println(iamtest.Can(t, role.Given("aws:SourceIp", "198.51.100.7"), "lambda:GetFunction", function))
	fmt.Println(iamtest.Cannot(t, role, "lambda:GetFunction", function))
	// Output:
	// true
	// whether role/example can lambda:GetFunction depends on what the test does not say
	//   on        arn:aws:lambda:us-east-1:123456789012:function:hello
	//   unsaid    aws:SourceIp
	//   write     .Given("aws:SourceIp", "203.0.113.9"), or .Given("aws:SourceIp") for a request without it
	//   by        inline policy of role/example:2:3 (Office)
	// false
}

func ExampleMatrix() {
	t := printer{}
	iamtest.Matrix{
		Who: map[string]iamtest.Who{
			"reader": iamtest.Role(t, example, "arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"),
			"admin":  iamtest.Role(t, example, "arn:aws:iam::aws:policy/AdministratorAccess"),
		},
		Rows: []iamtest.Row{
			{Action: "lambda:GetFunction", Resource: function, Allowed: []string{"admin", "reader"}},
			{Action: "lambda:DeleteFunction", Resource: function, Allowed: []string{"admin", "reader"}},
		},
	}.Check(t)
	// Output:
	// row 2: reader cannot lambda:DeleteFunction, and should
	//   on        arn:aws:lambda:us-east-1:123456789012:function:hello
	//   decision  implicitDeny(identity)
	//   nearest   AWSLambda_ReadOnlyAccess:6:17: Action is lambda:Get*, lambda:List*
	//   fix       a new identity-based policy: {"Sid":"AllowDeleteFunction","Effect":"Allow","Action":"lambda:DeleteFunction","Resource":"arn:aws:lambda:us-east-1:123456789012:function:hello"}
}

func ExampleNoMoreThan() {
	t := printer{}
	role := iamtest.Role(t, example, `{"Version": "2012-10-17", "Statement": [
		{"Sid": "All", "Effect": "Allow", "Action": "lambda:*", "Resource": "arn:aws:lambda:*:*:function:hello"}]}`)

	fmt.Println(iamtest.NoMoreThan(t, role, "arn:aws:iam::aws:policy/AWSLambda_FullAccess"))
	// Output: true
}

func ExampleCoverage() {
	t := printer{}
	var coverage iamtest.Coverage // in a test package, a variable that TestMain reports
	role := iamtest.Role(t, example, `{"Version": "2012-10-17", "Statement": [
		{"Sid": "Read", "Effect": "Allow", "Action": ["lambda:Get*", "lambda:List*"], "Resource": "*"},
		{"Sid": "Never", "Effect": "Deny", "Action": "lambda:Delete*", "Resource": "*"}]}`).CountIn(&coverage)

	iamtest.Can(t, role, "lambda:GetFunction", function)
	iamtest.ExplicitlyDenied(t, role, "lambda:DeleteFunction", function)
	coverage.Report(iamtest.Report{})
	// Output:
	// inline policy of role/example: 80% decided in a test
	//   inline policy of role/example:2:64: Action lambda:List* never decided in a test
	// policies: 80% decided in a test (statements 2 of 2, actions 2 of 3, conditions 0 of 0)
}

func ExampleExcept() {
	t := printer{}
	role := iamtest.Role(t, example, `{"Version": "2012-10-17", "Statement": [
		{"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/hello-exec"}]}`)

	fmt.Println(iamtest.CannotAny(t, role, iamtest.Except("iam:*", "iam:PassRole"), "*"))
	// Output: true
}
