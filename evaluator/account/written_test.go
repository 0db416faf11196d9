package account_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
)

func TestPoliciesAsTheyAreWritten(t *testing.T) {
	const box = "arn:aws:s3:::box"
	b := account.New()
	b.AddIdentity(account.Identity{
		ARN: deploy, Inline: inline("x", allow("s3:*")), Managed: []string{"arn:aws:iam::aws:policy/AdministratorAccess"}, Trust: lambdaTrust(),
		Known: account.OfRole, Source: "iam.json:7",
	})
	template := policy.MustParse("R.Policies", "\n"+`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}`)
	b.AddIdentity(account.Identity{ARN: of + "role/r", Address: "R", Inline: inline("y", template), Trust: lambdaTrust(), Known: account.OfRole, Source: "t.yaml: R"})
	b.AddPolicy(account.ManagedPolicy{ARN: of + "policy/p", Default: "v2", Versions: []account.Version{{ID: "v1", Document: allow("a:*")}, {ID: "v2", Document: allow("b:*")}}})
	public := policy.MustParse("", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::box/*"}]}`)
	b.AddResource(account.Resource{ARN: box, Account: "444455556666", Policy: public, Known: account.ResourcePolicy, Source: "plan.json:12: aws_s3_bucket.box"})
	b.AddResource(account.Resource{ARN: "arn:aws:s3:::none", Known: account.ResourcePolicy})
	organize(b)
	s, err := b.Build()
	require.NoError(t, err)
	var found []string
	for w := range s.Written() {
		found = append(found, fmt.Sprintf("%s %s %q owner %s at %q:%d:%d", w.Kind, w.Of, w.Address, w.Owner, w.File, w.Line, w.Column))
	}
	assert.Equal(t, []string{
		"identity " + deploy + ` "` + deploy + `, inline policy x" owner 111122223333 at "iam.json":7:0`,
		"trust " + deploy + ` "` + deploy + `, trust policy" owner 111122223333 at "iam.json":7:0`,
		"identity " + of + `role/r "R.Policies" owner 111122223333 at "t.yaml":2:1`,
		"trust " + of + `role/r "" owner 111122223333 at "t.yaml":0:0`,
		"identity " + of + `policy/p "` + of + `policy/p" owner 111122223333 at "":0:0`,
		"resource " + box + ` "" owner 444455556666 at "plan.json":0:0`,
		`scp p-lambda "p-lambda, OnlyLambda" owner  at "":0:0`,
	}, found)

	for n := range len(found) {
		left := n
		for range s.Written() {
			if left--; left < 0 {
				break
			}
		}
		assert.Equal(t, -1, left, "a loop may end after any policy")
	}
}

func TestThePlaceOfASource(t *testing.T) {
	for source, want := range map[string]string{
		"":                                      `"" 0 ""`,
		"authz.json":                            `"authz.json" 0 ""`,
		"authz.json:12":                         `"authz.json" 12 ""`,
		"plan.json:12: aws_iam_role.deploy":     `"plan.json" 12 "aws_iam_role.deploy"`,
		"authz.json: RoleDetailList[3]":         `"authz.json" 0 "RoleDetailList[3]"`,
		"a:b.json":                              `"a:b.json" 0 ""`,
		":5":                                    `":5" 0 ""`,
		"AWS managed policies as of 2026-11-28": `"" 0 ""`,
		"AWS managed policies as of 2026: x.json": `"" 0 ""`,
	} {
		file, line, within := account.Place(source)
		assert.Equal(t, want, fmt.Sprintf("%q %d %q", file, line, within), source)
	}
}
