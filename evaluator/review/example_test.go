package review_test

import (
	"context"
	"fmt"
	"log"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
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

func ExampleCompare() {
	before := parse("before.json", `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "arn:aws:lambda:*:*:function:*"}]}`)
	after := parse("after.json", `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "lambda:GetFunction*", "Resource": "arn:aws:lambda:*:*:function:*"},
		{"Effect": "Allow", "Action": "lambda:InvokeFunction*", "Resource": "arn:aws:lambda:*:*:function:orders"}]}`)

	prover := prove.Prover{Catalog: catalog.Default()}
	change, err := review.Compare(context.Background(), &prover, prove.Identity(before), prove.Identity(after))
	if err != nil {
		log.Fatal(err)
	}
	for _, a := range change.Gained {
		fmt.Println("gained:", a.Actions, "on", a.Resource)
	}
	for _, a := range change.Lost {
		fmt.Println("lost:", len(a.Actions), "actions of", a.Services(), "on", a.Resource)
	}
	// Output:
	// gained: [lambda:InvokeFunction lambda:InvokeFunctionUrl] on arn:aws:lambda:*:*:function:orders
	// lost: 8 actions of [lambda] on arn:aws:lambda:*:*:function:*
}

func ExampleStatements() {
	document := parse("role.json", `{"Version": "2012-10-17", "Statement": [
		{"Sid": "Read", "Effect": "Allow", "Action": ["lambda:Get*", "lambda:List*"], "Resource": "*"},
		{"Sid": "Code", "Effect": "Allow", "Action": "lambda:GetFunction", "Resource": "arn:aws:lambda:*:*:function:orders"},
		{"Sid": "KeepKeys", "Effect": "Deny", "Action": "kms:*", "Resource": "*"}]}`)

	list, err := review.Statements(context.Background(), &prove.Prover{}, document)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range list {
		fmt.Println(document.Statements[s.Index].Sid, s.Finding, s.Finding.Superfluous())
	}
	// Output:
	// Read needed false
	// Code shadowed true
	// KeepKeys guard false
}
