// Ceilings holds four roles to what they may be given at most, for all requests
// there can be. Take a ceiling, put your names in the place of orders, and prove
// your role against it in a test, as ceilings_test.go does, or in a pipeline:
//
//	iamsim prove new-access role.json deploy.json
//
// A ceiling is no policy to attach. It is what a reviewer would still approve,
// so a role should be well below it.
//
//   - deploy.json, for a pipeline that deploys the functions orders-*. It lets
//     nobody invoke or delete a function or open it to others, and pass no role
//     but the functions' own, to no service but Lambda.
//   - execution.json, for the functions themselves: their logs, traces, tables,
//     queues, and the secrets with their tag. Reading a whole table (Scan), and
//     anything of IAM or Lambda, is above it.
//   - read-only.json, for people who look: how things are set up, metrics and
//     logs. The code of functions only with the tag of the team.
//   - break-glass.json, for emergencies: everything, with MFA in the last hour.
//     But the trail of what was done goes on, and no user or access key stays
//     behind.
//
// Beside each are a policy that stays within it and one that does not. Those
// that do not have mistakes that reviewers miss: a PassRole without
// iam:PassedToService, one action in a list, a wildcard before the name, and an
// IfExists with which credentials without MFA pass.
//
//	go run ./examples/ceilings
package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/examples/internal/story"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

//go:embed *.json
var files embed.FS

// ceilings have the names of their files: of the ceiling and of the two beside it.
var ceilings = []struct{ name, of string }{
	{"deploy", "a pipeline that deploys functions"},
	{"execution", "functions"},
	{"read-only", "people who look"},
	{"break-glass", "emergencies"},
}

func main() { tell(os.Stdout) }

func tell(w io.Writer) {
	prover := prove.Prover{Catalog: catalog.Default()}
	for _, c := range ceilings {
		story.Chapter(w, fmt.Sprintf("%s.json, the ceiling of %s:", c.name, c.of))
		ceiling := load(c.name + ".json")
		for _, name := range []string{c.name + "-within.json", c.name + "-beyond.json"} {
			verdict, err := prover.Within(context.Background(), prove.Identity(load(name)), prove.Identity(ceiling))
			if err != nil {
				log.Fatal(err)
			}
			fmt.Fprintf(w, "  %s within it: %s\n", name, verdict.Outcome)
			if r := verdict.Request; r != nil {
				fmt.Fprintf(w, "      %s\n", r)
				fmt.Fprintf(w, "      allowed by %s\n", verdict.AllowedBy)
				fmt.Fprintf(w, "      nearest in the ceiling: %s\n", verdict.Nearest)
			}
		}
		fmt.Fprintln(w)
	}
}

func load(name string) *policy.Document {
	text, err := files.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	document, err := policy.Parse(name, text)
	if err != nil {
		log.Fatal(err)
	}
	return document
}
