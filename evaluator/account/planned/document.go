package planned

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

// A Maybe is an element of a policy (a statement, an action, a resource, a value) of
// which it is not known whether it is there: a branch of an Fn::If whose condition
// is not known.
type Maybe struct {
	Value any
	Hole  *Hole
}

// Document makes a policy of a tree as a template has it: of map[string]any, []any,
// string, bool, numbers, nil, [Text], *[Hole] and [Maybe]. The kind says whether
// statements name principals and resources.
//
// The holes are those that the document depends on, each once, in order. The
// document is nil, without error, where nothing of it is known. Errors are those of
// [policy.Parse], with the given name.
func Document(name string, kind policy.Kind, tree any) (*policy.Document, []*Hole, error) {
	w := writer{kind: kind, origins: map[string]bool{}}
	switch whole := tree.(type) {
	case *Hole:
		w.depend(whole)
	case Maybe:
		w.depend(whole.Hole)
	case Text:
		text, ok := whole.Value()
		if ok {
			d, err := policy.ParseString(name, text)
			return d, nil, err
		}
		w.depend(whole.Holes()...)
	case string:
		d, err := policy.ParseString(name, whole)
		return d, nil, err
	case map[string]any:
		src, err := json.Marshal(w.document(whole))
		if err != nil {
			return nil, w.holes, fmt.Errorf("%s: %w", name, err)
		}
		parser := policy.Parser{Marks: marks(string(src), placesOf(whole), w.places)}
		d, err := parser.Parse(name, src)
		return d, w.holes, err
	default:
		src, err := json.Marshal(tree)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		d, err := policy.Parse(name, src)
		return d, nil, err
	}
	return nil, w.holes, nil
}

// A writer makes the plain tree of one document.
type writer struct {
	kind policy.Kind
	// literal: the document has holes, and no variables of its own.
	literal bool
	holes   []*Hole
	origins map[string]bool // of the holes
	places  []Places        // of the statements that are written; nil: not known
}

// depend notes holes, each origin once.
func (w *writer) depend(holes ...*Hole) {
	for _, h := range holes {
		if !w.origins[h.Origin] {
			w.origins[h.Origin] = true
			w.holes = append(w.holes, h)
		}
	}
}

// document writes the document; one with holes is of the version that has
// variables.
func (w *writer) document(tree map[string]any) map[string]any {
	version, _ := plain(tree["Version"])
	holes := has(tree)
	w.literal = holes && version != policy.Version2012
	own := map[string]any{}
	for _, member := range sorted(tree) {
		v := tree[member]
		if s, known := plain(v); known {
			v = s
		}
		own[member] = v
	}
	if statements, given := tree["Statement"]; given {
		list := []any{}
		for _, s := range items(statements) {
			at := placesOfStatement(s)
			for _, written := range w.statement(s) {
				list, w.places = append(list, written), append(w.places, at)
			}
		}
		own["Statement"] = list
	}
	if holes {
		own["Version"] = policy.Version2012
	}
	if has(own["Id"]) {
		w.depend(holesOf(own["Id"])...)
		delete(own, "Id")
	}
	return own
}

// statement writes what is known of a statement, and beside it what it may be.
func (w *writer) statement(tree any) []any {
	switch s := tree.(type) {
	case map[string]any:
		return w.elements(s, nil)
	case Maybe:
		w.depend(s.Hole)
		if m, ok := s.Value.(map[string]any); ok {
			return w.elements(m, []*Hole{s.Hole})
		}
		return w.anything(s, []*Hole{s.Hole})
	case *Hole:
		w.depend(s)
		return w.anything(s, []*Hole{s})
	case Text:
		w.depend(s.Holes()...)
		return w.anything(s, s.Holes())
	}
	return []any{tree}
}

// anything are the statements that something unknown may be: an Allow and a Deny of
// everything.
func (w *writer) anything(tree any, doubts []*Hole) []any {
	var list []any
	for _, effect := range []string{"Allow", "Deny"} {
		s := map[string]any{"Effect": effect, "Action": "*"}
		if w.kind == policy.Trust {
			s["Action"] = "sts:*"
		} else {
			s["Resource"] = "*"
		}
		if w.kind.NamesPrincipals() {
			s["Principal"] = "*"
		}
		list = append(list, doubted(s, doubts, effect, tree))
	}
	return list
}

