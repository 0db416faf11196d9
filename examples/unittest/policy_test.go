package main_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

const (
	orders     = "arn:aws:lambda:us-east-1:123456789012:function:orders"
	ordersProd = orders + ":prod"
	payments   = "arn:aws:lambda:us-east-1:123456789012:function:payments"
	ordersExec = "arn:aws:iam::123456789012:role/orders-exec"
	adminRole  = "arn:aws:iam::123456789012:role/administrator"
)

func TestDeployRole(t *testing.T) {
	deploy := evaluator.Caller{
		Principal: evaluator.Role("arn:aws:iam::123456789012:role/deploy"),
		Identity:  identity(t, "deploy-role.json"),
	}
	toLambda := evaluator.Context{{Name: "iam:PassedToService", Values: []string{"lambda.amazonaws.com"}}}
	toEC2 := evaluator.Context{{Name: "iam:PassedToService", Values: []string{"ec2.amazonaws.com"}}}

	for _, test := range []struct {
		name     string
		action   string
		resource string
		context  evaluator.Context
		want     error // nil: allowed
	}{
		{"updates the code of orders", "lambda:UpdateFunctionCode", orders, nil, nil},
		{"reads the alias prod", "lambda:GetFunction", ordersProd, nil, nil},
		{"leaves other functions alone", "lambda:UpdateFunctionCode", payments, nil, evaluator.ErrImplicitDeny},
		{"may not invoke what it deploys", "lambda:InvokeFunction", orders, nil, evaluator.ErrImplicitDeny},
		{"may never delete", "lambda:DeleteFunction", orders, nil, evaluator.ErrExplicitDeny},
		{"passes orders-exec to Lambda", "iam:PassRole", ordersExec, toLambda, nil},
		{"passes no other role", "iam:PassRole", adminRole, toLambda, evaluator.ErrImplicitDeny},
		{"passes it to no other service", "iam:PassRole", ordersExec, toEC2, evaluator.ErrImplicitDeny},
	} {
		t.Run(test.name, func(t *testing.T) {
			target := evaluator.Target{Resource: test.resource}
			request := evaluator.Request{Action: test.action, Context: test.context}
			err := evaluator.Explain(&deploy, &target, &request).Err()
			if test.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, test.want)
		})
	}
}

// A denial reads as AWS writes it, so that a test can hold its text, and an
// error from production can be searched for in the tests.
func TestDeployRoleDenialText(t *testing.T) {
	deploy := evaluator.Caller{
		Principal: evaluator.Session("arn:aws:sts::123456789012:assumed-role/deploy/build-42",
			"arn:aws:iam::123456789012:role/deploy"),
		Identity: identity(t, "deploy-role.json"),
	}
	err := evaluator.Explain(&deploy, &evaluator.Target{Resource: orders},
		&evaluator.Request{Action: "lambda:DeleteFunction"}).Err()
	require.EqualError(t, err, "User: arn:aws:sts::123456789012:assumed-role/deploy/build-42 is not authorized"+
		" to perform: lambda:DeleteFunction on resource: "+orders+" with an explicit deny in an identity-based policy")
}

func identity(t *testing.T, file string) *evaluator.Set {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	document, err := policy.Parse(file, text)
	require.NoError(t, err)
	set, err := evaluator.Compile(policy.Identity, evaluator.Attached{Document: document})
	require.NoError(t, err)
	return set
}
