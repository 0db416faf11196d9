// Webidentity: jobs of GitHub Actions and pods of an EKS cluster assume roles
// without keys. Each shows a token of its OpenID Connect provider; the role's
// trust policy says of which provider, for whom the token is meant, and who it is
// about. A trust policy without a condition on the subject lets everybody in who
// has an account there.
//
//	go run ./examples/webidentity
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
	//go:embed deploy-trust.json
	deployTrust string
	//go:embed orders-pod-trust.json
	ordersPodTrust string
)

const (
	github  = "token.actions.githubusercontent.com"
	cluster = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"
)

func main() { tell(os.Stdout) }

func tell(w io.Writer) {
	story.Chapter(w, "With deploy-trust.json, which lets in what GitHub Actions runs for production:")
	deploy := role("deploy", "deploy-trust.json", deployTrust)
	tellAssume(w, "a release of octo-org/orders", github, "repo:octo-org/orders:environment:production", deploy)
	tellAssume(w, "a pull request to it", github, "repo:octo-org/orders:pull_request", deploy)
	tellAssume(w, "a release of mallory/orders", github, "repo:mallory/orders:environment:production", deploy)

	story.Chapter(w, "With orders-pod-trust.json, which lets in one service account of a cluster:")
	pod := role("orders-pod", "orders-pod-trust.json", ordersPodTrust)
	tellAssume(w, "a pod of shop/orders", cluster, "system:serviceaccount:shop:orders", pod)
	tellAssume(w, "a pod of shop/default", cluster, "system:serviceaccount:shop:default", pod)
}

// tellAssume is what AWS decides when a token of the provider, about a subject
// and meant for AWS, is shown to assume the role.
func tellAssume(w io.Writer, who, provider, subject string, role *evaluator.Target) {
	token := evaluator.Caller{Principal: evaluator.Web("arn:aws:iam::123456789012:oidc-provider/" + provider)}
	story.Tell(w, who+" assumes the role", evaluator.Explain(&token, role, &evaluator.Request{
		Action: "sts:AssumeRoleWithWebIdentity",
		Context: evaluator.Context{
			{Name: provider + ":aud", Values: []string{"sts.amazonaws.com"}},
			{Name: provider + ":sub", Values: []string{subject}},
		},
	}))
}

func role(name, file, trust string) *evaluator.Target {
	document, err := policy.ParseString(file, trust)
	if err != nil {
		log.Fatal(err)
	}
	return &evaluator.Target{
		Resource: "arn:aws:iam::123456789012:role/" + name,
		Policies: []*evaluator.Set{evaluator.MustCompile(policy.Trust, document)},
	}
}
