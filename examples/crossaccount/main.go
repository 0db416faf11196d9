// Crossaccount: the user nikkiwolf of account 111122223333 invokes the function
// orders of account 123456789012. Across accounts both sides must allow. Then
// the other way: she assumes a role in the owner's account.
//
//	go run ./examples/crossaccount
package main

import (
	_ "embed"
	"io"
	"log"
	"os"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/examples/internal/story"
	"github.com/iamsim/iamsim/policy"
)

var (
	//go:embed partner.json
	partner string
	//go:embed function-policy.json
	functionPolicy string
	//go:embed assume.json
	assume string
	//go:embed trust.json
	trust string
	//go:embed orders-caller.json
	ordersCaller string
)

func main() { tell(os.Stdout) }

func tell(w io.Writer) {
	byFunctionPolicy(w)
	byRole(w)
}

func byFunctionPolicy(w io.Writer) {
	nikki := evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/nikkiwolf")}
	orders := evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:function:orders"}
	invoke := evaluator.Request{Action: "lambda:InvokeFunction"}
	asks := "nikkiwolf of 111122223333 invokes orders"
	hers := compile(policy.Identity, "partner.json", partner)
	function := []*evaluator.Set{compile(policy.Resource, "function-policy.json", functionPolicy)}

	story.Chapter(w, "With partner.json on her side only:")
	nikki.Identity = hers
	story.Tell(w, asks, evaluator.Explain(&nikki, &orders, &invoke))

	story.Chapter(w, "With function-policy.json on the function only:")
	nikki.Identity, orders.Policies = nil, function
	story.Tell(w, asks, evaluator.Explain(&nikki, &orders, &invoke))

	story.Chapter(w, "With both:")
	nikki.Identity = hers
	story.Tell(w, asks, evaluator.Explain(&nikki, &orders, &invoke))
}

func byRole(w io.Writer) {
	nikki := evaluator.Caller{
		Principal: evaluator.User("arn:aws:iam::111122223333:user/nikkiwolf"),
		Identity:  compile(policy.Identity, "assume.json", assume),
	}
	role := evaluator.Target{
		Resource: "arn:aws:iam::123456789012:role/orders-caller",
		Policies: []*evaluator.Set{compile(policy.Trust, "trust.json", trust)},
	}
	session := evaluator.Caller{
		Principal: evaluator.Session("arn:aws:sts::123456789012:assumed-role/orders-caller/nikkiwolf", role.Resource),
		Identity:  compile(policy.Identity, "orders-caller.json", ordersCaller),
	}
	orders := evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:function:orders"}

	story.Chapter(w, "By a role instead: trust.json and assume.json let her become it, orders-caller.json lets it invoke:")
	story.Tell(w, "nikkiwolf assumes orders-caller",
		evaluator.Explain(&nikki, &role, &evaluator.Request{Action: "sts:AssumeRole"}))
	story.Tell(w, "its session invokes orders, without a function policy",
		evaluator.Explain(&session, &orders, &evaluator.Request{Action: "lambda:InvokeFunction"}))
}

func compile(kind policy.Kind, name, text string) *evaluator.Set {
	document, err := policy.ParseString(name, text)
	if err != nil {
		log.Fatal(err)
	}
	return evaluator.MustCompile(kind, document)
}
