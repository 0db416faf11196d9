package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/internal/words"
)

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

// A Principal is who makes a request, with what AWS derives from it (D.1). It
// is a value: the With methods return changed copies. The zero Principal is
// invalid, and a request by an invalid principal is [Invalid].
type Principal struct {
	kind PrincipalKind
	// arn is what error messages call the user: the session ARN for sessions;
	// "" for an unnamed session of a role.
	arn string
	// role is the ARN of the role with its path; "" where only the session's
	// ARN is known, which does not hold the path (L-2).
	role      string
	partition string
	account   string
	// name of the user, role or federated user; the service principal's name;
	// the identity provider.
	name    string
	session string // role session name; "" for an unnamed session
	id      string // unique id: AIDA…, AROA…
	parent  string // ARN of the user who called GetFederationToken

	tags         []Tag
	organization *Organization
	err          error

	// What Evaluate would otherwise have to put together: aws:userid, or what is
	// known of it, and what is known of the ARN of a role whose path is not.
	arnBegins     string // "arn:aws:"
	arnWord       uint64 // arnBegins in one word, if it fits; else 0
	serviceLinked bool   // a session of a service-linked role, known by its path (B-41)
	userIDText    string
	userIDPart    *KnownPart
	rolePart      *KnownPart
}

// derive fills the fields that follow from the others.
func (p Principal) derive() Principal {
	p.userIDText, p.userIDPart = "", nil
	p.arnBegins, p.arnWord = "arn:"+p.partition+":", 0
	if len(p.arnBegins) == 8 {
		p.arnWord = words.Load(p.arnBegins)
	}
	switch p.kind {
	case RootUser:
		p.userIDText = p.account
	case IAMUser:
		p.userIDText = p.id
	case RoleSession:
		switch {
		case p.id != "" && p.session != "":
			p.userIDText = p.id + ":" + p.session
		case p.id != "":
			p.userIDPart = &KnownPart{Prefix: p.id + ":"}
		case p.session != "":
			p.userIDPart = &KnownPart{Suffix: ":" + p.session}
		}
		p.rolePart = &KnownPart{Prefix: "arn:" + p.partition + ":iam::" + p.account + ":role/", Suffix: p.name}
	case FederatedUser:
		p.userIDText = p.account + ":" + p.name
	case AnonymousPrincipal:
		p.userIDText = "anonymous"
	}
	return p
}

// Root is the root user of an account. It takes an account id or the ARN that
// ends in ":root".
func Root(account string) Principal {
	if arn.IsAccountID(account) {
		return Principal{kind: RootUser, arn: "arn:aws:iam::" + account + ":root", partition: "aws", account: account}.derive()
	}
	return fromARN(account, RootUser)
}

// User is the IAM user with this ARN. Temporary credentials of GetSessionToken
// leave the principal as it is (L-3).
func User(userARN string) Principal { return fromARN(userARN, IAMUser) }

// Role is an unnamed session of the role with this ARN: its session name, its
// session ARN and the end of its aws:userid are unknown.
func Role(roleARN string) Principal {
	p := fromARN(roleARN, RoleSession)
	if p.err == nil && p.role == "" {
		return wrongKind(roleARN, "the ARN of a role")
	}
	return p
}

// Session is the role session with this ARN
// (arn:aws:sts::111122223333:assumed-role/app/s1). A session ARN does not hold
// the role's path (B-42); roleARN does. Where it is "", role ARNs in policies
// match by account and name, and what depends on the path is unknown (L-2).
func Session(sessionARN, roleARN string) Principal {
	p := fromARN(sessionARN, RoleSession)
	switch {
	case p.err != nil:
		return p
	case p.role != "":
		return wrongKind(sessionARN, "the ARN of a role session (…:assumed-role/role-name/session-name)")
	case roleARN == "":
		return p
	}
	role := Role(roleARN)
	switch {
	case role.err != nil:
		return role
	case role.account != p.account || role.name != p.name || role.partition != p.partition:
		p.err = fmt.Errorf("session %s is no session of role %s", spelling.Quote(sessionARN), spelling.Quote(roleARN))
	}
	p.role, p.serviceLinked = role.role, role.serviceLinked
	return p
}

