package engine

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/policy"
)

// A Statement is a compiled statement without its actions, which the action
// table holds.
type Statement struct {
	Effect         policy.Effect
	NotResource    bool
	AnyResource    bool // no Resource element: the resource the policy is attached to
	NamesPrincipal bool
	NotPrincipal   bool
	Document       uint32 // index into Set.documents
	Index          uint32 // index in the document
	Resources      []patternValue
	Principals     principals
	Conditions     []uint32 // indexes into Set.conditions
}

// isUnconditional reports whether the statement applies to every request for one of
// its actions.
func (st *Statement) isUnconditional() bool {
	return !st.NamesPrincipal && !st.NotResource && len(st.Conditions) == 0 &&
		(st.AnyResource || slices.ContainsFunc(st.Resources, func(p patternValue) bool { return p.MatchesAll() }))
}

// Applies decides all of a statement but its actions: how it names the caller
// (direct where it names nobody, as in identity-based policies), limited by
// resource and conditions (C-6).
func (st *Statement) Applies(ev *Evaluation, s *Set, m *Memo) Grants {
	t := st.ResourceMatches(ev, s, m)
	if t == no {
		return Grants{}
	}
	return st.appliesTo(ev, s, m, t)
}

// appliesTo is applies for a resource that matches as t says.
func (st *Statement) appliesTo(ev *Evaluation, s *Set, m *Memo, t truth) Grants {
	g := st.Names(ev)
	if g.Any() == no {
		return g
	}
	for _, id := range st.Conditions {
		if t = min(t, ev.conditionHolds(s, m, id)); t == no {
			return Grants{}
		}
	}
	return g.and(t)
}

// Names is how the statement names the caller.
func (st *Statement) Names(ev *Evaluation) Grants {
	switch {
	case !st.NamesPrincipal:
		return Grants{Direct: yes}
	case !st.NotPrincipal:
		return st.Principals.Names(&ev.Caller.Principal)
	case st.Effect == policy.Deny:
		return Grants{Direct: st.Principals.exempts(ev).Not()}
	}
	return Grants{Direct: st.Principals.Names(&ev.Caller.Principal).Any().Not()}
}

// ResourceMatches decides Resource, NotResource, or their absence. An entry
// with a variable without value matches nothing (B-16).
func (st *Statement) ResourceMatches(ev *Evaluation, s *Set, m *Memo) truth {
	if st.AnyResource {
		return yes
	}
	some := no
	for i := range st.Resources {
		if some = max(some, st.Resources[i].matchesResource(ev, s, m)); some == yes {
			break
		}
	}
	if st.NotResource {
		return some.Not()
	}
	return some
}

// matchesResource compares an entry with the request's resource.
func (p *patternValue) matchesResource(ev *Evaluation, s *Set, m *Memo) truth {
	if !ev.Partly {
		return p.matchesFields(ev, s, m, &ev.Resource)
	}
	// An entry that ends in a star and matches the beginning matches all that
	// begins so; where the literal texts part, nothing does.
	begins := ev.Resource.Text()
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
	if p.MatchesAll() || strings.HasSuffix(p.String(), "*") && p.matchesFields(ev, s, m, &ev.Resource) == yes {
		return yes
	}
	return maybe
}

// EachKey visits the keys that the statement asks for, in its conditions and
// its variables.
func (st *Statement) EachKey(s *Set, visit func(*ContextKey)) {
	for i := range st.Resources {
		st.Resources[i].EachKey(s, visit)
	}
	for _, id := range st.Conditions {
		s.conditions[id].eachKey(s, visit)
	}
}
