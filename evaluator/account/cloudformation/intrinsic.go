package cloudformation

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/lazy"
	"github.com/iamsim/iamsim/internal/spelling"
)

// value evaluates an expression.
func (s *stack) value(v any) any {
	switch v := v.(type) {
	case *template.Object:
		if name, argument := template.Only(v); name == "Ref" || strings.HasPrefix(name, "Fn::") {
			return s.call(v, name, argument)
		}
		m := make(map[string]any, v.Len())
		for name, item := range v.All() {
			if item := s.value(item); item != (noValue{}) {
				m[name] = item
			}
		}
		if v.Has("Statement") || v.Has("Effect") {
			planned.Put(m, places{v})
		}
		return m
	case []any:
		list := []any{}
		for _, item := range v {
			if item := s.value(item); item != (noValue{}) {
				list = append(list, item)
			}
		}
		return list
	case string:
		return s.dynamic(v)
	}
	return v
}

// call evaluates the call of an intrinsic function.
func (s *stack) call(o *template.Object, name string, argument any) any {
	evaluate := map[string]func(*template.Object, any) any{
		"Ref": s.refer, "Fn::GetAtt": s.getAtt, "Fn::Sub": s.sub, "Fn::Join": s.join, "Fn::Select": s.choose, "Fn::Split": s.split,
		"Fn::If": s.ifElse, "Fn::FindInMap": s.findInMap, "Fn::ImportValue": s.importValue, "Fn::Base64": s.base64,
		"Fn::Length": s.length, "Fn::ToJsonString": s.toJSON,
	}[name]
	switch {
	case evaluate != nil:
		return evaluate(o, argument)
	case name == "Fn::GetAZs" || name == "Fn::Cidr" || name == transform || name == "Fn::GetStackOutput":
		written, _ := json.Marshal(planned.Unplaced(s.value(argument)))
		return s.hole("!"+strings.TrimPrefix(name, "Fn::")+" "+string(written), "known after deployment")
	case conditional[name]:
		s.fault(o.Place, "%s is for conditions, and not for properties", name)
	default:
		s.fault(o.Place, "%s is no intrinsic function%s", spelling.Quote(name), spelling.Suggestion(name, intrinsics))
	}
	return s.hole(name, "not an intrinsic function")
}

// conditional are the functions of conditions.
var conditional = map[string]bool{"Fn::Equals": true, "Fn::And": true, "Fn::Or": true, "Fn::Not": true}

var intrinsics = strings.Fields("Ref Fn::GetAtt Fn::Sub Fn::Join Fn::Select Fn::Split Fn::If Fn::FindInMap Fn::ImportValue Fn::Base64 " +
	"Fn::Length Fn::ToJsonString Fn::GetAZs Fn::Cidr Fn::Transform Fn::ForEach Fn::GetStackOutput")

// hole is a value that is not known, unless one is given for its origin.
func (s *stack) hole(origin, why string) any {
	return s.holeOf(&planned.Hole{Origin: origin, Why: why, Mend: "--set '" + origin + "=VALUE'"})
}

func (s *stack) holeOf(h *planned.Hole) any {
	if value, ok := s.given.Value(h.Origin); ok {
		return value
	}
	if known := s.holes[h.Origin]; known != nil {
		return known
	}
	s.holes[h.Origin] = h
	return h
}

// refer evaluates Ref.
func (s *stack) refer(o *template.Object, argument any) any {
	of, ok := textOf(s.value(argument)) // newer templates may compute it
	if !ok {
		s.fault(o.Place, "Ref takes the name of a parameter or a resource")
		return s.hole("Ref", "without a name")
	}
	name, ok := of.Value()
	if !ok {
		return s.hole(of.String(), "the name is not known")
	}
	return s.follow(o.Place, argument, name, func() any {
		if v, ok := s.named(name); ok {
			return v
		}
		return s.unresolved(o.Place, name)
	})
}

// follow is the value that a name leads to. Where the template computes the name, the
// search for cycles has not seen where it leads.
func (s *stack) follow(at template.Place, written any, name string, value func() any) any {
	if _, ok := written.(string); ok {
		return value()
	}
	if s.following[name] {
		s.fault(at, "circular dependency: %s needs itself", spelling.Quote(name))
		return s.hole(name, "it needs itself")
	}
	s.following[name] = true
	defer delete(s.following, name)
	return value()
}

