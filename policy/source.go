package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/internal/spelling"
)

// source is the text of a document and the name that errors give it.
type source struct {
	name       string
	text       string
	marks      []Mark      // of a text that is not all of its file
	statements *statements // nil for a document without text
}

// A Mark says where a part of a document's text stands in the file from which it
// was taken. The text from the byte Offset on has its first character at Line and
// Column, both from 1, the column in characters; what follows, up to the next
// mark, goes on in the file as it does in the document.
type Mark struct{ Offset, Line, Column int }

// beginning is the place of the first character of a file.
var beginning = Mark{Line: 1, Column: 1}

// A place is where in a document a check stands. It costs nothing until a fault
// asks for its path.
type place struct {
	inStatement bool
	statement   int    // alone where Statement is one object
	element     string // of the document or of the statement
	group       string // key of a Principal, operator of a Condition
	key         string // condition key
	value       int    // alone where it is not in a list
}

// alone stands for the index of a value, or statement, outside any list.
const alone = -1

func outside() place { return place{statement: alone, value: alone} }

func within(statement int) place {
	return place{inStatement: true, statement: statement, value: alone}
}

// path is the way to the place, for [Document.Position].
func (p *place) path() []any {
	var path []any
	if p.inStatement {
		path = append(path, "Statement")
		if p.statement != alone {
			path = append(path, p.statement)
		}
	}
	for _, step := range []string{p.element, p.group, p.key} {
		if step != "" {
			path = append(path, step)
		}
	}
	if p.value != alone {
		path = append(path, p.value)
	}
	return path
}

// spell writes a path as errors show it: "Statement[1].Action[0]".
func spell(path []any) string {
	var b strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case int:
			b.WriteByte('[')
			b.WriteString(strconv.Itoa(step))
			b.WriteByte(']')
		case string:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			if len(step) > spelling.Longest || strings.ContainsFunc(step, func(r rune) bool { return !unicode.IsPrint(r) }) {
				step = spelling.Quote(step)
			} else {
				step = secret.Redact(step)
			}
			b.WriteString(step)
		}
	}
	return b.String()
}

// A fault is an error on its way to its line and column.
type fault struct {
	*Error
	path   []any
	offset int  // in bytes, or unplaced
	atKey  bool // the place is the key of the last step, not its value
}

const unplaced = -1

// faults collects what is wrong with one document.
type faults struct {
	source *source
	list   []fault
	beyond int // how many there are above MaxFaults
}

// count is how many there are.
func (f *faults) count() int { return len(f.list) + f.beyond }

// at adds a fault at a known byte of the text.
func (f *faults) at(offset int, p place, code Code, message string) *Error {
	if len(f.list) == MaxFaults {
		f.beyond++
		return new(Error) // for whoever has more to say of it
	}
	path := p.path()
	err := &Error{Source: f.source.name, Path: spell(path), Code: code, Message: message}
	f.list = append(f.list, fault{Error: err, path: path, offset: offset})
	return err
}

// add adds a fault of the value at a place.
func (f *faults) add(p place, code Code, message string) *Error {
	return f.at(unplaced, p, code, message)
}

// addKey adds a fault of the key at a place.
func (f *faults) addKey(p place, code Code, message string) *Error {
	err := f.at(unplaced, p, code, message)
	if f.beyond == 0 {
		f.list[len(f.list)-1].atKey = true
	}
	return err
}

// err is nil without faults, else [Errors] in the order of the text, with one
// more that counts those beyond MaxFaults.
func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	f.source.locate(f.source.text, beginning, f.list)
	errs := make(Errors, len(f.list))
	for i := range f.list {
		errs[i] = f.list[i].Error
	}
	if f.beyond > 0 {
		errs = append(errs, &Error{Source: f.source.name, Code: codeTooManyFaults, Message: fmt.Sprintf("there are %d more faults", f.beyond)})
	}
	return errs
}

// locate gives the faults their lines and columns in a part of the source's text
// that begins at from, and sorts them by these. All of them share one walk over
// the text, so that a document of faults costs no more than its length.
func (s *source) locate(text string, from Mark, list []fault) {
	var root step
	for i := range list {
		if list[i].offset == unplaced {
			root.want(list[i].path, &list[i])
		}
	}
	if text != "" {
		root.find(gjson.Parse(text), 0)
	}
	slices.SortStableFunc(list, func(a, b fault) int { return cmp.Compare(a.offset, b.offset) })

	line, column, done := from.Line, from.Column, 0
	next, _ := slices.BinarySearchFunc(s.marks, from.Offset, func(m Mark, offset int) int { return cmp.Compare(m.Offset, offset) })
	for i := range list {
		if list[i].offset == unplaced {
			continue
		}
		for ; next < len(s.marks) && s.marks[next].Offset-from.Offset <= list[i].offset; next++ {
			line, column, done = s.marks[next].Line, s.marks[next].Column, s.marks[next].Offset-from.Offset
		}
		passed := text[done:list[i].offset]
		done = list[i].offset
		if lines := strings.Count(passed, "\n"); lines > 0 {
			line += lines
			column = 1
			passed = passed[strings.LastIndexByte(passed, '\n')+1:]
		}
		column += utf8.RuneCountInString(passed)
		list[i].Line, list[i].Column = line, column
	}
}

// A step is a node of the tree of wanted paths.
type step struct {
	next map[any]*step
	here []*fault
}

func (s *step) want(path []any, f *fault) {
	for _, name := range path {
		if s.next == nil {
			s.next = make(map[any]*step)
		}
		child := s.next[name]
		if child == nil {
			child = new(step)
			s.next[name] = child
		}
		s = child
	}
	s.here = append(s.here, f)
}

// find sets the offsets of the wanted faults in v, whose key stands at byte
// key.
func (s *step) find(v gjson.Result, key int) {
	for _, f := range s.here {
		f.offset = v.Index
		if f.atKey {
			f.offset = key
		}
	}
	// Of a key that is written twice the first counts, as for the parser.
	s.here = nil
	if len(s.next) == 0 {
		return
	}
	if v.IsArray() {
		i := 0
		v.ForEach(func(_, member gjson.Result) bool {
			if child := s.next[i]; child != nil {
				child.find(member, member.Index)
			}
			i++
			return true
		})
		return
	}
	if child := s.next[0]; child != nil {
		child.find(v, key)
	}
	if v.IsObject() {
		v.ForEach(func(name, member gjson.Result) bool {
			if child := s.next[name.Str]; child != nil {
				delete(s.next, name.Str)
				child.find(member, name.Index)
			}
			return true
		})
	}
}
