package fix

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// A Denied is a request that is denied, and everything that decides about it.
// The policies stand in Policies, as documents: a fix shows them as they would
// be. It is plain data, and [For] changes nothing in it.
type Denied struct {
	// Engine has the options of the decision; the zero Engine works.
	Engine    evaluator.Engine
	Principal evaluator.Principal
	// Target without its Policies and RCPs, which must be nil.
	Target evaluator.Target
	// Request without its Endpoint, which must be nil.
	Request  evaluator.Request
	Policies Policies
	// Catalog lists the actions that a fix must not allow beside the one asked,
	// and lets an exception to a Deny spare one action of a whole service. Nil:
	// only actions that the policies name are tried.
	Catalog Catalog
	// Prover proves, where it can, that what is added allows nothing else. Nil:
	// it is only tried.
	Prover *prove.Prover
}

// Policies are the policy documents of a request by where they stand. Nil is a
// layer that is not there; an empty boundary, or an empty level of service
// control policies, is there and allows nothing.
type Policies struct {
	Identity []policy.Attached   // of the user and its groups, or of the role
	Boundary []policy.Attached   // the permissions boundary
	Session  [][]policy.Attached // each must allow; those passed in one call belong together (L-5)
	SCPs     [][]policy.Attached // by level, root first
	Resource [][]policy.Attached // by point of attachment; of a role, its trust policy
	RCPs     [][]policy.Attached // by level, root first
	Endpoint []policy.Attached   // of the VPC endpoint
}

// A Catalog knows the actions of AWS services; catalog.Default() of package
// policy/catalog is one.
type Catalog interface {
	// Actions are the actions of a service, by its prefix.
	Actions(service string) iter.Seq[*policy.ServiceAction]
}

// A slot is where a set of policies stands. For resource-based policies the
// layer is ResourceLayer, also for a trust policy.
type slot struct {
	layer policy.Layer
	level int
}

func slotOf(l policy.Layer, level int) slot {
	if l == policy.TrustLayer {
		l = policy.ResourceLayer
	}
	return slot{l, level}
}

// set is the documents of a slot, which can be replaced.
func (p *Policies) set(at slot) *[]policy.Attached {
	levels := &p.Session
	switch at.layer {
	case policy.IdentityLayer:
		return &p.Identity
	case policy.BoundaryLayer:
		return &p.Boundary
	case policy.EndpointLayer:
		return &p.Endpoint
	case policy.SCPLayer:
		levels = &p.SCPs
	case policy.RCPLayer:
		levels = &p.RCPs
	case policy.ResourceLayer:
		levels = &p.Resource
	}
	for len(*levels) <= at.level {
		*levels = append(*levels, nil)
	}
	return &(*levels)[at.level]
}

// clone has lists of its own and shares the documents.
func (p *Policies) clone() Policies {
	c := *p
	for _, levels := range []*[][]policy.Attached{&c.Session, &c.SCPs, &c.Resource, &c.RCPs} {
		*levels = slices.Clone(*levels)
	}
	return c
}

// slots are those that have a set.
func (p *Policies) slots() []slot {
	var list []slot
	for _, s := range []struct {
		layer policy.Layer
		docs  []policy.Attached
	}{{policy.EndpointLayer, p.Endpoint}, {policy.IdentityLayer, p.Identity}, {policy.BoundaryLayer, p.Boundary}} {
		if s.docs != nil {
			list = append(list, slot{s.layer, 0})
		}
	}
	for _, s := range []struct {
		layer  policy.Layer
		levels [][]policy.Attached
	}{{policy.RCPLayer, p.RCPs}, {policy.SCPLayer, p.SCPs}, {policy.ResourceLayer, p.Resource}, {policy.SessionLayer, p.Session}} {
		for i := range s.levels {
			list = append(list, slot{s.layer, i})
		}
	}
	return list
}

// A state is the request under some policies.
type state struct {
	engine   *evaluator.Engine
	kind     policy.Kind // of the resource's own policies
	policies Policies
	caller   evaluator.Caller
	target   evaluator.Target
	request  evaluator.Request
}

