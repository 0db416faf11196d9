package evaluator

import (
	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/internal/law"
)

// A Principal is who makes a request, with what AWS derives from it (D.1). The
// functions of its kind make one: [User], [Role], [Session], [Root], [Federated],
// [Service], [Web], [SAML], [Anonymous]; [ParsePrincipal] reads any. It is a value,
// and these methods return changed copies:
//
//   - WithUniqueID(id) gives the user's or role's unique id (AIDA…, AROA…), from
//     which aws:userid follows and which policies name after a principal was
//     deleted.
//   - WithTags(tags…) gives the tags of the user or role: aws:PrincipalTag/….
//   - WithSessionTags(tags…) adds session tags. One replaces the role's tag with
//     the same key, whatever its letter case.
//   - WithOrganization(o) gives the organization of the principal's account.
//
// Kind, Account, Err and String tell what it is: Err why it is invalid, String
// how error messages name it. The zero Principal is invalid, and a request by an
// invalid principal is [Invalid].
type Principal = engine.Principal

// PrincipalKind is the kind of a [Principal].
type PrincipalKind = law.Kind

const (
	RootUser           = law.RootUser           // root user of an account
	IAMUser            = law.IAMUser            // IAM user, also with GetSessionToken credentials (L-3)
	RoleSession        = law.RoleSession        // session of a role
	FederatedUser      = law.FederatedUser      // session of GetFederationToken
	ServicePrincipal   = law.ServicePrincipal   // AWS service acting for itself
	WebIdentity        = law.WebIdentity        // unsigned caller with a web identity (OIDC) token
	SAMLIdentity       = law.SAMLIdentity       // unsigned caller with a SAML assertion
	AnonymousPrincipal = law.AnonymousPrincipal // unsigned caller
)

// Root is the root user of an account. It takes an account id or the ARN that
// ends in ":root".
func Root(account string) Principal { return engine.Root(account) }

// User is the IAM user with this ARN. Temporary credentials of GetSessionToken
// leave the principal as it is (L-3).
func User(userARN string) Principal { return engine.User(userARN) }

// Role is an unnamed session of the role with this ARN: its session name, its
// session ARN and the end of its aws:userid are unknown.
func Role(roleARN string) Principal { return engine.Role(roleARN) }

// Session is the role session with this ARN
// (arn:aws:sts::111122223333:assumed-role/app/s1). A session ARN does not hold
// the role's path (B-42); roleARN does. Where it is "", role ARNs in policies
// match by account and name, and what depends on the path is unknown (L-2).
func Session(sessionARN, roleARN string) Principal { return engine.Session(sessionARN, roleARN) }

// Federated is a session of GetFederationToken with this ARN
// (arn:aws:sts::111122223333:federated-user/temp), created by the user with
// the ARN parentUser; "" where that is not known.
func Federated(sessionARN, parentUser string) Principal {
	return engine.Federated(sessionARN, parentUser)
}

// Service is an AWS service that calls for itself ("s3.amazonaws.com").
func Service(name string) Principal { return engine.Service(name) }

// Web is the unsigned caller of AssumeRoleWithWebIdentity, by its identity
// provider: a host ("accounts.google.com") or the ARN of an OIDC provider.
func Web(provider string) Principal { return engine.Web(provider) }

// SAML is the unsigned caller of AssumeRoleWithSAML, by the ARN of its SAML
// provider.
func SAML(providerARN string) Principal { return engine.SAML(providerARN) }

// Anonymous is a caller without credentials.
func Anonymous() Principal { return engine.Anonymous() }

// ParsePrincipal reads a principal as the scenario format writes it: an ARN of
// any kind, a service principal, the host of a web identity provider, or
// "anonymous". A role's ARN is an unnamed session of that role.
func ParsePrincipal(s string) (Principal, error) { return engine.ParsePrincipal(s) }
