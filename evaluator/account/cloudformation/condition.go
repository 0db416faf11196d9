package cloudformation

import (
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/spelling"
)

// A truth is what a condition evaluates to: yes, no, or not known, for a hole.
type truth struct {
	holds bool
	hole  *planned.Hole
}

// condition evaluates a condition by name. A hole says that it is not known.
func (s *stack) condition(at template.Place, name string) (holds bool, hole *planned.Hole) {
	all := s.template.Object("Conditions")
	if !all.Has(name) {
		s.missing(at, "there is no condition %s%s", spelling.Quote(name), suggestion(name, all.Names()))
		return false, &planned.Hole{Origin: "condition " + name, Why: "not a condition"}
	}
	if known, ok := s.conditions[name]; ok {
		return known.holds, known.hole
	}
	s.conditions[name] = truth{hole: &planned.Hole{Origin: "condition " + name, Why: "it leads to itself"}}
	t := s.truth(all.Place, all.Get(name))
	if t.hole != nil {
		t.hole = &planned.Hole{Origin: "condition " + name, Why: t.hole.String(), Mend: t.hole.Mend}
		switch given, _ := s.given.Value(t.hole.Origin); {
		case strings.EqualFold(given, "true"), strings.EqualFold(given, "false"):
			t = truth{holds: strings.EqualFold(given, "true")}
		default:
			s.holes[t.hole.Origin] = t.hole
		}
	}
	s.conditions[name] = t
	return t.holds, t.hole
}

// truth evaluates the expression of a condition.
func (s *stack) truth(at template.Place, v any) truth {
	if o, ok := v.(*template.Object); ok {
		at = o.Place
	}
	name, argument := template.Only(v)
	list, _ := argument.([]any)
	switch {
	case name == "Condition":
		of, _ := argument.(string)
		holds, hole := s.condition(at, of)
		return truth{holds, hole}
	case name == "Fn::Not" && len(list) == 1:
		t := s.truth(at, list[0])
		t.holds = !t.holds
		return t
	case name == "Fn::And", name == "Fn::Or":
		all := truth{holds: name == "Fn::And"}
		for _, item := range list {
			switch t := s.truth(at, item); {
			case t.hole == nil && t.holds != (name == "Fn::And"):
				return t // which settles it
			case t.hole != nil && all.hole == nil:
				all.hole = t.hole
			}
		}
		return all
	case name == "Fn::Equals" && len(list) == 2:
		return same(s.value(list[0]), s.value(list[1]))
	}
	s.fault(at, "a condition is Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition")
	return truth{hole: &planned.Hole{Origin: "condition", Why: "not a condition"}}
}

// same reports whether two values are the same text.
func same(a, b any) truth {
	x, okX := textOf(a)
	y, okY := textOf(b)
	if !okX || !okY {
		return truth{}
	}
	left, known := x.Value()
	right, both := y.Value()
	switch {
	case known && both:
		return truth{holds: left == right}
	case x.String() == y.String():
		return truth{holds: true}
	case known && !strings.HasPrefix(left, y.Prefix()), both && !strings.HasPrefix(right, x.Prefix()):
		return truth{}
	}
	return truth{hole: append(x.Holes(), y.Holes()...)[0]}
}

// suggestion is what may be meant; nothing where there is nothing.
func suggestion(name string, known []string) string {
	if len(known) == 0 {
		return ""
	}
	return spelling.Suggestion(name, known)
}
