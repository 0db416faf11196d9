package law

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
)

// A SharedProvider is an identity provider at which anybody may have an account:
// a trust policy that asks for none of its claims is open to all of them.
type SharedProvider struct {
	Host string // with the path, if the issuer has one
	// Keys are the context keys of which one, with fixed values, says whose account
	// it is. One that begins with ":" is a claim, behind the host.
	Keys []string
	// Subjects are what values of :sub that say so begin with; the owner's name
	// follows, up to "/" or ":". None: any value that is not wildcards alone.
	Subjects []string
}

// sharedProviders are the issuers for which IAM asks for a claim, and the
// providers that IAM has built in.
var sharedProviders = []SharedProvider{
	{Host: "accounts.google.com", Keys: []string{":aud", ":oaud", ":sub", ":google/organization_number"}},
	{Host: "agent.buildkite.com", Keys: []string{":sub", ":organization_slug", ":organization_id", ":pipeline_id"}, Subjects: []string{"organization:"}},
	{Host: "api.pulumi.com/oidc", Keys: []string{":aud", ":sub"}},
	{Host: "app.terraform.io", Keys: []string{":sub"}, Subjects: []string{"organization:"}},
	{Host: "cognito-identity.amazonaws.com", Keys: []string{":aud", ":sub"}},
	{Host: "gitlab.com", Keys: []string{":sub", ":namespace_id", ":project_id", ":user_id"}, Subjects: []string{"project_path:"}},
	{Host: "graph.facebook.com", Keys: []string{":app_id", ":id"}},
	{Host: "oidc-configuration.audit-log.githubusercontent.com", Keys: []string{":sub"}},
	{Host: "oidc.codefresh.io", Keys: []string{":sub"}},
	{Host: "oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu", Keys: []string{":sub"}},
	{Host: "oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb", Keys: []string{":sub"}},
	{Host: "oidc.vercel.com", Keys: []string{":aud", ":sub"}},
	{Host: "proidc.upbound.io", Keys: []string{":sub"}},
	{Host: "rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7", Keys: []string{":sub"}},
	{Host: "rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr", Keys: []string{":sub"}},
	{Host: "rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg", Keys: []string{":sub"}},
	{Host: "rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26", Keys: []string{":sub"}},
	{Host: "sandboxes.cloud", Keys: []string{":aud", ":sub"}},
	{Host: "scalr.io", Keys: []string{":sub"}},
	{Host: "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d", Keys: []string{"sts:RoleSessionName", ":sub"}},
	{Host: "studio.datachain.ai/api", Keys: []string{":sub"}},
	{Host: "token.actions.githubusercontent.com", Keys: []string{
		":sub", ":job_workflow_ref", ":repository", ":repository_id", ":repository_owner_id", ":enterprise_id",
	}, Subjects: []string{"repo:", "repository:", "repository_id:", "repository_owner:", "repository_owner_id:", "enterprise:", "enterprise_id:", "job_workflow_ref:"}},
	{Host: "tokens.cloud.shisho.dev", Keys: []string{":sub"}},
	{Host: "vstoken.actions.githubusercontent.com", Keys: []string{":sub"}},
	{Host: "www.amazon.com", Keys: []string{":app_id", ":user_id", ":sub"}},
}

// SharedProviderOf is the shared provider that a Federated principal names, by its
// host or by the ARN of the provider in IAM; nil if it is none.
func SharedProviderOf(principal string) *SharedProvider {
	if strings.HasPrefix(principal, "arn:") {
		_, principal, _ = strings.Cut(principal, ":oidc-provider/")
	}
	for i := range sharedProviders {
		if sharedProviders[i].Host == principal {
			return &sharedProviders[i]
		}
	}
	return nil
}

// Fixes reports whether a value of a context key says whose account it is. With
// wildcards it does up to the first of them.
func (p *SharedProvider) Fixes(key, value string, wildcards bool) bool {
	claim := key
	if fold.HasPrefix(key, p.Host) {
		claim = key[len(p.Host):]
	}
	if !slices.ContainsFunc(p.Keys, func(k string) bool { return fold.Equal(k, claim) }) {
		return false
	}
	begins, isWhole := value, true
	if at := strings.IndexAny(value, "*?"); wildcards && at >= 0 {
		begins, isWhole = value[:at], false
	}
	switch claim = fold.String(claim); {
	case begins == "":
		return false
	case isWhole:
		return true
	case claim == ":sub" && p.Subjects != nil:
		return slices.ContainsFunc(p.Subjects, func(subject string) bool {
			owner, ok := strings.CutPrefix(begins, subject)
			return ok && strings.IndexAny(owner, "/:") > 0
		})
	case claim == ":repository", claim == ":job_workflow_ref":
		return strings.IndexByte(begins, '/') > 0
	}
	return claim == ":sub" || claim == "sts:rolesessionname"
}
