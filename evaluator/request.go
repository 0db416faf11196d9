package evaluator

import "github.com/iamsim/iamsim/evaluator/internal/engine"

// A Caller is a principal and the policies that follow it wherever it goes:
//
//	caller := evaluator.Caller{
//		Principal: evaluator.User("arn:aws:iam::123456789012:user/mateojackson"),
//		Identity:  evaluator.MustCompile(policy.Identity, deployer),
//	}
//
// It is plain data; Evaluate never changes it, and many goroutines may share one
// that nobody changes. Its fields:
//
//   - Principal, a [Principal], is who calls.
//   - Identity, a [*Set], holds the identity-based policies: of the user and its
//     groups, or of the role (E-14). Nil grants nothing.
//   - Boundary, a [*Set], is the permissions boundary. Nil: there is none. A set
//     without documents is a boundary that allows nothing.
//   - Session, a list of sets, holds session policies; each set must allow. The
//     policies passed in one call (inline and by ARN) form a union and so belong
//     in one set (L-5).
//   - SCPs, a list of sets, are the service control policies by level, root
//     first, account last; each level must allow (E-5). Nil: there are none.
type Caller = engine.Caller

// A Target is a resource and the policies that follow it:
//
//	target := evaluator.Target{Resource: "arn:aws:s3:::reports/2026.csv", Account: "123456789012"}
//
// Like a Caller it is plain data, to be shared as long as nobody changes it. The
// zero Target has no resource, and a request on it is [Invalid]. Its fields:
//
//   - Resource is an ARN, or "*" for actions without resource-level permissions
//     (B-14).
//   - Unknown: which resource it is will be known later, as of one that is still
//     to be deployed. Resource then is the beginning of its ARN as far as that is
//     known; "" for nothing. What begins otherwise does not match, and whether
//     the rest matches is left open. So is whose it is, unless the beginning
//     tells or Account is given.
//   - Account owns the resource; "" means the account in the ARN, else the
//     caller's.
//   - Organization, an [*Organization], of the owner; nil where it has none, or
//     it does not matter.
//   - Tags of the resource, each a [Tag]: aws:ResourceTag/… where the action has
//     that key.
//   - Policies, a list of sets, are the resource-based policies by point of
//     attachment: a function and its alias, a role's trust policy, a key policy.
//     Empty: there is none, which grants nothing.
//   - RCPs, a list of sets, are the resource control policies by level.
//     RCPFullAWSAccess is implied at every level (E-6).
//   - AsGiven is the resource as the caller wrote it ("my-function"), for the
//     older form of the error text (H-5).
//
// Its method Prepared returns the target with its ARN read ahead, for one that is
// asked about again and again.
type Target = engine.Target

// A Request is an action and its context:
//
//	request := evaluator.Request{
//		Action:  "lambda:GetFunction",
//		Context: evaluator.Context{{Name: "aws:SourceIp", Values: []string{"203.0.113.7"}}},
//	}
//
// What is not given is absent: no clock is read and no key is invented, but for
// those that follow from the caller and the target (D.1). Its fields:
//
//   - Action is "service:Name", without wildcards; compared without case (B-1).
//   - Context, a [Context], holds the condition context keys.
//   - Endpoint, a [*Set], is the policy of the VPC endpoint that the request
//     passes; nil where it passes none, or one with the default policy (E-4).
type Request = engine.Request

// Context is a list of context keys, each a [Key]. Names compare without case
// (C-3). The same name twice makes the request invalid. Its method Index finds a
// key by its name, and is -1 for none.
type Context = engine.Context

// A Key is one context key of a request. Its fields:
//
//   - Name of the key. One that ends in "/*" and is Unknown stands for all keys
//     that begin so and are not given: "aws:PrincipalTag/*" for all tags of the
//     principal that are not known.
//   - Values of the key; more than one makes it multivalued. A known key without
//     values counts as absent (C-20).
//   - State, a [State], says how much is known of it.
type Key = engine.Key

// State says how much is known of a context key.
type State = engine.State

const (
	Known   = engine.Known   // the key has exactly the given values; it is the zero State
	Present = engine.Present // the key exists, its value is not known; Values must be empty
	Unknown = engine.Unknown // the key may be present or absent; Values must be empty
)

// A Tag is a key and a value on a principal or resource; its fields are Key and
// Value.
type Tag = engine.Tag

// An Organization is the AWS Organizations membership of an account. Its fields:
//
//   - ID as in aws:PrincipalOrgID: "o-a1b2c3d4e5".
//   - Paths as in aws:PrincipalOrgPaths:
//     "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/".
//   - ManagementAccount is the id of the management account. SCPs do not bind its
//     principals, RCPs not its resources (E.2).
type Organization = engine.Organization

// FollowsFrom reports whether the value of a context key follows from who calls,
// or from whose resource it is and what tags it has, and is not for the request
// alone to bring (D.1): aws:PrincipalArn, aws:PrincipalTag/team; aws:ResourceAccount,
// aws:ResourceTag/team.
func FollowsFrom(key string) (caller, resource bool) { return engine.FollowsFrom(key) }
