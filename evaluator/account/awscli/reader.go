package awscli

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/internal/document"
	"github.com/iamsim/iamsim/evaluator/account/internal/plain"
	"github.com/iamsim/iamsim/evaluator/account/internal/walk"
	"github.com/iamsim/iamsim/internal/jsontext"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// A Reader puts answers of AWS into a Builder: those of several files, in any
// order. [NewReader] makes one. Call [Reader.Finish] when all is read, and then
// Build of the Builder.
type Reader struct {
	builder *account.Builder

	// What answers that name nobody wait for: whom Finish finds by the file's name.
	functions  names
	identities names
	policies   names
	waiting    []func()
	defaults   map[string]string      // default versions of managed policies, by ARN
	kinds      map[string]policy.Kind // of policies of organizations, by id
	pages      map[series]*pages
	split      map[string]bool // entities of which something comes in pages
	said       map[string]bool // notes that need not be said twice
}

// NewReader makes a Reader into a Builder.
func NewReader(b *account.Builder) *Reader {
	return &Reader{
		builder: b, functions: make(names), identities: make(names), policies: make(names),
		defaults: make(map[string]string), kinds: make(map[string]policy.Kind),
		pages: make(map[series]*pages), split: make(map[string]bool), said: make(map[string]bool),
	}
}

// Read reads a file: one answer, JSON lines, or an array of answers, as UTF-8 or
// UTF-16. The name stands in errors, and tells whose an answer is that does not say
// so itself. The error is why the file could not be read to its end, or what it
// is if it is no answer; what stands before stays. Faults of single entities are
// reported by Build.
func (r *Reader) Read(name string, src io.Reader) error {
	text, err := plain.Text(src)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	s := walk.New(name, text)
	for n := 0; ; n++ {
		c, err := s.Next()
		switch {
		case errors.Is(err, io.EOF) && n == 0:
			return fmt.Errorf("%s is empty: the AWS CLI printed an error and no answer; ask again, or take the file away", name)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case c == '{':
			err = r.page(s)
		case c == '[':
			err = s.Elements("the list of answers", func(i int) error {
				if c, err := s.Needed("the list of answers"); err != nil {
					return err
				} else if c != '{' {
					return s.Fault(s.Place, "element %d of the list is no object: an answer of AWS is one", i)
				}
				return r.page(s)
			})
		default:
			return s.Fault(s.Place, "not JSON: an answer of AWS begins with { and not with %s; the AWS CLI prints JSON with --output json", spelling.Quote(string(rune(c))))
		}
		if err != nil {
			return err
		}
	}
}

// A page is one answer, or one page of it.
type page struct {
	*Reader
	file    string
	place   walk.Place
	members map[string]member // what is no list of entities
	lists   map[string]int    // how many entities each list has
	account string            // of the first entity that has one
	// summaries of policies of an organization, which are those of a node.
	summaries []member
	versions  bool     // it has managed policies with their versions
	found     []string // ids or ARNs of the entities
	layers    []string // of the function that the answer is about
}

// A member is a value of a page, or an element of a list, and where it stands.
type member struct {
	gjson.Result
	source string // "authz.json:17"
	name   string // "RoleDetailList[3]"
}

// page reads one answer: lists of entities element by element, the rest at once.
func (r *Reader) page(s *walk.Scanner) error {
	p := &page{Reader: r, file: s.File, place: s.Place, members: make(map[string]member), lists: make(map[string]int)}
	err := s.Members("the answer", func(name string) error {
		c, err := s.Needed("the answer")
		if err != nil {
			return err
		}
		element := listed(name)
		if element != nil && c == '[' {
			p.lists[name] += 0
			return s.Elements(name, func(i int) error { return p.element(s, element, fmt.Sprintf("%s[%d]", name, i), name) })
		}
		if element != nil && c == '{' {
			p.note("%s is an object where a list is due: read as a list of one", name)
			return p.element(s, element, name, name)
		}
		source := p.at(s.Place)
		v, err := s.Value(name)
		if err != nil {
			return err
		}
		if _, twice := p.members[name]; twice {
			return s.Fault(s.Place, "the answer has the member %s twice", spelling.Quote(name))
		}
		if v.Type != gjson.Null {
			p.members[name] = member{v, source, name}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.finish()
}

// element reads one entity of a list.
func (p *page) element(s *walk.Scanner, read func(*page, member), name, list string) error {
	p.lists[list]++
	if _, err := s.Needed(name); err != nil {
		return err
	}
	source := p.at(s.Place)
	v, err := s.Value(name)
	if err != nil {
		return err
	}
	e := member{v, source, name}
	if !v.IsObject() {
		p.fault(e, "is %s, and not an object", jsontext.TypeName(v.Raw))
		return nil
	}
	read(p, e)
	return nil
}

// at is a place as errors name it.
func (p *page) at(at walk.Place) string { return fmt.Sprintf("%s:%d", p.file, at.Line) }

// fault reports what is wrong with one entity.
func (p *page) fault(e member, format string, args ...any) {
	p.builder.AddFault(fmt.Errorf("%s: %s: %w", e.source, e.name, fmt.Errorf(format, args...)))
}

// note says a thing of the file once.
func (p *page) note(format string, args ...any) {
	text := p.file + ": " + fmt.Sprintf(format, args...)
	if !p.said[text] {
		p.said[text] = true
		p.builder.AddNote(text)
	}
}

// each gives the members of an entity, null ones left out, to a function that is
// false for those that it does not know. Of these it is told that they are not
// read.
func (p *page) each(e member, known func(name string, v member) bool) {
	e.ForEach(func(name, v gjson.Result) bool {
		if v.Type != gjson.Null && !known(name.Str, member{v, e.source, e.name + "." + name.Str}) {
			list, _, _ := strings.Cut(e.name, "[")
			p.note("member %s of %s is not known, and not read", name.Str, list)
		}
		return true
	})
}

// text is a string.
func (p *page) text(e member) string {
	if e.Type != gjson.String {
		p.fault(e, "is %s, and not a string", jsontext.TypeName(e.Raw))
	}
	return e.Str
}

// all gives the elements of a list; an object where a list is due is a list of one.
func (p *page) all(e member, element func(member)) {
	switch {
	case e.IsArray():
		i := 0
		e.ForEach(func(_, v gjson.Result) bool {
			element(member{v, e.source, fmt.Sprintf("%s[%d]", e.name, i)})
			i++
			return true
		})
	case e.IsObject():
		p.note("%s is an object where a list is due: read as a list of one", e.name)
		element(e)
	default:
		p.fault(e, "is %s, and not a list", jsontext.TypeName(e.Raw))
	}
}

// document reads a policy; nil where it cannot be read, which is reported.
func (p *page) document(e member, name string) *policy.Document {
	d, err := document.Read(p.builder, name, e.Result)
	if err != nil {
		p.fault(e, "%w", err)
		return nil
	}
	return d
}

// base is a file's name without folder and ending.
func base(file string) string {
	name := path.Base(strings.ReplaceAll(file, `\`, "/"))
	if i := strings.IndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	return name
}
