package read_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/read"
)

const (
	statement = `{"Sid":"a+b","Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"}`
	document  = `{"Version":"2012-10-17","Statement":[` + statement + `]}`
)

// quoted is a text as a JSON string.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// escaped is a text in which each character is written as \uXXXX.
func escaped(s string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, `\u%04x`, unit)
	}
	return b.String()
}

// wide is a text as UTF-16 with a byte order mark.
func wide(order binary.AppendByteOrder, s string) string {
	b := order.AppendUint16(nil, 0xfeff)
	for _, unit := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

// forms are all that is read: the same document each time.
var forms = map[string]struct {
	src       string
	kind      policy.Kind
	unwrapped []string
}{
	"the document alone":                    {document, 0, nil},
	"the document, indented":                {"\n  " + document + "\n", 0, nil},
	"a byte order mark before it":           {"\ufeff" + document, 0, []string{"a byte order mark"}},
	"UTF-16 in the order of Windows":        {wide(binary.LittleEndian, document), 0, []string{"UTF-16"}},
	"UTF-16 in the other order":             {wide(binary.BigEndian, document), 0, []string{"UTF-16"}},
	"UTF-16 without a mark":                 {wide(binary.LittleEndian, document)[2:], 0, []string{"UTF-16"}},
	"UTF-16 in the other order, no mark":    {wide(binary.BigEndian, document)[2:], 0, []string{"UTF-16"}},
	"lambda get-policy, a string":           {`{"Policy":` + quoted(document) + `,"RevisionId":"1"}`, policy.Resource, []string{"the Policy that aws lambda get-policy prints"}},
	"lambda get-policy, an object":          {`{"Policy":` + document + `,"RevisionId":"1"}`, policy.Resource, []string{"the Policy that aws lambda get-policy prints"}},
	"iam get-role-policy":                   {`{"RoleName":"a","PolicyName":"p","PolicyDocument":` + document + `}`, policy.Identity, []string{"the PolicyDocument that aws iam get-role-policy prints"}},
	"iam get-role-policy, percent-encoded":  {`{"RoleName":"a","PolicyName":"p","PolicyDocument":"` + url.PathEscape(document) + `"}`, policy.Identity, []string{"the PolicyDocument that aws iam get-role-policy prints", "percent-encoding"}},
	"iam get-user-policy":                   {`{"UserName":"a","PolicyName":"p","PolicyDocument":` + document + `}`, policy.Identity, []string{"the PolicyDocument that aws iam get-user-policy prints"}},
	"iam get-group-policy":                  {`{"GroupName":"a","PolicyName":"p","PolicyDocument":` + document + `}`, policy.Identity, []string{"the PolicyDocument that aws iam get-group-policy prints"}},
	"iam get-policy-version":                {`{"PolicyVersion":{"Document":` + document + `,"VersionId":"v1","IsDefaultVersion":true}}`, 0, []string{"the PolicyVersion.Document that aws iam get-policy-version prints"}},
	"a version in a list":                   {`{"Document":` + document + `,"VersionId":"v1"}`, 0, []string{"the Document"}},
	"iam get-role":                          {`{"Role":{"Path":"/","RoleName":"a","AssumeRolePolicyDocument":` + document + `}}`, policy.Trust, []string{"the Role.AssumeRolePolicyDocument that aws iam get-role prints"}},
	"a role in a list":                      {`{"RoleName":"a","AssumeRolePolicyDocument":` + document + `}`, policy.Trust, []string{"the AssumeRolePolicyDocument"}},
	"a PolicyDocument":                      {`{"PolicyDocument":` + document + `}`, 0, []string{"the PolicyDocument"}},
	"a VPC endpoint in a list":              {`{"VpcEndpointId":"vpce-1","PolicyDocument":` + quoted(document) + `}`, policy.Endpoint, []string{"the PolicyDocument"}},
	"s3api get-bucket-policy":               {`{"Policy":` + quoted(document) + `}`, policy.Resource, []string{"the Policy that aws s3api get-bucket-policy prints"}},
	"kms get-key-policy":                    {`{"Policy":` + quoted(document) + `,"PolicyName":"default"}`, policy.Resource, []string{"the Policy that aws kms get-key-policy prints"}},
	"sqs get-queue-attributes":              {`{"Attributes":{"QueueArn":"arn:aws:sqs:us-east-1:111122223333:q","Policy":` + quoted(document) + `}}`, policy.Resource, []string{"the Attributes.Policy that aws sqs get-queue-attributes or aws sns get-topic-attributes prints"}},
	"sns get-topic-attributes":              {`{"Attributes":{"TopicArn":"arn:aws:sns:us-east-1:111122223333:t","Policy":` + quoted(document) + `}}`, policy.Resource, []string{"the Attributes.Policy that aws sqs get-queue-attributes or aws sns get-topic-attributes prints"}},
	"secretsmanager get-resource-policy":    {`{"ARN":"arn:aws:secretsmanager:us-east-1:111122223333:secret:x","Name":"x","ResourcePolicy":` + quoted(document) + `}`, policy.Resource, []string{"the ResourcePolicy that aws secretsmanager get-resource-policy prints"}},
	"ecr get-repository-policy":             {`{"registryId":"111122223333","repositoryName":"r","policyText":` + quoted(document) + `}`, policy.Resource, []string{"the policyText that aws ecr get-repository-policy prints"}},
	"codeartifact":                          {`{"policy":{"resourceArn":"a","revision":"1","document":` + quoted(document) + `}}`, policy.Resource, []string{"the policy.document that aws codeartifact get-repository-permissions-policy prints"}},
	"glue get-resource-policy":              {`{"PolicyInJson":` + quoted(document) + `,"PolicyHash":"x"}`, policy.Resource, []string{"the PolicyInJson that aws glue get-resource-policy prints"}},
	"sso-admin, of a permission set":        {`{"InlinePolicy":` + quoted(document) + `}`, policy.Identity, []string{"the InlinePolicy that aws sso-admin get-inline-policy-for-permission-set prints"}},
	"organizations describe-policy, an SCP": {`{"Policy":{"PolicySummary":{"Id":"p-1","Type":"SERVICE_CONTROL_POLICY"},"Content":` + quoted(document) + `}}`, policy.SCP, []string{"the Policy.Content that aws organizations describe-policy prints"}},
	"organizations describe-policy, an RCP": {`{"Policy":{"PolicySummary":{"Id":"p-1","Type":"RESOURCE_CONTROL_POLICY"},"Content":` + quoted(document) + `}}`, policy.RCP, []string{"the Policy.Content that aws organizations describe-policy prints"}},
	"organizations describe-policy alone":   {`{"Policy":{"Content":` + quoted(document) + `}}`, 0, []string{"the Policy.Content that aws organizations describe-policy prints"}},
	"organizations' own resource policy":    {`{"ResourcePolicy":{"ResourcePolicySummary":{},"Content":` + quoted(document) + `}}`, policy.Resource, []string{"the ResourcePolicy.Content that aws organizations describe-resource-policy prints"}},
	"a JSON string":                         {quoted(document), 0, []string{"a JSON string"}},
	"a JSON string in a JSON string":        {quoted(quoted(document)), 0, []string{"a JSON string", "a JSON string"}},
	"a JSON string, each character escaped": {`"` + escaped(document) + `"`, 0, []string{"a JSON string"}},
	"a JSON string of several lines":        {strings.ReplaceAll(quoted(document), ",", `,\t\r\n`), 0, []string{"a JSON string"}},
	"percent-encoded":                       {url.PathEscape(document), 0, []string{"percent-encoding"}},
	"percent-encoded in part":               {"%7B" + document[1:], 0, []string{"percent-encoding"}},
	"percent-encoded in a JSON string":      {`"` + url.PathEscape(document) + `"`, 0, []string{"a JSON string", "percent-encoding"}},
	"a list of statements":                  {"[" + statement + "]", 0, []string{"a list of statements, with Version 2012-10-17"}},
	"one statement":                         {statement, 0, []string{"one statement, with Version 2012-10-17"}},
	"a wrapper in UTF-16":                   {wide(binary.LittleEndian, `{"PolicyDocument":`+document+`}`), 0, []string{"UTF-16", "the PolicyDocument"}},
	"YAML": {"Version: 2012-10-17\nStatement:\n  - Sid: a+b\n    Effect: Allow\n    Action: lambda:InvokeFunction\n    Resource: '*'\n",
		0, []string{"YAML"}},
	"YAML with an anchor": {"Version: \"2012-10-17\"\nStatement:\n- {Sid: a+b, Effect: &it Allow, Action: 'lambda:InvokeFunction', Resource: \"*\"}\n",
		0, []string{"YAML"}},
	"a list of statements in YAML": {"# of the role\n- Sid: a+b\n  Effect: Allow\n  Action: lambda:InvokeFunction\n  Resource: \"*\"\n",
		0, []string{"YAML", "a list of statements, with Version 2012-10-17"}},
	"a PolicyDocument in YAML": {"PolicyDocument:\n  Version: 2012-10-17\n  Statement:\n    Sid: a+b\n    Effect: Allow\n    Action: lambda:InvokeFunction\n    Resource: \"*\"\n",
		0, []string{"YAML", "the PolicyDocument"}},
	"YAML that the AWS CLI prints": {"Policy: '" + document + "'\nRevisionId: '1'\n",
		policy.Resource, []string{"YAML", "the Policy that aws lambda get-policy prints"}},
}

func TestPolicyIsReadFromEveryForm(t *testing.T) {
	plain := policy.MustParse("", document)
	for sentence, c := range forms {
		t.Run(sentence, func(t *testing.T) {
			found, err := read.Policy("it", []byte(c.src))
			require.NoError(t, err)
			assert.Equal(t, plain.Version, found.Document.Version)
			assert.Equal(t, plain.Statements, found.Document.Statements)
			assert.Equal(t, "it", found.Document.Name())
			assert.Equal(t, c.kind, found.Kind)
			assert.Equal(t, c.unwrapped, found.Unwrapped)
		})
	}
}

// Faults and statements stand where they stand in the file, whatever is around
// them.
func TestPlacesAreThoseOfTheFile(t *testing.T) {
	const faulty = "{\n \"Statement\": [\n  {\"Effect\": \"Allow\", \"Action\": \"é\", \"Resource\": \"*\"}\n ]\n}"
	where := func(src, text string) string {
		before, _, _ := strings.Cut(src, text)
		line := before[strings.LastIndexByte(before, '\n')+1:]
		return fmt.Sprintf("it:%d:%d: ", strings.Count(before, "\n")+1, len([]rune(line))+1)
	}
	yaml := "# é\nStatement:\n  - Effect: Allow\n    Action: é\n    Resource: \"*\"\n"
	for sentence, c := range map[string]struct{ src, at string }{
		"the document alone":                 {faulty, `"é"`},
		"an object in an object":             {`{"é": 1, "PolicyDocument": ` + faulty + `}`, `"é", "R`},
		"a string in an object":              {`{"Policy": ` + quoted(faulty) + `}`, `\"é`},
		"a string with escaped characters":   {`{"Policy": ` + strings.ReplaceAll(quoted(faulty), "é", `\u00e9`) + `}`, `\"\u00e9`},
		"a string in a string":               {quoted(quoted(faulty)), `\\\"é`},
		"percent-encoded":                    {url.PathEscape(faulty), `%22%C3%A9`},
		"percent-encoded in a string":        {`{"PolicyDocument": "` + url.PathEscape(faulty) + `"}`, `%22%C3%A9`},
		"a list of statements":               {"[\n" + `{"Effect": "Allow", "Action": "é", "Resource": "*"}]`, `"é"`},
		"one statement":                      {"\n" + `{"Effect": "Allow", "Action": "é", "Resource": "*"}`, `"é"`},
		"YAML":                               {yaml, "é\n    R"},
		"a document in a block of YAML":      {"PolicyDocument: |\n\n    {\"Statement\":\n    {\"Effect\":\"Allow\",\"Action\":\"é\",\"Resource\":\"*\"}}\n", `"é`},
		"an object in an object of YAML":     {"A: [x, 'y\\']\nPolicyDocument:\n  Version: 2012-10-17\n  Statement:\n  - Effect: Allow\n    Action: é\n    Resource: \"*\"\n", "é\n    R"},
		"a string in an object of YAML":      {"A: 1\nRole: {AssumeRolePolicyDocument: '{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"é\",\"Resource\":\"*\"}}'}\n", `"é`},
		"a string in the first line of YAML": {"PolicyDocument: '{\"Id\":\"it''s\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"é\",\"Resource\":\"*\"}}'\n", `"é`},
		"a string over several lines":        {`"{\n\r\t\"Statement\" : {\"Effect\":\"Allow\",\"Action\":\"é\",\"Resource\":\"arn:aws:s3:::a\/b\"}}"`, `\"é`},
		"YAML in double quotes":              {"PolicyDocument: \"{\\\"Statement\\\":{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"é\\\",\\\"Resource\\\":\\\"*\\\"}}\"\n", `\"é`},
		"a document in a string of YAML":     {"# x\nPolicyDocument: '{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"é\",\"Resource\":\"*\"}}'", `"é`},
		"a string with a surrogate pair":     {`{"Policy": "{\"Id\":\"\ud83d\ude00\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"é\",\"Resource\":\"*\"}}"}`, `\"é`},
		"a string with all its escapes":      {`{"Policy": "\n\t\r{\n\"Id\":\"a\\n\/\",\t\"Statement\":{\"Effect\":\"Allow\",\r\n\"Action\":\"é\",\"Resource\":\"*\"}}"}`, `\"é`},
		"the last line of YAML without end":  {"A: 1\nPolicyDocument: \"{\\\"Statement\\\":{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"é\\\",\\\"Resource\\\":\\\"*\\\"}}\"", `\"é`},
		"blanks in a string of YAML":         {"PolicyDocument: '{ \"Statement\": { \"Effect\": \"Allow\", \"Action\": \"é\", \"Resource\": \"*\" } }'\n", `"é`},
		"a tab in a string of YAML":          {"PolicyDocument: '{\t\"Statement\":\t{\"Effect\":\"Allow\",\"Action\":\t\"é\",\"Resource\":\"*\"}}'\n", `"é`},
		"the start of a line in a block":     {"PolicyDocument: |\n  {\"Statement\":{\"Effect\":\"Allow\",\"Resource\":\"*\",\"Action\":\n  \"é\"}}\n", `"é`},
	} {
		t.Run(sentence, func(t *testing.T) {
			want := where(c.src, c.at)
			for form, src := range map[string]string{"": c.src, "mark ": "\ufeff" + c.src, "UTF-16 ": wide(binary.LittleEndian, c.src)} {
				_, err := read.Policy("it", []byte(src))
				require.Error(t, err)
				assert.True(t, strings.HasPrefix(err.Error(), want), "%sat %s: %s", form, want, err)
			}
			found, err := read.Policy("it", []byte(strings.NewReplacer("é", "*:*", `\u00e9`, "*:*", "%C3%A9", "%2A:%2A").Replace(strings.ReplaceAll(c.src, "Action: é", `Action: "é"`))))
			require.NoError(t, err)
			line, column := found.Document.Position("Statement", 0, "Effect")
			assert.NotZero(t, line)
			assert.NotZero(t, column)
		})
	}
}

// What is no policy is named, with what to do.
func TestOtherTextsAreNamed(t *testing.T) {
	for sentence, c := range map[string]struct {
		src string
		has []string
	}{
		"a CloudFormation template":            {`{"AWSTemplateFormatVersion":"2010-09-09","Resources":{}}`, []string{"CloudFormation template", "FILE#ADDRESS", "PolicyDocument"}},
		"a template without its version":       {`{"Resources":{"R":{"Type":"AWS::IAM::Role"}}}`, []string{"CloudFormation"}},
		"a SAM template in YAML with tags":     {"Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {Role: !GetAtt R.Arn}\n", []string{"it:1:1: ", "SAM", "CloudFormation"}},
		"a Terraform plan":                     {`{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{}}`, []string{"Terraform plan", ".values.policy"}},
		"a Terraform state":                    {`{"version":4,"terraform_version":"1.9.0","serial":1,"lineage":"x","resources":[]}`, []string{"Terraform state"}},
		"Terraform source":                     {"resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({})\n}\n", []string{"Terraform source", "terraform show -json"}},
		"a whole account":                      {`{"UserDetailList":[],"RoleDetailList":[]}`, []string{"get-account-authorization-details", "AssumeRolePolicyDocument"}},
		"a snapshot of Config":                 {`{"fileVersion":"1.0","configurationItems":[]}`, []string{"AWS Config"}},
		"an event of CloudTrail":               {`{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject","errorCode":"AccessDenied"}`, []string{"CloudTrail", "iamsim denied"}},
		"events of CloudTrail":                 {`{"Records":[]}`, []string{"CloudTrail"}},
		"a decoded message":                    {`{"DecodedMessage":"{}"}`, []string{"decode-authorization-message", "iamsim denied"}},
		"what AWS says when it denies":         {"An error occurred (AccessDenied) when calling the GetObject operation: User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:GetObject", []string{"it:1:1: ", "denies a request", "iamsim denied"}},
		"what a service says when it denies":   {"Error: creating Lambda Function (f): operation error Lambda: CreateFunction, https response error StatusCode: 403, RequestID: 1\n", []string{"denies a request", "iamsim denied"}},
		"the same in lines like those of YAML": {"14:21:13 | CREATE_FAILED | AWS::S3::BucketPolicy | P\nAPI: s3:PutBucketPolicy Access Denied\n\n failed: Error: a: b: Access Denied\n", []string{"it:1:1: ", "denies a request", "iamsim denied"}},
		"the same as JSON":                     {`{"message":"User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:GetObject"}`, []string{"denies a request", "iamsim denied"}},
		"a failed command":                     {"\nAn error occurred (ResourceNotFoundException) when calling the GetPolicy operation: The resource you requested does not exist.", []string{"error of an AWS command"}},
		"a scenario":                           {`{"request":{},"policies":{}}`, []string{"scenario", "iamsim eval"}},
		"a suite":                              {`{"cases":[]}`, []string{"suite", "iamsim eval"}},
		"output of the CDK":                    {`{"version":"36.0.0","artifacts":{}}`, []string{"CDK", ".template.json"}},
		"assets of the CDK":                    {`{"version":"36.0.0","files":{},"dockerImages":{}}`, []string{"CDK"}},
		"the Serverless Framework":             {"service: a\nprovider:\n  name: aws\n", []string{"Serverless Framework", "serverless package"}},
		"source with the CDK":                  {"fn.addToRolePolicy(new iam.PolicyStatement({actions: ['s3:GetObject']}));\n", []string{"AWS CDK", "cdk synth"}},
		"iam get-policy":                       {`{"Policy":{"PolicyName":"p","Arn":"a","DefaultVersionId":"v1"}}`, []string{"aws iam get-policy-version"}},
		"a list of roles":                      {`{"Roles":[]}`, []string{"list that an AWS command prints"}},
		"attributes without a policy":          {`{"Attributes":{"QueueArn":"arn:aws:sqs:us-east-1:111122223333:q"}}`, []string{"--attribute-names Policy"}},
		"a policy of Organizations about tags": {`{"Policy":{"PolicySummary":{"Type":"TAG_POLICY"},"Content":"{}"}}`, []string{"TAG_POLICY", "SERVICE_CONTROL_POLICY"}},
		"any object":                           {`{"a":1,"b":2}`, []string{`an object with "a", "b"`, "Statement"}},
		"an object of four members":            {`{"a":1,"b":2,"c":3,"d":4}`, []string{`an object with "a", "b", "c", "d": `}},
		"an object of five members":            {`{"a":1,"b":2,"c":3,"d":4,"e":5}`, []string{`an object with "a", "b", "c", "d", …: `}},
		"two NUL bytes":                        {"\x00\x00", []string{"it:1:1: ", "NUL byte"}},
		"one NUL byte":                         {"\x00", []string{"it:1:1: ", "NUL byte"}},
		"one byte":                             {"{", []string{"it:1:2: ", "not JSON"}},
		"a surrogate pair behind the document": {`{"Policy":"{\"Statement\":[]}\ud83d\ude00bc"}`, []string{"it:1:30: ", `more after the end of the document: "😀bc"`}},
		"half a surrogate pair behind it":      {`{"Policy":"{\"Statement\":[]}\ud83d"}`, []string{"it:1:30: ", "\ufffd"}},
		"half a pair and another character":    {`{"Policy":"{\"Statement\":[]}\ud83d\u00e9"}`, []string{"it:1:30: ", "\ufffdé"}},
		"YAML with an escape that is none":     {"Statement:\n  - Effect: \"\\q\"\n", []string{"it:2:1: neither JSON nor YAML: found unknown escape character"}},
		"YAML of many levels":                  {"a: " + strings.Repeat("{a: ", 200) + "b" + strings.Repeat("}", 200), []string{"an object with \"a\""}},
		"YAML of more levels than are read":    {"a: " + strings.Repeat("{a: ", 300) + "b" + strings.Repeat("}", 300), []string{"YAML of more than any policy has"}},
		"YAML of more lists than are read":     {"a: " + strings.Repeat("[", 300) + strings.Repeat("]", 300), []string{"YAML of more than any policy has"}},
		"one character of UTF-16":              {"{\x00", []string{"it:1:2: not JSON"}},
		"YAML of many lists in lists":          {"a: " + strings.Repeat("[", 200) + strings.Repeat("]", 200), []string{"an object with \"a\""}},
		"YAML with a number that JSON has not": {"Statement:\n  - Condition: {NumericEquals: {k: .5}}\n", []string{"it:2:36: ", `the number ".5" is none in JSON`}},
		"YAML with null":                       {"Statement:\n  - Effect: ~\n", []string{"it:2:13: ", "not null"}},
		"a list of policies":                   {"[" + document + "," + document + "]", []string{"list of policies", "a file of its own"}},
		"a list of a statement and a number":   {"[" + statement + ",5]", []string{"it:1:", "Statement[1]: must be an object, not a number"}},
		"a list of a statement and a policy":   {"[" + statement + "," + document + "]", []string{"list of policies"}},
		"half a surrogate pair at the start":   {"\xff\xfe\x00\xd8{\x00", []string{"it:1:1: ", "surrogate"}},
		"a key of YAML by its anchor":          {"Id: &k Statement\n*k : 5\n", []string{"it:2:6: ", "Statement: must be"}},
		"an empty list":                        {"[]", []string{"needs at least one Statement"}},
		"a denial in two words":                {"Access Denied\n", []string{"denies a request"}},
		"a string of YAML":                     {"'x\nAction: y'", []string{"not JSON"}},
		"a list of numbers":                    {"[1,2]", []string{"nothing is a Statement"}},
		"a wrapper that is empty":              {`{"Policy":null}`, []string{"there is no policy in the Policy"}},
		"a wrapper with an empty string":       {`{"ARN":"a","Name":"x","ResourcePolicy":""}`, []string{"there is no policy in the ResourcePolicy"}},
		"a wrapper with a number":              {`{"PolicyDocument":7}`, []string{"is \"7\", which is no policy"}},
		"a member that is there twice":         {`{"Policy":"{}","Policy":"{}"}`, []string{"it:1:16: ", `duplicate key "Policy"`}},
		"keys twice within the document":       {`{"Policy":"{\"Statement\":[],\"Statement\":[]}"}`, []string{"it:1:30: ", "written twice"}},
		"keys twice in YAML":                   {"Statement: []\nStatement: []\n", []string{"it:2:1: ", "written twice"}},
		"broken percent-encoding":              {"%7B%zz", []string{"it:1:4: ", `"%zz" is no percent-encoding`}},
		"UTF-16 that is cut off":               {wide(binary.LittleEndian, document) + "x", []string{"UTF-16", "cut off"}},
		"half a surrogate pair":                {"\xff\xfe{\x00\x00\xd8", []string{"it:1:2: ", "surrogate"}},
		"YAML that is broken":                  {"Statement:\n  - Effect: Allow\n   Action: x\n", []string{"it:1:1: ", "neither JSON nor YAML"}},
		"YAML with a function":                 {"Statement:\n  - Effect: Allow\n    Action: s3:GetObject\n    Resource: !Sub x\n", []string{"it:4:15: ", `"!Sub"`}},
		"YAML with a merge":                    {"a: &a {x: 1}\nb:\n  <<: *a\n", []string{"it:3:3: ", "merge"}},
		"YAML with a key that is a list":       {"? [a]\n: b\nc: d\n", []string{"it:1:3: ", "key"}},
		"YAML with an account as a number":     {"Statement:\n  - Effect: Allow\n    Principal: {AWS: 012345678901}\n", []string{"it:3:22: ", "quotes"}},
		"YAML with an anchor that is nowhere":  {"Statement:\n  - *x\n", []string{"it:1:1: neither JSON nor YAML: unknown anchor"}},
		"YAML in lines of a lone return":       {"Statement: \r\r\r  - \"\\q\"\n", []string{"neither JSON nor YAML", "it:2:1: "}},
		"percent-encoding that is cut off":     {"%7B", []string{"it:1:4: not JSON"}},
		"a control character in UTF-16":        {"\x01\x00{\x00", []string{"it:1:1: not JSON"}},
		"the same in the other order":          {"\x00\x01\x00{", []string{"it:1:1: not JSON"}},
		"a denial in a string of YAML":         {"'x\nAction: y Access Denied'", []string{"it:1:1: ", "denies a request"}},
		"a fault in folded text of YAML":       {"PolicyDocument: >\n  {\"Statement\":5}\n", []string{"it:1:30: Statement"}},
		"YAML of as many levels as are read":   {"a: " + strings.Repeat("[", 255) + "1" + strings.Repeat("]", 255), []string{"an object with \"a\""}},
		"YAML of one level more":               {"a: " + strings.Repeat("[", 256) + "1" + strings.Repeat("]", 256), []string{"it:1:260: YAML of more than any policy has"}},
		"a fault in the second line within":    {"{\"PolicyDocument\": {\n \"Policy\": 7}}", []string{"it:2:12: ", `is "7", which is no policy`}},
		"a tab behind a quote in YAML":         {"PolicyDocument: '{\"Id\":\"a''\tb\"}'\n", []string{"it:1:28: not JSON"}},
		"a surrogate pair at the end":          {`{"Policy":"{\"Statement\":[]}\ud83d\ude00"}`, []string{"it:1:30: ", `document: "😀"`}},
		"a string that is cut off":             {`{"Policy":"{\"Statement\""}`, []string{"it:1:26: not JSON"}},
		"a fault in quotes as only YAML has":   {`PolicyDocument: "\x7b\n\"Id\":\"'\",\"Statement\":5}"` + "\n", []string{"it:1:41: Statement"}},
		"two documents of YAML":                {"Statement: []\n---\nStatement: []\n", []string{"it:2:1: ", "second YAML document"}},
		"a misspelt element":                   {`{"statement":[]}`, []string{`"statement"`}},
		"JSON that is cut off":                 {`{"Policy":"`, []string{"not JSON"}},
		"nothing":                              {" \n", []string{"is empty"}},
		"words":                                {"hello", []string{"not JSON"}},
		"wrapped without end":                  {strings.Repeat(`{"PolicyDocument":`, 9) + document + strings.Repeat("}", 9), []string{"it:1:145: ", "wrapped so many times"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			found, err := read.Policy("it", []byte(c.src))
			require.Error(t, err)
			assert.Nil(t, found)
			var faults policy.Errors
			require.ErrorAs(t, err, &faults)
			for _, want := range c.has {
				assert.Contains(t, err.Error(), want)
			}
		})
	}
}

// Values of YAML are those of JSON that say the same.
func TestYAMLSaysWhatJSONDoes(t *testing.T) {
	const begin = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{`
	for yaml, json := range map[string]string{
		`NumericEquals: {k: 5}`:                              `"NumericEquals":{"k":5}`,
		`NumericEquals: {k: [-1.5, 2e3]}`:                    `"NumericEquals":{"k":[-1.5,2e3]}`,
		`Bool: {k: true}`:                                    `"Bool":{"k":true}`,
		`Bool: {k: FALSE}`:                                   `"Bool":{"k":false}`,
		`DateEquals: {k: 2026-01-15}`:                        `"DateEquals":{"k":"2026-01-15"}`,
		`StringEquals: {k: "5"}`:                             `"StringEquals":{"k":"5"}`,
		`StringEquals: {k: 'it''s "a" \'}`:                   `"StringEquals":{"k":"it's \"a\" \\"}`,
		`StringEquals: {k: "\x61\u00e9\n\t\"\\ /"}`:          `"StringEquals":{"k":"aé\n\t\"\\ /"}`,
		`StringEquals: {k: "\x01\e"}`:                        `"StringEquals":{"k":"\u0001\u001b"}`,
		`StringEquals: {k: "one\u0020two"}`:                  `"StringEquals":{"k":"one two"}`,
		"StringEquals:\r      \"k\": a\n      \"l\": b":      `"StringEquals":{"k":"a","l":"b"}`,
		`StringEquals: {k: ''}`:                              `"StringEquals":{"k":""}`,
		`StringEquals: {"k": !!str 5}`:                       `"StringEquals":{"k":"5"}`,
		`StringEquals: {k: &a [x, y], l: *a}`:                `"StringEquals":{"k":["x","y"],"l":["x","y"]}`,
		"StringEquals:\n      k: |\n       a\n        b\n":   `"StringEquals":{"k":"a\n b\n"}`,
		"StringEquals:\n      k: >-\n       a\n       b\n\n": `"StringEquals":{"k":"a b"}`,
	} {
		src := "Version: 2012-10-17\nStatement:\n- Effect: Allow\n  Action: s3:*\n  Resource: '*'\n  Condition:\n    " + yaml
		found, err := read.Policy("it", []byte(src))
		require.NoError(t, err, yaml)
		assert.Equal(t, policy.MustParse("", begin+json+"}}]}").Statements, found.Document.Statements, yaml)
	}
}

func TestAPartOfAFileIsReadWithItsPlace(t *testing.T) {
	found, err := read.Part("it", document, 7, 5)
	require.NoError(t, err)
	line, column := found.Document.Position("Version")
	assert.Equal(t, [2]int{7, 5 + len(`{"Version":`)}, [2]int{line, column})
	assert.Equal(t, document, found.Text)
	for src, want := range map[string]string{
		"5":                       "it:7:5: must be an object with Version and Statement, not a number",
		"true":                    "it:7:5: must be an object with Version and Statement, not a boolean",
		`{"Statement":`:           "it:7:18: not JSON",
		"Statement: []":           "it:7:5: not JSON",
		`{"Policy":"{\"Id\":5}"}`: `it:7:24: Id: must be a string, not a number`,
	} {
		_, err := read.Part("it", src, 7, 5)
		assert.ErrorContains(t, err, want, src)
	}
}
