package law

import "math/bits"

// Places is a set of places. The zero Places is empty.
type Places uint8

// Everywhere is all places.
const Everywhere Places = 1<<places - 1

// Limits are the places of policies that only limit what others grant: the rest is
// there also where it has no policies.
const Limits = Everywhere &^ (1<<Identity | 1<<Resource)

// Has reports whether a place is in the set.
func (s Places) Has(p Place) bool { return s>>p&1 != 0 }

// Add puts a place into the set.
func (s *Places) Add(p Place) { *s |= 1 << p }

// Pop takes the first place out of the set, which is not empty.
func (s *Places) Pop() Place {
	p := Place(bits.TrailingZeros8(uint8(*s)))
	*s &= *s - 1
	return p
}

// All are the places in the set, in the order in which an explicit deny is
// reported (E.7).
func (s Places) All(yield func(Place) bool) {
	for s != 0 {
		if !yield(s.Pop()) {
			return
		}
	}
}

// An Order is places in the order in which a request passes them. The zero Order
// has none.
type Order struct{ first, last Places }

// More reports whether a place is left.
func (o Order) More() bool { return o != Order{} }

// Next takes out the place that is passed next; there is one.
func (o *Order) Next() Place {
	if o.first == 0 {
		o.first, o.last = o.last, 0
	}
	return o.first.Pop()
}
