package account

import (
	"cmp"
	"fmt"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// A Principal is a user, a role or a session of a role of a snapshot, with all
// policies that follow it. It is immutable.
type Principal struct {
	of      *Identity
	in      *Snapshot
	session string // its ARN, if it is one
}

// Identity is what was read of the user or role, which for a session is its role.
// Nobody may change it.
func (p *Principal) Identity() *Identity { return p.of }

// String is the ARN.
func (p *Principal) String() string { return cmp.Or(p.session, p.of.ARN) }

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
	g := gathering{snapshot: p.in}
	c := g.caller(p.of, p.principal())
	return c, g.result()
}

// principal is who calls: the user, the session, or an unnamed session of the role.
func (p *Principal) principal() evaluator.Principal {
	switch {
	case p.session != "":
		return evaluator.Session(p.session, p.of.ARN)
	case p.of.Kind() == "role":
		return evaluator.Role(p.of.ARN)
	}
	return evaluator.User(p.of.ARN)
}

// Session is the caller of a named session of a role. Another principal than a
// role has none.
func (p *Principal) Session(name string) (evaluator.Caller, error) {
	a := parsed(p.of.ARN)
	if a.Type() != "role" {
		return evaluator.Caller{}, fmt.Errorf("%s is no role, and has no sessions", p.of.ARN)
	}
	session := "arn:" + a.Partition() + ":sts::" + a.Account() + ":assumed-role/" + a.Name() + "/" + name
	return (&Principal{of: p.of, in: p.in, session: session}).Caller()
}

// caller gathers the policies that follow a principal.
func (g *gathering) caller(i *Identity, who evaluator.Principal) evaluator.Caller {
	if g.err = who.Err(); g.err != nil {
		return evaluator.Caller{}
	}
	s := g.snapshot
	if i.UniqueID != "" {
		who = who.WithUniqueID(i.UniqueID)
	}
	st := s.standing(i.Account())
	g.gaps = append(g.gaps, st.gaps...)
	c := evaluator.Caller{Principal: who.WithTags(i.Tags...).WithOrganization(st.organization)}
	g.attached(i, "")
	for _, name := range i.Groups {
		if group := s.identities.get(s.groups[groupKey(i.Account(), name)]); group == nil {
			g.gap(i, Membership, name)
		} else {
			g.attached(group, "group "+group.Name())
		}
	}
	g.lacking(i, Membership&ofKind(i))
	c.Identity = g.set(policy.Identity, g.list)
	g.list = nil
	if i.Boundary != "" {
		g.managed(i, PermissionsBoundary, i.Boundary, "")
	} else {
		g.lacking(i, PermissionsBoundary&ofKind(i))
	}
	if g.list != nil {
		c.Boundary = g.set(policy.Boundary, g.list)
	}
	for _, level := range st.scps {
		c.SCPs = append(c.SCPs, g.set(policy.SCP, level))
	}
	return c
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
