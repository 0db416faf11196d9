package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/iamsim/iamsim/internal/lazy"
	"github.com/iamsim/iamsim/internal/spelling"
)

const (
	// maxDepth is how deep values may nest.
	maxDepth = 256
	// maxValues is how many values a template may have, with its aliases written
	// out: the largest template that CloudFormation takes has fewer.
	maxValues = 2 << 20
)

// Parse reads a template, JSON or YAML. The error is a [*Fault], and says why there is
// none. Faults are members that an object has twice: the last of them counts.
func Parse(file string, src []byte) (*Object, []*Fault, error) {
	p := parser{file: file}
	var v any
	if begin := bytes.TrimLeft(src, " \t\r\n"); len(begin) > 0 && begin[0] == '{' {
		v = p.json(src)
	} else {
		v = p.yaml(src)
	}
	if p.err != nil {
		return nil, nil, p.err
	}
	o, ok := v.(*Object)
	if !ok {
		return nil, nil, p.fault(Place{1, 1}, "no template: it has no members")
	}
	return o, p.twice, nil
}

// A parser reads one file, up to the first fault.
type parser struct {
	file   string
	values int
	twice  []*Fault
	err    error
}

// fault keeps the first fault.
func (p *parser) fault(at Place, format string, args ...any) error {
	if p.err == nil {
		p.err = &Fault{File: p.file, Place: at, Message: fmt.Sprintf(format, args...)}
	}
	return p.err
}

// room reports whether a further value may be read.
func (p *parser) room(at Place, depth int) bool {
	if p.values++; depth > maxDepth || p.values > maxValues {
		p.fault(at, "values nest deeper, or are more, than in any template")
	}
	return p.err == nil
}

// member adds a member, which an object should not have yet.
func (p *parser) member(o *Object, name string, at Place, v any) {
	if o.Has(name) {
		p.twice = append(p.twice, &Fault{File: p.file, Place: at, Message: fmt.Sprintf(
			"member %s is here twice, first at line %d: take one away; the last one is read", spelling.Quote(name), o.At(name).Line)})
	}
	o.Set(name, v)
	if o.places == nil {
		o.places = make(map[string]Place)
	}
	o.places[name] = at
}

// json reads JSON.
func (p *parser) json(src []byte) any {
	r := jsonReader{parser: p, src: src, Decoder: json.NewDecoder(bytes.NewReader(src)), line: 1, column: 1}
	r.UseNumber()
	v := r.value(0)
	if p.err == nil {
		if _, err := r.Token(); !errors.Is(err, io.EOF) {
			p.fault(r.place(int(r.InputOffset())), "more follows after the template")
		}
	}
	return v
}

// A jsonReader reads JSON token by token and knows where it is.
type jsonReader struct {
	*parser
	*json.Decoder
	src         []byte
	line, begin int // of the line that was reached last
	at, column  int // of what was asked for last, in that line
}

// place is that of a byte: at the start of the line that was reached last, where
// the byte lies before it.
func (r *jsonReader) place(offset int) Place {
	offset = max(offset, r.begin)
	for {
		next := bytes.IndexByte(r.src[max(r.begin, min(r.at, offset)):offset], '\n')
		if next < 0 {
			break
		}
		r.line, r.begin = r.line+1, max(r.begin, min(r.at, offset))+next+1
		r.at, r.column = r.begin, 1
	}
	// A line can be all of the template, and so it is not counted from its beginning.
	if offset >= r.at {
		r.column += utf8.RuneCount(r.src[r.at:offset])
	} else {
		r.column -= utf8.RuneCount(r.src[offset:r.at])
	}
	r.at = offset
	return Place{r.line, r.column}
}

// next is where the next token begins.
func (r *jsonReader) next() Place {
	offset := int(r.InputOffset())
	for offset < len(r.src) && strings.IndexByte(" \t\r\n:,", r.src[offset]) >= 0 {
		offset++
	}
	return r.place(offset)
}

// token is the next token; nil after a fault.
func (r *jsonReader) token() json.Token {
	t, err := r.Token()
	if err == nil {
		return t
	}
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		r.fault(r.place(len(r.src)), "the file ends within the template: it was cut off")
	case errors.As(err, &syntax):
		r.fault(r.place(min(int(syntax.Offset)-1, len(r.src))), "no JSON: %v", err)
	default:
		r.fault(r.place(int(r.InputOffset())), "no JSON: %v", err)
	}
	return nil
}

func (r *jsonReader) value(depth int) any {
	at := r.next()
	if !r.room(at, depth) {
		return nil
	}
	switch t := r.token(); t {
	case json.Delim('{'):
		o := &Object{Place: at}
		for r.err == nil && r.More() {
			at := r.next()
			name, _ := r.token().(string)
			if r.err == nil {
				r.member(o, name, at, r.value(depth+1))
			}
		}
		r.close()
		return o
	case json.Delim('['):
		list := []any{}
		for r.err == nil && r.More() {
			list = append(list, r.value(depth+1))
		}
		r.close()
		return list
	default:
		return t
	}
}