// state compiles the request as it was denied. The error has the faults of all
// documents.
func (d *Denied) state() (*state, error) {
	if d.Target.Policies != nil || d.Target.RCPs != nil || d.Request.Endpoint != nil {
		return nil, errors.New("fix: policies are given as documents in Policies, and not in Target or Request")
	}
	s := &state{
		engine: &d.Engine, kind: d.resourceKind(), policies: d.Policies.clone(),
		caller: evaluator.Caller{Principal: d.Principal}, target: d.Target, request: d.Request,
	}
	var faults []error
	for _, at := range s.policies.slots() {
		if err := s.compile(at); err != nil {
			faults = append(faults, err)
		}
	}
	return s, errors.Join(faults...)
}

// resourceKind: a role has a trust policy (A.6). Where the request does not
// assume the role, documents that are none are taken as a resource policy: that
// they cannot be a role's is for the evaluator to say.
func (d *Denied) resourceKind() policy.Kind {
	if !d.isRole() {
		return policy.Resource
	}
	if isSTS(d.Request.Action) {
		return policy.Trust
	}
	for _, docs := range d.Policies.Resource {
		for _, a := range docs {
			if a.Document != nil && a.Document.Check(policy.Trust) != nil {
				return policy.Resource
			}
		}
	}
	return policy.Trust
}

// isRole: the resource is a role, or may turn out to be one.
func (d *Denied) isRole() bool {
	if d.Target.Unknown && strings.Count(d.Target.Resource, ":") < 5 {
		return isSTS(d.Request.Action)
	}
	return policy.OfResource(d.Target.Resource) == policy.Trust
}

func isSTS(action string) bool {
	return strings.HasPrefix(fold.String(action), "sts:")
}

func (s *state) kindOf(at slot) policy.Kind {
	return [...]policy.Kind{
		policy.IdentityLayer: policy.Identity, policy.BoundaryLayer: policy.Boundary, policy.SessionLayer: policy.Session,
		policy.SCPLayer: policy.SCP, policy.RCPLayer: policy.RCP, policy.EndpointLayer: policy.Endpoint,
		policy.ResourceLayer: s.kind,
	}[at.layer]
}

// compile puts the set of a slot in its place.
func (s *state) compile(at slot) error {
	set, err := evaluator.Compile(s.kindOf(at), *s.policies.set(at)...)
	if err != nil {
		return fmt.Errorf("fix: %w", err)
	}
	in := func(levels *[]*evaluator.Set) {
		*levels = slices.Clone(*levels)
		for len(*levels) <= at.level {
			*levels = append(*levels, nil)
		}
		(*levels)[at.level] = set
	}
	switch at.layer {
	case policy.IdentityLayer:
		s.caller.Identity = set
	case policy.BoundaryLayer:
		s.caller.Boundary = set
	case policy.EndpointLayer:
		s.request.Endpoint = set
	case policy.SessionLayer:
		in(&s.caller.Session)
	case policy.SCPLayer:
		in(&s.caller.SCPs)
	case policy.RCPLayer:
		in(&s.target.RCPs)
	case policy.ResourceLayer:
		in(&s.target.Policies)
	}
	return nil
}

// with is the state with one set replaced.
func (s *state) with(at slot, docs []policy.Attached) (*state, error) {
	changed := *s
	changed.policies = s.policies.clone()
	*changed.policies.set(at) = docs
	if err := changed.compile(at); err != nil {
		return nil, err
	}
	return &changed, nil
}

// withKey is the state with one context key of the request replaced.
func (s *state) withKey(key evaluator.Key) *state {
	changed := *s
	changed.request.Context = slices.DeleteFunc(slices.Clone(s.request.Context), func(k evaluator.Key) bool {
		return fold.Equal(k.Name, key.Name)
	})
	changed.request.Context = append(changed.request.Context, key)
	return &changed
}

func (s *state) explain() *evaluator.Explanation {
	return s.engine.Explain(&s.caller, &s.target, &s.request)
}

// value is the one known value of a context key that the request gives.
func (s *state) value(name string) (string, bool) {
	if i := s.request.Context.Index(name); i >= 0 {
		if k := &s.request.Context[i]; k.State == evaluator.Known && len(k.Values) == 1 {
			return k.Values[0], true
		}
	}
	return "", false
}
