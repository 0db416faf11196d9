// SAM: a template before it is deployed. The roles and permissions that AWS SAM
// makes are there, and what is not known yet is told and not guessed. A policy
// template that only reads is the denial, another one the cure.
//
//	go run ./examples/sam
package main

import (
	"embed"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/cloudformation"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/examples/internal/story"
)

//go:embed template.yaml cured.yaml
var templates embed.FS

func main() { tell(os.Stdout) }

// shop is where the template is to be deployed.
var shop = planned.Given{Account: "111122223333", Region: "eu-west-1", Stack: "shop"}

func tell(w io.Writer) {
	stack := deployed("template.yaml", shop)
	story.Chapter(w, "The template, with a policy template that reads:")
	story.Tell(w, "Orders reads an order", explain(stack, "dynamodb:GetItem", "Table"))
	story.Tell(w, "Orders puts an order", explain(stack, "dynamodb:PutItem", "Table"))

	story.Chapter(w, "The bucket is a parameter, and has no value yet:")
	story.Tell(w, "Orders archives an order", explain(stack, "s3:PutObject", "arn:aws:s3:::old-orders/1"))
	for _, g := range stack.Gaps() {
		if g.Part == account.Planned {
			fmt.Fprintf(w, "      %v\n\n", g)
		}
	}

	cured := shop
	cured.Parameters = map[string]string{"Archive": "old-orders"}
	stack = deployed("cured.yaml", cured)
	story.Chapter(w, "With DynamoDBCrudPolicy, and with the bucket:")
	story.Tell(w, "Orders puts an order", explain(stack, "dynamodb:PutItem", "Table"))
	story.Tell(w, "Orders archives an order", explain(stack, "s3:PutObject", "arn:aws:s3:::old-orders/1"))
}

// deployed is what there will be.
func deployed(name string, given planned.Given) *account.Snapshot {
	file, err := templates.Open(name)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	b := account.New()
	r := cloudformation.NewReader(b, given)
	if err := r.Read(name, file); err != nil {
		log.Fatal(err)
	}
	r.Finish()
	s, err := b.Build()
	if err != nil {
		log.Fatal(err)
	}
	return s
}

// explain asks about the role that AWS SAM makes for Orders.
func explain(s *account.Snapshot, action, resource string) *evaluator.Explanation {
	role, err := s.Principal("OrdersRole")
	if err != nil {
		log.Fatal(err)
	}
	caller, err := role.Caller()
	if err != nil {
		log.Fatal(err)
	}
	target, err := s.Target(resource)
	if err != nil {
		target = evaluator.Target{Resource: resource} // of which the template says nothing
	}
	return evaluator.Explain(&caller, &target, &evaluator.Request{Action: action})
}
