package iamtest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/iamtest"
)

// What IAMSIM_UPDATE=1 makes of a file that is there. The caller deploy may get
// orders and nothing may delete a function; whether it may pass a role is not
// settled. Reader may get all functions.
func TestWhatAnUpdateKeepsOfAFile(t *testing.T) {
	const (
		get    = "lambda:GetFunction," + orders
		remove = "lambda:DeleteFunction," + orders
		pass   = "iam:PassRole," + execRole
		alone  = "action,resource,deploy\n"
		both   = "action,resource,deploy,reader\n"
	)
	row := func(action, resource string) iamtest.Row { return iamtest.Row{Action: action, Resource: resource} }
	one := map[string]iamtest.Who{"deploy": deploy(t)}
	what := []iamtest.What{iamtest.Function(t, payments)}
	for name, tc := range map[string]struct {
		m         iamtest.Matrix
		file      string
		was, want string
		says      []string
	}{
		"a cell that does not hold": {iamtest.Matrix{Who: one}, "m.csv", alone + get + ",deny\n", alone + get + ",allow\n", nil},
		"an explicit deny in the first row and column": {iamtest.Matrix{Who: one}, "m.csv",
			alone + remove + ",explicitDeny\n" + get + ",allow\n", alone + remove + ",explicitDeny\n" + get + ",allow\n", nil},
		"an explicit deny in the second row": {iamtest.Matrix{Who: one}, "m.csv",
			alone + get + ",allow\n" + remove + ",explicitDeny\n", alone + get + ",allow\n" + remove + ",explicitDeny\n", nil},
		"an explicit deny of what is allowed": {iamtest.Matrix{Who: one}, "m.csv", alone + get + ",explicitDeny\n", alone + get + ",allow\n", nil},
		"an explicit deny of what nothing allows": {iamtest.Matrix{Who: one}, "m.csv",
			alone + "lambda:InvokeFunction," + orders + ",explicitDeny\n", alone + "lambda:InvokeFunction," + orders + ",deny\n", nil},
		"a deny by a statement is one as it was": {iamtest.Matrix{Who: one}, "m.csv", alone + remove + ",deny\n", alone + remove + ",deny\n", nil},
		"columns keep their order, and new ones follow": {iamtest.Matrix{Who: team(t)}, "m.csv",
			"action,resource,reader\n" + get + ",deny\n", "action,resource,reader,deploy\n" + get + ",allow,allow\n", nil},
		"a new column before an explicit deny": {iamtest.Matrix{Who: team(t)}, "m.csv",
			alone + remove + ",explicitDeny\n", both + remove + ",explicitDeny,deny\n", nil},
		"columns of nobody go": {iamtest.Matrix{Who: one}, "m.csv",
			"action,resource,admin,deploy\n" + remove + ",explicitDeny,explicitDeny\n", alone + remove + ",explicitDeny\n", nil},
		"rows are those of the matrix": {iamtest.Matrix{Who: one, Rows: []iamtest.Row{row("lambda:DeleteFunction", orders), row("lambda:GetFunction", orders)}}, "m.csv",
			alone + "lambda:GetFunction," + payments + ",deny\n" + remove + ",explicitDeny\n", alone + remove + ",explicitDeny\n" + get + ",allow\n", nil},
		"a matrix that has no rows any more": {iamtest.Matrix{Who: one, Rows: []iamtest.Row{}}, "m.csv", alone + get + ",allow\n", alone, nil},
		"what is not settled keeps its cell": {iamtest.Matrix{Who: one}, "m.csv",
			alone + pass + ",allow\n" + get + ",deny\n", alone + pass + ",allow\n" + get + ",allow\n", []string{"m.csv: whether deploy can iam:PassRole"}},
		"what is not settled and new has an empty cell": {iamtest.Matrix{Who: one, Rows: []iamtest.Row{row("iam:PassRole", execRole)}}, "m.md",
			"", "| action       | resource                                   | deploy |\n|--------------|--------------------------------------------|--------|\n" +
				"| iam:PassRole | arn:aws:iam::123456789012:role/orders-exec |        |\n", []string{"whether deploy can iam:PassRole"}},
		"the narrowest column of Markdown": {iamtest.Matrix{Who: map[string]iamtest.Who{"é": deploy(t)}, Rows: []iamtest.Row{row("iam:PassRole", execRole)}}, "m.md",
			"", "| action       | resource                                   | é   |\n|--------------|--------------------------------------------|-----|\n" +
				"| iam:PassRole | arn:aws:iam::123456789012:role/orders-exec |     |\n", []string{"whether é can iam:PassRole"}},
		"Markdown without a line break at its end": {iamtest.Matrix{Who: one}, "m.md",
			"x\n\n|action|resource|deploy|\n|-|-|-|\n|lambda:GetFunction|" + orders + "|deny|",
			"x\n\n| action             | resource                                              | deploy |\n|--------------------|-------------------------------------------------------|--------|\n" +
				"| lambda:GetFunction | " + orders + " | allow  |\n", nil},
		"Markdown with several tables": {iamtest.Matrix{Who: one}, "m.md",
			"|a|b|c|\n|-|-|-|\n|d|e|f|\n\n|action|resource|deploy|\n|-|-|-|\n|lambda:GetFunction|" + orders + "|deny|\n- x\n\n|a|b|\n|-|-|\n|c|d|\n",
			"|a|b|c|\n|-|-|-|\n|d|e|f|\n\n| action             | resource                                              | deploy |\n|--------------------|-------------------------------------------------------|--------|\n" +
				"| lambda:GetFunction | " + orders + " | allow  |\n- x\n\n|a|b|\n|-|-|\n|c|d|\n", nil},
		"a name that a spreadsheet would work out": {iamtest.Matrix{Who: map[string]iamtest.Who{"=a": deploy(t), "+a": deploy(t), "-a": deploy(t), "@a": deploy(t), "a=": deploy(t), "'a": deploy(t)}, Rows: []iamtest.Row{row("lambda:GetFunction", orders)}}, "m.csv",
			"", "action,resource,'a,'+a,'-a,'=a,'@a,a=\n" + get + ",allow,allow,allow,allow,allow,allow\n", nil},
		"JSON with names that HTML would escape": {iamtest.Matrix{Who: map[string]iamtest.Who{"a": deploy(t), `b"`: deploy(t)}, Rows: []iamtest.Row{row("lambda:GetFunction", orders)}}, "m.json",
			"", "[\n  {\n    \"action\": \"lambda:GetFunction\",\n    \"resource\": \"" + orders + "\",\n    \"access\": {\n      \"a\": \"allow\",\n      \"b\\\"\": \"allow\"\n    }\n  }\n]\n", nil},

		"a file that is no matrix stays as it is": {iamtest.Matrix{Who: one}, "m.csv",
			alone + get + ",deny,deny\n", alone + get + ",deny,deny\n", []string{"m.csv:2: 4 columns, and the header has 3"}},
		"what is loaded and no row asks for": {iamtest.Matrix{Who: one, What: what}, "m.csv",
			alone + get + ",deny\n", alone + get + ",allow\n", []string{`asks nothing of "` + payments + `"`}},
		"what is loaded and a row asks for": {iamtest.Matrix{Who: one, What: what}, "m.csv",
			alone + "lambda:GetFunction," + payments + ",allow\n", alone + "lambda:GetFunction," + payments + ",deny\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("IAMSIM_UPDATE", "1")
			path := filepath.Join(t.TempDir(), tc.file)
			if tc.was != "" {
				require.NoError(t, os.WriteFile(path, []byte(tc.was), 0o644))
			}
			r := new(recorder)
			assert.Equal(t, tc.says == nil, tc.m.CheckFile(r, path), r.text())
			if tc.says != nil {
				requireFails(t, r, tc.says...)
			}
			written, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, tc.want, string(written))
			if tc.says == nil && len(tc.m.Rows) > 0 {
				t.Setenv("IAMSIM_UPDATE", "")
				assert.True(t, tc.m.CheckFile(t, path), "what is written holds")
			}
		})
	}
}

