package policy

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/internal/jsontext"
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

// statements are where the statements of a text begin. They are found when one
// is first asked for, so that each costs no more than its own length.
type statements struct {
	once sync.Once
	list []markedStatement
}

// A markedStatement is where a statement begins, and its text.
type markedStatement struct {
	Mark
	text string
}

// statement is where a statement begins, and its text.
func (s *source) statement(i int) (from Mark, text string, ok bool) {
	if s.statements == nil {
		return Mark{}, "", false
	}
	s.statements.once.Do(func() { s.statements.list = s.mark() })
	list := s.statements.list
	if i < 0 || i >= len(list) {
		return Mark{}, "", false
	}
	return list[i].Mark, list[i].text, true
}

func (s *source) mark() []markedStatement {
	var found []fault
	var texts []string
	gjson.Parse(s.text).ForEach(func(name, statements gjson.Result) bool {
		if name.Str != "Statement" {
			return true
		}
		add := func(_, v gjson.Result) bool {
			found, texts = append(found, fault{Error: new(Error), offset: v.Index}), append(texts, v.Raw)
			return true
		}
		if statements.IsArray() {
			statements.ForEach(add)
		} else {
			add(name, statements)
		}
		return false // of a key that is written twice the first counts, as for the parser
	})
	s.locate(s.text, beginning, found)
	list := make([]markedStatement, len(found))
	for i, f := range found {
		list[i] = markedStatement{Mark{f.offset, f.Line, f.Column}, texts[i]}
	}
	return list
}

// Position finds an element in the text of the document: its line and column,
// both from 1, the column in characters, those of the file where the parser was
// given [Parser.Marks]. A string in path steps into an object, an int into a
// list; a value that stands alone counts as a list of one.
//
//	doc.Position("Statement", 1, "Condition", "StringEquals", "aws:username", 0)
//
// It answers 0, 0 where there is no such element, or no text because the
// document was built in Go. It walks the text of the statement anew each time,
// which costs nothing to those who do not ask. After a change to the document
// it still speaks of the text that was parsed.
func (d *Document) Position(path ...any) (line, column int) {
	from, _ := d.find(path, false)
	return from.Line, from.Column
}

// Text is the text that was parsed; "" for a document built in Go.
func (d *Document) Text() string { return d.source.text }

// Span finds an element as [Document.Position] does, and its end: the bytes of
// [Document.Text] from one offset to the other. Both marks are zero where there is
// no such element.
func (d *Document) Span(path ...any) (from, to Mark) { return d.find(path, false) }

// KeySpan is [Document.Span] for the name of the last step of the path, in its
// quotes: the operator of a condition instead of all that is behind it.
func (d *Document) KeySpan(path ...any) (from, to Mark) { return d.find(path, true) }

// find gives the marks of an element, or of its key.
func (d *Document) find(path []any, key bool) (from, to Mark) {
	text, start := d.source.text, beginning
	if len(path) > 1 && path[0] == "Statement" {
		if i, isIndex := path[1].(int); isIndex {
			at, statement, ok := d.source.statement(i)
			if !ok {
				return Mark{}, Mark{}
			}
			text, start, path = statement, at, path[2:]
		}
	}
	wanted := []fault{
		{Error: new(Error), path: path, offset: unplaced, atKey: key},
		{Error: new(Error), path: path, offset: unplaced, atKey: key, atEnd: true},
	}
	d.source.locate(text, start, wanted)
	if wanted[0].offset == unplaced {
		return Mark{}, Mark{}
	}
	mark := func(f *fault) Mark { return Mark{start.Offset + f.offset, f.Line, f.Column} }
	return mark(&wanted[0]), mark(&wanted[1])
}

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
	atEnd  bool // the place is the end of it, not its beginning
}

const unplaced = -1

// faults collects what is wrong with one document.
type faults struct {
	source *source
	list   []fault
}

// at adds a fault at a known byte of the text.
func (f *faults) at(offset int, p place, code Code, message string) *Error {
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
	f.list[len(f.list)-1].atKey = true
	return err
}

// err is nil without faults, else [Errors] in the order of the text.
func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	f.source.locate(f.source.text, beginning, f.list)
	errs := make(Errors, len(f.list))
	for i := range f.list {
		errs[i] = f.list[i].Error
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
		root.find(text, gjson.Parse(text), 0)
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
func (s *step) find(text string, v gjson.Result, key int) {
	for _, f := range s.here {
		f.offset = v.Index
		if f.atKey {
			f.offset = key
		}
		switch {
		case f.atEnd && f.atKey && text[key] == '"':
			f.offset = jsontext.StringEnd(text, key) + 1
		case f.atEnd:
			f.offset = v.Index + len(v.Raw)
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
				child.find(text, member, member.Index)
			}
			i++
			return true
		})
		return
	}
	if child := s.next[0]; child != nil {
		child.find(text, v, key)
	}
	if v.IsObject() {
		v.ForEach(func(name, member gjson.Result) bool {
			if child := s.next[name.Str]; child != nil {
				delete(s.next, name.Str)
				child.find(text, member, name.Index)
			}
			return true
		})
	}
}
