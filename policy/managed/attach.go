package managed

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

var (
	// ErrDeprecated is what the error wraps where a deprecated policy would be
	// attached.
	ErrDeprecated = errors.New("deprecated")
	// ErrServiceLinked is what the error wraps where the policy of a
	// service-linked role would be attached to something else.
	ErrServiceLinked = errors.New("only for service-linked roles")
)

// Deprecated gives the time from which AWS lets nobody attach the policy, and the
// name of the one that replaces it; false for a policy that is not deprecated. For
// evaluation a deprecated policy is like any other (K-1).
func (p *Policy) Deprecated() (from time.Time, replacement string, ok bool) {
	return p.history().Deprecated, p.history().Replacement, !p.history().Deprecated.IsZero()
}

// Attachable reports why a policy can not be attached to a user, a group or a
// role that does not have it yet: it is deprecated by then (K-1), it is for
// service-linked roles, or it does not exist yet. The errors wrap
// [ErrDeprecated], [ErrServiceLinked] and [ErrUnknown]; nil where it can.
func (p *Policy) Attachable(when time.Time) error {
	if when.Before(p.Created()) {
		return p.notYet(when)
	}
	if strings.HasPrefix(p.Path(), "/aws-service-role/") {
		return fmt.Errorf("policy %s can not be attached: it is %w", p.Name(), ErrServiceLinked)
	}
	if from, replacement, ok := p.Deprecated(); ok && !when.Before(from) {
		return fmt.Errorf("policy %s can not be attached: it is %w since %s and replaced by %s", p.Name(), ErrDeprecated, moment(from), replacement)
	}
	return nil
}
