package iamtest

import (
	"os"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/account/terraform"
)

// Plan loads what there will be when a plan of Terraform or OpenTofu is applied, or
// what there is by a state, from what `terraform show -json` printed:
//
//	plan := iamtest.Plan(t, "plan.json")
//	iamtest.Can(t, plan.Role("aws_iam_role.deploy"), "lambda:UpdateFunctionCode", plan.Function("aws_lambda_function.orders"))
//
// Given says what the plan leaves open: the account, values that are known after
// apply. Where one of these decides, the assertion fails and names it. What cannot
// be read, and a plan that ended with an error, fails the test and stops it. Package
// terraform says what is read.
func Plan(t TestingT, path string, given ...planned.Given) Snapshot {
	helper(t)()
	return plan(t, path, (*terraform.Plan).After, given)
}

// PlanBefore loads what there is before a plan is applied; see [Plan].
func PlanBefore(t TestingT, path string, given ...planned.Given) Snapshot {
	helper(t)()
	return plan(t, path, (*terraform.Plan).Before, given)
}

func plan(t TestingT, path string, side func(*terraform.Plan, *account.Builder), given []planned.Given) Snapshot {
	helper(t)()
	s, err := planOf(path, side, given)
	if err != nil {
		t.Errorf("the plan cannot be loaded:\n%s", indent(err.Error()))
		stop(t)
		return Snapshot{}
	}
	return Snapshot{s}
}

func planOf(path string, side func(*terraform.Plan, *account.Builder), given []planned.Given) (*account.Snapshot, error) {
	all, err := only(given)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	p, err := terraform.Read(path, file, all)
	if err != nil {
		return nil, err
	}
	b := account.New()
	side(p, b)
	return b.Build()
}
