package engine

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// Evaluate decides a request: calls that a fixed rule allows, then every
// applicable Deny, then calls that a fixed rule refuses, then each layer that
// must allow (E.7).
//
// It is a pure function of its arguments: it does no I/O, reads no clock,
// allocates nothing (for up to 256 context keys, and eight variables in a
// pattern), and may run on any number of goroutines with the same arguments.
func Evaluate(c *Caller, t *Target, r *Request, o *Options) Decision {
	var a Action
	if d, ok := a.read(r); !ok {
		return d
	}
	return evaluate(c, t, r, &a, o, nil)
}

// evaluate decides a request whose action was read and whose context is sound.
func evaluate(c *Caller, t *Target, r *Request, a *Action, o *Options, table *contextTable) Decision {
	var split pattern.Fields
	resource := t.split(&split)
	if d, ok := decidePlainly(c, t, r, a, resource); ok {
		return d
	}
	var ev Evaluation
	if d, ok := ev.begin(c, t, r, o, a, resource, table); !ok {
		return d
	}
	return ev.Decide()
}

// An Evaluation is one request being decided.
type Evaluation struct {
	Caller  *Caller
	Target  *Target
	Request *Request
	Options Options

	Action          Action
	Resource        pattern.Fields
	ResourceAccount string
	law.Standing         // of caller and resource
	RoleTags        bool // another reading: iam:PassRole has the tags of the role (C-54)
	Partly          bool // of the resource's ARN only the beginning is known
	OpenOwner       bool // and whether it is of the caller's account is not
	identityAlone   bool // nothing but identity-based policies has a say, as in most requests

	table  *contextTable // of a prepared request with many keys; else nil
	plans  *plans        // in a matrix: what was found out before; else nil
	visits *visits       // counts the work in tests; else nil
}

// visits counts the work of a decision.
type visits struct{ entries, conditions int }

// Decide takes the short way where identity-based policies alone have a say.
func (ev *Evaluation) Decide() Decision {
	switch {
	case ev.identityAlone:
		return ev.decideByIdentity()
	case ev.OpenOwner:
		return ev.decideForBothOwners()
	}
	return ev.decideByLayers()
}

// decideForBothOwners decides for a resource of the caller's account and for
// one of another, which may be of another partition where that is open too.
func (ev *Evaluation) decideForBothOwners() Decision {
	own, other := *ev, *ev
	own.OpenOwner, other.OpenOwner = false, false
	other.ResourceAccount, other.SameAccount, other.ManagementResource = "", false, false
	other.OtherPartition = strings.Count(ev.Resource.Text(), ":") < 2
	d, e := own.Decide(), other.Decide()
	if d.Outcome() == e.Outcome() || d.Denied() && e.Denied() {
		return d
	}
	return indeterminate()
}

// decideByLayers is the reference algorithm of E.7 in three values.
func (ev *Evaluation) decideByLayers() Decision {
	rules := ev.hasRules()
	if rules {
		switch ev.AllowedByRule() {
		case yes:
			return AllowedDecision()
		case maybe:
			return indeterminate()
		}
	}
	var gates law.Gates
	ev.Fill(&gates)
	denied, by := ev.denied(&gates)
	if denied == yes {
		return explicitDeny(by)
	}
	if rules {
		r, t := ev.DeniedByRule()
		if t == yes {
			return deniedByRule(r)
		}
		denied = max(denied, t)
	}
	open, stopped := ev.open(&gates, ev.Order(gates.Asks&^law.Implied))
	switch {
	case open == no && stopped == policy.SCPLayer && ev.Options.SCPImplicitAsExplicit:
		return explicitDeny(policy.SCPLayer)
	case open == no:
		return implicitDeny(stopped)
	case open == yes && denied == no:
		return AllowedDecision()
	}
	return indeterminate()
}

