package engine

import (
	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// decidePlainly decides a plain request, if it is one, as most are: a user or a
// session of a role, with identity-based policies alone and no conditions or
// variables in them, acts on a resource of its own account. All that is asked then
// is whether action and resource match, by the same tables and patterns; the rest
// of an evaluation need not be set up.
func decidePlainly(c *Caller, t *Target, r *Request, a *Action, resource *pattern.Fields) (d Decision, plain bool) {
	s := c.Identity
	if s == nil || !s.plain || t.Unknown || a.rules != otherService ||
		!identityOnly(c, t, r) || !c.Principal.plainlyOwns(t, resource) {
		return Decision{}, false
	}
	if len(s.deny.groups) > 0 {
		switch s.matchPlainly(&s.deny, a, resource) {
		case yes:
			return explicitDeny(policy.IdentityLayer), true
		case maybe:
			return Decision{}, false
		}
	}
	switch s.matchPlainly(&s.allow, a, resource) {
	case yes:
		return AllowedDecision(), true
	case no:
		return implicitDeny(policy.IdentityLayer), true
	}
	return Decision{}, false
}

// plainlyOwns: the resource is an ARN of the principal's account, or "*".
func (p *Principal) plainlyOwns(t *Target, resource *pattern.Fields) bool {
	if t.Account != "" || p.err != nil {
		return false
	}
	if !resource.IsARN() {
		return resource.Text() == "*"
	}
	if len(resource.Text()) > arn.MaxLength || resource.Field(2) == "" {
		return false
	}
	account := resource.Field(4)
	return (account == "" || account == p.account) && p.inPartition(resource.Text())
}

// matchPlainly reports whether a statement of the side matches; maybe where
// that takes more of a search.
func (s *Set) matchPlainly(side *side, a *Action, resource *pattern.Fields) truth {
	id := uint32(0)
	switch {
	case len(side.groups) == 0:
		return no
	case side.actions.shape == mixed:
		return maybe
	case side.actions.shape == named:
		if id = side.actions.find(a); id == noGroup {
			return no
		}
	}
	x := &side.groups[id]
	if x.tree != nil {
		return maybe
	}
	for i := range x.entries {
		e := &x.entries[i]
		switch st := &s.statements[e.statement]; {
		case e.pattern != everyResource:
			if st.Resources[e.pattern].MatchFields(resource, nil) {
				return yes
			}
		case st.NotResource != matchesAny(st.Resources, resource):
			return yes
		}
	}
	return no
}

func matchesAny(patterns []patternValue, resource *pattern.Fields) bool {
	for i := range patterns {
		if patterns[i].MatchFields(resource, nil) {
			return true
		}
	}
	return false
}

// isPlain reports whether nothing but action and resource decides in the set.
func (s *Set) isPlain() bool {
	if s.kind != policy.Identity || len(s.conditions) > 0 {
		return false
	}
	for i := range s.statements {
		for k := range s.statements[i].Resources {
			if s.statements[i].Resources[k].template != nil {
				return false
			}
		}
	}
	return true
}