// named is what a name refers to: a pseudo parameter, a parameter, a resource.
func (s *stack) named(name string) (any, bool) {
	if strings.HasPrefix(name, "AWS::") {
		return s.pseudo(name)
	}
	if v, ok := s.parameters[name]; ok {
		return v, true
	}
	if r := s.resources[name]; r != nil {
		return s.reference(r), true
	}
	// What SAM makes of a resource can be referred to: "Api.DomainName".
	if id, _, ok := strings.Cut(name, "."); ok && s.isSAM && s.resources[id] != nil {
		return s.hole(name, "known after deployment"), true
	}
	return nil, false
}

// unresolved reports a name that refers to nothing.
func (s *stack) unresolved(at template.Place, name string) any {
	known := append(append([]string{}, s.template.Object("Parameters").Names()...), s.template.Object("Resources").Names()...)
	known = append(known, pseudos...)
	s.missing(at, "%s is no parameter and no resource of this template%s", spelling.Quote(name), spelling.Suggestion(name, known))
	return s.hole(name, "neither a parameter nor a resource")
}

// getAtt evaluates Fn::GetAtt.
func (s *stack) getAtt(o *template.Object, argument any) any {
	var of, attribute any
	switch a := argument.(type) {
	case string:
		of, attribute, _ = strings.Cut(a, ".")
	case []any:
		if len(a) >= 2 {
			of, attribute = a[0], s.value(a[1])
			for _, more := range a[2:] {
				rest, _ := whole(s.value(more))
				first, _ := whole(attribute)
				attribute = first + "." + rest
			}
		}
	}
	id, ok := textOf(s.value(of))
	if !ok || attribute == nil || id.String() == "" {
		s.fault(o.Place, "Fn::GetAtt takes the logical id of a resource and an attribute")
		return s.hole("Fn::GetAtt", "without a resource")
	}
	name, known := whole(attribute)
	logical, told := id.Value()
	if !known || !told {
		return s.hole(id.String()+"."+text(attribute), "the attribute is not known")
	}
	return s.follow(o.Place, of, logical, func() any { return s.attributeOf(o.Place, logical, name) })
}

// text is a value for people.
func text(v any) string {
	t, _ := textOf(v)
	return t.String()
}

func (s *stack) attributeOf(at template.Place, id, name string) any {
	r := s.resources[id]
	if r == nil {
		s.missing(at, "%s is no resource of this template%s", spelling.Quote(id), spelling.Suggestion(id, s.template.Object("Resources").Names()))
		return s.hole(id+"."+name, "not a resource")
	}
	return s.attribute(r, name)
}

// variable is a variable of Fn::Sub, or "${!" that stands for itself.
var variable = lazy.Regexp(`\$\{([^{}$]*)\}`)

// sub evaluates Fn::Sub.
func (s *stack) sub(o *template.Object, argument any) any {
	format, own := argument, (*template.Object)(nil)
	if a, ok := argument.([]any); ok && len(a) == 2 {
		format = a[0]
		own, _ = a[1].(*template.Object)
	}
	pattern, ok := format.(string)
	if !ok {
		if t, known := textOf(s.value(format)); known { // from a mapping: newer templates may
			if pattern, ok = t.Value(); !ok {
				return s.hole("!Sub "+t.String(), "the text is not known")
			}
		}
	}
	if !ok {
		s.fault(o.Place, "Fn::Sub takes a text, or a text and its variables")
		return s.hole("Fn::Sub", "without a text")
	}
	var all []planned.Text
	rest := 0
	for _, at := range variable().FindAllStringSubmatchIndex(pattern, -1) {
		all = append(all, s.literal(pattern[rest:at[0]]))
		rest = at[1]
		name := pattern[at[2]:at[3]]
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			all = append(all, planned.Known("${"+literal+"}"))
			continue
		}
		v := s.variable(o, strings.TrimSpace(name), own)
		t, ok := textOf(v)
		if !ok {
			list, _ := listOf(v)
			if t, ok = joined(",", list); !ok {
				s.fault(o.Place, "variable %s of Fn::Sub is an object, and not a text", spelling.Quote(name))
			}
		}
		all = append(all, t)
	}
	return simple(planned.Concat(append(all, s.literal(pattern[rest:]))...))
}

