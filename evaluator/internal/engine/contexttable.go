package engine

import "github.com/iamsim/iamsim/internal/fold"

// A contextTable finds a key of a request's context by the hash of its name.
// A few keys are faster to look through.
type contextTable struct {
	slots [512]contextSlot // open addressing
}

// A contextSlot is an index into the context plus 1, in its lower nine bits, and
// seven bits of the name's hash, which turn most other names away. Zero is free.
type contextSlot uint16

const indexBits = 1<<9 - 1

func hashBits(hash uint32) contextSlot { return contextSlot(hash>>16) &^ indexBits }

func (s contextSlot) index() int { return int(s&indexBits) - 1 }

func (s contextSlot) is(c Context, name string, hash uint32) bool {
	return s&^indexBits == hashBits(hash) && fold.Equal(c[s.index()].Name, name)
}

const (
	fewKeys  = 8
	mostKeys = len(contextTable{}.slots) / 2
)

// fitsTable reports whether the keys are many enough for a table, and not too
// many.
func (c Context) fitsTable() bool { return fewKeys < len(c) && len(c) <= mostKeys }

// fill makes the table of a context of at most mostKeys keys; it stops at a
// repeated name and tells where that stands.
func (t *contextTable) fill(c Context) (repeated int, ok bool) {
	for i := range c {
		hash := hashFold(c[i].Name)
		slot := hash % uint32(len(t.slots))
		for ; t.slots[slot] != 0; slot = (slot + 1) % uint32(len(t.slots)) {
			if t.slots[slot].is(c, c[i].Name, hash) {
				return i, false
			}
		}
		t.slots[slot] = hashBits(hash) | contextSlot(i+1)
	}
	return 0, true
}

// find is the index of the key, or -1.
func (t *contextTable) find(c Context, k *ContextKey) int {
	slot := k.hash % uint32(len(t.slots))
	for ; t.slots[slot] != 0; slot = (slot + 1) % uint32(len(t.slots)) {
		if t.slots[slot].is(c, k.Name, k.hash) {
			return t.slots[slot].index()
		}
	}
	return -1
}

// find is the index of the key, or -1; the table, if there is one, is of this
// context.
func (c Context) find(k *ContextKey, t *contextTable) int {
	if t != nil {
		return t.find(c, k)
	}
	return c.Index(k.Name)
}
