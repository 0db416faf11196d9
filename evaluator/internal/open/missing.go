package open

import (
	"slices"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
)

// Missing finds the keys that the request does not give and that could change
// the outcome, and says whether it names none in vain. A decision that stays
// whatever they are needs none of them.
func Missing(ev *engine.Evaluation) (names []string, exact bool) {
	x := explore(ev, whatIsMissing)
	if x == nil {
		return nil, true
	}
	// What is open beside keys, such as the resource, can hide what they do.
	exact = x.keysAlone()
	asked := x.diagram.asked(len(x.keys))
	for i, k := range x.keys {
		if exact && asked[i] || !exact && (k.named || k.rule) {
			names = append(names, k.name)
		}
	}
	slices.Sort(names)
	return names, exact
}

// keysAlone reports whether nothing but the open keys leaves the decision open.
func (x *exploration) keysAlone() bool {
	return x.exact && x.root != openLeaf && !x.diagram.leads(openLeaf)
}

// Settled is the decision that holds whatever the unknown keys are, where the
// conservative one is indeterminate: k equals a or k differs from a.
func Settled(ev *engine.Evaluation) (d engine.Decision, ok bool) {
	x := explore(ev, whetherSettled)
	if x == nil || !x.exact {
		return engine.Decision{}, false
	}
	switch x.root {
	case allowedLeaf:
		return engine.AllowedDecision(), true
	case deniedLeaf:
		return x.denied, true
	}
	return engine.Decision{}, false
}
