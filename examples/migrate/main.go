// Migrate moves two roles from AWS managed policies that are deprecated to
// those that replace them: orders-developer from AWSLambdaFullAccess to
// AWSLambda_FullAccess, orders-support from AWSLambdaReadOnlyAccess to
// AWSLambda_ReadOnlyAccess. For each it prints what the roles lose and gain by
// service, what that means for the calls that their users made, which
// usage.csv lists, and the customer managed policy that fills the gap.
//
//	go run ./examples/migrate
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
	"github.com/iamsim/iamsim/policy/managed"
)

// today is when the roles would move.
var today = time.Date(2026, time.November, 2, 0, 0, 0, 0, time.UTC)

// A role has one AWS managed policy.
type role struct{ name, policy string }

var roles = []role{
	{"orders-developer", "AWSLambdaFullAccess"},
	{"orders-support", "AWSLambdaReadOnlyAccess"},
}

func main() { tell(os.Stdout) }

func tell(w io.Writer) {
	for _, r := range roles {
		old := byName(r.policy)
		before, after := move(old)
		fmt.Fprintf(w, "%s has %s. A new role could not have it:\n%s.\n\n", r.name, old.Name(), old.Attachable(today))

		fmt.Fprintf(w, "Actions by service, %s against %s, of those that AWS had on %s:\n\n",
			after.Name(), before.Name(), catalog.Default().Date())
		printGrants(w, before, after)

		fmt.Fprintf(w, "\nWhat its users called:\n\n")
		lost := printCalls(w, callsOf(r.name), r.caller(before), r.caller(after))

		gap := fill(lost)
		text := indented(gap)
		fmt.Fprintf(w, "\nThe customer managed policy that fills the gap, %d of at most 6,144 characters:\n\n%s\n", characters(text), text)
		both := r.caller(after, gap)
		fmt.Fprintf(w, "With both, %d of %d calls are allowed.\n\n", allowed(both, callsOf(r.name)), len(callsOf(r.name)))
	}
}

// move is a policy and the one that replaces it, as they are today.
func move(old *managed.Policy) (before, after *policy.Document) {
	_, replacement, _ := old.Deprecated()
	return document(old), document(byName(replacement))
}

func (r *role) caller(documents ...*policy.Document) *evaluator.Caller {
	return &evaluator.Caller{
		Principal: evaluator.Session(
			"arn:aws:sts::123456789012:assumed-role/"+r.name+"/jane",
			"arn:aws:iam::123456789012:role/"+r.name),
		Identity: evaluator.MustCompile(policy.Identity, documents...),
	}
}

func byName(name string) *managed.Policy {
	p, err := managed.ByName(name)
	if err != nil {
		log.Fatal(err)
	}
	return p
}

// document is the policy in its default version.
func document(p *managed.Policy) *policy.Document {
	d, err := p.Document("")
	if err != nil {
		log.Fatal(err)
	}
	return d
}
