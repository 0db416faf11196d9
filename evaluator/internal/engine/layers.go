package engine

import (
	"strings"

	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

// Layered is a set and the layer it stands in.
type Layered struct {
	*Set
	Layer policy.Layer
	Level int // of an SCP or RCP; else the position in its list
}

// Layers are the sets that bind the request, in the order in which an explicit
// deny is reported (E.7).
func (ev *Evaluation) Layers(yield func(Layered) bool) {
	standing := ev.Standing()
	gates := standing.Gates()
	for place := range gates.Binds.All {
		layer := gates.Layer(place)
		one, list := ev.SetsAt(place)
		if one != nil && !yield(Layered{one, layer, 0}) {
			return
		}
		for i, s := range list {
			if !yield(Layered{s, layer, i}) {
				return
			}
		}
	}
}

// SetsAt are the policies of a gate: one set, or a list of levels or of points of
// attachment.
func (ev *Evaluation) SetsAt(place law.Place) (one *Set, list []*Set) {
	switch place {
	case law.Endpoint:
		return ev.Request.Endpoint, nil
	case law.RCP:
		return nil, ev.Target.RCPs
	case law.SCP:
		return nil, ev.Caller.SCPs
	case law.Resource:
		return nil, ev.Target.Policies
	case law.Identity:
		return ev.Caller.Identity, nil
	case law.Boundary:
		return ev.Caller.Boundary, nil
	}
	return nil, ev.Caller.Session
}

// Standing is how caller and resource stand to each other.
func (ev *Evaluation) Standing() (s law.Standing) {
	ev.fill(&s)
	return s
}

// fill fills in a zero standing, field by field: a literal would be copied.
func (ev *Evaluation) fill(s *law.Standing) {
	c, t, p := ev.Caller, ev.Target, &ev.Caller.Principal
	s.Kind, s.ServiceLinked = p.kind, p.serviceLinked
	s.SameAccount, s.OtherPartition = ev.SameAccount, ev.otherPartition
	s.PassRole, s.Needs = ev.PassRole, ev.needsPolicy
	if ev.Request.Endpoint != nil {
		s.Given.Add(law.Endpoint)
	}
	if len(t.RCPs) > 0 {
		s.Given.Add(law.RCP)
		s.ManagementResource = t.Organization.isManagedBy(ev.ResourceAccount)
		s.BeyondRCPs = !policy.RCPSupports(ev.Action.Text[:ev.Action.Service])
		s.RetireGrant = ev.Action.is("kms:RetireGrant")
		s.AssumesLinked = ev.needsPolicy == policy.TrustLayer && strings.HasPrefix(ev.Resource.Field(5), "role/aws-service-role/")
	}
	if len(c.SCPs) > 0 {
		s.Given.Add(law.SCP)
		s.ManagementCaller = p.organization.isManagedBy(p.account)
	}
	if len(t.Policies) > 0 {
		s.Given.Add(law.Resource)
	}
	if c.Identity != nil {
		s.Given.Add(law.Identity)
	}
	if c.Boundary != nil {
		s.Given.Add(law.Boundary)
	}
	if len(c.Session) > 0 {
		s.Given.Add(law.Session)
	}
}

// isManagedBy reports whether the account is the management account of the
// organization.
func (o *Organization) isManagedBy(account string) bool {
	return o != nil && o.ManagementAccount != "" && o.ManagementAccount == account
}
