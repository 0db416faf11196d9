package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/evaluator/scenario"
)

// A printer prints results, one after the other.
type printer interface {
	print(*scenario.Result) error
	end() error
}

// lines prints JSON lines.
type lines struct{ out io.Writer }

func (p *lines) print(r *scenario.Result) error {
	text, err := r.MarshalJSON()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "%s\n", text)
	return err
}

func (p *lines) end() error { return nil }

// array prints one JSON array, a result a line.
type array struct {
	out   io.Writer
	begun bool
}

func (p *array) print(r *scenario.Result) error {
	text, err := r.MarshalJSON()
	if err != nil {
		return err
	}
	before := "[\n "
	if p.begun {
		before = ",\n "
	}
	p.begun = true
	_, err = fmt.Fprintf(p.out, "%s%s", before, text)
	return err
}

func (p *array) end() error {
	end := "[]\n"
	if p.begun {
		end = "\n]\n"
	}
	_, err := io.WriteString(p.out, end)
	return err
}

// table prints for people: a row a scenario, below it what needs words, at last
// a count. It holds the rows back until it knows how wide they are.
type table struct {
	out  io.Writer
	rows []row
	// counts of scenarios, by how they ended
	met, failed, broken int
}

type row struct {
	cells []string
	notes []string
}

func (p *table) print(r *scenario.Result) error {
	row := row{cells: []string{r.Name, "", "", ""}}
	if r.Answered() {
		row.cells[1], row.cells[2] = r.Decision.String(), r.DeniedBy.String()
	}
	switch {
	case r.Broken():
		p.broken++
		row.cells[3] = "error"
	case !r.Pass():
		p.failed++
		if r.Wanted {
			row.cells[3] = "FAIL"
		}
	default:
		p.met++
		if r.Wanted {
			row.cells[3] = "ok"
		}
	}
	row.call(r)
	row.note("", r.Message)
	for _, s := range r.Statements {
		row.note("", statement(&s))
	}
	if len(r.MissingContext) > 0 {
		row.note("missing context: ", strings.Join(r.MissingContext, ", "))
	}
	for _, d := range r.Diagnostics {
		row.note("note: ", d)
	}
	for _, m := range r.Mismatch {
		row.note("", m)
	}
	if r.Err != nil {
		row.note("", r.Err.Error())
	}
	p.rows = append(p.rows, row)
	return nil
}

func (r *row) note(label, text string) {
	if text == "" {
		return
	}
	for line := range strings.SplitSeq(text, "\n") {
		r.notes = append(r.notes, label+line)
	}
}

// call lists what a call needs, a line each.
func (r *row) call(result *scenario.Result) {
	for i := range result.Authorizations {
		a := &result.Authorizations[i]
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
		r.note("", text)
	}
	for _, p := range result.Preconditions {
		text := fmt.Sprintf("%s for %s on %s: ", p.Action, p.Principal, p.Resource)
		switch p.Decision {
		case evaluator.Allowed:
			text += "met"
		case evaluator.Indeterminate:
			text += "not known: its policy is not given, or leaves it open"
		default:
			text += "not met"
			if p.ErrorCode != "" {
				text += "; AWS answers " + p.ErrorCode + ": " + p.Message
			}
		}
		r.note("precondition: ", text)
	}
}

// statement is where a statement that decided stands.
func statement(s *scenario.Statement) string {
	ref := evaluator.StatementRef{Policy: s.Policy, Index: s.Index, Sid: s.Sid, Line: s.Line, Column: s.Column}
	return fmt.Sprintf("%s by %s", s.Effect, ref)
}

func (p *table) end() error {
	rows := [][]string{{"SCENARIO", "DECISION", "DENIED BY", "RESULT"}}
	for _, row := range p.rows {
		rows = append(rows, row.cells)
	}
	var b strings.Builder
	for i, line := range aligned(rows) {
		b.WriteString(line + "\n")
		if i == 0 {
			continue
		}
		for _, note := range p.rows[i-1].notes {
			b.WriteString("    " + note + "\n")
		}
	}
	fmt.Fprintf(&b, "\nscenarios: %d, as expected: %d, not: %d, wrong input: %d\n", len(p.rows), p.met, p.failed, p.broken)
	_, err := io.WriteString(p.out, b.String())
	return err
}

// aligned are the lines of a table: each column is as wide as its widest cell.
func aligned(rows [][]string) []string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		var line strings.Builder
		for k, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widths[k]-utf8.RuneCountInString(cell)+2))
		}
		lines[i] = strings.TrimRight(line.String(), " ")
	}
	return lines
}

// textOrJSON checks the --output of a command that has these two.
func textOrJSON(output string) error {
	if output != "text" && output != "json" {
		return fmt.Errorf("--output %s: want text or json", output)
	}
	return nil
}
