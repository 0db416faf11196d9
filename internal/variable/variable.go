// Package variable reads the grammar of policy variables: ${key},
// ${key, 'default'} and the escapes ${*}, ${?} and ${$} (C-40, C-45, C-46).
//
// It knows neither where variables are allowed nor what their values are; the
// policy parser and package pattern share it so that both read
// the same text in the same way.
package variable

import (
	"errors"
	"fmt"
	"strings"
)

// A Piece is one part of a value: active text, literal text, or a variable.
type Piece struct {
	// Text of the piece, unless Key is set.
	Text string
	// Literal says that Text came from an escape: it stands for itself even
	// where wildcards count (C-46).
	Literal bool
	// Key is the context key of a variable, in the letters of the source; keys
	// compare without case (C-40).
	Key string
	// Default is used where the key has no value, if HasDefault; it may be
	// empty (C-45, L-10).
	Default    string
	HasDefault bool
}

// String is the piece as it is written in a policy.
func (p Piece) String() string {
	switch {
	case p.HasDefault:
		return "${" + p.Key + ", '" + p.Default + "'}"
	case p.Key != "":
		return "${" + p.Key + "}"
	case p.Literal:
		return "${" + p.Text + "}"
	}
	return p.Text
}

// Code names a fault of a variable (C-48).
type Code string

const (
	MissingBrace     Code = "missing-brace"
	MissingQuote     Code = "missing-quote"
	UnsupportedSpace Code = "unsupported-space"
	EmptyVariable    Code = "empty-variable"
)

// An Error is one malformed variable.
type Error struct {
	Code   Code
	Offset int    // of the "${", in bytes of the parsed text
	Text   string // the malformed variable, as far as it reaches
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s in variable %q at byte %d", e.Code.words(), e.Text, e.Offset)
}

func (c Code) words() string {
	switch c {
	case MissingBrace:
		return "missing brace"
	case MissingQuote:
		return "missing quote"
	case UnsupportedSpace:
		return "unsupported space"
	}
	return "no key"
}

// Has reports whether s may hold a variable or an escape. It is cheap.
func Has(s string) bool { return strings.Contains(s, "${") }

// Parse splits s into its pieces. Neighbouring pieces are never both active
// text, and no piece of text is empty. A "$" that no "{" follows is text
// (C-49).
//
// Every malformed variable is reported: the error joins one [*Error] for each,
// and then there are no pieces.
func Parse(s string) ([]Piece, error) {
	var pieces []Piece
	var faults []error
	for rest := s; rest != ""; {
		start := strings.Index(rest, "${")
		if start < 0 {
			pieces = append(pieces, Piece{Text: rest})
			break
		}
		if start > 0 {
			pieces = append(pieces, Piece{Text: rest[:start]})
		}
		rest = rest[start:]
		piece, size, code := read(rest)
		if code != "" {
			faults = append(faults, &Error{Code: code, Offset: len(s) - len(rest), Text: rest[:size]})
		}
		pieces = append(pieces, piece)
		rest = rest[size:]
	}
	if faults != nil {
		return nil, errors.Join(faults...)
	}
	return pieces, nil
}

// read reads the variable at the start of s, which begins with "${", and
// returns how many bytes it takes. After a fault that is what Parse leaves out
// before it looks for the next variable.
func read(s string) (p Piece, size int, fault Code) {
	body := s[len("${"):]
	end := strings.IndexAny(s[len("${"):unterminated(s)], ",}") // no further, so that Parse looks at nothing twice
	if end < 0 {
		return Piece{}, unterminated(s), MissingBrace
	}
	key := body[:end]
	if body[end] == '}' {
		size = len("${") + end + len("}")
		switch {
		case key == "":
			return Piece{}, size, EmptyVariable
		case key == "*" || key == "?" || key == "$":
			return Piece{Text: key, Literal: true}, size, ""
		case hasSpace(key):
			return Piece{}, size, UnsupportedSpace
		}
		return Piece{Key: key}, size, ""
	}

	// A comma: exactly one space, then the default in single quotes, which may
	// hold braces and commas but no quote.
	after := body[end+len(","):]
	quoted := strings.TrimLeft(after, " \t")
	spaces := len(after) - len(quoted)
	if !strings.HasPrefix(quoted, "'") {
		return Piece{}, closed(s), MissingQuote
	}
	text, tail, ok := strings.Cut(quoted[len("'"):], "'")
	if !ok {
		return Piece{}, closed(s), MissingQuote
	}
	if !strings.HasPrefix(tail, "}") {
		if strings.HasPrefix(strings.TrimLeft(tail, " \t"), "}") {
			return Piece{}, len(s) - len(tail) + strings.IndexByte(tail, '}') + 1, UnsupportedSpace
		}
		return Piece{}, len(s) - len(tail), MissingBrace
	}
	size = len(s) - len(tail) + len("}")
	switch {
	case key == "":
		return Piece{}, size, EmptyVariable
	case spaces != 1 || after[0] != ' ' || hasSpace(key):
		return Piece{}, size, UnsupportedSpace
	}
	return Piece{Key: key, Default: text, HasDefault: true}, size, ""
}

func hasSpace(key string) bool { return strings.ContainsAny(key, " \t\r\n") }

// unterminated is the length of a variable without brace: up to the next one.
func unterminated(s string) int {
	body, _, _ := strings.Cut(s[len("${"):], "${")
	return len("${") + len(body)
}

// closed is the length of a variable up to its brace.
func closed(s string) int {
	s = s[:unterminated(s)]
	body, _, hasBrace := strings.Cut(s, "}")
	if hasBrace {
		return len(body) + len("}")
	}
	return len(s)
}
