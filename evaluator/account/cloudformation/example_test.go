package cloudformation_test

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/cloudformation"
	"github.com/iamsim/iamsim/evaluator/account/planned"
)

func Example() {
	b := account.New()
	r := cloudformation.NewReader(b, planned.Given{Account: "111122223333", Region: "eu-west-1", Stack: "shop"})
	err := r.Read("template.yaml", strings.NewReader(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{DynamoDBReadPolicy: {TableName: !Ref Table}}]
  Table: {Type: AWS::Serverless::SimpleTable}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	r.Finish()
	s, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	role, err := s.Principal("OrdersRole")
	if err != nil {
		fmt.Println(err)
		return
	}
	caller, err := role.Caller()
	if err != nil {
		fmt.Println(err)
		return
	}
	table, err := s.Target("Table")
	for _, action := range []string{"dynamodb:GetItem", "dynamodb:PutItem"} {
		fmt.Println(action, evaluator.Evaluate(&caller, &table, &evaluator.Request{Action: action}), err)
	}
	// Output:
	// dynamodb:GetItem allowed <nil>
	// dynamodb:PutItem implicitDeny(identity) <nil>
}
