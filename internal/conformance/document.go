package main

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/cite"
)

// document is the text of CONFORMANCE.md.
func document(root fs.FS) (string, error) {
	rules, err := read[catalogue](root, rulesFile)
	if err != nil {
		return "", err
	}
	groups, err := read[[]choices](root, choicesFile)
	if err != nil {
		return "", err
	}
	tests, err := read[[]testOfMistake](root, testsFile)
	if err != nil {
		return "", err
	}
	measured, err := readRuns(root)
	if err != nil {
		return "", err
	}
	covered, err := readCoverage(root)
	if err != nil {
		return "", err
	}
	var p page
	p.opening(&rules, groups, covered, measured)
	p.choices(groups)
	p.coverage(covered, tests)
	p.rules(&rules, covered)
	return p.text.String(), nil
}

// page is Markdown in the making.
type page struct{ text strings.Builder }

func (p *page) line(format string, args ...any) {
	fmt.Fprintf(&p.text, format+"\n", args...)
}

// table writes a table; cells are Markdown.
func (p *page) table(head []string, rows [][]string) {
	p.line("")
	for i, cells := range append([][]string{head}, rows...) {
		escaped := make([]string, len(cells))
		for j, cell := range cells {
			escaped[j] = strings.ReplaceAll(cell, "|", `\|`)
		}
		p.line("| %s |", strings.Join(escaped, " | "))
		if i == 0 {
			p.line("|%s", strings.Repeat(" --- |", len(head)))
		}
	}
}

// place is a number as the target of links.
func place(id string) string { return fmt.Sprintf(`<a id="%s"></a>%s`, cite.Anchor(id), id) }

// links are numbers as links to their places. An entry of the register has its
// place where it is named, as it is named once.
func links(ids ...string) string {
	linked := make([]string, len(ids))
	for i, id := range ids {
		if isRegister(id) {
			linked[i] = place(id)
		} else {
			linked[i] = fmt.Sprintf("[%s](#%s)", id, cite.Anchor(id))
		}
	}
	return strings.Join(linked, ", ")
}

func (p *page) opening(rules *catalogue, groups []choices, c *coverage, measured runs) {
	count := make(map[confidence]int)
	numbered := 0
	for _, r := range rules.Rules {
		if !r.isChapter() && !r.isSection() {
			numbered++
			count[r.Confidence]++
		}
	}
	made := 0
	for _, g := range groups {
		made += len(g.Choices)
	}
	p.line("# Conformance")
	p.line("")
	p.line("iamsim decides as AWS IAM is documented to decide. Its code, errors and cases cite rules by number (“B-12”); here is")
	p.line("what each number means, what was chosen where AWS's documents are silent or contradict each other, and what is tested.")
	p.line("`go run ./internal/conformance` makes this file, and a test fails when it is not what that gives.")
	p.line("")
	p.line("- **%d rules**: %d documented, %d known by example, %d open, %d open in part. [The rules](#the-rules).", numbered,
		count[documented], count[byExample], count[open], count[documentedInPart]+count[byExampleInPart])
	p.line("- **%d choices**, each with its evidence. [The choices](#choices). As of %s.", made, rules.Date)
	p.line("- **%d of %d numbered examples** have cases that pass; %d wait for parts that do not exist yet. [The coverage](#coverage).",
		c.covered(), len(c.examples), len(c.waiting))
	p.line("- **%d cases** in all, %d of them for mistakes that other evaluators were seen to make, %d for bugs that this one had.",
		c.all, len(c.mistakes), c.bugs)
	if t := measured.Twin; t != nil {
		p.line("- **%s random scenarios** decided alike by the evaluator and by a second one, written apart from the same rules: `%s`, %s.",
			thousands(t.Count), t.Command, t.Date)
	}
	p.line("")
	p.line("`go test ./evaluator -run TestConformance -v` runs the cases and prints their count; `go test ./evaluator/prove` runs those of J.3, in")
	p.line("`evaluator/prove/testdata/proofs.json`. A case is data: see")
	p.line("[evaluator/testdata/conformance](evaluator/testdata/conformance/README.md). An outcome is written as ALLOW, EXPLICIT(layer) or")
	p.line("IMPLICIT(layer), the layer being the policy type that denies; INVALID(reason) is a document that is refused.")
	p.line("")
	p.line("Nothing here was compared with AWS itself: the sources are its public documents, and what others published of their tests.")
}

