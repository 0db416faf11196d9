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

// Fill takes what the text does not tell, and notes what it tells otherwise.
func TestWhatIsFilledIn(t *testing.T) {
	const role, other = "arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/other"
	for sentence, c := range map[string]struct {
		denial, known, want denial.Denial
	}{
		"nothing into what is cut off": {denial.Denial{Principal: "arn:aws", Resource: "arn:aws:s3:::"}, denial.Denial{}, denial.Denial{Principal: "arn:aws", Resource: "arn:aws:s3:::"}},
		"a caller into what is no ARN": {denial.Denial{Principal: "a:b:c:d:***:f"}, denial.Denial{Principal: alice}, denial.Denial{Principal: "a:b:c:d:***:f", Notes: []string{"the text names the caller a:b:c:d:***:f, which stays; " + alice + " was given"}}},
		"nothing into nothing":         {},
		"all into nothing":             {denial.Denial{}, denial.Denial{Principal: alice, Role: role, Action: "a:B", Resource: myFn, Region: "r"}, denial.Denial{Principal: alice, Role: role, Action: "a:B", Resource: myFn, Region: "r"}},
		"nothing into all":             {denial.Denial{Principal: alice, Role: role, Action: "a:B", Resource: myFn, Region: "r"}, denial.Denial{}, denial.Denial{Principal: alice, Role: role, Action: "a:B", Resource: myFn, Region: "r"}},
		"the same into the same":       {denial.Denial{Principal: alice, Action: "a:B", Resource: myFn}, denial.Denial{Principal: alice, Action: "a:B", Resource: myFn}, denial.Denial{Principal: alice, Action: "a:B", Resource: myFn}},
		"another Region, which wins":   {denial.Denial{Region: "r"}, denial.Denial{Region: "s"}, denial.Denial{Region: "s"}},
		"other things, which do not": {denial.Denial{Principal: alice, Role: role, Action: "a:B", Resource: myFn}, denial.Denial{Principal: role, Role: other, Action: "a:C", Resource: "*"},
			denial.Denial{Principal: alice, Role: role, Action: "a:B", Resource: myFn, Notes: []string{
				"the text names the caller " + alice + ", which stays; " + role + " was given",
				"the text names the role " + role + ", which stays; " + other + " was given",
				"the text names the action a:B, which stays; a:C was given",
				"the text names the resource " + myFn + ", which stays; * was given"}}},
		"a resource for its name":                      {denial.Denial{ResourceAsGiven: "my-fn"}, denial.Denial{Resource: myFn}, denial.Denial{ResourceAsGiven: "my-fn", Resource: myFn}},
		"nothing for its name":                         {denial.Denial{ResourceAsGiven: "my-fn"}, denial.Denial{}, denial.Denial{ResourceAsGiven: "my-fn"}},
		"another resource beside its name":             {denial.Denial{Resource: myFn, ResourceAsGiven: "my-fn"}, denial.Denial{Resource: "*"}, denial.Denial{Resource: myFn, ResourceAsGiven: "my-fn", Notes: []string{"the text names the resource " + myFn + ", which stays; * was given"}}},
		"what a resource begins with":                  {denial.Denial{ResourceBegins: "arn:aws:s3:::b"}, denial.Denial{Resource: "arn:aws:s3:::b/k"}, denial.Denial{ResourceBegins: "arn:aws:s3:::b", Resource: "arn:aws:s3:::b/k"}},
		"a role for its session":                       {denial.Denial{Principal: session}, denial.Denial{Principal: role}, denial.Denial{Principal: session, Role: role}},
		"a role for its session, whose role is told":   {denial.Denial{Principal: session, Role: other}, denial.Denial{Principal: role}, denial.Denial{Principal: session, Role: other}},
		"a role for its masked session":                {denial.Denial{Principal: "arn:aws:sts::***:assumed-role/app/s1"}, denial.Denial{Principal: role}, denial.Denial{Principal: "arn:aws:sts::***:assumed-role/app/s1", Role: role}},
		"another role for a session":                   {denial.Denial{Principal: session}, denial.Denial{Principal: other}, denial.Denial{Principal: session, Notes: []string{"the text names the caller " + session + ", which stays; " + other + " was given"}}},
		"a role of another account for a session":      {denial.Denial{Principal: session}, denial.Denial{Principal: "arn:aws:iam::444455556666:role/app"}, denial.Denial{Principal: session, Notes: []string{"the text names the caller " + session + ", which stays; arn:aws:iam::444455556666:role/app was given"}}},
		"a user of the role's name for a session":      {denial.Denial{Principal: session}, denial.Denial{Principal: "arn:aws:iam::111122223333:user/app"}, denial.Denial{Principal: session, Notes: []string{"the text names the caller " + session + ", which stays; arn:aws:iam::111122223333:user/app was given"}}},
		"a role for a user of its name":                {denial.Denial{Principal: "arn:aws:iam::111122223333:user/app"}, denial.Denial{Principal: role}, denial.Denial{Principal: "arn:aws:iam::111122223333:user/app", Notes: []string{"the text names the caller arn:aws:iam::111122223333:user/app, which stays; " + role + " was given"}}},
		"a role for what is no ARN":                    {denial.Denial{Principal: "s3.amazonaws.com"}, denial.Denial{Principal: role}, denial.Denial{Principal: "s3.amazonaws.com", Notes: []string{"the text names the caller s3.amazonaws.com, which stays; " + role + " was given"}}},
		"a caller, and a resource of another mask":     {denial.Denial{Principal: "arn:aws:iam::***:user/alice", Resource: "arn:aws:lambda:us-east-1:12***:function:f"}, denial.Denial{Principal: alice}, denial.Denial{Principal: alice, Resource: "arn:aws:lambda:us-east-1:12***:function:f"}},
		"a caller, and a resource that is not masked":  {denial.Denial{Principal: "arn:aws:iam::***:user/alice", Resource: myFn}, denial.Denial{Principal: alice}, denial.Denial{Principal: alice, Resource: myFn}},
		"a caller, and a resource that has no account": {denial.Denial{Principal: "arn:aws:iam::***:user/alice", Resource: "arn:aws:s3:::b"}, denial.Denial{Principal: alice}, denial.Denial{Principal: alice, Resource: "arn:aws:s3:::b"}},
		"a resource, and both are masked alike":        {denial.Denial{Principal: "arn:aws:iam::***:user/alice", Resource: "arn:aws:lambda:us-east-1:***:function:my-fn"}, denial.Denial{Resource: myFn}, denial.Denial{Principal: "arn:aws:iam::***:user/alice", Resource: myFn}},
		"a role for a session, and both masked alike":  {denial.Denial{Principal: "arn:aws:sts::***:assumed-role/app/s1", Resource: "arn:aws:lambda:us-east-1:***:function:f"}, denial.Denial{Principal: role}, denial.Denial{Principal: "arn:aws:sts::***:assumed-role/app/s1", Role: role, Resource: "arn:aws:lambda:us-east-1:***:function:f"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			c.denial.Fill(&c.known)
			assert.Equal(t, c.want, c.denial)
		})
	}
}