// literal is a text with its dynamic references evaluated.
func (s *stack) literal(text string) planned.Text {
	t, _ := textOf(s.dynamic(text))
	return t
}

// variable is the value of a variable of Fn::Sub.
func (s *stack) variable(o *template.Object, name string, own *template.Object) any {
	if own.Has(name) {
		return s.value(own.Get(name))
	}
	if id, attribute, ok := strings.Cut(name, "."); ok && s.resources[id] != nil {
		return s.attribute(s.resources[id], attribute)
	}
	if v, ok := s.named(name); ok {
		return v
	}
	if strings.Contains(name, ":") && !strings.HasPrefix(name, "AWS::") {
		s.fault(o.Place, "${%s} is no parameter and no resource: the policy variable is written ${!%s} in Fn::Sub", name, name)
		return s.hole(name, "neither a parameter nor a resource")
	}
	return s.unresolved(o.Place, name)
}

// reference is a dynamic reference.
var reference = lazy.Regexp(`\{\{(resolve:[^{}]*)\}\}`)

// dynamic evaluates the dynamic references in a text.
func (s *stack) dynamic(text string) any {
	if !strings.Contains(text, "{{resolve:") {
		return text
	}
	var all []planned.Text
	rest := 0
	for _, at := range reference().FindAllStringSubmatchIndex(text, -1) {
		t, _ := textOf(s.hole(text[at[2]:at[3]], "a dynamic reference"))
		all = append(all, planned.Known(text[rest:at[0]]), t)
		rest = at[1]
	}
	return simple(planned.Concat(append(all, planned.Known(text[rest:]))...))
}

// join evaluates Fn::Join.
func (s *stack) join(o *template.Object, argument any) any {
	a, _ := argument.([]any)
	if len(a) != 2 {
		s.fault(o.Place, "Fn::Join takes a separator and a list")
		return s.hole("Fn::Join", "without a list")
	}
	separator, _ := whole(s.value(a[0]))
	v := s.value(a[1])
	list, ok := listOf(v)
	if !ok {
		return s.hole("!Join "+strconv.Quote(separator)+" of "+text(v), "the list is not known")
	}
	for _, item := range list {
		if e, ok := item.(*either); ok && (e.yes == noValue{} || e.no == noValue{}) {
			return s.hole("!Join at line "+strconv.Itoa(o.Place.Line), e.hole.String())
		}
	}
	var flat []any
	for _, item := range list { // a parameter that is a list stands for its elements
		if items, ok := item.([]any); ok {
			flat = append(flat, items...)
			continue
		}
		flat = append(flat, item)
	}
	t, ok := joined(separator, flat)
	if !ok {
		s.fault(o.Place, "Fn::Join takes a list of texts")
	}
	return simple(t)
}

// choose evaluates Fn::Select.
func (s *stack) choose(o *template.Object, argument any) any {
	a, _ := argument.([]any)
	if len(a) != 2 {
		s.fault(o.Place, "Fn::Select takes an index and a list")
		return s.hole("Fn::Select", "without a list")
	}
	v, index := s.value(a[1]), s.value(a[0])
	number, known := whole(index)
	i, err := strconv.Atoi(number)
	if known && err != nil {
		s.fault(o.Place, "index %s of Fn::Select is no number", spelling.Quote(number))
	}
	list, ok := listOf(v)
	if p, partly := v.(*pieces); partly {
		list, ok = p.known, i < len(p.known)
	}
	if !ok || !known || err != nil {
		return s.hole("!Select "+text(index)+" of "+text(v), "the list is not known")
	}
	if i < 0 || i >= len(list) {
		s.fault(o.Place, "index %d of Fn::Select is beyond the list, which has %d elements", i, len(list))
		return s.hole("!Select "+number+" at line "+strconv.Itoa(o.Place.Line), "beyond the list")
	}
	return list[i]
}

// split evaluates Fn::Split.
func (s *stack) split(o *template.Object, argument any) any {
	a, _ := argument.([]any)
	if len(a) == 2 {
		separator, known := whole(s.value(a[0]))
		if t, ok := textOf(s.value(a[1])); ok && known {
			return split(separator, t)
		}
	}
	s.fault(o.Place, "Fn::Split takes a separator and a text")
	return s.hole("Fn::Split", "without a text")
}

