package main_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

func TestDeployRoleMayUpdateOrders(t *testing.T) {
	text, err := os.ReadFile("deploy-role.json")
	require.NoError(t, err)
	document, err := policy.Parse("deploy-role.json", text)
	require.NoError(t, err)

	deploy := evaluator.Caller{
		Principal: evaluator.Role("arn:aws:iam::123456789012:role/deploy"),
		Identity:  evaluator.MustCompile(policy.Identity, document),
	}
	orders := evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:function:orders"}
	update := evaluator.Request{Action: "lambda:UpdateFunctionCode"}

	require.NoError(t, evaluator.Explain(&deploy, &orders, &update).Err())
}
