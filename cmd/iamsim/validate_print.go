package main

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/internal/spelling"
)

// text prints the findings for people, each with its line, where it stands
// underlined.
func (r *findingsReport) text(s *sheet) error {
	var b strings.Builder
	pages := map[string]*page{}
	count := map[validate.Type]int{}
	line := func(indent, format string, args ...any) {
		b.WriteString(s.flowed(indent+shown(fmt.Sprintf(format, args...))+"\n", 4))
	}
	for i := range r.findings {
		f := &r.findings[i]
		count[f.Type]++
		line("", "%s", f)
		if pages[f.Source] == nil {
			pages[f.Source] = pageOf(r.texts[f.Source])
		}
		pages[f.Source].underline(&b, f, s.width)
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
