package terraform_test

import (
	"fmt"
	"os"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/account/terraform"
)

func Example() {
	file, err := os.Open("testdata/change/plan.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	plan, err := terraform.Read("plan.json", file, planned.Given{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, put := range []func(*account.Builder){plan.Before, plan.After} {
		b := account.New()
		put(b)
		s, err := b.Build()
		if err != nil {
			fmt.Println(err)
			return
		}
		role, err := s.Principal("aws_iam_role.deploy")
		if err != nil {
			fmt.Println(err)
			return
		}
		caller, err := role.Caller()
		target, _ := s.Target("aws_lambda_function.orders")
		fmt.Println(evaluator.Evaluate(&caller, &target, &evaluator.Request{Action: "lambda:DeleteFunction"}), err)
	}
	// Output:
	// explicitDeny(identity) <nil>
	// allowed <nil>
}
