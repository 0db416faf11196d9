package apicall_test

import (
	"fmt"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/policy"
)

func ExampleCall_Plan() {
	plan, _ := apicall.Call{
		Operation: "lambda:CreateFunction",
		Parameters: []byte(`{
			"FunctionName": "orders",
			"Role": "arn:aws:iam::111122223333:role/orders",
			"Code": {"S3Bucket": "artifacts", "S3Key": "orders.zip"},
			"Layers": ["arn:aws:lambda:us-east-1:111122223333:layer:shared:3"],
			"Tags": {"team": "red"}
		}`),
		Defaults: arn.Defaults{Region: "us-east-1", Account: "111122223333"},
	}.Plan(evaluator.Options{})
	for _, a := range plan.Authorizations {
		fmt.Println(a.Action, "on", a.Resource)
		for _, key := range a.Context {
			fmt.Println("   ", key.Name, key.Values)
		}
	}
	// Output:
	// lambda:CreateFunction on arn:aws:lambda:us-east-1:111122223333:function:orders
	//     aws:RequestTag/team [red]
	//     aws:TagKeys [team]
	//     aws:ResourceTag/team [red]
	//     lambda:Layer [arn:aws:lambda:us-east-1:111122223333:layer:shared:3]
	// iam:PassRole on arn:aws:iam::111122223333:role/orders
	//     iam:PassedToService [lambda.amazonaws.com]
	//     iam:AssociatedResourceArn [arn:aws:lambda:us-east-1:111122223333:function:orders]
	// lambda:GetLayerVersion on arn:aws:lambda:us-east-1:111122223333:layer:shared:3
	// lambda:TagResource on arn:aws:lambda:us-east-1:111122223333:function:orders
	//     aws:RequestTag/team [red]
	//     aws:TagKeys [team]
	// s3:GetObject on arn:aws:s3:::artifacts/orders.zip
	//     aws:ViaAWSService [true]
}

// A developer may create functions, and pass no role.
func ExampleEvaluate() {
	const role = "arn:aws:iam::111122223333:role/orders"
	developer, _ := policy.ParseString("developer.json", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}}`)
	trust, _ := policy.ParseString("trust.json", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}`)
	caller := evaluator.Caller{
		Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"),
		Identity:  evaluator.MustCompile(policy.Identity, developer),
	}

	var engine evaluator.Engine
	result, err := apicall.Evaluate(&engine, &caller, apicall.Call{
		Operation:  "lambda:CreateFunction",
		Parameters: []byte(`{"FunctionName": "orders", "Role": "` + role + `", "Code": {"ZipFile": "UEsDBA=="}}`),
		Defaults:   arn.Defaults{Region: "us-east-1", Account: "111122223333"},
	}, func(resource string) evaluator.Target {
		if resource == role {
			return evaluator.Target{Policies: []*evaluator.Set{evaluator.MustCompile(policy.Trust, trust)}}
		}
		return evaluator.Target{}
	})
	if err != nil {
		panic(err)
	}
	for _, a := range result.Authorizations {
		fmt.Println(a.Outcome(), a.Action)
	}
	fmt.Println(result.Message())
	fmt.Println(result.Preconditions[0].Err())
	// Output:
	// allowed lambda:CreateFunction
	// implicitDeny iam:PassRole
	// User: arn:aws:iam::111122223333:user/alice is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/orders because no identity-based policy allows the iam:PassRole action
	// InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.
}
