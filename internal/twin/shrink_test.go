package twin_test

import (
	"slices"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
)

// shrink takes away what it can while the scenario still fails.
func shrink(s *scenario.Scenario, fails func(*scenario.Scenario) bool) *scenario.Scenario {
	for i := 0; ; {
		smaller := clone(s)
		r := reducer{at: i}
		r.scenario(smaller)
		switch {
		case !r.done:
			return s
		case fails(smaller):
			s, i = smaller, 0
		default:
			i++
		}
	}
}

// A reducer makes one reduction, the one that stands at a place in the order of
// all that are possible.
type reducer struct {
	at   int
	done bool
}

func (r *reducer) here() bool {
	if r.done {
		return false
	}
	r.at--
	r.done = r.at < 0
	return r.done
}

func drop[T any](r *reducer, list *[]T) {
	for i := range *list {
		if r.here() {
			*list = slices.Delete(*list, i, i+1)
			return
		}
	}
}

func reset[T comparable](r *reducer, values ...*T) {
	var zero T
	for _, v := range values {
		if *v != zero && r.here() {
			*v = zero
		}
	}
}

func (r *reducer) scenario(s *scenario.Scenario) {
	q := &s.Request
	for layer := range policy.Layers() {
		levels := s.Policies.Levels(layer)
		drop(r, &levels)
		for i := range levels {
			drop(r, &levels[i])
			if layer != policy.SCPLayer && layer != policy.RCPLayer && len(levels[i]) == 0 { // a scenario has no such slot
				levels = nil
				break
			}
		}
		s.Policies = s.Policies.WithLevels(layer, levels...)
	}
	reset(r, &s.Options)
	drop(r, &q.Context)
	drop(r, &q.Unknown)
	drop(r, &q.Present)
	drop(r, &q.ResourceTags)
	drop(r, &q.Principal.Tags)
	drop(r, &q.Principal.SessionTags)
	reset(r, &q.ResourceUnknown)
	reset(r, &q.ResourceOrg, &q.Principal.Org)
	reset(r, &q.ResourceAccount, &q.Principal.Role, &q.Principal.ParentUser, &q.Principal.UserID)
	for i := range q.Context {
		drop(r, &q.Context[i].Values)
	}
	for _, o := range []*evaluator.Organization{q.ResourceOrg, q.Principal.Org} {
		if o != nil {
			drop(r, &o.Paths)
			reset(r, &o.ID, &o.ManagementAccount)
		}
	}
	for _, d := range documents(s) {
		r.document(d)
	}
}

func (r *reducer) document(d *policy.Document) {
	drop(r, &d.Statements)
	for i := range d.Statements {
		st := &d.Statements[i]
		drop(r, &st.Condition)
		for _, list := range []*policy.Values{&st.Action, &st.NotAction, &st.Resource, &st.NotResource} {
			drop(r, (*[]string)(list))
		}
		for _, p := range []*policy.Principals{st.Principal, st.NotPrincipal} {
			if p == nil {
				continue
			}
			drop(r, &p.Entries)
			for j := range p.Entries {
				drop(r, (*[]string)(&p.Entries[j].Values))
			}
		}
		for j := range st.Condition {
			drop(r, (*[]string)(&st.Condition[j].Values))
			reset(r, &st.Condition[j].Operator.IfExists)
			reset(r, &st.Condition[j].Operator.Set)
		}
		if len(st.Action) == 1 && st.Action[0] != "*" && r.here() {
			st.Action[0] = "*"
		}
		if len(st.Resource) == 1 && st.Resource[0] != "*" && r.here() {
			st.Resource[0] = "*"
		}
	}
}

// documents are those of a scenario, in the order of their slots.
func documents(s *scenario.Scenario) []*policy.Document {
	var documents []*policy.Document
	for _, list := range s.Policies.All() {
		for _, a := range list {
			documents = append(documents, a.Document)
		}
	}
	return documents
}

// clone shares nothing that a reducer changes.
func clone(s *scenario.Scenario) *scenario.Scenario {
	c := *s
	q := &c.Request
	q.Context = slices.Clone(q.Context)
	for i := range q.Context {
		q.Context[i].Values = slices.Clone(q.Context[i].Values)
	}
	q.Unknown, q.Present = slices.Clone(q.Unknown), slices.Clone(q.Present)
	q.ResourceTags = slices.Clone(q.ResourceTags)
	q.Principal.Tags, q.Principal.SessionTags = slices.Clone(q.Principal.Tags), slices.Clone(q.Principal.SessionTags)
	q.ResourceOrg, q.Principal.Org = clonePointer(q.ResourceOrg), clonePointer(q.Principal.Org)
	for _, o := range []*evaluator.Organization{q.ResourceOrg, q.Principal.Org} {
		if o != nil {
			o.Paths = slices.Clone(o.Paths)
		}
	}
	for slot, list := range s.Policies.All() {
		list = slices.Clone(list)
		for i := range list {
			list[i].Document = cloneDocument(list[i].Document)
		}
		c.Policies = c.Policies.With(slot, list...)
	}
	return &c
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

func cloneDocument(d *policy.Document) *policy.Document {
	c := *d
	c.Statements = slices.Clone(d.Statements)
	for i := range c.Statements {
		st := &c.Statements[i]
		st.Action, st.NotAction = slices.Clone(st.Action), slices.Clone(st.NotAction)
		st.Resource, st.NotResource = slices.Clone(st.Resource), slices.Clone(st.NotResource)
		st.Principal, st.NotPrincipal = clonePrincipals(st.Principal), clonePrincipals(st.NotPrincipal)
		st.Condition = slices.Clone(st.Condition)
		for j := range st.Condition {
			st.Condition[j].Values = slices.Clone(st.Condition[j].Values)
		}
	}
	return &c
}

func clonePrincipals(p *policy.Principals) *policy.Principals {
	if p == nil {
		return nil
	}
	c := *p
	c.Entries = slices.Clone(p.Entries)
	for i := range c.Entries {
		c.Entries[i].Values = slices.Clone(c.Entries[i].Values)
	}
	return &c
}
