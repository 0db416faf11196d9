package main_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
)

// authorize is what a fake of an AWS service asks first. It gives nil, or the
// error that AWS would send.
func authorize(caller *evaluator.Caller, action, resource string) error {
	target := evaluator.Target{Resource: resource}
	request := evaluator.Request{Action: action}
	if evaluator.Evaluate(caller, &target, &request).Allowed() {
		return nil
	}
	return evaluator.Explain(caller, &target, &request).Err()
}

func TestFakeServiceAuthorizes(t *testing.T) {
	deploy := evaluator.Caller{
		Principal: evaluator.Role("arn:aws:iam::123456789012:role/deploy"),
		Identity:  identity(t, "deploy-role.json"),
	}
	require.NoError(t, authorize(&deploy, "lambda:GetFunction", orders))

	var denied *evaluator.DeniedError
	require.ErrorAs(t, authorize(&deploy, "lambda:GetFunction", payments), &denied)
	require.Equal(t, "AccessDeniedException", denied.ErrorCode())
	require.Equal(t, "User: arn:aws:iam::123456789012:role/deploy is not authorized to perform: lambda:GetFunction"+
		" on resource: "+payments+" because no identity-based policy allows the lambda:GetFunction action", denied.ErrorMessage())

	// What is no request is an error, and never a yes.
	require.ErrorIs(t, authorize(&deploy, "GetFunction", orders), evaluator.ErrInvalidRequest)
}
