package main_test

import (
	"testing"

	"github.com/iamsim/iamsim/evaluator/iamtest"
)

func TestDeployRole(t *testing.T) {
	const orders = "arn:aws:lambda:us-east-1:123456789012:function:orders"
	deploy := iamtest.Role(t, "arn:aws:iam::123456789012:role/deploy", "deploy-role.json")

	iamtest.Can(t, deploy, "lambda:UpdateFunctionCode", orders)
	iamtest.Can(t, deploy, "lambda:GetFunction", orders+":prod")
	iamtest.Cannot(t, deploy, "lambda:DeleteFunction", orders)
}
