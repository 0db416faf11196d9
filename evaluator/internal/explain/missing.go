package explain

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/evaluator/internal/open"
)

// A missing has the keys that the request does not give and that decide.
type missing struct {
	names, notCarried []string
	exact             bool
}

// makeMissing finds them, and parts those that no request for the action has.
func makeMissing(ev *engine.Evaluation, by Catalog) *missing {
	var m missing
	names, exact := open.Missing(ev)
	for _, name := range names {
		if isCarried(ev.Request.Action, name, by) {
			m.names = append(m.names, name)
		} else {
			m.notCarried = append(m.notCarried, name)
		}
	}
	m.exact = exact
	return &m
}

// isCarried reports whether a request for the action can have a context key. A
// name with two colons is the parameter of a template, such as ${AWS::Region},
// that nobody put in.
func isCarried(action, key string, by Catalog) bool {
	if strings.Contains(key, "::") {
		return false
	}
	if by == nil {
		return true
	}
	a, knowsAction := by.Action(action)
	k, knowsKey := by.Key(key)
	return !knowsAction || !knowsKey || by.Carries(a, k)
}

// Missing are the context keys that the request does not give and that could
// change whether it is allowed: those for which, for some values of the others
// that are not given, changing the one alone does. It is exact for up to twelve
// keys, unless two of them are compared with each other; otherwise it may name
// a key too many, never one too few, see [Explanation.MissingIsExact]. A key
// that no policy tests with ForAllValues or ForAnyValue is taken to have one
// value at most. Keys of [Explanation.NotCarried] are not among them.
func (x *Explanation) Missing() []string {
	if x.missing == nil {
		return nil
	}
	return slices.Clone(x.missing().names)
}

// NotCarried are the context keys that would be Missing, and that no request for
// the action has: by the engine's catalogue, or since they are parameters of a
// template, such as AWS::Region, that nobody put in.
func (x *Explanation) NotCarried() []string {
	if x.missing == nil {
		return nil
	}
	return slices.Clone(x.missing().notCarried)
}

// MissingIsExact reports whether Missing names no key in vain.
func (x *Explanation) MissingIsExact() bool { return x.missing == nil || x.missing().exact }
