package main_test

import (
	"testing"

	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/policy"
)

const (
	assume = "sts:AssumeRoleWithWebIdentity"
	github = "token.actions.githubusercontent.com"
	eks    = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"
)

// token is what a job or pod shows: its provider's token for AWS, about a
// subject.
func token(t *testing.T, provider, subject string) iamtest.Who {
	t.Helper()
	return iamtest.Principal{ARN: "arn:aws:iam::123456789012:oidc-provider/" + provider}.Load(t).
		Given(provider+":aud", "sts.amazonaws.com").
		Given(provider+":sub", subject)
}

func TestOnlyReleasesOfOrdersDeploy(t *testing.T) {
	deploy := iamtest.Resource{ARN: "arn:aws:iam::123456789012:role/deploy", Policies: []string{"deploy-trust.json"}}.Load(t)

	iamtest.Can(t, token(t, github, "repo:octo-org/orders:environment:production"), assume, deploy)
	for what, subject := range map[string]string{
		"a pull request":                   "repo:octo-org/orders:pull_request",
		"another environment":              "repo:octo-org/orders:environment:staging",
		"another repository":               "repo:octo-org/payments:environment:production",
		"a repository of somebody else's":  "repo:mallory/orders:environment:production",
		"a name that only begins the same": "repo:octo-org/orders:environment:production-2",
	} {
		iamtest.DeniedBy(t, token(t, github, subject), assume, deploy, policy.TrustLayer, what)
	}
	other := token(t, github, "repo:octo-org/orders:environment:production").Given(github+":aud", "https://example.com")
	iamtest.DeniedBy(t, other, assume, deploy, policy.TrustLayer, "a token that is meant for somebody else")
}

func TestOnlyPodsOfOrdersHaveTheirRole(t *testing.T) {
	pod := iamtest.Resource{ARN: "arn:aws:iam::123456789012:role/orders-pod", Policies: []string{"orders-pod-trust.json"}}.Load(t)

	iamtest.Can(t, token(t, eks, "system:serviceaccount:shop:orders"), assume, pod)
	iamtest.DeniedBy(t, token(t, eks, "system:serviceaccount:shop:default"), assume, pod, policy.TrustLayer)
	iamtest.DeniedBy(t, token(t, eks, "system:serviceaccount:test:orders"), assume, pod, policy.TrustLayer)
	iamtest.DeniedBy(t, token(t, github, "system:serviceaccount:shop:orders"), assume, pod, policy.TrustLayer, "the word of another provider")
}
