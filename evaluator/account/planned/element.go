package planned

import (
	"maps"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/policy"
)

// sorted are the members of an object in the order of their names, without its
// places.
func sorted(m map[string]any) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(m)), func(name string) bool { return name == placed })
}

// items are the members of a list; of one value, that value.
func items(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

// plain is a string that is known whole.
func plain(v any) (string, bool) {
	switch s := v.(type) {
	case string:
		return s, true
	case Text:
		return s.Value()
	}
	return "", false
}

// textOf is v as a text, if it is one.
func textOf(v any) (Text, bool) {
	switch s := v.(type) {
	case string:
		return Known(s), true
	case Text:
		return s, true
	case *Hole:
		return Unknown(s), true
	}
	return Text{}, false
}

// holesOf are the holes anywhere in a tree, in order.
func holesOf(v any) []*Hole {
	switch v := v.(type) {
	case *Hole:
		return []*Hole{v}
	case Text:
		return v.Holes()
	case Maybe:
		return append(holesOf(v.Value), v.Hole)
	}
	var holes []*Hole
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			holes = append(holes, holesOf(item)...)
		}
	case map[string]any:
		for _, member := range sorted(v) {
			holes = append(holes, holesOf(v[member])...)
		}
	}
	return holes
}

// holesOf are the holes of a tree, on which the document depends from now on.
func (w *writer) holesOf(v any) []*Hole {
	holes := holesOf(v)
	w.depend(holes...)
	return holes
}

// has reports whether a tree has holes.
func has(v any) bool { return len(holesOf(v)) > 0 }

// reach is an element that lists what it covers: what it covers for certain (nil for
// nothing), what it may cover in all, and the holes between the two.
func (w *writer) reach(member string, v any) (certain, all any, holes []*Hole) {
	var sure, wide []any
	for _, item := range items(v) {
		if s, ok := item.(Maybe); ok {
			holes = append(holes, w.holesOf(item)...)
			_, reached, _ := w.reach(member, s.Value)
			wide = append(wide, items(reached)...)
			continue
		}
		text, ok := textOf(item)
		if !ok {
			sure, wide = append(sure, item), append(wide, item) // for policy.Parse to refuse
			continue
		}
		written, ok := w.pattern(member, text)
		wide = append(wide, written)
		if ok {
			sure = append(sure, written)
		} else {
			holes = append(holes, w.holesOf(text)...)
		}
	}
	if sure == nil && len(items(v)) > 0 {
		return nil, wide, holes
	}
	if one(v) && len(sure) == 1 && holes == nil {
		return sure[0], sure[0], nil
	}
	return append([]any{}, sure...), wide, holes
}

// one reports whether v is a single value and no list.
func one(v any) bool {
	_, list := v.([]any)
	return !list
}

// exclude is an element that lists what it leaves out: what it leaves out for
// certain (nil for nothing), and the holes that may leave out more.
func (w *writer) exclude(member string, v any) (left any, holes []*Hole) {
	var sure []any
	for _, item := range items(v) {
		text, ok := textOf(item)
		if !ok {
			if found := w.holesOf(item); found != nil {
				holes = append(holes, found...)
			} else {
				sure = append(sure, item)
			}
			continue
		}
		if written, ok := w.pattern(member, text); ok {
			sure = append(sure, written)
		} else {
			holes = append(holes, w.holesOf(text)...)
		}
	}
	switch {
	case sure == nil && holes != nil:
		return nil, holes
	case one(v) && len(sure) == 1:
		return sure[0], nil
	}
	return append([]any{}, sure...), holes
}

// pattern writes an action or the ARN of a resource. It is false where the element
// takes no such hole, and then the pattern reaches as far as the hole could.
func (w *writer) pattern(member string, t Text) (string, bool) {
	if s, ok := t.Value(); ok {
		if w.literal && strings.HasSuffix(member, "Resource") {
			return t.escaped().variables(), true
		}
		return s, true
	}
	prefix := t.Prefix()
	if strings.HasSuffix(member, "Resource") {
		if fits(t) {
			w.depend(t.Holes()...)
			if w.literal {
				t = t.escaped()
			}
			return t.variables(), true
		}
		// "arn:aws:sqs:" is the least of an ARN that a policy may name.
		if strings.Count(prefix, ":") < 3 {
			return "*", false
		}
		if w.literal {
			prefix = Known(prefix).escaped().variables()
		}
		return prefix + "*", false
	}
	if service, _, ok := strings.Cut(prefix, ":"); ok && service != "" {
		return prefix + "*", false
	}
	if w.kind == policy.Trust {
		return "sts:*", false
	}
	return "*", false
}

