package account_test

import (
	"fmt"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
)

func Example() {
	b := account.New()
	b.AddIdentity(account.Identity{
		ARN:     "arn:aws:iam::123456789012:role/deploy",
		Managed: []string{"arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"},
		Known:   account.OfRole,
	})
	b.AddFunction(account.Function{ARN: "arn:aws:lambda:us-east-1:123456789012:function:orders"})
	b.Complete = account.ResourcePolicy
	snapshot, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}

	ask := func(s *account.Snapshot) {
		role, err := s.Principal("role/deploy")
		if err != nil {
			fmt.Println(err)
			return
		}
		caller, err := role.Caller()
		if err != nil {
			fmt.Println(err)
			return
		}
		target, err := s.Target("arn:aws:lambda:us-east-1:123456789012:function:orders")
		fmt.Println(evaluator.Evaluate(&caller, &target, &evaluator.Request{Action: "lambda:UpdateFunctionCode"}), err)
	}
	ask(snapshot)

	update := policy.MustParse("update", `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "lambda:UpdateFunctionCode", "Resource": "*"}]}`)
	changed, err := snapshot.With(account.Attach("arn:aws:iam::123456789012:role/deploy", policy.Attach(update)...))
	if err != nil {
		fmt.Println(err)
		return
	}
	ask(changed)
	// Output:
	// implicitDeny(identity) <nil>
	// allowed <nil>
}
