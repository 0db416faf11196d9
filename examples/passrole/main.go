// Passrole: the user marymajor may create the function orders and is still
// denied, because giving it a role needs iam:PassRole. Then she may pass one
// role to Lambda, and nothing else.
//
// iam:PassRole is no API call: AWS checks it within calls such as
// lambda:CreateFunction, on the role, with the service in iam:PassedToService.
//
//	go run ./examples/passrole
package main

import (
	_ "embed"
	"io"
	"log"
	"os"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/examples/internal/story"
	"github.com/iamsim/iamsim/policy"
)

var (
	//go:embed before.json
	before string
	//go:embed after.json
	after string
)

const (
	ordersExec    = "arn:aws:iam::123456789012:role/orders-exec"
	administrator = "arn:aws:iam::123456789012:role/administrator"
)

func main() { tell(os.Stdout) }

func tell(w io.Writer) {
	mary := evaluator.Caller{Principal: evaluator.User("arn:aws:iam::123456789012:user/marymajor")}

	story.Chapter(w, "With before.json, which lets her create and change the function orders:")
	mary.Identity = identity("before.json", before)
	older := evaluator.Engine{Options: evaluator.Options{MessageStyle: evaluator.NoResource}}
	role, toLambda := pass(ordersExec, "lambda.amazonaws.com")
	story.Tell(w, "marymajor passes orders-exec to Lambda",
		evaluator.Explain(&mary, role, toLambda), older.Explain(&mary, role, toLambda))

	story.Chapter(w, "With after.json, which also lets her pass orders-exec to lambda.amazonaws.com:")
	mary.Identity = identity("after.json", after)
	story.Tell(w, "marymajor passes orders-exec to Lambda", evaluator.Explain(&mary, role, toLambda))

	role, toLambda = pass(administrator, "lambda.amazonaws.com")
	story.Tell(w, "marymajor passes administrator to Lambda", evaluator.Explain(&mary, role, toLambda))

	role, toEC2 := pass(ordersExec, "ec2.amazonaws.com")
	story.Tell(w, "marymajor passes orders-exec to EC2", evaluator.Explain(&mary, role, toEC2))
}

// pass is what AWS checks when a role is given to a service.
func pass(role, service string) (*evaluator.Target, *evaluator.Request) {
	return &evaluator.Target{Resource: role}, &evaluator.Request{
		Action:  "iam:PassRole",
		Context: evaluator.Context{{Name: "iam:PassedToService", Values: []string{service}}},
	}
}

func identity(name, text string) *evaluator.Set {
	document, err := policy.ParseString(name, text)
	if err != nil {
		log.Fatal(err)
	}
	return evaluator.MustCompile(policy.Identity, document)
}
