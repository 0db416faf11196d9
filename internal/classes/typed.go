package classes

import (
	"math/big"
	"net/netip"
	"slices"

	"github.com/iamsim/iamsim/internal/typed"
)

// A scale is a type whose values lie on a line: conditions compare with
// constants, and what they can tell apart is a constant, a gap between two, and
// what is no value of the type.
type scale struct {
	parse func(string) *big.Rat // nil: the text is no value of the type
	// text is a value as a policy writes it; "" if the type has no text for it.
	text func(*big.Rat) string
	// between are values to try in a gap: at least one, if there is any.
	between func(low, high *big.Rat) []*big.Rat
}

// points are the constants, a value in each gap, one below and one above, and a
// text that is no value.
func (s *scale) points(constants []string) []string {
	var values []*big.Rat
	for _, c := range constants {
		if v := s.parse(c); v != nil {
			values = append(values, v)
		}
	}
	slices.SortFunc(values, (*big.Rat).Cmp)
	values = slices.CompactFunc(values, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
	var texts []string
	add := func(v *big.Rat) {
		if t := s.text(v); t != "" {
			texts = append(texts, t)
		}
	}
	for _, v := range values {
		add(v)
	}
	for i := range len(values) + 1 {
		var low, high *big.Rat
		if i > 0 {
			low = values[i-1]
		}
		if i < len(values) {
			high = values[i]
		}
		for _, v := range s.between(low, high) {
			add(v)
		}
	}
	for _, c := range constants { // some have no other text, such as a leap second
		if s.parse(c) != nil {
			texts = append(texts, c)
		}
	}
	return append(texts, noValue)
}

// noValue is no number, date, address, truth value or base64.
const noValue = "x"

// numbers are decimals of any length (L-9).
var numbers = scale{
	parse: parseNumber,
	text:  typed.NumberText,
	between: func(low, high *big.Rat) []*big.Rat {
		one := big.NewRat(1, 1)
		switch {
		case low == nil && high == nil:
			return []*big.Rat{one}
		case low == nil:
			return []*big.Rat{new(big.Rat).Sub(high, one)}
		case high == nil:
			return []*big.Rat{new(big.Rat).Add(low, one)}
		}
		return []*big.Rat{midpoint(low, high)}
	},
}

func midpoint(a, b *big.Rat) *big.Rat {
	sum := new(big.Rat).Add(a, b)
	return sum.Mul(sum, big.NewRat(1, 2))
}

func parseNumber(s string) *big.Rat {
	n, ok := typed.ParseNumber(s)
	if !ok {
		return nil
	}
	return n.Rat()
}

// dates are instants, as seconds since 1970 (C-16).
var dates = scale{
	parse: parseDate,
	text:  typed.InstantText,
	between: func(low, high *big.Rat) []*big.Rat {
		day, second := big.NewRat(86400, 1), big.NewRat(1, 1)
		switch {
		case low == nil && high == nil:
			return []*big.Rat{big.NewRat(1767225600, 1)} // 2026
		case low == nil:
			first := big.NewRat(typed.Earliest, 1)
			return []*big.Rat{new(big.Rat).Sub(high, day), new(big.Rat).Sub(high, big.NewRat(1, 2)), first}
		case high == nil:
			last := new(big.Rat).SetInt64(1<<63 - 1)
			return []*big.Rat{new(big.Rat).Add(low, day), new(big.Rat).Add(low, second), last}
		}
		middle := midpoint(low, high)
		whole := new(big.Rat).SetInt(new(big.Int).Div(middle.Num(), middle.Denom()))
		if whole.Cmp(low) > 0 {
			return []*big.Rat{whole, middle}
		}
		next := new(big.Rat).Add(whole, second)
		if next.Cmp(low) > 0 && next.Cmp(high) < 0 {
			return []*big.Rat{next, middle}
		}
		return []*big.Rat{middle}
	},
}

func parseDate(s string) *big.Rat {
	i, ok := typed.ParseInstant(s)
	if !ok {
		return nil
	}
	return i.Rat()
}

// addressPoints are the first and last address of each range and their
// neighbours, and the extremes of both families.
func addressPoints(ranges []string) []string {
	var texts []string
	add := func(a netip.Addr) {
		if a.IsValid() {
			texts = append(texts, a.String())
		}
	}
	for _, r := range ranges {
		p, ok := typed.Range(r)
		if !ok {
			continue
		}
		first, last := p.Addr(), lastOf(p)
		if next := first.Next(); p.Contains(next) {
			add(next) // reads better than the address of the network
		}
		add(first)
		add(last)
		add(first.Prev())
		add(last.Next())
	}
	return append(texts, "203.0.113.10", "2001:db8::1", "0.0.0.0", "255.255.255.255", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", noValue)
}

func lastOf(p netip.Prefix) netip.Addr {
	bytes := p.Addr().AsSlice()
	for bit := p.Bits(); bit < len(bytes)*8; bit++ {
		bytes[bit/8] |= 0x80 >> (bit % 8)
	}
	a, _ := netip.AddrFromSlice(bytes)
	return a
}
