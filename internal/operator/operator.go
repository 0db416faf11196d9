// Package operator says what the operator of a condition means, to the engine for
// the values of one request, and to a search for all values that a key can have.
// The caller decides how a value matches.
package operator

import (
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/logic"
	"github.com/iamsim/iamsim/policy"
)

// Holds decides a condition, but for Null, on a key that has n values of the
// request: the table of C.2, absent keys (C-20…C-24), set operators
// (C-30…C-38). satisfied answers for value i, see [Satisfied]. On a key
// with one value every operator holds where that value is satisfied.
func Holds(o policy.Operator, n int, satisfied func(i int) logic.Truth) logic.Truth {
	switch {
	case n == 0:
		return logic.Of(HoldsAbsent(o))
	case o.Set == policy.ForAllValues:
		all := logic.Yes
		for i := 0; i < n && all != logic.No; i++ {
			all = min(all, satisfied(i))
		}
		return all
	case o.Set == policy.ForAnyValue:
		some := logic.No
		for i := 0; i < n && some != logic.Yes; i++ {
			some = max(some, satisfied(i))
		}
		return some
	case n > 1:
		return logic.No // C-37, for negated operators too
	}
	return satisfied(0)
}

// HoldsAbsent reports whether a condition, but for Null, holds for an absent
// key: ForAnyValue never does, not even with IfExists (C-34); ForAllValues and
// IfExists always (C-31, C-21); else negated operators do (C-22).
func HoldsAbsent(o policy.Operator) bool {
	if o.Set == policy.ForAnyValue {
		return false
	}
	return o.Set == policy.ForAllValues || o.IfExists || o.Negated()
}

// Satisfied decides a condition for one value, which matches one of the
// policy's values or not: a negated operator is satisfied where it matches none
// (C-1, C-2, C-33).
func Satisfied(o policy.Operator, matches logic.Truth) logic.Truth {
	if o.Negated() {
		return matches.Not()
	}
	return matches
}

// Existence are the values of a Null condition (C-20, L-11).
type Existence struct {
	Absent  bool // "true" is listed: the key must be absent
	Present bool // "false" is listed: the key must exist
}

// Add adds a value of the policy, which is true or false.
func (e *Existence) Add(value string) {
	if fold.Equal(value, "true") {
		e.Absent = true
	} else {
		e.Present = true
	}
}

// Holds decides the condition for a key that exists or not. A list of both
// values always holds.
func (e Existence) Holds(exists logic.Truth) logic.Truth {
	switch {
	case e.Absent && e.Present:
		return logic.Yes
	case e.Absent:
		return exists.Not()
	case e.Present:
		return exists
	}
	return logic.No
}
