package evaluator

import (
	"strings"

	"github.com/iamsim/iamsim/policy"
)

// A statement is a compiled statement without its actions, which the action
// table holds.
type statement struct {
	effect         policy.Effect
	notResource    bool
	anyResource    bool // no Resource element: the resource the policy is attached to
	namesPrincipal bool
	notPrincipal   bool
	document       uint32 // index into Set.documents
	index          uint32 // index in the document
	resources      []patternValue
	principals     principals
	conditions     []uint32 // indexes into Set.conditions
}

// applies decides all of a statement but its actions: how it names the caller
// (direct where it names nobody, as in identity-based policies), limited by
// resource and conditions (C-6).
func (st *statement) applies(ev *evaluation, s *Set, m *memo) grants {
	t := st.resourceMatches(ev, s, m)
	if t == no {
		return grants{}
	}
	return st.appliesTo(ev, s, m, t)
}

// appliesTo is applies for a resource that matches as t says.
func (st *statement) appliesTo(ev *evaluation, s *Set, m *memo, t truth) grants {
	g := st.names(ev)
	if g.any() == no {
		return g
	}
	for _, id := range st.conditions {
		if t = min(t, ev.conditionHolds(s, m, id)); t == no {
			return grants{}
		}
	}
	return g.and(t)
}

// names is how the statement names the caller.
func (st *statement) names(ev *evaluation) grants {
	switch {
	case !st.namesPrincipal:
		return grants{direct: yes}
	case !st.notPrincipal:
		return st.principals.names(&ev.caller.Principal)
	case st.effect == policy.Deny:
		return grants{direct: st.principals.exempts(ev).Not()}
	}
	return grants{direct: st.principals.names(&ev.caller.Principal).any().Not()}
}

// resourceMatches decides Resource, NotResource, or their absence. An entry
// with a variable without value matches nothing (B-16).
func (st *statement) resourceMatches(ev *evaluation, s *Set, m *memo) truth {
	if st.anyResource {
		return yes
	}
	some := no
	for i := range st.resources {
		if some = max(some, st.resources[i].matchesResource(ev, s, m)); some == yes {
			break
		}
	}
	if st.notResource {
		return some.Not()
	}
	return some
}

// matchesResource compares an entry with the request's resource.
func (p *patternValue) matchesResource(ev *evaluation, s *Set, m *memo) truth {
	if !ev.partly {
		return p.matchesFields(ev, s, m, &ev.resource)
	}
	// An entry that ends in a star and matches the beginning matches all that
	// begins so; where the literal texts part, nothing does.
	begins := ev.resource.Text()
	if exact, ok := p.Exact(); ok {
		return min(maybe, truthOf(strings.HasPrefix(exact, begins)))
	}
	if literal := p.Prefix(); !strings.HasPrefix(literal, begins) && !strings.HasPrefix(begins, literal) {
		return no
	}
	if p.template != nil {
		var few [8]string
		if _, bound := p.template.bind(ev, s, m, few[:0]); bound == no {
			return no
		}
	}
	if p.MatchesAll() || strings.HasSuffix(p.String(), "*") && p.matchesFields(ev, s, m, &ev.resource) == yes {
		return yes
	}
	return maybe
}
