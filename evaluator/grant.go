package evaluator

import (
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

// grants is how strongly the statements of a resource-based policy that match
// a request name its caller (E.3).
type grants struct {
	direct  truth // the user, the session, the service itself, or everyone
	role    truth // the role of a session, or the user who federated
	account truth // the account: it delegates to its identity policies
}

func (g grants) any() truth { return max(g.direct, g.role, g.account) }

// waive is whether one is as strong as a waiver asks (E.3).
func (g grants) waive(waiver law.Grant) truth {
	switch waiver {
	case law.DirectGrant:
		return g.direct
	case law.RoleGrant:
		return max(g.direct, g.role)
	}
	return no
}

// strength is the strongest grant that applies, and the strongest that may.
func (g grants) strength() (s law.Strength) {
	for i, t := range [...]truth{g.direct, g.role, g.account} {
		grant := law.DirectGrant + law.Grant(i)
		if t == yes && s.Sure == law.NoGrant {
			s.Sure = grant
		}
		if t != no && s.Possible == law.NoGrant {
			s.Possible = grant
		}
	}
	return s
}

// and limits each grant by a condition.
func (g grants) and(t truth) grants {
	return grants{min(g.direct, t), min(g.role, t), min(g.account, t)}
}

// or keeps the most favourable grant (E-13).
func (g grants) or(h grants) grants {
	return grants{max(g.direct, h.direct), max(g.role, h.role), max(g.account, h.account)}
}

// principals is a compiled Principal or NotPrincipal element.
type principals []namedPrincipal

type namedPrincipal struct {
	kind namedKind
	text string // as compared: an ARN, an id, a name
	// partition and account of an ARN; no partition where only an account id is
	// written.
	partition, account string
	name               string // of the role
}

// namedKind is what a value of a Principal element names.
type namedKind uint8

const (
	namedEveryone namedKind = iota + 1
	namedAccount
	namedUser
	namedRole
	namedSession
	namedFederatedUser
	namedUniqueID
	namedService
	namedFederated
	namedCanonicalUser
)

func compilePrincipals(p *policy.Principals) principals {
	if p == nil {
		return nil
	}
	if p.Everyone {
		return principals{{kind: namedEveryone}}
	}
	var list principals
	for _, entry := range p.Entries {
		for _, value := range entry.Values {
			list = append(list, compilePrincipal(entry.Type, value))
		}
	}
	return list
}

func compilePrincipal(t policy.PrincipalType, value string) namedPrincipal {
	switch t {
	case policy.PrincipalService:
		return namedPrincipal{kind: namedService, text: value}
	case policy.PrincipalFederated:
		return namedPrincipal{kind: namedFederated, text: value}
	case policy.PrincipalCanonicalUser:
		return namedPrincipal{kind: namedCanonicalUser, text: value}
	}
	if value == "*" {
		return namedPrincipal{kind: namedEveryone}
	}
	if arn.IsAccountID(value) {
		return namedPrincipal{kind: namedAccount, text: value}
	}
	if !strings.HasPrefix(value, "arn:") {
		return namedPrincipal{kind: namedUniqueID, text: value}
	}
	p := fromARN(value, 0)
	n := namedPrincipal{text: value, partition: p.partition, account: p.account, name: p.name}
	switch p.kind {
	case RootUser:
		n.kind, n.text = namedAccount, p.account
	case IAMUser:
		n.kind = namedUser
	case FederatedUser:
		n.kind = namedFederatedUser
	case RoleSession:
		n.kind = namedSession
		if p.role != "" {
			n.kind = namedRole
		}
	case WebIdentity, SAMLIdentity:
		n.kind = namedFederated
	}
	return n
}

// names is how the list names the principal.
func (list principals) names(p *Principal) grants {
	var g grants
	for i := range list {
		g = g.or(list[i].names(p))
	}
	return g
}

func (n *namedPrincipal) names(p *Principal) grants {
	switch n.kind {
	case namedEveryone:
		return grants{direct: yes}
	case namedAccount:
		switch {
		case !n.isAccountOf(p):
		case p.kind == RootUser:
			return grants{direct: yes}
		default:
			return grants{account: yes}
		}
	case namedUser:
		switch {
		case p.kind == IAMUser && p.arn == n.text:
			return grants{direct: yes}
		case p.kind == FederatedUser:
			return grants{role: n.isParentOf(p)}
		}
	case namedRole:
		if n.isRoleOf(p) {
			return grants{role: yes}
		}
	case namedSession:
		return grants{direct: n.isSession(p)}
	case namedFederatedUser:
		return grants{direct: truthOf(p.kind == FederatedUser && p.arn == n.text)}
	case namedUniqueID:
		switch {
		case p.id != n.text:
		case p.kind == IAMUser:
			return grants{direct: yes}
		case p.kind == RoleSession:
			return grants{role: yes}
		}
	case namedService:
		return grants{direct: truthOf(p.kind == ServicePrincipal && (p.name == n.text || n.text == "*"))}
	case namedFederated:
		return grants{direct: truthOf((p.kind == WebIdentity || p.kind == SAMLIdentity) && (p.name == n.text || n.text == "*"))}
	}
	return grants{}
}

// isAccountOf: the same account id in another partition is another account.
func (n *namedPrincipal) isAccountOf(p *Principal) bool {
	return p.signed() && p.account == n.text && (n.partition == "" || n.partition == p.partition)
}

// isRoleOf compares a role's ARN; by account and name where the path of the
// session's role is not known (L-2).
func (n *namedPrincipal) isRoleOf(p *Principal) bool {
	if p.kind != RoleSession {
		return false
	}
	if p.role != "" {
		return p.role == n.text
	}
	return p.account == n.account && p.name == n.name && strings.HasPrefix(n.text, p.rolePart.prefix)
}

// isParentOf compares the user who federated; where that is not known it may be
// any user of the account.
func (n *namedPrincipal) isParentOf(p *Principal) truth {
	if p.parent != "" {
		return truthOf(p.parent == n.text)
	}
	return min(maybe, truthOf(p.account == n.account && p.partition == n.partition))
}

// isSession compares a session's ARN. An unnamed session of the role may be
// that session.
func (n *namedPrincipal) isSession(p *Principal) truth {
	switch {
	case p.kind != RoleSession:
		return no
	case p.arn != "":
		return truthOf(p.arn == n.text)
	}
	return min(maybe, truthOf(p.account == n.account && p.name == n.name && p.partition == n.partition))
}

// exempts decides NotPrincipal in a Deny: only a caller of whom every ancestor
// is listed is exempt, and one with a permissions boundary never is.
func (list principals) exempts(ev *evaluation) truth {
	p := &ev.caller.Principal
	if ev.caller.Boundary != nil {
		return no
	}
	named := list.names(p)
	everyone, parent, account := no, no, no
	for i := range list {
		switch n := &list[i]; n.kind {
		case namedEveryone:
			everyone = yes
		case namedAccount:
			account = max(account, truthOf(n.isAccountOf(p)))
		case namedUser:
			if p.kind == FederatedUser {
				parent = max(parent, n.isParentOf(p))
			}
		}
	}
	if everyone == yes {
		return yes
	}
	if ev.options.NotPrincipalIgnoresAccount || !p.signed() {
		account = yes
	}
	switch p.kind {
	case RoleSession:
		return min(named.direct, named.role, account)
	case FederatedUser:
		return min(named.direct, parent, account)
	}
	return min(named.direct, account)
}