// elements writes a statement. The first of the result is what is known, unless all
// of it is in doubt; then what it may be besides.
func (w *writer) elements(tree map[string]any, doubts []*Hole) []any {
	known, wide := map[string]any{}, map[string]any{}
	var perhaps []*Hole // reach further than what is known
	effects := []string{""}
	for _, member := range sorted(tree) {
		v := tree[member]
		switch member {
		case "Effect", "Sid":
			s, ok := plain(v)
			switch {
			case ok:
				known[member], wide[member] = s, s
			case member == "Effect":
				doubts = append(doubts, w.holesOf(v)...)
				effects = []string{"Allow", "Deny"}
			default:
				w.depend(w.holesOf(v)...)
			}
		case "Action", "Resource":
			certain, all, holes := w.reach(member, v)
			known[member], wide[member] = certain, all
			perhaps = append(perhaps, holes...)
		case "NotAction", "NotResource":
			left, holes := w.exclude(member, v)
			if doubts = append(doubts, holes...); left == nil {
				member, left = strings.TrimPrefix(member, "Not"), "*"
			}
			known[member], wide[member] = left, left
		case "Principal":
			certain, all, holes := w.principal(v)
			known[member], wide[member] = certain, all
			perhaps = append(perhaps, holes...)
		case "NotPrincipal":
			certain, _, holes := w.principal(v)
			if doubts = append(doubts, holes...); certain == nil {
				member, certain = "Principal", "*"
			}
			known[member], wide[member] = certain, certain
		case "Condition":
			left, holes := w.condition(v)
			doubts = append(doubts, holes...)
			if left != nil {
				known[member], wide[member] = left, left
			}
		default:
			known[member], wide[member] = v, v
		}
	}
	var list []any
	for _, effect := range effects {
		if effect != "" {
			known["Effect"], wide["Effect"] = effect, effect
		}
		if !empty(known) {
			list = append(list, doubted(known, doubts, effect, tree))
		}
		if perhaps != nil {
			delete(wide, "Sid") // two statements of one Sid are refused
			list = append(list, doubted(wide, append(perhaps, doubts...), law.PlannedBeyond+effect, tree))
		}
	}
	return list
}

// empty reports whether an element has lost all that it had.
func empty(statement map[string]any) bool {
	for _, v := range statement {
		if v == nil {
			return true
		}
	}
	return false
}

// doubted is a copy of a statement that may apply or not, as the holes will say.
//
// Whether it applies is a context key of its own, which statements of one tree have
// in common: what is written reaches further than the tree could, so that two
// statements which depend on one hole can apply apart, whatever its value.
func doubted(statement map[string]any, holes []*Hole, part string, tree any) map[string]any {
	own := maps.Clone(statement)
	if len(holes) == 0 {
		return own
	}
	const operator = "StringEquals"
	condition, equals := map[string]any{}, map[string]any{}
	if given, ok := own["Condition"]; ok {
		operators, ok := given.(map[string]any)
		if !ok {
			return own // for policy.Parse to refuse
		}
		condition = maps.Clone(operators)
		if keys, ok := operators[operator].(map[string]any); ok {
			equals = maps.Clone(keys)
		} else if operators[operator] != nil {
			return own
		}
	}
	sum := sha256.Sum256([]byte(part + "\x00" + text(tree)))
	doubt := law.PlannedDoubt
	if strings.HasPrefix(part, law.PlannedBeyond) {
		doubt += law.PlannedBeyond
	}
	for _, h := range holes {
		equals[h.Key()+doubt+hex.EncodeToString(sum[:8])] = "true"
	}
	condition[operator] = equals
	own["Condition"] = condition
	return own
}

// text is a tree as text: that of another tree is another one.
func text(v any) string {
	switch v := v.(type) {
	case *Hole:
		return "hole " + strconv.Quote(v.Key())
	case Text:
		return "text " + strconv.Quote(v.variables())
	case Maybe:
		return "maybe " + text(v.Hole) + text(v.Value)
	case []any:
		var b strings.Builder
		for _, item := range v {
			b.WriteString(text(item) + ",")
		}
		return "[" + b.String() + "]"
	case map[string]any:
		var b strings.Builder
		for _, member := range sorted(v) {
			b.WriteString(strconv.Quote(member) + ":" + text(v[member]) + ",")
		}
		return "{" + b.String() + "}"
	}
	return fmt.Sprintf("%T %q", v, fmt.Sprint(v))
}
