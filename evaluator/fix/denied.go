package fix

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// A Denied is a request that is denied, as the evaluator takes it, with
// everything that decides about it. It is plain data, and [For] changes nothing
// in it.
type Denied struct {
	// Engine has the options of the decision; the zero Engine works.
	Engine  evaluator.Engine
	Caller  evaluator.Caller
	Target  evaluator.Target
	Request evaluator.Request
	// Catalog lists the actions that a fix must not allow beside the one asked,
	// and lets an exception to a Deny spare one action of a whole service. Nil:
	// only actions that the policies name are tried.
	Catalog Catalog
	// Prover proves, where it can, that what is added allows nothing else. Nil:
	// it is only tried.
	Prover *prove.Prover
}

// A Catalog knows the actions of AWS services; catalog.Default() of package
// policy/catalog is one. Where it has the method Key of [prove.Catalog] too, as that
// one does, no request is proposed that lacks a key which every request has.
type Catalog interface {
	// Actions are the actions of a service, by its prefix.
	Actions(service string) iter.Seq[*policy.ServiceAction]
}

// A state is the request under some policies.
type state struct {
	engine   *evaluator.Engine
	trust    bool // the resource's own policy is a role's trust policy
	sets     evaluator.Sets
	policies policy.Policies
	caller   evaluator.Caller
	target   evaluator.Target
	request  evaluator.Request
}

// state is the request as it was denied.
func (d *Denied) state() *state {
	sets := evaluator.SetsOf(&d.Caller, &d.Target, &d.Request)
	return &state{
		engine: &d.Engine, trust: d.isTrust(sets.Policies()), sets: sets, policies: sets.Policies(),
		caller: d.Caller, target: d.Target, request: d.Request,
	}
}

// isTrust: a role has a trust policy (A.6). Where the request does not assume
// the role, policies that are none are those of a resource: that they cannot be
// a role's is for the evaluator to say.
func (d *Denied) isTrust(p policy.Policies) bool {
	if !d.isRole() || isSTS(d.Request.Action) {
		return d.isRole()
	}
	for slot := range p.All() {
		if p.Kind(slot) == policy.Resource {
			return false
		}
	}
	return true
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

// with is the state with other documents at one slot, which alone is compiled.
func (s *state) with(at policy.Slot, documents []policy.Attached) (*state, error) {
	changed := *s
	var err error
	if changed.sets, err = s.sets.With(s.policies.With(at, documents...)); err != nil {
		return nil, fmt.Errorf("fix: %w", err)
	}
	changed.policies = changed.sets.Policies()
	changed.sets.Apply(&changed.caller, &changed.target, &changed.request)
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