// denied asks the Deny statements of each gate that binds and has policies, in the
// order in which an explicit deny is reported.
func (ev *Evaluation) denied(gates *law.Gates) (denied truth, by policy.Layer) {
	for rest := gates.Binds & ev.Given; rest != 0; {
		place := rest.Pop()
		one, list := ev.SetsAt(place)
		t := no
		if one != nil && len(one.deny.groups) > 0 {
			t = one.match(ev, policy.Deny).Any()
		}
		for i := 0; i < len(list) && t != yes; i++ {
			if len(list[i].deny.groups) > 0 {
				t = max(t, list[i].match(ev, policy.Deny).Any())
			}
		}
		if t == yes {
			return yes, gates.Layer(place)
		}
		denied = max(denied, t)
	}
	return denied, policy.NoLayer
}

// open asks each gate that must open, in the order in which they are passed. The
// first that surely does not is the layer that denies.
func (ev *Evaluation) open(gates *law.Gates, order law.Order) (open truth, stopped policy.Layer) {
	open = yes
	var granted Grants // by the resource's own policies, once known
	known := false
	for order.More() {
		place := order.Next()
		waiver := gates.Waiver(place)
		if !known && (place == law.Resource || waiver != law.NoGrant) {
			granted, known = ev.Grants(gates), true
		}
		t := granted.Waive(waiver)
		switch one, list := ev.SetsAt(place); {
		case place == law.Resource:
			t = granted.Any()
		case t == yes:
		case one != nil:
			t = max(t, one.match(ev, policy.Allow).Any())
		default:
			t = max(t, ev.allAllow(list))
		}
		if t == no {
			return no, gates.Layer(place)
		}
		open = min(open, t)
	}
	return open, policy.NoLayer
}

// allAllow asks the Allow statements of a layer's sets, each of which must allow; a
// layer without sets does not.
func (ev *Evaluation) allAllow(list []*Set) truth {
	t := truthOf(len(list) > 0)
	for i := 0; i < len(list) && t != no; i++ {
		t = min(t, list[i].match(ev, policy.Allow).Any())
	}
	return t
}

// Grants is the strongest grant of the resource's own policies (E-13).
func (ev *Evaluation) Grants(gates *law.Gates) Grants {
	var g Grants
	refused := ev.RefusedByRule()
	if gates.GrantsNothing || refused == yes {
		return g
	}
	for _, set := range ev.Target.Policies {
		if g = g.or(set.match(ev, policy.Allow)); g.Direct == yes {
			break
		}
	}
	return g.and(refused.Not())
}

// identityOnly: the caller is a user or a session of a role, and there are no
// policies but identity-based ones.
func identityOnly(c *Caller, t *Target, r *Request) bool {
	return (c.Principal.kind == IAMUser || c.Principal.kind == RoleSession) &&
		c.Boundary == nil && len(c.Session) == 0 && len(c.SCPs) == 0 &&
		len(t.Policies) == 0 && len(t.RCPs) == 0 && r.Endpoint == nil
}

// decideByIdentity is decideByLayers with the one layer that there is.
func (ev *Evaluation) decideByIdentity() Decision {
	s, denied, granted := ev.Caller.Identity, no, no
	if s != nil {
		if len(s.deny.groups) > 0 {
			denied = s.match(ev, policy.Deny).Direct
		}
		if denied != yes {
			granted = s.match(ev, policy.Allow).Direct
		}
	}
	switch {
	case denied == yes:
		return explicitDeny(policy.IdentityLayer)
	case granted == no:
		return implicitDeny(policy.IdentityLayer)
	case granted == yes && denied == no:
		return AllowedDecision()
	}
	return indeterminate()
}

// Clone is the evaluation of a copy of the request, which its owner cannot
// change any more.
func (ev *Evaluation) Clone() *Evaluation {
	own := *ev
	caller, target, request := *ev.Caller, *ev.Target, *ev.Request
	caller.Session, caller.SCPs = slices.Clone(caller.Session), slices.Clone(caller.SCPs)
	caller.Principal.organization = caller.Principal.organization.clone()
	target.Policies, target.RCPs = slices.Clone(target.Policies), slices.Clone(target.RCPs)
	target.Tags, target.Organization = slices.Clone(target.Tags), target.Organization.clone()
	request.Context = slices.Clone(request.Context)
	for i := range request.Context {
		request.Context[i].Values = slices.Clone(request.Context[i].Values)
	}
	own.Caller, own.Target, own.Request = &caller, &target, &request
	return &own
}
