package policy

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/internal/jsontext"
)

const (
	// DefaultMaxSize is the size in bytes above which [Parse] refuses a
	// document unread: 1 MiB.
	DefaultMaxSize = 1 << 20

	// MaxFaults is how many faults of a document are told one by one; those
	// beyond are counted in one more, with the code too-many-faults.
	MaxFaults = 1000

	// maxDepth is far above the six levels that a policy has.
	maxDepth = 32
)

// A Parser parses documents with a size limit of its own. The zero Parser is
// what [Parse] uses. It may be used by several goroutines at once.
type Parser struct {
	// MaxSize is the size in bytes above which a document is refused; 0 means
	// [DefaultMaxSize].
	MaxSize int
	// Marks say where the parts of a document stand in a file that has more than
	// it, or has it in another form, in ascending order of their offsets, the
	// first at 0. Without any, the document is the file.
	Marks []Mark
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

// MustParse is [ParseString]; it panics on an error. It is for tests and for
// policies in source code.
func MustParse(name, src string) *Document {
	doc, err := ParseString(name, src)
	if err != nil {
		panic("policy.MustParse: " + err.Error())
	}
	return doc
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
	doc := &Document{source: source{name: name, text: src, marks: p.Marks, statements: new(statements)}}
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
	if fault := jsontext.CheckDepth(src, maxDepth); fault != nil {
		c.list, c.beyond = nil, 0
		c.at(fault.Offset, outside(), codeTooDeep, fault.Message)
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
	return Errors{{Source: name, Code: codeTooLarge,
		Message: fmt.Sprintf("the document has %d bytes, the limit is %d", size, limit)}}
}

// validText reports whether the text is JSON that is safe to walk. The depth is
// measured where it could do harm; a document that is too deep but passes has
// faults for the reader, and then it is measured.
func validText(f *faults, text string) bool {
	fault := jsontext.CheckValid(text, maxDepth)
	if fault == nil {
		return true
	}
	code, message := codeNotJSON, fault.Message
	switch {
	case fault.Kind == jsontext.NotUTF8:
		code = codeNotUTF8
	case fault.Kind == jsontext.TooDeep:
		code = codeTooDeep
	case !strings.HasPrefix(message, "not JSON"):
		message = "the document " + message
	}
	f.at(fault.Offset, outside(), code, message)
	return false
}
