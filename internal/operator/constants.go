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

// Add adds a value of the policy. One that is none of the type is left
// out: it matches nothing (C-17).
func (c *Constants) Add(t policy.ValueType, value string) {
	switch t {
	case policy.NumericValue:
		if n, ok := typed.ParseNumber(value); ok {
			c.Numbers = append(c.Numbers, n)
		}
	case policy.DateValue:
		if i, ok := typed.ParseInstant(value); ok {
			c.Instants = append(c.Instants, i)
		}
	case policy.BinaryValue:
		if typed.IsBinary(value) {
			c.Binary = append(c.Binary, value)
		}
	case policy.IPAddressValue:
		if p, ok := typed.Range(value); ok {
			c.Ranges = append(c.Ranges, p)
		}
	}
}

// Match reports whether the request's value matches one of the constants by the
// test, or for a negated test equals one (C-2). What is no value of the type
// matches nothing (C-17).
func (c *Constants) Match(t policy.Test, value string) bool {
	switch (policy.Operator{Test: t}).Type() {
	case policy.NumericValue:
		return c.matchNumber(t, value)
	case policy.DateValue:
		return c.matchInstant(t, value)
	case policy.BinaryValue:
		for _, b := range c.Binary {
			if b == value {
				return true
			}
		}
	case policy.IPAddressValue:
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
		if relates(t, n.Compare(&c.Numbers[i])) {
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
		if relates(t, at.Compare(&c.Instants[i])) {
			return true
		}
	}
	return false
}

// relates reports whether the result of a comparison of numbers or dates fits the
// test: order is below, at or above 0 as the request's value is below, equal to
// or above the policy's. NumericNotEquals and DateNotEquals, as all negated tests,
// are compared for what they negate: equality.
func relates(t policy.Test, order int) bool {
	switch t {
	case policy.NumericLessThan, policy.DateLessThan:
		return order < 0
	case policy.NumericLessThanEquals, policy.DateLessThanEquals:
		return order <= 0
	case policy.NumericGreaterThan, policy.DateGreaterThan:
		return order > 0
	case policy.NumericGreaterThanEquals, policy.DateGreaterThanEquals:
		return order >= 0
	}
	return order == 0
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
