package policy_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
)

var everyKind = []policy.Kind{
	policy.Identity, policy.Resource, policy.Trust, policy.Boundary,
	policy.Session, policy.SCP, policy.RCP, policy.Endpoint,
}

// parse is a document that no kind-independent rule objects to.
func parse(t *testing.T, src string) *policy.Document {
	t.Helper()
	doc, err := policy.ParseString("", src)
	require.NoError(t, err)
	return doc
}

func TestCheck_oneOrdinaryDocumentOfEachKind(t *testing.T) {
	for _, tt := range []struct {
		kinds []policy.Kind
		src   string
	}{
		{[]policy.Kind{policy.Identity, policy.Boundary, policy.Session, policy.SCP},
			statement(`"Sid":"One","Effect":"Allow","Action":"lambda:*","Resource":"*"`)},
		{[]policy.Kind{policy.Resource, policy.Endpoint},
			statement(`"Sid":"EX-A32 allow_s3","Effect":"Allow","Principal":"*","Action":"lambda:*","Resource":"*"`)},
		{[]policy.Kind{policy.Resource},
			statement(`"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"lambda:*"`)},
		{[]policy.Kind{policy.Resource, policy.Trust},
			`{"Id":"x","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}`},
		{[]policy.Kind{policy.RCP, policy.Resource, policy.Endpoint},
			statement(`"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"`)},
	} {
		doc := parse(t, tt.src)
		var passed []policy.Kind
		for _, kind := range everyKind {
			if doc.Check(kind) == nil {
				passed = append(passed, kind)
			}
		}
		assert.ElementsMatch(t, tt.kinds, passed, tt.src)
	}
}

