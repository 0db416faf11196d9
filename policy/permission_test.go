package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
)

const function = "arn:aws:lambda:us-east-1:111122223333:function:my-fn"

// permission grants sns.amazonaws.com the invocation of the function, changed.
func permission(change func(*policy.Permission)) policy.Permission {
	p := policy.Permission{StatementID: "sns", Action: "lambda:InvokeFunction", Principal: "sns.amazonaws.com", FunctionARN: function}
	if change != nil {
		change(&p)
	}
	return p
}

func TestPermission_becomesTheStatementThatLambdaStores(t *testing.T) {
	const start, end = `{"Sid":"sns","Effect":"Allow",`, `"Action":"lambda:InvokeFunction","Resource":"` + function + `"`
	for sentence, tt := range map[string]struct {
		change func(*policy.Permission)
		want   string
	}{
		"EX-F1 a service":  {nil, start + `"Principal":{"Service":"sns.amazonaws.com"},` + end + `}`},
		"EX-F2 an account": {func(p *policy.Permission) { p.Principal = "777788889999" }, start + `"Principal":{"AWS":"arn:aws:iam::777788889999:root"},` + end + `}`},
		"an account in China": {func(p *policy.Permission) {
			p.Principal, p.FunctionARN = "777788889999", "arn:aws-cn:lambda:cn-north-1:111122223333:function:f"
		}, start + `"Principal":{"AWS":"arn:aws-cn:iam::777788889999:root"},"Action":"lambda:InvokeFunction","Resource":"arn:aws-cn:lambda:cn-north-1:111122223333:function:f"}`},
		"EX-F3 a bucket of an account": {func(p *policy.Permission) {
			p.Principal, p.SourceARN, p.SourceAccount = "s3.amazonaws.com", "arn:aws:s3:::b", "111122223333"
		}, start + `"Principal":{"Service":"s3.amazonaws.com"},` + end +
			`,"Condition":{"StringEquals":{"AWS:SourceAccount":"111122223333"},"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::b"}}}`},
		"EX-F4 an organization": {func(p *policy.Permission) { p.Principal, p.PrincipalOrgID = "*", "o-a1b2c3d4e5" },
			start + `"Principal":"*",` + end + `,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}`},
		"a role": {func(p *policy.Permission) { p.Principal = "arn:aws:iam::777788889999:role/ext" },
			start + `"Principal":{"AWS":"arn:aws:iam::777788889999:role/ext"},` + end + `}`},
		"an alias": {func(p *policy.Permission) { p.FunctionARN += ":prod" },
			start + `"Principal":{"Service":"sns.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + function + `:prod"}`},
		"a function URL for everybody": {func(p *policy.Permission) {
			p.Principal, p.Action, p.FunctionURLAuthType = "*", "lambda:InvokeFunctionUrl", "NONE"
		}, start + `"Principal":"*","Action":"lambda:InvokeFunctionUrl","Resource":"` + function + `","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}}`},
		"its other half": {func(p *policy.Permission) { p.Principal, p.InvokedViaFunctionURL = "*", true },
			start + `"Principal":"*",` + end + `,"Condition":{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}}`},
		"an Alexa skill": {func(p *policy.Permission) {
			p.Principal, p.EventSourceToken = "alexa-appkit.amazon.com", "amzn1.ask.skill.x"
		}, start + `"Principal":{"Service":"alexa-appkit.amazon.com"},` + end + `,"Condition":{"StringEquals":{"lambda:EventSourceToken":"amzn1.ask.skill.x"}}}`},
		"every action of Lambda": {func(p *policy.Permission) { p.Action = "lambda:*" },
			start + `"Principal":{"Service":"sns.amazonaws.com"},"Action":"lambda:*","Resource":"` + function + `"}`},
	} {
		t.Run(sentence, func(t *testing.T) {
			st, err := permission(tt.change).Statement()
			require.NoError(t, err)
			doc := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{st}}
			require.NoError(t, doc.Check(policy.Resource))
			written, err := doc.MarshalJSON()
			require.NoError(t, err)
			assert.Equal(t, `{"Version":"2012-10-17","Statement":[`+tt.want+`]}`, string(written))
		})
	}
}

