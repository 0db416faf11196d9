package classes

import "errors"

// A Class is values for which every condition gives the same answer.
type Class struct {
	// Values of the class as a request would have them; none: the key is absent.
	Values []string
	// Holds says of each condition whether it holds.
	Holds []bool
}

// ErrBudget is the error of [Of] where there may be more classes than were
// found: the budget is used up, or the key is compared as values of several
// types.
var ErrBudget = errors.New("not all classes of values are known")

// Of lists all classes of values that the conditions on one key tell apart, in
// the order of what holds, true first. It returns what it found along with an
// error.
func Of(conditions []Condition, o Options) ([]Class, error) {
	k, err := NewKey(conditions, o)
	if err != nil {
		return nil, err
	}
	return k.Classes()
}

// division is what a step of the search for classes costs besides the states
// that it visits.
const division = 32

// Classes lists all classes of values, as [Of] does.
func (k *Key) Classes() ([]Class, error) {
	var list []Class
	known := true
	var holds, fails []int
	var divide func(i int)
	divide = func(i int) {
		if known = known && k.o.Budget.Spend(division); !known {
			return
		}
		values, a, _ := k.Find(holds, fails)
		switch {
		case a == None:
			return
		case a == NotKnown:
			known = false
			return
		case i < len(k.conditions):
			holds = append(holds, i)
			divide(i + 1)
			holds = holds[:len(holds)-1]
			fails = append(fails, i)
			divide(i + 1)
			fails = fails[:len(fails)-1]
			return
		}
		c := Class{Holds: make([]bool, len(k.conditions))}
		for _, i := range holds {
			c.Holds[i] = true
		}
		for _, w := range values {
			text, ok := w.Text()
			known = known && ok
			c.Values = append(c.Values, text)
		}
		list = append(list, c)
	}
	divide(0)
	if !known {
		return list, ErrBudget
	}
	return list, nil
}
