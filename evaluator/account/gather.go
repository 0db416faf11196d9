package account

import (
	"cmp"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// A gathering is policies on their way to sets, and what of them is not known. A
// policy that is not known is one without document in the lists.
type gathering struct {
	snapshot *Snapshot
	list     []policy.Attached
	gaps     []*Gap
	err      error
	// instead stands for each policy that is not known; nil for nothing.
	instead func(policy.Kind) *policy.Document
}

// unknown is a policy that is not known.
var unknown = policy.Attached{Name: "a policy that is not known"}

// result is the error of what was gathered.
func (g *gathering) result() error {
	if g.err != nil {
		return g.err
	}
	return join(g.gaps)
}

// attached adds the policies of an identity: managed ones, then its own.
func (g *gathering) attached(i *Identity, from string) {
	for _, policyARN := range i.Managed {
		g.managed(i, ManagedPolicies, policyARN, from)
	}
	for _, a := range i.Inline {
		a.From = from
		g.list = append(g.list, a)
	}
	g.lacking(i, OfGroup)
}

// managed adds a managed policy in its default version.
func (g *gathering) managed(i *Identity, part Part, policyARN, from string) {
	p := g.snapshot.policies.get(policyARN)
	if p == nil {
		g.gap(i, part, policyARN)
		return
	}
	document := p.document(p.Default)
	if document == nil {
		g.gaps = append(g.gaps, &Gap{Of: policyARN, Part: Versions, Needs: p.Default, Source: p.Source})
		g.list = append(g.list, unknown)
		return
	}
	g.list = append(g.list, policy.Attached{Document: document, Name: parsed(policyARN).Name(), ARN: policyARN, From: from})
}

// gap adds a policy that is not known.
func (g *gathering) gap(i *Identity, part Part, needs string) {
	g.gaps = append(g.gaps, &Gap{Of: i.ARN, Part: part, Needs: needs, Source: i.Source})
	g.list = append(g.list, unknown)
}

// lacking adds one for those of the parts that were not read.
func (g *gathering) lacking(i *Identity, all Part) {
	if lacks := all &^ i.Known; lacks != 0 {
		g.gap(i, lacks, "")
	}
}

// set compiles policies, once for all who have the same.
func (g *gathering) set(kind policy.Kind, list []policy.Attached) *evaluator.Set {
	known := make([]policy.Attached, 0, len(list))
	for _, a := range list {
		if a.Document == nil && g.instead != nil {
			a.Document = g.instead(kind)
		}
		if a.Document != nil {
			known = append(known, a)
		}
	}
	set, err := g.snapshot.interned.set(kind, known)
	g.err = cmp.Or(g.err, err)
	return set
}
