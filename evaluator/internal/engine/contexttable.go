package engine

import "github.com/iamsim/iamsim/internal/fold"

// A contextTable finds a key of a request's context by the hash of its name.
// A few keys are faster to look through.
type contextTable struct {
	slots [512]uint16 // open addressing; index into the context, plus 1
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
		slot := t.slot(hashFold(c[i].Name))
		for ; t.slots[slot] != 0; slot = (slot + 1) % uint32(len(t.slots)) {
			if fold.Equal(c[t.slots[slot]-1].Name, c[i].Name) {
				return i, false
			}
		}
		t.slots[slot] = uint16(i + 1)
	}
	return 0, true
}

func (t *contextTable) slot(hash uint32) uint32 { return hash % uint32(len(t.slots)) }

// find is the index of the key, or -1.
func (t *contextTable) find(c Context, k *ContextKey) int {
	for slot := t.slot(k.hash); t.slots[slot] != 0; slot = (slot + 1) % uint32(len(t.slots)) {
		if i := int(t.slots[slot]) - 1; fold.Equal(c[i].Name, k.Name) {
			return i
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
