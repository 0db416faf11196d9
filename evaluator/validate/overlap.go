package validate

import "github.com/iamsim/iamsim/internal/variable"

// longestARN is longer than any ARN. What is longer is taken to overlap with all.
const longestARN = 4096

// overlap reports whether a text can match two patterns. Policy variables are
// taken for stars.
func overlap(a, b string) bool {
	if len(a) > longestARN || len(b) > longestARN {
		return true
	}
	if variable.Has(b) {
		b = anyValue(b)
	}
	for a != "" && b != "" && a[0] != '*' && b[0] != '*' {
		if a[0] != b[0] && a[0] != '?' && b[0] != '?' {
			return false
		}
		a, b = a[1:], b[1:]
	}
	// Of each beginning of b, whether it and the beginning of a that was read have a
	// text in common.
	row := make([]bool, len(b)+1)
	row[0] = true
	for j := 0; j < len(b) && b[j] == '*'; j++ {
		row[j+1] = true
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = row[0] && a[i] == '*'
		for j := range len(b) {
			above := row[j+1]
			switch {
			case a[i] == '*' || b[j] == '*':
				// A star takes nothing, or one more character of the other pattern.
				row[j+1] = above || row[j]
			default:
				row[j+1] = diagonal && (a[i] == b[j] || a[i] == '?' || b[j] == '?')
			}
			diagonal = above
		}
	}
	return row[len(b)]
}
