package engine

import "net/netip"

// A Memo holds what one request makes of a set's keys and conditions, so that
// each is worked out once however many statements ask. A nil memo remembers
// nothing. What lies beyond its size is worked out each time.
type Memo struct {
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
func (ev *Evaluation) load(v *KeyValue, s *Set, m *Memo, key uint32) {
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
func (ev *Evaluation) conditionHolds(s *Set, m *Memo, id uint32) truth {
	if ev.visits != nil {
		ev.visits.conditions++
	}
	c := &s.conditions[id]
	if m == nil || c.shared == 0 {
		return c.Holds(ev, s, m)
	}
	known := &m.conditions[c.shared-1]
	if *known == 0 {
		*known = 1 + uint8(c.Holds(ev, s, m))
	}
	return truth(*known - 1)
}
