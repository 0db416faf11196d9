package evaluator

import (
	"fmt"

	"github.com/iamsim/iamsim/policy"
)

// standing is a layer as it stands to the request, with the sets that it has.
type standing struct {
	LayerTrace
	sets    []layered
	granted truth // whether its Allow statements apply
}

// traceLayers asks every layer, also those behind the one that stopped.
func (ev *evaluation) traceLayers(d Decision) []LayerTrace {
	standings := ev.standings(d)
	for i := range standings {
		s := &standings[i]
		for _, l := range s.sets {
			s.Policies = append(s.Policies, l.trace(ev, s.Binds)...)
		}
		s.Outcome = ev.outcomeOf(s)
	}
	if s := ev.stoppedAt(d, standings); s != nil {
		s.Stopped = true
	}
	layers := make([]LayerTrace, len(standings))
	for i := range standings {
		layers[i] = standings[i].LayerTrace
	}
	return layers
}

// outcomeOf is what a layer says by itself.
func (ev *evaluation) outcomeOf(s *standing) Outcome {
	if s.Layer == policy.RuleLayer {
		return s.Outcome
	}
	denied := no
	if s.Binds {
		for _, l := range s.sets {
			denied = max(denied, l.match(ev, policy.Deny).any())
		}
	}
	switch {
	case denied == yes:
		return ExplicitDeny
	case s.granted == no:
		return ImplicitDeny
	case denied == maybe, s.granted == maybe:
		return Indeterminate
	}
	return Allowed
}

// reportOrder is the order in which an explicit deny is reported (E.7).
var reportOrder = [...]policy.Layer{policy.EndpointLayer, policy.RCPLayer, policy.SCPLayer, policy.ResourceLayer, policy.TrustLayer, policy.IdentityLayer, policy.BoundaryLayer, policy.SessionLayer}

// stoppedAt is the layer that denied a request which is denied. Where that is
// settled though keys are unknown, it is one that denies for some values of
// them.
func (ev *evaluation) stoppedAt(d Decision, standings []standing) *standing {
	if !d.Denied() {
		return nil
	}
	for _, layer := range reportOrder {
		for i := range standings {
			if s := &standings[i]; s.Layer == layer && s.Outcome == ExplicitDeny {
				return s
			}
		}
	}
	for _, outcome := range [...]Outcome{ImplicitDeny, Indeterminate} {
		for i := range standings {
			if s := &standings[i]; s.Layer == d.Layer() && s.Outcome == outcome && (s.Asked || outcome == Indeterminate) {
				return s
			}
		}
	}
	return nil
}

// standings are the layers of the request in the order in which it passes
// them, and whether each must allow: the order and the rules of gates.
func (ev *evaluation) standings(d Decision) []standing {
	s := standings{ev: ev, binding: make(map[policy.Layer]bool), free: ev.allowedByRule() == yes}
	for l := range ev.layers {
		s.binding[l.layer] = true
	}
	s.rule(d)
	if e := ev.request.Endpoint; e != nil {
		s.add(policy.EndpointLayer, 0, s.allow(e), "", e)
	}
	for i, set := range ev.target.RCPs {
		s.add(policy.RCPLayer, i, yes, ev.freeOfRCPs(), set) // RCPFullAWSAccess is implied (E-6)
	}
	for i, set := range ev.caller.SCPs {
		s.add(policy.SCPLayer, i, s.allow(set), ev.freeOfSCPs(), set)
	}
	grant := ev.grants()
	last := !ev.sameAccount && ev.caller.Principal.signed() && ev.needsPolicy == policy.NoLayer
	if !last {
		s.resource(grant)
	}
	s.identity(grant)
	s.ownLimits(grant)
	if last {
		s.resource(grant)
	}
	return s.list
}

// standings collects layers.
type standings struct {
	ev      *evaluation
	binding map[policy.Layer]bool
	free    bool // a rule lets every caller do this
	list    []standing
}

// add appends a layer; why says for what reason it is not asked, "" that it is.
func (s *standings) add(layer policy.Layer, level int, granted truth, why string, sets ...*Set) {
	added := standing{
		LayerTrace: LayerTrace{Layer: layer, Level: level, Binds: !s.free && (s.binding[layer] || sets == nil), Asked: why == "", Note: why},
		granted:    granted,
	}
	for i, set := range sets {
		added.sets = append(added.sets, layered{set, layer, max(level, i)})
	}
	if s.free {
		added.Asked, added.Note = false, "every caller may do this, whatever policies say (L-4)"
	}
	s.list = append(s.list, added)
}

func (s *standings) allow(set *Set) truth { return set.match(s.ev, policy.Allow).any() }

// note explains the layer that was added last.
func (s *standings) note(text string) { s.list[len(s.list)-1].Note = text }

// rule adds the fixed rule that denied, or may.
func (s *standings) rule(d Decision) {
	if rule := d.rule(); rule != noRule {
		s.add(policy.RuleLayer, 0, no, "")
		s.list[0].Outcome = ImplicitDeny
		s.note(ruleTexts[rule])
	} else if rule, may := s.ev.deniedByRule(); may == maybe && d.Outcome() == Indeterminate {
		s.add(policy.RuleLayer, 0, no, "")
		s.list[0].Outcome = Indeterminate
		s.note("it may be that " + ruleTexts[rule])
	}
}

