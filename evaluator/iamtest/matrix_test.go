package iamtest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/internal/fuzzing"
)

// team is who the matrices here are about.
func team(t iamtest.TestingT) map[string]iamtest.Who {
	return map[string]iamtest.Who{
		"deploy": deploy(t),
		"reader": allowing(t, `{"Effect": "Allow", "Action": ["lambda:Get*", "lambda:ListFunctions"], "Resource": "*"}`),
	}
}

func TestMatrixInGo(t *testing.T) {
	iamtest.Matrix{Who: team(t), Rows: []iamtest.Row{
		{"lambda:GetFunction", orders, []string{"deploy", "reader"}},
		{"lambda:GetFunction", payments, []string{"reader"}},
		{"lambda:DeleteFunction", orders, nil},
		{"lambda:ListFunctions", "*", []string{"reader"}},
	}}.Check(t)

	partner := map[string]iamtest.Who{"partner": iamtest.Role(t, "arn:aws:iam::444455556666:role/caller",
		`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}}`)}
	rows := []iamtest.Row{{"lambda:InvokeFunction", orders, []string{"partner"}}}
	iamtest.Matrix{Who: partner, Rows: rows, What: []iamtest.What{iamtest.Function(t, orders, "testdata/orders-policy.json")}}.Check(t)

	r := new(recorder)
	assert.False(t, iamtest.Matrix{Who: partner, Rows: rows}.Check(r, "without its policy"))
	requireFails(t, r, "row 1: partner cannot lambda:InvokeFunction", "without its policy")
	r = new(recorder)
	assert.False(t, iamtest.Matrix{Who: partner}.Check(r))
	requireFails(t, r, "the matrix is empty")
}

// A file that is written holds; it is the same when it is written again, and
// says what is decided.
func TestMatrixInAFile(t *testing.T) {
	for name, want := range map[string]string{
		"access.md": `| action                | resource                                                | deploy | reader |
|-----------------------|---------------------------------------------------------|--------|--------|
| lambda:GetFunction    | arn:aws:lambda:us-east-1:123456789012:function:payments | deny   | allow  |
| lambda:DeleteFunction | arn:aws:lambda:us-east-1:123456789012:function:orders   | deny   | deny   |
`,
		"access.csv": `action,resource,deploy,reader
lambda:GetFunction,arn:aws:lambda:us-east-1:123456789012:function:payments,deny,allow
lambda:DeleteFunction,arn:aws:lambda:us-east-1:123456789012:function:orders,deny,deny
`,
		"access.json": `[
  {
    "action": "lambda:GetFunction",
    "resource": "arn:aws:lambda:us-east-1:123456789012:function:payments",
    "access": {
      "deploy": "deny",
      "reader": "allow"
    }
  },
  {
    "action": "lambda:DeleteFunction",
    "resource": "arn:aws:lambda:us-east-1:123456789012:function:orders",
    "access": {
      "deploy": "deny",
      "reader": "deny"
    }
  }
]
`,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			m := iamtest.Matrix{Who: team(t), Rows: []iamtest.Row{{Action: "lambda:GetFunction", Resource: payments}, {Action: "lambda:DeleteFunction", Resource: orders}}}

			r := new(recorder)
			t.Setenv("IAMSIM_UPDATE", "")
			assert.False(t, m.CheckFile(r, path))
			requireFails(t, r, "no such file")

			t.Setenv("IAMSIM_UPDATE", "1")
			require.True(t, m.CheckFile(t, path))
			written, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, want, string(written))

			t.Setenv("IAMSIM_UPDATE", "")
			require.True(t, m.CheckFile(t, path))
			m.Rows = nil
			require.True(t, m.CheckFile(t, path), "the file has the rows")
			t.Setenv("IAMSIM_UPDATE", "1")
			require.True(t, m.CheckFile(t, path))
			again, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, want, string(again))
		})
	}
}

