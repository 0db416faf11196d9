package files_test

import (
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/planned"
)

// folder is a file system of texts by path.
func folder(texts map[string]string) fstest.MapFS {
	all := make(fstest.MapFS)
	for name, text := range texts {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

const (
	queue = `{"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}}}}`
	users = `{"Users": [{"Path": "/", "UserName": "alice", "UserId": "AIDAEXAMPLE", "Arn": "arn:aws:iam::111122223333:user/alice", "CreateDate": "2022-08-07T12:55:43Z"}]}`
)

var given = planned.Given{Account: "111122223333", Region: "eu-west-1", Stack: "shop"}

func load(t *testing.T, texts map[string]string) (*account.Snapshot, error) {
	b := account.New()
	b.Partial = true
	err := files.LoadFS(b, given, folder(texts))
	s, faults := b.Build()
	require.NoError(t, faults)
	return s, err
}

func TestAFolderMayHoldAMix(t *testing.T) {
	s, err := load(t, map[string]string{
		"iam/users.json":     users,
		"template.yaml":      "# a comment\n\nAWSTemplateFormatVersion: '2010-09-09'\nResources:\n  T: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}\n",
		"other.template":     queue,
		"wide.json":          "\xff\xfe" + wide(queue),
		".aws-sam/none.json": "{",
		"buildspec.yml":      "version: 0.2\nphases: {}\n",
		"README.md":          "no file of ours",
	})
	require.NoError(t, err)
	_, err = s.Principal("user/alice")
	require.NoError(t, err)
	for _, address := range []string{"Q", "T"} {
		_, err := s.Target(address)
		require.NoError(t, err, address)
	}
	assert.Contains(t, s.Notes(), "buildspec.yml is YAML, and no template: not read")
}

// wide is an ASCII text as UTF-16.
func wide(text string) string {
	var b []byte
	for i := range len(text) {
		b = append(b, text[i], 0)
	}
	return string(b)
}

func TestACloudAssemblyIsReadByItsManifest(t *testing.T) {
	s, err := load(t, map[string]string{
		"cdk.out/manifest.json": `{"version": "38.0.1", "artifacts": {
			"App.assets": {"type": "cdk:asset-manifest"},
			"App": {"type": "aws:cloudformation:stack", "environment": "aws://444455556666/eu-central-1", "properties": {"templateFile": "App.template.json"}},
			"Open": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region", "properties": {"templateFile": "Open.template.json", "stackName": "named"}},
			"Nested": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Nested"}}}}`,
		"cdk.out/App.template.json":                    queue,
		"cdk.out/Open.template.json":                   `{"Resources": {"T": {"Type": "AWS::DynamoDB::Table"}}}`,
		"cdk.out/tree.json":                            `{"version": "tree-0.1"}`,
		"cdk.out/asset.abc/package.json":               `{"name": "x"}`,
		"cdk.out/assembly-Nested/manifest.json":        `{"version": "38.0.1", "artifacts": {"N": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1", "properties": {"templateFile": "N.template.json"}}}}`,
		"cdk.out/assembly-Nested/N.template.json":      `{"Resources": {"N": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "n"}}}}`,
		"cdk.out/assembly-Nested/other.not-a-template": "",
	})
	require.NoError(t, err)
	for address, want := range map[string]string{
		"Q": "^arn:aws:sqs:eu-central-1:444455556666:jobs$",
		"T": "^arn:aws:dynamodb:eu-west-1:111122223333:table/named-T-planned",
		"N": "^arn:aws:sns:eu-west-1:111122223333:n$",
	} {
		target, err := s.Target(address)
		require.NoError(t, err, address)
		assert.Regexp(t, want, target.Resource)
	}
}

func TestAFileThatIsGivenSaysWhatElseItIs(t *testing.T) {
	for sentence, c := range map[string]struct{ name, text, want string }{
		"Terraform source":      {"main.tf", "resource \"aws_iam_role\" \"r\" {\n}\n", "main.tf:1:1: no policy, but Terraform source: give the plan as terraform show -json prints it"},
		"source with the CDK":   {"stack.ts", "new iam.PolicyStatement({actions: ['s3:GetObject']})\n", "give the template that cdk synth writes"},
		"neither text nor JSON": {"x.json", "hello", "x.json"},
		"YAML":                  {"pod.yml", "kind: Pod\n", "is YAML, and no template: it has no Resources, but kind"},
	} {
		t.Run(sentence, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), c.name)
			require.NoError(t, os.WriteFile(name, []byte(c.text), 0o600))
			assert.ErrorContains(t, files.Load(account.New(), planned.Given{}, name), c.want)
		})
	}
}