func TestWhatIsLoadedBesideAFileMustBeAskedFor(t *testing.T) {
	t.Setenv("IAMSIM_UPDATE", "")
	path := filepath.Join(t.TempDir(), "access.csv")
	require.NoError(t, os.WriteFile(path, []byte("action,resource,deploy\nlambda:GetFunction,"+orders+",allow\n"), 0o644))
	m := iamtest.Matrix{Who: map[string]iamtest.Who{"deploy": deploy(t)}, What: []iamtest.What{iamtest.Function(t, orders)}}
	require.True(t, m.CheckFile(t, path))

	m.What = append(m.What, iamtest.Function(t, payments))
	r := new(recorder)
	assert.False(t, m.CheckFile(r, path))
	requireFails(t, r, `access.csv asks nothing of "`+payments+`", which stands in What; did you mean "`+orders+`"?`)
}

func TestAFileThatCannotBeWrittenFails(t *testing.T) {
	t.Setenv("IAMSIM_UPDATE", "1")
	m := iamtest.Matrix{Who: map[string]iamtest.Who{"deploy": deploy(t)}, Rows: []iamtest.Row{{Action: "lambda:GetFunction", Resource: orders}}}
	folder := filepath.Join(t.TempDir(), "access.csv")
	r := new(recorder)
	assert.False(t, m.CheckFile(r, filepath.Join(folder, "access.csv")), "in a folder that is not there")
	requireFails(t, r, "no such file or directory")

	require.NoError(t, os.Mkdir(folder, 0o755))
	r = new(recorder)
	assert.False(t, m.CheckFile(r, folder), "a folder")
	requireFails(t, r, "is a directory")
}
