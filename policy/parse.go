package policy

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

const (
	// DefaultMaxSize is the size in bytes above which [Parse] refuses a
	// document unread: 1 MiB.
	DefaultMaxSize = 1 << 20

	// maxDepth is far above the six levels that a policy has.
	maxDepth = 32

	// maxBrackets may open before the depth is measured. The JSON validator
	// recurses, harmlessly up to here. A document that is too deep but passes
	// it has faults for the reader, and then it is measured.
	maxBrackets = 4096
)

// A Parser parses documents with a size limit of its own. The zero Parser is
// what [Parse] uses. It may be used by several goroutines at once.
type Parser struct {
	// MaxSize is the size in bytes above which a document is refused; 0 means
	// [DefaultMaxSize].
	MaxSize int
}

// Parse reads one policy. It is strict: duplicate keys, unknown elements and
// operators, wrong types, values out of their alphabet and malformed variables
// are errors (A.1 to A.5, C). What only one kind of policy forbids is left to
// [Document.Check].
//
// The name stands in errors and explanations, "deployer.json"; "" leaves it
// out. The error is [Errors] with every fault, each with its line and column;
// then there is no document. The document keeps a copy of src.
func Parse(name string, src []byte) (*Document, error) {
	return Parser{}.Parse(name, src)
}

// ParseString is [Parse] for a string, which the document keeps.
func ParseString(name, src string) (*Document, error) {
	return Parser{}.ParseString(name, src)
}

// Parse is the function [Parse] within the parser's limits.
func (p Parser) Parse(name string, src []byte) (*Document, error) {
	if err := p.size(name, len(src)); err != nil {
		return nil, err
	}
	return p.ParseString(name, string(src))
}

// ParseString is the function [ParseString] within the parser's limits.
func (p Parser) ParseString(name, src string) (*Document, error) {
	if err := p.size(name, len(src)); err != nil {
		return nil, err
	}
	doc := &Document{source: source{name: name, text: src, marks: new(marks)}}
	found := faults{source: &doc.source}
	if !validText(&found, src) {
		return nil, found.err()
	}
	r := reader{faults: found, cursor: newCursor(src), doc: doc}
	// Half the quotes bounds the number of strings: one slice holds all values.
	r.pool = make([]string, 0, strings.Count(src, `"`)/2)
	r.document()
	c := checker{faults: r.faults, doc: doc, broken: r.broken}
	c.grammar()
	if c.list == nil {
		return doc, nil
	}
	if at := tooDeep(src); at >= 0 {
		c.list = nil
		c.at(at, outside(), ErrTooDeep, tooDeepMessage())
	}
	return nil, c.err()
}

func (p Parser) size(name string, size int) error {
	limit := p.MaxSize
	if limit == 0 {
		limit = DefaultMaxSize
	}
	if size <= limit {
		return nil
	}
	return Errors{{Source: name, Code: ErrTooLarge,
		Message: fmt.Sprintf("the document has %d bytes, the limit is %d", size, limit)}}
}

// validText reports whether the text is JSON that is safe to walk.
func validText(f *faults, text string) bool {
	root := outside()
	if !utf8.ValidString(text) {
		at := invalidUTF8(text)
		f.at(at, root, ErrNotUTF8, fmt.Sprintf("byte %#02x is not UTF-8", text[at]))
		return false
	}
	if strings.Count(text, "{")+strings.Count(text, "[") > maxBrackets {
		if at := tooDeep(text); at >= 0 {
			f.at(at, root, ErrTooDeep, tooDeepMessage())
			return false
		}
	}
	if !gjson.Valid(text) {
		at, message := syntaxFault(text)
		f.at(at, root, ErrNotJSON, message)
		return false
	}
	return true
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

// tooDeep is the offset of the first bracket beyond maxDepth, or -1.
func tooDeep(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
			if depth > maxDepth {
				return i
			}
		case '}', ']':
			depth--
		case '"':
			i = stringEnd(text, i)
		}
	}
	return -1
}

func tooDeepMessage() string { return fmt.Sprintf("nested more than %d levels deep", maxDepth) }

// stringEnd is the offset of the quote that ends the string whose first quote
// is at start; the end of the text if there is none.
func stringEnd(text string, start int) int {
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

// syntaxFault says where and why a text is not JSON.
func syntaxFault(text string) (offset int, message string) {
	const mark = "\ufeff"
	switch at := strings.IndexByte(text, 0); {
	case strings.TrimLeft(text, " \t\r\n") == "":
		return 0, "the document is empty"
	case strings.HasPrefix(text, mark):
		return 0, "the document begins with a byte order mark (U+FEFF), which JSON does not allow"
	case at >= 0:
		return at, "the document has a NUL byte"
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	var first json.RawMessage
	err := decoder.Decode(&first)
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		after := int(decoder.InputOffset())
		rest := strings.TrimLeft(text[after:], " \t\r\n")
		return len(text) - len(rest), "not JSON: there is more after the end of the document: " + spelling.Quote(rest)
	case errors.As(err, &syntax):
		return max(0, min(int(syntax.Offset)-1, len(text))), "not JSON: " + syntax.Error()
	case errors.Is(err, io.ErrUnexpectedEOF):
		return len(text), "not JSON: the text ends in the middle"
	}
	return 0, "not JSON"
}
