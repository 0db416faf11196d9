package cloudformation

import (
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
)

// expanded is a template with its loops, Fn::ForEach, written out.
func (s *stack) expanded(o *template.Object, known map[string]any) *template.Object {
	s.expand(o, known)
	return o
}

// expand writes out the loops in a value, where they stand.
func (s *stack) expand(v any, known map[string]any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			s.expand(item, known)
		}
	case *template.Object:
		for name, item := range v.All() {
			if !strings.HasPrefix(name, "Fn::ForEach::") {
				s.expand(item, known)
				continue
			}
			v.Delete(name)
			for name, item := range s.loop(v.At(name), item, known).All() {
				v.Set(name, item)
			}
		}
	}
}

// maxRepeated is how many times the loops of a template repeat something, together:
// a stack has 500 resources at most.
const maxRepeated = 10_000

// loop is what one loop makes, with the loops in it written out.
func (s *stack) loop(at template.Place, v any, known map[string]any) *template.Object {
	a, _ := v.([]any)
	if len(a) != 3 {
		s.fault(at, "Fn::ForEach takes a name, a list, and an object to repeat")
		return nil
	}
	name, _ := a[0].(string)
	body, _ := a[2].(*template.Object)
	items, ok := template.Known(a[1], known, s.template.Object("Mappings")).([]any)
	if !ok {
		s.fault(at, "the list of Fn::ForEach is not known: give the parameter that it names")
		return nil
	}
	made := &template.Object{Place: at}
	for _, item := range items {
		if s.repeated++; s.repeated > maxRepeated {
			s.fault(at, "the loops of the template make more than %d things", maxRepeated)
			break
		}
		text, _ := whole(item)
		one := &template.Object{Place: at}
		for key, value := range body.All() {
			one.Set(repeated(key, name, text).(string), repeated(template.Clone(value), name, text))
		}
		for key, value := range s.expanded(one, known).All() {
			made.Set(key, value)
		}
	}
	return made
}

// repeated puts an element of the list for the name of the loop.
func repeated(v any, name, item string) any {
	switch v := v.(type) {
	case string:
		letters := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
				return r
			}
			return -1
		}, item)
		return strings.NewReplacer("${"+name+"}", item, "&{"+name+"}", letters).Replace(v)
	case []any:
		for i := range v {
			v[i] = repeated(v[i], name, item)
		}
	case *template.Object:
		if of, argument := template.Only(v); of == "Ref" && argument == name {
			return item
		}
		own := &template.Object{Place: v.Place}
		for key, value := range v.All() {
			own.Set(repeated(key, name, item).(string), repeated(value, name, item))
		}
		return own
	}
	return v
}
