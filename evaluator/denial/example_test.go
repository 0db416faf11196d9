package denial_test

import (
	"fmt"
	"log"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
)

const pasted = `operation error Lambda: GetFunction, https response error StatusCode: 403,
RequestID: 8c8bd9f1-2f4e-4a5c-9d3e-1f2a3b4c5d6e, api error AccessDeniedException: User:
arn:aws:iam::123456789012:user/mateojackson is not authorized to perform: lambda:GetFunction on
resource: arn:aws:lambda:us-east-1:123456789012:function:my-function with an explicit deny in a
service control policy`

func ExampleParse() {
	denials, err := denial.Parse(pasted)
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range denials {
		fmt.Println(d.Principal)
		fmt.Println(d.Action, "on", d.Resource)
		fmt.Println("explicit:", d.Explicit, "by:", d.Layer)
		fmt.Println(d.Service, d.Operation, d.Code)
	}
	// Output:
	// arn:aws:iam::123456789012:user/mateojackson
	// lambda:GetFunction on arn:aws:lambda:us-east-1:123456789012:function:my-function
	// explicit: true by: scp
	// Lambda GetFunction AccessDeniedException
}

func ExampleParse_notUnderstood() {
	_, err := denial.Parse("User: arn:aws:iam::123456789012:user/mateojackson is not authorized to perform: lambda:GetFunction on resou...")
	fmt.Println(err)
	// Output:
	// not understood: line 1: the message is cut off; recognised: caller or resource "arn:aws:iam::123456789012:user/mateojackson", action "lambda:GetFunction"; next: give the whole message: where a log or a page cut it, its CloudTrail event has it (aws cloudtrail lookup-events), or call again and keep what is printed
}

// The user's own policy allows the call, so something else denied it: AWS names
// a service control policy, and none was given.
func ExampleReplay() {
	denials, err := denial.Parse(pasted)
	if err != nil {
		log.Fatal(err)
	}
	deployer, err := policy.ParseString("deployer.json", `{
		"Version": "2012-10-17",
		"Statement": {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}
	}`)
	if err != nil {
		log.Fatal(err)
	}
	caller := evaluator.Caller{Identity: evaluator.MustCompile(policy.Identity, deployer)}
	var engine evaluator.Engine
	replayed, err := denial.Replay(&engine, &denials[0], caller, evaluator.Target{}, evaluator.Request{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(replayed.Agreement, "with", replayed.Explanation.Decision())
	for _, unknown := range replayed.Unknown {
		fmt.Println("not told:", unknown.Text)
	}
	// Output:
	// allows with allowed
	// not told: the service control policy that AWS names: none was given
}

func ExampleDecoded() {
	text, err := denial.Decoded(&scenario.Scenario{Request: scenario.Request{
		Principal: scenario.Principal{ARN: "arn:aws:iam::123456789012:user/marymajor"},
		Action:    "ec2:RunInstances",
		Resource:  "arn:aws:ec2:us-east-1:123456789012:instance/*",
	}})
	if err != nil {
		log.Fatal(err)
	}
	denials, err := denial.Parse(string(text))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(denials[0].Form, denials[0].Action, denials[0].Implicit)
	// Output:
	// decoded ec2:RunInstances true
}
