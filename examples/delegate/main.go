// Delegate: an administrator gives a group and a role access to Lambda. A user
// has the group's policy through her membership: it belongs in her identity
// set, and From says how it came there.
//
//	go run ./examples/delegate
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
	//go:embed administrator.json
	administrator string
	//go:embed developers.json
	developers string
	//go:embed pipeline.json
	pipeline string
)

func main() { tell(os.Stdout) }

func tell(w io.Writer) {
	nikhil := evaluator.Caller{
		Principal: evaluator.User("arn:aws:iam::123456789012:user/nikhiljayashankar"),
		Identity:  compile("administrator.json", administrator, "user nikhiljayashankar"),
	}
	saanvi := evaluator.Caller{
		Principal: evaluator.User("arn:aws:iam::123456789012:user/saanvisarkar"),
	}
	build := evaluator.Caller{
		Principal: evaluator.Session(
			"arn:aws:sts::123456789012:assumed-role/pipeline/build-42",
			"arn:aws:iam::123456789012:role/pipeline"),
		Identity: compile("pipeline.json", pipeline, "role pipeline"),
	}
	group := evaluator.Target{Resource: "arn:aws:iam::123456789012:group/developers"}
	function := evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:function:my-function"}
	putPolicy := evaluator.Request{Action: "iam:PutGroupPolicy"}
	invoke := evaluator.Request{Action: "lambda:InvokeFunction"}
	update := evaluator.Request{Action: "lambda:UpdateFunctionCode"}

	story.Chapter(w, "saanvisarkar has no policy. The administrator may give the group developers one:")
	story.Tell(w, "saanvisarkar invokes my-function", evaluator.Explain(&saanvi, &function, &invoke))
	story.Tell(w, "nikhiljayashankar writes the group's policy", evaluator.Explain(&nikhil, &group, &putPolicy))

	story.Chapter(w, "With developers.json on the group, and saanvisarkar in it:")
	saanvi.Identity = compile("developers.json", developers, "group developers")
	story.Tell(w, "saanvisarkar invokes my-function", evaluator.Explain(&saanvi, &function, &invoke))
	story.Tell(w, "saanvisarkar changes its code", evaluator.Explain(&saanvi, &function, &update))

	story.Chapter(w, "With pipeline.json on the role pipeline:")
	story.Tell(w, "its session build-42 changes the code", evaluator.Explain(&build, &function, &update))
	story.Tell(w, "its session build-42 invokes my-function", evaluator.Explain(&build, &function, &invoke))
}

// compile also says where the policy is attached: explanations name it.
func compile(name, text, from string) *evaluator.Set {
	document, err := policy.ParseString(name, text)
	if err != nil {
		log.Fatal(err)
	}
	set, err := evaluator.Compile(policy.Identity, policy.Attached{Document: document, From: from})
	if err != nil {
		log.Fatal(err)
	}
	return set
}
