package scenario_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	alice    = `"principal": "arn:aws:iam::111122223333:user/alice"`
	get      = `"action": "lambda:GetFunction", "resource": "arn:aws:lambda:us-east-1:111122223333:function:my-fn"`
	request  = `"request": {` + alice + `, ` + get + `}`
	allowAll = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`
)

func files(text map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, content := range text {
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return fsys
}

// collect reads everything; what could not be read stands as its error's text.
func collect(seq func(func(*scenario.Scenario, error) bool)) (read []*scenario.Scenario, faults []string) {
	for s, err := range seq {
		if err != nil {
			faults = append(faults, err.Error())
			continue
		}
		read = append(read, s)
	}
	return read, faults
}

func one(t *testing.T, text string) *scenario.Scenario {
	t.Helper()
	read, faults := collect(scenario.FS(files(map[string]string{"s.json": text}), "s.json"))
	require.Empty(t, faults)
	require.Len(t, read, 1)
	return read[0]
}

func names(read []*scenario.Scenario) []string {
	var list []string
	for _, s := range read {
		list = append(list, s.Name)
	}
	return list
}

func TestScenarioKeepsEveryMember(t *testing.T) {
	s := one(t, `{
  "name": "all",
  "request": {
    "principal": {"arn": "arn:aws:sts::111122223333:assumed-role/app/s1", "role": "arn:aws:iam::111122223333:role/p/app", "userId": "AROAAPP",
      "tags": {"b": "1", "a": "2"}, "sessionTags": {"c": "3"}, "org": {"id": "o-1", "paths": ["o-1/r-1/"], "managementAccount": "999999999999"}},
    `+get+`,
    "resourceAccount": "444455556666", "resourceOrg": {"id": "o-2"}, "resourceTags": {"env": "dev"}, "resourceAsGiven": "my-fn",
    "context": {"k:n": 1e400, "k:b": true, "k:l": ["x", 12345678901234567890, false], "k:none": []},
    "unknown": ["k:u"], "present": ["k:p"]
  },
  "policies": {
    "identity": [`+allowAll+`, {"name": "inline", "arn": "arn:aws:iam::aws:policy/X", "document": `+allowAll+`}],
    "scp": [[]], "rcp": [], "boundary": null
  },
  "options": {"notPrincipalNeedsAccount": false, "legacyFunctionUrl": true, "scpImplicitAsExplicit": true,
    "style": "noReason", "policyArn": false},
  "want": {"decision": "allowed", "deniedBy": null, "statements": [{"sid": "A", "index": 0}], "message": "m", "missingContext": [], "action": "a:B"}
}`)
	assert.Equal(t, "all", s.Name)
	r := s.Request
	assert.Equal(t, scenario.Principal{
		ARN: "arn:aws:sts::111122223333:assumed-role/app/s1", Role: "arn:aws:iam::111122223333:role/p/app", UserID: "AROAAPP",
		Tags: []evaluator.Tag{{Key: "b", Value: "1"}, {Key: "a", Value: "2"}}, SessionTags: []evaluator.Tag{{Key: "c", Value: "3"}},
		Org: &evaluator.Organization{ID: "o-1", Paths: []string{"o-1/r-1/"}, ManagementAccount: "999999999999"},
	}, r.Principal)
	assert.Equal(t, []scenario.ContextKey{
		{Name: "k:n", Values: []string{"1e400"}}, {Name: "k:b", Values: []string{"true"}},
		{Name: "k:l", Values: []string{"x", "12345678901234567890", "false"}}, {Name: "k:none", Values: []string{}},
	}, r.Context, "numbers keep their text")
	assert.Equal(t, "444455556666", r.ResourceAccount)
	assert.Equal(t, "o-2", r.ResourceOrg.ID)
	assert.Equal(t, "my-fn", r.ResourceAsGiven)
	assert.Equal(t, []string{"k:u"}, r.Unknown)
	assert.Equal(t, []string{"k:p"}, r.Present)
	require.Len(t, identity(s), 2)
	assert.Equal(t, "identity[0]", identity(s)[0].Name, "a policy without name is named for its place")
	assert.Equal(t, "inline", identity(s)[1].Name)
	assert.Equal(t, "arn:aws:iam::aws:policy/X", identity(s)[1].ARN)
	assert.Equal(t, [][]policy.Attached{{}}, s.Policies.Levels(policy.SCPLayer), "[[]] is a level")
	assert.False(t, s.Policies.Has(policy.RCPLayer), "[] is no slot")
	assert.False(t, s.Policies.Has(policy.BoundaryLayer))
	assert.Equal(t, evaluator.Options{
		NotPrincipalIgnoresAccount: true, LegacyFunctionURL: true, SCPImplicitAsExplicit: true,
		MessageStyle: evaluator.NoReason, OmitPolicyARN: true,
	}, s.Options)
	assert.Equal(t, evaluator.Allowed, *s.Want.Decision)
	assert.Equal(t, policy.NoLayer, *s.Want.DeniedBy)
	assert.Equal(t, []string{}, s.Want.MissingContext)
}

func TestSuiteLaysCasesOverDefaults(t *testing.T) {
	read, faults := collect(scenario.FS(files(map[string]string{"suite.json": `{
  "defaults": {"request": {` + alice + `, "role": "arn:aws:iam::1:role/x", ` + get + `, "context": {"k:a": "1", "k:b": "2"}, "unknown": ["k:c"]},
    "policies": {"identity": [` + allowAll + `], "scp": [[` + allowAll + `]]}, "options": {"style": "noReason"}},
  "cases": [
    {"name": "as it is"},
    {"name": "a key of its own", "request": {"context": {"K:A": "3", "k:C": "4"}}},
    {"name": "a key taken away", "request": {"context": {"k:a": null}, "present": ["k:b"]}},
    {"name": "a slot taken away", "policies": {"scp": null}},
    {"name": "another principal", "request": {"principal": "anonymous"}},
    {"name": "a call", "request": {"call": {"operation": "lambda:InvokeFunctionUrl"}}},
    {}
  ]
}`}), "suite.json"))
	require.Empty(t, faults)
	require.Equal(t, []string{"as it is", "a key of its own", "a key taken away", "a slot taken away", "another principal", "a call", "suite.json:11"}, names(read))
	key := func(name, value string) scenario.ContextKey {
		return scenario.ContextKey{Name: name, Values: []string{value}}
	}
	assert.Equal(t, []scenario.ContextKey{key("k:a", "1"), key("k:b", "2")}, read[0].Request.Context)
	assert.Equal(t, evaluator.NoReason, read[0].Options.MessageStyle)
	assert.Equal(t, []scenario.ContextKey{key("k:b", "2"), key("K:A", "3"), key("k:C", "4")}, read[1].Request.Context)
	assert.Empty(t, read[1].Request.Unknown)
	assert.Empty(t, read[2].Request.Context)
	assert.Equal(t, []string{"k:b"}, read[2].Request.Present)
	assert.Nil(t, read[3].Policies.Levels(policy.SCPLayer))
	assert.Len(t, identity(read[3]), 1)
	assert.Equal(t, scenario.Principal{ARN: "anonymous"}, read[4].Request.Principal, "a principal is replaced as a whole")
	assert.Empty(t, read[5].Request.Action)
}

func TestFaultsNameTheirPlace(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"an empty file", "", []string{"s.json:1:1: is empty"}},
		{"a byte order mark", "\uFEFF{}", []string{"s.json:1:1: begins with a byte order mark"}},
		{"no JSON", "{\n  \"name\": x\n}", []string{"s.json:2:11: is not JSON: invalid character 'x'"}},
		{"trailing data", "{}\n{}", []string{"s.json:2:1: is not JSON"}},
		{"an unfinished object", `{"name": "x"`, []string{"s.json:1:13: is not JSON: the text ends in the middle"}},
		{"not UTF-8", "{\"name\": \"\xff\"}", []string{"s.json:1:11: byte 0xff is not UTF-8"}},
		{"too deep", strings.Repeat("[", 100), []string{"s.json:1:65: nested more than 64 levels deep"}},
		{"no object", `[]`, []string{"s.json:1:1: a scenario is an object, not an array"}},
		{"a policy", allowAll, []string{"s.json:1:1: is a policy"}},
		{"an unknown member", "{\n" + request + ",\n  \"polices\": {}}", []string{`s.json:3:3: unknown member "polices"; did you mean "policies"?`}},
		{"unknown members in every object", `{"request": {"principal": {"arn": "anonymous", "tag": {}, "org": {"path": []}}, "action ": ""}, "policies": {"scps": []},
			"options": {"stile": ""}, "want": {"denied": "", "statements": [{"indexes": 0}]}}`, []string{
			`s.json:1:48: request.principal: unknown member "tag"`, `s.json:1:67: request.principal.org: unknown member "path"`,
			`s.json:1:81: request: unknown member "action "; did you mean "action"?`, `s.json:1:110: policies: unknown member "scps"; did you mean "scp"?`,
			`s.json:2:16: options: unknown member "stile"; did you mean "style"?`, `s.json:2:39: want: unknown member "denied"`,
			`s.json:2:69: want.statements[0]: unknown member "indexes"; did you mean "index"?`,
		}},
		{"a member written twice", `{"name": "a", "name": "b", ` + request + `}`, []string{`s.json:1:15: "name" is written twice in one object`}},
		{"wrong types", `{"name": 1, "request": {"principal": 2, "action": [], "resourceTags": {"a": 1}, "context": {"k": {}, "l": [[]]}, "unknown": "k"}}`, []string{
			"s.json:1:10: name: must be a string, not a number", "s.json:1:38: request.principal: must be a string or an object, not a number",
			"s.json:1:51: request.action: must be a string, not an array", "s.json:1:77: request.resourceTags.a: must be a string, not a number",
			"s.json:1:98: request.context.k: must be a string, a number, a boolean, or an array of these, not an object",
			"s.json:1:108: request.context.l[0]: must be", "s.json:1:125: request.unknown: must be an array of strings, not a string",
		}},
		{"an empty request", `{"request": {}}`, []string{
			`s.json:1:13: request: needs a "principal"`, `s.json:1:13: request: needs an "action"`, `s.json:1:13: request: needs a "resource"`,
		}},
		{"no request", `{"want": "allowed"}`, []string{`s.json:1:1: request: needs a "principal"`, `s.json:1:1: request: needs an "action"`, `s.json:1:1: request: needs a "resource"`}},
		{"an action beside a call", `{"request": {` + alice + `, ` + get + `, "call": {"operation": "lambda:CreateFunction"}}}`, []string{`s.json:1:13: request: has a "call" in place of "action" and "resource"`}},
		{"a role given twice", `{"request": {"principal": {"arn": "x", "role": "y"}, "role": "z", ` + get + `}}`, []string{`s.json:1:13: request.role: is given here and as "principal.role"`}},
		{"an unknown decision", `{` + request + `, "want": "allow"}`, []string{`want: "allow" is no decision; did you mean "allowed"?`}},
		{"an unknown layer", `{` + request + `, "want": {"deniedBy": "scps"}}`, []string{`want.deniedBy: "scps" denies nothing; did you mean "scp"?`}},
		{"a want that would always hold", `{` + request + `, "want": {}}`, []string{`want: must be a decision, or an object that wants something`}},
		{"an unknown style", `{` + request + `, "options": {"style": "short"}}`, []string{`options.style: "short" is no style of message; allowed are full, noReason or noResource`}},
		{"a level that is no array", `{` + request + `, "policies": {"scp": ["p.json"]}}`, []string{`policies.scp[0]: must be a level`}},
		{"a list of boundaries", `{` + request + `, "policies": {"boundary": [` + allowAll + `]}}`, []string{`policies.boundary: must be a policy`}},
		{"a missing policy", "{" + request + ",\n\"policies\": {\"boundary\": \"guard.json\"}}", []string{`s.json:2:26: policies.boundary: policy "guard.json": file does not exist`}},
		{"a policy outside the folder", `{` + request + `, "policies": {"identity": ["../p.json", "/etc/p.json"]}}`, []string{
			`policies.identity[0]: policy path "../p.json" must stay within the folder "."`, `policies.identity[1]: policy path "/etc/p.json" must stay within`,
		}},
		{"a broken policy file", `{` + request + `, "policies": {"scp": [["broken.json"]]}}`, []string{"broken.json:2:14: Statement: "}},
		{"a named policy without document", `{` + request + `, "policies": {"identity": [{"name": "x"}]}}`, []string{`policies.identity[0]: has no "document"`}},
		{"faults of an inline policy", "{" + request + ",\n \"policies\": {\"identity\": [{\"name\": \"x\", \"document\":\n {\"Statement\": [{\"Effect\": \"allow\",\n  \"Action\": \"*\", \"Resource\": \"*\"}]}}]}}", []string{
			`s.json:3:28: policies.identity[0].document.Statement[0].Effect: "allow" is no effect`,
		}},
		{"what an inline policy of its kind may not have", "{" + request + ",\n \"policies\": {\"identity\": [\n  {\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"*\"}]}]}}", []string{
			`s.json:3:38: policies.identity[0].Statement[0].Principal: `,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			read, faults := collect(scenario.FS(files(map[string]string{"s.json": tt.text, "broken.json": "{\n\"Statement\": 1}"}), "s.json"))
			require.Empty(t, read)
			require.Len(t, faults, 1)
			got := strings.Split(faults[0], "\n")
			require.Len(t, got, len(tt.want), "%s", faults[0])
			for i := range got {
				assert.Contains(t, got[i], tt.want[i])
			}
		})
	}
}

func TestAfterAFaultyFileTheNextIsRead(t *testing.T) {
	for name, text := range map[string]string{
		"a policy": allowAll, "no JSON": "{", "no object": "[]", "no scenario": `{}`, "an unknown member": `{"reqest": {}}`, "a faulty suite": `{"cases": {}}`,
	} {
		t.Run(name, func(t *testing.T) {
			fsys := files(map[string]string{"a.json": text, "b.json": "{" + request + "}"})
			read, faults := collect(scenario.FS(fsys, "a.json", "b.json"))
			assert.Len(t, faults, 1)
			assert.Equal(t, []string{"b.json"}, names(read))
			for range scenario.FS(fsys, "a.json", "b.json") {
				break // at the fault: nothing more comes
			}
		})
	}
}

func TestAnActionReplacesTheCallOfTheDefaults(t *testing.T) {
	read, faults := collect(scenario.FS(files(map[string]string{"s.json": `{
		"defaults": {"request": {` + alice + `, "call": {"operation": "lambda:GetFunction"}}}, "cases": [{"name": "call"}, {"name": "action", "request": {` + get + `}}]}`}), "s.json"))
	require.Empty(t, faults)
	require.Len(t, read, 2)
	assert.NotNil(t, read[0].Request.Call)
	assert.Nil(t, read[1].Request.Call)
	assert.Equal(t, "lambda:GetFunction", read[1].Request.Action)
}

func TestFaultsAreErrorsThatCodeCanRead(t *testing.T) {
	for _, err := range scenario.FS(files(map[string]string{"d/s.json": "{" + request + `, "policies": {"boundary": "x.json"}}`}), "d") {
		var at *scenario.Error
		require.ErrorAs(t, err, &at)
		assert.Equal(t, "d/s.json", at.File)
		assert.ErrorIs(t, err, fs.ErrNotExist)
	}
	for _, err := range scenario.FS(files(map[string]string{"s.json": "{" + request + `, "policies": {"boundary": {"Statement": []}}}`}), "s.json") {
		assert.ErrorIs(t, err, policy.Code("missing-statement"))
	}
}

func TestFaultyDefaultsAreReportedOnce(t *testing.T) {
	read, faults := collect(scenario.FS(files(map[string]string{
		"a.json": `{"defaults": {"requets": {}}, "cases": [{}, {}]}`,
		"b.json": "{" + request + "}",
	}), "."))
	assert.Equal(t, []string{"b.json"}, names(read))
	require.Len(t, faults, 1)
	assert.Contains(t, faults[0], `a.json:1:15: defaults: unknown member "requets"; did you mean "request"?`)
	assert.Contains(t, faults[0], `cases: not read (2)`)
}

func TestFolderIsReadInOrderWithoutItsPolicies(t *testing.T) {
	fsys := files(map[string]string{
		"in/b.json":         `{"name": "b", ` + request + `, "policies": {"identity": ["p/all.json"]}}`,
		"in/a.jsonl":        `{"name": "a1", ` + request + "}\n\n" + `{"name": "a2", ` + request + "}",
		"in/p/all.json":     allowAll,
		"in/p/s.json":       `{"name": "s", ` + request + `, "policies": {"identity": ["./all.json"]}}`,
		"in/.git/x.json":    "{",
		"in/notes.txt":      "no scenario",
		"in/z/package.json": `{"private": true}`,
	})
	read, faults := collect(scenario.FS(fsys, "in"))
	assert.Equal(t, []string{"a1", "a2", "b", "s"}, names(read))
	assert.Equal(t, "in/a.jsonl", read[1].File)
	assert.Equal(t, 3, read[1].Line)
	require.Len(t, faults, 1)
	assert.Contains(t, faults[0], "in/z/package.json:1:1: is neither a scenario")
}

func TestPolicyFileIsReadOnce(t *testing.T) {
	read, faults := collect(scenario.FS(files(map[string]string{
		"p.json": allowAll,
		"s.json": `{"defaults": {` + request + `}, "cases": [{"policies": {"identity": ["p.json"]}}, {"policies": {"boundary": "p.json"}}]}`,
	}), "."))
	require.Empty(t, faults)
	require.Len(t, read, 2)
	assert.Same(t, identity(read[0])[0].Document, read[1].Policies.At(policy.BoundaryLayer.At(0))[0].Document)
	assert.Equal(t, "p.json", identity(read[0])[0].Name)
}

func TestStreamIsJSONLinesOrOneDocument(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
		faults     int
	}{
		{"one scenario a line", "\n{\"name\": \"a\", " + request + "}\n\n{\"name\": \"b\", " + request + "}\n", []string{"a", "b"}, 0},
		{"a broken line stops nothing", "{\"name\": \"a\", " + request + "}\n{]\n{\"name\": \"c\"}\n{\"name\": \"d\", " + request + "}\r\n", []string{"a", "d"}, 2},
		{"a first line that is no JSON", "x\n{\"name\": \"b\", " + request + "}", []string{"b"}, 1},
		{"one document over several lines", "\n{\n\"name\": \"a\",\n" + request + "\n}\n", []string{"a"}, 0},
		{"a suite over several lines", "{\"cases\": [\n{\"name\": \"a\", " + request + "}]}", []string{"a"}, 0},
		{"nothing", "", nil, 1},
		{"blank lines alone", " \n\n", nil, 1},
		{"more blank lines than a document may have", strings.Repeat(strings.Repeat(" ", 4095)+"\n", 17<<10) + "{\n\"name\": \"a\",\n" + request + "\n}\n", []string{"a"}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			read, faults := collect(scenario.Stream("stdin", strings.NewReader(tt.text), nil))
			assert.Equal(t, tt.want, names(read))
			assert.Len(t, faults, tt.faults, "%v", faults)
		})
	}
	_, faults := collect(scenario.Stream("stdin", strings.NewReader("\n{\"name\": \"x\"}"), nil))
	assert.Contains(t, faults[0], "stdin:2:1: ")
	_, faults = collect(scenario.Stream("stdin", strings.NewReader("\n \n{\n \"name\": 1}"), nil))
	assert.Contains(t, faults[0], "stdin:4:")
	_, faults = collect(scenario.Stream("stdin", strings.NewReader("{"+request+`, "policies": {"scp": [["p.json"]]}}`), nil))
	assert.Contains(t, faults[0], "there is no folder to read policies from")
}

func TestNoScenarioIsAnError(t *testing.T) {
	for name, tc := range map[string]struct{ file, text, want string }{
		"a suite without cases":      {"s.json", `{"cases": []}`, "s.json:1:11: cases: has no scenario in it"},
		"an empty file of lines":     {"s.jsonl", "", "s.jsonl: has no scenario in it"},
		"a file of blank lines":      {"s.jsonl", "\n \r\n\n", "s.jsonl: has no scenario in it"},
		"the same within a folder":   {"in/s.jsonl", "\n", "in/s.jsonl: has no scenario in it"},
		"an empty file of no ending": {"s", "", "s:1:1: is empty; a scenario is a JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			top, _, _ := strings.Cut(tc.file, "/")
			read, faults := collect(scenario.FS(files(map[string]string{tc.file: tc.text}), top))
			assert.Empty(t, read)
			assert.Equal(t, []string{tc.want}, faults)
		})
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }

func TestReadingStopsWhenAsked(t *testing.T) {
	text := strings.Repeat("{\"name\": \"a\", "+request+"}\n", 3)
	for _, seq := range []func(func(*scenario.Scenario, error) bool){
		scenario.Stream("stdin", strings.NewReader(text), nil),
		scenario.FS(files(map[string]string{"a.jsonl": text, "b.jsonl": text}), "."),
		scenario.FS(files(map[string]string{"a.json": `{"cases": [{` + request + `}, {` + request + `}]}`}), "a.json", "a.json"),
	} {
		n := 0
		for range seq {
			n++
			break
		}
		assert.Equal(t, 1, n)
	}
	_, faults := collect(scenario.Stream("stdin", failing{}, nil))
	assert.Equal(t, []string{"stdin: the disk is gone"}, faults)
}

func TestLinksOutOfTheFolderAreRefused(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	write("outside.json", allowAll)
	write("in/inside.json", allowAll)
	write("in/sub/s.json", "{"+request+`, "policies": {"identity": ["link.json"]}}`)
	write("in/sub/own.json", allowAll)
	link := func(target string) []string {
		name := filepath.Join(dir, "in/sub/link.json")
		os.Remove(name)
		if err := os.Symlink(target, name); err != nil {
			t.Skip("no symbolic links here:", err)
		}
		_, faults := collect(scenario.Files(nil, filepath.Join(dir, "in")))
		_, more := collect(scenario.Files(nil, filepath.Join(dir, "in/sub/s.json")))
		return append(faults, more...)
	}
	assert.Empty(t, link("own.json"), "a link within the folder is fine")
	faults := link("../inside.json")
	require.Len(t, faults, 1, "above the scenario's own folder, which was named, and below the other one that was")
	assert.Contains(t, faults[0], `policy "link.json": `)
	require.Len(t, link(filepath.Join(dir, "outside.json")), 3, "the folder has the link, too")
	require.Len(t, link("../../outside.json"), 3)
}

func TestPoliciesLieWithinTheRoot(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	names := func(paths string) string { return "{" + request + `, "policies": {"identity": [` + paths + "]}}" }
	write("top.json", allowAll)
	write("team/beside/p.json", allowAll)
	write("team/tests/s.json", names(`"../beside/p.json", "../../top.json", "../beside"`))
	write("team/tests/deep/s.json", names(`"../../beside/p.json"`))
	for sentence, c := range map[string]struct {
		root, given string
		faults      []string
	}{
		"a folder is the root of what is in it":       {"", "team", []string{`"../../top.json" must stay within the folder`}},
		"a file's own folder is its root":             {"", "team/tests/s.json", []string{`"../beside/p.json" must stay`}},
		"a root that is given reaches beside a file":  {"team", "team/tests/deep/s.json", nil},
		"a root that is given reaches above a folder": {".", "team/tests", nil},
		"nothing reaches out of a root":               {"team", "team/tests", []string{`"../../top.json" must stay within the folder`}},
		"scenarios lie within the root":               {"team/beside", "team/tests", []string{"is not within the root"}},
		"a root that is not there":                    {"nowhere", "team", []string{"no such file"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			r := scenario.Reader{}
			if c.root != "" {
				r.Root = filepath.Join(dir, c.root)
			}
			_, faults := collect(r.Files(filepath.Join(dir, c.given)))
			require.Len(t, faults, len(c.faults), "%v", faults)
			for i, want := range c.faults {
				assert.Contains(t, faults[i], want)
			}
		})
	}
}

func TestPoliciesAreAsPeopleHaveThem(t *testing.T) {
	found := func(slots string, more map[string]string) (*scenario.Scenario, []string) {
		all := map[string]string{"s.json": "{" + request + ",\n\"policies\": {" + slots + "}}"}
		for name, text := range more {
			all[name] = text
		}
		read, faults := collect(scenario.FS(files(all), "s.json"))
		if len(read) == 0 {
			return nil, faults
		}
		return read[0], faults
	}
	printed := `{"PolicyDocument": ` + allowAll + `}`
	for sentence, c := range map[string]struct {
		slots string
		names []string
	}{
		"a file that the AWS CLI wrote":        {`"identity": "printed.json"`, []string{"printed.json"}},
		"what the AWS CLI prints, inline":      {`"identity": ` + printed, []string{"identity"}},
		"a document in a string":               {`"identity": [` + strconv.Quote(allowAll) + `]`, []string{"identity[0]"}},
		"a document in a string, with a name":  {`"identity": [{"name": "x", "document": ` + strconv.Quote(allowAll) + `}]`, []string{"x"}},
		"a folder is all that is in it":        {`"identity": "all"`, []string{"all/a.json", "all/b.yaml"}},
		"an AWS managed policy by its name":    {`"identity": "ReadOnlyAccess"`, []string{"ReadOnlyAccess"}},
		"a file comes before a managed policy": {`"identity": "AdministratorAccess"`, []string{"AdministratorAccess"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			s, faults := found(c.slots, map[string]string{
				"printed.json": printed, "all/a.json": allowAll, "all/b.yaml": "Version: 2012-10-17\nStatement: {Effect: Allow, Action: '*', Resource: '*'}\n", "all/notes.txt": "x",
				"AdministratorAccess": allowAll,
			})
			require.Empty(t, faults)
			var names []string
			for _, slot := range s.Policies.Levels(policy.IdentityLayer) {
				for _, a := range slot {
					names = append(names, a.Name)
					assert.NotNil(t, a.Document)
				}
			}
			assert.Equal(t, c.names, names)
			assert.Equal(t, sentence != "an AWS managed policy by its name", identity(s)[0].ARN == "")
		})
	}
	for sentence, c := range map[string]struct{ slots, want string }{
		"a folder where one policy stands":      {`"boundary": "all"`, `s.json:2:26: policies.boundary: has room for one policy, and the folder "all" has 2`},
		"a folder as one document":              {`"identity": [{"name": "x", "document": "all"}]`, `is one document, and the folder "all" has 2`},
		"a fault in a string":                   {`"identity": "{\"Statement\": {\"Effect\": \"allow\", \"Action\": \"*\", \"Resource\": \"*\"}}"`, `s.json:2:56: policies.identity.Statement.Effect: "allow" is no effect`},
		"standard input is for scenarios":       {`"identity": "-"`, "policies.identity: - is standard input, which is not for policies here"},
		"a policy of a customer by its ARN":     {`"identity": "arn:aws:iam::111122223333:policy/p"`, "aws iam get-policy-version"},
		"neither a file nor a policy of AWS's":  {`"identity": "ReadOnlyAcess"`, `did you mean "ReadOnlyAccess"?`},
		"a template in the place of a document": {`"identity": {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}`, "CloudFormation"},
	} {
		t.Run(sentence, func(t *testing.T) {
			_, faults := found(c.slots, map[string]string{"all/a.json": allowAll, "all/b.json": allowAll})
			require.Len(t, faults, 1)
			assert.Contains(t, faults[0], c.want)
		})
	}
}

func TestStandardInputHasANameInFaults(t *testing.T) {
	_, faults := collect(scenario.Files(strings.NewReader(`{"name": 1}`), "-"))
	require.Len(t, faults, 1)
	assert.True(t, strings.HasPrefix(faults[0], "stdin:1:"), faults[0])
	_, faults = collect(scenario.Files(nil, "-"))
	require.Len(t, faults, 1)
	assert.Contains(t, faults[0], "stdin")
}

// What cannot be read of a folder is a fault, and what stands beside it is read.
func TestAFolderGoesOnBehindAFileThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	good := `{` + request + `}`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.json"), []byte(good), 0o600))
	require.NoError(t, os.Symlink(filepath.Join(dir, "gone"), filepath.Join(dir, "b.json")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "c.json"), []byte(good), 0o600))
	read, faults := collect(scenario.Files(nil, dir))
	assert.Len(t, read, 2)
	require.Len(t, faults, 1)
	assert.Contains(t, faults[0], "b.json")
}

func TestMissingPathIsAnError(t *testing.T) {
	_, faults := collect(scenario.Files(nil, "no-such.json"))
	require.Len(t, faults, 1)
	assert.Contains(t, faults[0], "no-such.json: no such file")
	_, faults = collect(scenario.FS(fstest.MapFS{}, "no-such.json"))
	assert.Equal(t, []string{"no-such.json: file does not exist"}, faults)
}

// identity are the identity-based policies of a scenario.
func identity(s *scenario.Scenario) []policy.Attached {
	return s.Policies.At(policy.IdentityLayer.At(0))
}
