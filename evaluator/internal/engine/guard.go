package engine

import (
	"maps"
	"slices"

	"github.com/iamsim/iamsim/policy"
)

// A guard turns most entries away without a look at the statement: bits of the
// values that one context key must equal.
type guard struct {
	bits uint64
	key  uint32 // index into Set.keys; noKey: no guard
}

const noKey = ^uint32(0)

var open = guard{bits: ^uint64(0), key: noKey}

// valueBit is the bit of a value in a guard.
func valueBit(value string) uint64 { return 1 << (hashValue(value) >> 58) }

// hashValue hashes a value of a context key, letter case and all.
func hashValue(value string) uint64 { return hash(value, 0) * hashPrime }

// guardBits are the bits of guards that the value of a key passes: none where
// StringEquals cannot hold, all where that is not known.
func (s *Set) guardBits(ev *Evaluation, m *Memo, key uint32) uint64 {
	var v KeyValue
	ev.load(&v, s, m, key)
	switch {
	case v.State == PresentKey, v.State == UnknownKey:
		return ^uint64(0)
	case v.Count() != 1: // absent (C-22), or multivalued (C-37)
		return 0
	}
	return valueBit(v.At(0))
}

// guarding is the operator of the conditions that guards are made of.
var guarding = policy.Operator{Test: policy.StringEquals}

// guardOf is the guard of a statement, and the condition that it is made of:
// the first StringEquals with literal values, tested before anything else.
func (s *Set) guardOf(st *Statement) (guard, *Condition) {
	for _, id := range st.Conditions {
		c := &s.conditions[id]
		if c.Operator != guarding || len(c.patterns) > 0 || len(c.texts)+len(c.values().members) == 0 {
			continue
		}
		g := guard{key: c.Key}
		c.eachText(func(text string) { g.bits |= valueBit(text) })
		return g, c
	}
	return open, nil
}

// eachText visits the literal values, in a stable order.
func (c *Condition) eachText(visit func(string)) {
	for i := range c.texts {
		visit(c.texts[i].text)
	}
	if members := c.values().members; len(members) > 0 {
		for _, text := range slices.Sorted(maps.Keys(members)) {
			visit(text)
		}
	}
}

// sharedOf is a condition of the statement that has a place in the memo, 1 +
// its index; the guard looks at another one.
func (s *Set) sharedOf(st *Statement) uint32 {
	for _, id := range st.Conditions {
		if c := &s.conditions[id]; c.shared != 0 && c.Operator != guarding {
			return id + 1
		}
	}
	return 0
}
