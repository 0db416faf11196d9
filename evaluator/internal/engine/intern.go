package engine

// An interner numbers things in the order in which they are first met. It keeps
// their hashes; what they are, its user knows.
type interner struct {
	slots  []uint32 // open addressing by hash; number + 1
	hashes []uint32 // by number

	// Room for a few things, which most policies have.
	fewSlots  [32]uint32
	fewHashes [16]uint32
}

// find is the number of a thing with this hash that is the same.
func (x *interner) find(hash uint32, same func(number uint32) bool) (uint32, bool) {
	if len(x.slots) == 0 {
		return 0, false
	}
	mask := uint32(len(x.slots) - 1)
	for i := hash & mask; x.slots[i] != 0; i = (i + 1) & mask {
		if n := x.slots[i] - 1; x.hashes[n] == hash && same(n) {
			return n, true
		}
	}
	return 0, false
}

// add numbers a new thing.
func (x *interner) add(hash uint32) uint32 {
	if x.slots == nil {
		x.slots, x.hashes = x.fewSlots[:], x.fewHashes[:0]
	}
	x.hashes = append(x.hashes, hash)
	if 2*len(x.hashes) > len(x.slots) {
		x.slots = make([]uint32, 4*len(x.slots))
		for n := range x.hashes {
			x.place(uint32(n))
		}
	} else {
		x.place(uint32(len(x.hashes) - 1))
	}
	return uint32(len(x.hashes) - 1)
}

func (x *interner) place(number uint32) {
	mask := uint32(len(x.slots) - 1)
	i := x.hashes[number] & mask
	for x.slots[i] != 0 {
		i = (i + 1) & mask
	}
	x.slots[i] = number + 1
}

// A slab hands out slices that grow in place, so that many small ones cost few
// allocations, and few of them little room.
type slab[T any] struct {
	free []T
	size int // of the last piece
}

// reserve makes room for n that will be taken.
func (s *slab[T]) reserve(n int) { s.free = make([]T, n) }

// take is a slice of length 0 with room for n.
func (s *slab[T]) take(n int) []T {
	if n == 0 {
		return nil
	}
	if cap(s.free) < n {
		s.size = max(n, min(2*s.size, 128), 4)
		s.free = make([]T, s.size)
	}
	taken := s.free[:0:n]
	s.free = s.free[n:cap(s.free)]
	return taken
}