func TestPermission_refusesWhatLambdaRefuses(t *testing.T) {
	for sentence, tt := range map[string]struct {
		change func(*policy.Permission)
		want   string
	}{
		"no statement id":                  {func(p *policy.Permission) { p.StatementID = "" }, `StatementId: "" is no statement id`},
		"a statement id with a space":      {func(p *policy.Permission) { p.StatementID = "a b" }, `StatementId: "a b" is no statement id`},
		"a statement id of 101 letters":    {func(p *policy.Permission) { p.StatementID = strings.Repeat("a", 101) }, `is no statement id`},
		"an action of another service":     {func(p *policy.Permission) { p.Action = "s3:GetObject" }, `Action: "s3:GetObject" is no action of Lambda`},
		"an action with a wildcard":        {func(p *policy.Permission) { p.Action = "lambda:Get*" }, `Action: "lambda:Get*" is no action of Lambda`},
		"an action without a name":         {func(p *policy.Permission) { p.Action = "lambda:" }, `is no action of Lambda`},
		"no principal":                     {func(p *policy.Permission) { p.Principal = "" }, `Principal: "" is no service, account`},
		"a principal with a wildcard":      {func(p *policy.Permission) { p.Principal = "arn:aws:iam::777788889999:role/*" }, `has a wildcard`},
		"a group":                          {func(p *policy.Permission) { p.Principal = "arn:aws:iam::777788889999:group/g" }, `is a group`},
		"a name for a function":            {func(p *policy.Permission) { p.FunctionARN = "my-fn" }, `FunctionName: "my-fn" is no ARN`},
		"a layer for a function":           {func(p *policy.Permission) { p.FunctionARN = "arn:aws:lambda:us-east-1:111122223333:layer:l:1" }, `is no ARN of a Lambda function`},
		"B-33 $LATEST":                     {func(p *policy.Permission) { p.FunctionARN += ":$LATEST" }, `names $LATEST`},
		"a source that is no ARN":          {func(p *policy.Permission) { p.SourceARN = "arn:aws:s3" }, `SourceArn: "arn:aws:s3" is no ARN of six parts`},
		"a short account":                  {func(p *policy.Permission) { p.SourceAccount = "1" }, `SourceAccount: "1" is no account of 12 digits`},
		"an organization's unit":           {func(p *policy.Permission) { p.PrincipalOrgID = "ou-ab12-11111111" }, `PrincipalOrgID: "ou-ab12-11111111" is no organization`},
		"an unknown auth type":             {func(p *policy.Permission) { p.FunctionURLAuthType = "none" }, `FunctionUrlAuthType: "none" is neither NONE nor AWS_IAM`},
		"an auth type with InvokeFunction": {func(p *policy.Permission) { p.FunctionURLAuthType = "NONE" }, `goes with the action lambda:InvokeFunctionUrl only, not with "lambda:InvokeFunction"`},
		"via URL with another action":      {func(p *policy.Permission) { p.Action, p.InvokedViaFunctionURL = "lambda:GetFunction", true }, `goes with the action lambda:InvokeFunction only`},
		"a token with a space":             {func(p *policy.Permission) { p.EventSourceToken = "a b" }, `EventSourceToken: "a b" has more than 256 characters`},
	} {
		t.Run(sentence, func(t *testing.T) {
			st, err := permission(tt.change).Statement()
			assert.Zero(t, st)
			require.ErrorContains(t, err, tt.want)
			assert.Equal(t, []policy.Code{policy.Code("invalid-permission")}, codes(t, err))
		})
	}
	_, err := policy.Permission{}.Statement()
	assert.Len(t, codes(t, err), 4, "all of them at once")
}

