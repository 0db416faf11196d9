package planned

import (
	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/policy"
)

// A Place is a line and a column of a template, counted from 1. The zero Place is
// none.
type Place struct{ Line, Column int }

// Places say where an object of a template stands, and each of its members.
type Places interface {
	// At is the place of a member; "" is the object itself.
	At(member string) Place
}

// placed is the member of a tree that has its Places.
const placed = "\x00places"

// Put says where a policy, or a statement of one, stands in its template. The
// positions in the document that is made of it are those of the template: a
// statement's, or those of its elements.
func Put(tree map[string]any, at Places) { tree[placed] = at }

// Unplaced is a tree without what Put has put into it.
func Unplaced(v any) any {
	switch v := v.(type) {
	case []any:
		own := make([]any, len(v))
		for i := range v {
			own[i] = Unplaced(v[i])
		}
		return own
	case map[string]any:
		own := make(map[string]any, len(v))
		for _, member := range sorted(v) {
			own[member] = Unplaced(v[member])
		}
		return own
	}
	return v
}

// placesOf are the places of an object; nil where nobody knows them.
func placesOf(tree map[string]any) Places {
	at, _ := tree[placed].(Places)
	return at
}

// placesOfStatement are those of a statement that may be in doubt.
func placesOfStatement(tree any) Places {
	switch s := tree.(type) {
	case map[string]any:
		return placesOf(s)
	case Maybe:
		return placesOfStatement(s.Value)
	}
	return nil
}

// marks are where the values of a document stand that was made of statements with
// these places. Nil: nothing is known of any.
func marks(src string, whole Places, statements []Places) []policy.Mark {
	var list []policy.Mark
	add := func(offset int, at Place) {
		if at.Line > 0 {
			list = append(list, policy.Mark{Offset: offset, Line: at.Line, Column: at.Column})
		}
	}
	for _, at := range statements {
		if whole == nil {
			whole = at // what has no place of its own stands beside it
		}
	}
	if whole == nil {
		return nil
	}
	if add(0, whole.At("")); list == nil {
		return nil
	}
	i := 0
	gjson.Get(src, "Statement").ForEach(func(_, statement gjson.Result) bool {
		at := whole
		if statements[i] != nil {
			at = statements[i]
		}
		i++
		add(statement.Index, at.At(""))
		statement.ForEach(func(element, v gjson.Result) bool {
			here := at.At(element.Str)
			add(element.Index, here)
			within(v, func(offset int) { add(offset, here) })
			return true
		})
		return true
	})
	return list
}

// within visits a value and all that is in it.
func within(v gjson.Result, visit func(offset int)) {
	visit(v.Index)
	if v.IsObject() || v.IsArray() {
		v.ForEach(func(key, item gjson.Result) bool {
			if key.Index > 0 {
				visit(key.Index)
			}
			within(item, visit)
			return true
		})
	}
}
