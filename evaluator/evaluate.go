package evaluator

import (
	"strings"

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
func (e *Engine) Evaluate(c *Caller, t *Target, r *Request) Decision {
	var a action
	if d, ok := a.read(r); !ok {
		return d
	}
	return evaluate(c, t, r, &a, &e.Options, nil)
}

// evaluate decides a request whose action was read and whose context is sound.
func evaluate(c *Caller, t *Target, r *Request, a *action, o *Options, table *contextTable) Decision {
	var split pattern.Fields
	resource := t.split(&split)
	if d, ok := decidePlainly(c, t, r, a, resource); ok {
		return d
	}
	// Field by field: a literal would be put together elsewhere and copied.
	var ev evaluation
	ev.caller, ev.target, ev.request, ev.options, ev.action, ev.resource, ev.table = c, t, r, *o, *a, *resource, table
	if d, ok := ev.meet(); !ok {
		return d
	}
	return ev.decide()
}

// An evaluation is one request being decided.
type evaluation struct {
	caller  *Caller
	target  *Target
	request *Request
	options Options

	action          action
	resource        pattern.Fields
	resourceAccount string
	sameAccount     bool // the caller's account owns the resource
	otherPartition  bool // no grant reaches across partitions (B-43)
	passRole        bool
	partly          bool         // of the resource's ARN only the beginning is known
	openOwner       bool         // and whether it is of the caller's account is not
	identityAlone   bool         // nothing but identity-based policies has a say, as in most requests
	needsPolicy     policy.Layer // the layer of the resource's own policy, where that must allow (E-10); else policy.NoLayer

	table  *contextTable // of a prepared request with many keys; else nil
	plans  *plans        // in a matrix: what was found out before; else nil
	visits *visits       // counts the work in tests; else nil
}

// visits counts the work of a decision.
type visits struct{ entries, conditions int }

// decide takes the short way where identity-based policies alone have a say.
func (ev *evaluation) decide() Decision {
	switch {
	case ev.identityAlone:
		return ev.decideByIdentity()
	case ev.openOwner:
		return ev.decideForBothOwners()
	}
	return ev.decideByLayers()
}

// decideForBothOwners decides for a resource of the caller's account and for
// one of another, which may be of another partition where that is open too.
func (ev *evaluation) decideForBothOwners() Decision {
	own, other := *ev, *ev
	own.openOwner, other.openOwner = false, false
	other.resourceAccount, other.sameAccount = "", false
	other.otherPartition = strings.Count(ev.resource.Text(), ":") < 2
	d, e := own.decide(), other.decide()
	if d.Outcome() == e.Outcome() || d.Denied() && e.Denied() {
		return d
	}
	return indeterminate()
}

// decideByLayers is the reference algorithm of E.7 in three values.
func (ev *evaluation) decideByLayers() Decision {
	switch ev.allowedByRule() {
	case yes:
		return allowed()
	case maybe:
		return indeterminate()
	}
	denied := no
	for l := range ev.layers {
		if len(l.deny.groups) == 0 {
			continue
		}
		t := l.match(ev, policy.Deny).any()
		if t == yes {
			return explicitDeny(l.layer)
		}
		denied = max(denied, t)
	}
	r, t := ev.deniedByRule()
	if t == yes {
		return deniedByRule(r)
	}
	denied = max(denied, t)
	open, stopped := ev.gates()
	switch {
	case open == no && stopped == policy.SCPLayer && ev.options.SCPImplicitAsExplicit:
		return explicitDeny(policy.SCPLayer)
	case open == no:
		return implicitDeny(stopped)
	case open == yes && denied == no:
		return allowed()
	}
	return indeterminate()
}

// identityOnly: the caller is a user or a session of a role, and there are no
// policies but identity-based ones.
func identityOnly(c *Caller, t *Target, r *Request) bool {
	return (c.Principal.kind == IAMUser || c.Principal.kind == RoleSession) &&
		c.Boundary == nil && len(c.Session) == 0 && len(c.SCPs) == 0 &&
		len(t.Policies) == 0 && len(t.RCPs) == 0 && r.Endpoint == nil
}

// decideByIdentity is decideByLayers with the one layer that there is.
func (ev *evaluation) decideByIdentity() Decision {
	s, denied, granted := ev.caller.Identity, no, no
	if s != nil {
		if len(s.deny.groups) > 0 {
			denied = s.match(ev, policy.Deny).direct
		}
		if denied != yes {
			granted = s.match(ev, policy.Allow).direct
		}
	}
	switch {
	case denied == yes:
		return explicitDeny(policy.IdentityLayer)
	case granted == no:
		return implicitDeny(policy.IdentityLayer)
	case granted == yes && denied == no:
		return allowed()
	}
	return indeterminate()
}

// gates asks each layer that must allow, in the order in which they are
// reported. The first that surely does not is the layer that denies.
func (ev *evaluation) gates() (open truth, stopped policy.Layer) {
	g := gates{open: yes}
	if p := ev.request.Endpoint; p != nil {
		g.ask(policy.EndpointLayer, p.match(ev, policy.Allow).any())
	}
	if ev.boundBySCPs() {
		for _, level := range ev.caller.SCPs {
			g.ask(policy.SCPLayer, level.match(ev, policy.Allow).any())
		}
	}
	if g.open == no {
		return g.open, g.stopped
	}
	grant := ev.grants()
	p := &ev.caller.Principal
	switch {
	case !p.signed():
		g.ask(ev.resourceLayer(), grant.any())
		return g.open, g.stopped
	case ev.needsPolicy != policy.NoLayer:
		g.ask(ev.needsPolicy, grant.any())
	}
	if !ev.sameAccount {
		g.ownSide(ev, grants{})
		g.ask(policy.ResourceLayer, grant.any())
		return g.open, g.stopped
	}
	if ev.needsPolicy == policy.TrustLayer {
		// A trust policy waives the identity-based Allow and nothing else (E-50).
		grant.role, grant.direct = max(grant.role, grant.direct), no
	}
	if grant.direct == yes || p.kind == RootUser {
		return g.open, g.stopped
	}
	own := gates{open: yes}
	own.ownSide(ev, grant)
	g.ask(own.stopped, max(grant.direct, own.open))
	return g.open, g.stopped
}

// ownSide asks the policies that follow the principal. In its own account a
// grant to the session's role, or to the user who federated, stands for an
// identity-based Allow (E.3).
func (g *gates) ownSide(ev *evaluation, grant grants) {
	c := ev.caller
	if c.Principal.kind == RootUser {
		return // E-33
	}
	identity := grant.role
	if identity != yes && c.Identity != nil {
		identity = max(identity, c.Identity.match(ev, policy.Allow).any())
	}
	g.ask(policy.IdentityLayer, identity)
	if c.Boundary != nil {
		g.ask(policy.BoundaryLayer, c.Boundary.match(ev, policy.Allow).any())
	}
	for _, set := range c.Session {
		g.ask(policy.SessionLayer, set.match(ev, policy.Allow).any())
	}
	if c.Principal.kind == FederatedUser && len(c.Session) == 0 {
		g.ask(policy.SessionLayer, no) // E-16: it has no rights but those of its session policy
	}
}

// gates is what the layers asked so far allow.
type gates struct {
	open    truth
	stopped policy.Layer
}

func (g *gates) ask(l policy.Layer, t truth) {
	if t == no && g.stopped == policy.NoLayer {
		g.stopped = l
	}
	g.open = min(g.open, t)
}

// grants is the strongest grant of the resource's policies (E-13).
func (ev *evaluation) grants() grants {
	var g grants
	signed := ev.unsignedAtIAMURL().Not()
	if ev.otherPartition || ev.passRole || signed == no {
		return g
	}
	for _, set := range ev.target.Policies {
		if g = g.or(set.match(ev, policy.Allow)); g.direct == yes {
			break
		}
	}
	return g.and(signed)
}
