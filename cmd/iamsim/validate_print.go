package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/internal/spelling"
)

// text prints the findings for people, each with its line, where it stands
// underlined.
func (r *findingsReport) text(s *sheet) error {
	var b strings.Builder
	count := map[validate.Type]int{}
	line := func(indent, format string, args ...any) {
		b.WriteString(s.flowed(indent+shown(fmt.Sprintf(format, args...))+"\n", 4))
	}
	for i := range r.findings {
		f := &r.findings[i]
		count[f.Type]++
		line("", "%s", f)
		r.underline(&b, f, s.width)
		if f.Request != nil {
			line("    ", "such as: %s", f.Request)
		}
		if f.Edit != nil {
			line("    ", "--fix %s", f.Edit.Says)
		}
	}
	if len(r.findings) > 0 {
		b.WriteByte('\n')
	}
	line("", "policies: %d, errors: %d, security warnings: %d, warnings: %d, suggestions: %d", len(r.policies),
		count[validate.Error], count[validate.SecurityWarning], count[validate.Warning], count[validate.Suggestion])
	return s.marked(b.String())
}

// longestLine is how much of a line is shown, in characters.
const longestLine = 160

// underline shows the line of a finding, within some columns; 0 for any number.
func (r *findingsReport) underline(b *strings.Builder, f *validate.Finding, columns int) {
	line, ok := lineOf(r.texts[f.Source], f.From.Line)
	if !ok || f.From.Column == 0 || shown(line) != line {
		return
	}
	begin, end := f.From.Column-1, f.To.Column-1
	runes := []rune(strings.ReplaceAll(line, "\t", " "))
	switch {
	case begin >= len(runes):
		begin, end = len(runes), len(runes)+1
	case f.To.Line == 0:
		end = tokenEnd(runes, begin)
	case f.To.Line != f.From.Line: // where it begins says enough
		end = begin + 1
	}
	number := fmt.Sprint(f.From.Line)
	longest := longestLine
	if columns > 0 {
		longest = max(20, min(longest, columns-len("     | ")-len(number)-1))
	}
	from := max(0, min(begin-longest/4, len(runes)-longest))
	runes = runes[from:min(len(runes), from+longest)]
	begin, end = begin-from, min(end-from, len(runes)+1)
	fmt.Fprintf(b, "    %s | %s\n    %s | %s%s\n", number, strings.TrimRight(string(runes), " \r"), strings.Repeat(" ", len(number)),
		strings.Repeat(" ", begin), strings.Repeat("^", max(1, end-begin)))
}

// tokenEnd is where what begins at a character of a JSON text ends: a string, or
// one character.
func tokenEnd(runes []rune, begin int) int {
	if runes[begin] != '"' {
		return begin + 1
	}
	for i := begin + 1; i < len(runes); i++ {
		switch runes[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(runes)
}

// lineOf is a line of a text, from 1.
func lineOf(text string, number int) (string, bool) {
	if number < 1 || !utf8.ValidString(text) {
		return "", false
	}
	for line := range strings.Lines(text) {
		if number--; number == 0 {
			return strings.TrimRight(line, "\n"), true
		}
	}
	return "", false
}

// markdown is for those who review: the gravest findings first, each with its place,
// and a request that shows it.
func (r *findingsReport) markdown() string {
	var b strings.Builder
	b.WriteString("## Findings\n\n")
	for t := validate.Error; t >= validate.Suggestion; t-- {
		title := "### " + t.String() + "\n\n"
		for i := range r.findings {
			f := &r.findings[i]
			if f.Type != t {
				continue
			}
			place := f.Source
			if f.From.Line > 0 {
				place = fmt.Sprintf("%s:%d:%d", place, f.From.Line, f.From.Column)
			}
			fmt.Fprintf(&b, "%s- **%s** at %s\n  - %s\n", title, f.Code, markdownCode(place), markdownCode(f.Told()))
			title = ""
			if f.Request != nil {
				fmt.Fprintf(&b, "  - for example %s\n", markdownCode(f.Request.String()))
			}
			if f.Edit != nil {
				fmt.Fprintf(&b, "  - `--fix` %s\n", markdownCode(f.Edit.Says))
			}
		}
		if title == "" {
			b.WriteString("\n")
		}
	}
	if len(r.findings) == 0 {
		fmt.Fprintf(&b, "None, of %d policies.\n", len(r.policies))
	} else {
		fmt.Fprintf(&b, "What the codes mean: %s\n", pageOfCodes)
	}
	return b.String()
}

// junit prints JUnit's XML: a test is a policy.
func (r *findingsReport) junit(s *sheet) error {
	suite := junitSuite{Name: "iamsim validate", Tests: len(r.policies)}
	for _, p := range r.policies {
		c := junitCase{Name: spelling.Shown(p.String()), Class: "iamsim.validate", File: spelling.Shown(p.source)}
		var lines, found []string
		for i := range r.findings {
			if f := &r.findings[i]; f.Source == p.source && f.Address == p.address {
				if c.Line == 0 {
					c.Line = f.From.Line
				}
				lines, found = append(lines, f.String()), append(found, f.Code)
			}
		}
		if lines != nil {
			suite.Failures++
			c.Failure = &junitText{Message: spelling.Shown(strings.Join(found, ", ")), Text: spelling.Shown(strings.Join(lines, "\n"))}
		}
		suite.Cases = append(suite.Cases, c)
	}
	return printJUnit(s, &junitSuites{Tests: suite.Tests, Failures: suite.Failures, Suites: []junitSuite{suite}})
}
