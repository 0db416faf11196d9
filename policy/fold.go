package policy

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
// them is the one that was asked for.
func (x *conditionIndex) find(before []Condition, operator Operator, key string) (first int, found bool) {
	if len(before) < short {
		for i := range before {
			if before[i].Operator == operator && equalFold(before[i].Key, key) {
				return i, true
			}
		}
		return 0, false
	}
	if x.hashed == nil {
		x.hashed = make(map[conditionName]int)
		for i := range before {
			name := conditionName{before[i].Operator, lower(before[i].Key)}
			if _, found := x.hashed[name]; !found {
				x.hashed[name] = i
			}
		}
	}
	name := conditionName{operator, lower(key)}
	if first, found = x.hashed[name]; !found {
		x.hashed[name] = len(before)
	}
	return first, found
}

// equalFold compares identifiers: ASCII letters without case, all else as it is
// (L-12).
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if a[i] != b[i] && lowerByte(a[i]) != lowerByte(b[i]) {
			return false
		}
	}
	return true
}

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

func lower(s string) string {
	for i := range len(s) {
		if lowerByte(s[i]) != s[i] {
			b := []byte(s)
			for j := i; j < len(b); j++ {
				b[j] = lowerByte(b[j])
			}
			return string(b)
		}
	}
	return s
}
