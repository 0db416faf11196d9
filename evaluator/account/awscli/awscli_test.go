package awscli_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/awscli"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/internal/printed"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/golden"
	"github.com/iamsim/iamsim/internal/workload"
)

const (
	orders = "arn:aws:lambda:us-east-1:111122223333:function:orders"
	deploy = "arn:aws:iam::111122223333:role/deploy"
	invoke = "lambda:InvokeFunction"
	// document allows to invoke functions whose name has a plus, a percent sign and
	// a letter beyond ASCII nowhere; it is here to be encoded.
	document = `{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTag/a+b":"100% ü"}}}]}`
	trust    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
)

// load reads files, by name, that lie in a folder.
func load(t testing.TB, b *account.Builder, texts map[string]string) error {
	folder := t.TempDir()
	for name, text := range texts {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	t.Chdir(folder)
	return files.Load(b, planned.Given{}, ".")
}

// snapshot is that of files without fault.
func snapshot(t testing.TB, files map[string]string) *account.Snapshot {
	b := account.New()
	require.NoError(t, load(t, b, files))
	s, err := b.Build()
	require.NoError(t, err)
	return s
}

// compare compares all that was read with a file of testdata. [load] is in another
// folder by then.
func compare(t testing.TB, name string, s *account.Snapshot) {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	golden.Compare(t, filepath.Join(filepath.Dir(here), "testdata", name), printed.Snapshot(s))
}

// decide asks whether a principal may do something to a function.
func decide(t testing.TB, s *account.Snapshot, who, action, resource string) string {
	p, err := s.Principal(who)
	require.NoError(t, err)
	caller, err := p.Caller()
	require.NoError(t, err)
	return evaluator.Evaluate(&caller, &evaluator.Target{Resource: resource}, &evaluator.Request{Action: action}).String()
}

// details is get-account-authorization-details with one role, whose inline policy
// and trust policy are given.
func details(inline, trusted string) string {
	return `{"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [{
		"Path": "/", "RoleName": "deploy", "RoleId": "AROAEXAMPLE", "Arn": "` + deploy + `", "CreateDate": "2022-08-07 12:55:43+00:00",
		"AssumeRolePolicyDocument": ` + trusted + `, "InstanceProfileList": [{"Roles": [{"AssumeRolePolicyDocument": "what nobody reads"}]}],
		"RolePolicyList": [{"PolicyName": "own", "PolicyDocument": ` + inline + `}], "AttachedManagedPolicies": []
	}], "Policies": []}`
}

// quoted is a text as a JSON string.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}

func TestDocumentsComeInFourForms(t *testing.T) {
	for form, text := range map[string]string{
		"an object of the AWS CLI":                             document,
		"a string of JSON text":                                quoted("\n " + document),
		"a percent-encoded string of the API":                  quoted(url.PathEscape(document)),
		"a percent-encoded string within a string, as Config":  quoted(quoted(url.PathEscape(document))),
		"a percent-encoded string that begins with a new line": quoted("%0A" + url.PathEscape(document)),
	} {
		t.Run(form, func(t *testing.T) {
			s := snapshot(t, map[string]string{"iam.json": details(text, trust)})
			assert.Equal(t, "allowed", decide(t, s, "role/deploy", invoke, orders))
			p, err := s.Principal(deploy)
			require.NoError(t, err)
			condition := p.Identity().Inline[0].Document.Statements[0].Condition[0]
			assert.Equal(t, "aws:PrincipalTag/a+b", condition.Key, "a plus is a plus")
			assert.Equal(t, "100% ü", condition.Values[0])
		})
	}
}

func TestFilesComeInManyEncodings(t *testing.T) {
	text := details(document, trust)
	wide := func(order binary.AppendByteOrder, mark string) string {
		var b []byte
		for _, unit := range utf16.Encode([]rune(mark + text)) {
			b = order.AppendUint16(b, unit)
		}
		return string(b)
	}
	for encoding, content := range map[string]string{
		"UTF-8":                             text,
		"UTF-8 with a byte order mark":      "\ufeff" + text,
		"UTF-16 of PowerShell":              wide(binary.LittleEndian, "\ufeff"),
		"UTF-16, the other way round":       wide(binary.BigEndian, "\ufeff"),
		"UTF-16 without a byte order mark":  wide(binary.LittleEndian, ""),
		"an array of pages":                 "[" + text + "]",
		"JSON lines":                        strings.ReplaceAll(text, "\n", " ") + "\n" + strings.ReplaceAll(text, "\n", " ") + "\n",
		"a page for each list":              `{"RoleDetailList": [], "IsTruncated": true, "Marker": "x"}` + text,
		"members of the SDKs that are null": strings.Replace(text, `"Path": "/"`, `"Path": "/", "PermissionsBoundary": null, "Tags": null`, 1),
		"an object where a list is due":     strings.Replace(text, `"AttachedManagedPolicies": []`, `"AttachedManagedPolicies": {"PolicyName": "x", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}`, 1),
	} {
		t.Run(encoding, func(t *testing.T) {
			s := snapshot(t, map[string]string{"iam.json": content})
			assert.Equal(t, "allowed", decide(t, s, "role/deploy", invoke, orders))
		})
	}
}

// byHand are the raw answers about one role and one function.
func byHand() map[string]string {
	return map[string]string{
		"a.json":                   `{"Role": {"Path": "/", "RoleName": "deploy", "RoleId": "AROA", "Arn": "` + deploy + `", "AssumeRolePolicyDocument": ` + trust + `, "MaxSessionDuration": 3600, "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/edge"}}}`,
		"b.json":                   `{"PolicyNames": ["own"]}`,
		"inline-names-deploy.json": `{"PolicyNames": ["own"]}`,
		"c.json":                   `{"RoleName": "deploy", "PolicyName": "own", "PolicyDocument": ` + document + `}`,
		"attached-deploy.json":     `{"AttachedPolicies": [{"PolicyName": "AWSLambda_ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"}]}`,
		"d.json":                   `{"Policy": {"PolicyName": "edge", "Arn": "arn:aws:iam::111122223333:policy/edge", "DefaultVersionId": "v2", "Tags": []}}`,
		"policy-version-edge.json": `{"PolicyVersion": {"Document": ` + quoted(url.PathEscape(document)) + `, "VersionId": "v2", "IsDefaultVersion": true}}`,
		"functions.json":           `{"Functions": [{"FunctionName": "orders", "FunctionArn": "` + orders + `", "Version": "$LATEST", "Role": "` + deploy + `", "Runtime": "go"}, {"FunctionName": "orders", "FunctionArn": "` + orders + `:7", "Version": "7", "Role": "` + deploy + `"}]}`,
		"aliases.json":             `{"Aliases": [{"AliasArn": "` + orders + `:prod", "Name": "prod", "FunctionVersion": "7", "RoutingConfig": {"AdditionalVersionWeights": {"7": 0.1}}}]}`,
		"urls.json":                `{"FunctionUrlConfigs": [{"FunctionArn": "` + orders + `:prod", "FunctionUrl": "https://x.lambda-url.us-east-1.on.aws/", "AuthType": "AWS_IAM"}]}`,
		"policy-orders.json":       `{"Policy": "{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"` + deploy + `\"},\"Action\":\"lambda:GetFunction\",\"Resource\":\"` + orders + `\"}]}", "RevisionId": "1"}`,
		"any.json":                 `{"Policy": {"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction","Resource":"` + orders + `:prod"}]}}`,
		"tags-orders.json":         `{"Tags": {"team": "a"}}`,
		"bucket.json":              `{"Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":[\"arn:aws:s3:::b\",\"arn:aws:s3:::b/*\"]}]}"}`,
	}
}

func TestAnswersByHand(t *testing.T) {
	files := byHand()
	delete(files, "b.json") // whose name says of nobody
	s := snapshot(t, files)
	assert.Equal(t, "allowed", decide(t, s, "role/deploy", invoke, orders))
	assert.Equal(t, "implicitDeny(boundary)", decide(t, s, "role/deploy", "lambda:GetFunction", orders), "the boundary is that of get-policy-version")
	compare(t, "byhand.txt", s)
	assert.Empty(t, s.Gaps()[1:], "but for the organization, all is known: %v", s.Gaps())

	f, err := s.Function("orders")
	require.NoError(t, err)
	assert.Equal(t, []string{"7"}, f.Versions)
	assert.Equal(t, []account.Alias{{Name: "prod", Version: "7", Others: []string{"7"}}}, f.Aliases)
	assert.Equal(t, "prod", f.URLs[0].Qualifier)
	target, err := s.Target(orders + ":prod")
	require.NoError(t, err)
	assert.Len(t, target.Policies, 2, "the alias has its policy and that of the function")
	assert.Equal(t, []evaluator.Tag{{Key: "team", Value: "a"}}, target.Tags)
	target, err = s.Target("arn:aws:s3:::b/key")
	require.NoError(t, err)
	assert.Len(t, target.Policies, 1)
}

func TestAnOrganizationOfRawAnswers(t *testing.T) {
	denyDelete := `{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"lambda:Delete*\",\"Resource\":\"*\"}]}`
	raw := map[string]string{
		"iam.json":                          details(strings.ReplaceAll(document, invoke, "lambda:*"), trust),
		"organization.json":                 `{"Organization": {"Id": "o-a1b2c3d4e5", "Arn": "arn:aws:organizations::999999999999:organization/o-a1b2c3d4e5", "FeatureSet": "ALL", "MasterAccountId": "999999999999"}}`,
		"roots.json":                        `{"Roots": [{"Id": "r-ab12", "Arn": "arn:aws:organizations::999999999999:root/o-a1b2c3d4e5/r-ab12", "Name": "Root", "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]}]}`,
		"units-of-r-ab12.json":              `{"OrganizationalUnits": [{"Id": "ou-ab12-cd34ef56", "Name": "Prod"}]}`,
		"accounts-of-ou-ab12-cd34ef56.json": `{"Accounts": [{"Id": "111122223333", "Name": "prod", "Status": "ACTIVE"}]}`,
		"scps-of-r-ab12.json":               `{"Policies": [{"Id": "p-FullAWSAccess", "Arn": "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess", "Name": "FullAWSAccess", "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": true}]}`,
		"scps-of-ou-ab12-cd34ef56.json":     `{"Policies": [{"Id": "p-FullAWSAccess", "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": true}, {"Id": "p-1a2b3c4d", "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": false}]}`,
		"scps-of-111122223333.json":         `{"Policies": [{"Id": "p-FullAWSAccess", "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": true}]}`,
		"p.json":                            `{"Policy": {"PolicySummary": {"Id": "p-1a2b3c4d", "Name": "NoDelete", "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": false}, "Content": "` + denyDelete + `"}}`,
	}
	tree := map[string]string{
		"iam.json": raw["iam.json"],
		"organization.json": `{"organization": {"Id": "o-a1b2c3d4e5", "MasterAccountId": "999999999999", "FeatureSet": "ALL"},
			"root": {"Id": "r-ab12", "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}], "policies": ["p-FullAWSAccess"], "accounts": [],
				"children": [{"Id": "ou-ab12-cd34ef56", "Name": "Prod", "policies": ["p-FullAWSAccess", "p-1a2b3c4d"], "accounts": ["111122223333"], "children": []}]},
			"accounts": {"111122223333": {"policies": ["p-FullAWSAccess"], "tags": {}}},
			"policies": {"p-1a2b3c4d": {"PolicySummary": {"Id": "p-1a2b3c4d", "Name": "NoDelete", "Type": "SERVICE_CONTROL_POLICY"}, "Content": "` + denyDelete + `"}}}`,
	}
	for form, files := range map[string]map[string]string{"raw answers": raw, "one file": tree} {
		t.Run(form, func(t *testing.T) {
			s := snapshot(t, files)
			compare(t, strings.ReplaceAll(form, " ", "")+".txt", s)
			assert.Equal(t, "explicitDeny(scp)", decide(t, s, "role/deploy", "lambda:DeleteFunction", orders))
			assert.Equal(t, "allowed", decide(t, s, "role/deploy", invoke, orders))
			p, err := s.Principal("role/deploy")
			require.NoError(t, err)
			c, err := p.Caller()
			require.NoError(t, err)
			assert.Len(t, c.SCPs, 3)
			inOrganization := evaluator.Request{Action: invoke, Context: evaluator.Context{}}
			require.NotNil(t, inOrganization.Context)
			assert.Empty(t, s.Gaps())
		})
	}
}

// What the other tests do not need.
func TestTheRestOfTheAnswers(t *testing.T) {
	const queues = "p-queues00"
	b := account.New()
	b.Partial = true
	require.NoError(t, load(t, b, map[string]string{
		"iam.json":                             details(document, trust),
		"functions.json":                       `{"Functions": [{"FunctionName": "orders", "FunctionArn": "` + orders + `", "Version": "$LATEST", "Role": "` + deploy + `", "Layers": [{"Arn": "arn:aws:lambda:us-east-1:111122223333:layer:a:1", "CodeSize": 1}]}]}`,
		"function.json":                        `{"Configuration": {"FunctionName": "other", "FunctionArn": "` + orders + `2", "Version": "$LATEST", "Role": "` + deploy + `"}, "Code": {}, "Tags": {"team": "b"}}`,
		"mappings.json":                        `{"EventSourceMappings": [{"UUID": "u", "FunctionArn": "` + orders + `:prod"}]}`,
		"layers.json":                          `{"Layers": [{"LayerName": "a", "LayerArn": "arn:aws:lambda:us-east-1:111122223333:layer:a", "LatestMatchingVersion": {"LayerVersionArn": "arn:aws:lambda:us-east-1:111122223333:layer:a:1", "Version": 1}}]}`,
		"details.json":                         `{"UserDetailList": {"UserName": "one", "Arn": "arn:aws:iam::111122223333:user/one", "Tags": [{"Key": "team", "Value": "a"}], "GroupList": [], "UserPolicyList": [], "AttachedManagedPolicies": []}}`,
		"organization.json":                    `{"Organization": {"Id": "o-a1b2c3d4e5", "FeatureSet": "CONSOLIDATED_BILLING", "MasterAccountId": "999999999999"}}`,
		"roots.json":                           `{"Roots": [{"Id": "r-ab12", "Arn": "arn:aws:organizations::999999999999:root/o-a1b2c3d4e5/r-ab12", "PolicyTypes": [{"Type": "RESOURCE_CONTROL_POLICY", "Status": "ENABLED"}, {"Type": "SERVICE_CONTROL_POLICY", "Status": "PENDING_ENABLE"}]}]}`,
		"rcps-of-r-ab12.json":                  `{"Policies": [{"Id": "` + queues + `", "Type": "RESOURCE_CONTROL_POLICY"}, {"Id": "p-RCPFullAWSAccess", "Arn": "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess"}]}`,
		"scps-of-r-ab12.json":                  `{"Policies": []}`,
		"service_control-of-111122223333.json": `{"Policies": []}`,
		"list-of-ou-ab12-cd34ef56.json":        `{"Policies": []}`,
		"policies.json":                        `{"Policies": [{"Id": "p-1", "Type": "SERVICE_CONTROL_POLICY"}]}`,
		"children-of-r-ab12.json":              `{"Children": [{"Id": "ou-ab12-cd34ef56", "Type": "ORGANIZATIONAL_UNIT"}]}`,
		"accounts-of-ou-ab12-cd34ef56.json":    `{"Accounts": [{"Id": "111122223333", "Name": "prod", "Status": "ACTIVE"}, {"Id": "444455556666", "Name": "old"}]}`,
		"targets-of-" + queues + ".json":       `{"Targets": [{"TargetId": "ou-ab12-cd34ef56", "Type": "ORGANIZATIONAL_UNIT"}]}`,
		"p.json":                               `{"Policy": {"PolicySummary": {"Id": "` + queues + `", "Name": "Queues", "Type": "RESOURCE_CONTROL_POLICY"}, "Content": {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*"}]}}}`,
	}))
	s, err := b.Build()
	require.NoError(t, err)
	compare(t, "rest.txt", s)
}

func TestBadInputNamesPlaceAndMend(t *testing.T) {
	whole := details(document, trust)
	for sentence, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"truncated JSON":                         {"iam.json", whole[:len(whole)-40], []string{"iam.json:4:", "ends in the middle of RoleDetailList", "make it anew"}},
		"truncated in a role":                    {"iam.json", whole[:300], []string{"ends in the middle of RoleDetailList[0], which began on line 1"}},
		"an empty file":                          {"policy-x.json", "\n", []string{"policy-x.json is empty", "ask again"}},
		"no JSON":                                {"iam.json", "USERDETAILLIST\tarn", []string{"iam.json:1:1", "--output json"}},
		"a comma too many":                       {"iam.json", `{"RoleDetailList": [],}`, []string{"iam.json:1:", "the name of a member"}},
		"a pair in the place of a member":        {"iam.json", `{"Policies": [{"AwsManaged", false}]}`, []string{"iam.json:1:", "Policies[0]", "not JSON"}},
		"a policy document":                      {"p.json", document, []string{"this is a policy document: it does not say whose it is"}},
		"something else":                         {"x.json", `{"Things": []}`, []string{"x.json:1: no answer of AWS", "Things", "get-account-authorization-details"}},
		"a scalar in the list of pages":          {"x.json", `[1]`, []string{"x.json:1:2", "element 0 of the list"}},
		"a page of which the next is missing":    {"iam.json", strings.TrimSuffix(whole, "}") + `, "IsTruncated": true, "Marker": "m"}`, []string{"iam.json goes on with further pages of get-account-authorization-details", "give all pages"}},
		"a page of the AWS CLI with --max-items": {"iam.json", strings.TrimSuffix(whole, "}") + `, "NextToken": "m"}`, []string{"iam.json goes on with further pages"}},
		"a document that is no policy":           {"iam.json", details(`"what"`, trust), []string{"iam.json:1: RoleDetailList[0].RolePolicyList[0] own.PolicyDocument", `"what"`, "neither JSON text nor a percent-encoded policy"}},
		"a document with a fault":                {"iam.json", details(strings.Replace(document, "Allow", "Permit", 1), trust), []string{"RoleDetailList[0].RolePolicyList[0] own.PolicyDocument: own:1:", `"Permit" is no effect`}},
		"a managed policy that is missing":       {"iam.json", strings.Replace(whole, `"AttachedManagedPolicies": []`, `"AttachedManagedPolicies": [{"PolicyName": "base", "PolicyArn": "arn:aws:iam::111122223333:policy/base"}]`, 1), []string{deploy + " attaches arn:aws:iam::111122223333:policy/base", "(iam.json:1)", "LocalManagedPolicy"}},
		"a retired AWS managed policy":           {"iam.json", strings.Replace(whole, `"AttachedManagedPolicies": []`, `"AttachedManagedPolicies": [{"PolicyName": "x", "PolicyArn": "arn:aws:iam::aws:policy/AWSLambdaReadOnlyAccesz"}]`, 1), []string{deploy + " attaches arn:aws:iam::aws:policy/AWSLambdaReadOnlyAccesz", "did you mean"}},
		"versions that disagree":                 {"iam.json", `{"Policies": [{"PolicyName": "p", "Arn": "arn:aws:iam::111122223333:policy/p", "DefaultVersionId": "v1", "PolicyVersionList": [{"VersionId": "v2", "IsDefaultVersion": true, "Document": ` + document + `}]}]}`, []string{"Policies[0]: p has DefaultVersionId v1, and IsDefaultVersion is true for v2"}},
		"no default version":                     {"iam.json", `{"Policies": [{"PolicyName": "p", "Arn": "arn:aws:iam::111122223333:policy/p", "PolicyVersionList": [{"VersionId": "v2", "Document": ` + document + `}]}]}`, []string{"Policies[0]: p has neither DefaultVersionId nor"}},
		"an ARN that is none":                    {"iam.json", strings.ReplaceAll(whole, deploy, "deploy"), []string{`RoleDetailList[0]: has no ARN: invalid ARN "deploy"`}},
		"a policy of nobody":                     {"policy.json", `{"Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}", "RevisionId": "1"}`, []string{"policy.json:1: Policy"}},
		"inline policies of nobody":              {"names.json", `{"PolicyNames": []}`, []string{"names.json:1: PolicyNames", "let the file's name end in"}},
		"a policy of a role that is not there":   {"x.json", `{"RoleName": "r", "PolicyName": "p", "PolicyDocument": ` + document + `}`, []string{"role r was not read: give the answer of get-role"}},
		"half of a UTF-16 file":                  {"iam.json", "\xff\xfe{\x00\"", []string{"iam.json: not UTF-16"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			b := account.New()
			err := load(t, b, map[string]string{c.file: c.text})
			if err == nil {
				_, err = b.Build()
			}
			require.Error(t, err)
			for _, want := range c.want {
				assert.ErrorContains(t, err, want)
			}
		})
	}
}

