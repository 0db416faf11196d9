package evaluator

import "slices"

// missingKeys are the keys that [Explanation.Missing] names.
type missingKeys struct {
	names []string
	exact bool
}

// missing finds the keys that the request does not give and that could change
// the outcome. A decision that stays whatever they are needs none of them.
func (ev *evaluation) missing() missingKeys {
	x := ev.explore(whatIsMissing)
	if x == nil {
		return missingKeys{exact: true}
	}
	// What is open besides keys, such as the resource, can hide what they do.
	m := missingKeys{exact: x.exact && x.root != openLeaf && !x.diagram.leads(openLeaf)}
	for i, k := range x.keys {
		if m.exact && x.diagram.asks(i) || !m.exact && (k.named || k.rule) {
			m.names = append(m.names, k.name)
		}
	}
	slices.Sort(m.names)
	return m
}

// settled is the decision that holds whatever the unknown keys are, where the
// conservative one is indeterminate: k equals a or k differs from a.
func (ev *evaluation) settled() (d Decision, ok bool) {
	x := ev.explore(whetherSettled)
	if x == nil || !x.exact {
		return Decision{}, false
	}
	switch x.root {
	case allowedLeaf:
		return allowed(), true
	case deniedLeaf:
		return x.denied, true
	}
	return Decision{}, false
}

// kept is the evaluation of a copy of the request, which its owner cannot
// change any more.
func (ev *evaluation) kept() *evaluation {
	own := *ev
	caller, target, request := *ev.caller, *ev.target, *ev.request
	caller.Session, caller.SCPs = slices.Clone(caller.Session), slices.Clone(caller.SCPs)
	caller.Principal.organization = caller.Principal.organization.clone()
	target.Policies, target.RCPs = slices.Clone(target.Policies), slices.Clone(target.RCPs)
	target.Tags, target.Organization = slices.Clone(target.Tags), target.Organization.clone()
	request.Context = slices.Clone(request.Context)
	for i := range request.Context {
		request.Context[i].Values = slices.Clone(request.Context[i].Values)
	}
	own.caller, own.target, own.request = &caller, &target, &request
	return &own
}

func (o *Organization) clone() *Organization {
	if o == nil {
		return nil
	}
	own := *o
	own.Paths = slices.Clone(o.Paths)
	return &own
}
