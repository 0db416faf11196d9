package evaluator

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/policy"
)

// match is how strongly the set's statements with the effect apply to the
// request: direct in sets whose statements name no principal. It stops at the
// strongest answer.
func (s *Set) match(ev *evaluation, effect policy.Effect) grants {
	side := s.side(effect)
	if len(side.groups) == 0 {
		return grants{}
	}
	if len(s.conditions) < fewConditions {
		return s.matchSide(ev, nil, side)
	}
	var m memo
	if c := ev.request.Context; ev.table != nil {
		m.table = ev.table
	} else if fewKeys < len(c) && len(c) <= mostKeys {
		var t contextTable
		t.fill(c)
		m.table = &t
	}
	return s.matchSide(ev, &m, side)
}

func (s *Set) matchSide(ev *evaluation, m *memo, side *side) grants {
	id := uint32(0) // of the group; where everything matches there is but one
	switch side.actions.shape {
	case mixed:
		return s.matchGroups(ev, m, side)
	case named:
		if id = side.actions.find(&ev.action); id == noGroup {
			return grants{}
		}
	}
	x := &side.groups[id]
	if x.tree == nil {
		return s.matchEntries(ev, m, x.entries, grants{})
	}
	return s.matchTree(ev, m, x, grants{})
}

func (s *Set) matchGroups(ev *evaluation, m *memo, side *side) grants {
	var g grants
	if ev.plans != nil {
		if planned, ok := ev.plans.of(side); ok {
			for i := 0; i < len(planned) && g.direct != yes; i++ {
				g = s.matchIndex(ev, m, &side.groups[planned[i]], g)
			}
			return g
		}
	}
	var search groupSearch
	for g.direct != yes {
		id := side.actions.next(&ev.action, &search)
		if id == noGroup {
			break
		}
		g = s.matchIndex(ev, m, &side.groups[id], g)
	}
	return g
}

// matchIndex adds the statements of an index to g.
func (s *Set) matchIndex(ev *evaluation, m *memo, x *index, g grants) grants {
	if x.tree == nil {
		return s.matchEntries(ev, m, x.entries, g)
	}
	return s.matchTree(ev, m, x, g)
}

// matchTree walks the resource from the root: what could match lies on the way.
func (s *Set) matchTree(ev *evaluation, m *memo, x *index, g grants) grants {
	t, text := x.tree, ev.resource.Text()
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
		if g.direct == yes || text == "" {
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
func (s *Set) matchGrams(ev *evaluation, m *memo, x *index, found *grams, text string, g grants) grants {
	for at := 0; at+found.length <= len(text) && g.direct != yes; at++ {
		if from, to := found.pieces.find(pieceAt(text, at, found.length)); from < to {
			g = s.matchEntries(ev, m, x.entries[from:to], g)
		}
	}
	return g
}

// matchGuarded tries the entries that ask for the value that a key has.
func (s *Set) matchGuarded(ev *evaluation, m *memo, x *index, found *guarded, g grants) grants {
	var v keyValue
	ev.load(&v, s, m, found.key)
	from, to := found.entry, found.entryEnd
	switch {
	case v.state == presentKey, v.state == unknownKey:
	case v.count() != 1:
		return g // as in guardBits
	default:
		from, to = found.values.find(hashValue(v.at(0)))
	}
	return s.matchEntries(ev, m, x.entries[from:to], g)
}

func (s *Set) matchEntries(ev *evaluation, m *memo, entries []entry, g grants) grants {
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
		st := &s.statements[e.statement]
		var t truth
		if e.pattern == everyResource {
			t = st.resourceMatches(ev, s, m)
		} else if p := &st.resources[e.pattern]; p.template == nil && !ev.options.StarCrossesSegments {
			t = truthOf(p.MatchFields(&ev.resource, nil))
		} else {
			t = p.matchesFields(ev, s, m, &ev.resource, ev.options.StarCrossesSegments)
		}
		if t == no {
			continue
		}
		if t == yes && !st.namesPrincipal && len(st.conditions) == 0 {
			g.direct = yes
			break
		}
		if g = g.or(st.appliesTo(ev, s, m, t)); g.direct == yes {
			break
		}
	}
	return g
}

// guardBits are the bits of guards that the value of a key passes: none where
// StringEquals cannot hold, all where that is not known.
func (s *Set) guardBits(ev *evaluation, m *memo, key uint32) uint64 {
	var v keyValue
	ev.load(&v, s, m, key)
	switch {
	case v.state == presentKey, v.state == unknownKey:
		return ^uint64(0)
	case v.count() != 1: // absent (C-22), or multivalued (C-37)
		return 0
	}
	return valueBit(v.at(0))
}

// guarding is the operator of the conditions that guards are made of.
var guarding = policy.Operator{Test: policy.StringEquals}

// guardOf is the guard of a statement, and the condition that it is made of:
// the first StringEquals with literal values, tested before anything else.
func (s *Set) guardOf(st *statement) (guard, *condition) {
	for _, id := range st.conditions {
		c := &s.conditions[id]
		if c.operator != guarding || len(c.patterns) > 0 || len(c.texts)+len(c.values().members) == 0 {
			continue
		}
		g := guard{key: c.key}
		c.eachText(func(text string) { g.bits |= valueBit(text) })
		return g, c
	}
	return open, nil
}

// eachText visits the literal values, in a stable order.
func (c *condition) eachText(visit func(string)) {
	for i := range c.texts {
		visit(c.texts[i].text)
	}
	for _, text := range slices.Sorted(maps.Keys(c.values().members)) {
		visit(text)
	}
}

// sharedOf is a condition of the statement that has a place in the memo, 1 +
// its index; the guard looks at another one.
func (s *Set) sharedOf(st *statement) uint32 {
	for _, id := range st.conditions {
		if c := &s.conditions[id]; c.shared != 0 && c.operator != guarding {
			return id + 1
		}
	}
	return 0
}

// A memo holds what one request makes of a set's keys and conditions, so that
// each is worked out once however many statements ask. A nil memo remembers
// nothing. What lies beyond its size is worked out each time.
type memo struct {
	keys       [64]int32  // by index into Set.keys: where the value is
	conditions [128]uint8 // by condition.shared: 1 + truth

	addressText string // the last value read as an address, and what it is
	address     netip.Addr

	table *contextTable // of the request's context; nil if there is none
}

// fewConditions are not worth a memo.
const fewConditions = 4

// Where the value of a key is, in memo.keys; from inContext on it is the
// place in the request's context.
const (
	notSought int32 = iota
	nowhere
	inDerivation
	inContext
)

// load fills v, which is empty, with the value of a key of the set.
func (ev *evaluation) load(v *keyValue, s *Set, m *memo, key uint32) {
	k := &s.keys[key]
	switch {
	case m == nil:
		ev.valueAt(v, k, ev.seek(k, ev.table))
		return
	case int(key) >= len(m.keys):
		ev.valueAt(v, k, ev.seek(k, m.table))
		return
	case m.keys[key] == notSought:
		m.keys[key] = ev.seek(k, m.table)
	}
	ev.valueAt(v, k, m.keys[key])
}

// conditionHolds decides a condition of the set.
func (ev *evaluation) conditionHolds(s *Set, m *memo, id uint32) truth {
	if ev.visits != nil {
		ev.visits.conditions++
	}
	c := &s.conditions[id]
	if m == nil || c.shared == 0 {
		return c.holds(ev, s, m)
	}
	known := &m.conditions[c.shared-1]
	if *known == 0 {
		*known = 1 + uint8(c.holds(ev, s, m))
	}
	return truth(*known - 1)
}
