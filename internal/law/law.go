// Package law is the law of IAM as data: what holds for every request, whatever
// policies say. The engine walks it, explanations print it and proofs compile
// it, so that a rule is changed in one place:
//
//	law.go     who must allow (E.1 to E.3, E.7, E-50)
//	place.go   sets of layers, and the order in which a request passes them
//	reason.go  why a layer does not bind, need not allow or allows nobody
//	rule.go    fixed rules (L-4, E-51, G-4, F-21)
//	key.go     context keys of callers and resources (D.1, D.2, G-7, G-9, G-12)
//	kind.go    kinds of principals (E.2, E-40)
//	function.go  what the policy of a Lambda function can hold (F-6)
//	owner.go   who owns a resource (E-3), which actions assume a role (E-50, E-54)
package law

import "github.com/iamsim/iamsim/policy"

// A Standing is how caller and resource of a request stand to each other, as far
// as it decides which layers must allow. The zero Standing is of an unsigned
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

	Given Places // of which there are policies
}

// Gates are what each layer has to say about a request: the gates that it passes,
// by place. A gate that asks and has no policies does not open. A decision makes
// them each time, so that they are sets of places.
type Gates struct {
	Binds Places // whose Deny statements count
	Asks  Places // whose levels must each allow, unless it is waived
	// GrantsNothing: Allow statements of the resource's own policy do not count.
	GrantsNothing bool

	own     policy.Layer // of the resource's own policy
	waivers [places]Grant
	reasons [places]Reason
}

// A Place is that of a gate: they are in the order in which an explicit deny is
// reported (E.7).
type Place uint8

const (
	Endpoint Place = iota
	RCP
	SCP
	Resource
	Identity
	Boundary
	Session
	places
)

// Implied are the places where each level has, besides what is attached, a policy
// that allows everything (E-6).
const Implied Places = 1 << RCP

var layers = [places]policy.Layer{
	Endpoint: policy.EndpointLayer,
	RCP:      policy.RCPLayer,
	SCP:      policy.SCPLayer,
	Identity: policy.IdentityLayer,
	Boundary: policy.BoundaryLayer,
	Session:  policy.SessionLayer,
}

// Layer is the layer of a place; NoLayer for [Resource], which has several (see
// [Gates.Layer]).
func (p Place) Layer() policy.Layer { return layers[p] }

// Layer is the layer of a gate.
func (g *Gates) Layer(p Place) policy.Layer {
	if p == Resource {
		return g.own
	}
	return p.Layer()
}

// Waiver is the weakest grant of the resource's own policy that stands for an
// Allow of a gate (E.3, E-50).
func (g *Gates) Waiver(p Place) Grant { return g.waivers[p] }

// A Grant is how strongly a statement of a resource's own policy names the caller
// (E.3). Each includes those before it.
type Grant uint8

const (
	NoGrant      Grant = iota
	DirectGrant        // the user, the session or the service itself, or everyone
	RoleGrant          // the role of a session, or the user who federated
	AccountGrant       // the account, which delegates to its identity-based policies (E-12)
)

// Fill makes the gates that the request passes in place. They were zero before.
func (s *Standing) Fill(g *Gates) {
	if s.Given.Has(Endpoint) {
		g.need(Endpoint)
	}
	s.rcp(g)
	s.scp(g)
	s.resource(g)
	s.caller(g)
	if s.Free {
		*g = Gates{own: g.own}
		for p := range g.reasons {
			g.reasons[p] = EveryCallerMay
		}
	}
}

// Gates are the gates that the request passes.
func (s *Standing) Gates() (g Gates) {
	s.Fill(&g)
	return g
}

// need says of a gate that its Deny statements count and its Allow is needed.
func (g *Gates) need(p Place) {
	g.Binds.Add(p)
	g.Asks.Add(p)
}

// Denies are the layers whose Deny statements can meet the request, whichever
// policies are given, in the order in which an explicit deny is reported (E.7).
func (s Standing) Denies(yield func(policy.Layer) bool) {
	s.Given = Everywhere
	gates := s.Gates()
	for p := range gates.Binds.All {
		if !yield(gates.Layer(p)) {
			return
		}
	}
}

