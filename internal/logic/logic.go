// Package logic has the truth values of a decision in which something may not
// be known.
package logic

// Truth is a value of three-valued logic: what an unknown context key leaves
// open is Maybe. The order No < Maybe < Yes makes conjunction the minimum and
// disjunction the maximum. The zero Truth is No.
type Truth uint8

// The truth values.
const (
	No Truth = iota
	Maybe
	Yes
)

// Of is Yes for true and No for false.
func Of(b bool) Truth {
	if b {
		return Yes
	}
	return No
}

// Not is the negation: Maybe stays Maybe.
func (t Truth) Not() Truth { return Yes - t }
