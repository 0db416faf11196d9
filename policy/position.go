package policy

import (
	"strconv"
	"sync"

	"github.com/tidwall/gjson"
)

// Position finds an element in the text of the document: its line and column,
// both from 1, the column in characters, those of the file where the parser was
// given [Parser.Marks]. A string in path steps into an object, an int into a
// list; a value that stands alone counts as a list of one.
//
//	doc.Position("Statement", 1, "Condition", "StringEquals", "aws:username", 0)
//
// It answers 0, 0 where there is no such element, or no text because the
// document was built in Go. It walks the text of the statement anew each time,
// which costs nothing to those who do not ask; of a long one it remembers all
// places. After a change to the document it still speaks of the text that was
// parsed.
func (d *Document) Position(path ...any) (line, column int) {
	at := d.mark(path)
	return at.Line, at.Column
}

// mark is where an element begins; the zero Mark of none.
func (d *Document) mark(path []any) Mark {
	text, from := d.source.text, beginning
	if len(path) > 1 && path[0] == "Statement" {
		if i, isIndex := path[1].(int); isIndex {
			statement := d.source.statement(i)
			if statement == nil {
				return Mark{}
			}
			text, from, path = statement.text, statement.Mark, path[2:]
			if statement.elements != nil {
				at := statement.elements().find(path)
				if at.Line > 0 {
					at.Offset += from.Offset
				}
				return at
			}
		}
	}
	wanted := []fault{{Error: new(Error), path: path, offset: unplaced}}
	d.source.locate(text, from, wanted)
	if wanted[0].offset == unplaced {
		return Mark{}
	}
	return Mark{from.Offset + wanted[0].offset, wanted[0].Line, wanted[0].Column}
}

// statements are where the statements of a text begin. They are found when one
// is first asked for, so that each costs no more than its own length.
type statements struct {
	once sync.Once
	list []markedStatement
}

// A markedStatement is where a statement begins, and its text.
type markedStatement struct {
	Mark
	text     string
	elements func() placed // of a long statement; nil of others
}

// longStatement is the length of a statement of which all places are found at
// once: it has too many elements to walk to each of them.
const longStatement = 4 << 10

// statement is where a statement begins, and its text; nil if there is none.
func (s *source) statement(i int) *markedStatement {
	if s.statements == nil {
		return nil
	}
	s.statements.once.Do(func() { s.statements.list = s.mark() })
	list := s.statements.list
	if i < 0 || i >= len(list) {
		return nil
	}
	return &list[i]
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
		list[i] = markedStatement{Mark: Mark{f.offset, f.Line, f.Column}, text: texts[i]}
		if st := list[i]; len(st.text) > longStatement {
			list[i].elements = sync.OnceValue(func() placed { return s.place(st.text, st.Mark) })
		}
	}
	return list
}

// placed is where the elements of a statement stand, by the names that
// [nameOf] gives their paths.
type placed map[string]placedElement

type placedElement struct {
	Mark
	isList bool
}

// place finds the places of all elements in a part of the source's text that
// begins at from.
func (s *source) place(text string, from Mark) placed {
	var list []fault
	isList := map[string]bool{}
	var walk func(v gjson.Result, name string)
	walk = func(v gjson.Result, name string) {
		list = append(list, fault{Error: new(Error), path: []any{name}, offset: v.Index})
		isList[name] = v.IsArray()
		if !v.IsArray() && !v.IsObject() {
			return
		}
		i := 0
		v.ForEach(func(key, member gjson.Result) bool {
			var step any = key.Str
			if v.IsArray() {
				step = i
			}
			i++
			// Of a key that is written twice the first counts, as for the parser.
			next := name + nameOf(step)
			if _, twice := isList[next]; !twice {
				walk(member, next)
			}
			return true
		})
	}
	walk(gjson.Parse(text), "")
	s.locate(text, from, list)
	elements := make(placed, len(list))
	for _, f := range list {
		name := f.path[0].(string)
		elements[name] = placedElement{Mark{f.offset, f.Line, f.Column}, isList[name]}
	}
	return elements
}

// nameOf is a step of a path as a name of its own.
func nameOf(step any) string {
	if i, isIndex := step.(int); isIndex {
		return "[" + strconv.Itoa(i)
	}
	return strconv.Quote(step.(string))
}

// find is the place of an element; the zero Mark of none.
func (p placed) find(path []any) Mark {
	name, here := "", p[""]
	for _, step := range path {
		next := name + nameOf(step)
		element, ok := p[next]
		switch {
		case ok:
			name, here = next, element
		case step == 0 && !here.isList: // what stands alone is a list of one
		default:
			return Mark{}
		}
	}
	return here.Mark
}
