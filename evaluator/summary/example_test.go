package summary_test

import (
	"context"
	"fmt"
	"log"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/summary"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func parse(name, text string) *policy.Document {
	document, err := policy.ParseString(name, text)
	if err != nil {
		log.Fatal(err)
	}
	return document
}

func ExampleOf() {
	document := parse("role.json", `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::shop/*"},
		{"Effect": "Allow", "Action": ["kms:Describe*", "kms:Get*", "kms:List*"], "Resource": "*"},
		{"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}`)

	prover := prove.Prover{Catalog: catalog.Default()}
	s, err := summary.Of(context.Background(), &prover, policy.Identity, document)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(s.Text())
	// Output:
	// kms: List and Read (Describe*, Get*, List*)
	// s3: GetObject, PutObject on shop/*
	// denied:
	//   s3: Full if aws:SecureTransport is false
	// proved equal to the policy, with the catalogue of 2026-09-26
}

func ExampleCompare() {
	before := parse("before.json", `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"}]}`)
	after := parse("after.json", `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "arn:aws:lambda:*:*:function:orders"},
		{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:*:*:function:orders"}]}`)

	prover := prove.Prover{Catalog: catalog.Default()}
	change, err := summary.Compare(context.Background(), &prover, policy.Identity, []*policy.Document{before}, []*policy.Document{after})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(change.Text())
	// Output:
	// gained:
	//   lambda: InvokeFunction on function:orders
	// proved that nothing else is gained
	// lost:
	//   lambda: Read but ListTags (Get*)
	// proved that nothing else is lost
}