// close reads the end of an object or a list.
func (r *jsonReader) close() {
	if r.err == nil {
		r.token()
	}
}

// yaml reads YAML.
func (p *parser) yaml(src []byte) any {
	d := yaml.NewDecoder(bytes.NewReader(src))
	var document yaml.Node
	if err := d.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			p.fault(Place{1, 1}, "the file is empty")
			return nil
		}
		p.notYAML(err)
		return nil
	}
	var second yaml.Node
	switch err := d.Decode(&second); {
	case err == nil:
		p.fault(placeOf(&second), "a second YAML document: a file has one template")
	case !errors.Is(err, io.EOF):
		p.notYAML(err)
	}
	if p.err != nil || len(document.Content) != 1 {
		return nil
	}
	return p.node(document.Content[0], 0)
}

// notYAML says what the YAML parser does, at its line.
func (p *parser) notYAML(err error) {
	message, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if n, scanned := fmt.Sscanf(message, "line %d:", &line); n == 1 && scanned == nil {
		_, message, _ = strings.Cut(message, ": ")
	}
	p.fault(Place{max(line, 1), 1}, "no YAML: %s", message)
}

func placeOf(n *yaml.Node) Place { return Place{n.Line, n.Column} }

// node is what a node of YAML says, its short form written out.
func (p *parser) node(n *yaml.Node, depth int) any {
	at := placeOf(n)
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if !p.room(at, depth) {
		return nil
	}
	tag := n.ShortTag()
	if strings.HasPrefix(tag, "!!") || tag == "!" {
		return p.plain(n, at, depth)
	}
	name := strings.TrimPrefix(tag, "!")
	var argument any
	if n.Kind == yaml.ScalarNode {
		argument = n.Value
	} else {
		argument = p.plain(n, at, depth)
	}
	switch text, scalar := argument.(string); {
	case name == "Ref" || name == "Condition":
	case name == "GetAtt" && scalar:
		id, attribute, _ := strings.Cut(text, ".")
		name, argument = "Fn::GetAtt", []any{id, attribute}
	case shortForm().MatchString(name):
		name = "Fn::" + name
	default:
		p.fault(at, "%s is no short form of an intrinsic function%s", spelling.Quote(tag), spelling.Suggestion(tag, shortForms))
		return nil
	}
	o := &Object{Place: at}
	p.member(o, name, at, argument)
	return o
}

// shortForms are the intrinsic functions that YAML has a short form for.
var shortForms = strings.Fields("!Ref !GetAtt !Sub !Join !If !Select !Split !FindInMap !ImportValue !Base64 !Cidr !GetAZs " +
	"!Equals !And !Or !Not !Condition !Transform !Length !ToJsonString !Contains !EachMemberEquals !EachMemberIn !RefAll " +
	"!ValueOf !ValueOfAll !GetStackOutput")

var shortForm = lazy.Regexp(`^(Sub|Join|If|Select|Split|FindInMap|ImportValue|Base64|Cidr|GetAZs|GetAtt|Equals|And|Or|Not|` +
	`Transform|Length|ToJsonString|Contains|EachMemberEquals|EachMemberIn|RefAll|ValueOf|ValueOfAll|GetStackOutput)$`)

// plain is what a node says beside its tag.
func (p *parser) plain(n *yaml.Node, at Place, depth int) any {
	switch n.Kind {
	case yaml.MappingNode:
		o := &Object{Place: at}
		for i := 0; i+1 < len(n.Content) && p.err == nil; i += 2 {
			key := n.Content[i]
			for key.Kind == yaml.AliasNode {
				key = key.Alias
			}
			switch {
			case key.Kind != yaml.ScalarNode:
				p.fault(placeOf(key), "a key that is a list or an object")
			case key.ShortTag() != "!!merge":
				p.member(o, key.Value, placeOf(key), p.node(n.Content[i+1], depth+1))
			}
		}
		for i := 0; i+1 < len(n.Content) && p.err == nil; i += 2 {
			if n.Content[i].ShortTag() == "!!merge" {
				p.merge(o, p.node(n.Content[i+1], depth+1), placeOf(n.Content[i]))
			}
		}
		return o
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			list = append(list, p.node(item, depth+1))
		}
		return list
	}
	return scalar(n)
}

// merge adds what an object does not have itself.
func (p *parser) merge(o *Object, v any, at Place) {
	switch v := v.(type) {
	case *Object:
		for name, value := range v.All() {
			if !o.Has(name) {
				p.member(o, name, v.At(name), value)
			}
		}
	case []any:
		for _, from := range v {
			p.merge(o, from, at)
		}
	default:
		p.fault(at, "<< merges an object, or a list of objects")
	}
}

// scalar is a string, a number, true, false or nil. A date is a string: the Version
// of a policy looks like one. So is a number that JSON has not: an account that
// begins with 0.
func scalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return json.Number(n.Value)
		}
	}
	return n.Value
}