func TestNothingIsLostBesideABadFile(t *testing.T) {
	b := account.New()
	require.ErrorContains(t, load(t, b, map[string]string{"a.json": "{", "b.json": details(document, trust), "c.json": `{"x": 1}`}), "c.json")
	s, err := b.Build()
	require.NoError(t, err)
	assert.Equal(t, "allowed", decide(t, s, "role/deploy", invoke, orders))
}

func TestMembersThatAreNotKnownAreTold(t *testing.T) {
	s := snapshot(t, map[string]string{"iam.json": strings.Replace(details(document, trust), `"Path": "/"`, `"Path": "/", "Novel": 1`, 1)})
	assert.Contains(t, s.Notes(), "iam.json: member Novel of RoleDetailList is not known, and not read")
}

func TestAPartialSnapshotHasAGap(t *testing.T) {
	b := account.New()
	b.Partial = true
	require.NoError(t, load(t, b, map[string]string{"iam.json": `{"RoleDetailList": [], "IsTruncated": true, "Marker": "m"}`}))
	s, err := b.Build()
	require.NoError(t, err)
	assert.ErrorIs(t, s.Gaps()[0], account.ErrDangling)
}

func TestPiecesOfAnySizeAreReadAlike(t *testing.T) {
	text := "[" + details(quoted(document), trust) + "]"
	for _, r := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader} {
		b := account.New()
		reader := awscli.NewReader(b)
		require.NoError(t, reader.Read("iam.json", r(strings.NewReader(text))))
		reader.Finish()
		s, err := b.Build()
		require.NoError(t, err)
		assert.Equal(t, "allowed", decide(t, s, "role/deploy", invoke, orders))
	}
	broken := errors.New("the disk is gone")
	err := awscli.NewReader(account.New()).Read("iam.json", io.MultiReader(strings.NewReader(text[:200]), iotest.ErrReader(broken)))
	require.ErrorIs(t, err, broken)
}

