package evaluator

// truth is the value of a rule in three-valued logic: what an unknown context
// key leaves open is maybe. The order no < maybe < yes makes conjunction the
// minimum and disjunction the maximum.
type truth uint8

const (
	no truth = iota
	maybe
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (t truth) not() truth { return yes - t }