// resource adds the resource's own policies.
func (s *standings) resource(grant grants) {
	why := s.ev.needlessResource(grant)
	if policies := s.ev.target.Policies; len(policies) > 0 || why == "" {
		s.add(s.ev.resourceLayer(), 0, grant.any(), why, policies...)
	}
	if nothing := s.ev.grantsNothing(); why == "" && nothing != "" {
		s.note(nothing)
	}
}

// identity adds the identity-based policies.
func (s *standings) identity(grant grants) {
	ev := s.ev
	why := ev.needlessIdentity(grant)
	instead := no // a grant to the role or user behind a session stands in
	if ev.sameAccount && why == "" {
		instead = min(maybe, grant.role)
		if ev.needsPolicy == policy.TrustLayer {
			instead = min(maybe, max(grant.role, grant.direct))
		}
	}
	if set := ev.caller.Identity; set != nil {
		s.add(policy.IdentityLayer, 0, max(instead, s.allow(set)), why, set)
	} else if why == "" {
		s.add(policy.IdentityLayer, 0, instead, "")
	}
}

// ownLimits adds the permissions boundary and the session policies.
func (s *standings) ownLimits(grant grants) {
	c := s.ev.caller
	why := s.ev.needlessOwnSide(grant)
	if c.Boundary != nil {
		s.add(policy.BoundaryLayer, 0, s.allow(c.Boundary), why, c.Boundary)
	}
	for i, set := range c.Session {
		s.add(policy.SessionLayer, i, s.allow(set), why, set)
	}
	if c.Principal.kind == FederatedUser && len(c.Session) == 0 && why == "" {
		s.add(policy.SessionLayer, 0, no, "")
		s.note("a federated user has no rights but those of its session policy (E-16)")
	}
}

// freeOfSCPs says why no service control policy binds the caller; "" if they
// do.
func (ev *evaluation) freeOfSCPs() string {
	switch p := &ev.caller.Principal; {
	case ev.boundBySCPs():
		return ""
	case !p.signed():
		return "service control policies bind principals of an account, and not " + p.String() + " (E.2)"
	case p.isServiceLinkedRole():
		return "service control policies do not bind service-linked roles (E.2)"
	}
	return "service control policies do not bind the management account (E.2)"
}

// freeOfRCPs says why no resource control policy binds the request.
func (ev *evaluation) freeOfRCPs() string {
	switch service := ev.action.text[:ev.action.service]; {
	case ev.boundByRCPs():
		return ""
	case !policy.RCPSupports(service):
		return fmt.Sprintf("resource control policies do not reach the service %s (E-9)", service)
	case ev.action.is("kms:RetireGrant"):
		return "resource control policies do not reach kms:RetireGrant (E.2)"
	case ev.target.Organization != nil && ev.target.Organization.ManagementAccount == ev.resourceAccount:
		return "resource control policies do not bind resources of the management account (E.2)"
	}
	return "resource control policies do not bind service-linked roles (E.2)"
}

// needlessResource says why no grant of the resource's own policy is needed.
func (ev *evaluation) needlessResource(grant grants) string {
	p := &ev.caller.Principal
	switch {
	case !p.signed(), ev.needsPolicy != policy.NoLayer, !ev.sameAccount:
		return ""
	case ev.passRole:
		return "iam:PassRole knows no resource-based policy (G-3)"
	case grant.direct == yes:
		return "the resource's own account: a grant to the caller is enough by itself (E.3)"
	case grant.role == yes:
		return "the resource's own account: a grant to the caller's role or user stands for an identity-based one (E.3)"
	case grant.account == yes:
		return "it names the account, which delegates to identity-based policies and grants nothing by itself (E-12)"
	}
	return "the resource's own account: an identity-based grant is enough (E.3)"
}

// grantsNothing says why the resource's own policy can grant nothing, though a
// grant is needed.
func (ev *evaluation) grantsNothing() string {
	switch {
	case ev.otherPartition:
		return "no grant reaches across partitions (B-43)"
	case ev.passRole:
		return "iam:PassRole knows no resource-based policy (G-3)"
	case ev.unsignedAtIAMURL() == yes:
		return "a function URL with the authentication AWS_IAM refuses unsigned callers (F-21)"
	}
	return ""
}

// needlessOwnSide says why neither boundary nor session policies are asked.
func (ev *evaluation) needlessOwnSide(grant grants) string {
	switch p := &ev.caller.Principal; {
	case !p.signed():
		return "it follows principals of an account, and not " + p.String() + " (E-40)"
	case p.kind == RootUser:
		return "nothing limits the root user but explicit denies, SCPs and RCPs (E.2)"
	case ev.sameAccount && ev.needsPolicy != policy.TrustLayer && grant.direct == yes:
		return "the resource's policy allows the caller itself, which is enough (E.3)"
	}
	return ""
}

// needlessIdentity says why no identity-based Allow is needed.
func (ev *evaluation) needlessIdentity(grant grants) string {
	if own := ev.needlessOwnSide(grant); own != "" {
		return own
	}
	switch {
	case !ev.sameAccount:
		return ""
	case ev.needsPolicy == policy.TrustLayer && grant.direct == yes:
		return "the trust policy allows the caller itself, which is enough (E-50)"
	case grant.role == yes:
		return "the resource's policy allows the caller's role or user, which stands for an identity-based Allow (E.3)"
	}
	return ""
}
