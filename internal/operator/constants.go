package operator

import (
	"net/netip"

	"github.com/iamsim/iamsim/internal/typed"
	"github.com/iamsim/iamsim/policy"
)

// Constants are the values of a policy that an operator for numbers, dates,
// binary data or addresses compares with. Such values hold no variables. The
// zero Constants match nothing.
type Constants struct {
	Numbers  []typed.Number  // Numeric…
	Instants []typed.Instant // Date…
	Binary   []string        // BinaryEquals: each in its one canonical form
	Ranges   []netip.Prefix  // IpAddress, NotIpAddress
}

// Add adds a value of the policy. One that is none of the family's type is left
// out: it matches nothing (C-17).
func (c *Constants) Add(f policy.Family, value string) {
	switch f {
	case policy.FamilyNumeric:
		if n, ok := typed.ParseNumber(value); ok {
			c.Numbers = append(c.Numbers, n)
		}
	case policy.FamilyDate:
		if i, ok := typed.ParseInstant(value); ok {
			c.Instants = append(c.Instants, i)
		}
	case policy.FamilyBinary:
		if typed.IsBinary(value) {
			c.Binary = append(c.Binary, value)
		}
	case policy.FamilyIP:
		if p, ok := typed.Range(value); ok {
			c.Ranges = append(c.Ranges, p)
		}
	}
}

// Match reports whether the request's value matches one of the constants by the
// test, or for a negated test equals one (C-2). What is no value of the type
// matches nothing (C-17).
func (c *Constants) Match(t policy.Test, value string) bool {
	switch (policy.Operator{Test: t}).Family() {
	case policy.FamilyNumeric:
		return c.matchNumber(t, value)
	case policy.FamilyDate:
		return c.matchInstant(t, value)
	case policy.FamilyBinary:
		for _, b := range c.Binary {
			if b == value {
				return true
			}
		}
	case policy.FamilyIP:
		a, ok := typed.Address(value)
		return ok && c.Contains(a)
	}
	return false
}

func (c *Constants) matchNumber(t policy.Test, value string) bool {
	n, ok := typed.ParseNumber(value)
	if !ok {
		return false
	}
	for i := range c.Numbers {
		if t.Relates(n.Compare(&c.Numbers[i])) {
			return true
		}
	}
	return false
}

func (c *Constants) matchInstant(t policy.Test, value string) bool {
	at, ok := typed.ParseInstant(value)
	if !ok {
		return false
	}
	for i := range c.Instants {
		if t.Relates(at.Compare(&c.Instants[i])) {
			return true
		}
	}
	return false
}

// Contains reports whether one of the ranges contains the address; none
// contains the zero Addr.
func (c *Constants) Contains(a netip.Addr) bool {
	for _, p := range c.Ranges {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