func TestAMarkdownFileKeepsItsProseAndItsExplicitDenies(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.md")
	require.NoError(t, os.WriteFile(path, []byte(`# Access

Reviewed each quarter.

| Action | Resource | reader | deploy |
|---|---|---|---|
| lambda:GetFunction | `+"`"+orders+"`"+` | deny | deny |
| lambda:DeleteFunction | `+orders+` | deny | explicitDeny |

More words.
`), 0o644))
	t.Setenv("IAMSIM_UPDATE", "1")
	require.True(t, iamtest.Matrix{Who: team(t)}.CheckFile(t, path))
	written, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, `# Access

Reviewed each quarter.

| action                | resource                                              | reader | deploy       |
|-----------------------|-------------------------------------------------------|--------|--------------|
| lambda:GetFunction    | arn:aws:lambda:us-east-1:123456789012:function:orders | allow  | allow        |
| lambda:DeleteFunction | arn:aws:lambda:us-east-1:123456789012:function:orders | deny   | explicitDeny |

More words.
`, string(written))
}

func TestAFileThatIsNoMatrixFails(t *testing.T) {
	t.Setenv("IAMSIM_UPDATE", "")
	const (
		head = "action,resource,deploy,reader\n"
		mark = "|action|resource|deploy|reader|\n|-|-|-|-|\n"
	)
	for name, tc := range map[string]struct{ file, text, says string }{
		"another kind of file":            {"m.txt", "", "m.txt is neither .md, .csv nor .json"},
		"no columns":                      {"m.csv", "", "has no rows"},
		"other columns":                   {"m.csv", "who,what,how\n", "m.csv:1: a matrix begins with the columns action and resource"},
		"columns for nobody":              {"m.csv", "action,resource\n", "m.csv:1: a matrix begins with the columns action and resource"},
		"another first column":            {"m.csv", "what,resource,deploy\n", "m.csv:1: a matrix begins with the columns action and resource"},
		"no rows":                         {"m.csv", head, "m.csv has no rows"},
		"a cell too few":                  {"m.csv", head + "lambda:GetFunction," + orders + ",allow\n", "m.csv:2: 3 columns, and the header has 4"},
		"a row twice":                     {"m.csv", head + "a:B,*,deny,deny\na:B,*,deny,deny\n", "m.csv:3: a:B on * stands here twice"},
		"a quote that does not end":       {"m.csv", head + "\"a:B,*,deny,deny\n", "m.csv: "},
		"a cell that is none":             {"m.csv", head + "lambda:GetFunction," + orders + ",alow,allow\n", `m.csv:2: deploy is "alow"; did you mean "allow"?`},
		"a principal that is not asked":   {"m.csv", "action,resource,deploy,reader,admin\nlambda:GetFunction," + orders + ",allow,allow,allow\n", `has a column "admin", who is not in the matrix`},
		"a principal without column":      {"m.csv", "action,resource,deploy\nlambda:GetFunction," + orders + ",allow\n", `has no column "reader"; IAMSIM_UPDATE=1 go test writes it`},
		"a cell that does not hold":       {"m.csv", head + "lambda:GetFunction," + orders + ",allow,deny\n", "m.csv:2: reader can lambda:GetFunction, and should not"},
		"an action that is none":          {"m.csv", head + "lambda:GetFuncton," + orders + ",deny,deny\n", `did you mean "lambda:GetFunction"?`},
		"Markdown without a table":        {"m.md", "# Access\n", "m.md: there is no table that begins with the columns action and resource"},
		"Markdown with a cell too many":   {"m.md", "|action|resource|deploy|reader|\n|-|-|-|-|\n|a:B|*|deny|deny|deny|\n", "m.md:3: 5 columns"},
		"Markdown with an unescaped cell": {"m.md", "|action|resource|deploy|reader|\n|-|-|-|-|\n|lambda:GetFunction|" + orders + "|allow| |\n", `m.md:3: reader is ""; allowed are`},
		"Markdown without the last bar of a row": {"m.md", mark + "|lambda:GetFunction|" + orders + "|allow|allow\n|lambda:DeleteFunction|" + orders + "|allow|deny|\n",
			"m.md:4: deploy cannot lambda:DeleteFunction"},
		"Markdown without outer bars": {"m.md", "action | resource | deploy | reader\n--|:-:|--|--\nlambda:DeleteFunction | " + orders + " | allow | deny\n",
			"m.md:3: deploy cannot lambda:DeleteFunction"},
		"Markdown with a line that is no row":                   {"m.md", mark + "|lambda:GetFunction|" + orders + "|allow|allow|\nReviewed in May.\n", "m.md:4: 1 columns"},
		"Markdown with the smallest heading under the table":    {"m.md", mark + "###### Notes\n", "m.md has no rows"},
		"Markdown with what is too small for a heading":         {"m.md", mark + "####### Notes\n", "m.md:3: 1 columns"},
		"Markdown with a second matrix":                         {"m.md", mark + "|lambda:GetFunction|" + orders + "|allow|allow|\n\n## More\n\n" + mark, "m.md:7: a second matrix: write its rows into the one of line 1"},
		"Markdown with a row behind a gap":                      {"m.md", mark + "|lambda:GetFunction|" + orders + "|allow|allow|\n\n|lambda:DeleteFunction|" + orders + "|allow|deny|\n", "m.md:5: a row that is none of the matrix"},
		"Markdown without the rule":                             {"m.md", "|action|resource|deploy|reader|\n|lambda:GetFunction|" + orders + "|allow|allow|\n", "m.md:1: the header has no rule under it"},
		"Markdown with nothing under its rule":                  {"m.md", "|action|resource|deploy|reader|\n|-|-|-|-|", "m.md has no rows"},
		"Markdown with a rule that is too short":                {"m.md", "|action|resource|deploy|reader|\n|-|-|-|\n|lambda:GetFunction|" + orders + "|allow|allow|\n", "m.md:1: the header has no rule under it"},
		"Markdown with a line that only looks like a list":      {"m.md", mark + "|lambda:GetFunction|" + orders + "|allow|allow|\n*reviewed in May*\n|lambda:DeleteFunction|" + orders + "|allow|deny|\n", "m.md:4: 1 columns"},
		"Markdown with a line that only looks like a heading":   {"m.md", mark + "|lambda:GetFunction|" + orders + "|allow|allow|\n#1 priority\n", "m.md:4: 1 columns"},
		"Markdown with a second matrix behind what is no fence": {"m.md", mark + "|lambda:GetFunction|" + orders + "|allow|allow|\n\n    ```\n\n" + mark, "m.md:7: a second matrix"},
		"Markdown with a matrix in a quotation":                 {"m.md", "> " + strings.ReplaceAll(strings.TrimSpace(mark), "\n", "\n> ") + "\n", "m.md:1: a matrix in a quotation"},
		"Markdown with a row in capitals behind a gap":          {"m.md", mark + "|lambda:GetFunction|" + orders + "|allow|allow|\n\nlambda:DeleteFunction | " + orders + " | Allow | Deny\n", "m.md:5: a row that is none of the matrix"},
		"Markdown with a matrix in a comment":                   {"m.md", "<!--\n" + mark + "-->\n", "there is no table"},
		"Markdown with a matrix in code":                        {"m.md", "    " + strings.ReplaceAll(strings.TrimSpace(mark), "\n", "\n    ") + "\n", "there is no table"},
		"Markdown with a matrix in the second line of code":     {"m.md", "    x\n    " + strings.ReplaceAll(strings.TrimSpace(mark), "\n", "\n    ") + "\n", "there is no table"},
		"Markdown with a matrix behind a table without rows":    {"m.md", "|a|b|\n|-|-|\n\n" + mark, "m.md has no rows"},
		"Markdown with a matrix in an example of another kind":  {"m.md", "~~~ `md`\n" + mark + "~~~\n", "there is no table"},
		"Markdown with a matrix in an example":                  {"m.md", "```md\n" + mark + "```\n", "there is no table"},
		"JSON that is none":                                     {"m.json", "[\n{\n]", "m.json:3: a matrix is a list of rows"},
		"JSON that is no list":                                  {"m.json", "{}", "m.json:1: a matrix is a list of rows"},
		"JSON with another member":                              {"m.json", `[{"action": "a:B", "resource": "*", "acess": {}}]`, `m.json:1: "acess" is not expected here`},
		"JSON with a member twice":                              {"m.json", `[{"action": "a:B", "action": "a:C", "resource": "*", "access": {}}]`, `"action" is not expected here, or stands here twice`},
		"JSON without a member":                                 {"m.json", `[{"action": "a:B", "resource": "*"}]`, "m.json:1: an object with action, resource, access is expected"},
		"JSON with a principal of its own":                      {"m.json", "[{\"action\": \"a:B\", \"resource\": \"*\", \"access\": {\"deploy\": \"deny\"}},\n{\"action\": \"a:C\", \"resource\": \"*\", \"access\": {\"reader\": \"deny\"}}]", "m.json:2: access: "},
		"JSON with a row that is none":                          {"m.json", "[\n1]", "m.json:2: an object with"},
		"JSON with a row twice": {"m.json", `[{"action": "a:B", "resource": "*", "access": {"deploy": "deny"}},` + "\n" + `{"action": "a:B", "resource": "*", "access": {"deploy": "deny"}}]`,
			"m.json:2: a:B on * stands here twice"},
		"JSON with access that is none":   {"m.json", `[{"action": "a:B", "resource": "*", "access": "deny"}]`, "m.json:1: access: an object with"},
		"JSON without access for anybody": {"m.json", `[{"action": "a:B", "resource": "*", "access": {}}]`, `m.json has no column "deploy"`},
		"JSON with a cell that is none": {"m.json", `[{"action": "a:B", "resource": "*", "access": {"deploy": true}}]`,
			`m.json:1: access: deploy is "true", not a string`},
		"JSON with a cell that is not asked": {"m.json", "[\n\n" + `{"action": "lambda:GetFunction", "resource": "` + orders + `", "access": {"deploy": "allow", "reader": "deny"}}]`,
			"m.json:3: reader can lambda:GetFunction"},
		"JSON that ends too early": {"m.json", "[\n", "m.json:2: a matrix is a list of rows"},
		"a column for nobody":      {"m.csv", "action,resource,deploy,\n", `has a column "", who is not in the matrix`},
		"another second column":    {"m.csv", "action,what,deploy\n", "m.csv:1: a matrix begins with the columns action and resource"},
		"the same action on another resource, and a row twice": {"m.csv", head + "a:B,*,deny,deny\na:B,x,deny,deny\na:C,*,deny,deny\na:B,x,deny,deny\n",
			"m.csv:5: a:B on x stands here twice"},
		"a row after one of several lines": {"m.csv", head + "\"a\n:B\",*,deny,deny\na:C,*,deny\n", "m.csv:4: 3 columns"},
		"JSON with a number":               {"m.json", `[{"action": 1, "resource": "*", "access": {"deploy": "deny"}}]`, `m.json:1: action is "1", not a string`},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), tc.file)
			require.NoError(t, os.WriteFile(path, []byte(tc.text), 0o644))
			r := new(recorder)
			assert.False(t, iamtest.Matrix{Who: team(t)}.CheckFile(r, path))
			requireFails(t, r, tc.says)
		})
	}
}

