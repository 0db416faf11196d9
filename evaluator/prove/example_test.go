package prove_test

import (
	"context"
	"fmt"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func mustParse(name, text string) *policy.Document {
	d, err := policy.ParseString(name, text)
	if err != nil {
		panic(err)
	}
	return d
}

func Example() {
	older := mustParse("older.json", `{
		"Version": "2012-10-17",
		"Statement": [
			{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"},
			{"Effect": "Allow", "Action": "lambda:UpdateFunctionCode", "Resource": "arn:aws:lambda:*:*:function:web-*"}
		]
	}`)
	newer := mustParse("newer.json", `{
		"Version": "2012-10-17",
		"Statement": {"Effect": "Allow", "Action": ["lambda:GetFunction", "lambda:UpdateFunction*"], "Resource": "arn:aws:lambda:*:*:function:web-*"}
	}`)

	prover := prove.Prover{Catalog: catalog.Default()}
	verdict, err := prover.NoNewAccess(context.Background(), prove.Identity(newer), prove.Identity(older))
	if err != nil {
		panic(err)
	}
	fmt.Println(verdict)
	// Output:
	// refuted by lambda:UpdateFunctionCodeSigningConfig on arn:aws:lambda:us-east-1:111122223333:function:web-example by arn:aws:iam::111122223333:user/alice
	//   allowed by newer.json:3:16
	//   nearest in the ceiling: older.json:5:4
	//     Action "lambda:UpdateFunctionCode", and the request has "lambda:UpdateFunctionCodeSigningConfig"
	//     names of actions are compared whole: lambda:UpdateFunctionCode is not lambda:UpdateFunctionCodeSigningConfig (B-2)
}

func ExampleProver_NotGranted() {
	p := mustParse("operator.json", `{
		"Version": "2012-10-17",
		"Statement": [
			{"Effect": "Allow", "Action": "*", "Resource": "*"},
			{"Effect": "Deny", "Action": ["iam:*", "organizations:*"], "Resource": "*"}
		]
	}`)
	var prover prove.Prover
	verdict, err := prover.NotGranted(context.Background(), prove.Identity(p), prove.Access{Actions: []string{"iam:PassRole"}})
	if err != nil {
		panic(err)
	}
	fmt.Println(verdict.Outcome)
	// Output: proved
}

func ExampleProver_Within_layers() {
	everything := mustParse("AdministratorAccess", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	boundary := mustParse("boundary.json", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:*","lambda:*"],"Resource":"*"}}`)
	ceiling := mustParse("ceiling.json", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}}`)

	developer := prove.Identity(everything).With(policy.BoundaryLayer.At(0), policy.Attached{Document: boundary})
	var prover prove.Prover
	verdict, err := prover.Within(context.Background(), developer, prove.Identity(ceiling))
	if err != nil {
		panic(err)
	}
	fmt.Println(verdict.Outcome)
	// Output: proved
}

func ExampleProver_NotPublic() {
	function := mustParse("function.json", `{
		"Version": "2012-10-17",
		"Statement": {
			"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction",
			"Resource": "arn:aws:lambda:us-east-1:111122223333:function:web",
			"Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
		}
	}`)
	var prover prove.Prover
	verdict, err := prover.NotPublic(context.Background(), function)
	if err != nil {
		panic(err)
	}
	fmt.Println(verdict.Outcome)
	fmt.Println(verdict.Request)
	// Output:
	// refuted
	// lambda:InvokeFunction on arn:aws:lambda:us-east-1:111122223333:function:web by arn:aws:iam::444455556666:user/alice, resource of account 111122223333
}
