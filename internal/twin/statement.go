package twin

import (
	"github.com/iamsim/iamsim/policy"
)

// applies is whether the statement is about the request, whoever makes it:
// action, resource and all conditions match (C-6).
func (r *request) applies(d *policy.Document, st *policy.Statement) truth {
	variables := d.Version == policy.Version2012
	t := min(r.aboutAction(st), r.aboutResource(st, variables))
	for _, c := range st.Condition { // ANDed (C-1)
		t = min(t, r.condition(c, variables))
	}
	return t
}

// aboutAction: the pattern is compared with the whole action, without case
// (B-1, B-3).
func (r *request) aboutAction(st *policy.Statement) truth {
	if st.NotAction != nil {
		return not(r.anyAction(st.NotAction))
	}
	return r.anyAction(st.Action)
}

func (r *request) anyAction(patterns []string) truth {
	some := no
	for _, p := range patterns {
		some = max(some, is(matches(wildcards(lower(p)), r.action)))
	}
	return some
}

// aboutResource: a statement without resource is about the resource that the
// policy is attached to.
func (r *request) aboutResource(st *policy.Statement, variables bool) truth {
	switch {
	case st.Resource != nil:
		return r.anyResource(st.Resource, variables)
	case st.NotResource != nil:
		return not(r.anyResource(st.NotResource, variables)) // A-44, B-16
	}
	return yes
}

func (r *request) anyResource(patterns []string, variables bool) truth {
	some := no
	for _, p := range patterns {
		some = max(some, r.resource(p, variables))
	}
	return some
}
