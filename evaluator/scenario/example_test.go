package scenario_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/evaluator/scenario"
)

func Example() {
	const lines = `
{"name": "mateo reads", "request": {"principal": "arn:aws:iam::123456789012:user/mateojackson", "action": "lambda:GetFunction", "resource": "arn:aws:lambda:us-east-1:123456789012:function:my-function", "resourceAsGiven": "my-function"}, "options": {"style": "noReason"}, "want": "implicitDeny"}
{"name": "mateo lists", "request": {"principal": "arn:aws:iam::123456789012:user/mateojackson", "action": "lambda:ListFunctions"}}
`
	var e scenario.Evaluator
	for s, err := range scenario.Stream("lines", strings.NewReader(lines), nil) {
		result := scenario.Failed(s, err)
		if err == nil {
			result = e.Evaluate(s)
		}
		fmt.Println(result.Name, result.Answered(), result.Pass())
		if result.Answered() {
			fmt.Println(result.Message)
		} else {
			fmt.Println(result.Err)
		}
	}
	// Output:
	// mateo reads true true
	// User: arn:aws:iam::123456789012:user/mateojackson is not authorized to perform: lambda:GetFunction on resource: my-function
	// mateo lists false false
	// lines:3:36: request: needs a "resource": an ARN, or "*" for an action without resource-level permission
}

func ExampleResult_MarshalJSON() {
	const line = `{"name": "root", "request": {"principal": "arn:aws:iam::123456789012:root", "action": "lambda:ListFunctions", "resource": "*"}, "want": "allowed"}`
	var e scenario.Evaluator
	for s, err := range scenario.Stream("line", strings.NewReader(line), nil) {
		if err != nil {
			panic(err)
		}
		text, err := json.Marshal(e.Evaluate(s))
		fmt.Println(string(text), err)
	}
	// Output:
	// {"name":"root","decision":"allowed","statements":[],"pass":true} <nil>
}
