package policy

import "github.com/iamsim/iamsim/internal/fold"

// short is how many names are compared one by one; more are hashed, so that no
// document costs more than its length.
const short = 16

// A conditionIndex finds a condition among those before it. The zero value is
// ready; it serves one list that only grows.
type conditionIndex struct {
	hashed map[conditionName]int
}

type conditionName struct {
	operator Operator
	key      string // in lower case
}

// find is the index of the condition of the operator and key among those
// before, keys compared without case (C-3). If there is none, the next to join
// them must be that condition.
func (x *conditionIndex) find(before []Condition, operator Operator, key string) (first int, found bool) {
	if len(before) < short {
		for i := range before {
			if before[i].Operator == operator && fold.Equal(before[i].Key, key) {
				return i, true
			}
		}
		return 0, false
	}
	if x.hashed == nil {
		x.hashed = make(map[conditionName]int)
		for i := range before {
			name := conditionName{before[i].Operator, fold.String(before[i].Key)}
			if _, found := x.hashed[name]; !found {
				x.hashed[name] = i
			}
		}
	}
	name := conditionName{operator, fold.String(key)}
	if first, found = x.hashed[name]; !found {
		x.hashed[name] = len(before)
	}
	return first, found
}
