package account

import (
	"iter"
	"maps"
	"slices"
)

// A table holds entities by key. A changed copy shares the entities that it does
// not change, and the index of the first.
type table[T any] struct {
	base    map[string]*T
	order   []string // keys of base, sorted
	changed map[string]*T
}

func newTable[T any](of map[string]*T) table[T] {
	return table[T]{base: of, order: slices.Sorted(maps.Keys(of))}
}

// empty reports whether there is nothing in it.
func (t *table[T]) empty() bool { return len(t.base)+len(t.changed) == 0 }

// get is the entity with a key; nil if there is none.
func (t *table[T]) get(key string) *T {
	if e := t.changed[key]; e != nil {
		return e
	}
	return t.base[key]
}

// with is a copy in which an entity stands at a key.
func (t table[T]) with(key string, e *T) table[T] {
	t.changed = maps.Clone(t.changed)
	if t.changed == nil {
		t.changed = make(map[string]*T)
	}
	t.changed[key] = e
	return t
}

// all gives the entities by key.
func (t *table[T]) all() iter.Seq2[string, *T] {
	return func(yield func(string, *T) bool) {
		added := make([]string, 0, len(t.changed))
		for key := range t.changed {
			if _, known := t.base[key]; !known {
				added = append(added, key)
			}
		}
		slices.Sort(added)
		for _, key := range t.order {
			for len(added) > 0 && added[0] < key {
				if !yield(added[0], t.changed[added[0]]) {
					return
				}
				added = added[1:]
			}
			if !yield(key, t.get(key)) {
				return
			}
		}
		for _, key := range added {
			if !yield(key, t.changed[key]) {
				return
			}
		}
	}
}
