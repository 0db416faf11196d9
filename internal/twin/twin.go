// Package twin decides requests a second time, for tests.
//
// It is written for clarity alone and follows the numbered rules word by word:
// simple loops, no indexes, nothing compiled, and as much memory as it likes.
// It shares no code with the engine in package evaluator, only the parsed
// policy documents, the plain structs of package scenario, and the names of
// outcomes and layers. A mistake has to be made twice, in two different ways,
// before the comparison of the two overlooks it.
package twin

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
)

// Decide answers a scenario's request. The layer is the one that denied. A
// scenario that asks for an API call instead of an action is invalid here.
func Decide(s *scenario.Scenario) (evaluator.Outcome, policy.Layer) {
	r := newRequest(s)
	if !r.valid() {
		return evaluator.Invalid, policy.NoLayer
	}
	open, foreign := r.openOwner()
	if foreign {
		r.foreign, r.resourceAccount = true, ""
	}
	if !open {
		return r.decide()
	}
	// Whose the resource is is not known: either way.
	outcome, layer := r.decide()
	other := *r
	other.foreign, other.otherWorld = true, strings.Count(r.Resource, ":") < 2
	other.resourceAccount = ""
	elsewhere, _ := other.decide()
	refused := func(o evaluator.Outcome) bool { return o == evaluator.ImplicitDeny || o == evaluator.ExplicitDeny }
	if outcome == elsewhere || refused(outcome) && refused(elsewhere) {
		return outcome, layer
	}
	return evaluator.Indeterminate, policy.NoLayer
}

// decide is the order of everything (E-2, E.7).
func (r *request) decide() (evaluator.Outcome, policy.Layer) {
	switch r.allowedByRule() {
	case yes:
		return evaluator.Allowed, policy.NoLayer
	case maybe:
		return evaluator.Indeterminate, policy.NoLayer
	}

	// One Deny ends it, wherever it stands (E-1).
	mayBeDenied := false
	for _, l := range r.layers() {
		switch r.deny(l.policies) {
		case yes:
			return evaluator.ExplicitDeny, l.name
		case maybe:
			mayBeDenied = true
		}
	}
	switch r.deniedByRule() {
	case yes:
		return evaluator.ImplicitDeny, policy.RuleLayer
	case maybe:
		mayBeDenied = true
	}

	// Every gate must be open, but that a direct grant in the same account
	// passes those behind it (E.3).
	gates, shortcut := r.gates()
	overall, behind := yes, yes
	for _, g := range gates {
		if g.behindShortcut {
			behind = min(behind, g.open)
		} else {
			overall = min(overall, g.open)
		}
	}
	overall = min(overall, max(shortcut, behind))

	switch {
	case overall == no:
		return r.implicitDeny(gates)
	case overall == yes && !mayBeDenied:
		return evaluator.Allowed, policy.NoLayer
	}
	return evaluator.Indeterminate, policy.NoLayer
}

// implicitDeny reports the first gate that is shut for certain (E-2).
func (r *request) implicitDeny(gates []gate) (evaluator.Outcome, policy.Layer) {
	for _, g := range gates {
		if g.open != no {
			continue
		}
		if g.name == policy.SCPLayer && r.options.SCPImplicitAsExplicit { // E-7
			return evaluator.ExplicitDeny, g.name
		}
		return evaluator.ImplicitDeny, g.name
	}
	panic("twin: denied, and no gate is shut")
}

// A layer is the policies of one kind that apply to the request.
type layer struct {
	name     policy.Layer
	policies []policy.Attached
}

// layers in the order in which a Deny is reported (E.7).
func (r *request) layers() []layer {
	p := r.policies
	layers := []layer{{policy.EndpointLayer, p.At(policy.EndpointLayer.At(0))}}
	if r.rcpsApply() {
		for _, level := range p.Levels(policy.RCPLayer) {
			layers = append(layers, layer{policy.RCPLayer, level})
		}
	}
	if r.scpsApply() {
		for _, level := range p.Levels(policy.SCPLayer) {
			layers = append(layers, layer{policy.SCPLayer, level})
		}
	}
	layers = append(layers, layer{r.resourceLayer(), r.resourcePolicies()})
	if r.caller.signed() && r.caller.kind != root { // E.2
		layers = append(layers,
			layer{policy.IdentityLayer, p.At(policy.IdentityLayer.At(0))},
			layer{policy.BoundaryLayer, p.At(policy.BoundaryLayer.At(0))})
	}
	if r.caller.signed() { // nothing follows the others (E-40)
		layers = append(layers, layer{policy.SessionLayer, p.At(policy.SessionLayer.At(0))})
	}
	return layers
}