// Order is the order in which gates are passed: the first that does not open is
// the layer that denies (E-2). The resource's own policy comes behind those of the
// caller where it is of another account.
func (s *Standing) Order(of Places) Order {
	if s.Kind.Signed() && !s.SameAccount && s.Needs == policy.NoLayer && !s.Delegates {
		return Order{of &^ (1 << Resource), of & (1 << Resource)}
	}
	return Order{first: of}
}

// rcp is the gate of resource control policies, which follow the resource (E.2,
// E-3, E-6).
func (s *Standing) rcp(g *Gates) {
	switch {
	case !s.Given.Has(RCP):
	case s.BeyondRCPs:
		g.reasons[RCP] = ServiceBeyondRCPs
	case s.RetireGrant:
		g.reasons[RCP] = RetireGrantBeyondRCPs
	case s.ManagementResource:
		g.reasons[RCP] = ManagementBeyondRCPs
	case s.ServiceLinked, s.AssumesLinked:
		g.reasons[RCP] = LinkedBeyondRCPs
	default:
		g.need(RCP)
	}
}

// scp is the gate of service control policies, which follow the caller (E.2,
// E-3).
func (s *Standing) scp(g *Gates) {
	switch {
	case !s.Given.Has(SCP):
	case !s.Kind.Signed():
		g.reasons[SCP] = UnsignedBeyondSCPs
	case s.ServiceLinked:
		g.reasons[SCP] = LinkedBeyondSCPs
	case s.ManagementCaller:
		g.reasons[SCP] = ManagementBeyondSCPs
	default:
		g.need(SCP)
	}
}

// resource is the gate of the resource's own policies. It must open to callers
// of other accounts, to such as have no account, and where the resource needs a
// policy of its own (E-2, E-10, E-50).
func (s *Standing) resource(g *Gates) {
	g.own = policy.ResourceLayer
	if s.Needs != policy.NoLayer {
		g.own = s.Needs
	}
	g.Binds.Add(Resource)
	asks := !s.Delegates && (s.Needs != policy.NoLayer || !s.SameAccount || !s.Kind.Signed())
	if asks {
		g.Asks.Add(Resource)
	}
	switch {
	case s.OtherPartition:
		g.GrantsNothing, g.reasons[Resource] = true, OtherPartition
	case s.PassRole:
		g.GrantsNothing, g.reasons[Resource] = true, PassRole
	case !asks:
		g.reasons[Resource] = OwnAccount
	}
}

// caller are the gates of the layers that follow the caller (E-3, E-40). Nothing
// of them limits the root user but the Deny statements of a session policy (E-33);
// a federated user has no rights but those of its own (E-16). In the resource's
// account a grant to the caller waives them; one to the caller's role or user
// waives the identity-based Allow alone (E.3). Where a role is assumed the trust
// policy waives that and nothing else (E-50).
func (s *Standing) caller(g *Gates) {
	switch {
	case !s.Kind.Signed():
		g.reasons[Identity], g.reasons[Boundary], g.reasons[Session] = NoAccount, NoAccount, NoAccount
		return
	case s.Kind == RootUser:
		g.reasons[Identity], g.reasons[Boundary], g.reasons[Session] = RootUserUnlimited, RootUserUnlimited, RootUserUnlimited
		g.Binds.Add(Session)
		return
	}
	g.Binds |= 1<<Identity | 1<<Boundary | 1<<Session
	g.Asks |= 1<<Identity | s.Given&(1<<Boundary|1<<Session)
	if s.Kind == FederatedUser && !s.Given.Has(Session) {
		g.Asks.Add(Session)
		g.reasons[Session] = NoSessionPolicy
	}
	if !s.SameAccount || s.Delegates {
		return
	}
	g.waivers[Identity] = RoleGrant
	if s.Needs != policy.TrustLayer {
		g.waivers[Boundary], g.waivers[Session] = DirectGrant, DirectGrant
	}
}
