package engine

import (
	"errors"
	"slices"

	"github.com/iamsim/iamsim/policy"
)

// Sets are the policies of a request, compiled: a [Set] for each slot of
// [policy.Policies]. They are immutable, and may be shared. The zero Sets are
// those of a request without policies.
type Sets struct {
	policies policy.Policies
	sets     []*Set // in the order of the slots
}

// CompilePolicies checks and compiles policies, each slot to a set. It reports
// the faults of all, as [Compile] does for one set.
func CompilePolicies(p policy.Policies) (Sets, error) { return Sets{}.With(p) }

// With are the sets of changed policies. Slots that have the same documents as
// before keep their sets; only the others are checked and compiled.
func (s Sets) With(p policy.Policies) (Sets, error) {
	changed := Sets{policies: p, sets: make([]*Set, 0, 4)}
	var faults []error
	for slot, documents := range p.All() {
		if err := slot.Check(); err != nil {
			faults = append(faults, err)
			continue
		}
		set := s.find(slot.Layer, documents)
		if set == nil {
			var err error
			if set, err = Compile(p.Kind(slot), documents...); err != nil {
				faults = append(faults, err)
			}
		}
		changed.sets = append(changed.sets, set)
	}
	if err := errors.Join(faults...); err != nil {
		return Sets{}, err
	}
	return changed, nil
}

// find is the set of a layer with these documents; nil if there is none.
func (s Sets) find(l policy.Layer, documents []policy.Attached) *Set {
	i := 0
	for slot := range s.policies.All() {
		if slot.Layer == l && slices.Equal(s.sets[i].documents, documents) {
			return s.sets[i]
		}
		i++
	}
	return nil
}

// SetsOf are the sets of a request; caller, target or request may be nil where
// theirs do not matter. A nil set in a list, which makes the request invalid, is
// left out.
func SetsOf(c *Caller, t *Target, r *Request) Sets {
	var s Sets
	for _, place := range places(c, t, r) {
		for _, set := range place.sets() {
			if set == nil {
				continue
			}
			slot := place.layer.At(s.policies.Count(place.layer))
			if slot.Layer == policy.ResourceLayer && set.kind == policy.Trust {
				slot.Layer = policy.TrustLayer
			}
			s.policies = s.policies.With(slot, set.documents...)
			s.sets = append(s.sets, set)
		}
	}
	return s
}

// setsOf are the sets of a request by layer; of layers that have one, nil where
// there is none.
func setsOf(c *Caller, t *Target, r *Request) []*Set {
	var all []*Set
	for _, place := range places(c, t, r) {
		all = append(all, place.sets()...)
	}
	return all
}

// Policies are what the sets were compiled of.
func (s Sets) Policies() policy.Policies { return s.policies }

// Apply puts the sets where a caller, a target and a request have their
// policies, and takes away those that were there. Either may be nil where it
// does not matter.
func (s Sets) Apply(c *Caller, t *Target, r *Request) {
	rest := s.sets
	for _, place := range places(c, t, r) {
		n := s.policies.Count(place.layer)
		place.put(rest[:n:n])
		rest = rest[n:]
	}
}

// A place is where the sets of a layer stand: one set, or a list.
type place struct {
	layer policy.Layer
	one   **Set
	list  *[]*Set
}

// places are those of all layers, in the order of [policy.Layers]. Where one of
// the three is nil, nobody sees what stands there.
func places(c *Caller, t *Target, r *Request) [7]place {
	if c == nil {
		c = new(Caller)
	}
	if t == nil {
		t = new(Target)
	}
	if r == nil {
		r = new(Request)
	}
	return [...]place{
		{layer: policy.IdentityLayer, one: &c.Identity},
		{layer: policy.BoundaryLayer, one: &c.Boundary},
		{layer: policy.SessionLayer, list: &c.Session},
		{layer: policy.ResourceLayer, list: &t.Policies},
		{layer: policy.SCPLayer, list: &c.SCPs},
		{layer: policy.RCPLayer, list: &t.RCPs},
		{layer: policy.EndpointLayer, one: &r.Endpoint},
	}
}

func (p place) sets() []*Set {
	if p.list != nil {
		return *p.list
	}
	return []*Set{*p.one}
}

// put puts sets there: no more than one where one stands.
func (p place) put(sets []*Set) {
	switch {
	case p.list != nil && len(sets) == 0:
		*p.list = nil
	case p.list != nil:
		*p.list = sets
	case len(sets) == 0:
		*p.one = nil
	default:
		*p.one = sets[0]
	}
}
