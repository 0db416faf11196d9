package law_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/law"
)

func TestASharedProviderIsNamedByHostOrARN(t *testing.T) {
	for principal, want := range map[string]string{
		"gitlab.com": "gitlab.com",
		"arn:aws:iam::111122223333:oidc-provider/gitlab.com":              "gitlab.com",
		"arn:aws:iam::111122223333:oidc-provider/studio.datachain.ai/api": "studio.datachain.ai/api",
		"arn:aws:iam::111122223333:saml-provider/gitlab.com":              "",
		"gitlab.example.com": "",
		"":                   "",
	} {
		p := law.SharedProviderOf(principal)
		if want == "" {
			assert.Nil(t, p, principal)
			continue
		}
		require.NotNil(t, p, principal)
		assert.Equal(t, want, p.Host, principal)
	}
}

func TestAValueFixesWhoseAccountItIs(t *testing.T) {
	const github, microsoft = "token.actions.githubusercontent.com", "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d"
	for sentence, c := range map[string]struct {
		host, key, value string
		wildcards        bool
		want             bool
	}{
		"a whole subject does":                       {github, github + ":sub", "repo:o/r:ref:refs/heads/main", true, true},
		"the key compares without case":              {github, "TOKEN.actions.githubusercontent.com:SUB", "repo:o/*", true, true},
		"a subject with its owner does":              {github, github + ":sub", "repo:o/*", true, true},
		"an owner that ends in a colon does":         {github, github + ":sub", "repository_owner:o:*", true, true},
		"an owner that is a pattern does not":        {github, github + ":sub", "repo:o*", true, false},
		"no owner does not":                          {github, github + ":sub", "repo:/*", true, false},
		"an owner of one letter does":                {github, github + ":sub", "repo:o/?", true, true},
		"a subject of another form does not":         {github, github + ":sub", "environment:a/b*", true, false},
		"a subject of wildcards alone does not":      {github, github + ":sub", "*", true, false},
		"an empty subject does not":                  {github, github + ":sub", "", false, false},
		"a star that stands for itself does":         {github, github + ":sub", "*", false, true},
		"a repository with its owner does":           {github, github + ":repository", "o/*", true, true},
		"a repository of any owner does not":         {github, github + ":repository", "o*", true, false},
		"a repository of no owner does not":          {github, github + ":repository", "/*", true, false},
		"a workflow with its owner does":             {github, github + ":job_workflow_ref", "o/r/*", true, true},
		"a number that is a pattern does not":        {github, github + ":repository_id", "12*", true, false},
		"a whole number does":                        {github, github + ":repository_id", "12", true, true},
		"an audience does not":                       {github, github + ":aud", "sts.amazonaws.com", true, false},
		"the claim of another host does not":         {github, "gitlab.com:sub", "repo:o/r", true, false},
		"any beginning does where no form is known":  {"scalr.io", "scalr.io:sub", "account:a*", true, true},
		"the name of a session does":                 {microsoft, "sts:RoleSessionName", "a*", true, true},
		"a claim of a pattern does not, but :sub":    {"graph.facebook.com", "graph.facebook.com:id", "1*", true, false},
		"a subject of a project whose name is known": {"gitlab.com", "gitlab.com:sub", "project_path:g/p:*", true, true},
	} {
		t.Run(sentence, func(t *testing.T) {
			assert.Equal(t, c.want, law.SharedProviderOf(c.host).Fixes(c.key, c.value, c.wildcards))
		})
	}
}