// A file is read in one pass, and what is made of it is in proportion to it.
func TestReadingAllocatesInProportion(t *testing.T) {
	var text bytes.Buffer
	require.NoError(t, (&workload.Accounts{Accounts: 5, Roles: 200, Statements: 15}).Write(&text))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	b := account.New()
	r := awscli.NewReader(b)
	require.NoError(t, r.Read("iam.json", bytes.NewReader(text.Bytes())))
	r.Finish()
	s, err := b.Build()
	require.NoError(t, err)
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(6*text.Len()), "bytes allocated for %d bytes", text.Len())

	sets := make(map[*evaluator.Set]int)
	for p := range s.Principals() {
		c, err := p.Caller()
		require.NoError(t, err)
		sets[c.Boundary]++
	}
	assert.Len(t, sets, 1+5, "a boundary for each account, and none for users")
}

func FuzzRead(f *testing.F) {
	for _, text := range byHand() {
		f.Add("x.json", []byte(text))
	}
	f.Add("iam.json", []byte(details(document, trust)))
	f.Add("iam.json", []byte("\xff\xfe{\x00}\x00"))
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		b := account.New()
		b.Partial = true
		r := awscli.NewReader(b)
		err := r.Read(name, bytes.NewReader(text))
		r.Finish()
		s, built := b.Build()
		if err != nil || built != nil {
			return
		}
		for p := range s.Principals() {
			if c, err := p.Caller(); err == nil {
				assert.NoError(t, c.Principal.Err())
			}
		}
	})
}

