package evaluator

import (
	"strings"

	"github.com/iamsim/iamsim/policy"
)

// layered is a set and the layer it stands in.
type layered struct {
	*Set
	layer policy.Layer
	level int // of an SCP or RCP; else the position in its list
}

// layers are the applicable sets in the order in which an explicit deny is
// reported (E.7): endpoint, RCPs, SCPs, resource, identity, boundary, session.
func (ev *evaluation) layers(yield func(layered) bool) {
	c, t := ev.caller, ev.target
	if p := ev.request.Endpoint; p != nil && !yield(layered{p, policy.EndpointLayer, 0}) {
		return
	}
	if ev.boundByRCPs() {
		for i, set := range t.RCPs {
			if !yield(layered{set, policy.RCPLayer, i}) {
				return
			}
		}
	}
	if ev.boundBySCPs() {
		for i, set := range c.SCPs {
			if !yield(layered{set, policy.SCPLayer, i}) {
				return
			}
		}
	}
	for i, set := range t.Policies {
		if !yield(layered{set, ev.resourceLayer(), i}) {
			return
		}
	}
	if !c.Principal.signed() {
		return // no policies follow them (E-40)
	}
	if c.Principal.kind != RootUser { // E.2: but a session of the root user can have session policies
		if c.Identity != nil && !yield(layered{c.Identity, policy.IdentityLayer, 0}) {
			return
		}
		if c.Boundary != nil && !yield(layered{c.Boundary, policy.BoundaryLayer, 0}) {
			return
		}
	}
	for i, set := range c.Session {
		if !yield(layered{set, policy.SessionLayer, i}) {
			return
		}
	}
}

// resourceLayer is the layer of the resource's own policy.
func (ev *evaluation) resourceLayer() policy.Layer {
	if ev.needsPolicy != policy.NoLayer {
		return ev.needsPolicy
	}
	return policy.ResourceLayer
}

// boundBySCPs: not principals of the management account, service-linked roles,
// services and unsigned callers (E.2).
func (ev *evaluation) boundBySCPs() bool {
	p := &ev.caller.Principal
	if len(ev.caller.SCPs) == 0 || !p.signed() || p.isServiceLinkedRole() {
		return false
	}
	return p.organization == nil || p.organization.ManagementAccount != p.account
}

// boundByRCPs: not resources of the management account, service-linked roles
// as callers or as the role that is assumed, services that RCPs do not reach,
// and kms:RetireGrant (E.2, E-9).
func (ev *evaluation) boundByRCPs() bool {
	if len(ev.target.RCPs) == 0 || ev.caller.Principal.isServiceLinkedRole() ||
		ev.needsPolicy == policy.TrustLayer && strings.HasPrefix(ev.resource.Field(5), "role/aws-service-role/") ||
		!policy.RCPSupports(ev.action.text[:ev.action.service]) || ev.action.is("kms:RetireGrant") {
		return false
	}
	o := ev.target.Organization
	return o == nil || o.ManagementAccount == "" || o.ManagementAccount != ev.resourceAccount
}
