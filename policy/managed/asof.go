package managed

import (
	"fmt"
	"strings"
	"time"
)

// AsOf is the version that was in force at a time. After [Date] it is the
// newest. The error wraps [ErrUnknown]: the policy did not exist yet, or several
// versions may have been in force because the dates between are not known; it
// names them.
func (p *Policy) AsOf(t time.Time) (Version, error) {
	if t.Before(p.Created()) {
		return Version{}, p.notYet(t)
	}
	versions := p.history().Versions
	begun := -1 // the last version that is known to be no younger than t
	for i := range versions {
		if date := versions[i].Date; !date.IsZero() && !date.After(t) {
			begun = i
		}
	}
	last := len(versions) - 1
	if begun == last {
		return p.version(last), nil
	}
	// The next version with a date is younger. Each number between, known or
	// not, may have been in force.
	next := begun + 1
	for versions[next].Date.IsZero() {
		next++
	}
	oldest := 1
	if begun >= 0 {
		oldest = versions[begun].Number
	}
	newest := versions[next].Number - 1
	if begun >= 0 && oldest == newest {
		return p.version(begun), nil
	}
	return Version{}, fmt.Errorf("which version of %s was in force at %s, of %s to %s, is %w",
		p.Name(), moment(t), id(oldest), id(newest), ErrUnknown)
}

func (p *Policy) notYet(t time.Time) error {
	return fmt.Errorf("policy %s as of %s is %w: AWS created it at %s", p.Name(), moment(t), ErrUnknown, moment(p.Created()))
}

// moment leaves out the time of a day's beginning.
func moment(t time.Time) string {
	return strings.TrimSuffix(t.UTC().Format(time.RFC3339), "T00:00:00Z")
}
