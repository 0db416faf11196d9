package engine

import (
	"strings"

	"github.com/iamsim/iamsim/policy"
)

// match is how strongly the set's statements with the effect apply to the
// request: direct in sets whose statements name no principal. It stops at the
// strongest answer.
func (s *Set) match(ev *Evaluation, effect policy.Effect) Grants {
	side := s.side(effect)
	switch {
	case side.always: // as FullAWSAccess
		return Grants{Direct: yes}
	case len(side.groups) == 0:
		return Grants{}
	}
	if len(s.conditions) < fewConditions {
		return s.matchSide(ev, nil, side)
	}
	var m Memo
	if c := ev.Request.Context; ev.table != nil {
		m.table = ev.table
	} else if c.fitsTable() {
		var t contextTable
		t.fill(c)
		m.table = &t
	}
	return s.matchSide(ev, &m, side)
}

func (s *Set) matchSide(ev *Evaluation, m *Memo, side *side) Grants {
	id := uint32(0) // of the group; where everything matches there is but one
	switch side.actions.shape {
	case mixed:
		return s.matchGroups(ev, m, side)
	case named:
		if id = side.actions.find(&ev.Action); id == noGroup {
			return Grants{}
		}
	}
	x := &side.groups[id]
	return s.matchIndex(ev, m, x, Grants{})
}

func (s *Set) matchGroups(ev *Evaluation, m *Memo, side *side) Grants {
	var g Grants
	if ev.plans != nil {
		if planned, ok := ev.plans.of(side); ok {
			for i := 0; i < len(planned) && g.Direct != yes; i++ {
				g = s.matchIndex(ev, m, &side.groups[planned[i]], g)
			}
			return g
		}
	}
	var search groupSearch
	for g.Direct != yes {
		id := side.actions.next(&ev.Action, &search)
		if id == noGroup {
			break
		}
		g = s.matchIndex(ev, m, &side.groups[id], g)
	}
	return g
}

// matchIndex adds the statements of an index to g.
func (s *Set) matchIndex(ev *Evaluation, m *Memo, x *index, g Grants) Grants {
	if x.tree == nil || ev.Partly {
		return s.matchEntries(ev, m, x.entries, g)
	}
	return s.matchTree(ev, m, x, g)
}

// matchTree walks the resource from the root: what could match lies on the way.
func (s *Set) matchTree(ev *Evaluation, m *Memo, x *index, g Grants) Grants {
	t, text := x.tree, ev.Resource.Text()
	for n := &t.nodes[0]; ; {
		if n.entry < n.entryEnd {
			g = s.matchEntries(ev, m, x.entries[n.entry:n.entryEnd], g)
		}
		for i := n.grams; i < n.gramsEnd; i++ {
			g = s.matchGrams(ev, m, x, &t.grams[i], text, g)
		}
		for i := n.guard; i < n.guardEnd; i++ {
			g = s.matchGuarded(ev, m, x, &t.guards[i], g)
		}
		if g.Direct == yes || text == "" {
			return g
		}
		child := t.child(n, text[0])
		if child == 0 {
			return g
		}
		n = &t.nodes[child]
		if !strings.HasPrefix(text, n.label) {
			return g
		}
		text = text[len(n.label):]
	}
}

// matchGrams tries the entries that contain a piece of the text.
func (s *Set) matchGrams(ev *Evaluation, m *Memo, x *index, found *grams, text string, g Grants) Grants {
	for at := 0; at+found.length <= len(text) && g.Direct != yes; at++ {
		if from, to := found.pieces.find(pieceAt(text, at, found.length)); from < to {
			g = s.matchEntries(ev, m, x.entries[from:to], g)
		}
	}
	return g
}

// matchGuarded tries the entries that ask for the value that a key has.
func (s *Set) matchGuarded(ev *Evaluation, m *Memo, x *index, found *guarded, g Grants) Grants {
	var v KeyValue
	ev.load(&v, s, m, found.key)
	from, to := found.entry, found.entryEnd
	switch {
	case v.State == PresentKey, v.State == UnknownKey:
	case v.Count() != 1:
		return g // as in guardBits
	default:
		from, to = found.values.find(hashValue(v.At(0)))
	}
	return s.matchEntries(ev, m, x.entries[from:to], g)
}

func (s *Set) matchEntries(ev *Evaluation, m *Memo, entries []entry, g Grants) Grants {
	if ev.visits != nil {
		ev.visits.entries += len(entries)
	}
	guarded, bits := noKey, ^uint64(0)
	for i := range entries {
		e := &entries[i]
		if e.guard.key != guarded {
			guarded, bits = e.guard.key, ^uint64(0)
			if guarded != noKey {
				bits = s.guardBits(ev, m, guarded)
			}
		}
		if e.guard.bits&bits == 0 || e.shared != 0 && m != nil && ev.conditionHolds(s, m, e.shared-1) == no {
			continue
		}
		t := yes
		if !e.onPath || ev.Partly {
			t = e.matchesResource(ev, s, m)
		}
		if t == no {
			continue
		}
		if t == yes && e.bare {
			g.Direct = yes
			break
		}
		if g = g.or(s.statements[e.statement].appliesTo(ev, s, m, t)); g.Direct == yes {
			break
		}
	}
	return g
}

// matchesResource compares the resource with the entry's pattern, or with all that
// its statement says of resources.
func (e *entry) matchesResource(ev *Evaluation, s *Set, m *Memo) truth {
	st := &s.statements[e.statement]
	if e.pattern == everyResource {
		return st.ResourceMatches(ev, s, m)
	}
	p := &st.Resources[e.pattern]
	if p.template == nil && !ev.Partly {
		return truthOf(p.MatchFields(&ev.Resource, nil))
	}
	return p.matchesResource(ev, s, m)
}