// ifElse evaluates Fn::If.
func (s *stack) ifElse(o *template.Object, argument any) any {
	a, _ := argument.([]any)
	if len(a) != 3 {
		s.fault(o.Place, "Fn::If takes a condition and two values")
		return s.hole("Fn::If", "without values")
	}
	name, _ := a[0].(string)
	holds, hole := s.condition(o.Place, name)
	switch {
	case hole == nil && holds:
		return s.value(a[1])
	case hole == nil:
		return s.value(a[2])
	}
	yes, no := s.value(a[1]), s.value(a[2])
	if x, ok := whole(yes); ok {
		if y, ok := whole(no); ok && x == y {
			return yes
		}
	}
	h := &planned.Hole{Origin: "!If " + name + " at line " + strconv.Itoa(o.Place.Line), Why: hole.String(), Mend: hole.Mend}
	if given := s.holeOf(h); given != any(h) {
		if known, ok := given.(*planned.Hole); ok {
			return &either{yes, no, known}
		}
		return given
	}
	return &either{yes, no, h}
}

// findInMap evaluates Fn::FindInMap.
func (s *stack) findInMap(o *template.Object, argument any) any {
	a, _ := argument.([]any)
	if len(a) < 3 {
		s.fault(o.Place, "Fn::FindInMap takes the name of a mapping and two keys")
		return s.hole("Fn::FindInMap", "without keys")
	}
	keys := make([]string, 3)
	var unknown *planned.Hole
	for i := range keys {
		v := s.value(a[i])
		var ok bool
		if keys[i], ok = whole(v); !ok {
			keys[i] = text(v)
			if holes := holesOf(v); len(holes) > 0 {
				unknown = holes[0]
			}
		}
	}
	origin := "!FindInMap " + strings.Join(keys, ", ")
	if unknown != nil {
		return s.holeOf(&planned.Hole{Origin: origin, Why: unknown.String(), Mend: unknown.Mend})
	}
	first := s.template.Object("Mappings").Object(keys[0])
	if second := first.Object(keys[1]); second.Has(keys[2]) {
		return s.value(second.Get(keys[2]))
	}
	if len(a) > 3 && !s.hasMore { // which could have the value
		if options, _ := a[3].(*template.Object); options.Has("DefaultValue") {
			return s.value(options.Get("DefaultValue"))
		}
	}
	s.missing(o.Place, "mapping %s has no %s, %s", spelling.Quote(keys[0]), spelling.Quote(keys[1]), spelling.Quote(keys[2]))
	return s.hole(origin, "not in the mappings")
}

// importValue evaluates Fn::ImportValue: what is given, what another template that
// was read exports, or a hole.
func (s *stack) importValue(_ *template.Object, argument any) any {
	v := s.value(argument)
	name := text(v)
	if value, ok := s.given.Imports[name]; ok {
		return value
	}
	if _, known := whole(v); known {
		if value, ok := s.exported(name, s); ok {
			return value
		}
	}
	return s.holeOf(&planned.Hole{Origin: "!ImportValue " + name, Why: "exported by another stack", Mend: "--import '" + name + "=VALUE'"})
}

// base64 evaluates Fn::Base64.
func (s *stack) base64(o *template.Object, argument any) any {
	v := s.value(argument)
	if text, ok := whole(v); ok {
		return base64.StdEncoding.EncodeToString([]byte(text))
	}
	return s.hole("!Base64 at line "+strconv.Itoa(o.Place.Line), "the text is not known")
}

// length evaluates Fn::Length.
func (s *stack) length(o *template.Object, argument any) any {
	if list, ok := listOf(s.value(argument)); ok {
		return json.Number(strconv.Itoa(len(list)))
	}
	return s.hole("Fn::Length at line "+strconv.Itoa(o.Place.Line), "the list is not known")
}

// toJSON evaluates Fn::ToJsonString. A value with holes stays a tree, which is what a
// policy is made of.
func (s *stack) toJSON(_ *template.Object, argument any) any {
	v := s.value(argument)
	if out, err := json.Marshal(planned.Unplaced(v)); err == nil && isPlain(v) {
		return string(out)
	}
	return v
}

// isPlain reports whether all of a value is known.
func isPlain(v any) bool {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			if !isPlain(item) {
				return false
			}
		}
	case map[string]any:
		for _, item := range v {
			if !isPlain(item) {
				return false
			}
		}
	case planned.Text, *planned.Hole, *either, *pieces:
		return false
	}
	return true
}
