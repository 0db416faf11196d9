package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/evaluator/scenario"
)

// A printer prints results, one after the other.
type printer interface {
	print(*scenario.Scenario, *scenario.Result) error
	end() error
}

// newPrinter prints results in a format that is no format of tests alone.
func newPrinter(format string, s *sheet) printer { return newInterruptible(plainPrinter(format, s), s) }

func plainPrinter(format string, s *sheet) printer {
	switch format {
	case "json":
		return &array{out: s}
	case "jsonl":
		return &lines{out: s}
	case "csv":
		return &values{out: csv.NewWriter(s)}
	}
	return &table{out: s}
}

// lines prints JSON lines.
type lines struct{ out io.Writer }

func (p *lines) print(_ *scenario.Scenario, r *scenario.Result) error {
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

func (p *array) print(_ *scenario.Scenario, r *scenario.Result) error {
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

// values prints comma-separated values, a result a row below the names of the
// members that it has in JSON; what there are several of stands with spaces
// between.
type values struct {
	out   *csv.Writer
	begun bool
}

func (p *values) head() error {
	if p.begun {
		return nil
	}
	p.begun = true
	return p.out.Write([]string{"name", "file", "decision", "deniedBy", "statements", "missingContext", "message", "pass", "mismatch", "error"})
}

func (p *values) print(s *scenario.Scenario, r *scenario.Result) error {
	if err := p.head(); err != nil {
		return err
	}
	row := []string{r.Name, s.File, "", "", "", strings.Join(r.MissingContext, " "), r.Message, "", strings.Join(r.Mismatch, "; "), ""}
	if r.Answered() {
		row[2], row[3] = r.Decision.String(), r.DeniedBy.String()
	}
	var places []string
	for i := range r.Statements {
		places = append(places, placeOf(&r.Statements[i]))
	}
	row[4] = strings.Join(places, " ")
	if r.Wanted && r.Answered() {
		row[7] = strconv.FormatBool(r.Pass())
	}
	if r.Err != nil {
		row[9] = r.Err.Error()
	}
	for i := range row {
		row[i] = cell(row[i])
	}
	return p.out.Write(row)
}

// cell is a text that a spreadsheet takes for one and works nothing out: what would
// begin a formula has an apostrophe before it. It stands on one line, for those who
// read rows by lines.
func cell(text string) string {
	text = onOneLine.Replace(shown(text)) // a secret is looked for in one cell
	if strings.IndexAny(strings.TrimLeft(text, " \t"), "=+-@＝＋－＠") == 0 {
		return "'" + text
	}
	return text
}

var onOneLine = strings.NewReplacer("\r", `\r`, "\n", `\n`)

func (p *values) end() error {
	if err := p.head(); err != nil {
		return err
	}
	p.out.Flush()
	return p.out.Error()
}
