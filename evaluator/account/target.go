package account

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// Target is a resource with the policies that follow it: its own, and the
// resource control policies of its account by level (E-6). It is a role, a
// function with or without qualifier, a managed policy, a resource that was read, or an object in a
// bucket that was. A version or alias has the tags of its function, and beside its
// own policy that of the function (B-34). What stands in a template or plan is found
// by its address too.
//
// Where its policy is not known, the error joins the [Gap]s, and the target has
// what is known. For what the snapshot does not have, the error wraps
// [ErrNotFound].
func (s *Snapshot) Target(resource string) (evaluator.Target, error) {
	g := gathering{snapshot: s}
	t := g.target(resource)
	return t, g.result()
}

// target gathers the policies that follow a resource.
func (g *gathering) target(resource string) evaluator.Target {
	s := g.snapshot
	resource = s.addressed(resource)
	a, err := arn.Parse(resource)
	if err != nil {
		g.err = err
		return evaluator.Target{}
	}
	points := s.points(a)
	if points == nil {
		g.err = fmt.Errorf("resource %s is %w: give the answer that has its policy", spelling.Quote(resource), ErrNotFound)
		return evaluator.Target{}
	}
	t := evaluator.Target{Resource: resource}
	owner := accountOf(resource)
	if begins := points[0].Begins; begins != "" {
		t.Resource, t.Unknown, t.Account = begins, true, owner
	}
	for _, p := range points {
		if owner == "" {
			owner, t.Account = p.Account, p.Account
		}
		if t.Tags == nil && p.Known.Has(Tags) {
			t.Tags = append([]evaluator.Tag{}, p.Tags...) // none, where none is known
		}
		kind, name := policy.OfResource(p.ARN), "policy of "+short(p.ARN)
		if kind == policy.Trust {
			name = "trust " + name
		}
		switch {
		case !p.Known.Has(ResourcePolicy):
			g.gaps = append(g.gaps, &Gap{Of: p.ARN, Part: ResourcePolicy, Source: p.Source})
			if g.instead != nil {
				t.Policies = append(t.Policies, g.set(kind, []policy.Attached{unknown}))
			}
		case p.Policy != nil:
			t.Policies = append(t.Policies, g.set(kind, []policy.Attached{{Document: p.Policy, Name: name}}))
		}
	}
	st := s.standing(owner)
	t.Organization = st.organization
	g.gaps = append(g.gaps, st.gaps...)
	for _, level := range st.rcps {
		t.RCPs = append(t.RCPs, g.set(policy.RCP, level))
	}
	return t
}

// addressed is the ARN of what a template or plan calls so; any other text stays.
func (s *Snapshot) addressed(name string) string {
	if name == "" || strings.HasPrefix(name, "arn:") {
		return name
	}
	for i := range s.Identities() {
		if i.Address == name {
			return i.ARN
		}
	}
	for f := range s.Functions() {
		if f.Address == name {
			return f.ARN
		}
	}
	for r := range s.Resources() {
		if r.Address == name {
			return r.ARN
		}
	}
	for p := range s.Policies() {
		if p.Address == name {
			return p.ARN
		}
	}
	return name
}

// points are where policies of a resource are attached: its own, then what it is
// a part of. Nil where the snapshot does not have the resource.
func (s *Snapshot) points(a arn.ARN) []Resource {
	name := a.String()
	if i := s.identities.get(name); i != nil {
		return []Resource{i.resource()}
	}
	if p := s.policies.get(name); p != nil { // which has none
		return []Resource{{ARN: name, Known: ResourcePolicy, Source: p.Source}}
	}
	var points []Resource
	add := func(name string) bool {
		if r := s.resources.get(name); r != nil {
			points = append(points, *r)
			return true
		}
		return false
	}
	switch own := add(name); {
	case a.Service() == "lambda" && a.Type() == "function":
		function := a.Unqualified().String()
		f := s.functions.get(function)
		if f != nil && !own {
			points = append(points, Resource{ARN: name, Known: f.Known & ResourcePolicy, Source: f.Source})
		}
		if function != name && !add(function) && f != nil {
			points = append(points, Resource{ARN: function, Source: f.Source})
		}
	case a.Service() == "s3" && !own:
		bucket, _, _ := strings.Cut(a.Resource(), "/")
		add("arn:" + a.Partition() + ":s3:::" + bucket)
	}
	return points
}

// resource is an identity as a resource: the trust policy of a role is its
// resource-based policy, and users and groups have none.
func (i *Identity) resource() Resource {
	r := Resource{ARN: i.ARN, Begins: i.Begins, Policy: i.Trust, Tags: i.Tags, Known: ResourcePolicy | i.Known&Tags, Source: i.Source}
	if i.Kind() == "role" && !i.Known.Has(TrustPolicy) {
		r.Known &^= ResourcePolicy
	}
	return r
}
