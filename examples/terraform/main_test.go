package main

import (
	"testing"

	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/examples/internal/storytest"
)

func TestOutput(t *testing.T) { storytest.Output(t, tell) }

func TestScenarios(t *testing.T) { storytest.Scenarios(t) }

func TestDeploy(t *testing.T) {
	plan := iamtest.Plan(t, "cured.json", planned.Given{Values: map[string]string{artifacts: "arn:aws:s3:::artifacts-example/*"}})
	deploy := plan.Role("aws_iam_role.deploy")

	iamtest.Can(t, deploy, "lambda:UpdateFunctionCode", plan.Function("orders"))
	iamtest.Can(t, deploy, "lambda:UpdateFunctionCode", plan.Function("module.returns.aws_lambda_function.this"))
	iamtest.Can(t, deploy, "s3:GetObject", "arn:aws:s3:::artifacts-example/orders.zip")
	iamtest.Cannot(t, deploy, "lambda:DeleteFunction", plan.Function("orders"))
}
