// Accesskeys: one policy, attached to everybody, under which each user manages
// only their own access keys. The variable ${aws:username} makes it so.
//
//	go run ./examples/accesskeys
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

//go:embed own-keys.json
var ownKeys string

func main() { tell(os.Stdout) }

func tell(w io.Writer) {
	identity := compile("own-keys.json", ownKeys)
	mateo := evaluator.Caller{
		Principal: evaluator.User("arn:aws:iam::123456789012:user/mateojackson"),
		Identity:  identity,
	}
	support := evaluator.Caller{
		Principal: evaluator.Session(
			"arn:aws:sts::123456789012:assumed-role/support/mateojackson",
			"arn:aws:iam::123456789012:role/support"),
		Identity: identity,
	}
	mateosKeys := evaluator.Target{Resource: "arn:aws:iam::123456789012:user/mateojackson"}
	marysKeys := evaluator.Target{Resource: "arn:aws:iam::123456789012:user/marymajor"}
	create := evaluator.Request{Action: "iam:CreateAccessKey"}

	story.Chapter(w, "With own-keys.json, which allows iam:*AccessKey* on user/${aws:username}:")
	story.Tell(w, "mateojackson creates an access key for himself", evaluator.Explain(&mateo, &mateosKeys, &create))
	story.Tell(w, "mateojackson creates one for marymajor", evaluator.Explain(&mateo, &marysKeys, &create))

	story.Chapter(w, "The same policy on a role. A role session has no aws:username, so the pattern matches nobody:")
	story.Tell(w, "a session of the role support, named mateojackson, creates one for mateojackson",
		evaluator.Explain(&support, &mateosKeys, &create))
}

func compile(name, text string) *evaluator.Set {
	document, err := policy.ParseString(name, text)
	if err != nil {
		log.Fatal(err)
	}
	return evaluator.MustCompile(policy.Identity, document)
}
