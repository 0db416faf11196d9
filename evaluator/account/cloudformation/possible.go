package cloudformation

import (
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/planned"
)

// What a property names by a text that is not known may be a resource of the
// template. What that one has is then not known either.

// mostOpen is how many names that are not known are compared with those of the
// template. Of more, each may be any: a stack has 500 resources at most.
const mostOpen = 500

// anything is a text of which nothing is known.
var anything = planned.Unknown(&planned.Hole{})

// candidates are the texts of which a value is one, as far as conditions that are not
// known leave it open.
func candidates(v any) []planned.Text {
	if e, ok := v.(*either); ok {
		var list []planned.Text
		for _, item := range e.elements() {
			list = append(list, candidates(item)...)
		}
		return list
	}
	if t, ok := textOf(v); ok {
		return []planned.Text{t}
	}
	return nil
}

// listed are the elements of a value that is a list, or may be one; false where it is
// not known what they are. Such a list is then one element, of which nothing is known
// but what [candidates] tell.
func listed(v any) ([]any, bool) {
	switch v := v.(type) {
	case *planned.Hole:
		return []any{v}, false
	case *pieces:
		return append(append([]any{}, v.known...), v.hole), false
	}
	return listOf(v)
}

// mayBe reports whether two texts can be the same, by what is known of how they begin
// and end.
func mayBe(a, b planned.Text) bool {
	x, aKnown := a.Value()
	y, bKnown := b.Value()
	switch {
	case aKnown && bKnown:
		return x == y
	case aKnown:
		return fits(x, b)
	case bKnown:
		return fits(y, a)
	}
	p, q := a.Prefix(), b.Prefix()
	begin := strings.HasPrefix(p, q) || strings.HasPrefix(q, p)
	p, q = suffix(a), suffix(b)
	return begin && (strings.HasSuffix(p, q) || strings.HasSuffix(q, p))
}

// fits reports whether a text begins and ends as one with holes does.
func fits(text string, t planned.Text) bool {
	rest, ok := strings.CutPrefix(text, t.Prefix())
	return ok && strings.HasSuffix(rest, suffix(t))
}

// suffix is what is known of the end of a text with holes.
func suffix(t planned.Text) string {
	end := ""
	for part := range t.Parts() {
		end = part
	}
	return end
}
