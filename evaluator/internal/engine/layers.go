package engine

import (
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
	gates := ev.Gates()
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

// isManagedBy reports whether the account is the management account of the
// organization.
func (o *Organization) isManagedBy(account string) bool {
	return o != nil && o.ManagementAccount != "" && o.ManagementAccount == account
}
