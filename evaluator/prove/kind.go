package prove

import (
	"slices"

	"github.com/iamsim/iamsim/policy"
)

// Of are documents of one kind as they decide by themselves. Policies that grant
// stand alone, those of a resource with the callers' own left open. Policies that
// only limit are given something to limit: boundaries, session policies and service
// control policies an administrator, whose identity-based policy allows
// everything; resource control policies and endpoint policies a resource whose own
// policy allows everything to everyone. Without documents a layer that only limits
// is not there, and one that grants grants nothing.
func Of(kind policy.Kind, documents ...policy.Attached) policy.Policies {
	var p policy.Policies
	layer := layerOf(kind)
	switch layer {
	case policy.BoundaryLayer, policy.SessionLayer, policy.SCPLayer:
		p = p.With(policy.IdentityLayer.At(0), policy.Attached{Document: administrator})
	case policy.RCPLayer, policy.EndpointLayer:
		p = p.With(policy.ResourceLayer.At(0), policy.Attached{Document: openToEveryone})
	default:
		return p.With(layer.At(0), documents...)
	}
	if len(documents) > 0 {
		p = p.With(layer.At(0), documents...)
	}
	return p
}

// Allows reports whether one of the documents has an Allow statement.
func Allows(documents ...*policy.Document) bool {
	return slices.ContainsFunc(documents, func(d *policy.Document) bool {
		return d != nil && slices.ContainsFunc(d.Statements, func(st policy.Statement) bool { return st.Effect == policy.Allow })
	})
}

// FullAccess is what AWS's service control policy FullAWSAccess says. AWS attaches it
// everywhere; where it is detached, something else must allow. It has no name, since
// no file has it.
func FullAccess() policy.Attached { return policy.Attached{Document: administrator} }

// layerOf is the layer in which policies of the kind stand in a question. Trust
// policies stand where other resources have theirs.
func layerOf(kind policy.Kind) policy.Layer {
	if l := kind.Layer(); l != policy.TrustLayer {
		return l
	}
	return policy.ResourceLayer
}

// Alone is a document by itself: of a resource if it names principals, else of a
// user or role.
func Alone(d *policy.Document) policy.Policies { return (&Prover{}).Alone(d) }

// Alone is a document by itself, as policies of the prover's Kind are.
func (x *Prover) Alone(d *policy.Document) policy.Policies {
	return Of(x.kind(d), policy.Attach(d)...)
}

// standIn is another document alone, in the slot of the first. No resource control
// policy but AWS's own allows, and that is implied (E-6): without a Deny there is
// none.
func (x *Prover) standIn(d, other *policy.Document) policy.Policies {
	denies := func(st policy.Statement) bool { return st.Effect == policy.Deny }
	if kind := x.kind(d); kind != policy.RCP || slices.ContainsFunc(other.Statements, denies) {
		return Of(kind, policy.Attach(other)...)
	}
	return Of(policy.RCP)
}

// kind is the prover's Kind, or else what the text of a document says: of a resource,
// as those of roles are here, if it names principals, else identity-based.
func (x *Prover) kind(d *policy.Document) policy.Kind {
	switch {
	case x.Kind != 0:
		return x.Kind
	case d.NamesPrincipals():
		return policy.Resource
	}
	return policy.Identity
}

// What stands beside policies that only limit. Nobody changes them.
var (
	administrator  = &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{*everythingAllowed()}}
	openToEveryone = &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{toEveryoneWith()}}
)

// isAdministrators reports whether the identity-based policies are those of an
// administrator whom a question brings in.
func isAdministrators(p policy.Policies) bool { return brings(p, policy.IdentityLayer, administrator) }

// isOpen reports whether the policies of the resource are those that a question
// brings in.
func isOpen(p policy.Policies) bool { return brings(p, policy.ResourceLayer, openToEveryone) }

func brings(p policy.Policies, l policy.Layer, d *policy.Document) bool {
	return slices.ContainsFunc(p.At(l.At(0)), func(a policy.Attached) bool { return a.Document == d })
}
