package denial_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/denial"
)

// Of what is no action nothing is said.
func TestTheCauseOfWhatIsNoAction(t *testing.T) {
	d := denial.Denial{Principal: "arn:aws:sts::111122223333:assumed-role/guest/CognitoIdentityCredentials", Resource: "*"}
	for _, action := range []string{"", "miracles", "a:b c"} {
		d.Action = action
		causes := d.Causes()
		require.Len(t, causes, 1, action)
		assert.Equal(t, "cognito-session-policy", causes[0].Code)
		assert.NotContains(t, causes[0].Text, " in Amazon", action)
	}
	d = denial.Denial{Principal: "arn:aws:iam::111122223333:user/alice", Action: "miracles", Resource: "*", Explicit: true}
	assert.Empty(t, d.Causes())
}

// A service-linked role is known by its path, too, where an event has it.
func TestAServiceLinkedRoleByItsPath(t *testing.T) {
	d := denial.Denial{Principal: "arn:aws:sts::111122223333:assumed-role/x/s", Role: "arn:aws:iam::111122223333:role/aws-service-role/ec2.amazonaws.com/x", Action: "kms:CreateGrant", Resource: "*"}
	causes := d.Causes()
	require.Len(t, causes, 1)
	assert.Equal(t, "service-linked-role", causes[0].Code)
}

func TestCausesThatAreKnown(t *testing.T) {
	const (
		guest = "arn:aws:sts::111122223333:assumed-role/app-guest/CognitoIdentityCredentials"
		app   = "arn:aws:sts::111122223333:assumed-role/app/s1"
		alice = "arn:aws:iam::111122223333:user/alice"
	)
	says := func(caller, action, resource, reason string) string {
		return "User: " + caller + " is not authorized to perform: " + action + " on resource: " + resource + reason
	}
	for name, c := range map[string]struct{ text, code, says string }{
		"Cognito lets a guest do what its list has not": {
			says(guest, "ssm:GetParameter", "arn:aws:ssm:us-east-1:111122223333:parameter/p", " because no session policy allows the ssm:GetParameter action"),
			"cognito-session-policy", "ssm:GetParameter is not in AmazonCognitoUnAuthedIdentitiesSessionPolicy"},
		"and what it has": {says(guest, "polly:SynthesizeSpeech", "*", ""), "cognito-session-policy", "polly:SynthesizeSpeech is in Amazon"},
		"also where the account is masked": {
			says("arn:aws:sts::****:assumed-role/guest/CognitoIdentityCredentials", "iam:PassRole", "arn:aws:iam::****:role/r", ""), "cognito-session-policy", "iam:PassRole is not in"},
		"a Deny is none of Cognito's":   {says(guest, "ssm:GetParameter", "*", " with an explicit deny in an identity-based policy"), "", ""},
		"another session of the role":   {says(app, "ssm:GetParameter", "*", ""), "", ""},
		"a role assumes itself":         {says(app, "sts:AssumeRole", "arn:aws:iam::111122223333:role/x/app", ""), "role-assumes-itself", "its own ARN in its trust policy"},
		"a role assumes another":        {says(app, "sts:AssumeRole", "arn:aws:iam::111122223333:role/other", ""), "", ""},
		"a role of that name elsewhere": {says(app, "sts:AssumeRole", "arn:aws:iam::444455556666:role/app", ""), "", ""},
		"a role that looks at itself":   {says(app, "iam:GetRole", "arn:aws:iam::111122223333:role/app", ""), "", ""},
		"a user of that name":           {says(app, "sts:AssumeRole", "arn:aws:iam::111122223333:user/app", ""), "", ""},
		"an object, to an unsigned caller": {
			says("anonymous", "s3:GetObject", "arn:aws:s3:::b/k", ""), "object-missing", "without s3:ListBucket"},
		"a version of an object": {says(app, "s3:GetObjectVersion", "arn:aws:s3:::b/k", ""), "object-missing", "without s3:ListBucket"},
		"all objects":            {says(app, "s3:GetObject", "arn:aws:s3:::b/*", ""), "", ""},
		"a layer, to an unsigned caller": {
			says("anonymous", "lambda:GetLayerVersion", "arn:aws:lambda:eu-central-1:336392948345:layer:l:5", ""), "version-missing", "account 336392948345"},
		"a permission set of a short name": {
			says("arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_A_0123456789abcdef/ada", "iam:CreateRole", "*", ""), "permission-set", "permission set A:"},
		"a permission set whose name begins with a line": {
			says("arn:aws:sts::111122223333:assumed-role/AWSReservedSSO__0123456789abcdef/ada", "iam:CreateRole", "*", ""), "permission-set", "permission set _0123456789abcdef:"},
		"a service-linked role": {
			says("arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling", "kms:CreateGrant", "*", ""), "service-linked-role", "AWSServiceRoleForAutoScaling"},
		"a service itself": {says("cloudtrail.amazonaws.com", "s3:PutObject", "arn:aws:s3:::logs/k", ""), "aws-caller", "cloudtrail.amazonaws.com itself"},
		"AWS Config describes a function": {
			says("arn:aws:sts::111122223333:assumed-role/aws-controltower-ConfigRecorderRole/LambdaDescribeHandlerSession", "kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/k", " because no resource-based policy allows the kms:Decrypt action"),
			"aws-caller", "AWS Config's"},
		"a permission set": {
			says("arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Power_User_0123456789abcdef/ada@example.com", "iam:CreateRole", "arn:aws:iam::111122223333:role/r", ""), "permission-set", "permission set Power_User:"},
		"a layer version of another account": {
			says(alice, "lambda:GetLayerVersion", "arn:aws:lambda:eu-central-1:336392948345:layer:AWSDataWrangler-Python39:5", " because no resource-based policy allows the lambda:GetLayerVersion action"), "version-missing", "(eu-central-1)"},
		"a layer version of one's own":         {says(alice, "lambda:GetLayerVersion", "arn:aws:lambda:eu-central-1:111122223333:layer:l:5", ""), "", ""},
		"an object that may not be there":      {says(app, "s3:GetObject", "arn:aws:s3:::b/k", ""), "object-missing", "without s3:ListBucket"},
		"an object behind a Deny":              {says(app, "s3:GetObject", "arn:aws:s3:::b/k", " with an explicit deny in a resource-based policy"), "", ""},
		"a key that leaked":                    {says(alice, "iam:CreateUser", "arn:aws:iam::111122223333:user/x", " with an explicit deny in an identity-based policy"), "quarantine", "AWSCompromisedKeyQuarantineV3"},
		"a key that leaked, by its Deny alone": {says(alice, "iam:CreateUser", "arn:aws:iam::111122223333:user/x", " with an explicit deny"), "quarantine", "AWSCompromisedKeyQuarantineV3"},
		"a Deny of the organization's":         {says(alice, "iam:CreateUser", "arn:aws:iam::111122223333:user/x", " with an explicit deny in a service control policy"), "", ""},
		"quarantine denies not all":            {says(alice, "lambda:GetFunction", "*", " with an explicit deny"), "", ""},
		"nor without a Deny":                   {says(alice, "iam:CreateUser", "*", " because no identity-based policy allows the iam:CreateUser action"), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			denials, err := denial.Parse(c.text)
			require.NoError(t, err)
			require.Len(t, denials, 1)
			causes := denials[0].Causes()
			if c.code == "" {
				assert.Empty(t, causes)
				return
			}
			require.Len(t, causes, 1)
			assert.Equal(t, c.code, causes[0].Code)
			assert.Contains(t, causes[0].Text, c.says)
			assert.Contains(t, causes[0].Source, "https://")
		})
	}
}
