package typed

import (
	"math/big"
	"strings"
)

// A Number is a decimal of any length, compared exactly (L-9): its sign and its
// digits without zeros that change nothing. The zero Number is 0.
type Number struct {
	negative        bool
	whole, fraction string
}

// ParseNumber reads an optional sign, digits, and an optional fraction: no
// exponent, no blanks, and nothing after the number (L-9).
func ParseNumber(s string) (n Number, ok bool) {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		n.negative = s[0] == '-'
		s = s[1:]
	}
	whole, fraction, dot := strings.Cut(s, ".")
	if !isDigits(whole) || dot && !isDigits(fraction) {
		return Number{}, false
	}
	n.whole = strings.TrimLeft(whole, "0")
	n.fraction = strings.TrimRight(fraction, "0")
	n.negative = n.negative && (n.whole != "" || n.fraction != "") // -0 is 0
	return n, true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// Compare is below, at or above 0 as n is below, equal to or above o.
func (n *Number) Compare(o *Number) int {
	switch {
	case n.negative != o.negative && n.negative:
		return -1
	case n.negative != o.negative:
		return 1
	case n.negative:
		n, o = o, n
	}
	if len(n.whole) != len(o.whole) {
		return len(n.whole) - len(o.whole)
	}
	if c := strings.Compare(n.whole, o.whole); c != 0 {
		return c
	}
	return strings.Compare(n.fraction, o.fraction)
}

// Rat is the number as a fraction, to find numbers between others.
func (n *Number) Rat() *big.Rat {
	v := decimal(n.whole, n.fraction)
	if n.negative {
		v.Neg(v)
	}
	return v
}

// decimal is the number with these digits.
func decimal(whole, fraction string) *big.Rat {
	v, _ := new(big.Rat).SetString("0" + whole + "." + fraction + "0")
	return v
}

// NumberText is a number as a policy writes it. The fraction must have a
// finite decimal.
func NumberText(v *big.Rat) string {
	if v.IsInt() {
		return v.Num().String()
	}
	digits, _ := v.FloatPrec()
	return v.FloatString(digits)
}
