package classes

import (
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/iamsim/iamsim/internal/typed"
	"github.com/iamsim/iamsim/policy"
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

// compare is the test of a value against constants; those that are no value of
// the type match nothing (C-17).
func (s *scale) compare(t policy.Test, constants []string) func(string) bool {
	var values []*big.Rat
	for _, c := range constants {
		if v := s.parse(c); v != nil {
			values = append(values, v)
		}
	}
	return func(text string) bool {
		v := s.parse(text)
		return v != nil && slices.ContainsFunc(values, func(c *big.Rat) bool { return t.Relates(v.Cmp(c)) })
	}
}

// numbers are decimals of any length (L-9).
var numbers = scale{
	parse: parseNumber,
	text: func(v *big.Rat) string {
		if v.IsInt() {
			return v.Num().String()
		}
		digits, _ := v.FloatPrec()
		return v.FloatString(digits)
	},
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
	whole, fraction, dot := strings.Cut(strings.TrimLeft(s, "+-"), ".")
	signs := len(s) - len(strings.TrimLeft(s, "+-"))
	if signs > 1 || !isDigits(whole) || dot && !isDigits(fraction) {
		return nil
	}
	v, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil
	}
	return v
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// dates are instants, as seconds since 1970 (C-16).
var dates = scale{
	parse: parseDate,
	text: func(v *big.Rat) string {
		seconds := new(big.Int).Div(v.Num(), v.Denom()) // rounds down
		if !seconds.IsInt64() {
			return ""
		}
		fraction := new(big.Rat).Sub(v, new(big.Rat).SetInt(seconds))
		at := time.Unix(seconds.Int64(), 0).UTC()
		if at.Year() < 0 || at.Year() > 9999 {
			if text := seconds.String(); fraction.Sign() == 0 && isDigits(text) {
				return text
			}
			return ""
		}
		text := at.Format("2006-01-02T15:04:05")
		if fraction.Sign() != 0 {
			digits, _ := fraction.FloatPrec()
			text += strings.TrimPrefix(fraction.FloatString(digits), "0")
		}
		return text + "Z"
	},
	between: func(low, high *big.Rat) []*big.Rat {
		day := big.NewRat(86400, 1)
		switch {
		case low == nil && high == nil:
			return []*big.Rat{big.NewRat(1767225600, 1)} // 2026
		case low == nil:
			first := big.NewRat(-62167219200, 1) // the year 0
			return []*big.Rat{new(big.Rat).Sub(high, day), new(big.Rat).Sub(high, big.NewRat(1, 2)), first}
		case high == nil:
			last := new(big.Rat).SetInt64(1<<63 - 1)
			return []*big.Rat{new(big.Rat).Add(low, day), new(big.Rat).Add(low, big.NewRat(1, 1)), new(big.Rat).Add(low, big.NewRat(1, 2)), last}
		}
		middle := midpoint(low, high)
		whole := new(big.Rat).SetInt(new(big.Int).Div(middle.Num(), middle.Denom()))
		if whole.Cmp(low) > 0 {
			return []*big.Rat{whole, middle}
		}
		next := new(big.Rat).Add(whole, big.NewRat(1, 1))
		if next.Cmp(low) > 0 && next.Cmp(high) < 0 {
			return []*big.Rat{next, middle}
		}
		return []*big.Rat{middle}
	},
}

// parseDate reads the W3C profile of ISO 8601 or epoch seconds; exactly four
// digits are a year (C-16).
func parseDate(s string) *big.Rat {
	if isDigits(s) && len(s) != 4 {
		seconds, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil
		}
		return new(big.Rat).SetInt64(seconds)
	}
	date, clock, hasClock := strings.Cut(s, "T")
	layout := "2006-01-02"
	if len(date) != 4 && len(date) != 7 && len(date) != 10 || hasClock && len(date) != 10 {
		return nil
	}
	day, err := time.Parse(layout[:len(date)], date)
	if err != nil {
		return nil
	}
	v := new(big.Rat).SetInt64(day.Unix())
	if hasClock {
		seconds, ok := parseClock(clock)
		if !ok {
			return nil
		}
		v.Add(v, seconds)
	}
	return v
}

// parseClock reads a time of day with its offset, as seconds since midnight UTC.
func parseClock(s string) (*big.Rat, bool) {
	zone := 0
	if rest, ok := strings.CutSuffix(s, "Z"); ok {
		s = rest
	} else {
		if len(s) < 6 || s[len(s)-6] != '+' && s[len(s)-6] != '-' {
			return nil, false
		}
		offset, ok := clockDigits(s[len(s)-5:], 23, 59)
		if !ok {
			return nil, false
		}
		zone = offset[0]*3600 + offset[1]*60
		if s[len(s)-6] == '-' {
			zone = -zone
		}
		s = s[:len(s)-6]
	}
	clock, fraction, hasFraction := strings.Cut(s, ".")
	parts, ok := clockDigits(clock, 23, 59, 60) // 60: a leap second
	if !ok || len(parts) < 2 || hasFraction && (len(parts) < 3 || !isDigits(fraction)) {
		return nil, false
	}
	parts = append(parts, 0)
	v := new(big.Rat).SetInt64(int64(parts[0]*3600 + parts[1]*60 + parts[2] - zone))
	if hasFraction {
		f, _ := new(big.Rat).SetString("0." + fraction)
		v.Add(v, f)
	}
	return v, true
}

// clockDigits reads numbers of two digits with colons between, none above its
// most; the last may be left out where there are three.
func clockDigits(s string, most ...int) ([]int, bool) {
	parts := strings.Split(s, ":")
	if len(parts) > len(most) || len(parts) < 2 {
		return nil, false
	}
	var list []int
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if len(p) != 2 || !isDigits(p) || err != nil || n > most[i] {
			return nil, false
		}
		list = append(list, n)
	}
	return list, true
}

func inRanges(ranges []string) func(string) bool {
	var list []netip.Prefix
	for _, r := range ranges {
		if p, ok := typed.Range(r); ok {
			list = append(list, p)
		}
	}
	return func(text string) bool {
		a, ok := typed.Address(text)
		return ok && slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
	}
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
