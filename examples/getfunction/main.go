// Getfunction is the first story of AWS's "Troubleshooting AWS Lambda identity
// and access": the user mateojackson is denied lambda:GetFunction on
// my-function, and gets it once his policy names the action and the function.
//
//	go run ./examples/getfunction
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

func main() { tell(os.Stdout) }

func tell(w io.Writer) {
	mateo := evaluator.Caller{Principal: evaluator.User("arn:aws:iam::123456789012:user/mateojackson")}
	function := evaluator.Target{
		Resource: "arn:aws:lambda:us-east-1:123456789012:function:my-function",
		AsGiven:  "my-function",
	}
	request := evaluator.Request{Action: "lambda:GetFunction"}
	asks := "mateojackson, lambda:GetFunction on my-function"

	story.Chapter(w, "With before.json, which allows lambda:ListFunctions only:")
	mateo.Identity = identity("before.json", before)
	older := evaluator.Engine{Options: evaluator.Options{MessageStyle: evaluator.NoReason}}
	story.Tell(w, asks, evaluator.Explain(&mateo, &function, &request), older.Explain(&mateo, &function, &request))

	story.Chapter(w, "With after.json, which also allows lambda:GetFunction on my-function:")
	mateo.Identity = identity("after.json", after)
	story.Tell(w, asks, evaluator.Explain(&mateo, &function, &request))
}

func identity(name, text string) *evaluator.Set {
	document, err := policy.ParseString(name, text)
	if err != nil {
		log.Fatal(err)
	}
	return evaluator.MustCompile(policy.Identity, document)
}
