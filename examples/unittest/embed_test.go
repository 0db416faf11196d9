package main_test

import (
	"errors"
	"os"
	"testing"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
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

func TestAFakeServiceAuthorizes(t *testing.T) {
	text, err := os.ReadFile("deploy-role.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := policy.Parse("deploy-role.json", text)
	if err != nil {
		t.Fatal(err)
	}
	caller := evaluator.Caller{
		Principal: evaluator.Role("arn:aws:iam::123456789012:role/deploy"),
		Identity:  evaluator.MustCompile(policy.Identity, document),
	}
	if err := authorize(&caller, "lambda:GetFunction", orders); err != nil {
		t.Error(err)
	}
	var denied *evaluator.DeniedError
	if err := authorize(&caller, "lambda:GetFunction", payments); !errors.As(err, &denied) || denied.ErrorCode() != "AccessDeniedException" {
		t.Errorf("payments: %v", err)
	}
	// What is no request is an error, and never a yes.
	if err := authorize(&caller, "GetFunction", orders); !errors.Is(err, evaluator.ErrInvalidRequest) {
		t.Errorf("no action: %v", err)
	}
}
