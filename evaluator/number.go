package evaluator

import (
	"strings"

	"github.com/iamsim/iamsim/policy"
)

// A decimal is a number of any length, compared exactly (L-9): its sign and
// its digits without zeros that change nothing. The zero decimal is 0.
type decimal struct {
	negative        bool
	whole, fraction string
}

// parseDecimal takes an optional sign, digits, and an optional fraction: no
// exponent, no blanks, and nothing after the number (L-9).
func parseDecimal(s string) (decimal, bool) {
	var d decimal
	if s != "" && (s[0] == '-' || s[0] == '+') {
		d.negative = s[0] == '-'
		s = s[1:]
	}
	whole, fraction, dot := strings.Cut(s, ".")
	if !isDigits(whole) || dot && !isDigits(fraction) {
		return decimal{}, false
	}
	d.whole = strings.TrimLeft(whole, "0")
	d.fraction = strings.TrimRight(fraction, "0")
	if d.whole == "" && d.fraction == "" {
		d.negative = false
	}
	return d, true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func (d *decimal) compare(e *decimal) int {
	switch {
	case d.negative != e.negative && d.negative:
		return -1
	case d.negative != e.negative:
		return 1
	case d.negative:
		d, e = e, d
	}
	if len(d.whole) != len(e.whole) {
		return len(d.whole) - len(e.whole)
	}
	if c := strings.Compare(d.whole, e.whole); c != 0 {
		return c
	}
	return strings.Compare(d.fraction, e.fraction)
}

// anyDecimal reports whether the value is a number that stands in the
// operator's relation to one of the list.
func anyDecimal(list []decimal, test policy.Test, value string) bool {
	d, ok := parseDecimal(value)
	if !ok {
		return false
	}
	for i := range list {
		if test.Relates(d.compare(&list[i])) {
			return true
		}
	}
	return false
}