func TestWhoseAnAnswerIsTheFileSays(t *testing.T) {
	s := snapshot(t, map[string]string{
		"iam.json": `{"Role": {"RoleName": "deploy", "RoleId": "AROA", "Arn": "` + deploy + `", "AssumeRolePolicyDocument": ` + trust + `, "Tags": [{"Key": "team", "Value": "a"}]}}
			{"User": {"UserName": "deploy", "UserId": "AIDA", "Arn": "arn:aws:iam::111122223333:user/deploy"}}
			{"User": {"UserName": "bob", "UserId": "AIDA", "Arn": "arn:aws:iam::111122223333:user/bob"}}`,
		"user-inline-deploy.json":         `{"PolicyNames": []}`,
		"role-inline-deploy.json":         `{"PolicyNames": ["own"]}`,
		"inline-bob.json":                 `{"PolicyNames": []}`,
		"own.json":                        `{"RoleName": "deploy", "PolicyName": "own", "PolicyDocument": ` + document + `}`,
		"attached-to-user-deploy.json":    `{"AttachedPolicies": []}`,
		"attached-to-role-deploy.json":    `{"AttachedPolicies": []}`,
		"attached-1-bob.json":             `{"AttachedPolicies": [{"PolicyName": "a", "PolicyArn": "arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"}], "IsTruncated": true, "Marker": "m"}`,
		"attached-2-bob.json":             `{"AttachedPolicies": [{"PolicyName": "b", "PolicyArn": "arn:aws:iam::aws:policy/IAMReadOnlyAccess"}], "IsTruncated": false}`,
		"groups-of-user-deploy.json":      `{"Groups": [{"GroupName": "Builders", "GroupId": "AGPA", "Arn": "arn:aws:iam::111122223333:group/Builders"}]}`,
		"groups-of-bob.json":              `{"Groups": [{"GroupName": "Builders", "GroupId": "AGPA", "Arn": "arn:aws:iam::111122223333:group/Builders"}]}`,
		"group.json":                      `{"Group": {"GroupName": "Builders", "GroupId": "AGPA", "Arn": "arn:aws:iam::111122223333:group/Builders"}, "Users": [{"UserName": "bob", "Arn": "arn:aws:iam::111122223333:user/bob"}]}`,
		"group-inline-Builders.json":      `{"PolicyNames": ["build"]}`,
		"build.json":                      `{"GroupName": "Builders", "PolicyName": "build", "PolicyDocument": ` + document + `}`,
		"attached-to-group-Builders.json": `{"AttachedPolicies": []}`,
		"tags-role-deploy.json":           `{"Tags": [{"Key": "team", "Value": "a"}], "IsTruncated": false}`,
		"organization.json":               `{"Organization": {"Id": "o-a1b2c3d4e5", "FeatureSet": "ALL", "MasterAccountId": "999999999999"}}`,
		"roots.json":                      `{"Roots": [{"Id": "r-ab12", "Arn": "arn:aws:organizations::999999999999:root/o-a1b2c3d4e5/r-ab12", "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}, {"Type": "TAG_POLICY", "Status": "ENABLED"}]}]}`,
		"children-of-r-ab12.json":         `{"Children": [{"Id": "ou-ab12-cd34ef56", "Type": "ORGANIZATIONAL_UNIT"}]}`,
		"parents-of-111122223333.json":    `{"Parents": [{"Id": "ou-ab12-cd34ef56", "Type": "ORGANIZATIONAL_UNIT"}]}`,
		"units.json":                      `{"OrganizationalUnits": [{"Id": "ou-ab12-cd34ef56", "Name": "Prod", "Path": "o-a1b2c3d4e5/r-ab12/ou-ab12-cd34ef56/"}]}`,
		"accounts.json":                   `{"Accounts": [{"Id": "111122223333", "Name": "prod", "State": "SUSPENDED", "Paths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-cd34ef56/"]}]}`,
		"scps-of-r-ab12.json":             `{"Policies": [{"Id": "p-FullAWSAccess", "Arn": "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"}]}`,
		"scps-of-ou-ab12-cd34ef56.json":   `{"Policies": [{"Id": "p-1a2b3c4d", "Type": "SERVICE_CONTROL_POLICY"}]}`,
		"scps-1-of-111122223333.json":     `{"Policies": [{"Id": "p-FullAWSAccess", "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": true}], "NextToken": "m"}`,
		"scps-2-of-111122223333.json":     `{"Policies": [{"Id": "p-1a2b3c4d", "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": false}]}`,
		"targets-of-p-1a2b3c4d.json":      `{"Targets": [{"TargetId": "ou-ab12-cd34ef56", "Type": "ORGANIZATIONAL_UNIT"}]}`,
		"p.json":                          `{"Policy": {"PolicySummary": {"Id": "p-1a2b3c4d", "Name": "Lambda", "Type": "SERVICE_CONTROL_POLICY"}, "Content": {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:*","Resource":"*"}]}}}`,
		"q.json":                          `{"Policy": {"PolicySummary": {"Id": "p-tags", "Name": "Tags", "Type": "TAG_POLICY"}, "Content": "{}"}}`,
	})
	compare(t, "named.txt", s)
	assert.Empty(t, s.Gaps())
	for _, who := range []string{"role/deploy", "user/deploy", "user/bob"} {
		assert.Equal(t, "allowed", decide(t, s, who, invoke, orders), who)
		p, err := s.Principal(who)
		require.NoError(t, err)
		assert.Equal(t, []string{"o-a1b2c3d4e5/r-ab12/ou-ab12-cd34ef56/"}, p.Organization().Paths)
	}
	assert.Contains(t, strings.Join(s.Notes(), "\n"), "account 111122223333 is SUSPENDED")
	assert.Contains(t, strings.Join(s.Notes(), "\n"), "policy p-tags is of type TAG_POLICY, which decides nothing")
}