// Each kind of file is told by what it begins with, however that is written.
func TestFilesAreToldByWhatTheyHold(t *testing.T) {
	config := `[{"resourceType": "AWS::IAM::User", "ARN": "arn:aws:iam::111122223333:user/alice", "configuration": {"userId": "AIDAEXAMPLE"}}]`
	state := `"values": {"root_module": {"resources": [{"address": "aws_iam_user.a", "mode": "managed", "type": "aws_iam_user", "name": "a", "provider_name": "registry.terraform.io/hashicorp/aws", "values": {"name": "alice", "arn": "arn:aws:iam::111122223333:user/alice", "path": "/"}}]}}`
	stack := `{"Resources": {"U": {"Type": "AWS::IAM::User", "Properties": {"UserName": "alice"}}}}`
	for sentence, text := range map[string]string{
		"an answer of AWS":                        users,
		"a list of answers":                       "[" + users + "]",
		"items of AWS Config":                     `{"configurationItems": ` + config + `}`,
		"AWS Config, behind another member":       `{"fileVersion": "1.0", "configurationItems": ` + config + `}`,
		"behind a text that looks like members":   `{"x": "\"Resources\": {", "configurationItems": ` + config + `}`,
		"behind a text that ends in a backslash":  `{"x": "\\", "configurationItems": ` + config + `}`,
		"behind a value that is called as a form": `{"x": "Resources", "configurationItems": ` + config + `}`,
		"behind a list of lists":                  `{"x": [["Resources"], {"Resources": 1}], "configurationItems": ` + config + `}`,
		"behind more than one long text":          `{"x": "` + strings.Repeat("a ", 100) + `", "y": "z", "configurationItems": ` + config + `}`,
		"behind members of members":               `{"x": {"Resources": {}, "y": ["Resources"]}, "configurationItems": ` + config + `}`,
		"with white space around the colon":       "\n\t {\"configurationItems\" \n : " + config + "}",
		"with an escape in the name":              `{"configuration\u0049tems": ` + config + `}`,
		"a state of Terraform":                    `{"format_version": "1.0", "terraform_version": "1.9.0", ` + state + `}`,
		"a template":                              stack,
		"a template behind members of members":    `{"Metadata": {"configurationItems": []}, ` + stack[1:],
		"a template that AWS keeps":               `{"TemplateBody": ` + stack + `}`,
	} {
		for _, way := range []string{"in a folder", "by name"} {
			b := account.New()
			b.Partial = true
			all, names := folder(map[string]string{"x.json": text}), []string(nil)
			if way == "by name" {
				names = []string{"x.json"}
			}
			require.NoError(t, files.LoadFS(b, given, all, names...), sentence)
			s, err := b.Build()
			require.NoError(t, err, sentence)
			_, err = s.Principal("user/alice")
			assert.NoError(t, err, "%s, %s", sentence, way)
		}
	}
}

func TestYAMLThatIsNoTemplate(t *testing.T) {
	const text = "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1\nh: 1\ni: 1\nj: 1\nk: 1\n"
	for names, want := range map[string]string{"": "", "x.yaml": "x.yaml is YAML, and no template: it has no Resources, but a, b, c, d, e, f, g, h, i, j", "gone.yaml": "gone.yaml"} {
		b := account.New()
		var err error
		if all := folder(map[string]string{"x.yaml": text}); names == "" {
			err = files.LoadFS(b, given, all)
		} else {
			err = files.LoadFS(b, given, all, names)
		}
		s, fault := b.Build()
		require.NoError(t, fault)
		if want == "" {
			require.NoError(t, err)
			assert.Equal(t, []string{"x.yaml is YAML, and no template: not read"}, s.Notes(), "a folder may hold other files")
			continue
		}
		assert.ErrorContains(t, err, want)
		assert.Empty(t, s.Notes())
	}
	b := account.New()
	assert.ErrorContains(t, files.Read(b, given, "standard input", strings.NewReader("a: 1\n")), "standard input is YAML, and no template: it has no Resources, but a")
	assert.ErrorContains(t, files.Read(b, given, "standard input", iotest.ErrReader(io.ErrUnexpectedEOF)), "standard input: unexpected EOF")
	assert.ErrorContains(t, files.Load(b, given, "testdata/shop", "testdata/gone"), "testdata/gone")
	require.NoError(t, files.Load(account.New(), given, "testdata/shop/iam.json"))
}

