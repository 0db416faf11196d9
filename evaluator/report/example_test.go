package report_test

import (
	"log"
	"os"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/report"
	"github.com/iamsim/iamsim/policy"
)

// A deployer was given the function, and is denied its alias.
func ExampleText() {
	deployer, err := policy.ParseString("deployer.json", `{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "Deploy",
    "Effect": "Allow",
    "Action": "lambda:*",
    "Resource": "arn:aws:lambda:us-east-1:123456789012:function:my-function"
  }
}`)
	if err != nil {
		log.Fatal(err)
	}
	caller := evaluator.Caller{
		Principal: evaluator.User("arn:aws:iam::123456789012:user/mateojackson"),
		Identity:  evaluator.MustCompile(policy.Identity, deployer),
	}
	target := evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:function:my-function:prod"}
	request := evaluator.Request{Action: "lambda:UpdateAlias"}

	why := evaluator.Explain(&caller, &target, &request)
	if err := report.Text(os.Stdout, report.Options{}, why); err != nil {
		log.Fatal(err)
	}
	// Output:
	// DENIED   no identity-based policy allows lambda:UpdateAlias
	// who      arn:aws:iam::123456789012:user/mateojackson
	// what     lambda:UpdateAlias
	// on       arn:aws:lambda:us-east-1:123456789012:function:my-function:prod
	// layers   identity has no Allow: stopped here
	//
	// nearest  deployer.json:3:16 (Deploy) would allow it but for its Resource
	//          Resource  arn:aws:lambda:us-east-1:123456789012:function:my-function
	//          request   arn:aws:lambda:us-east-1:123456789012:function:my-function:prod
	// hint     the ARN of a function alone does not cover its versions and aliases; the request is for "prod" (B-31)
	// write    "Resource": "arn:aws:lambda:us-east-1:123456789012:function:my-function:prod"
}
