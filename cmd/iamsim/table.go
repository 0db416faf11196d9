package main

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/evaluator/scenario"
)

// table prints for people: a row a scenario, below it what needs words, at last
// a count. It holds rows back to know how wide they are, but no more than some
// thousands: what comes after these is as wide, or wider where it has to be.
type table struct {
	out    *sheet
	rows   [][]string
	notes  [][]string // of each row
	widths []int      // of the columns, once rows were printed
	// counts of scenarios, by how they ended
	met, failed, broken int
}

func (p *table) print(_ *scenario.Scenario, r *scenario.Result) error {
	row := []string{r.Name, "", "", ""}
	if r.Answered() {
		row[1], row[2] = r.Decision.String(), r.DeniedBy.String()
	}
	switch {
	case r.Broken():
		p.broken++
		row[3] = "error"
	case !r.Pass():
		p.failed++
		if r.Wanted {
			row[3] = "FAIL"
		}
	default:
		p.met++
		if r.Wanted {
			row[3] = "ok"
		}
	}
	p.rows, p.notes = append(p.rows, row), append(p.notes, notesOf(r))
	if len(p.rows) < heldBack {
		return nil
	}
	return p.flush()
}

// heldBack is how many rows wait for their columns to be as wide as the widest.
const heldBack = 4096

// flush prints the rows that were held back.
func (p *table) flush() error {
	if p.widths == nil {
		header := []string{"SCENARIO", "DECISION", "DENIED BY", "RESULT"}
		p.widths = make([]int, len(header))
		p.rows, p.notes = append([][]string{header}, p.rows...), append([][]string{nil}, p.notes...)
	}
	var b strings.Builder
	for i, line := range p.out.alignedTo(p.widths, p.rows, lookOf) {
		b.WriteString(line + "\n")
		for _, note := range p.notes[i] {
			b.WriteString(p.out.paragraph(4, note) + "\n")
		}
	}
	p.rows, p.notes = p.rows[:0], p.notes[:0]
	return p.out.marked(b.String())
}

func (p *table) end() error {
	if err := p.flush(); err != nil {
		return err
	}
	return p.out.marked(fmt.Sprintf("\nscenarios: %d, as expected: %d, not: %d, wrong input: %d\n", p.met+p.failed+p.broken, p.met, p.failed, p.broken))
}

// lookOf is the style of the words that say how a scenario ended.
func lookOf(cell string) style {
	switch cell {
	case "ok", "PASS":
		return green
	case "FAIL":
		return red
	case "error", "ERROR":
		return yellow
	}
	return plain
}

// notesOf is what there is to say of a result in words, a line each: the text of
// AWS, what decided, what was missing, and what is not as it should be.
func notesOf(r *scenario.Result) []string {
	var notes []string
	note := func(label, text string) {
		if text == "" {
			return
		}
		for line := range strings.SplitSeq(text, "\n") {
			notes = append(notes, label+line)
		}
	}
	for i := range r.Authorizations {
		note("", authorizationText(&r.Authorizations[i]))
	}
	for i := range r.Preconditions {
		note("precondition: ", preconditionText(&r.Preconditions[i]))
	}
	note("", r.Message)
	for i := range r.Statements {
		note("", fmt.Sprintf("%s by %s", r.Statements[i].Effect, placeOf(&r.Statements[i])))
	}
	if len(r.MissingContext) > 0 {
		note("missing context: ", strings.Join(r.MissingContext, ", "))
	}
	for _, d := range r.Diagnostics {
		note("note: ", d)
	}
	for _, m := range r.Mismatch {
		note("", m)
	}
	if r.Err != nil {
		note("", r.Err.Error())
	}
	return notes
}

// authorizationText is one of the things that a call needs.
func authorizationText(a *scenario.Answer) string {
	text := fmt.Sprintf("%-13s  %s on %s", a.Decision, a.Action, a.Resource)
	var marks []string
	if layer := a.DeniedBy.String(); layer != "" {
		marks = append(marks, "by "+layer)
	}
	switch a.Effect {
	case apicall.ResponseOnly:
		marks = append(marks, "not required: without it the answer has less")
	case apicall.Possible:
		marks = append(marks, "asked only "+a.When)
	}
	if a.Confidence != apicall.High {
		marks = append(marks, a.Confidence.String()+" confidence")
	}
	if marks != nil {
		text += " (" + strings.Join(marks, "; ") + ")"
	}
	return text
}

func preconditionText(p *scenario.Precondition) string {
	text := fmt.Sprintf("%s for %s on %s: ", p.Action, p.Principal, p.Resource)
	switch p.Decision {
	case evaluator.Allowed:
		return text + "met"
	case evaluator.Indeterminate:
		return text + "not known: its policy is not given, or leaves it open"
	}
	text += "not met"
	if p.ErrorCode != "" {
		text += "; AWS answers " + p.ErrorCode + ": " + p.Message
	}
	return text
}

// placeOf is where a statement that decided stands.
func placeOf(s *scenario.Statement) string {
	ref := evaluator.StatementRef{Policy: s.Policy, Index: s.Index, Sid: s.Sid, Line: s.Line, Column: s.Column}
	return ref.String()
}
