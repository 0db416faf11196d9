package fix_test

import (
	"context"
	"fmt"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/fix"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// A policy allows to invoke the function, and the request is for its alias.
func Example() {
	invoke, err := policy.ParseString("invoke.json", `{
		"Version": "2012-10-17",
		"Statement": {
			"Sid": "Invoke",
			"Effect": "Allow",
			"Action": "lambda:InvokeFunction",
			"Resource": "arn:aws:lambda:us-east-1:123456789012:function:my-function"
		}
	}`)
	if err != nil {
		panic(err)
	}
	f, err := fix.For(context.Background(), &fix.Denied{
		Caller: evaluator.Caller{
			Principal: evaluator.User("arn:aws:iam::123456789012:user/mateojackson"),
			Identity:  evaluator.MustCompile(policy.Identity, invoke),
		},
		Target:  evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:function:my-function:prod"},
		Request: evaluator.Request{Action: "lambda:InvokeFunction"},
		Catalog: catalog.Default(),
		Prover:  &prove.Prover{Catalog: catalog.Default()},
	})
	if err != nil {
		panic(err)
	}
	fmt.Print(f)
	// Output:
	// fix      in identity-based policy invoke.json, Statement[0] (Invoke): add to Resource: arn:aws:lambda:us-east-1:123456789012:function:my-function:prod
	//          because no identity-based policy allows lambda:InvokeFunction on it
	// whose    an IAM administrator of account 123456789012
	// checked  with this the request is allowed, and nothing else: proved
}

// A service control policy keeps functions from being deleted. The fix says
// whose it is, and what its owner could write.
func ExampleFor_guardrail() {
	guard, err := policy.ParseString("Guard", `{
		"Version": "2012-10-17",
		"Statement": [
			{"Effect": "Allow", "Action": "*", "Resource": "*"},
			{"Sid": "KeepFunctions", "Effect": "Deny", "Action": "lambda:DeleteFunction", "Resource": "*"}
		]
	}`)
	if err != nil {
		panic(err)
	}
	admin := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{
		{Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"}},
	}}
	f, err := fix.For(context.Background(), &fix.Denied{
		Caller: evaluator.Caller{
			Principal: evaluator.Role("arn:aws:iam::123456789012:role/cleanup"),
			Identity:  evaluator.MustCompile(policy.Identity, admin),
			SCPs:      []*evaluator.Set{evaluator.MustCompile(policy.SCP, guard)},
		},
		Target:  evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:function:my-function"},
		Request: evaluator.Request{Action: "lambda:DeleteFunction"},
	})
	if err != nil {
		panic(err)
	}
	for _, c := range f.Changes {
		fmt.Println(c.Kind, c.Proposal, c.Why)
		for _, st := range c.After {
			fmt.Println(st.Sid, st.Resource, st.NotResource, st.Condition)
		}
	}
	// Output:
	// except-from-deny true Statement[1] of service control policy Guard of your organization denies it
	// KeepFunctions [*] [] [{ArnNotEquals aws:PrincipalArn [arn:aws:iam::123456789012:role/cleanup] false}]
	// KeepFunctions2 [] [arn:aws:lambda:us-east-1:123456789012:function:my-function] []
}
