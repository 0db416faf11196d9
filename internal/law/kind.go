package law

// Kind is the kind of a principal.
type Kind uint8

const (
	RootUser           Kind = iota + 1 // root user of an account
	IAMUser                            // IAM user, also with GetSessionToken credentials (L-3)
	RoleSession                        // session of a role
	FederatedUser                      // session of GetFederationToken
	ServicePrincipal                   // AWS service acting for itself
	WebIdentity                        // unsigned caller with a web identity (OIDC) token
	SAMLIdentity                       // unsigned caller with a SAML assertion
	AnonymousPrincipal                 // unsigned caller
)

// Signed reports whether requests of the kind carry credentials of an AWS
// account: policies follow such callers and no others (E-40).
func (k Kind) Signed() bool { return RootUser <= k && k <= FederatedUser }

// Kinds is a set of kinds.
type Kinds uint16

// Has reports whether the kind is in the set.
func (s Kinds) Has(k Kind) bool { return s>>k&1 != 0 }

const (
	root      Kinds = 1 << RootUser
	user      Kinds = 1 << IAMUser
	session   Kinds = 1 << RoleSession
	federated Kinds = 1 << FederatedUser
	service   Kinds = 1 << ServicePrincipal
	web       Kinds = 1 << WebIdentity
	saml      Kinds = 1 << SAMLIdentity
	anonymous Kinds = 1 << AnonymousPrincipal

	signed = root | user | session | federated
	anyone = signed | service | web | saml | anonymous
)
