package scenario

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/policy"
)

// An Error is one fault of a scenario. It prints as
//
//	deny.json:7:16: request.context.aws:SourceIp: message
//
// without the parts that it does not have. Faults of a policy are
// [*policy.Error] in the same form.
type Error struct {
	// File is the path under which the file was read.
	File string
	// Line and Column count from 1, the column in characters; 0: not known.
	Line, Column int
	// Path names the member: "policies.identity[0]".
	Path string
	// Message says in words what was found and what is allowed.
	Message string

	err error
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		if e.File != "" {
			b.WriteByte(':')
		}
		b.WriteString(strconv.Itoa(e.Line) + ":" + strconv.Itoa(e.Column))
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	b.WriteString(e.Message)
	return b.String()
}

// Unwrap gives what caused the fault, such as [fs.ErrNotExist]; nil where
// nothing did.
func (e *Error) Unwrap() error { return e.err }

// A position is a place in a file, both from 1; the zero position is none.
type position struct{ line, column int }

// of is where a place within a part of the file lies, given where the part
// begins.
func (p position) of(line, column int) (int, int) {
	switch {
	case line == 0 || p.line == 0:
		return line, column
	case line == 1:
		column += p.column - 1
	}
	return line + p.line - 1, column
}

// inline turns the faults of a policy that stands in a scenario's file into
// faults of that file.
func inline(err error, file, path string, begins position) []error {
	faults, ok := err.(policy.Errors)
	if !ok {
		return []error{&Error{File: file, Line: begins.line, Column: begins.column, Path: path, Message: err.Error(), err: err}}
	}
	moved := make([]error, len(faults))
	for i, fault := range faults {
		clone := *fault
		clone.Source = file
		if clone.Line == 0 {
			clone.Line, clone.Column = 1, 1
		}
		clone.Line, clone.Column = begins.of(clone.Line, clone.Column)
		if clone.Path != "" {
			clone.Path = path + "." + clone.Path
		} else {
			clone.Path = path
		}
		moved[i] = &clone
	}
	return moved
}

// quote puts what was found in quotes, and cuts what is too long to read.
func quote(s string) string {
	const most = 120
	if len(s) > most {
		return strconv.Quote(strings.ToValidUTF8(s[:most], "")) + "…"
	}
	return strconv.Quote(s)
}

// suggest ends a message about a word that is none of those allowed: with the
// nearest where one is near, else with all.
func suggest(word string, allowed []string) string {
	best, least := "", 3
	for _, other := range allowed {
		if d := distance(word, other); d < least {
			best, least = other, d
		}
	}
	if best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	return "; allowed are " + strings.Join(allowed, ", ")
}

// distance is the number of letters to insert, delete or replace, whatever
// their case. Words of more than 40 letters are far from everything.
func distance(a, b string) int {
	if len(a) > 40 {
		return len(a)
	}
	a, b = strings.ToLower(a), strings.ToLower(b)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
