package terraform

import (
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/planned"
)

// statement is the tree of a statement block of a data "aws_iam_policy_document".
func (v *view) statement(x *instance, i int) any {
	b := blockAt{v, x, []any{"statement", i}}
	s := object{"Effect": "Allow"}
	if t, ok := b.text("effect"); ok {
		s["Effect"] = t
	}
	if t, ok := b.text("sid"); ok {
		s["Sid"] = t
	}
	for _, e := range [...]struct {
		attribute, element string
		kind               kind
	}{
		{"actions", "Action", anything}, {"not_actions", "NotAction", anything},
		{"resources", "Resource", anARN}, {"not_resources", "NotResource", anARN},
	} {
		if values := b.values(e.kind, e.kind == anARN, e.attribute); values != nil {
			s[e.element] = values
		}
	}
	if p := b.principals("principals"); p != nil {
		s["Principal"] = p
	}
	if p := b.principals("not_principals"); p != nil {
		s["NotPrincipal"] = p
	}
	if c := b.condition(); c != nil {
		s["Condition"] = c
	}
	return s
}

// A blockAt is a block within an instance.
type blockAt struct {
	*view
	x    *instance
	path []any
}

func (b blockAt) steps(more ...any) []any { return append(append([]any{}, b.path...), more...) }

func (b blockAt) text(steps ...any) (planned.Text, bool) {
	return b.view.text(b.x, anything, b.steps(steps...)...)
}

// values are the elements of a list; nil where there is none. Of those that are not
// known each is taken from what the expression of the list refers to, where these
// are as many. A plan does not keep what stands around a reference: an ARN of which
// parts are usual (inPolicies: in Resource), or that is there twice, is the
// beginning of the element alone.
func (b blockAt) values(k kind, inResource bool, steps ...any) any {
	steps = b.steps(steps...)
	values := at(b.tree(b.x), steps...)
	n := length(values)
	switch {
	case n < 0:
		_, all, _ := b.sourceOf(b.x, steps...)
		return b.hole(b.x.address+"."+path(steps...), names(all))
	case n == 0:
		return nil
	}
	own := make(list, n)
	for i := range own {
		switch value := at(values, i).(type) {
		case string:
			own[i] = strings.ReplaceAll(value, "&{", "${")
			continue
		case unknown:
		case nil:
			own[i] = ""
			continue
		default:
			own[i] = value
			continue
		}
		own[i] = b.element(k, inResource, append(steps, i))
	}
	return own
}

// element is one of values that is not known.
func (b blockAt) element(k kind, inResource bool, steps []any) planned.Text {
	origin := b.x.address + "." + path(steps...)
	if given, ok := b.given.Value(origin); ok {
		return planned.Known(given)
	}
	s, all, ok := b.sourceOf(b.x, steps...)
	t, followed := planned.Text{}, false
	if ok {
		t, followed = b.linked(s, k)
	}
	times := 0
	for _, other := range all {
		if other.String() == s.String() {
			times++
		}
	}
	switch {
	case !followed:
		return planned.Unknown(b.hole(origin, names(all)))
	case !inResource || s.instance == nil:
	case times > 1 || namings[s.instance.typ].parts:
		return planned.Concat(t, planned.Unknown(b.hole(origin, s.String()+", with which it begins")))
	default:
		b.note("%s is taken to be %s and nothing more: a plan does not keep what stands around a reference", origin, s)
	}
	return t
}

// count is how many blocks an attribute has, or the hole that they are.
func (b blockAt) count(attribute string) (int, *planned.Hole) {
	steps := b.steps(attribute)
	n := length(at(b.tree(b.x), steps...))
	if n < 0 {
		return 0, b.hole(b.x.address+"."+path(steps...), "")
	}
	return n, nil
}

// principals is a Principal element; nil where there is none.
func (b blockAt) principals(attribute string) any {
	n, unknown := b.count(attribute)
	switch {
	case unknown != nil:
		return unknown
	case n == 0:
		return nil
	}
	own := object{}
	for i := range n {
		ids := b.values(anARN, false, attribute, i, "identifiers")
		t, _ := b.text(attribute, i, "type")
		typ, known := t.Value()
		if !known {
			return planned.Unknown(t.Holes()[0])
		}
		if typ == "*" && isStar(ids) {
			return "*"
		}
		old, _ := own[typ].(list)
		switch ids := ids.(type) {
		case list:
			own[typ] = append(old, ids...)
		case *planned.Hole:
			own[typ] = append(old, planned.Unknown(ids))
		}
	}
	return own
}

func isStar(ids any) bool {
	all, ok := ids.(list)
	return ok && len(all) == 1 && all[0] == "*"
}

// condition is a Condition element; nil where there is none. Blocks of one test and
// variable are one condition.
func (b blockAt) condition() any {
	n, unknown := b.count("condition")
	switch {
	case unknown != nil:
		return unknown
	case n == 0:
		return nil
	}
	own := object{}
	for i := range n {
		test, _ := b.text("condition", i, "test")
		variable, _ := b.text("condition", i, "variable")
		operator, ok := test.Value()
		key, known := variable.Value()
		if !ok || !known {
			return append(test.Holes(), variable.Holes()...)[0]
		}
		keys, _ := own[operator].(object)
		if keys == nil {
			keys = object{}
			own[operator] = keys
		}
		switch values := b.values(anARN, false, "condition", i, "values").(type) {
		case list:
			old, _ := keys[key].(list)
			keys[key] = append(old, values...)
		case *planned.Hole:
			keys[key] = values
		case nil:
			keys[key] = list{}
		}
	}
	return own
}
