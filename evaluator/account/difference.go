package account

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// A Difference is a user, a role or a resource whose policies are not the same in
// two snapshots: before and after a change.
type Difference struct {
	ARN     string
	Address string // see [Identity]
	// Before and After are the policies that follow a user or role, or those of a
	// resource, to be compared; none where it is not there.
	Before, After policy.Policies
	// Unknown joins the [Gap]s of both; nil where all is known.
	Unknown error
}

// String is the address and the ARN, the policy of a role that says who may
// assume it as its trust policy.
func (d *Difference) String() string {
	name := d.ARN
	if d.Address != "" {
		name = d.Address + " (" + short(d.ARN) + ")"
	}
	if d.isTrust() {
		return "trust policy of " + name
	}
	return name
}

// isTrust reports whether the policies are about assuming a role.
func (d *Difference) isTrust() bool {
	return policy.OfResource(d.ARN) == policy.Trust && (d.Before.Has(policy.ResourceLayer) || d.After.Has(policy.ResourceLayer))
}

// Differences are those of two snapshots: users and roles, by ARN, then the
// policies of roles and resources. A user or role has those of its groups, and what
// limits it. What only one of the snapshots has differs where it has policies.
func Differences(before, after *Snapshot) ([]Difference, error) {
	var list []Difference
	older, newer := before.principals(), after.principals()
	for _, of := range both(older, newer) {
		d := differenceAt(policy.IdentityLayer, of)
		for i, p := range [...]*Principal{older[of], newer[of]} {
			if p == nil {
				continue
			}
			c, err := p.Caller()
			if err := d.lack(err); err != nil {
				return nil, fmt.Errorf("%s: %w", of, err)
			}
			d.Address = p.of.Address
			*d.side(i) = evaluator.SetsOf(&c, nil, nil).Policies()
		}
		list = d.appendTo(list)
	}
	was, is := before.carriers(), after.carriers()
	for _, of := range both(was, is) {
		d := differenceAt(policy.ResourceLayer, of)
		for i, r := range [...]*Resource{was[of], is[of]} {
			if r == nil {
				continue
			}
			if d.Address = r.Address; r.Policy != nil {
				*d.side(i) = d.side(i).With(policy.ResourceLayer.At(0), policy.Attached{Document: r.Policy, Name: "policy of " + short(of)})
			}
		}
		list = d.appendTo(list)
	}
	return list, nil
}

// differenceAt is that of what is not there, in a layer that has no policies.
func differenceAt(l policy.Layer, of string) Difference {
	none := policy.Policies{}.With(l.At(0))
	return Difference{ARN: of, Before: none, After: none}
}

// side is Before or After.
func (d *Difference) side(i int) *policy.Policies {
	if i == 0 {
		return &d.Before
	}
	return &d.After
}

// lack adds what is not known; another error is given back.
func (d *Difference) lack(err error) error {
	gaps, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	for _, e := range gaps.Unwrap() {
		if _, ok := e.(*Gap); !ok {
			return err
		}
	}
	if d.Unknown != nil {
		err = fmt.Errorf("%w\n%w", d.Unknown, err)
	}
	d.Unknown = err
	return nil
}

// appendTo appends the difference, if it is one.
func (d *Difference) appendTo(list []Difference) []Difference {
	if asText(d.Before) == asText(d.After) {
		return list
	}
	return append(list, *d)
}

// asText is policies as text, to be compared.
func asText(p policy.Policies) string {
	var b strings.Builder
	for slot, list := range p.All() {
		var texts []string
		for _, a := range list {
			text, err := json.Marshal(a.Document)
			if err != nil {
				text = []byte(err.Error())
			}
			texts = append(texts, string(text))
		}
		if texts == nil && slot.Layer != policy.SCPLayer {
			continue // which is none
		}
		slices.Sort(texts) // their order does not count
		fmt.Fprintln(&b, slot, slices.Compact(texts))
	}
	return b.String()
}

// both are the keys of two maps, in order.
func both[T any](a, b map[string]T) []string {
	keys := slices.Sorted(maps.Keys(a))
	for key := range b {
		if _, known := a[key]; !known {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// principals are the users and roles by ARN.
func (s *Snapshot) principals() map[string]*Principal {
	all := make(map[string]*Principal)
	for p := range s.Principals() {
		all[p.of.ARN] = p
	}
	return all
}

// carriers are the resources that have policies, roles with their trust policies
// among them, by ARN.
func (s *Snapshot) carriers() map[string]*Resource {
	all := make(map[string]*Resource)
	for i := range s.Identities() {
		if i.Trust != nil {
			r := i.resource()
			r.Address = i.Address
			all[i.ARN] = &r
		}
	}
	for r := range s.Resources() {
		if r.Policy != nil {
			all[r.ARN] = r
		}
	}
	return all
}
