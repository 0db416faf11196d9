package validate_test

import (
	"context"
	"fmt"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
)

func ExampleValidator_Validate() {
	doc := policy.MustParse("deployer.json", `{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": ["lambda:CreateFunction", "lambda:InvokeFunctions"], "Resource": "*"},
    {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
  ]
}`)
	var v validate.Validator
	for _, f := range v.Validate(doc, policy.Identity) {
		fmt.Println(f)
	}
	// Output:
	// deployer.json:4:61: ERROR INVALID_ACTION: no service has the action "lambda:InvokeFunctions"; did you mean "lambda:InvokeFunction"?
	// deployer.json:5:63: SECURITY_WARNING PASS_ROLE_WITH_STAR_IN_RESOURCE: any role can be passed to a service: name the roles, or test iam:PassedToService in a condition
}

func ExampleValidator_Prove() {
	doc := policy.MustParse("deployer.json", `{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "lambda:GetFunction", "Resource": "*"},
    {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}
  ]
}`)
	var v validate.Validator
	found, err := v.Prove(context.Background(), doc, policy.Identity)
	for _, f := range found {
		fmt.Println(f.From.Line, f.Code, f.Message)
	}
	fmt.Println(err)
	// Output:
	// 4 COVERED_STATEMENT does nothing: Statement[1] applies wherever it does
	// 5 ESCALATION_THROUGH_LAMBDA new code for any function runs with the function's role: name the functions
	// 5 SHARES_ANY_RESOURCE lambda:AddPermission on any resource can let others in: name the resources
	// <nil>
}

func ExampleApply() {
	doc := policy.MustParse("reader.json", `{"Statement": {"Effect": "Allow", "Action": ["s3:Get*", "s3:GetObject"], "Resource": "*"}}`)
	var v validate.Validator
	text, applied := validate.Apply(doc.Text(), v.Validate(doc, policy.Identity))
	fmt.Println(len(applied), text)
	// Output:
	// 2 {"Version": "2012-10-17","Statement": {"Effect": "Allow", "Action": ["s3:Get*"], "Resource": "*"}}
}
