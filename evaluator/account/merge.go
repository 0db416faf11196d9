package account

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/iamsim/iamsim/policy"
)

// merging is an entity that is read again: a part that was known before must be
// the same, or the two readings are of different times.
type merging struct {
	builder              *Builder
	of                   string
	old, new             Part // what is known of it
	oldSource, newSource string
}

// differ reports that two readings differ.
func (m *merging) differ(what string) {
	m.builder.AddFault(fmt.Errorf("%s%s of %s is another than in %s: give one of them", place(m.newSource), what, m.of, m.oldSource))
}

// mergeText merges what only the empty text leaves open.
func mergeText(m *merging, what string, old *string, text string) {
	switch {
	case *old == "":
		*old = text
	case text != "" && text != *old:
		m.differ(what)
	}
}

// mergeValue merges the value of a part.
func mergeValue[T any](m *merging, part Part, old *T, value T, equal func(a, b T) bool) {
	switch {
	case !m.new.Has(part):
	case !m.old.Has(part):
		*old = value
	case !equal(*old, value):
		m.differ(part.String())
	}
}

// mergeList merges a part that is a list in any order. Where one reading has the
// whole list, it has what the other has.
func mergeList[T any](m *merging, part Part, old *[]T, list []T, equal func(a, b T) bool) {
	within := func(a, b []T) bool {
		return !slices.ContainsFunc(a, func(x T) bool {
			return !slices.ContainsFunc(b, func(y T) bool { return equal(x, y) })
		})
	}
	was, is := *old, list
	switch {
	case m.old.Has(part) && !within(is, was), m.new.Has(part) && !within(was, is):
		m.differ(part.String())
		return
	case m.old.Has(part):
		return
	case m.new.Has(part):
		*old = list
		return
	}
	for _, x := range list {
		if !within([]T{x}, *old) {
			*old = append(*old, x)
		}
	}
}

func same[T comparable](a, b T) bool { return a == b }

func sameAlias(a, b Alias) bool {
	return a.Name == b.Name && a.Version == b.Version && slices.Equal(a.Others, b.Others)
}

func sameAttached(a, b policy.Attached) bool {
	return a.Name == b.Name && sameDocument(a.Document, b.Document)
}

// sameDocument reports whether two documents are written alike, but for white
// space and the order of members.
func sameDocument(a, b *policy.Document) bool {
	if a == b || a == nil || b == nil {
		return a == b
	}
	x, err := json.Marshal(a)
	if err != nil {
		return false
	}
	y, err := json.Marshal(b)
	return err == nil && string(x) == string(y)
}
