package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/policy"
)

func TestPrincipalsOfEveryForm(t *testing.T) {
	const user, role = "arn:aws:iam::111122223333:user/", "arn:aws:iam::111122223333:role/"
	for _, c := range []struct {
		kind, value string
		want        string // "" means that it is one
	}{
		{"AWS", "111122223333", ""},
		{"AWS", "11112222333", "is no account of 12 digits, no ARN of a principal, no unique id"},
		{"AWS", "1111222233334", "is no account of 12 digits"},
		{"AWS", "example.com", "is no account, ARN or unique id; a service stands under Service"},
		{"AWS", ".com", "is no account of 12 digits"},
		{"AWS", "example.", "is no account of 12 digits"},
		{"AWS", "AIDA1", ""},
		{"AWS", "AROA1", ""},
		{"AWS", "AIDA", "no unique id"},
		{"AWS", "AIDAa", "no unique id"},
		{"AWS", "AIDA-1", "no unique id"},
		{"AWS", "AKIA1", "no unique id"},
		{"AWS", "arn:aws:iam::111122223333:root", ""},
		{"AWS", "arn:aws-cn:iam::111122223333:root", ""},
		{"AWS", "arn:amazon:iam::111122223333:root", "is no ARN of a principal: it has six parts and an empty region"},
		{"AWS", "arn:aws:iam:us-east-1:111122223333:root", "is no ARN of a principal"},
		{"AWS", "arn:aws:iam::111122223333", "is no ARN of a principal"},
		{"AWS", "arn:aws:iam:::root", "has no account of 12 digits"},
		{"AWS", user + "alice", ""},
		{"AWS", user + "path/to/alice", ""},
		{"AWS", user, "names no user"},
		{"AWS", user + "alice/", "names no user"},
		{"AWS", role + "app", ""},
		{"AWS", role, "names no role"},
		{"AWS", role + "app/", "names no role"},
		{"AWS", "arn:aws:iam::111122223333:group/g", "is a group, which cannot be a principal"},
		{"AWS", "arn:aws:iam::111122223333:policy/p", "is no root, user or role"},
		{"AWS", "arn:aws:iam::111122223333:roots", "is no root, user or role"},
		{"AWS", "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1", ""},
		{"AWS", "arn:aws:iam::cloudfront:role/app", "has no account of 12 digits"},
		{"AWS", "arn:aws:iam::cloudfronts:user/a", "has no account of 12 digits"},
		{"AWS", "arn:aws:sts::111122223333:assumed-role/app/s1", ""},
		{"AWS", "arn:aws:sts::111122223333:assumed-role/app", "is not of the form assumed-role/role/session"},
		{"AWS", "arn:aws:sts::111122223333:assumed-role/app/", "is not of the form assumed-role/role/session"},
		{"AWS", "arn:aws:sts::111122223333:assumed-role//s1", "is not of the form assumed-role/role/session"},
		{"AWS", "arn:aws:sts::111122223333:assumed-role/svc/app/s1", "is not of the form assumed-role/role/session"},
		{"AWS", "arn:aws:sts::1111:assumed-role/app/s1", "has no account of 12 digits"},
		{"AWS", "arn:aws:sts::111122223333:federated-user/temp", ""},
		{"AWS", "arn:aws:sts::111122223333:federated-user/", "is not of the form federated-user/name"},
		{"AWS", "arn:aws:sts::111122223333:federated-user/a/b", "is not of the form federated-user/name"},
		{"AWS", "arn:aws:sts::111122223333:user/alice", "is no assumed-role or federated-user"},
		{"AWS", "arn:aws:s3:::b", "is no ARN of iam or sts"},
		{"Service", "s3.amazonaws.com", ""},
		{"Service", "S3.us-east-1.amazonaws.com", ""},
		{"Service", "s3", "is no service principal"},
		{"Service", "s3.", "is no service principal"},
		{"Service", ".amazonaws.com", "is no service principal"},
		{"Service", "s_3.amazonaws.com", "is no service principal"},
		{"Federated", "accounts.google.com", ""},
		{"Federated", "oidc.example.com:8080/id/a_b", ""},
		{"Federated", "google", "is no identity provider"},
		{"Federated", "accounts.google.com?x", "has a wildcard"},
		{"Federated", "accounts.google.com!", "is no identity provider"},
		{"Federated", "arn:aws:iam::111122223333:saml-provider/corp", ""},
		{"Federated", "arn:aws:iam::111122223333:oidc-provider/oidc.example.com/id/1", ""},
		{"Federated", "arn:aws:iam::111122223333:saml-provider/", "is no ARN of a saml-provider or oidc-provider"},
		{"Federated", "arn:aws:iam::111122223333:saml-provider", "is no ARN of a saml-provider or oidc-provider"},
		{"Federated", "arn:aws:iam::1111:oidc-provider/a.b", "is no ARN of a saml-provider or oidc-provider"},
		{"Federated", "arn:aws:sts::111122223333:oidc-provider/a.b", "is no ARN of a saml-provider or oidc-provider"},
		{"Federated", "arn:aws:iam:us-east-1:111122223333:oidc-provider/a.b", "is no ARN of a saml-provider or oidc-provider"},
		{"CanonicalUser", "79a59df900b949e55d96a1e698fbaced", ""},
		{"CanonicalUser", "AZaz09", ""},
		{"CanonicalUser", "79a59df9-00b9", "is no canonical user id: it has letters and digits"},
	} {
		_, err := policy.ParseString("", allowing(`"Principal":{"`+c.kind+`":"`+c.value+`"}`))
		if c.want == "" {
			assert.NoError(t, err, "%s %s", c.kind, c.value)
			continue
		}
		assert.ErrorContains(t, err, c.want, "%s %s", c.kind, c.value)
	}
}

// Characters that IAM does not take are found wherever they stand, in long texts too.
func TestACharacterBeyondLatinIsFoundAnywhere(t *testing.T) {
	for n := range 100 {
		before, behind := strings.Repeat("a", n), strings.Repeat("b", 40)
		_, err := policy.ParseString("", allowing(`"Sid":"`+before+`ÿ`+behind+`"`))
		assert.NoError(t, err, "U+00FF behind %d others", n)
		d, err := policy.ParseString("", allowing(`"Condition":{"StringEquals":{"k:x":"`+before+`Ā`+behind+`"}}`))
		if err == nil {
			err = d.Check(policy.Identity)
		}
		assert.ErrorContains(t, err, "U+0100", "behind %d others", n)
	}
}