// Federated is a session of GetFederationToken with this ARN
// (arn:aws:sts::111122223333:federated-user/temp), created by the user with
// the ARN parentUser; "" where that is not known.
func Federated(sessionARN, parentUser string) Principal {
	p := fromARN(sessionARN, FederatedUser)
	if p.err != nil || parentUser == "" {
		return p
	}
	parent := User(parentUser)
	switch {
	case parent.err != nil:
		return parent
	case parent.account != p.account || parent.partition != p.partition:
		p.err = fmt.Errorf("federated user %s is not of the account of user %s", spelling.Quote(sessionARN), spelling.Quote(parentUser))
	}
	p.parent = parentUser
	return p
}

// Service is an AWS service that calls for itself ("s3.amazonaws.com").
func Service(name string) Principal {
	if !law.IsServicePrincipal(name) {
		return wrongKind(name, "a service principal such as s3.amazonaws.com")
	}
	return Principal{kind: ServicePrincipal, arn: name, name: name}
}

// Web is the unsigned caller of AssumeRoleWithWebIdentity, by its identity
// provider: a host ("accounts.google.com") or the ARN of an OIDC provider.
func Web(provider string) Principal {
	if strings.HasPrefix(provider, "arn:") {
		return fromARN(provider, WebIdentity)
	}
	if provider == "" || strings.ContainsAny(provider, " *?") {
		return wrongKind(provider, "the host of an identity provider, or its ARN")
	}
	return Principal{kind: WebIdentity, arn: provider, name: provider}
}

// SAML is the unsigned caller of AssumeRoleWithSAML, by the ARN of its SAML
// provider.
func SAML(providerARN string) Principal { return fromARN(providerARN, SAMLIdentity) }

// Anonymous is a caller without credentials.
func Anonymous() Principal { return Principal{kind: AnonymousPrincipal, arn: "anonymous"}.derive() }

// ParsePrincipal reads a principal as the scenario format writes it: an ARN of
// any kind, a service principal, the host of a web identity provider, or
// "anonymous". A role's ARN is an unnamed session of that role.
func ParsePrincipal(s string) (Principal, error) {
	var p Principal
	switch {
	case s == "anonymous":
		p = Anonymous()
	case strings.HasPrefix(s, "arn:"):
		p = fromARN(s, 0)
	case law.IsServicePrincipal(s):
		p = Service(s)
	case strings.Contains(s, ".") && !strings.ContainsAny(s, " *?:"):
		p = Web(s)
	default:
		p = wrongKind(s, "a principal: an ARN, a service principal, the host of an identity provider, or anonymous")
	}
	return p, p.err
}

// WithUniqueID gives the user's or role's unique id (AIDA…, AROA…), from which
// aws:userid follows and which policies name after a principal was deleted
//
func (p Principal) WithUniqueID(id string) Principal { p.id = id; return p.derive() }

// WithTags gives the tags of the user or role: aws:PrincipalTag/….
func (p Principal) WithTags(tags ...Tag) Principal {
	p.tags = slices.Clone(tags)
	return p
}

// WithSessionTags adds session tags. One replaces the role's tag with the same
// key, whatever its letter case.
func (p Principal) WithSessionTags(tags ...Tag) Principal {
	kept := slices.DeleteFunc(slices.Clone(p.tags), func(old Tag) bool {
		return slices.ContainsFunc(tags, func(t Tag) bool { return fold.Equal(t.Key, old.Key) })
	})
	p.tags = append(kept, tags...)
	return p
}

// WithOrganization gives the organization of the principal's account.
func (p Principal) WithOrganization(o *Organization) Principal { p.organization = o; return p }

