package cloudformation

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
	"github.com/iamsim/iamsim/evaluator/account/planned"
)

// What an expression of a template evaluates to is a map[string]any, a []any, a
// string, a bool, a json.Number, nil; a planned.Text in which a part is not known; a
// *planned.Hole, of which nothing is known, not even whether it is a list; an
// *either, a *pieces, or noValue.

// places are those of an object for the policy that is made of it.
type places struct{ *template.Object }

// At is the place of a member.
func (p places) At(member string) planned.Place { return planned.Place(p.Object.At(member)) }

// noValue is AWS::NoValue: the member or element is not there.
type noValue struct{}

// An either is a value of two, by a condition that is not known.
type either struct {
	yes, no any
	hole    *planned.Hole
}

// pieces are a list of which the first elements are known.
type pieces struct {
	known []any
	hole  *planned.Hole
}

// textOf is a value as a text; false for a list or an object.
func textOf(v any) (planned.Text, bool) {
	switch v := v.(type) {
	case string:
		return planned.Known(v), true
	case bool:
		return planned.Known(strconv.FormatBool(v)), true
	case json.Number:
		return planned.Known(v.String()), true
	case planned.Text:
		return v, true
	case *planned.Hole:
		return planned.Unknown(v), true
	case *either:
		return planned.Unknown(v.hole), true
	case *pieces:
		return planned.Unknown(v.hole), true
	}
	return planned.Text{}, false
}

// simple is a text as a string, where all of it is known.
func simple(t planned.Text) any {
	if s, ok := t.Value(); ok {
		return s
	}
	return t
}

// whole is a value as a string; false where a part of it is not known.
func whole(v any) (string, bool) {
	t, ok := textOf(v)
	if !ok {
		return "", false
	}
	return t.Value()
}

// holesOf are the holes of a text.
func holesOf(v any) []*planned.Hole {
	t, _ := textOf(v)
	return t.Holes()
}

// listOf are the elements of a list; a value that is no list is one. False where it
// is not known what they are.
func listOf(v any) ([]any, bool) {
	switch v := v.(type) {
	case nil, noValue:
		return nil, true
	case []any:
		return v, true
	case *planned.Hole, *pieces:
		return nil, false
	}
	return []any{v}, true
}

// settled is a value as planned.Document takes it. Of an either, both values of a
// list element may be there; of a member, where a list may stand.
func settled(v any) any {
	switch v := v.(type) {
	case []any:
		list := []any{}
		for _, item := range v {
			if e, ok := item.(*either); ok {
				list = append(list, e.maybes()...)
				continue
			}
			list = append(list, settled(item))
		}
		return list
	case map[string]any:
		own := make(map[string]any, len(v))
		for name, item := range v {
			e, ok := item.(*either)
			switch {
			case !ok:
				own[name] = settled(item)
			case lists[name] || strings.Contains(name, ":"): // or the key of a condition
				own[name] = e.maybes()
			default:
				own[name] = e.hole
			}
		}
		return own
	case *either:
		return v.hole
	case *pieces:
		return v.hole
	}
	return v
}

// lists are the elements of a policy that may be lists.
var lists = map[string]bool{"Statement": true, "Action": true, "NotAction": true, "Resource": true, "NotResource": true}

// maybes are the values of which one is there.
func (e *either) maybes() []any {
	var list []any
	for _, item := range e.elements() {
		switch item := settled(item).(type) {
		case *planned.Hole:
			list = append(list, planned.Maybe{Value: planned.Unknown(item), Hole: e.hole})
		case planned.Maybe:
			list = append(list, item)
		default:
			list = append(list, planned.Maybe{Value: item, Hole: e.hole})
		}
	}
	return list
}

// elements are those of both values; one of which they are not known is itself one.
func (e *either) elements() []any {
	var list []any
	for _, v := range []any{e.yes, e.no} {
		items, ok := listOf(v)
		if !ok {
			items = []any{v}
		}
		list = append(list, items...)
	}
	return list
}

// doubtful is a document of which it is not known whether it is there: each of its
// statements may be.
func doubtful(document any, hole *planned.Hole) any {
	m, ok := document.(map[string]any)
	if !ok {
		return hole
	}
	own := make(map[string]any, len(m))
	for name, v := range m {
		own[name] = v
	}
	statements, ok := listOf(m["Statement"])
	if !ok {
		return hole
	}
	list := []any{}
	for _, s := range statements {
		if e, ok := s.(*either); ok {
			list = append(list, e.maybes()...)
			continue
		}
		list = append(list, planned.Maybe{Value: settled(s), Hole: hole})
	}
	own["Statement"] = list
	return own
}

// joined is texts with a separator between.
func joined(separator string, list []any) (planned.Text, bool) {
	var all []planned.Text
	for i, v := range list {
		t, ok := textOf(v)
		if !ok {
			return planned.Text{}, false
		}
		if i > 0 {
			all = append(all, planned.Known(separator))
		}
		all = append(all, t)
	}
	return planned.Concat(all...), true
}

// split parts a text. What follows the first hole is not known, for the hole may
// hold the separator.
func split(separator string, t planned.Text) any {
	if s, ok := t.Value(); ok {
		list := []any{}
		for _, p := range strings.Split(s, separator) {
			list = append(list, p)
		}
		return list
	}
	known := []any{}
	begin := strings.Split(t.Prefix(), separator)
	for _, p := range begin[:len(begin)-1] {
		known = append(known, p)
	}
	hole := t.Holes()[0]
	return &pieces{known, &planned.Hole{
		Origin: "!Split " + strconv.Quote(separator) + " of " + t.String(), Why: hole.String(), Mend: hole.Mend,
	}}
}