// fits reports whether variables may stand for the holes of an ARN: partition and
// service are known, and no hole can be more than the field in which it stands.
func fits(t Text) bool {
	colons, parts := 0, t.parts
	for i, p := range parts {
		if p.hole == nil {
			colons += strings.Count(p.text, ":")
			continue
		}
		switch {
		case colons < 3:
			return false
		case colons >= 5, i == len(parts)-1:
			continue
		}
		// Region or account: the whole field, and all fields are there.
		if !strings.HasSuffix(parts[i-1].text, ":") || !strings.HasPrefix(parts[i+1].text, ":") {
			return false
		}
		rest := colons
		for _, after := range parts[i+1:] {
			rest += strings.Count(after.text, ":")
		}
		if rest < 5 {
			return false
		}
	}
	return true
}

// principal is a Principal element: what it names for certain (nil for nobody), what
// it may name in all, and the holes between the two.
func (w *writer) principal(v any) (certain, all any, holes []*Hole) {
	m, ok := v.(map[string]any)
	if !ok {
		if s, known := plain(v); known {
			return s, s, nil
		}
		if holes = w.holesOf(v); holes != nil {
			return nil, "*", holes
		}
		return v, v, nil // for policy.Parse to refuse
	}
	sure := map[string]any{}
	for _, kind := range sorted(m) {
		var list []any
		for _, item := range items(m[kind]) {
			if s, known := plain(item); known {
				list = append(list, s)
			} else if found := w.holesOf(item); found != nil {
				holes = append(holes, found...)
			} else {
				list = append(list, item)
			}
		}
		switch {
		case list == nil:
		case one(m[kind]):
			sure[kind] = list[0]
		default:
			sure[kind] = list
		}
	}
	switch {
	case holes == nil:
		return sure, sure, nil
	case len(sure) == 0:
		return nil, "*", holes
	}
	return sure, "*", holes
}

// condition is a Condition element with the holes that its values take as
// variables. What takes none is left out, and its holes are returned: whether the
// condition holds hangs on them as well.
func (w *writer) condition(v any) (left any, holes []*Hole) {
	operators, ok := v.(map[string]any)
	if !ok {
		if holes = w.holesOf(v); holes != nil {
			return nil, holes
		}
		return v, nil // for policy.Parse to refuse
	}
	own := map[string]any{}
	for _, operator := range sorted(operators) {
		keys, ok := operators[operator].(map[string]any)
		if !ok {
			if found := w.holesOf(operators[operator]); found != nil {
				holes = append(holes, found...)
			} else {
				own[operator] = operators[operator]
			}
			continue
		}
		written := map[string]any{}
		for _, key := range sorted(keys) {
			if value, ok := w.values(operator, keys[key]); ok {
				written[key] = value
			} else {
				holes = append(holes, w.holesOf(keys[key])...)
			}
		}
		if len(written) > 0 || len(keys) == 0 {
			own[operator] = written
		}
	}
	if len(own) == 0 && len(operators) > 0 {
		return nil, holes
	}
	return own, holes
}

// values are those of one condition key; false where they take no variable.
func (w *writer) values(operator string, v any) (any, bool) {
	takes := false
	if o, err := policy.ParseOperator(operator); err == nil {
		takes = o.Variables()
	}
	var list []any
	for _, item := range items(v) {
		text, ok := textOf(item)
		switch {
		case !ok && has(item):
			return nil, false
		case !ok:
			list = append(list, item)
			continue
		}
		if w.literal && takes {
			text = text.escaped()
		}
		s, known := text.Value()
		if !known {
			if _, whole := item.(*Hole); !takes || whole && one(v) {
				return nil, false // as a whole it may be a list
			}
			w.depend(text.Holes()...)
			s = text.variables()
		}
		list = append(list, s)
	}
	if one(v) {
		return list[0], true
	}
	return append([]any{}, list...), true
}
