package evaluator

import (
	"strings"

	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

// layered is a set and the layer it stands in.
type layered struct {
	*Set
	layer policy.Layer
	level int // of an SCP or RCP; else the position in its list
}

// layers are the sets that bind the request, in the order in which an explicit
// deny is reported (E.7).
func (ev *evaluation) layers(yield func(layered) bool) {
	standing := ev.standing()
	gates := standing.Gates()
	for place := range gates {
		if !gates[place].Binds {
			continue
		}
		for i := 0; ; i++ {
			s := ev.set(place, i)
			if s == nil {
				break
			}
			if !yield(layered{s, gates[place].Layer, i}) {
				return
			}
		}
	}
}

// set is the i-th set of the policies of a gate; nil behind the last.
func (ev *evaluation) set(place, i int) *Set {
	var list []*Set
	var one *Set
	switch place {
	case law.Endpoint:
		one = ev.request.Endpoint
	case law.RCP:
		list = ev.target.RCPs
	case law.SCP:
		list = ev.caller.SCPs
	case law.Resource:
		list = ev.target.Policies
	case law.Identity:
		one = ev.caller.Identity
	case law.Boundary:
		one = ev.caller.Boundary
	case law.Session:
		list = ev.caller.Session
	}
	switch {
	case i < len(list):
		return list[i]
	case i == 0:
		return one
	}
	return nil
}

// standing is how caller and resource stand to each other.
func (ev *evaluation) standing() law.Standing {
	c, t, p := ev.caller, ev.target, &ev.caller.Principal
	s := law.Standing{
		Kind: p.kind, SameAccount: ev.sameAccount, OtherPartition: ev.otherPartition, ServiceLinked: p.serviceLinked,
		PassRole: ev.passRole, Needs: ev.needsPolicy,
		Endpoint: ev.request.Endpoint != nil, RCPs: len(t.RCPs) > 0, SCPs: len(c.SCPs) > 0,
		Boundary: c.Boundary != nil, Session: len(c.Session) > 0,
	}
	if s.SCPs {
		s.ManagementCaller = p.organization.isManagedBy(p.account)
	}
	if s.RCPs {
		s.ManagementResource = t.Organization.isManagedBy(ev.resourceAccount)
		s.BeyondRCPs = !policy.RCPSupports(ev.action.text[:ev.action.service])
		s.RetireGrant = ev.action.is("kms:RetireGrant")
		s.AssumesLinked = ev.needsPolicy == policy.TrustLayer && strings.HasPrefix(ev.resource.Field(5), "role/aws-service-role/")
	}
	return s
}

// isManagedBy reports whether the account is the management account of the
// organization.
func (o *Organization) isManagedBy(account string) bool {
	return o != nil && o.ManagementAccount != "" && o.ManagementAccount == account
}