func TestFilesThatAreNotRead(t *testing.T) {
	for sentence, c := range map[string]struct {
		texts map[string]string
		want  string
	}{
		"JSON that ends within a member":                  {map[string]string{"x.json": `{"Resourc`}, "x.json"},
		"JSON that ends behind a member":                  {map[string]string{"x.json": `{"Things"`}, "x.json"},
		"a folder without files":                          {map[string]string{"README.md": "x"}, "no file here ends in .json"},
		"JSON that ends within an escape":                 {map[string]string{"x.json": `{"a\\`}, "x.json"},
		"a list that begins with a string":                {map[string]string{"x.json": `["Resources" : {}]`}, "x.json"},
		"a plan that is cut off":                          {map[string]string{"p.json": `{"format_version": "1.0", "values": {`}, "p.json:1"},
		"AWS Config that is cut off":                      {map[string]string{"c.json": `{"configurationItems": [{`}, "c.json"},
		"JSON that is nothing of AWS":                     {map[string]string{"x.json": `{"Things": []}`}, "x.json:1: no answer of AWS"},
		"a template that is cut off":                      {map[string]string{"t.json": queue[:40]}, "t.json:1:41: the file ends within the template"},
		"a template that is cut off within a member":      {map[string]string{"t.json": `{"Resources": {}, "Outp`}, "t.json:1:"},
		"an assembly without its template":                {map[string]string{"cdk.out/manifest.json": `{"version": "1", "artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "A.json"}}}}`}, "manifest.json: open A.json"},
		"an assembly in an assembly without its manifest": {map[string]string{"cdk.out/manifest.json": `{"version": "1", "artifacts": {"N": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "n"}}}}`}, "cdk.out/n/manifest.json: open manifest.json"},
		"an assembly in an assembly without its template": {map[string]string{
			"cdk.out/manifest.json":   `{"version": "1", "artifacts": {"N": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "n"}}}}`,
			"cdk.out/n/manifest.json": `{"version": "1", "artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "A.json"}}}}`,
		}, "cdk.out/n/manifest.json: open A.json"},
		"an assembly in a folder elsewhere":                 {map[string]string{"cdk.out/manifest.json": `{"version": "1", "artifacts": {"N": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "../n"}}}}`}, "../n"},
		"an assembly whose manifest is no JSON of its form": {map[string]string{"cdk.out/manifest.json": `{"version": "1", "artifacts": [1]}`}, "manifest.json: json: cannot unmarshal"},
		"an assembly with a template that is cut off": {map[string]string{
			"cdk.out/manifest.json": `{"version": "1", "artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "A.json"}}}}`,
			"cdk.out/A.json":        `{"Resources": {`,
		}, "A.json:1:"},
	} {
		t.Run(sentence, func(t *testing.T) {
			_, err := load(t, c.texts)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

// packed is a text that gzip packed, the middle of it any number of times.
func packed(t *testing.T, head, middle string, times int, tail string) string {
	pack := func(text string) string {
		var b strings.Builder
		z := gzip.NewWriter(&b)
		_, err := z.Write([]byte(text))
		require.NoError(t, errors.Join(err, z.Close()))
		return b.String()
	}
	return pack(head) + strings.Repeat(pack(middle), times) + pack(tail)
}

// A few kilobytes of gzip do not keep a reader busy for hours.
func TestWhatGzipPacks(t *testing.T) {
	spaces := strings.Repeat(" ", 1<<20)
	for sentence, c := range map[string]struct{ text, want string }{
		"an answer":                     {packed(t, users, "", 0, ""), ""},
		"an answer with many spaces":    {packed(t, "", spaces, 20, users), ""},
		"an answer that is packed well": {packed(t, users[:len(users)-2], "", 0, strings.Repeat(", "+users[len(`{"Users": [`):len(users)-2], 2000)+"]}"), ""},
		"more than a file can pack":     {packed(t, "", spaces, 80, users), "x.json.gz: is too large: gzip unpacks it to more than 32 MiB and 100 times its size"},
		"gzip in gzip":                  {packed(t, packed(t, users, "", 0, ""), "", 0, ""), "x.json.gz: is packed twice"},
		"half of a file":                {packed(t, users, "", 0, "")[:60], "x.json.gz: unexpected EOF"},
		"two bytes":                     {"\x1f\x8b", "x.json.gz: unexpected EOF"},
	} {
		t.Run(sentence, func(t *testing.T) {
			s, err := load(t, map[string]string{"x.json.gz": c.text})
			if c.want != "" {
				assert.ErrorContains(t, err, c.want)
				return
			}
			require.NoError(t, err)
			_, err = s.Principal("user/alice")
			assert.NoError(t, err)
		})
	}
}

// A folder of the disk is read as any other, and what of it cannot be opened is named
// as it is shown.
func TestAFolderOfTheDisk(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	write("users.json", users)
	write("none.yaml", "a: 1\n")
	b := account.New()
	b.Partial = true
	require.NoError(t, files.Load(b, given, folder))
	s, err := b.Build()
	require.NoError(t, err)
	_, err = s.Principal("user/alice")
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(folder, "none.yaml") + " is YAML, and no template: not read"}, s.Notes(), "of one member too")

	require.NoError(t, os.Symlink("/etc/hostname", filepath.Join(folder, "out.json")))
	assert.ErrorContains(t, files.Load(account.New(), given, folder), filepath.Join(folder, "out.json"), "nothing outside of the folder is reached")

	// What waits until all is read is done: the policy names its role by name alone.
	s, err = load(t, map[string]string{
		"a.json": `{"RoleName": "deploy", "PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}}`,
		"b.json": `{"Role": {"Path": "/", "RoleName": "deploy", "RoleId": "AROAEXAMPLE", "Arn": "arn:aws:iam::111122223333:role/deploy", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}}}`,
	})
	require.NoError(t, err)
	p, err := s.Principal("role/deploy")
	require.NoError(t, err)
	assert.Len(t, p.Identity().Inline, 1)
}

// A plan is what will be when it is applied.
func TestOfAPlanItIsWhatWillBe(t *testing.T) {
	plan := `{"format_version": "1.2", "resource_changes": [{"address": "aws_iam_user.a", "mode": "managed", "type": "aws_iam_user", "name": "a", "change": {"actions": ["create"], "before": null, "after": {"name": "new"}}}, {"address": "aws_iam_user.b", "mode": "managed", "type": "aws_iam_user", "name": "b", "change": {"actions": ["delete"], "before": {"name": "old"}, "after": null}}]}`
	s, err := load(t, map[string]string{"plan.json": plan})
	require.NoError(t, err)
	_, err = s.Principal("user/new")
	require.NoError(t, err)
	_, err = s.Principal("user/old")
	require.ErrorIs(t, err, account.ErrNotFound)
}

// A value that is given and that nothing asks for may well be a slip of the pen.
func TestAValueThatNothingAsksForIsTold(t *testing.T) {
	const template = `{"Conditions": {"Open": {"Fn::Equals": [{"Ref": "P"}, "a"]}}, "Parameters": {"P": {"Type": "String"}}, "Resources": {"R": {"Type": "AWS::IAM::Role",
		"Condition": "Open", "Properties": {"RoleName": "r", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}}}}}`
	for sentence, c := range map[string]struct {
		values map[string]string
		want   []string
	}{
		"the condition":           {map[string]string{"condition Open": "true"}, nil},
		"a condition with a typo": {map[string]string{"condition Opem": "true"}, []string{`a value is given of "condition Opem", and nothing that was read asks for it`}},
		"two of three":            {map[string]string{"b": "", "parameter P": "a", "a": ""}, []string{`a value is given of "a", and nothing that was read asks for it`, `a value is given of "b", and nothing that was read asks for it`}},
	} {
		t.Run(sentence, func(t *testing.T) {
			b := account.New()
			given := planned.Given{Account: "111122223333", Region: "us-east-1", Values: c.values}
			require.NoError(t, files.Read(b, given, "template.json", strings.NewReader(template)))
			s, err := b.Build()
			require.NoError(t, err)
			told := slices.DeleteFunc(slices.Clone(s.Notes()), func(note string) bool { return !strings.HasPrefix(note, "a value is given") })
			assert.ElementsMatch(t, c.want, told)
		})
	}
}