// A masked name agrees with each name that is the same around its masks.
func TestNamesUnderMasks(t *testing.T) {
	const lambda = "arn:aws:lambda:us-east-1:111122223333:function:"
	for shown, names := range map[string]struct{ agree, differ []string }{
		"arn:aws:s3:::b/***/x":                                   {[]string{"arn:aws:s3:::b/q/x", "arn:aws:s3:::b/q/x/x"}, []string{"arn:aws:s3:::b/q/xyz", "arn:aws:s3:::c/q/x", "arn:aws:s3:::b/q/x/y"}},
		"arn:aws:s3:::b/***/x/***":                               {[]string{"arn:aws:s3:::b/q/x/r", "arn:aws:s3:::b/q/x/"}, []string{"arn:aws:s3:::b/q/y/r", "arn:aws:s3:::c/q/x/r"}},
		"arn:aws:s3:::b/**/x/**/y":                               {[]string{"arn:aws:s3:::b/q/x/r/y"}, []string{"arn:aws:s3:::b/q/r/x/y", "arn:aws:s3:::b/q/x/r/z", "arn:aws:s3:::b/q/x"}},
		"arn:aws:s3:::**":                                        {[]string{"arn:aws:s3:::b/k"}, []string{"arn:aws:s4:::b/k"}},
		"arn:aws:lambda:us-east-1:***:function:f":                {[]string{lambda + "f"}, []string{lambda + "g", "arn:aws:lambda:us-west-1:111122223333:function:f"}},
		"arn:aws:lambda:us-east-1:12:function:f":                 {[]string{lambda + "f"}, []string{lambda + "g"}},
		"arn:aws:lambda:us-east-1:<account>:function:<function>": {[]string{lambda + "f"}, []string{"arn:aws:s3:::b"}},
		"arn:aws:lambda:us-east-1:XXX:function:REDACTED":         {[]string{lambda + "f"}, []string{"arn:aws:lambda:us-east-1:111122223333:layer:f"}},
		"arn:aws:lambda:us-east-1:***:function:f:[name]":         {[]string{lambda + "f:live"}, []string{lambda + "g:live"}},
	} {
		for _, name := range names.agree {
			d := denial.Denial{Resource: shown}
			d.Fill(&denial.Denial{Resource: name})
			assert.Equal(t, denial.Denial{Resource: name}, d, "%s may be %s", shown, name)
		}
		for _, name := range names.differ {
			d := denial.Denial{Resource: shown}
			d.Fill(&denial.Denial{Resource: name})
			assert.Equal(t, shown, d.Resource, "%s is not %s", shown, name)
			assert.Len(t, d.Notes, 1)
		}
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
			assert.Equal(t, []bool{strings.Contains(text, "because"), strings.Contains(text, "explicit")}, []bool{d.Implicit, d.Explicit}, text)
		}
	}
}
