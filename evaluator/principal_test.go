package evaluator_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
)

const (
	someRole    = "arn:aws:iam::111122223333:role/team/app"
	someSession = "arn:aws:sts::111122223333:assumed-role/app/s1"
	oidc        = "arn:aws:iam::111122223333:oidc-provider/accounts.google.com"
	saml        = "arn:aws:iam::111122223333:saml-provider/Okta"
)

func TestAPrincipalIsReadFromItsText(t *testing.T) {
	for text, want := range map[string]struct {
		kind    evaluator.PrincipalKind
		account string
	}{
		alice:                                 {evaluator.IAMUser, "111122223333"},
		"arn:aws:iam::111122223333:user/a/b":  {evaluator.IAMUser, "111122223333"},
		"arn:aws-cn:iam::111122223333:user/a": {evaluator.IAMUser, "111122223333"},
		"arn:aws:iam::111122223333:root":      {evaluator.RootUser, "111122223333"},
		someRole:                              {evaluator.RoleSession, "111122223333"},
		someSession:                           {evaluator.RoleSession, "111122223333"},
		"arn:aws:sts::111122223333:federated-user/temp": {evaluator.FederatedUser, "111122223333"},
		oidc:                  {evaluator.WebIdentity, ""},
		"accounts.google.com": {evaluator.WebIdentity, ""},
		saml:                  {evaluator.SAMLIdentity, ""},
		"s3.amazonaws.com":    {evaluator.ServicePrincipal, ""},
		"anonymous":           {evaluator.AnonymousPrincipal, ""},
	} {
		t.Run(text, func(t *testing.T) {
			p, err := evaluator.ParsePrincipal(text)
			require.NoError(t, err)
			assert.NoError(t, p.Err())
			assert.Equal(t, want.kind, p.Kind())
			assert.Equal(t, want.account, p.Account())
			assert.Equal(t, text, p.String())
		})
	}
}

func TestATextThatNamesNoPrincipalIsAnError(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"nothing":                             {"", `principal "" is not a principal: an ARN, a service principal, the host of an identity provider, or anonymous`},
		"a word":                              {"alice", `principal "alice" is not a principal`},
		"an account":                          {"111122223333", "is not a principal"},
		"a host with a blank":                 {"accounts.google.com x", "is not a principal"},
		"an ARN with too few parts":           {"arn:aws:iam", "principal: "},
		"a group":                             {"arn:aws:iam::111122223333:group/g", `principal "arn:aws:iam::111122223333:group/g" is not the ARN of a principal`},
		"a user without name":                 {"arn:aws:iam::111122223333:user/", "is not the ARN of a principal"},
		"a user with a path alone":            {"arn:aws:iam::111122223333:user/path/", "is not the ARN of a principal"},
		"a role without name":                 {"arn:aws:iam::111122223333:role/", "is not the ARN of a principal"},
		"a user of another service":           {"arn:aws:s3::111122223333:user/alice", "is not the ARN of a principal"},
		"a root user of another service":      {"arn:aws:sts::111122223333:root", "is not the ARN of a principal"},
		"a role of another service":           {"arn:aws:sts::111122223333:role/app", "is not the ARN of a principal"},
		"a session of another service":        {"arn:aws:iam::111122223333:assumed-role/app/s1", "is not the ARN of a principal"},
		"a federated user of another service": {"arn:aws:iam::111122223333:federated-user/temp", "is not the ARN of a principal"},
		"a user in a region":                  {"arn:aws:iam:us-east-1:111122223333:user/alice", "is not the ARN of a principal"},
		"a user of no account":                {"arn:aws:iam::aws:user/alice", "is not the ARN of a principal"},
		"a session without name":              {"arn:aws:sts::111122223333:assumed-role/app/", "is not the ARN of a role session"},
		"a session without role":              {"arn:aws:sts::111122223333:assumed-role//s1", "is not the ARN of a role session"},
		"a role in the form of a session":     {"arn:aws:sts::111122223333:assumed-role/app", "is not the ARN of a role session"},
		"a session with a path":               {"arn:aws:sts::111122223333:assumed-role/app/s1/x", "is not the ARN of a role session"},
		"a federated user without name":       {"arn:aws:sts::111122223333:federated-user/", "is not the ARN of a principal"},
		"a SAML provider without name":        {"arn:aws:iam::111122223333:saml-provider/", "is not the ARN of a principal"},
		"an OIDC provider without name":       {"arn:aws:iam::111122223333:oidc-provider/", "is not the ARN of a principal"},
		"many users":                          {"arn:aws:iam::111122223333:user/*", "is not the ARN of one principal, without wildcards"},
		"users that differ in a letter":       {"arn:aws:iam::111122223333:user/a?", "is not the ARN of one principal, without wildcards"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := evaluator.ParsePrincipal(c.text)
			assert.ErrorContains(t, err, c.says)
			assert.Equal(t, err, p.Err())
			assert.Zero(t, p.Kind())
		})
	}
}

