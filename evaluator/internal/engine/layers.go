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
	for place := range gates {
		if !gates[place].Binds {
			continue
		}
		for i := 0; ; i++ {
			s := ev.SetAt(place, i)
			if s == nil {
				break
			}
			if !yield(Layered{s, gates[place].Layer, i}) {
				return
			}
		}
	}
}

// SetAt is the i-th set of the policies of a gate; nil behind the last.
func (ev *Evaluation) SetAt(place, i int) *Set {
	var list []*Set
	var one *Set
	switch place {
	case law.Endpoint:
		one = ev.Request.Endpoint
	case law.RCP:
		list = ev.Target.RCPs
	case law.SCP:
		list = ev.Caller.SCPs
	case law.Resource:
		list = ev.Target.Policies
	case law.Identity:
		one = ev.Caller.Identity
	case law.Boundary:
		one = ev.Caller.Boundary
	case law.Session:
		list = ev.Caller.Session
	}
	switch {
	case i < len(list):
		return list[i]
	case i == 0:
		return one
	}
	return nil
}

// Standing is how caller and resource stand to each other.
func (ev *Evaluation) Standing() law.Standing {
	c, t, p := ev.Caller, ev.Target, &ev.Caller.Principal
	s := law.Standing{
		Kind: p.kind, SameAccount: ev.SameAccount, OtherPartition: ev.otherPartition, ServiceLinked: p.serviceLinked,
		PassRole: ev.PassRole, Needs: ev.needsPolicy,
		Endpoint: ev.Request.Endpoint != nil, RCPs: len(t.RCPs) > 0, SCPs: len(c.SCPs) > 0,
		Boundary: c.Boundary != nil, Session: len(c.Session) > 0,
	}
	if s.SCPs {
		s.ManagementCaller = p.organization.isManagedBy(p.account)
	}
	if s.RCPs {
		s.ManagementResource = t.Organization.isManagedBy(ev.ResourceAccount)
		s.BeyondRCPs = !policy.RCPSupports(ev.Action.Text[:ev.Action.Service])
		s.RetireGrant = ev.Action.is("kms:RetireGrant")
		s.AssumesLinked = ev.needsPolicy == policy.TrustLayer && strings.HasPrefix(ev.Resource.Field(5), "role/aws-service-role/")
	}
	return s
}

// isManagedBy reports whether the account is the management account of the
// organization.
func (o *Organization) isManagedBy(account string) bool {
	return o != nil && o.ManagementAccount != "" && o.ManagementAccount == account
}
