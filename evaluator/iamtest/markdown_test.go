package iamtest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/iamtest"
)

// What of a Markdown file is the matrix: in each text one row, which does not
// hold, is in the matrix or is not.
func TestWhichLinesOfMarkdownAreTheMatrix(t *testing.T) {
	t.Setenv("IAMSIM_UPDATE", "")
	const (
		mark  = "|action|resource|deploy|\n|-|-|-|\n"
		holds = "|lambda:GetFunction|" + orders + "|allow|\n"
		wrong = "|lambda:GetFunction|" + payments + "|allow|\n"
		says  = ": deploy cannot lambda:GetFunction"
	)
	indented := "    " + strings.ReplaceAll(strings.TrimSpace(mark+wrong), "\n", "\n    ") + "\n"
	for name, tc := range map[string]struct{ text, says string }{
		"the matrix alone":                                  {mark + wrong, "m.md:3" + says},
		"behind prose and a gap":                            {"Who may what.\n\n" + mark + wrong, "m.md:5" + says},
		"behind code that ends with the prose":              {"    x\n\ny\n" + mark + wrong, "m.md:6" + says},
		"indented under prose, which is no code":            {"Who may what.\n" + indented, "m.md:4" + says},
		"indented behind a gap, which is code":              {mark + holds + "\nFor example:\n\n" + indented, ""},
		"indented behind code and a gap":                    {mark + holds + "\n    x\n\n" + indented, ""},
		"indented with a tab":                               {mark + holds + "\n\t" + strings.ReplaceAll(mark+wrong, "\n", "\n\t"), ""},
		"behind an example":                                 {"```\n" + mark + holds + "```\n" + mark + wrong, "m.md:8" + says},
		"an example with a mark that is longer at its end":  {"```\n" + mark + wrong + "````\n" + mark + holds, ""},
		"an example with a mark that is shorter inside":     {"````\n```\n" + mark + wrong + "````\n" + mark + holds, ""},
		"an example with another mark inside":               {"```\n~~~\n" + mark + wrong + "```\n" + mark + holds, ""},
		"an example with a mark and words inside":           {"```\n``` md\n" + mark + wrong + "```\n" + mark + holds, ""},
		"an example with an indented mark inside":           {"```\n    ```\n" + mark + wrong + "```\n" + mark + holds, ""},
		"an example that does not end":                      {mark + holds + "\n```\n" + mark + wrong, ""},
		"code within a line, which is no example":           {"```x``` is code\n" + mark + wrong, "m.md:4" + says},
		"two marks, which are no example":                   {"``\n\n" + mark + wrong, "m.md:5" + says},
		"behind a comment of one line":                      {"<!-- reviewed -->\n" + mark + wrong, "m.md:4" + says},
		"behind a comment of three lines":                   {"<!-- reviewed\nin May\n-->\n" + mark + wrong, "m.md:6" + says},
		"in a comment":                                      {"<!-- not yet\n" + mark + wrong + "-->\n" + mark + holds, ""},
		"behind a comment that begins with its end":         {"<!-->\n" + mark + wrong + "-->\n\n" + mark + holds, ""},
		"behind a quotation of prose":                       {"> Who may what.\n\n" + mark + wrong, "m.md:5" + says},
		"behind a line with an arrow":                       {"a > b\n\n" + mark + wrong, "m.md:5" + says},
		"behind a table of two columns":                     {"|a|b|\n|-|-|\n|c|d|\n\n" + mark + wrong, "m.md:7" + says},
		"behind a heading that is underlined":               {"Access\n-\n" + mark + wrong, "m.md:5" + says},
		"behind a table whose first column is action alone": {"|action|b|c|\n|-|-|-|\n|c|d|e|\n\n" + mark + wrong, "m.md:7" + says},
		"behind a table of actions and resources":           {"|action|resource|\n|-|-|\n|c|d|\n\n" + mark + wrong, "m.md:7" + says},
		"before a table of the same width":                  {mark + wrong + "\n|a|b|c|\n|-|-|-|\n|c|d|allow|\n", "m.md:3" + says},
		"before a line of the same width without a cell":    {mark + wrong + "\n|a|b|c|\n", "m.md:3" + says},
		"before a line of another width with a cell":        {mark + wrong + "\n|a|b|c|allow|\n", "m.md:3" + says},
		"a row behind a gap":                                {mark + holds + "\n" + wrong, "m.md:5: a row that is none of the matrix"},
		"a row before the matrix":                           {wrong + "\n" + mark + wrong, "m.md:5" + says},
		"up to a heading":                                   {mark + wrong + "# Notes\n", "m.md:3" + says},
		"up to a list":                                      {mark + wrong + "- one\n", "m.md:3" + says},
		"up to a list with a plus":                          {mark + wrong + "+ one\n", "m.md:3" + says},
		"up to a list with a star":                          {mark + wrong + "* one\n", "m.md:3" + says},
		"up to a break of hyphens":                          {mark + wrong + "---\n", "m.md:3" + says},
		"up to a break of stars":                            {mark + wrong + "***\n", "m.md:3" + says},
		"up to a break of stars with gaps":                  {mark + wrong + "** *\n", "m.md:3" + says},
		"up to a break of lines":                            {mark + wrong + "___\n", "m.md:3" + says},
		"up to a line of spaces":                            {mark + wrong + "  \nmore\n", "m.md:3" + says},
		"up to a heading behind a space":                    {mark + wrong + " # Notes\n", "m.md:3" + says},
		"two lines, which are no break":                     {mark + wrong + "__\n", "m.md:4: 1 columns"},
		"two hyphens, which are no break":                   {mark + wrong + "--\n", "m.md:4: 1 columns"},
		"up to a quotation":                                 {mark + wrong + ">quoted\n", "m.md:3" + says},
		"up to HTML":                                        {mark + wrong + "<br>\n", "m.md:3" + says},
		"up to an example":                                  {mark + wrong + "```\nx\n```\n", "m.md:3" + says},
		"up to a comment":                                   {mark + wrong + "<!--\nx\n-->\n", "m.md:3" + says},
		"up to the end of the file, without a line break":   {strings.TrimSpace(mark + wrong), "m.md:3" + says},
		"a row that ends in a backslash":                    {mark + "lambda:GetFunction|" + orders + `|allow\` + "\n", `m.md:3: deploy is "allow\\"`},
		"a row with a backslash before a letter":            {mark + "lambda:GetFunction|" + orders + `|\allow` + "\n", `m.md:3: deploy is "\\allow"`},
		"a row whose last cell is a bar":                    {mark + "|lambda:GetFunction|" + orders + `|\|` + "\n", `m.md:3: deploy is "|"`},
		"a row whose last cell is empty":                    {mark + "|lambda:GetFunction|" + orders + "| |\n", `m.md:3: deploy is ""`},
		"a rule with colons":                                {"|action|resource|deploy|\n|:-|-:|:-:|\n" + wrong, "m.md:3" + says},
		"a rule with a colon inside":                        {"|action|resource|deploy|\n|:-|-:|-:-|\n" + wrong, "m.md:1: the header has no rule"},
		"a rule of colons alone":                            {"|action|resource|deploy|\n|:-|-:|::|\n" + wrong, "m.md:1: the header has no rule"},
		"a rule with too many cells":                        {"|action|resource|deploy|\n|-|-|-|-|\n" + wrong, "m.md:1: the header has no rule"},
		"a header without a line after it":                  {"|action|resource|deploy|", "m.md:1: the header has no rule"},
		"a second matrix without a gap":                     {mark + holds + "# More\n" + mark + wrong, "m.md:5: a second matrix: write its rows into the one of line 1"},
		"a matrix in a quotation behind another":            {mark + holds + "\n> |action|resource|deploy|\n", "m.md:5: a matrix in a quotation"},
		"a matrix in a quotation within a quotation":        {"> > |action|resource|deploy|\n", "m.md:1: a matrix in a quotation"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "m.md")
			require.NoError(t, os.WriteFile(path, []byte(tc.text), 0o644))
			r := new(recorder)
			holds := iamtest.Matrix{Who: map[string]iamtest.Who{"deploy": deploy(t)}}.CheckFile(r, path)
			assert.Equal(t, tc.says == "", holds, r.text())
			if tc.says != "" {
				requireFails(t, r, tc.says)
			}
		})
	}
}
