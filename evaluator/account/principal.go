package account

import (
	"cmp"
	"fmt"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// A Principal is a user or role of a snapshot with all policies that follow it.
// It is immutable.
type Principal struct {
	of *Identity
	in *Snapshot
}

// Identity is what was read of the user or role. Nobody may change it.
func (p *Principal) Identity() *Identity { return p.of }

// String is the ARN.
func (p *Principal) String() string { return p.of.ARN }

// Organization is that of the principal's account; nil where it is in none, or
// nothing was read of one. Nobody may change it.
func (p *Principal) Organization() *evaluator.Organization {
	return p.in.standing(p.of.Account()).organization
}

// Caller is the principal with its policies, compiled: its own and those of its
// groups (E-14), the boundary, and the service control policies by level (E-5).
// A role is an unnamed session of it; see [Principal.Session].
//
// Where something is not known that can decide, the error joins the [Gap]s, and
// the caller has what is known. Tags are no such thing: those that were not read
// are absent. Callers of principals with the same policies share their sets.
func (p *Principal) Caller() (evaluator.Caller, error) {
	who := evaluator.User(p.of.ARN)
	if p.of.Kind() == "role" {
		who = evaluator.Role(p.of.ARN)
	}
	return p.caller(who)
}

// Session is the caller of a named session of a role. Another principal than a
// role has none.
func (p *Principal) Session(name string) (evaluator.Caller, error) {
	a := parsed(p.of.ARN)
	if a.Type() != "role" {
		return evaluator.Caller{}, fmt.Errorf("%s is no role, and has no sessions", p.of.ARN)
	}
	session := "arn:" + a.Partition() + ":sts::" + a.Account() + ":assumed-role/" + a.Name() + "/" + name
	return p.caller(evaluator.Session(session, p.of.ARN))
}

func (p *Principal) caller(who evaluator.Principal) (evaluator.Caller, error) {
	s, i := p.in, p.of
	if who.Err() != nil {
		return evaluator.Caller{}, who.Err()
	}
	if i.UniqueID != "" {
		who = who.WithUniqueID(i.UniqueID)
	}
	st := s.standing(i.Account())
	c := evaluator.Caller{Principal: who.WithTags(i.Tags...).WithOrganization(st.organization)}
	g := gathering{snapshot: s, gaps: st.gaps}
	g.attached(i, "")
	for _, name := range i.Groups {
		if group := s.identities.get(s.groups[groupKey(i.Account(), name)]); group == nil {
			g.gap(i, Membership, name)
		} else {
			g.attached(group, "group "+group.Name())
		}
	}
	g.lacking(i, (InlinePolicies|ManagedPolicies|PermissionsBoundary|Membership)&ofKind(i))
	c.Identity = g.set(policy.Identity, g.list)
	if i.Boundary != "" {
		g.list = nil
		g.managed(i, PermissionsBoundary, i.Boundary, "")
		c.Boundary = g.set(policy.Boundary, g.list)
	}
	for _, level := range st.scps {
		c.SCPs = append(c.SCPs, g.set(policy.SCP, level))
	}
	if g.err != nil {
		return evaluator.Caller{}, g.err
	}
	return c, join(g.gaps)
}

// ofKind are all parts of identities of a kind.
func ofKind(i *Identity) Part {
	switch i.Kind() {
	case "user":
		return OfUser
	case "role":
		return OfRole
	}
	return OfGroup
}

// standing is that of an account.
func (s *Snapshot) standing(account string) *standing {
	if st := s.standings[account]; st != nil || account == "" {
		return cmp.Or(st, &standing{})
	}
	return s.standingOf(account, make(map[string]*evaluator.Organization))
}

// A gathering is policies on their way to sets, and what of them is not known.
type gathering struct {
	snapshot *Snapshot
	list     []policy.Attached
	gaps     []*Gap
	err      error
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
	if from != "" {
		g.lacking(i, OfGroup)
	}
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
		g.gaps = append(g.gaps[:len(g.gaps):len(g.gaps)], &Gap{Of: policyARN, Part: Versions, Needs: p.Default, Source: p.Source})
		return
	}
	g.list = append(g.list, policy.Attached{Document: document, Name: parsed(policyARN).Name(), ARN: policyARN, From: from})
}

func (g *gathering) gap(i *Identity, part Part, needs string) {
	g.gaps = append(g.gaps[:len(g.gaps):len(g.gaps)], &Gap{Of: i.ARN, Part: part, Needs: needs, Source: i.Source})
}

// lacking adds a gap for those of the parts that were not read.
func (g *gathering) lacking(i *Identity, all Part) {
	if lacks := all &^ i.Known; lacks != 0 {
		g.gap(i, lacks, "")
	}
}

// set compiles policies, once for all who have the same.
func (g *gathering) set(kind policy.Kind, list []policy.Attached) *evaluator.Set {
	set, err := g.snapshot.interned.set(kind, list)
	if err != nil && g.err == nil {
		g.err = err
	}
	return set
}