func TestCheck_perKind(t *testing.T) {
	identity := func(members string) string {
		return statement(`"Effect":"Allow","Action":"s3:*","Resource":"*"` + members)
	}
	trust := func(members string) string {
		return statement(`"Effect":"Allow","Principal":{"AWS":"111122223333"},` + members)
	}
	rcp := func(members string) string {
		return statement(`"Principal":"*","Resource":"*",` + members)
	}
	for sentence, tt := range map[string]struct {
		kind policy.Kind
		src  string
		want string // "" means that it is valid
		code policy.Code
	}{
		"EX-A7 an identity policy without Resource": {policy.Identity, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*"}]}`,
			`1:38: Statement[0]: a statement of an identity-based policy needs a Resource`, policy.Code("missing-resource")},
		"EX-A30 two statements with one Sid": {policy.Identity, `{"Version":"2012-10-17","Statement":[{"Sid":"One","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"One","Effect":"Allow","Action":"*","Resource":"*"}]}`,
			`1:104: Statement[1].Sid: "One" is the Sid of Statement[0] already`, policy.Code("duplicate-sid")},
		"EX-A31 a Sid with a hyphen": {policy.Identity, identity(`,"Sid":"allow-s3"`),
			`1:93: Statement[0].Sid: "allow-s3" is no Sid of an identity-based policy`, policy.Code("invalid-sid")},
		"EX-A33 an identity policy with an Id": {policy.Identity, `{"Id":"p1","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
			`1:7: Id: an identity-based policy has no Id`, policy.Code("invalid-id")},
		"EX-A59 a trust policy with NotPrincipal": {policy.Trust, statement(`"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"`),
			`1:55: Statement[0].NotPrincipal: a role trust policy has no NotPrincipal`, policy.Code("unsupported-notprincipal")},
		"EX-E51 a resource control policy about lambda": {policy.RCP, rcp(`"Effect":"Deny","Action":"lambda:*"`),
			`Statement[0].Action: "lambda:*": resource control policies do not reach the service "lambda"`, policy.Code("unsupported-service")},
		"two empty Sids":                                         {policy.Identity, `{"Statement":[{"Sid":"","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"","Effect":"Allow","Action":"*","Resource":"*"}]}`, "", ""},
		"one Sid twice in a resource policy":                     {policy.Resource, `{"Statement":[{"Sid":"a b","Effect":"Allow","Action":"*","Principal":"*"},{"Sid":"a b","Effect":"Allow","Action":"*","Principal":"*"}]}`, "", ""},
		"a principal in an identity policy":                      {policy.Identity, identity(`,"Principal":"*"`), `1:87: Statement[0].Principal: an identity-based policy has no Principal`, policy.Code("unsupported-principal")},
		"NotPrincipal in a session policy":                       {policy.Session, identity(`,"NotPrincipal":"*"`), `a session policy has no NotPrincipal`, policy.Code("unsupported-principal")},
		"a principal in a service control policy":                {policy.SCP, identity(`,"Principal":"*"`), `a service control policy has no Principal`, policy.Code("unsupported-principal")},
		"A-61 the full language in an SCP":                       {policy.SCP, statement(`"Effect":"Allow","NotAction":"iam:*User*","NotResource":"arn:aws:s3:::b","Condition":{"Null":{"k:x":true}}`), "", ""},
		"an Id in a boundary":                                    {policy.Boundary, `{"Id":"","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`, `Id: a permissions boundary has no Id`, policy.Code("invalid-id")},
		"a character that IAM does not take":                     {policy.Identity, identity(`,"Condition":{"StringEquals":{"k:x":"日"}}`), `1:123: has the character U+65E5`, policy.Code("invalid-character")},
		"the last character that IAM takes":                      {policy.Identity, identity(`,"Condition":{"StringEquals":{"k:x":"ÿÿÿÿ"}}`), "", ""},
		"a far character written as an escape":                   {policy.Identity, identity(`,"Condition":{"StringEquals":{"k:x":"\u65e5"}}`), "", ""},
		"any character in a resource policy":                     {policy.Resource, allowing(`"Principal":"*","Sid":"日"`), "", ""},
		"a resource policy without principal":                    {policy.Resource, identity(``), `a statement of a resource-based policy needs a Principal`, policy.Code("missing-principal")},
		"A-58 NotPrincipal with Allow":                           {policy.Resource, allowing(`"NotPrincipal":{"AWS":"111122223333"}`), "", ""},
		"an endpoint policy without principal":                   {policy.Endpoint, identity(``), `a statement of a VPC endpoint policy needs a Principal`, policy.Code("missing-principal")},
		"an endpoint policy without resource":                    {policy.Endpoint, statement(`"Effect":"Allow","Action":"*","Principal":"*"`), `needs a Resource or a NotResource`, policy.Code("missing-resource")},
		"NotPrincipal in an endpoint policy":                     {policy.Endpoint, allowing(`"NotPrincipal":{"AWS":"111122223333"}`), "", ""},
		"a trust policy of every action":                         {policy.Trust, trust(`"Action":["sts:AssumeRole","STS:assumerolewithsaml","sts:AssumeRoleWithWebIdentity","sts:TagSession","sts:SetSourceIdentity","sts:SetContext","sts:AssumeRole*","sts:*"]`), "", ""},
		"a trust policy with another action":                     {policy.Trust, trust(`"Action":["sts:AssumeRole","sts:GetCallerIdentity"]`), `Statement[0].Action[1]: "sts:GetCallerIdentity" has no place in a role trust policy`, policy.Code("unsupported-action")},
		"a trust policy with another action, which stands alone": {policy.Trust, trust(`"Action":"sts:GetCallerIdentity"`), `Statement[0].Action: "sts:GetCallerIdentity" has no place`, policy.Code("unsupported-action")},
		"a trust policy with another action, alone in a list":    {policy.Trust, trust(`"Action":["sts:GetCallerIdentity"]`), `Statement[0].Action[0]: "sts:GetCallerIdentity" has no place`, policy.Code("unsupported-action")},
		"a trust policy of all actions":                          {policy.Trust, trust(`"Action":"*"`), `"*" has no place in a role trust policy`, policy.Code("unsupported-action")},
		"a trust policy with NotAction":                          {policy.Trust, trust(`"NotAction":"sts:AssumeRole"`), `a role trust policy has no NotAction`, policy.Code("unsupported-action")},
		"A-43 a trust policy with a resource":                    {policy.Trust, trust(`"Action":"sts:AssumeRole","Resource":"*"`), `Statement[0].Resource: a role trust policy has no Resource`, policy.Code("unsupported-resource")},
		"a trust policy with NotResource":                        {policy.Trust, trust(`"Action":"sts:AssumeRole","NotResource":"*"`), `a role trust policy has no NotResource`, policy.Code("unsupported-resource")},
		"a trust policy without principal":                       {policy.Trust, statement(`"Effect":"Allow","Action":"sts:AssumeRole"`), `a statement of a role trust policy needs a Principal`, policy.Code("missing-principal")},
		"E-52 a trust policy for everybody":                      {policy.Trust, statement(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"`), "", ""},
		"a Sid with a space in a trust policy":                   {policy.Trust, trust(`"Action":"sts:AssumeRole","Sid":"a b"`), `is no Sid of a role trust policy`, policy.Code("invalid-sid")},
		"an RCP that denies":                                     {policy.RCP, rcp(`"Effect":"Deny","Action":["s3:*","STS:AssumeRole"]`), "", ""},
		"an RCP that allows":                                     {policy.RCP, rcp(`"Effect":"Allow","Action":"s3:*"`), `Statement[0].Effect: the Effect of a resource control policy is "Deny"`, policy.Code("unsupported-effect")},
		"E-6 RCPFullAWSAccess":                                   {policy.RCP, rcp(`"Effect":"Allow","Action":"*"`), "", ""},
		"an RCP about every action":                              {policy.RCP, rcp(`"Effect":"Deny","Action":"*"`), `"*" is no action of a resource control policy`, policy.Code("unsupported-service")},
		"an RCP with a wildcard in the service":                  {policy.RCP, rcp(`"Effect":"Deny","Action":"s?:*"`), `do not reach the service "s?"`, policy.Code("unsupported-service")},
		"an RCP with NotAction":                                  {policy.RCP, rcp(`"Effect":"Deny","NotAction":"s3:*"`), `a resource control policy has no NotAction`, policy.Code("unsupported-element")},
		"an RCP with a principal":                                {policy.RCP, statement(`"Effect":"Deny","Action":"s3:*","Resource":"*","Principal":{"AWS":"*"}`), `the Principal of a resource control policy is "*"`, policy.Code("unsupported-element")},
		"an RCP with NotPrincipal":                               {policy.RCP, statement(`"Effect":"Deny","Action":"s3:*","Resource":"*","NotPrincipal":"*"`), `a resource control policy has no NotPrincipal`, policy.Code("unsupported-element")},
		"an RCP without resource":                                {policy.RCP, statement(`"Effect":"Deny","Action":"s3:*","Principal":"*"`), `needs a Resource or a NotResource`, policy.Code("missing-resource")},
		"an RCP with NotResource":                                {policy.RCP, statement(`"Effect":"Deny","Action":"s3:*","Principal":"*","NotResource":"arn:aws:s3:::b"`), "", ""},
		"an RCP of the older version":                            {policy.RCP, `{"Version":"2008-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Principal":"*","Resource":"*"}}`, `1:12: Version: a resource control policy needs the Version "2012-10-17"`, policy.Code("invalid-version")},
		"an RCP without version":                                 {policy.RCP, `{"Statement":{"Effect":"Deny","Action":"s3:*","Principal":"*","Resource":"*"}}`, `1:1: a resource control policy needs the Version`, policy.Code("invalid-version")},
		"the zero kind":                                          {0, identity(``), `0 is no kind of policy`, policy.Code("invalid-kind")},
	} {
		t.Run(sentence, func(t *testing.T) {
			err := parse(t, tt.src).Check(tt.kind)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
			assert.Equal(t, []policy.Code{tt.code}, codes(t, err), "one mistake is one fault: %v", err)
		})
	}
}

func TestCheck_findsInLiteralsWhatParseFindsInTexts(t *testing.T) {
	everyone := &policy.Principals{Everyone: true}
	equals := policy.Operator{Test: policy.StringEquals}
	one := func(st policy.Statement) *policy.Document {
		return &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{st}}
	}
	allow := func(change func(*policy.Statement)) *policy.Document {
		st := policy.Statement{Effect: policy.Allow, Action: policy.Values{"s3:*"}, Resource: policy.Values{"*"}, Principal: everyone}
		change(&st)
		return one(st)
	}
	require.NoError(t, allow(func(*policy.Statement) {}).Check(policy.Resource))
	for sentence, tt := range map[string]struct {
		doc  *policy.Document
		want string
	}{
		"the zero document": {new(policy.Document), `a policy needs at least one Statement`},
		"the zero statement": {one(policy.Statement{Principal: everyone}),
			"Statement[0]: a statement needs an Effect, \"Allow\" or \"Deny\"\nStatement[0]: a statement needs an Action or a NotAction"},
		"an effect out of range":    {allow(func(st *policy.Statement) { st.Effect = 7 }), `Statement[0].Effect: 7 is no effect; allowed are Allow and Deny`},
		"an operator without test":  {allow(func(st *policy.Statement) { st.Condition = []policy.Condition{{Key: "k:x"}} }), `Statement[0].Condition: a condition needs an operator`},
		"the second of two actions": {allow(func(st *policy.Statement) { st.Action = policy.Values{"s3:*", "x"} }), `Statement[0].Action[1]: "x" has no service prefix; write it as "service:Action"`},
		"the only action":           {allow(func(st *policy.Statement) { st.Action = policy.Values{"x"} }), `Statement[0].Action: "x" has no service prefix; write it as "service:Action"`},
		"everyone and somebody": {allow(func(st *policy.Statement) {
			st.Principal = &policy.Principals{Everyone: true, Entries: []policy.PrincipalEntry{{Type: "AWS"}}}
		}), `Statement[0].Principal: is either "*" or a map, not both`},
		"a kind of principal twice": {allow(func(st *policy.Statement) {
			st.Principal = &policy.Principals{Entries: []policy.PrincipalEntry{{Type: "AWS"}, {Type: "AWS"}}}
		}), `Statement[0].Principal.AWS: "AWS" is written twice in one object`},
		"an unknown kind": {allow(func(st *policy.Statement) {
			st.Principal = &policy.Principals{Entries: []policy.PrincipalEntry{{Type: "Group"}}}
		}), `Statement[0].Principal.Group: "Group" is no kind of principal; allowed are AWS, Service, Federated or CanonicalUser`},
		"a condition key twice": {allow(func(st *policy.Statement) {
			st.Condition = []policy.Condition{{Operator: equals, Key: "k:x"}, {Operator: equals, Key: "k:x"}}
		}), `Statement[0].Condition.StringEquals.k:x: "k:x" is written twice in one operator`},
		"a condition key folded": {allow(func(st *policy.Statement) {
			st.Condition = []policy.Condition{{Operator: equals, Key: "k:x"}, {Operator: equals, Key: "K:x"}}
		}), `Statement[0].Condition.StringEquals.K:x: "K:x" is the same condition key as "k:x": keys compare without case`},
		"a condition key twice, and a fault in the next statement": {&policy.Document{Version: policy.Version2012, Statements: append(allow(func(st *policy.Statement) {
			st.Condition = []policy.Condition{{Operator: equals, Key: "k:x"}, {Operator: equals, Key: "k:x"}}
		}).Statements, policy.Statement{Effect: policy.Allow, Principal: everyone, Resource: policy.Values{"*"}})},
			"Statement[0].Condition.StringEquals.k:x: \"k:x\" is written twice in one operator\nStatement[1]: a statement needs an Action or a NotAction"},
		"a version that is none": {&policy.Document{Version: "2026-01-01", Statements: allow(func(*policy.Statement) {}).Statements}, `Version: "2026-01-01" is no version of the policy language; allowed are "2012-10-17" and "2008-10-17"`},
		"a null that is not Boolean": {allow(func(st *policy.Statement) {
			st.Condition = []policy.Condition{{Operator: policy.Operator{Test: policy.Null}, Key: "k:x", Values: policy.Values{"1"}}}
		}), `Statement[0].Condition.Null.k:x: "1" is no value of Null; allowed are "true" and "false"`},
	} {
		t.Run(sentence, func(t *testing.T) {
			assert.EqualError(t, tt.doc.Check(policy.Resource), tt.want)
			_, err := tt.doc.MarshalJSON()
			assert.EqualError(t, err, tt.want, "what Parse would refuse is not written")
		})
	}
	t.Run("a far character in an identity policy", func(t *testing.T) {
		doc := allow(func(st *policy.Statement) {
			st.Principal = nil
			st.Condition = []policy.Condition{{Operator: equals, Key: "k:x", Values: policy.Values{"日"}}}
		})
		assert.EqualError(t, doc.Check(policy.Identity),
			`Statement[0].Condition.StringEquals.k:x: has the character U+65E5, and IAM takes none above U+00FF in "日"`)
	})
}

func TestCheck_afterAChangeToAParsedDocument(t *testing.T) {
	doc := parse(t, allowing(`"Sid":"A"`))
	require.NoError(t, doc.Check(policy.Identity))
	doc.Statements[0].Action = policy.Values{"nothing"}
	assert.ErrorIs(t, doc.Check(policy.Identity), policy.Code("missing-action-prefix"))
}

func TestError_AWSMessage(t *testing.T) {
	for _, tt := range []struct {
		kind policy.Kind
		src  string
		want string
	}{
		{policy.Identity, `{`, `Syntax errors in policy.`},
		{policy.Identity, statement(`"Effect":"allow","Action":"*","Resource":"*"`), `Syntax errors in policy.`},
		{policy.Identity, allowing(`"NotResource":"*"`), `Syntax errors in policy.`},
		{policy.Identity, allowing(`"Principal":"*"`), `Policy document should not specify a principal.`},
		{policy.Identity, statement(`"Effect":"Allow","Resource":"*"`), `Policy statement must contain actions.`},
		{policy.Identity, statement(`"Effect":"Allow","Action":"*"`), `Policy statement must contain resources.`},
		{policy.Identity, statement(`"Effect":"Allow","Action":"x","Resource":"*"`), `Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.`},
		{policy.Identity, statement(`"Effect":"Allow","Action":"a b:c","Resource":"*"`), `Vendor a b is not valid`},
		{policy.Identity, statement(`"Effect":"Allow","Action":"*","Resource":"x"`), `Resource x must be in ARN format or "*".`},
		{policy.Identity, statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws"`), `The policy failed legacy parsing`},
		{policy.Identity, statement(`"Effect":"Allow","Action":"*","Resource":"arn::s3:::b"`), `Partition "" is not valid for resource "arn::s3:::b".`},
		{policy.Session, statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3"`), `The policy failed legacy parsing`},
		{policy.Identity, statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:iam:us-east-1:111122223333:role/app"`),
			`IAM resource arn:aws:iam:us-east-1:111122223333:role/app cannot contain region information.`},
		{policy.Identity, statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:iam::111122223333:u*"`),
			`IAM resource path must either be "*", root, or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.`},
		{policy.Identity, statement(`"Effect":"Allow","Action":"*","Resource":"arn:x:s3:::b"`), `Partition "x" is not valid for resource "arn:x:s3:::b".`},
		{policy.Trust, statement(`"Effect":"Allow","Action":"s3:*","Principal":"*"`), `AssumeRole policy may only specify STS AssumeRole actions.`},
		{policy.Trust, statement(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Resource":"*"`), `Has prohibited field Resource`},
		{policy.Trust, statement(`"Effect":"Deny","Action":"sts:AssumeRole","NotPrincipal":"*"`), `AssumeRole policy must not contain NotPrincipal field.`},
		{policy.Identity, condition(`"Bool":{"k:x":"true","K:x":"true"}`), ``},
	} {
		doc, err := policy.ParseString("", tt.src)
		if err == nil {
			err = doc.Check(tt.kind)
		}
		var fault *policy.Error
		if assert.ErrorAs(t, err, &fault, tt.src) {
			assert.Equal(t, tt.want, fault.AWSMessage(), tt.src)
		}
	}
}

func TestOfResource(t *testing.T) {
	for resource, want := range map[string]policy.Kind{
		"arn:aws:iam::123456789012:role/exec":                  policy.Trust,
		"arn:aws-cn:iam::123456789012:role/path/exec":          policy.Trust,
		"arn:aws:iam::123456789012:user/role/exec":             policy.Resource,
		"arn:aws:sts::123456789012:assumed-role/exec/s":        policy.Resource,
		"arn:aws:lambda:us-east-1:123456789012:role/exec":      policy.Resource,
		"arn:aws:lambda:us-east-1:123456789012:function:f":     policy.Resource,
		"arn:aws:iam::123456789012:roles-anywhere-profile/p-1": policy.Resource,
		"*":    policy.Resource,
		"":     policy.Resource,
		"role": policy.Resource,
	} {
		assert.Equal(t, want, policy.OfResource(resource), resource)
	}
}

func TestNamesPrincipals(t *testing.T) {
	deny := policy.Statement{Effect: policy.Deny, Action: policy.Values{"*"}, Resource: policy.Values{"*"}}
	named, not := deny, deny
	named.Principal, not.NotPrincipal = &policy.Principals{Everyone: true}, &policy.Principals{Everyone: true}
	for name, tc := range map[string]struct {
		statements []policy.Statement
		want       bool
	}{
		"no statement":                      {nil, false},
		"no statement names one":            {[]policy.Statement{deny, deny}, false},
		"one of several has a Principal":    {[]policy.Statement{deny, named}, true},
		"one of several has a NotPrincipal": {[]policy.Statement{deny, not}, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := policy.Document{Version: policy.Version2012, Statements: tc.statements}
			assert.Equal(t, tc.want, d.NamesPrincipals())
		})
	}
}

func TestRCPSupports(t *testing.T) {
	for _, service := range []string{"s3", "sts", "kms", "dynamodb", "secretsmanager", "events", "logs", "aoss", "xray", "S3", "Sts"} {
		assert.True(t, policy.RCPSupports(service), service)
	}
	for _, service := range []string{"lambda", "iam", "", "s", "s3-but-longer-than-any-name-of-a-service"} {
		assert.False(t, policy.RCPSupports(service), service)
	}
}

func TestPosition(t *testing.T) {
	doc := parse(t, strings.ReplaceAll(`{
§"Version": "2012-10-17",
§"Statement": [
§§{"Effect": "Allow", "Action": "s3:*", "Resource": ["*"]},
§§{"Effect": "Deny", "NotAction": ["s3:Gé*", "s3:Put*"], "Resource": "*",
§§ "Condition": {"StringEquals": {"aws:username": ["a", "b"], "k:\u0078": "c"}}}
§]
}`, "§", "\t"))
	for _, tt := range []struct {
		path         []any
		line, column int
	}{
		{nil, 1, 1},
		{[]any{"Version"}, 2, 13},
		{[]any{"Statement"}, 3, 15},
		{[]any{"Statement", 1}, 5, 3},
		{[]any{"Statement", 0, "Action"}, 4, 33},
		{[]any{"Statement", 0, "Action", 0}, 4, 33},
		{[]any{"Statement", 0, "Resource", 0}, 4, 54},
		{[]any{"Statement", 1, "NotAction", 1}, 5, 46},
		{[]any{"Statement", 1, "Condition", "StringEquals", "aws:username", 1}, 6, 57},
		{[]any{"Statement", 1, "Condition", "StringEquals", "k:x"}, 6, 75},
		{[]any{"Statement", 2}, 0, 0},
		{[]any{"Statement", 0, "Action", 1}, 0, 0},
		{[]any{"Statement", 0, "Sid"}, 0, 0},
		{[]any{3.5}, 0, 0},
	} {
		line, column := doc.Position(tt.path...)
		assert.Equal(t, [2]int{tt.line, tt.column}, [2]int{line, column}, "%v", tt.path)
	}

	for _, tt := range []struct {
		path []any
		text string
	}{
		{nil, doc.Text()},
		{[]any{"Version"}, `"2012-10-17"`},
		{[]any{"Statement", 1, "NotAction", 0}, `"s3:Gé*"`},
		{[]any{"Statement", 0, "Action"}, `"s3:*"`},
		{[]any{"Statement", 1, "Condition", "StringEquals", "aws:username"}, `["a", "b"]`},
		{[]any{"Statement", 3}, ""},
	} {
		from, to := doc.Span(tt.path...)
		assert.Equal(t, tt.text, doc.Text()[from.Offset:to.Offset], "%v", tt.path)
	}
	from, to := doc.KeySpan("Statement", 1, "Condition", "StringEquals")
	assert.Equal(t, `"StringEquals"`, doc.Text()[from.Offset:to.Offset])
	assert.Equal(t, policy.Mark{Offset: from.Offset, Line: 6, Column: 18}, from)
	assert.Equal(t, from.Column+len(`"StringEquals"`), to.Column)

	whole := parse(t, "{\n \"Id\" :\n  \"é\",\n \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\",\n  \"Condition\": {\"StringLike\": {\"k:\\\\\": 5 , \"k:\\\"x\": [\n\"a\" ]}}}}")
	for _, tt := range []struct {
		path            []any
		text, key       string
		from, to, named policy.Mark // lines and columns
	}{
		{[]any{"Id"}, `"é"`, `"Id"`, policy.Mark{Line: 3, Column: 3}, policy.Mark{Line: 3, Column: 6}, policy.Mark{Line: 2, Column: 2}},
		{[]any{"Statement", 0, "Action"}, `"*"`, `"Action"`, policy.Mark{Line: 4, Column: 45}, policy.Mark{Line: 4, Column: 48}, policy.Mark{Line: 4, Column: 35}},
		{[]any{"Statement", 0, "Action", 0}, `"*"`, `"Action"`, policy.Mark{Line: 4, Column: 45}, policy.Mark{Line: 4, Column: 48}, policy.Mark{Line: 4, Column: 35}},
		{[]any{"Statement", 0, "Condition", "StringLike", `k:\`}, "5", `"k:\\"`, policy.Mark{Line: 5, Column: 40}, policy.Mark{Line: 5, Column: 41}, policy.Mark{Line: 5, Column: 32}},
		{[]any{"Statement", 0, "Condition", "StringLike", `k:"x`}, "[\n\"a\" ]", `"k:\"x"`, policy.Mark{Line: 5, Column: 53}, policy.Mark{Line: 6, Column: 6}, policy.Mark{Line: 5, Column: 44}},
		{[]any{"Statement", 0, "Condition", "StringLike", `k:"x`, 0}, `"a"`, "", policy.Mark{Line: 6, Column: 1}, policy.Mark{Line: 6, Column: 4}, policy.Mark{}},
		{[]any{"Version"}, "", "", policy.Mark{}, policy.Mark{}, policy.Mark{}},
	} {
		place := func(m policy.Mark) policy.Mark { return policy.Mark{Line: m.Line, Column: m.Column} }
		from, to := whole.Span(tt.path...)
		assert.Equal(t, tt.text, whole.Text()[from.Offset:to.Offset], "%v", tt.path)
		assert.Equal(t, [2]policy.Mark{tt.from, tt.to}, [2]policy.Mark{place(from), place(to)}, "%v", tt.path)
		from, to = whole.KeySpan(tt.path...)
		assert.Equal(t, tt.key, whole.Text()[from.Offset:to.Offset], "%v", tt.path)
		assert.Equal(t, tt.named, place(from), "%v", tt.path)
		assert.Equal(t, from.Column+utf8.RuneCountInString(tt.key), to.Column, "%v", tt.path)
		assert.Equal(t, from.Line, to.Line, "%v", tt.path)
	}

	behind := parse(t, `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}],"Id":"x","Version":"2012-10-17"}`)
	for _, name := range []string{"Id", "Version"} {
		line, column := behind.Position("Statement", 0, name)
		assert.Equal(t, [2]int{0, 0}, [2]int{line, column}, "what stands behind a statement is not of it")
	}

	single := parse(t, `{"Statement":{"Effect":"Allow","Action":"*"}}`)
	line, column := single.Position("Statement", 0, "Action", 0)
	assert.Equal(t, [2]int{1, 41}, [2]int{line, column}, "a single statement is a list of one")

	// A walk over the whole text for each would take minutes.
	const many = 20000
	long := parse(t, `{"Statement":[`+strings.Repeat("\n"+`{"Effect":"Allow","Action":"*","Resource":"*"},`, many-1)+"\n"+`{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	for i := range many {
		line, column := long.Position("Statement", i, "Action", 0)
		require.Equal(t, [2]int{i + 2, 28}, [2]int{line, column})
	}

	line, column = new(policy.Document).Position()
	assert.Equal(t, [2]int{0, 0}, [2]int{line, column}, "a literal has no text")
}