func TestAPrincipalIsMadeOfTextsOfItsKindAlone(t *testing.T) {
	for name, c := range map[string]struct {
		principal evaluator.Principal
		says      string // "" for a good one
	}{
		"a root user by its account":               {evaluator.Root("111122223333"), ""},
		"a root user by its ARN":                   {evaluator.Root("arn:aws:iam::111122223333:root"), ""},
		"a root user by the ARN of a user":         {evaluator.Root(alice), `principal "` + alice + `" is not the ARN of an account's root user`},
		"a user by the ARN of a role":              {evaluator.User(someRole), "is not the ARN of an IAM user"},
		"a role by the ARN of a user":              {evaluator.Role(alice), "is not the ARN of a role or role session"},
		"a role by the ARN of a session":           {evaluator.Role(someSession), "is not the ARN of a role"},
		"a session of a role":                      {evaluator.Session(someSession, someRole), ""},
		"a session of a role that is not known":    {evaluator.Session(someSession, ""), ""},
		"a session by the ARN of a role":           {evaluator.Session(someRole, ""), "is not the ARN of a role session"},
		"a session by the ARN of a user":           {evaluator.Session(alice, ""), "is not the ARN of a role or role session"},
		"a session of a user":                      {evaluator.Session(someSession, alice), `principal "` + alice + `" is not the ARN of a role`},
		"a session of another role":                {evaluator.Session(someSession, "arn:aws:iam::111122223333:role/other"), `session "` + someSession + `" is no session of role "arn:aws:iam::111122223333:role/other"`},
		"a session of a role of another account":   {evaluator.Session(someSession, "arn:aws:iam::444455556666:role/app"), "is no session of role"},
		"a session of a role of another partition": {evaluator.Session(someSession, "arn:aws-cn:iam::111122223333:role/app"), "is no session of role"},
		"a federated user":                         {evaluator.Federated("arn:aws:sts::111122223333:federated-user/temp", alice), ""},
		"a federated user of a user not known":     {evaluator.Federated("arn:aws:sts::111122223333:federated-user/temp", ""), ""},
		"a federated user of a role":               {evaluator.Federated("arn:aws:sts::111122223333:federated-user/temp", someRole), "is not the ARN of an IAM user"},
		"a federated user by the ARN of a user":    {evaluator.Federated(alice, ""), "is not the ARN of a federated user"},
		"a federated user of another account":      {evaluator.Federated("arn:aws:sts::444455556666:federated-user/temp", alice), "is not of the account of user"},
		"a federated user of another partition":    {evaluator.Federated("arn:aws-cn:sts::111122223333:federated-user/temp", alice), "is not of the account of user"},
		"a service by the ARN of a user":           {evaluator.Service(alice), "is not a service principal such as s3.amazonaws.com"},
		"a web identity by its provider's host":    {evaluator.Web("accounts.google.com"), ""},
		"a web identity by its provider's ARN":     {evaluator.Web(oidc), ""},
		"a web identity by a SAML provider":        {evaluator.Web(saml), "is not the ARN of an OIDC provider"},
		"a web identity of no provider":            {evaluator.Web(""), "is not the host of an identity provider, or its ARN"},
		"a web identity of many providers":         {evaluator.Web("*.google.com"), "is not the host of an identity provider, or its ARN"},
		"a SAML identity":                          {evaluator.SAML(saml), ""},
		"a SAML identity by an OIDC provider":      {evaluator.SAML(oidc), "is not the ARN of a SAML provider"},
		"nobody":                                   {evaluator.Principal{}, "the caller has no principal"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.principal.Err(); c.says == "" {
				assert.NoError(t, err)
				assert.NotZero(t, c.principal.Kind())
			} else {
				assert.ErrorContains(t, err, c.says)
				assert.Zero(t, c.principal.Kind())
			}
		})
	}
}

func TestAUniqueIDCanBeTakenBack(t *testing.T) {
	caller := aliceWith(t, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:userid":"AROAAPP:s1"}}}`)
	for want, p := range map[evaluator.Outcome]evaluator.Principal{
		evaluator.Allowed:       evaluator.Session(someSession, someRole).WithUniqueID("AROAAPP"),
		evaluator.ImplicitDeny:  evaluator.Session(someSession, someRole).WithUniqueID("AROAOTHER"),
		evaluator.Indeterminate: evaluator.Session(someSession, someRole).WithUniqueID("AROAOTHER").WithUniqueID(""),
	} {
		caller.Principal = p
		d := evaluator.Evaluate(caller, &evaluator.Target{Resource: function}, &evaluator.Request{Action: "lambda:GetFunction"})
		assert.Equal(t, want, d.Outcome())
	}
}