func (p *page) choices(groups []choices) {
	p.line("")
	p.line("## Choices")
	for _, g := range groups {
		p.line("")
		p.line("### %s", g.Title)
		p.line("")
		p.line("%s", g.Text)
		options := slices.ContainsFunc(g.Choices, func(c choice) bool { return c.Option != "" })
		head := []string{"Rule", "What is open", "What iamsim does", "Evidence"}
		if options {
			head = append(head, "Option")
		}
		var rows [][]string
		for _, c := range g.Choices {
			cells := []string{links(c.Rules...), c.Question, c.Choice, c.Evidence}
			if options {
				cells = append(cells, "`"+c.Option+"`")
			}
			rows = append(rows, cells)
		}
		p.table(head, rows)
	}
}

func (p *page) coverage(c *coverage, tests []testOfMistake) {
	p.line("")
	p.line("## Coverage")
	p.line("")
	p.line("Examples by section. The last column names those without a case and what they wait for.")
	var rows [][]string
	cases := 0
	for _, r := range c.rows() {
		var later []string
		for _, owner := range slices.Sorted(maps.Keys(r.later)) {
			later = append(later, owner+": "+strings.Join(r.later[owner], " "))
		}
		rows = append(rows, []string{links(r.section), fmt.Sprint(r.examples), fmt.Sprint(r.covered), fmt.Sprint(r.cases), strings.Join(later, "; ")})
		cases += r.cases
	}
	rows = append(rows, []string{"**all**", fmt.Sprint(len(c.examples)), fmt.Sprint(c.covered()), fmt.Sprint(cases), ""})
	p.table([]string{"Section", "Examples", "Covered", "Cases", "Later"}, rows)
	p.line("")
	p.line("What the words in the last column stand for: catalogue, what each operation of AWS needs; simulate, the simulation API;")
	p.line("validation, findings on documents; proofs, statements about all requests; managed, AWS's managed policies; denial, decoded messages.")
	p.line("")
	p.line("### Mistakes of others")
	p.line("")
	p.line("Each was seen in some evaluator, and is a case of its own in `mistakes.json` or `mistakes-documents.json`:")
	p.line("")
	for _, name := range c.mistakes {
		p.line("- %s", literal(name))
	}
	p.line("")
	p.line("Those that are about an API, and not about a decision, are tests in Go:")
	rows = nil
	for _, t := range tests {
		rows = append(rows, []string{t.Mistake, "`" + t.Package + "`", "`" + strings.Join(t.Tests, "`, `") + "`"})
	}
	p.table([]string{"Mistake", "Package", "Tests"}, rows)
}

// literal keeps wildcards and variables from being read as Markdown.
func literal(s string) string {
	return strings.NewReplacer("*", `\*`, "_", `\_`, "<", "&lt;").Replace(s)
}

func (p *page) rules(rules *catalogue, c *coverage) {
	p.line("")
	p.line("## The rules")
	p.line("")
	p.line("Each in a sentence, with its confidence and its source. *Documented*: a document says so. *By example*: a document implies it, or it was")
	p.line("well observed. *Open*: documents are silent or contradict each other, and a [choice](#choices) was made. Sources:")
	p.line("")
	for _, name := range slices.Sorted(maps.Keys(rules.Sources)) {
		p.line("- %s: %s.", name, rules.Sources[name])
	}
	later := c.later()
	list := false
	for _, r := range rules.Rules {
		if r.isChapter() || r.isSection() || !list {
			p.line("")
		}
		list = false
		switch {
		case r.isChapter():
			p.line("### %s. %s", place(r.ID), r.Text)
			p.notYet(later[r.ID])
		case r.isSection():
			p.line("**%s** %s%s", place(r.ID), r.Text, remark(&r))
			p.notYet(later[r.ID])
			if r.Table != nil {
				p.table(r.Table[0], r.Table[1:])
			}
		default:
			list = true
			p.line("- **%s** %s%s", place(r.ID), r.Text, remark(&r))
		}
	}
}

// notYet says that nothing follows the rules of a section yet, and what its
// examples wait for.
func (p *page) notYet(owners []string) {
	if owners != nil {
		p.line("")
		p.line("Not yet part of iamsim: the examples wait for *%s*.", strings.Join(owners, "*, *"))
	}
}

// remark is a rule's confidence and source.
func remark(r *rule) string {
	var parts []string
	for _, part := range []string{string(r.Confidence), r.Source} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if parts == nil {
		return ""
	}
	return " *(" + strings.Join(parts, "; ") + ")*"
}

// thousands writes 1000000 as 1,000,000.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
