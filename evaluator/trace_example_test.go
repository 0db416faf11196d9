package evaluator_test

import (
	"fmt"
	"log"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// What almost allowed a request, and the trap it fell into.
func ExampleExplanation_NearMisses() {
	doc, err := policy.ParseString("invoker.json", `{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "lambda:InvokeFunction",
    "Resource": "arn:aws:lambda:us-east-1:123456789012:function:my-function:*"
  }
}`)
	if err != nil {
		log.Fatal(err)
	}
	why := evaluator.Explain(
		&evaluator.Caller{
			Principal: evaluator.User("arn:aws:iam::123456789012:user/mateojackson"),
			Identity:  evaluator.MustCompile(policy.Identity, doc),
		},
		&evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:function:my-function"},
		&evaluator.Request{Action: "lambda:InvokeFunction"},
	)
	for _, s := range why.NearMisses() {
		lacks := s.First()
		line, _ := lacks.Position()
		fmt.Printf("%s:%d %s %s\n", s.Policy, line, lacks.Element, lacks.Reason)
		for _, h := range s.Hints {
			fmt.Println(h.Code, h.Suggestion)
		}
	}
	// Output:
	// invoker.json:6 Resource differs
	// qualified-arn arn:aws:lambda:us-east-1:123456789012:function:my-function
}
