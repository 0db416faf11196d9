package main

import (
	_ "embed"
	"html/template"
	"strings"
)

//go:embed suite.html
var suitePage string

// writePage prints the suites as one page that needs nothing else: no script, no
// font, no network. What failed is open, what passed is folded.
func writePage(s *sheet, r *suites) error {
	page, err := template.New("suite").Funcs(template.FuncMap{
		"folded": func(t trial) bool { return t.Ended == "PASS" || t.Ended == "SKIP" },
		"lower":  strings.ToLower,
		"word":   func(f *suite) string { return f.word() },
		"counts": func(f *suite) string { return f.counts() },
	}).Parse(suitePage)
	if err != nil {
		return err
	}
	return page.Execute(s, struct {
		*suites
		Word, Counts string
	}{r, r.word(), r.counts()})
}

// markdown is the suites for a comment on a change: a table of what failed, folded
// reasons below it.
func (r *suites) markdown() string {
	var b strings.Builder
	b.WriteString("**" + r.word() + "** " + r.counts() + "\n")
	for _, file := range r.Files {
		for i := range file.Cases {
			t := &file.Cases[i]
			if t.Ended != "FAIL" && t.Ended != "ERROR" {
				continue
			}
			b.WriteString("\n- **" + t.Ended + "** " + markdownCode(t.Name) + " in " + markdownCode(file.File) + "\n")
			for _, lines := range [][]string{t.Differs, t.Notes} {
				for _, line := range lines {
					b.WriteString("  - " + markdownCode(line) + "\n")
				}
			}
		}
	}
	return b.String()
}
