package cloudformation

import (
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
)

// expanded is a template with its loops, Fn::ForEach, written out.
func (s *stack) expanded(o *template.Object, known map[string]any) *template.Object {
	if out, ok := s.expand(o, known).(*template.Object); ok {
		return out
	}
	return o
}

func (s *stack) expand(v any, known map[string]any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = s.expand(v[i], known)
		}
	case *template.Object:
		for name, item := range v.All() {
			if !strings.HasPrefix(name, "Fn::ForEach::") {
				v.Set(name, s.expand(item, known))
				continue
			}
			v.Delete(name)
			for name, item := range s.loop(v.At(name), item, known).All() {
				v.Set(name, s.expand(item, known))
			}
		}
	}
	return v
}

// loop is what one loop makes.
func (s *stack) loop(at template.Place, v any, known map[string]any) *template.Object {
	made := &template.Object{Place: at}
	a, _ := v.([]any)
	if len(a) != 3 {
		s.fault(at, "Fn::ForEach takes a name, a list, and an object to repeat")
		return made
	}
	name, _ := a[0].(string)
	body, _ := a[2].(*template.Object)
	items, ok := template.Known(a[1], known, s.template.Object("Mappings")).([]any)
	if !ok {
		s.fault(at, "the list of Fn::ForEach is not known: give the parameter that it names")
		return made
	}
	for _, item := range items {
		text, _ := whole(item)
		for key, value := range body.All() {
			made.Set(repeated(key, name, text).(string), repeated(template.Clone(value), name, text))
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
