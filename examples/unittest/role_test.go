package main_test

import (
	"testing"

	"github.com/iamsim/iamsim/evaluator/iamtest"
)

const (
	orders     = "arn:aws:lambda:us-east-1:123456789012:function:orders"
	payments   = "arn:aws:lambda:us-east-1:123456789012:function:payments"
	ordersExec = "arn:aws:iam::123456789012:role/orders-exec"
	adminRole  = "arn:aws:iam::123456789012:role/administrator"
)

// deploy is the role that the tests of this file ask about. What it decides
// counts for the coverage that TestMain reports.
func deploy(t iamtest.TestingT) iamtest.Who {
	return iamtest.Role(t, "arn:aws:iam::123456789012:role/deploy", "deploy-role.json").CountIn(&coverage)
}

// An alias has an ARN of its own: a policy that names the function alone does
// not reach it, and one that names only function:orders:* not the function.
func TestTheAliasIsAnotherResource(t *testing.T) {
	iamtest.Can(t, deploy(t), "lambda:GetFunction", []string{orders, orders + ":prod"})
	iamtest.Cannot(t, deploy(t), "lambda:GetFunction", []string{payments, payments + ":prod", orders + "2"})
}

func TestWhatItDoesNotNeedItDoesNotHave(t *testing.T) {
	iamtest.Cannot(t, deploy(t), []string{"lambda:InvokeFunction", "lambda:AddPermission"}, orders)
	iamtest.CannotAny(t, deploy(t), []string{"iam:Create*", "iam:Put*", "iam:Attach*"}, "*")
}

// Nobody has written an Allow for deleting, and nobody shall: only the Deny
// keeps it so.
func TestOrdersIsNeverDeleted(t *testing.T) {
	iamtest.ExplicitlyDenied(t, deploy(t), "lambda:Delete*", orders)
}

// To create a function is to pass it a role: which one, and to which service,
// is what the policy must say.
func TestItPassesOneRoleToLambda(t *testing.T) {
	iamtest.CanPassRole(t, deploy(t), ordersExec, "lambda.amazonaws.com")
	iamtest.CannotPassRole(t, deploy(t), ordersExec, "ec2.amazonaws.com")
	iamtest.CannotPassRole(t, deploy(t), adminRole, "lambda.amazonaws.com")
}

// One call can need several authorizations. All of them are held to the policy.
func TestItUpdatesTheConfiguration(t *testing.T) {
	execution := iamtest.Resource{ARN: ordersExec, Policies: []string{"orders-exec-trust.json"}}.Load(t)
	iamtest.CanCall(t, deploy(t).Given("aws:RequestedRegion", "us-east-1"), "lambda:UpdateFunctionConfiguration", iamtest.Call{
		Parameters: `{"FunctionName": "orders", "Timeout": 30, "Role": "` + ordersExec + `"}`,
		What:       []iamtest.What{execution},
	})
}
