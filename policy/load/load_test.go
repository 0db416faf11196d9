package load_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
)

const document = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

func files() fstest.MapFS {
	return fstest.MapFS{
		"p.json":              {Data: []byte(document)},
		"team/trust.json":     {Data: []byte(`{"Role":{"AssumeRolePolicyDocument":` + document + `}}`)},
		"team/all/b.yml":      {Data: []byte("Statement: {Effect: Allow, Action: '*', Resource: '*'}\n")},
		"team/all/a.json":     {Data: []byte(document)},
		"team/all/README.md":  {Data: []byte("of the team")},
		"team/all/old/p.json": {Data: []byte("{")},
		"team/AWSLambdaRole":  {Data: []byte(document)},
		"team/wrong/a.json":   {Data: []byte("{")},
		"team/wrong/b.json":   {Data: []byte(`{"Statement":1}`)},
		"team/none/notes.txt": {Data: []byte("x")},
		"team/pipe":           {Mode: fs.ModeNamedPipe},
		"large.json":          {Data: []byte(strings.Repeat(" ", load.MaxSize+1))},
	}
}

func TestPoliciesAreLoadedByWhatIsGiven(t *testing.T) {
	type loaded struct {
		name, arn string
		kind      policy.Kind
		file      bool
	}
	for sentence, c := range map[string]struct {
		given string
		want  []loaded
	}{
		"a file":                              {"all/a.json", []loaded{{name: "all/a.json", file: true}}},
		"a file above":                        {"../p.json", []loaded{{name: "../p.json", file: true}}},
		"a file that a command wrote":         {"./trust.json", []loaded{{name: "./trust.json", kind: policy.Trust, file: true}}},
		"a folder":                            {"all", []loaded{{name: "in/team/all/a.json", file: true}, {name: "in/team/all/b.yml", file: true}}},
		"a document":                          {" " + document, []loaded{{name: "inline policy of alice"}}},
		"a document that is percent-encoded":  {"%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D", []loaded{{name: "inline policy of alice"}}},
		"standard input":                      {"-", []loaded{{name: "stdin"}}},
		"an AWS managed policy by its ARN":    {"arn:aws:iam::aws:policy/ReadOnlyAccess", []loaded{{name: "ReadOnlyAccess", arn: "arn:aws:iam::aws:policy/ReadOnlyAccess"}}},
		"an AWS managed policy, elsewhere":    {"arn:aws-cn:iam::aws:policy/ReadOnlyAccess", []loaded{{name: "ReadOnlyAccess", arn: "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"}}},
		"an AWS managed policy by its name":   {"ReadOnlyAccess", []loaded{{name: "ReadOnlyAccess", arn: "arn:aws:iam::aws:policy/ReadOnlyAccess"}}},
		"a file with the name of such policy": {"AWSLambdaRole", []loaded{{name: "AWSLambdaRole", file: true}}},
	} {
		t.Run(sentence, func(t *testing.T) {
			l := load.Loader{Files: files(), Path: "in", Of: "alice", Stdin: strings.NewReader(document)}
			for range 2 {
				policies, err := l.LoadFrom("team", c.given)
				require.NoError(t, err)
				var got []loaded
				for _, p := range policies {
					assert.NotNil(t, p.Document)
					assert.NotEmpty(t, p.Text)
					got = append(got, loaded{strings.Replace(p.Name, "policy 2", "policy", 1), p.ARN, p.Kind, p.File})
				}
				assert.Equal(t, c.want, got)
			}
		})
	}
}

func TestWhatCannotBeLoadedSaysWhatToDo(t *testing.T) {
	for sentence, c := range map[string]struct {
		given string
		has   []string
	}{
		"nothing is given":                {"", []string{`a policy is ""`}},
		"no such file":                    {"no.json", []string{`policy "no.json": `, "file does not exist"}},
		"neither a file nor AWS's":        {"ReadOnlyAcess", []string{"file does not exist", `did you mean "ReadOnlyAccess"?`}},
		"no such policy of AWS's":         {"arn:aws:iam::aws:policy/ReadOnlyAcess", []string{"did you mean"}},
		"a policy of a customer":          {"arn:aws:iam::111122223333:policy/p", []string{"aws iam get-policy-version"}},
		"a path out of the files":         {"../../p.json", []string{`"../../p.json" must stay within the folder "in"`}},
		"a path from the top":             {"/p.json", []string{`"/p.json" must stay within the folder "in"`}},
		"a fault in a file":               {"wrong/b.json", []string{"in/team/wrong/b.json:1:14: "}},
		"all faults in a folder":          {"wrong", []string{"in/team/wrong/a.json:1:2: ", "in/team/wrong/b.json:1:14: "}},
		"a folder without policies":       {"none", []string{"has no file that ends in .json, .yaml or .yml"}},
		"a pipe":                          {"pipe", []string{`policy "pipe": is not a regular file`}},
		"a file that is too large":        {"../large.json", []string{"is too large", "8 MiB"}},
		"standard input, which is none":   {"-", []string{"is not for policies here"}},
		"a fault in a document as a text": {`{"Statement":1}`, []string{"inline policy:1:14: "}},
		"a template":                      {`{"Resources":{}}`, []string{"CloudFormation"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			l := load.Loader{Files: files(), Path: "in"}
			policies, err := l.LoadFrom("team", c.given)
			require.Error(t, err)
			assert.Empty(t, policies)
			for _, want := range c.has {
				assert.Contains(t, err.Error(), want)
			}
		})
	}
}

func TestFilesOfTheSystemAreReadWithALimit(t *testing.T) {
	name := filepath.Join(t.TempDir(), "p.json")
	require.NoError(t, os.WriteFile(name, []byte(document), 0o600))
	var l load.Loader
	policies, err := l.Load(name)
	require.NoError(t, err)
	assert.Equal(t, name, policies[0].Document.Name())
	again, err := l.Load(name)
	require.NoError(t, err)
	assert.Same(t, policies[0].Document, again[0].Document, "a file is read once")

	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("no devices here:", err)
	}
	_, err = l.Load("/dev/zero")
	assert.ErrorIs(t, err, load.ErrTooLarge)
}