// inPartition reports whether an ARN is of the principal's partition.
func (p *Principal) inPartition(text string) bool {
	if p.arnWord != 0 {
		return len(text) >= 8 && words.Load(text) == p.arnWord
	}
	return strings.HasPrefix(text, p.arnBegins)
}

// Kind of the principal; 0 for an invalid one.
func (p *Principal) Kind() PrincipalKind {
	if p.err != nil {
		return 0
	}
	return p.kind
}

// Account is the principal's account id; "" for services and unsigned callers.
func (p *Principal) Account() string { return p.account }

// Err tells why the principal is invalid; nil for a valid one.
func (p *Principal) Err() error {
	if p.err == nil && p.kind == 0 {
		return errNoPrincipal
	}
	return p.err
}

var errNoPrincipal = errors.New("the caller has no principal")

// String is how error messages name the caller: its ARN (of the session, for a
// session), the service, or "anonymous".
func (p *Principal) String() string {
	if p.kind == RoleSession && p.arn == "" {
		return p.role
	}
	return p.arn
}

// signed reports whether the request carries credentials of an AWS account.
func (p *Principal) signed() bool { return p.kind.Signed() }

// fromARN makes a principal of the kind that the ARN has. A kind that is
// asked for and not met is an error; 0 takes any.
func fromARN(s string, want PrincipalKind) Principal {
	a, err := arn.Parse(s)
	if err != nil {
		return Principal{err: fmt.Errorf("principal: %w", err)}
	}
	p := Principal{arn: s, partition: a.Partition(), account: a.Account()}
	resource := a.Resource()
	kind, rest, _ := strings.Cut(resource, "/")
	name := rest[strings.LastIndexByte(rest, '/')+1:]
	switch {
	case a.Region() != "" || !arn.IsAccountID(p.account):
		return wrongKind(s, "the ARN of a principal")
	case a.Service() == "iam" && resource == "root":
		p.kind = RootUser
	case a.Service() == "iam" && kind == "user" && name != "":
		p.kind, p.name = IAMUser, name
	case a.Service() == "iam" && kind == "role" && name != "":
		p.kind, p.name, p.role, p.arn = RoleSession, name, s, ""
		p.serviceLinked = a.IsServiceLinkedRole()
	case a.Service() == "sts" && kind == "assumed-role":
		role, session, ok := strings.Cut(rest, "/")
		if !ok || role == "" || session == "" || strings.Contains(session, "/") {
			return wrongKind(s, "the ARN of a role session (…:assumed-role/role-name/session-name)")
		}
		p.kind, p.name, p.session = RoleSession, role, session
	case a.Service() == "sts" && kind == "federated-user" && rest != "":
		p.kind, p.name = FederatedUser, rest
	case a.Service() == "iam" && kind == "saml-provider" && rest != "":
		p.kind, p.name = SAMLIdentity, s
		p.account, p.partition = "", ""
	case a.Service() == "iam" && kind == "oidc-provider" && rest != "":
		p.kind, p.name = WebIdentity, s
		p.account, p.partition = "", ""
	default:
		return wrongKind(s, "the ARN of a principal")
	}
	if want != 0 && p.kind != want {
		return wrongKind(s, "the ARN of "+kindNames[want])
	}
	if strings.ContainsAny(s, "*?") {
		return wrongKind(s, "the ARN of one principal, without wildcards")
	}
	return p.derive()
}

var kindNames = [...]string{
	RootUser: "an account's root user", IAMUser: "an IAM user", RoleSession: "a role or role session",
	FederatedUser: "a federated user", ServicePrincipal: "a service", WebIdentity: "an OIDC provider",
	SAMLIdentity: "a SAML provider", AnonymousPrincipal: "an anonymous caller",
}

func wrongKind(s, want string) Principal {
	return Principal{err: fmt.Errorf("principal %s is not %s", spelling.Quote(s), want)}
}
