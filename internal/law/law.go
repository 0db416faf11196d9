// Package law is the law of IAM as data: what holds for every request, whatever
// policies say. The engine walks it, explanations print it and proofs compile
// it, so that a rule is changed in one place:
//
//	law.go     who must allow (E.1 to E.3, E.7, E-50)
//	reason.go  why a layer does not bind, need not allow or allows nobody
//	rule.go    fixed rules (L-4, E-51, G-4, F-21)
//	key.go     context keys of callers and resources (D.1, D.2, G-7, G-9, G-12)
//	kind.go    kinds of principals (E.2, E-40)
//	owner.go   who owns a resource (E-3), which actions assume a role (E-50, E-54)
package law

import "github.com/iamsim/iamsim/policy"

// A Standing is the relation of caller and resource, as far as it decides which
// layers must allow. The zero Standing is of an unsigned
// caller and no policies.
type Standing struct {
	Kind Kind // of the caller

	SameAccount        bool // the caller's account owns the resource
	OtherPartition     bool // the resource is of another partition than the caller
	ManagementCaller   bool // the caller is of its organization's management account
	ManagementResource bool // the resource is of its organization's management account
	ServiceLinked      bool // the caller is a session of a service-linked role
	AssumesLinked      bool // the role that is assumed is a service-linked one

	PassRole    bool // the action is iam:PassRole
	RetireGrant bool // the action is kms:RetireGrant
	BeyondRCPs  bool // the action is of a service that RCPs do not reach (E-9)
	// Needs is the layer of the resource's own policy where that must allow in its
	// own account too: TrustLayer to assume a role (E-50), ResourceLayer for a KMS
	// key (E-10); else NoLayer.
	Needs policy.Layer
	// Delegates: resources have no policies of their own, or such as leave the
	// decision to the caller's account.
	Delegates bool
	// Free: a fixed rule allows the request (L-4).
	Free bool

	// Given says by place whether there are policies of the layers that need not be
	// there.
	Given [places]bool
}

// A Gate is how one layer takes part in the decision on a request. A gate whose
// Allow is needed and that has no policies does not open.
type Gate struct {
	Layer policy.Layer
	Binds bool // its Deny statements count
	Asks  bool // an Allow of each of its levels is needed, unless it is waived
	// Implied: besides what is attached, each level has a policy that allows
	// everything (E-6).
	Implied bool
	// Waiver is the weakest grant of the resource's own policy that stands for an
	// Allow of this layer (E.3, E-50).
	Waiver Grant
	// GrantsNothing: Allow statements of the resource's own policy do not count.
	GrantsNothing bool
	Reason        Reason // why it does not bind, need not allow or allows nobody
}

// Places of the gates of a request.
const (
	Endpoint = iota
	RCP
	SCP
	Resource
	Identity
	Boundary
	Session
	places
)

// Gates are the gates of a request, by place: in the order in which an explicit
// deny is reported (E.7).
type Gates [places]Gate

// A Grant is how strongly a statement of a resource's own policy names the caller
// (E.3). Each includes those before it.
type Grant uint8

const (
	NoGrant      Grant = iota
	DirectGrant        // the user, the session or the service itself, or everyone
	RoleGrant          // the role of a session, or the user who federated
	AccountGrant       // the account, which delegates to its identity-based policies (E-12)
)

// An Order is places in [Gates], in the order in which a request passes them.
type Order [places]uint8

// Gates are the gates that the request passes.
func (s *Standing) Gates() (g Gates) {
	s.Fill(&g)
	return g
}

// Fill makes the gates that the request passes in place: a decision makes them
// each time. They were zero before.
func (s *Standing) Fill(g *Gates) {
	g[Endpoint].Layer, g[Endpoint].Binds, g[Endpoint].Asks = policy.EndpointLayer, s.Given[Endpoint], s.Given[Endpoint]
	s.rcp(&g[RCP])
	s.scp(&g[SCP])
	s.resource(&g[Resource])
	s.own(&g[Identity], policy.IdentityLayer, true)
	s.own(&g[Boundary], policy.BoundaryLayer, s.Given[Boundary])
	s.session(&g[Session])
	if s.Free {
		for i := range g {
			g[i] = Gate{Layer: g[i].Layer, Implied: g[i].Implied, Reason: EveryCallerMay}
		}
	}
}

