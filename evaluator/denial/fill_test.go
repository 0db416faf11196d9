package denial_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/denial"
)

const masked = "User: arn:aws:sts::***:assumed-role/deploy/run-1 is not authorized to perform: lambda:GetFunction on resource: arn:aws:lambda:us-east-1:***:function:f because no identity-based policy allows the lambda:GetFunction action"

func TestWhatIsMaskedAgreesWithAny(t *testing.T) {
	for sentence, c := range map[string]struct {
		text                string
		known               denial.Denial
		principal, resource string
		note                string
	}{
		"both accounts": {masked, denial.Denial{Principal: "arn:aws:sts::111122223333:assumed-role/deploy/run-1", Resource: "arn:aws:lambda:us-east-1:111122223333:function:f"},
			"arn:aws:sts::111122223333:assumed-role/deploy/run-1", "arn:aws:lambda:us-east-1:111122223333:function:f", ""},
		"the caller alone, whose account is the resource's": {masked, denial.Denial{Principal: "arn:aws:sts::111122223333:assumed-role/deploy/run-1"},
			"arn:aws:sts::111122223333:assumed-role/deploy/run-1", "arn:aws:lambda:us-east-1:111122223333:function:f", "masked like that of the caller"},
		"a placeholder": {strings.ReplaceAll(masked, "***", "<account>"), denial.Denial{Principal: "arn:aws:sts::111122223333:assumed-role/deploy/run-1"},
			"arn:aws:sts::111122223333:assumed-role/deploy/run-1", "arn:aws:lambda:us-east-1:111122223333:function:f", "masked like that of the caller"},
		"crosses": {strings.ReplaceAll(masked, "***", "XXXXXXXXXXXX"), denial.Denial{Principal: "arn:aws:sts::111122223333:assumed-role/deploy/run-1"},
			"arn:aws:sts::111122223333:assumed-role/deploy/run-1", "arn:aws:lambda:us-east-1:111122223333:function:f", ""},
		"digits that are no account": {strings.ReplaceAll(masked, "***", "1234"), denial.Denial{Principal: "arn:aws:sts::111122223333:assumed-role/deploy/run-1"},
			"arn:aws:sts::111122223333:assumed-role/deploy/run-1", "arn:aws:lambda:us-east-1:111122223333:function:f", "masked like that of the caller"},
		"a name of the role, too": {strings.ReplaceAll(masked, "deploy", "***"), denial.Denial{Principal: "arn:aws:sts::111122223333:assumed-role/deploy/run-1"},
			"arn:aws:sts::111122223333:assumed-role/deploy/run-1", "arn:aws:lambda:us-east-1:111122223333:function:f", ""},
		"another caller": {masked, denial.Denial{Principal: "arn:aws:sts::111122223333:assumed-role/other/run-1"},
			"arn:aws:sts::***:assumed-role/deploy/run-1", "arn:aws:lambda:us-east-1:***:function:f", "which stays"},
		"what the text tells stays": {noID, denial.Denial{Principal: session, Resource: "*"}, alice, myFn, "which stays"},
		"what is missing":           {"is not authorized to perform: lambda:GetFunction on resource: " + myFn, denial.Denial{Principal: alice}, alice, myFn, ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			d := one(t, c.text)
			d.Fill(&c.known)
			assert.Equal(t, []string{c.principal, c.resource}, []string{d.Principal, d.Resource})
			if c.note != "" {
				assert.Contains(t, strings.Join(d.Notes, "\n"), c.note)
			}
		})
	}
}

func TestTheOneProviderOfATrustPolicyIsTheCaller(t *testing.T) {
	const web, saml = "token.actions.githubusercontent.com", "arn:aws:iam::111122223333:saml-provider/corp"
	for sentence, c := range map[string]struct {
		denial.Denial
		providers []string
		principal string
		left      []string
	}{
		"one of a token":        {denial.Denial{Action: "sts:AssumeRoleWithWebIdentity"}, []string{web}, web, nil},
		"one of SAML":           {denial.Denial{Action: "sts:AssumeRoleWithSAML"}, []string{saml}, saml, nil},
		"several":               {denial.Denial{Action: "sts:AssumeRoleWithSAML"}, []string{saml, web}, "", []string{saml, web}},
		"none":                  {denial.Denial{Action: "sts:AssumeRoleWithSAML"}, nil, "", nil},
		"a caller that is told": {denial.Denial{Action: "sts:AssumeRoleWithSAML", Principal: alice}, []string{saml}, alice, nil},
		"another action":        {denial.Denial{Action: "sts:AssumeRole"}, []string{saml}, "", nil},
	} {
		t.Run(sentence, func(t *testing.T) {
			assert.Equal(t, c.left, c.FillProvider(c.providers))
			assert.Equal(t, c.principal, c.Principal)
			assert.Equal(t, c.principal != "" && c.principal != alice, len(c.Notes) > 0)
		})
	}
}

func TestWhatIsMaskedIsNotKnown(t *testing.T) {
	d := one(t, masked)
	_, err := d.Caller()
	require.ErrorIs(t, err, denial.ErrNoCaller)
	_, err = d.Target()
	require.ErrorIs(t, err, denial.ErrNoResource)
}

func TestARoleStandsForItsSession(t *testing.T) {
	d := one(t, "User: "+session+" is not authorized to perform: lambda:GetFunction on resource: "+myFn)
	d.Fill(&denial.Denial{Principal: "arn:aws:iam::111122223333:role/svc/app"})
	assert.Equal(t, []string{session, "arn:aws:iam::111122223333:role/svc/app"}, []string{d.Principal, d.Role})
	c, err := d.Caller()
	require.NoError(t, err)
	assert.Equal(t, evaluator.RoleSession, c.Principal.Kind())
}

func TestIAMsOldNamesAreOfTheCallersAccount(t *testing.T) {
	for name, want := range map[string]string{
		"role app":             "arn:aws:iam::111122223333:role/app",
		"user bob":             "arn:aws:iam::111122223333:user/bob",
		"group devs":           "arn:aws:iam::111122223333:group/devs",
		"instance profile web": "arn:aws:iam::111122223333:instance-profile/web",
		"policy Deploy":        "arn:aws:iam::111122223333:policy/Deploy",
		"policy arn:aws:iam::111122223333:policy/x/Deploy":                   "arn:aws:iam::111122223333:policy/x/Deploy",
		"provider arn:aws:iam::111122223333:oidc-provider/token.example.com": "arn:aws:iam::111122223333:oidc-provider/token.example.com",
		"SAML provider corp": "arn:aws:iam::111122223333:saml-provider/corp",
	} {
		for _, text := range []string{
			"User: " + alice + " is not authorized to perform: iam:GetRole on resource: " + name,
			"User: " + alice + " is not authorized to perform: iam:GetRole on resource: " + name + " because no identity-based policy allows the iam:GetRole action",
			"User: " + alice + " is not authorized to perform: iam:GetRole on resource: " + name + " with an explicit deny",
			"User: " + alice + " is not authorized to perform: iam:GetRole on resource: " + strings.ReplaceAll(name, " ", "\n") + "\n\nnext line",
		} {
			d := one(t, text)
			target, err := d.Target()
			require.NoError(t, err, text)
			assert.Equal(t, want, target.Resource, text)
		}
	}
}
