package fix

import (
	"context"
	"fmt"
	"slices"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/policy"
)

// A finder looks for the changes that allow one request.
type finder struct {
	ctx    context.Context
	denied *Denied
	trials *trials // nil: what else a change allows is not tried
}

func newFinder(ctx context.Context, d *Denied, s *state) *finder {
	return &finder{ctx: ctx, denied: d, trials: newTrials(d, s)}
}

// An edit is a change on its way: where it stands, and the state after it.
type edit struct {
	policy.Slot
	document int // in the slot; as many as there are for a new one
	after    *policy.Document
	change   Change
	others   string // whom else it is for, in words
	state    *state
}

const everybody = "everybody"

// A deadEnd is a request that no policy allows.
type deadEnd struct{ reason, instead string }

// A need is what keeps a request from being allowed: a Deny that applies, or a
// layer without Allow.
type need struct {
	policy.Slot
	layer     *trace.Layer
	statement *trace.Statement // the Deny; nil for an Allow that is missing
	document  int              // of the Deny, in its slot
}

// search makes one change after the other until the request is allowed.
func (q *finder) search(s *state) ([]edit, *deadEnd) {
	var edits []edit
	for range mostChanges {
		x := s.explain()
		if x.Decision().Allowed() {
			return edits, nil
		}
		layers := x.Layers()
		n, dead := s.next(layers)
		if dead != nil {
			return nil, dead
		}
		e, ok := q.choose(s, n, q.candidates(s, n))
		if !ok {
			return nil, s.deadEnd(n, q.candidates(s, n))
		}
		edits = append(edits, e)
		s = e.state
	}
	return nil, &deadEnd{fmt.Sprintf("more than %d statements stand in its way", mostChanges), "simplify the policies first"}
}

// next is what to change first: what surely denies, then what may.
func (s *state) next(layers []trace.Layer) (need, *deadEnd) {
	if len(layers) > 0 && layers[0].Layer == policy.RuleLayer {
		return need{}, s.refused(layers[0].Note)
	}
	for _, at := range []trace.Match{trace.Matches, trace.MayMatch} {
		for i := range layers {
			if n, ok := s.denying(&layers[i], at); ok {
				return n, nil
			}
		}
		for i := range layers {
			l := &layers[i]
			lacks := l.Outcome == evaluator.ImplicitDeny
			if at == trace.MayMatch {
				lacks = l.Outcome == evaluator.Indeterminate && !grants(l)
			}
			if l.Asked && lacks {
				return need{Slot: s.slotFor(l), layer: l}, nil
			}
		}
	}
	return need{}, &deadEnd{
		"no layer stands in its way, but a rule may: what the request leaves unknown decides (G-4, L-4)",
		"say more about the request: the account of its resource, its context keys",
	}
}

// denying is the first Deny of a layer that matches so surely.
func (s *state) denying(l *trace.Layer, sure trace.Match) (need, bool) {
	if !l.Binds {
		return need{}, false
	}
	for i := range l.Policies {
		for k := range l.Policies[i].Statements {
			if st := &l.Policies[i].Statements[k]; st.Effect == policy.Deny && st.Match == sure {
				at, document := s.locate(l, i)
				return need{Slot: at, layer: l, statement: st, document: document}, true
			}
		}
	}
	return need{}, false
}

// grants reports whether an Allow of the layer surely applies.
func grants(l *trace.Layer) bool {
	return slices.ContainsFunc(l.Policies, func(p trace.Policy) bool {
		return slices.ContainsFunc(p.Statements, func(st trace.Statement) bool {
			return st.Effect == policy.Allow && st.Match == trace.Matches
		})
	})
}

// locate finds a policy of a layer: the layer of resource-based policies has
// those of all points of attachment.
func (s *state) locate(l *trace.Layer, i int) (policy.Slot, int) {
	at := l.Layer.At(l.Level)
	if !isOfResource(at) {
		return at, i
	}
	for level, docs := range s.policies.Levels(at.Layer) {
		if i < len(docs) {
			return at.Layer.At(level), i
		}
		i -= len(docs)
	}
	return at, i
}

// isOfResource reports whether a slot has policies of a resource, a role's trust
// policy among them.
func isOfResource(at policy.Slot) bool {
	return at.Layer == policy.ResourceLayer || at.Layer == policy.TrustLayer
}

// slotFor is where an Allow of a layer belongs: of several points of attachment
// the last, which is the most special.
func (s *state) slotFor(l *trace.Layer) policy.Slot {
	at := l.Layer.At(l.Level)
	if isOfResource(at) {
		at.Level = max(0, s.policies.Count(at.Layer)-1)
	}
	return at
}

// candidates are changes that may do, the smallest first.
func (q *finder) candidates(s *state, n need) []edit {
	if n.statement != nil {
		return q.exceptions(s, n)
	}
	return s.grants(n)
}

// choose takes the first change that helps and allows nothing else; where all
// allow something else, the one that allows the least.
func (q *finder) choose(s *state, n need, candidates []edit) (best edit, found bool) {
	least := mostBeyond
	for _, e := range candidates {
		docs := slices.Clone(s.policies.At(e.Slot))
		if e.document == len(docs) {
			docs = append(docs, policy.Attached{Name: newPolicyName, Document: e.after})
		} else {
			if s.outgrows(e.Slot, &docs[e.document], e.after) {
				continue
			}
			docs[e.document].Name = docs[e.document].DisplayName()
			docs[e.document].Document = e.after
		}
		after, err := s.with(e.Slot, docs)
		if err != nil || !n.met(after.explain().Layers()) {
			continue
		}
		e.state = after
		e.change.Layer, e.change.Level, e.change.Document = n.layer.Layer, e.Level, e.after
		if q.trials == nil {
			return e, true
		}
		more := q.trials.beyond(s, after, &e, least)
		if e.others != "" {
			more.first, more.count = slices.Insert(more.first, 0, e.others), more.count+1
		}
		if !found || more.count < least {
			best, least, found = e, more.count, true
			best.change.Beyond, best.change.Tried = more.words(), more.tried
		}
		if more.count == 0 {
			break
		}
	}
	if !found {
		return edit{}, false
	}
	best.change.Proved = least == 0 && q.proved(s, &best)
	return best, true
}

const newPolicyName = "new policy"

// met reports whether the layers no longer have the need.
func (n *need) met(layers []trace.Layer) bool {
	i := slices.IndexFunc(layers, func(l trace.Layer) bool { return l.Layer == n.layer.Layer && l.Level == n.layer.Level })
	switch {
	case i < 0:
		return true // it is not asked any more
	case n.statement != nil:
		return denies(&layers[i]) < denies(n.layer)
	}
	return layers[i].Outcome != evaluator.ImplicitDeny && grants(&layers[i])
}

// denies counts the Deny statements that apply, or may.
func denies(l *trace.Layer) int {
	n := 0
	for i := range l.Policies {
		for k := range l.Policies[i].Statements {
			if st := &l.Policies[i].Statements[k]; st.Effect == policy.Deny && st.Match != trace.NoMatch {
				n++
			}
		}
	}
	return n
}
