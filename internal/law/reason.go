package law

import "github.com/iamsim/iamsim/policy"

// A Reason says why a layer does not bind, is not asked or opens to nobody.
type Reason uint8

const (
	NoReason Reason = iota
	EveryCallerMay
	ServiceBeyondRCPs
	RetireGrantBeyondRCPs
	ManagementBeyondRCPs
	LinkedBeyondRCPs
	UnsignedBeyondSCPs
	LinkedBeyondSCPs
	ManagementBeyondSCPs
	OtherPartition
	PassRole
	OwnAccount
	GrantsCaller
	GrantsRole
	GrantsAccount
	MayGrantCaller
	MayGrantRole
	NoAccount
	RootUserUnlimited
	CallerGranted
	RoleGranted
	TrustGranted
	CallerMayBeGranted
	RoleMayBeGranted
	NoSessionPolicy
)

var reasons = [...]string{
	EveryCallerMay: freeCalls,

	ServiceBeyondRCPs:     "resource control policies do not reach the action's service (E-9)",
	RetireGrantBeyondRCPs: "resource control policies do not reach kms:RetireGrant (E.2)",
	ManagementBeyondRCPs:  "resource control policies do not bind resources of the management account (E.2)",
	LinkedBeyondRCPs:      "resource control policies do not bind service-linked roles (E.2)",

	UnsignedBeyondSCPs:   "service control policies bind principals of an account, and no services or unsigned callers (E.2)",
	LinkedBeyondSCPs:     "service control policies do not bind service-linked roles (E.2)",
	ManagementBeyondSCPs: "service control policies do not bind the management account (E.2)",

	OtherPartition: "no grant reaches across partitions (B-43)",
	PassRole:       "iam:PassRole knows no resource-based policy (G-3)",

	OwnAccount:     "the resource's own account: an identity-based grant is enough (E.3)",
	GrantsCaller:   "the resource's own account: a grant to the caller is enough by itself (E.3)",
	GrantsRole:     "the resource's own account: a grant to the caller's role or user stands for an identity-based one (E.3)",
	GrantsAccount:  "it names the account, which delegates to identity-based policies and grants nothing by itself (E-12)",
	MayGrantCaller: "the resource's own account: a grant to the caller would be enough by itself, and whether it applies is not known (E.3)",
	MayGrantRole:   "the resource's own account: a grant to the caller's role or user would stand for an identity-based one, and whether it applies is not known (E.3)",

	NoAccount:          "it follows principals of an account, and no services or unsigned callers (E-40)",
	RootUserUnlimited:  "nothing limits the root user but explicit denies, SCPs and RCPs (E.2)",
	CallerGranted:      "the resource's policy allows the caller itself, which is enough (E.3)",
	RoleGranted:        "the resource's policy allows the caller's role or user, which stands for an identity-based Allow (E.3)",
	TrustGranted:       "the trust policy allows the caller itself, which is enough (E-50)",
	CallerMayBeGranted: "the resource's policy may allow the caller itself, which would be enough (E.3)",
	RoleMayBeGranted:   "the resource's policy may allow the caller's role or user, which would stand for an identity-based Allow (E.3)",
	NoSessionPolicy:    "a federated user has no rights but those of its session policy (E-16)",
}

// String is the reason in words, with the number of its rule; "" for NoReason.
func (r Reason) String() string { return reasons[r] }

// A Strength is the strongest grant of a resource's own policy: one that applies,
// and one that may apply.
type Strength struct{ Sure, Possible Grant }

// Reason is why a gate need not open, or opens to nobody, in view of what the
// resource's own policy grants.
func (g *Gates) Reason(p Place, s Strength) Reason {
	if p == Resource {
		return g.ownReason(s)
	}
	switch waiver := g.waivers[p]; {
	case s.Sure.Waives(waiver) && s.Sure == RoleGrant:
		return RoleGranted
	case s.Sure.Waives(waiver) && g.own == policy.TrustLayer:
		return TrustGranted
	case s.Sure.Waives(waiver):
		return CallerGranted
	case s.Possible.Waives(waiver) && s.Possible == RoleGrant:
		return RoleMayBeGranted
	case s.Possible.Waives(waiver):
		return CallerMayBeGranted
	}
	return g.reasons[p]
}

// ownReason is that of the resource's own policy.
func (g *Gates) ownReason(s Strength) Reason {
	reason := g.reasons[Resource]
	switch {
	case reason != OwnAccount:
		return reason
	case s.Sure == DirectGrant:
		return GrantsCaller
	case s.Possible == DirectGrant:
		return MayGrantCaller
	case s.Sure == RoleGrant:
		return GrantsRole
	case s.Possible == RoleGrant:
		return MayGrantRole
	case s.Sure == AccountGrant:
		return GrantsAccount
	}
	return OwnAccount
}

// Waives reports whether a grant is as strong as a waiver asks.
func (g Grant) Waives(waiver Grant) bool { return g != NoGrant && g <= waiver }