func TestAddPermission(t *testing.T) {
	first, err := policy.AddPermission(nil, permission(nil))
	require.NoError(t, err)
	written, err := first.MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, `{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"sns","Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},`+
		`"Action":"lambda:InvokeFunction","Resource":"`+function+`"}]}`, string(written))

	t.Run("a second statement follows the first", func(t *testing.T) {
		second, err := policy.AddPermission(first, permission(func(p *policy.Permission) { p.StatementID = "s-2" }))
		require.NoError(t, err)
		require.Len(t, second.Statements, 2)
		assert.Equal(t, "s-2", second.Statements[1].Sid)
		assert.Len(t, first.Statements, 1, "the document that was given is left alone")
	})
	t.Run("a statement id is taken once", func(t *testing.T) {
		_, err := policy.AddPermission(first, permission(nil))
		require.ErrorIs(t, err, policy.Code("duplicate-sid"))
		assert.ErrorContains(t, err, "The statement id (sns) provided already exists.")
	})
	t.Run("a policy that was put whole is appended to", func(t *testing.T) {
		whole := parse(t, `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":["lambda:*"],"Resource":"*"}}`)
		added, err := policy.AddPermission(whole, permission(nil))
		require.NoError(t, err)
		written, err := added.MarshalJSON()
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(string(written), `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":["lambda:*"],"Resource":"*"},{"Sid":"sns",`), "%s", written)
	})
	t.Run("a grant that Lambda refuses", func(t *testing.T) {
		_, err := policy.AddPermission(first, policy.Permission{})
		assert.ErrorIs(t, err, policy.Code("invalid-permission"))
	})
	t.Run("a document that is no resource policy", func(t *testing.T) {
		_, err := policy.AddPermission(parse(t, allowing(`"Sid":"a"`)), permission(nil))
		assert.ErrorIs(t, err, policy.Code("missing-principal"))
	})
	t.Run("twenty kilobytes and no more", func(t *testing.T) {
		doc := first
		var err error
		for i := range 1000 {
			next, fault := policy.AddPermission(doc, permission(func(p *policy.Permission) { p.StatementID = strings.Repeat("a", i%100) + strings.Repeat("b", 1+i/100) }))
			if fault != nil {
				err = fault
				break
			}
			doc = next
		}
		require.ErrorIs(t, err, policy.Code("too-large"))
		written, err := doc.MarshalJSON()
		require.NoError(t, err)
		assert.LessOrEqual(t, len(written), 20<<10)
		assert.Greater(t, len(written), 19<<10)
	})
}

func TestLayerPermission(t *testing.T) {
	const layer = "arn:aws:lambda:us-east-1:111122223333:layer:l:3"
	good := policy.LayerPermission{StatementID: "org", Action: "lambda:GetLayerVersion", Principal: "*", OrganizationID: "o-a1b2c3d4e5", LayerVersionARN: layer}
	doc, err := policy.AddPermission(nil, good)
	require.NoError(t, err)
	written, err := doc.MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, `{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"org","Effect":"Allow","Principal":"*","Action":"lambda:GetLayerVersion",`+
		`"Resource":"`+layer+`","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}]}`, string(written))

	for sentence, tt := range map[string]struct {
		change func(*policy.LayerPermission)
		want   string
	}{
		"another action":                  {func(p *policy.LayerPermission) { p.Action = "lambda:*" }, `Action: "lambda:*" is not lambda:GetLayerVersion`},
		"a service":                       {func(p *policy.LayerPermission) { p.Principal, p.OrganizationID = "sns.amazonaws.com", "" }, `Principal: "sns.amazonaws.com" is no account`},
		"an organization with an account": {func(p *policy.LayerPermission) { p.Principal = "777788889999" }, `OrganizationId: "o-a1b2c3d4e5" goes with the principal "*" only`},
		"a layer without version":         {func(p *policy.LayerPermission) { p.LayerVersionARN = strings.TrimSuffix(layer, ":3") }, `is no ARN of a layer version`},
		"a function for a layer":          {func(p *policy.LayerPermission) { p.LayerVersionARN = function + ":1" }, `is no ARN of a layer version`},
	} {
		t.Run(sentence, func(t *testing.T) {
			p := good
			tt.change(&p)
			_, err := p.Statement()
			require.ErrorContains(t, err, tt.want)
			assert.Equal(t, []policy.Code{policy.Code("invalid-permission")}, codes(t, err))
		})
	}
}
