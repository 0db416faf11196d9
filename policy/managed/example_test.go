package managed_test

import (
	"fmt"
	"log"
	"time"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

// May a user with AWSLambda_FullAccess pass a role to EC2?
func Example() {
	p, err := managed.ByName("AWSLambda_FullAccess")
	if err != nil {
		log.Fatal(err)
	}
	doc, err := p.Document("")
	if err != nil {
		log.Fatal(err)
	}
	caller := evaluator.Caller{
		Principal: evaluator.User("arn:aws:iam::123456789012:user/marymajor"),
		Identity:  evaluator.MustCompile(policy.Identity, doc),
	}
	role := evaluator.Target{Resource: "arn:aws:iam::123456789012:role/orders-exec"}
	for _, service := range []string{"lambda.amazonaws.com", "ec2.amazonaws.com"} {
		fmt.Println(service, evaluator.Evaluate(&caller, &role, &evaluator.Request{
			Action:  "iam:PassRole",
			Context: evaluator.Context{{Name: "iam:PassedToService", Values: []string{service}}},
		}))
	}
	// Output:
	// lambda.amazonaws.com allowed
	// ec2.amazonaws.com implicitDeny(identity)
}

func ExamplePolicy_Versions() {
	p, err := managed.ByARN("arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole")
	if err != nil {
		log.Fatal(err)
	}
	for _, v := range p.Versions() {
		fmt.Println(v.ID, v.Date.Format(time.DateOnly), v.Default)
	}
	// Output:
	// v1 2016-02-11 false
	// v2 2020-10-15 false
	// v3 2024-01-05 true
}

// What did the policy allow then?
func ExamplePolicy_AsOf() {
	p, err := managed.ByName("AWSLambdaENIManagementAccess")
	if err != nil {
		log.Fatal(err)
	}
	v, err := p.AsOf(time.Date(2019, time.June, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		log.Fatal(err)
	}
	doc, err := p.Document(v.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(doc.Name(), doc.Statements[0].Action)
	// Output: AWSLambdaENIManagementAccess v1 [ec2:CreateNetworkInterface ec2:DescribeNetworkInterfaces ec2:DeleteNetworkInterface]
}

func ExamplePolicy_Attachable() {
	p, err := managed.ByName("AWSLambdaFullAccess")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Attachable(time.Date(2026, time.September, 1, 0, 0, 0, 0, time.UTC)))
	// Output: policy AWSLambdaFullAccess can not be attached: it is deprecated since 2021-03-01 and replaced by AWSLambda_FullAccess
}