func TestMarkdownIsReadAsItIsShown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.md")
	require.NoError(t, os.WriteFile(path, []byte("~~~\n| action | resource | an | example |\n~~~\n\n"+
		"action | resource | on \\| call\n--|--|--\nlambda:GetFunction | `"+orders+"` | allow\n| lambda:DeleteFunction | "+orders+" | deny |\n# Others\n\n|a|b|\n|-|-|\n|deny|allow|\n\n|cell|meaning|example|\n|-|-|-|\n|allow|is allowed|deny|\n\n<!--\n|action|resource|deploy|\n|-|-|-|\n-->\n"), 0o644))
	onCall := map[string]iamtest.Who{"on | call": deploy(t)}
	for _, update := range []string{"", "1", ""} {
		t.Setenv("IAMSIM_UPDATE", update)
		require.True(t, iamtest.Matrix{Who: onCall}.CheckFile(t, path))
	}
	written, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, string(written), `| action                | resource                                              | on \| call |`)
}

// What is loaded for a matrix has a say in it.
func TestWhatAMatrixLoads(t *testing.T) {
	const prod = orders + ":prod"
	everything := iamtest.Role(t, deployARN, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"},
		{"Effect": "Deny", "Action": "lambda:*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/stage": "frozen"}}}]}`)
	denying := func(resource string) iamtest.What {
		return iamtest.Function(t, orders, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "lambda:*"`+resource+`}}`)
	}
	for name, tc := range map[string]struct {
		what     []iamtest.What
		resource string
		says     []string
	}{
		"nothing": {nil, prod, nil},
		"a function's policy that names the alias":          {[]iamtest.What{denying(`, "Resource": "` + orders + `:*"`)}, prod, []string{"cannot lambda:InvokeFunction", "explicitDeny(resource)"}},
		"a function's policy that names the function alone": {[]iamtest.What{denying(`, "Resource": "` + orders + `"`)}, prod, nil},
		"a function's policy that does not say":             {[]iamtest.What{denying("")}, prod, []string{"a policy of", "a statement without Resource"}},
		"a function's tags":                                 {[]iamtest.What{iamtest.Resource{ARN: orders, Tags: map[string]string{"stage": "frozen"}}.Load(t)}, prod, []string{"explicitDeny(identity)"}},
		"an alias's policy beside the function's tags": {[]iamtest.What{
			iamtest.Function(t, prod, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "`+deployARN+`"}, "Action": "lambda:InvokeFunction", "Resource": "`+prod+`"}}`),
			iamtest.Resource{ARN: orders, Tags: map[string]string{"stage": "frozen"}}.Load(t),
		}, prod, []string{"explicitDeny(identity)"}},
		"an alias's own tags, and not the function's": {[]iamtest.What{
			iamtest.Resource{ARN: prod, Tags: map[string]string{"stage": "live"}}.Load(t), iamtest.Resource{ARN: orders, Tags: map[string]string{"stage": "frozen"}}.Load(t),
		}, prod, nil},
		"an alias's own tags, and the function has none": {[]iamtest.What{
			iamtest.Resource{ARN: prod, Tags: map[string]string{"stage": "frozen"}}.Load(t), iamtest.Function(t, orders),
		}, prod, []string{"explicitDeny(identity)"}},
		"an alias's policy that denies, beside the function's": {[]iamtest.What{
			iamtest.Function(t, prod, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "lambda:*", "Resource": "`+prod+`"}}`), denying(`, "Resource": "` + payments + `"`),
		}, prod, []string{"explicitDeny(resource)"}},
		"a function's policy that denies, beside the alias's":               {[]iamtest.What{iamtest.Function(t, prod), denying(`, "Resource": "` + prod + `"`)}, prod, []string{"explicitDeny(resource)"}},
		"a function's policy that does not say, and the alias is not asked": {[]iamtest.What{denying("")}, orders, []string{"explicitDeny(resource)"}},
		"a function's policy that names what it is not for":                 {[]iamtest.What{iamtest.Function(t, orders, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "lambda:*", "NotResource": "`+prod+`"}}`)}, prod, nil},
		"the second statement of a function's policy does not say": {[]iamtest.What{iamtest.Function(t, orders,
			`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "lambda:*", "Resource": "`+orders+`"}, {"Effect": "Allow", "Principal": "*", "Action": "lambda:*"}]}`)}, prod,
			[]string{"a policy of", "a statement without Resource"}},
		"an alias's policy, and the function is asked": {[]iamtest.What{iamtest.Function(t, prod)}, orders,
			[]string{`the matrix asks nothing of "` + prod + `", which stands in What; did you mean "` + orders + `"?`}},
		"another kind of resource":  {[]iamtest.What{iamtest.Resource{ARN: execRole}.Load(t)}, orders, []string{`the matrix asks nothing of "` + execRole + `", which stands in What`}},
		"a resource twice":          {[]iamtest.What{denying(""), denying("")}, orders, []string{`"` + orders + `" stands in What twice`}},
		"a resource without a load": {[]iamtest.What{{}}, orders, []string{"nothing is asked about"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := new(recorder)
			m := iamtest.Matrix{Who: map[string]iamtest.Who{"deploy": everything}, What: tc.what, Rows: []iamtest.Row{{"lambda:InvokeFunction", tc.resource, []string{"deploy"}}}}
			assert.Equal(t, tc.says == nil, m.Check(r), r.text())
			if tc.says != nil {
				requireFails(t, r, tc.says...)
			}
		})
	}
}

func TestRowsThatOnlyOneSideHasFail(t *testing.T) {
	t.Setenv("IAMSIM_UPDATE", "")
	path := filepath.Join(t.TempDir(), "access.csv")
	require.NoError(t, os.WriteFile(path, []byte("action,resource,deploy,reader\nlambda:GetFunction,"+orders+",deny,deny\n"), 0o644))
	m := iamtest.Matrix{Who: team(t), Rows: []iamtest.Row{{Action: "lambda:GetFunction", Resource: payments}}}
	r := new(recorder)
	assert.False(t, m.CheckFile(r, path))
	requireFails(t, r,
		"access.csv has no row for lambda:GetFunction on "+payments+"; IAMSIM_UPDATE=1 go test writes it",
		"access.csv:2: the matrix has no row for lambda:GetFunction on "+orders)
}

// What is not settled is not written as if it were.
func TestUpdateFailsForWhatIsNotSettled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.csv")
	t.Setenv("IAMSIM_UPDATE", "1")
	m := iamtest.Matrix{
		Who:  map[string]iamtest.Who{"deploy": deploy(t)},
		Rows: []iamtest.Row{{Action: "iam:PassRole", Resource: execRole}, {Action: "lambda:GetFunction", Resource: orders}},
	}
	r := new(recorder)
	assert.False(t, m.CheckFile(r, path))
	requireFails(t, r, "depends on what the test does not say", "iam:PassedToService")
	written, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "action,resource,deploy\niam:PassRole,"+execRole+",\nlambda:GetFunction,"+orders+",allow\n", string(written))

	r = new(recorder)
	assert.False(t, m.CheckFile(r, filepath.Join(t.TempDir(), "none", "access.csv")))
	require.Len(t, r.failures, 1)
}

// Whatever the names, a matrix that is written is read as it was written.
func TestAMatrixThatIsWrittenIsReadAgain(t *testing.T) {
	t.Setenv("IAMSIM_UPDATE", "")
	rapid.Check(t, writtenIsReadAgain(t.TempDir(), deploy(t)))
}

func FuzzMatrixThatIsWritten(f *testing.F) {
	f.Setenv("IAMSIM_UPDATE", "")
	fuzzing.Seed(f)
	check := writtenIsReadAgain(f.TempDir(), deploy(f))
	f.Fuzz(rapid.MakeFuzz(check))
}

func writtenIsReadAgain(dir string, caller iamtest.Who) func(*rapid.T) {
	return func(rt *rapid.T) {
		file := filepath.Join(dir, rapid.SampledFrom([]string{"m.md", "m.csv", "m.json"}).Draw(rt, "file"))
		name := rapid.StringMatching(`[a-z][a-z0-9 ._,"'é-]{0,6}[a-z]`)
		who := map[string]iamtest.Who{}
		for _, n := range rapid.SliceOfNDistinct(name, 1, 4, rapid.ID).Draw(rt, "who") {
			who[n] = caller
		}
		var rows []iamtest.Row
		for _, n := range rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Za-z0-9_-]{1,12}(:[a-z]{1,4})?`), 1, 5, rapid.ID).Draw(rt, "functions") {
			rows = append(rows, iamtest.Row{Action: "lambda:GetFunction", Resource: "arn:aws:lambda:us-east-1:123456789012:function:" + n})
		}
		m := iamtest.Matrix{Who: who, Rows: rows}
		os.Remove(file)
		os.Setenv("IAMSIM_UPDATE", "1")
		r := new(recorder)
		if !m.CheckFile(r, file) {
			rt.Fatalf("writing: %s", r.text())
		}
		os.Setenv("IAMSIM_UPDATE", "")
		if !m.CheckFile(r, file) {
			text, _ := os.ReadFile(file)
			rt.Fatalf("reading: %s\n%s", r.text(), text)
		}
	}
}

func FuzzMatrixFile(f *testing.F) {
	for _, name := range []string{"m.md", "m.csv", "m.json"} {
		f.Add(name, "action,resource,deploy\nlambda:GetFunction,"+orders+",allow\n")
		f.Add(name, "|action|resource|deploy|\n|-|-|-|\n|lambda:GetFunction|"+orders+"|allow|\n")
		f.Add(name, `[{"action": "lambda:GetFunction", "resource": "`+orders+`", "access": {"deploy": "allow"}}]`)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		switch name {
		case "m.md", "m.csv", "m.json":
		default:
			t.Skip()
		}
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		r := new(recorder)
		passed := iamtest.Matrix{Who: map[string]iamtest.Who{"deploy": deploy(t)}}.CheckFile(r, path)
		assert.Equal(t, passed, len(r.failures) == 0)
	})
}
