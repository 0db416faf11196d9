// Package jsontext says whether a text is JSON that is safe to walk: UTF-8, not
// nested too deep, and valid. The validator and whoever walks a value recurse,
// so that depth comes before validity.
package jsontext

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/internal/spelling"
)

// Kind is what is wrong with a text.
type Kind uint8

// The kinds of faults.
const (
	NotUTF8 Kind = iota + 1
	TooDeep
	Empty         // nothing but white space
	ByteOrderMark // U+FEFF at the beginning
	NotJSON
)

// A Fault is why a text is not JSON that is safe to walk.
type Fault struct {
	Kind    Kind
	Offset  int    // in bytes
	Message string // for a reader, without a subject: "nested more than 32 levels deep"
}

// Error is the Message.
func (f *Fault) Error() string { return f.Message }

// harmless is how many brackets may open in a text of any depth: the validator
// recurses that deep without harm.
const harmless = 4096

// Check finds what is wrong with a text that may be nested depth levels deep;
// nil if nothing is.
func Check(text string, depth int) *Fault { return check(text, depth, true) }

// CheckValid is [Check] for texts that are not walked by recursion: it measures
// the depth only where that could harm the validator. That spares most texts a
// walk; see [CheckDepth].
func CheckValid(text string, depth int) *Fault {
	return check(text, depth, strings.Count(text, "{")+strings.Count(text, "[") > harmless)
}

func check(text string, depth int, measured bool) *Fault {
	if !utf8.ValidString(text) {
		at := invalidUTF8(text)
		return &Fault{NotUTF8, at, fmt.Sprintf("byte %#02x is not UTF-8", text[at])}
	}
	if measured {
		if f := CheckDepth(text, depth); f != nil {
			return f
		}
	}
	if !gjson.Valid(text) {
		return syntax(text)
	}
	return nil
}

// CheckDepth finds the first bracket beyond depth levels; nil if there is none.
// The text need not be JSON.
func CheckDepth(text string, depth int) *Fault {
	open := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			if open++; open > depth {
				return &Fault{TooDeep, i, fmt.Sprintf("nested more than %d levels deep", depth)}
			}
		case '}', ']':
			open--
		case '"':
			i = StringEnd(text, i)
		}
	}
	return nil
}

// StringEnd is the offset of the quote that ends the string whose first quote
// is at start; the end of the text if there is none.
func StringEnd(text string, start int) int {
	for i := start + 1; ; i++ {
		next := strings.IndexByte(text[i:], '"')
		if next < 0 {
			return len(text)
		}
		i += next
		backslashes := 0
		for text[i-1-backslashes] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return i
		}
	}
}

func invalidUTF8(text string) int {
	for i, r := range text {
		if r != utf8.RuneError {
			continue
		}
		if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
			return i
		}
	}
	return 0
}

// syntax says where and why a text is not JSON. The validator does not say, so
// another reads the text once more.
func syntax(text string) *Fault {
	switch at := strings.IndexByte(text, 0); {
	case strings.TrimLeft(text, " \t\r\n") == "":
		return &Fault{Empty, 0, "is empty"}
	case strings.HasPrefix(text, "\ufeff"):
		return &Fault{ByteOrderMark, 0, "begins with a byte order mark (U+FEFF), which JSON does not allow"}
	case at >= 0:
		return &Fault{NotJSON, at, "has a NUL byte"}
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	var first json.RawMessage
	err := decoder.Decode(&first)
	var at *json.SyntaxError
	switch {
	case err == nil:
		rest := strings.TrimLeft(text[decoder.InputOffset():], " \t\r\n")
		return &Fault{NotJSON, len(text) - len(rest), "not JSON: there is more after the end of the document: " + spelling.Quote(rest)}
	case errors.As(err, &at):
		offset := max(0, min(int(at.Offset)-1, len(text)))
		return &Fault{NotJSON, offset, "not JSON: " + whole(at.Error(), text[offset:]) + remedy(text, offset)}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &Fault{NotJSON, len(text), "not JSON: the text ends in the middle"}
	}
	return &Fault{NotJSON, 0, "not JSON"}
}

// whole puts the character that a text begins with in place of its first byte, which
// is all that the message names.
func whole(message, text string) string {
	const begins = "invalid character '"
	rest, ok := strings.CutPrefix(message, begins)
	_, looking, _ := strings.Cut(rest, "' ")
	if r, size := utf8.DecodeRuneInString(text); ok && size > 1 {
		return begins + string(r) + "' " + looking
	}
	return message
}

// remedy is what to do about the most frequent faults; "" for others.
func remedy(text string, at int) string {
	r, _ := utf8.DecodeRuneInString(text[at:])
	before := strings.TrimRight(text[:at], " \t\r\n")
	switch {
	case strings.ContainsRune("“”„‟«»‘’'`", r):
		return `; JSON has straight double quotes: "`
	case (r == '}' || r == ']') && strings.HasSuffix(before, ","):
		return "; take away the comma before it"
	case r == '#' || r == '/':
		return "; JSON has no comments"
	case r == '"' && strings.HasSuffix(before, `"`), (r == '{' || r == '"') && strings.HasSuffix(before, "}"):
		return "; a comma is missing before it"
	}
	return ""
}

// TypeName is what errors call the type of a value, by the text that it begins
// with: "an object", "a list", "a string", "a boolean", "null" or "a number". No
// text at all is null.
func TypeName(value string) string {
	if value == "" {
		return "null"
	}
	switch value[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}
