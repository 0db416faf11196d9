// Terraform: a plan before it is applied. The policy of the role waits for the
// functions that it names, so the plan has no policy yet, and its blocks say what
// it will be. A function that the policy leaves out is the denial; the plan that
// names it is the cure.
//
//	terraform plan -out plan.out
//	terraform show -json plan.out > plan.json
//
//	go run ./examples/terraform
package main

import (
	"embed"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/account/terraform"
	"github.com/iamsim/iamsim/examples/internal/story"
)

//go:embed plan.json cured.json
var plans embed.FS

func main() { tell(os.Stdout) }

// artifacts is what a plan does not keep: what stands around the ARN of the bucket.
const artifacts = "data.aws_iam_policy_document.deploy.statement[1].resources[0]"

func tell(w io.Writer) {
	after := applied("plan.json", planned.Given{})
	story.Chapter(w, "The plan, whose policy waits for two functions:")
	story.Tell(w, "deploy updates orders", explain(after, "lambda:UpdateFunctionCode", "module.orders.aws_lambda_function.this"))
	story.Tell(w, "deploy updates returns", explain(after, "lambda:UpdateFunctionCode", "module.returns.aws_lambda_function.this"))

	story.Chapter(w, "What stands around the ARN of the bucket, a plan does not keep:")
	story.Tell(w, "deploy reads an artifact", explain(after, "s3:GetObject", "arn:aws:s3:::artifacts-example/orders.zip"))
	for _, g := range after.Gaps() {
		if g.Part == account.Planned {
			fmt.Fprintf(w, "      %v\n\n", g)
		}
	}

	cured := applied("cured.json", planned.Given{Values: map[string]string{artifacts: "arn:aws:s3:::artifacts-example/*"}})
	story.Chapter(w, "With returns in the policy, and with the objects of the bucket:")
	story.Tell(w, "deploy updates returns", explain(cured, "lambda:UpdateFunctionCode", "module.returns.aws_lambda_function.this"))
	story.Tell(w, "deploy reads an artifact", explain(cured, "s3:GetObject", "arn:aws:s3:::artifacts-example/orders.zip"))
}

// applied is what there will be when a plan is applied.
func applied(name string, given planned.Given) *account.Snapshot {
	file, err := plans.Open(name)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	plan, err := terraform.Read(name, file, given)
	if err != nil {
		log.Fatal(err)
	}
	b := account.New()
	plan.After(b)
	s, err := b.Build()
	if err != nil {
		log.Fatal(err)
	}
	return s
}

// explain asks about the role that deploys.
func explain(s *account.Snapshot, action, resource string) *evaluator.Explanation {
	role, err := s.Principal("aws_iam_role.deploy")
	if err != nil {
		log.Fatal(err)
	}
	caller, err := role.Caller()
	if err != nil {
		log.Fatal(err)
	}
	target, err := s.Target(resource)
	if err != nil {
		log.Fatal(err)
	}
	return evaluator.Explain(&caller, &target, &evaluator.Request{Action: action})
}