// A gate is a layer that must allow.
type gate struct {
	name           policy.Layer
	open           truth
	behindShortcut bool // a direct grant in the same account passes it
}

// gates in their order (E-2), and how far a direct grant is a shortcut past
// those that stand behind it.
func (r *request) gates() (gates []gate, shortcut truth) {
	p := r.policies
	grant := r.grant()
	add := func(name policy.Layer, open truth, behind bool) {
		gates = append(gates, gate{name, open, behind})
	}
	if p.Has(policy.EndpointLayer) {
		add(policy.EndpointLayer, r.allow(p.At(policy.EndpointLayer.At(0))), false)
	}
	if r.scpsApply() {
		for _, level := range p.Levels(policy.SCPLayer) {
			add(policy.SCPLayer, r.allow(level), false)
		}
	}
	if !r.caller.signed() {
		add(r.resourceLayer(), grant.any(), false) // E-40, E-41, E-51
		return gates, no
	}
	same := r.sameAccount()
	if r.needsResourcePolicy() { // E-10
		add(r.resourceLayer(), grant.any(), false)
	}
	if r.resourceLayer() == policy.TrustLayer {
		// A trust policy waives the identity-based Allow and nothing else (E-50).
		grant.role, grant.direct = max(grant.role, grant.direct), no
	}
	if r.caller.kind != root { // no policies follow the root user (E.2)
		identity := r.allow(p.At(policy.IdentityLayer.At(0)))
		if same {
			identity = max(identity, grant.role)
		}
		add(policy.IdentityLayer, identity, true)
		if p.Has(policy.BoundaryLayer) {
			add(policy.BoundaryLayer, r.allow(p.At(policy.BoundaryLayer.At(0))), true)
		}
		if p.Has(policy.SessionLayer) || r.caller.kind == federated { // E-16
			add(policy.SessionLayer, r.allow(p.At(policy.SessionLayer.At(0))), true)
		}
	}
	switch {
	case !same:
		add(policy.ResourceLayer, grant.any(), false) // E-30, E-32
		return gates, no
	case r.caller.kind == root:
		return gates, yes
	}
	return gates, grant.direct
}

// deny is whether a Deny in the policies applies to the request.
func (r *request) deny(policies []policy.Attached) truth { return r.any(policies, policy.Deny) }

// allow is whether an Allow in the policies applies to the request.
func (r *request) allow(policies []policy.Attached) truth { return r.any(policies, policy.Allow) }

// any is whether a statement of the effect applies: statements and policies of
// one kind combine by OR.
func (r *request) any(policies []policy.Attached, effect policy.Effect) truth {
	some := no
	for _, p := range policies {
		for i := range p.Document.Statements {
			st := &p.Document.Statements[i]
			if st.Effect == effect {
				some = max(some, min(r.reach(st).hit(), r.applies(p.Document, st)))
			}
		}
	}
	return some
}

// grant is the strongest grant of the resource's policy (E.3, E-13). None
// reaches into another partition (B-43).
func (r *request) grant() class {
	var strongest class
	if r.otherPartition() || r.passRole() { // G-3
		return strongest
	}
	for _, p := range r.resourcePolicies() {
		for i := range p.Document.Statements {
			st := &p.Document.Statements[i]
			if st.Effect == policy.Allow {
				strongest = strongest.or(r.reach(st).and(r.applies(p.Document, st)).and(not(r.unsignedAtIAMURL())))
			}
		}
	}
	return strongest
}

// resourcePolicies are those of all points of attachment.
func (r *request) resourcePolicies() []policy.Attached {
	return slices.Concat(r.policies.Levels(policy.ResourceLayer)...)
}
