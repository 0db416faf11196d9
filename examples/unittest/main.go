// Unittest is about its tests. Each is what your own _test.go would look like
// beside your policies:
//
//   - first_test.go is the first test anyone writes;
//   - role_test.go asks what one role can do and cannot: the alias trap,
//     iam:PassRole, a whole API call, what no Allow shall ever open;
//   - account_test.go asks across accounts, of a guardrail of the organization,
//     and holds a matrix of access that people review, access.md;
//   - coverage_test.go says what of the policies no test has made decide;
//   - embed_test.go lets a fake of an AWS service deny as AWS does.
//
// before.json is the policy with which the first test fails, failure.txt what
// it prints then.
//
//	go test ./examples/unittest
//
// The program prints two decisions of the policy that they test:
//
//	go run ./examples/unittest
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

//go:embed deploy-role.json
var deployRole string

func main() { tell(os.Stdout) }

func tell(w io.Writer) {
	document, err := policy.ParseString("deploy-role.json", deployRole)
	if err != nil {
		log.Fatal(err)
	}
	deploy := evaluator.Caller{
		Principal: evaluator.Session(
			"arn:aws:sts::123456789012:assumed-role/deploy/build-42",
			"arn:aws:iam::123456789012:role/deploy"),
		Identity: evaluator.MustCompile(policy.Identity, document),
	}
	orders := evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:function:orders"}

	story.Chapter(w, "With deploy-role.json, which the tests beside this program hold to its purpose:")
	for _, action := range []string{"lambda:UpdateFunctionCode", "lambda:DeleteFunction"} {
		story.Tell(w, "the deploy role, "+action+" on orders",
			evaluator.Explain(&deploy, &orders, &evaluator.Request{Action: action}))
	}
}