func TestPagesComeInAnyOrderAndMayHaveOneList(t *testing.T) {
	whole := details(document, trust)
	group := `{"GroupName": "Admins", "Arn": "arn:aws:iam::111122223333:group/Admins"}`
	edge := `{"PolicyName": "edge", "Arn": "arn:aws:iam::111122223333:policy/edge", "DefaultVersionId": "v1", "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true, "Document": ` + document + `}]}`
	for last, page := range map[string]string{
		"a page of groups":   `{"GroupDetailList": [` + group + `], "IsTruncated": false}`,
		"a page of policies": `{"Policies": [` + edge + `], "IsTruncated": false}`,
		"an empty page":      `{"IsTruncated": false}`,
	} {
		t.Run(last, func(t *testing.T) {
			s := snapshot(t, map[string]string{
				"page-1.json":  strings.TrimSuffix(whole, "}") + `, "IsTruncated": true, "Marker": "m"}`,
				"page-10.json": page,
				"page-2.json":  `{"Policies": [], "IsTruncated": true, "Marker": "n"}`,
			})
			assert.Equal(t, "allowed", decide(t, s, "role/deploy", invoke, orders))
		})
	}
}

func TestAPageOfAnotherAccountIsNotTheLastOne(t *testing.T) {
	other := strings.ReplaceAll(details(document, trust), "111122223333", "444455556666")
	b := account.New()
	require.NoError(t, load(t, b, map[string]string{
		"page-1.json":  strings.TrimSuffix(details(document, trust), "}") + `, "IsTruncated": true, "Marker": "m"}`,
		"another.json": other,
	}))
	_, err := b.Build()
	require.ErrorIs(t, err, account.ErrDangling)
	assert.ErrorContains(t, err, "page-1.json goes on with further pages")
}
