package evaluator_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

func parse(text string) *policy.Document {
	doc, err := policy.ParseString("deployer.json", text)
	if err != nil {
		log.Fatal(err)
	}
	return doc
}

// May mateojackson read the function? The policy that he has says no; with one
// more action it says yes.
func Example() {
	fn := evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:function:my-function"}
	request := evaluator.Request{Action: "lambda:GetFunction"}
	for _, actions := range []string{`"lambda:ListFunctions"`, `["lambda:ListFunctions", "lambda:GetFunction"]`} {
		mateo := evaluator.Caller{
			Principal: evaluator.User("arn:aws:iam::123456789012:user/mateojackson"),
			Identity: evaluator.MustCompile(policy.Identity, parse(`{
				"Version": "2012-10-17",
				"Statement": {"Effect": "Allow", "Action": `+actions+`, "Resource": "*"}}`)),
		}
		fmt.Println(evaluator.Evaluate(&mateo, &fn, &request))
	}
	// Output:
	// implicitDeny(identity)
	// allowed
}

// An explanation is also an error, shaped as the AWS SDKs shape theirs.
func ExampleExplain() {
	mary := evaluator.Caller{
		Principal: evaluator.User("arn:aws:iam::123456789012:user/marymajor"),
		Identity: evaluator.MustCompile(policy.Identity, parse(`{
			"Version": "2012-10-17",
			"Statement": [
				{"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"},
				{"Sid": "NotTheAdmin", "Effect": "Deny", "Action": "iam:PassRole", "Resource": "arn:aws:iam::*:role/admin"}]}`)),
	}
	role := evaluator.Target{Resource: "arn:aws:iam::123456789012:role/admin"}
	why := evaluator.Explain(&mary, &role, &evaluator.Request{Action: "iam:PassRole"})
	for _, s := range why.Statements() {
		fmt.Printf("%s by %s, statement %s, line %d\n", s.Effect, s.Policy, s.Sid, s.Line)
	}
	var denied *evaluator.DeniedError
	if errors.As(why.Err(), &denied) {
		fmt.Println(denied.ErrorCode())
		fmt.Println(denied)
	}
	// Output:
	// Deny by deployer.json, statement NotTheAdmin, line 5
	// AccessDenied
	// User: arn:aws:iam::123456789012:user/marymajor is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/admin with an explicit deny in an identity-based policy
}

// Both sides must allow across accounts: the function's policy, and the
// caller's own.
func ExampleTarget() {
	carol := evaluator.Caller{
		Principal: evaluator.User("arn:aws:iam::444455556666:user/carol"),
		Identity: evaluator.MustCompile(policy.Identity, parse(`{
			"Version": "2012-10-17",
			"Statement": {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}}`)),
	}
	fn := evaluator.Target{Resource: "arn:aws:lambda:us-east-1:111122223333:function:my-fn"}
	request := evaluator.Request{Action: "lambda:InvokeFunction"}
	fmt.Println(evaluator.Evaluate(&carol, &fn, &request))

	fn.Policies = []*evaluator.Set{evaluator.MustCompile(policy.Resource, parse(`{
		"Version": "2012-10-17",
		"Statement": {
			"Effect": "Allow", "Principal": {"AWS": "444455556666"},
			"Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:us-east-1:111122223333:function:my-fn"}}`))}
	fmt.Println(evaluator.Evaluate(&carol, &fn, &request))
	// Output:
	// implicitDeny(resource)
	// allowed
}

// What is not known yet makes a decision indeterminate only where it decides.
func ExampleState() {
	red := evaluator.Caller{
		Principal: evaluator.Role("arn:aws:iam::111122223333:role/deploy"),
		Identity: evaluator.MustCompile(policy.Identity, parse(`{
			"Version": "2012-10-17",
			"Statement": {"Effect": "Allow", "Action": "lambda:*", "Resource": "*",
				"Condition": {"StringEquals": {"aws:ResourceTag/team": "red"}}}}`)),
	}
	fn := evaluator.Target{Resource: "arn:aws:lambda:us-east-1:111122223333:function:my-fn"}
	tag := evaluator.Key{Name: "aws:ResourceTag/team"}
	for _, tag.State = range []evaluator.State{evaluator.Known, evaluator.Unknown} {
		fmt.Println(evaluator.Evaluate(&red, &fn, &evaluator.Request{Action: "lambda:GetFunction", Context: evaluator.Context{tag}}))
	}
	// Output:
	// implicitDeny(identity)
	// indeterminate
}

func ExampleMatrix() {
	own := evaluator.MustCompile(policy.Identity, parse(`{
		"Version": "2012-10-17",
		"Statement": {"Effect": "Allow", "Action": "lambda:Get*", "Resource": "arn:aws:lambda:*:*:function:${aws:username}-*"}}`))
	m := evaluator.Matrix{
		Callers: []evaluator.Caller{
			{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"), Identity: own},
			{Principal: evaluator.User("arn:aws:iam::111122223333:user/bob"), Identity: own},
		},
		Targets: []evaluator.Target{
			{Resource: "arn:aws:lambda:us-east-1:111122223333:function:alice-1"},
			{Resource: "arn:aws:lambda:us-east-1:111122223333:function:bob-1"},
		},
		Requests: []*evaluator.Prepared{
			evaluator.MustPrepare(&evaluator.Request{Action: "lambda:GetFunction"}),
			evaluator.MustPrepare(&evaluator.Request{Action: "lambda:DeleteFunction"}),
		},
	}
	for cell, decision := range m.All(context.Background()) {
		if decision.Allowed() {
			fmt.Println(m.Callers[cell.Caller].Principal.String(), m.Targets[cell.Target].Resource)
		}
	}
	// Output:
	// arn:aws:iam::111122223333:user/alice arn:aws:lambda:us-east-1:111122223333:function:alice-1
	// arn:aws:iam::111122223333:user/bob arn:aws:lambda:us-east-1:111122223333:function:bob-1
}
