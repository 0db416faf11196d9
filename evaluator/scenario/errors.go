package scenario

import (
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

// inline says of the faults of a policy that stands in a scenario's file which
// member it is; those of the whole policy are where it stands.
func inline(err error, path string, at position) []error {
	faults, ok := err.(policy.Errors)
	if !ok {
		return []error{&Error{Line: at.line, Column: at.column, Path: path, Message: err.Error(), err: err}}
	}
	named := make([]error, len(faults))
	for i, fault := range faults {
		clone := *fault
		if clone.Line == 0 {
			clone.Line, clone.Column = at.line, at.column
		}
		if clone.Path != "" {
			clone.Path = path + "." + clone.Path
		} else {
			clone.Path = path
		}
		named[i] = &clone
	}
	return named
}