// Denies are the layers whose Deny statements can meet the request, whichever
// policies are given, in the order in which an explicit deny is reported (E.7).
func (s Standing) Denies(yield func(policy.Layer) bool) {
	for place := range s.Given {
		s.Given[place] = true
	}
	for _, g := range s.Gates() {
		if g.Binds && !yield(g.Layer) {
			return
		}
	}
}

// Order is the order in which the gates are passed, as places: the first that
// does not open is the layer that denies (E-2).
func (s *Standing) Order() *Order {
	if s.Kind.Signed() && !s.SameAccount && s.Needs == policy.NoLayer && !s.Delegates {
		return &resourceLast
	}
	return &inOrder
}

// The order of the places, and the same with the resource's own policy behind
// those of the caller.
var (
	inOrder      = Order{0, 1, 2, 3, 4, 5, 6}
	resourceLast = Order{0, 1, 2, 4, 5, 6, Resource}
)

// rcp is the gate of resource control policies, which follow the resource (E.2,
// E-3, E-6).
func (s *Standing) rcp(g *Gate) {
	g.Layer, g.Implied = policy.RCPLayer, true
	switch {
	case !s.Given[RCP]:
		return
	case s.BeyondRCPs:
		g.Reason = ServiceBeyondRCPs
	case s.RetireGrant:
		g.Reason = RetireGrantBeyondRCPs
	case s.ManagementResource:
		g.Reason = ManagementBeyondRCPs
	case s.ServiceLinked, s.AssumesLinked:
		g.Reason = LinkedBeyondRCPs
	}
	g.Binds = g.Reason == NoReason
	g.Asks = g.Binds
}

// scp is the gate of service control policies, which follow the caller (E.2,
// E-3).
func (s *Standing) scp(g *Gate) {
	g.Layer = policy.SCPLayer
	switch {
	case !s.Given[SCP]:
		return
	case !s.Kind.Signed():
		g.Reason = UnsignedBeyondSCPs
	case s.ServiceLinked:
		g.Reason = LinkedBeyondSCPs
	case s.ManagementCaller:
		g.Reason = ManagementBeyondSCPs
	}
	g.Binds = g.Reason == NoReason
	g.Asks = g.Binds
}

// resource is the gate of the resource's own policies. It must open to callers
// of other accounts, to such as have no account, and where the resource needs a
// policy of its own (E-2, E-10, E-50).
func (s *Standing) resource(g *Gate) {
	g.Layer, g.Binds = policy.ResourceLayer, true
	if s.Needs != policy.NoLayer {
		g.Layer = s.Needs
	}
	g.Asks = !s.Delegates && (s.Needs != policy.NoLayer || !s.SameAccount || !s.Kind.Signed())
	switch {
	case s.OtherPartition:
		g.GrantsNothing, g.Reason = true, OtherPartition
	case s.PassRole:
		g.GrantsNothing, g.Reason = true, PassRole
	case !g.Asks:
		g.Reason = OwnAccount
	}
}

// own is the gate of a layer that follows the caller (E-3, E-33, E-40). In the
// resource's account a grant to the caller waives it; one to the caller's role or
// user waives the identity-based Allow alone (E.3). Where a role is assumed the
// trust policy waives that and nothing else (E-50).
func (s *Standing) own(g *Gate, l policy.Layer, given bool) {
	g.Layer = l
	switch {
	case !s.Kind.Signed():
		g.Reason = NoAccount
	case s.Kind == RootUser:
		g.Reason = RootUserUnlimited
	default:
		g.Binds, g.Asks = true, given
	}
	switch {
	case !g.Asks, !s.SameAccount, s.Delegates:
	case l == policy.IdentityLayer:
		g.Waiver = RoleGrant
	case s.Needs != policy.TrustLayer:
		g.Waiver = DirectGrant
	}
}

// session is the gate of session policies. A session of the root user can have
// some, of which only Deny statements count (E.2); a federated user has no rights
// but those of its own (E-16).
func (s *Standing) session(g *Gate) {
	s.own(g, policy.SessionLayer, s.Given[Session] || s.Kind == FederatedUser)
	switch s.Kind {
	case RootUser:
		g.Binds = true
	case FederatedUser:
		if !s.Given[Session] {
			g.Reason = NoSessionPolicy
		}
	}
}
