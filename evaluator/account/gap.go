package account

import (
	"errors"
	"fmt"
)

var (
	// ErrUnknown is what every [Gap] is: something that was not read decides.
	ErrUnknown = errors.New("not known")
	// ErrDangling is what a gap is where an entity refers to one that was not read.
	ErrDangling = errors.New("refers to what was not read")
	// ErrNotFound is what the error wraps where a snapshot has no such entity.
	ErrNotFound = errors.New("not in the snapshot")
)

// A Gap is something that a snapshot does not know. It is an error that is
// [ErrUnknown], and [ErrDangling] where Needs says what is missing.
type Gap struct {
	// Of is what is not known in full: the ARN of an entity, the id of a node of
	// the organization, or a file.
	Of string
	// Part of it that is not known.
	Part Part
	// Needs is the other end of a reference: what the part refers to and the
	// snapshot does not have. "" where nothing is known of the part.
	Needs string
	// Source is where Of was read; "" where that says nothing.
	Source string
	// Mend says what to give; "" where nobody can say.
	Mend string
}

// Error names both ends, where Of was read, and what to give.
func (g *Gap) Error() string {
	text := fmt.Sprintf("%s of %s: not known", g.Part, g.Of)
	if g.Needs != "" {
		text = fmt.Sprintf("%s %s %s, which is not among what was read", g.Of, g.Part.verb(), g.Needs)
	}
	if g.Source != "" {
		text += " (" + g.Source + ")"
	}
	if g.Mend != "" {
		text += "; " + g.Mend
	}
	return text
}

// Is reports whether the gap is [ErrUnknown] or [ErrDangling].
func (g *Gap) Is(target error) bool {
	return target == ErrUnknown || target == ErrDangling && g.Needs != ""
}

// join makes one error of gaps; nil of none.
func join(gaps []*Gap) error {
	errs := make([]error, len(gaps))
	for i, g := range gaps {
		errs[i] = g
	}
	return errors.Join(errs...)
}
