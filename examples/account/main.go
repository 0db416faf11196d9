// Account: a whole account as the AWS CLI printed it. Who calls, with which
// policies, and where they stand, the snapshot knows; only the question is asked.
// A cure is tried on a changed snapshot before anybody touches AWS.
//
//	aws iam get-account-authorization-details > snapshot/iam.json
//	aws lambda list-functions > snapshot/functions.json
//	aws lambda get-policy --function-name orders > snapshot/policy-orders.json
//
//	go run ./examples/account
package main

import (
	"embed"
	"io"
	"log"
	"os"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/examples/internal/story"
	"github.com/iamsim/iamsim/policy"
)

//go:embed snapshot
var answers embed.FS

func main() { tell(os.Stdout) }

func tell(w io.Writer) {
	b := account.New()
	if err := files.LoadFS(b, planned.Given{}, answers); err != nil {
		log.Fatal(err)
	}
	prod, err := b.Build()
	if err != nil {
		log.Fatal(err)
	}

	story.Chapter(w, "The account, as the AWS CLI printed it:")
	story.Tell(w, "alice invokes orders", explain(prod, "user/alice", "lambda:InvokeFunction"))
	story.Tell(w, "the role deploy changes the code of orders", explain(prod, "role/deploy", "lambda:UpdateFunctionCode"))
	story.Tell(w, "the role deploy changes its configuration", explain(prod, "role/deploy", "lambda:UpdateFunctionConfiguration"))

	story.Chapter(w, "As if the permissions boundary allowed all of AWS Lambda:")
	edge := policy.MustParse("edge", `{"Version": "2012-10-17", "Statement": [
		{"Sid": "Lambda", "Effect": "Allow", "Action": "lambda:*", "Resource": "*"}]}`)
	cured, err := prod.With(account.PutPolicy("arn:aws:iam::123456789012:policy/edge", edge))
	if err != nil {
		log.Fatal(err)
	}
	story.Tell(w, "the role deploy changes the configuration of orders", explain(cured, "role/deploy", "lambda:UpdateFunctionConfiguration"))
}

// explain asks about the function orders.
func explain(s *account.Snapshot, who, action string) *evaluator.Explanation {
	principal, err := s.Principal(who)
	if err != nil {
		log.Fatal(err)
	}
	caller, err := principal.Caller()
	if err != nil {
		log.Fatal(err)
	}
	target, err := s.Target("arn:aws:lambda:us-east-1:123456789012:function:orders")
	if err != nil {
		log.Fatal(err)
	}
	return evaluator.Explain(&caller, &target, &evaluator.Request{Action: action})
}
