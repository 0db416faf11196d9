package policy_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
)

// statement is a document of one statement with the given members.
func statement(members string) string {
	return `{"Version":"2012-10-17","Statement":[{` + members + `}]}`
}

// allowing is a statement that lacks nothing, and has more members.
func allowing(more string) string {
	return statement(`"Effect":"Allow","Action":"s3:*","Resource":"*",` + more)
}

// condition is a statement with a Condition.
func condition(blocks string) string { return allowing(`"Condition":{` + blocks + `}`) }

// codes are the codes of the faults in err, in order.
func codes(t *testing.T, err error) []policy.Code {
	t.Helper()
	if err == nil {
		return nil
	}
	var faults policy.Errors
	require.ErrorAs(t, err, &faults)
	var codes []policy.Code
	for _, fault := range faults {
		codes = append(codes, fault.Code)
	}
	return codes
}

func TestParse_accepts(t *testing.T) {
	for sentence, src := range map[string]string{
		"EX-A1 one statement as an object":         `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"*"}}`,
		"EX-A5 an empty list of actions":           `{"Statement":[{"Effect":"Allow","Action":[],"Resource":"*"}]}`,
		"EX-A8 a boolean value":                    condition(`"Bool":{"aws:SecureTransport":true}`),
		"EX-A8 the same as a list of a string":     condition(`"Bool":{"aws:SecureTransport":["true"]}`),
		"the older version":                        `{"Version":"2008-10-17","Statement":[{"Effect":"Deny","NotAction":"iam:*","NotResource":"*"}]}`,
		"the members of a statement in any order":  statement(`"Resource":"*","Condition":{},"Action":"*","Effect":"Deny","Sid":""`),
		"a statement without Resource":             statement(`"Effect":"Allow","Action":"*","Principal":"*"`),
		"white space around everything":            " \t\r\n" + allowing(`"Sid":"A"`) + "\n\n",
		"an action with a wildcard in the service": statement(`"Effect":"Allow","Action":["*:*","s?:Get*","**"],"Resource":"*"`),
		"an action with a space, as AWS has some":  statement(`"Effect":"Allow","Action":["ec2: DescribeAccountAttributes","lambda:ListFunctions "],"Resource":"*"`),
		"an ARN of three parts with a final star":  statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:lambda:*"`),
		"a wildcard in the partition":              statement(`"Effect":"Allow","Action":"*","Resource":"arn:*:lambda:us-?ast-1:111122223333:function:f"`),
		"a partition that is not aws":              statement(`"Effect":"Allow","Action":"*","Resource":["arn:aws-cn:s3:::b","arn:aws-iso-b:s3:::b"]`),
		"a variable with a colon for an account":   statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalTag/a:b}"`),
		"a variable in the account field":          statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:iam::${aws:PrincipalAccount}:role/x"`),
		"a variable with a default":                statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b-${aws:PrincipalTag/team, 'company-wide'}/*"`),
		"escapes for wildcards":                    statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${*}${?}${$}"`),
		"a dollar sign alone":                      statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:lambda:us-east-1:111122223333:function:f:$LATEST"`),
		"variables are text in the older version":  `{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${"}}`,
		"C-42 a variable with Bool":                condition(`"Bool":{"k:x":"${aws:SecureTransport}"}`),
		"a set operator with Null":                 condition(`"ForAllValues:Null":{"k:x":[true,false]}`),
		"an operator without keys":                 condition(`"StringEquals":{}`),
		"an empty list of values":                  condition(`"StringEquals":{"k:x":[]}`),
		"a key without a colon, as AWS has one":    condition(`"StringEquals":{"PassedToService":"x"}`),
		"one key in two operators":                 condition(`"StringEquals":{"k:x":"1"},"StringLike":{"K:X":"1"}`),
		"principals of every form": statement(`"Effect":"Allow","Action":"*","Principal":{"AWS":["123456789012","arn:aws:iam::123456789012:root",` +
			`"arn:aws:iam::123456789012:user/path/to/alice","arn:aws:iam::123456789012:role/app","arn:aws:sts::123456789012:assumed-role/app/s1",` +
			`"arn:aws:sts::123456789012:federated-user/temp","*","AIDAALICE","AROAAPP","arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"],` +
			`"Service":"lambda.amazonaws.com","Federated":["accounts.google.com","arn:aws:iam::123456789012:saml-provider/x","arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/E"],` +
			`"CanonicalUser":"79a59df900b949e55d96a1e698fbaced"}`),
	} {
		t.Run(sentence, func(t *testing.T) {
			_, err := policy.Parse("", []byte(src))
			require.NoError(t, err)
		})
	}
}

func TestParse_refuses(t *testing.T) {
	type refusal struct {
		src  string
		want string // of the error, up to the message's details
		code policy.Code
	}
	for sentence, tt := range map[string]refusal{
		"EX-A2 an effect in lower case": {`{"Version":"2012-10-17","Statement":[{"Effect":"allow","Action":"lambda:GetFunction","Resource":"*"}]}`,
			`1:48: Statement[0].Effect: "allow" is no effect; did you mean "Allow"?`, policy.Code("invalid-effect")},
		"EX-A3 a key twice": {`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}]}`,
			`1:56: Statement[0].Effect: "Effect" is written twice in one object`, policy.Code("duplicate-key")},
		"a key twice, once with an escape": {`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","\u0045ffect":"Deny","Action":"*","Resource":"*"}]}`,
			`1:56: Statement[0].Effect: "Effect" is written twice`, policy.Code("duplicate-key")},
		"EX-A4 Action and NotAction": {`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","NotAction":"s3:Put*","Resource":"*"}]}`,
			`1:72: Statement[0].NotAction: a statement has Action or NotAction, not both`, policy.Code("unsupported-element-combination")},
		"EX-A6 no Statement":                {`{"Version":"2012-10-17"}`, `1:1: a policy needs at least one Statement`, policy.Code("missing-statement")},
		"EX-A23 a version that is none":     {`{"Version":"2012-10-18","Statement":{"Effect":"Allow","Action":"*"}}`, `1:12: Version: "2012-10-18" is no version`, policy.Code("invalid-version")},
		"EX-A52 a wildcard in a principal":  {statement(`"Effect":"Allow","Action":"*","Principal":{"AWS":"arn:aws:iam::111122223333:user/*"}`), `Statement[0].Principal.AWS: "arn:aws:iam::111122223333:user/*" has a wildcard`, policy.Code("principal-wildcard")},
		"EX-C27 Null with IfExists":         {condition(`"NullIfExists":{"k:x":"true"}`), `Statement[0].Condition.NullIfExists: "NullIfExists" asks for IfExists with Null`, policy.Code("null-if-exists")},
		"EX-C67 a variable with a number":   {condition(`"NumericEquals":{"k:x":"${aws:EpochTime}"}`), `Statement[0].Condition.NumericEquals.k:x: has a policy variable`, policy.Code("invalid-variable-for-operator")},
		"an empty Statement":                {`{"Statement":[]}`, `1:14: Statement: a policy needs at least one Statement`, policy.Code("missing-statement")},
		"an empty Version":                  {`{"Version":"","Statement":{"Effect":"Allow","Action":"*"}}`, `1:12: Version: "" is no version`, policy.Code("invalid-version")},
		"a Version that is a number":        {`{"Version":2012,"Statement":{"Effect":"Allow","Action":"*"}}`, `1:12: Version: must be a string, not a number`, policy.Code("invalid-type")},
		"an element of the wrong case":      {allowing(`"sid":"x"`), `"sid" is no element of a statement; did you mean "Sid"?`, policy.Code("unknown-element")},
		"an unknown element of a policy":    {`{"Statment":[],"Statement":{"Effect":"Allow","Action":"*"}}`, `1:2: Statment: "Statment" is no element of a policy; did you mean "Statement"?`, policy.Code("unknown-element")},
		"an unknown element nobody knows":   {allowing(`"Comment":"x"`), `"Comment" is no element of a statement; `, policy.Code("unknown-element")},
		"no Effect":                         {statement(`"Action":"*","Resource":"*"`), `1:38: Statement[0]: a statement needs an Effect`, policy.Code("missing-effect")},
		"no Action":                         {statement(`"Effect":"Deny","Resource":"*"`), `1:38: Statement[0]: a statement needs an Action`, policy.Code("missing-action")},
		"Resource and NotResource":          {allowing(`"NotResource":"*"`), `NotResource: a statement has Resource or NotResource, not both`, policy.Code("unsupported-element-combination")},
		"Principal and NotPrincipal":        {allowing(`"Principal":"*","NotPrincipal":"*"`), `NotPrincipal: a statement has Principal or NotPrincipal, not both`, policy.Code("unsupported-element-combination")},
		"a statement that is a string":      {`{"Statement":["x"]}`, `1:15: Statement[0]: must be an object, not a string`, policy.Code("invalid-type")},
		"a Statement that is a string":      {`{"Statement":"x"}`, `1:14: Statement: must be an object or a list of objects, not a string`, policy.Code("invalid-type")},
		"a document that is a list":         {`[]`, `1:1: must be an object with Version and Statement, not a list`, policy.Code("invalid-type")},
		"a document that is a number":       {`1`, `1:1: must be an object with Version and Statement, not a number`, policy.Code("invalid-type")},
		"an action that is null":            {statement(`"Effect":"Allow","Action":null,"Resource":"*"`), `Action: must be a string or a list of strings, not null`, policy.Code("invalid-type")},
		"an action that is a number":        {statement(`"Effect":"Allow","Action":["s3:*",5],"Resource":"*"`), `Statement[0].Action[1]: must be a string, not a number`, policy.Code("invalid-type")},
		"a list in a list":                  {statement(`"Effect":"Allow","Action":[["s3:*"]],"Resource":"*"`), `Statement[0].Action[0]: must be a string, not a list`, policy.Code("invalid-type")},
		"an action without a service":       {statement(`"Effect":"Allow","Action":"GetFunction","Resource":"*"`), `"GetFunction" has no service prefix`, policy.Code("missing-action-prefix")},
		"an action without a name":          {statement(`"Effect":"Allow","Action":"lambda:","Resource":"*"`), `"lambda:" names no action`, policy.Code("invalid-action")},
		"an empty action":                   {statement(`"Effect":"Allow","Action":"","Resource":"*"`), `Statement[0].Action: an action is not empty`, policy.Code("invalid-action")},
		"an odd service":                    {statement(`"Effect":"Allow","Action":"lam bda:Get","Resource":"*"`), `"lam bda" is no service prefix`, policy.Code("invalid-action-prefix")},
		"a variable in an action":           {statement(`"Effect":"Allow","Action":"lambda:${aws:username}","Resource":"*"`), `has a policy variable`, policy.Code("variable-unsupported-in-element")},
		"a resource without a colon":        {statement(`"Effect":"Allow","Action":"*","Resource":"my-function"`), `"my-function" is neither "*" nor an ARN`, policy.Code("invalid-resource")},
		"an empty resource":                 {statement(`"Effect":"Allow","Action":"*","Resource":""`), `"" is neither "*" nor an ARN`, policy.Code("invalid-resource")},
		"an ARN without a service":          {statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws"`), `"arn:aws" names no service`, policy.Code("missing-arn-field")},
		"colons in a variable do not count": {statement(`"Effect":"Allow","Action":"*","Resource":"arn:${aws:PrincipalTag/x:y:z}"`), `names no service`, policy.Code("missing-arn-field")},
		"a partition that is none":          {statement(`"Effect":"Allow","Action":"*","Resource":"arn:amazon:s3:::b"`), `"amazon" in "arn:amazon:s3:::b" is no partition`, policy.Code("invalid-partition")},
		"a misspelt operator":               {condition(`"StringEqual":{"k:x":"1"}`), `Statement[0].Condition.StringEqual: "StringEqual" is no condition operator; did you mean "StringEquals"?`, policy.Code("invalid-operator")},
		"an operator of the wrong case":     {condition(`"forallvalues:stringlikeifexists":{"k:x":"1"}`), `did you mean "ForAllValues:StringLikeIfExists"?`, policy.Code("invalid-operator")},
		"an operator that does not exist":   {condition(`"BoolNot":{"k:x":"true"}`), `"BoolNot" is no condition operator`, policy.Code("invalid-operator")},
		"an operator twice":                 {condition(`"Bool":{"k:x":"true"},"Bool":{"k:y":"true"}`), `"Bool" is written twice`, policy.Code("duplicate-key")},
		"a condition key twice":             {condition(`"Bool":{"k:x":"true","k:x":"true"}`), `"k:x" is written twice`, policy.Code("duplicate-key")},
		"C-4 a condition key in two cases":  {condition(`"Bool":{"k:x":"true","K:X":"true"}`), `"K:X" is the same condition key as "k:x"`, policy.Code("duplicate-key-different-case")},
		"an empty condition key":            {condition(`"Bool":{"":"true"}`), `a condition key is not empty`, policy.Code("invalid-condition-key")},
		"a variable in a condition key":     {condition(`"Bool":{"aws:PrincipalTag/${aws:username}":"true"}`), `has a policy variable in a condition key`, policy.Code("variable-unsupported-in-element")},
		"a value that is null":              {condition(`"Bool":{"k:x":null}`), `must be a string, a number or a boolean, not null`, policy.Code("invalid-type")},
		"a value of Null that is an object": {condition(`"Null":{"k:x":{}}`), `must be a string, a number or a boolean, not an object`, policy.Code("invalid-type")},
		"a NotResource that is no ARN":      {statement(`"Effect":"Allow","Action":"*","NotResource":"bucket"`), `Statement[0].NotResource: "bucket" is neither "*" nor an ARN`, policy.Code("invalid-resource")},
		"a NotAction without service":       {statement(`"Effect":"Allow","NotAction":"GetObject","Resource":"*"`), `Statement[0].NotAction: "GetObject" has no service prefix`, policy.Code("missing-action-prefix")},
		"a value that is an object":         {condition(`"Bool":{"k:x":[{}]}`), `must be a string, a number or a boolean, not an object`, policy.Code("invalid-type")},
		"A-9 values of two types":           {condition(`"Bool":{"k:x":["true",false]}`), `k:x[1]: is a boolean in a list that begins with a string`, policy.Code("mixed-types")},
		"an operator block that is a list":  {condition(`"Bool":[]`), `must be an object of condition keys, not a list`, policy.Code("invalid-type")},
		"a Condition that is a list":        {allowing(`"Condition":[]`), `Condition: must be an object, not a list`, policy.Code("invalid-type")},
		"L-11 Null with another text":       {condition(`"Null":{"k:x":"yes"}`), `"yes" is no value of Null`, policy.Code("invalid-null")},
		"L-11 Null with an empty text":      {condition(`"Null":{"k:x":""}`), `"" is no value of Null`, policy.Code("invalid-null")},
		"a variable without a brace":        {condition(`"StringEquals":{"k:x":"${aws:username"}`), `has no closing "}"`, policy.Code("missing-brace-in-variable")},
		"a variable without a quote":        {condition(`"StringEquals":{"k:x":"${aws:username, x}"}`), `needs its default in single quotes`, policy.Code("missing-quote-in-variable")},
		"a variable with a space":           {statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws: username}"`), `has a space`, policy.Code("unsupported-space-in-variable")},
		"a variable without a key":          {condition(`"StringEquals":{"k:x":"${}"}`), `names no key`, policy.Code("empty-variable")},
		"an element of the policy twice":    {`{"Id":"a","Id":"b","Statement":{"Effect":"Allow","Action":"*"}}`, `1:11: Id: "Id" is written twice in one object`, policy.Code("duplicate-key")},
		"a fault behind a condition":        {allowing(`"Condition":{"Bool":{"k:x":"true"}},"Sid":5`), `Statement[0].Sid: must be a string, not a number`, policy.Code("invalid-type")},
		"a fault behind a principal":        {allowing(`"Principal":{"AWS":"*"},"Sid":5`), `Statement[0].Sid: must be a string, not a number`, policy.Code("invalid-type")},
		"a fault behind a list":             {statement(`"Effect":"Allow","Action":["*"],"Sid":5`), `Statement[0].Sid: must be a string, not a number`, policy.Code("invalid-type")},
		"a number for a principal's value":  {allowing(`"Principal":{"AWS":5}`), `Principal.AWS: must be a string or a list of strings, not a number`, policy.Code("invalid-type")},
		"a condition that is a list":        {allowing(`"Condition":[]`), `Condition: must be an object, not a list`, policy.Code("invalid-type")},
		"a principal that is a list":        {allowing(`"Principal":["*"]`), `must be "*" or an object, not a list`, policy.Code("invalid-type")},
		"a principal that is a string":      {allowing(`"Principal":"123456789012"`), `"123456789012" is no principal: the only string is "*"`, policy.Code("invalid-principal")},
		"an unknown kind of principal":      {allowing(`"Principal":{"aws":"*"}`), `"aws" is no kind of principal; did you mean "AWS"?`, policy.Code("invalid-principal-key")},
		"a kind of principal twice":         {allowing(`"Principal":{"AWS":"*","AWS":"*"}`), `"AWS" is written twice`, policy.Code("duplicate-key")},
		"a principal that is a group":       {allowing(`"Principal":{"AWS":"arn:aws:iam::111122223333:group/g"}`), `is a group, which cannot be a principal`, policy.Code("invalid-principal")},
		"a service under AWS":               {allowing(`"Principal":{"AWS":"lambda.amazonaws.com"}`), `a service stands under Service`, policy.Code("invalid-principal")},
		"an account of eleven digits":       {allowing(`"Principal":{"AWS":"12345678901"}`), `is no account of 12 digits`, policy.Code("invalid-principal")},
		"an account with letters":           {allowing(`"Principal":{"AWS":"arn:aws:iam::12345678901x:root"}`), `has no account of 12 digits`, policy.Code("invalid-principal")},
		"a session without a name":          {allowing(`"Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/app"}`), `is not of the form assumed-role/role/session`, policy.Code("invalid-principal")},
		"a session with a path":             {allowing(`"Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/svc/app/s1"}`), `is not of the form assumed-role/role/session`, policy.Code("invalid-principal")},
		"a bucket for a principal":          {allowing(`"Principal":{"AWS":"arn:aws:s3:::bucket"}`), `is no ARN of iam or sts`, policy.Code("invalid-principal")},
		"a user for a provider":             {allowing(`"Principal":{"Federated":"arn:aws:iam::111122223333:user/x"}`), `is no ARN of a saml-provider or oidc-provider`, policy.Code("invalid-principal")},
		"every service":                     {allowing(`"Principal":{"Service":"*"}`), `"*" stands for everybody only under AWS`, policy.Code("principal-wildcard")},
		"a service without a domain":        {allowing(`"Principal":{"Service":"lambda"}`), `is no service principal`, policy.Code("invalid-principal")},
		"a variable in a principal":         {allowing(`"Principal":{"AWS":"arn:aws:iam::111122223333:user/${aws:username}"}`), `has a policy variable`, policy.Code("variable-unsupported-in-element")},
		"an empty principal":                {allowing(`"Principal":{"AWS":""}`), `a principal is not empty`, policy.Code("invalid-principal")},
	} {
		t.Run(sentence, func(t *testing.T) {
			doc, err := policy.Parse("", []byte(tt.src))
			assert.Nil(t, doc)
			require.ErrorContains(t, err, tt.want)
			require.ErrorIs(t, err, tt.code)
			assert.Equal(t, []policy.Code{tt.code}, codes(t, err), "one mistake is one fault: %v", err)
		})
	}
}

func TestParse_badText(t *testing.T) {
	good := allowing(`"Sid":"A"`)
	for sentence, tt := range map[string]struct {
		src  string
		want string
		code policy.Code
	}{
		"an empty file":                  {"", `p.json:1:1: the document is empty`, policy.Code("not-json")},
		"a file of white space":          {" \n\t", `p.json:1:1: the document is empty`, policy.Code("not-json")},
		"a byte order mark":              {"\ufeff" + good, `p.json:1:1: the document begins with a byte order mark (U+FEFF)`, policy.Code("not-json")},
		"data after the end":             {good + "\n{}", `p.json:2:1: not JSON: there is more after the end of the document: "{}"`, policy.Code("not-json")},
		"a NUL byte":                     {"{\n\"Version\x00\":1}", `p.json:2:9: the document has a NUL byte`, policy.Code("not-json")},
		"NUL bytes after the end":        {good + "\x00\x00", fmt.Sprintf(`p.json:1:%d: the document has a NUL byte`, len(good)+1), policy.Code("not-json")},
		"invalid UTF-8":                  {"{\"é\xff\":1}", `p.json:1:4: byte 0xff is not UTF-8`, policy.Code("not-utf8")},
		"a replacement character before": {"{\"\ufffd\xff\":1}", `p.json:1:4: byte 0xff is not UTF-8`, policy.Code("not-utf8")},
		"a text that ends early":         {`{"Version":`, `p.json:1:12: not JSON: `, policy.Code("not-json")},
		"a comma too many":               {"{\"Version\":\"2012-10-17\",\n}", `p.json:2:1: not JSON: `, policy.Code("not-json")},
		"33 levels":                      {`{"x":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`, `p.json:1:37: nested more than 32 levels deep`, policy.Code("too-deep")},
		"brackets by the thousand":       {strings.Repeat("[", 100_000), `p.json:1:33: nested more than 32 levels deep`, policy.Code("too-deep")},
		"eight megabytes of brackets":    {strings.Repeat("[", 8<<20), `p.json: the document has 8388608 bytes, the limit is 1048576`, policy.Code("too-large")},
	} {
		t.Run(sentence, func(t *testing.T) {
			_, err := policy.ParseString("p.json", tt.src)
			require.ErrorContains(t, err, tt.want)
			require.ErrorIs(t, err, tt.code)
			_, same := policy.Parse("p.json", []byte(tt.src))
			assert.Equal(t, err, same)
		})
	}
	t.Run("brackets in strings have no depth", func(t *testing.T) {
		_, err := policy.ParseString("", allowing(`"Sid":"`+strings.Repeat(`[\"{`, 3000)+`"`))
		require.NoError(t, err)
	})
}

func TestParser_hasALimitOfItsOwn(t *testing.T) {
	src := allowing(`"Sid":"A"`)
	_, err := policy.Parser{MaxSize: len(src)}.ParseString("", src)
	require.NoError(t, err)
	_, err = policy.Parser{MaxSize: len(src) - 1}.Parse("", []byte(src))
	require.ErrorIs(t, err, policy.Code("too-large"))

	large := allowing(`"Sid":"` + strings.Repeat("a", policy.DefaultMaxSize) + `"`)
	_, err = policy.ParseString("", large)
	require.ErrorIs(t, err, policy.Code("too-large"))
	_, err = policy.Parser{MaxSize: 2 << 20}.ParseString("", large)
	require.NoError(t, err)
}

func TestParse_reportsEveryFaultWithItsPlace(t *testing.T) {
	_, err := policy.Parse("deployer.json", []byte(`{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "allow", "Action": "s3:*", "Resource": "*"},
    {
      "Sid": "É", "Effect": "Deny",
      "Action": ["GetObject", "s3:Put*", 5, "s3:"],
      "Resource": "*",
      "Condition": {"StringEqual": {"a:b": "c"}, "Bool": {"aws:MultiFactorAuthPresent": ["true", "true", null]}}
    },
    {"Sid": "日本", "Comment": "", "Resource": "x", "Effect": "Allow"}
  ]
}`))
	require.Error(t, err)
	assert.Equal(t, strings.Join([]string{
		`deployer.json:4:16: Statement[0].Effect: "allow" is no effect; did you mean "Allow"?`,
		`deployer.json:7:18: Statement[1].Action[0]: "GetObject" has no service prefix; write it as "service:Action"`,
		`deployer.json:7:42: Statement[1].Action[2]: must be a string, not a number`,
		`deployer.json:7:45: Statement[1].Action[3]: "s3:" names no action of the service`,
		`deployer.json:9:21: Statement[1].Condition.StringEqual: "StringEqual" is no condition operator; did you mean "StringEquals"?`,
		`deployer.json:9:106: Statement[1].Condition.Bool.aws:MultiFactorAuthPresent[2]: must be a string, a number or a boolean, not null`,
		`deployer.json:11:5: Statement[2]: a statement needs an Action or a NotAction`,
		`deployer.json:11:19: Statement[2].Comment: "Comment" is no element of a statement; allowed are Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource or Condition`,
		`deployer.json:11:46: Statement[2].Resource: "x" is neither "*" nor an ARN`,
	}, "\n"), err.Error())

	var first *policy.Error
	require.ErrorAs(t, err, &first)
	assert.Equal(t, policy.Error{Source: "deployer.json", Line: 4, Column: 16, Path: "Statement[0].Effect",
		Code: policy.Code("invalid-effect"), Message: `"allow" is no effect; did you mean "Allow"?`}, *first)
	assert.ErrorIs(t, err, policy.Code("unknown-element"))
	assert.NotErrorIs(t, err, policy.Code("duplicate-key"))
}

func TestParse_readsOnBehindWhatItCannotUse(t *testing.T) {
	for sentence, value := range map[string]string{
		"null":                           `null`,
		"a boolean":                      `true`,
		"a number before a space":        `-1.5e+3 `,
		"an empty object":                `{ }`,
		"lists in lists":                 `[[], [[1, 2], "x"], {}]`,
		"brackets and quotes in strings": `{"]}": ["}\\\"]", "\\\\", {"{": "["}], "\u007d\"": "{"}`,
		"objects in lists in objects":    `{"a":[{"b":{"c":[{"d":null}]}}]}`,
		"many of all of these in a list": `[null,true,-1,{},[[]],"\"","]"]`,
	} {
		t.Run(sentence, func(t *testing.T) {
			src := allowing("\n" + `"Extra":` + value + `,"Sid":5` + "\n")
			_, err := policy.ParseString("", src)
			assert.Equal(t, []policy.Code{policy.Code("unknown-element"), policy.Code("invalid-type")}, codes(t, err), "%v", err)
			assert.ErrorContains(t, err, `2:1: Statement[0].Extra: "Extra" is no element of a statement`)
			assert.ErrorContains(t, err, fmt.Sprintf(`2:%d: Statement[0].Sid: must be a string, not a number`, len(`"Extra":`+value+`,"Sid":`)+1))
		})
	}
}

func TestParse_takesWhiteSpaceBetweenAnyTokens(t *testing.T) {
	tokens := []string{"{", `"Version"`, ":", `"2012-10-17"`, ",", `"Statement"`, ":", "[", "{", `"Effect"`, ":", `"Allow"`, ",",
		`"Action"`, ":", "[", `"s3:Get*"`, ",", `"s3:Put*"`, "]", ",", `"Principal"`, ":", "{", `"AWS"`, ":", `"*"`, "}", ",",
		`"Resource"`, ":", "[", "]", ",", `"Condition"`, ":", "{", `"NumericEquals"`, ":", "{", `"k:\u0078"`, ":", "[", "1", ",", "2.50", "]", "}", ",",
		`"Bool"`, ":", "{", `"k:y"`, ":", "true", "}", "}", "}", "]", "}"}
	compact, err := parse(t, strings.Join(tokens, "")).MarshalJSON()
	require.NoError(t, err)
	for _, space := range []string{" ", "\t", "\n", "\r\n", "\n                    \t\r "} {
		spread, err := parse(t, space+strings.Join(tokens, space)+space).MarshalJSON()
		require.NoError(t, err)
		assert.Equal(t, string(compact), string(spread), "%q between all tokens", space)
	}
}

func TestParse_keepsValuesAsTexts(t *testing.T) {
	doc, err := policy.Parse("", []byte(condition(`"NumericEquals":{"k:x":[9223372036854775807,-1.50,1e400]},"Bool":{"k:y":false},"StringEquals":{"k:z":"a\u00e9\n"}`)))
	require.NoError(t, err)
	assert.Equal(t, "", doc.Name())
	conditions := doc.Statements[0].Condition
	require.Len(t, conditions, 3)
	assert.Equal(t, policy.Values{"9223372036854775807", "-1.50", "1e400"}, conditions[0].Values)
	assert.Equal(t, policy.Values{"false"}, conditions[1].Values)
	assert.Equal(t, policy.Values{"aé\n"}, conditions[2].Values)
	assert.Equal(t, policy.Operator{Test: policy.StringEquals}, conditions[2].Operator)
	assert.Equal(t, "k:z", conditions[2].Key)
}

func TestParse_tellsAbsentFromEmpty(t *testing.T) {
	doc, err := policy.Parse("", []byte(`{"Id":"","Statement":[{"Effect":"Allow","Action":[],"Principal":{},"Condition":{}},{"Effect":"Deny","NotAction":"*"}]}`))
	require.NoError(t, err)
	require.NotNil(t, doc.ID)
	assert.Equal(t, "", *doc.ID)
	empty, absent := doc.Statements[0], doc.Statements[1]
	assert.NotNil(t, empty.Action)
	assert.Empty(t, empty.Action)
	assert.Equal(t, &policy.Principals{}, empty.Principal)
	assert.NotNil(t, empty.Condition)
	assert.Nil(t, absent.Action)
	assert.Nil(t, absent.Principal)
	assert.Nil(t, absent.Condition)
}

func TestParse_ofHostileDocumentsTakesNoLongerThanTheirLength(t *testing.T) {
	repeat := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	for sentence, src := range map[string]string{
		"a hundred thousand bad actions":      statement(`"Effect":"Allow","Resource":"*","Action":[` + repeat(70_000, `"bad%d",`) + `]`),
		"tens of thousands of condition keys": condition(`"StringEquals":{` + repeat(40_000, `"k:%d":"v",`) + `}`),
		"tens of thousands of unknown keys":   allowing(repeat(60_000, `"Sidd%d":1,`)),
		"tens of thousands of operators":      condition(repeat(40_000, `"StringEqualz%d":{},`)),
		"one operator again and again":        condition(repeat(30_000, `"StringEquals":{"%d":1},`)),
		"tens of thousands of statements":     `{"Statement":[` + repeat(20_000, `{"Sid":"S%d","Effect":"Allow","Action":"*"},`) + `]}`,
	} {
		t.Run(sentence, func(t *testing.T) {
			require.Less(t, len(src), policy.DefaultMaxSize)
			start := time.Now()
			doc, err := policy.ParseString("", src)
			if err == nil {
				err = doc.Check(policy.Trust)
			}
			assert.Less(t, time.Since(start), 20*time.Second, "quadratic work would take minutes")
			assert.True(t, err == nil || errors.As(err, new(policy.Errors)))
		})
	}
}

func TestParse_countsFaultsThatAreTooManyToTell(t *testing.T) {
	_, err := policy.ParseString("p.json", `{"Statement":[`+strings.Repeat(`1,`, 1499)+`1]}`)
	var faults policy.Errors
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults, policy.MaxFaults+1)
	assert.Equal(t, "p.json:1:15: Statement[0]: must be an object, not a number", faults[0].Error())
	last := faults[policy.MaxFaults]
	assert.Equal(t, "p.json: there are 500 more faults", last.Error())
	require.ErrorIs(t, last, policy.Code("too-many-faults"))
}
