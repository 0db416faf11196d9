package engine

import (
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

// Grants is how strongly the statements of a resource-based policy that match
// a request name its caller (E.3).
type Grants struct {
	Direct  truth // the user, the session, the service itself, or everyone
	Role    truth // the role of a session, or the user who federated
	Account truth // the account: it delegates to its identity policies
}

func (g Grants) Any() truth { return max(g.Direct, g.Role, g.Account) }

// Waive is whether one is as strong as a waiver asks (E.3).
func (g Grants) Waive(waiver law.Grant) truth {
	switch waiver {
	case law.DirectGrant:
		return g.Direct
	case law.RoleGrant:
		return max(g.Direct, g.Role)
	}
	return no
}

// Strength is the strongest grant that applies, and the strongest that may.
func (g Grants) Strength() (s law.Strength) {
	for i, t := range [...]truth{g.Direct, g.Role, g.Account} {
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
func (g Grants) and(t truth) Grants {
	return Grants{min(g.Direct, t), min(g.Role, t), min(g.Account, t)}
}

// or keeps the most favourable grant (E-13).
func (g Grants) or(h Grants) Grants {
	return Grants{max(g.Direct, h.Direct), max(g.Role, h.Role), max(g.Account, h.Account)}
}

// principals is a compiled Principal or NotPrincipal element.
type principals []NamedPrincipal

type NamedPrincipal struct {
	Kind NamedKind
	Text string // as compared: an ARN, an id, a name
	// partition and account of an ARN; no partition where only an account id is
	// written.
	partition, Account string
	Name               string // of the role
}

// NamedKind is what a value of a Principal element names.
type NamedKind uint8

const (
	NamedEveryone NamedKind = iota + 1
	NamedAccount
	NamedUser
	NamedRole
	NamedSession
	NamedFederatedUser
	NamedUniqueID
	NamedService
	NamedFederated
	NamedCanonicalUser
)

func compilePrincipals(p *policy.Principals) principals {
	if p == nil {
		return nil
	}
	if p.Everyone {
		return principals{{Kind: NamedEveryone}}
	}
	var list principals
	for _, entry := range p.Entries {
		for _, value := range entry.Values {
			list = append(list, compilePrincipal(entry.Type, value))
		}
	}
	return list
}

func compilePrincipal(t policy.PrincipalType, value string) NamedPrincipal {
	switch t {
	case policy.PrincipalService:
		return NamedPrincipal{Kind: NamedService, Text: value}
	case policy.PrincipalFederated:
		return NamedPrincipal{Kind: NamedFederated, Text: value}
	case policy.PrincipalCanonicalUser:
		return NamedPrincipal{Kind: NamedCanonicalUser, Text: value}
	}
	if value == "*" {
		return NamedPrincipal{Kind: NamedEveryone}
	}
	if arn.IsAccountID(value) {
		return NamedPrincipal{Kind: NamedAccount, Text: value}
	}
	if !strings.HasPrefix(value, "arn:") {
		return NamedPrincipal{Kind: NamedUniqueID, Text: value}
	}
	p := fromARN(value, 0)
	n := NamedPrincipal{Text: value, partition: p.partition, Account: p.account, Name: p.name}
	switch p.kind {
	case RootUser:
		n.Kind, n.Text = NamedAccount, p.account
	case IAMUser:
		n.Kind = NamedUser
	case FederatedUser:
		n.Kind = NamedFederatedUser
	case RoleSession:
		n.Kind = NamedSession
		if p.role != "" {
			n.Kind = NamedRole
		}
	case WebIdentity, SAMLIdentity:
		n.Kind = NamedFederated
	}
	return n
}

// Names is how the list names the principal.
func (list principals) Names(p *Principal) Grants {
	var g Grants
	for i := range list {
		g = g.or(list[i].names(p))
	}
	return g
}

func (n *NamedPrincipal) names(p *Principal) Grants {
	switch n.Kind {
	case NamedEveryone:
		return Grants{Direct: yes}
	case NamedAccount:
		switch {
		case !n.isAccountOf(p):
		case p.kind == RootUser:
			return Grants{Direct: yes}
		default:
			return Grants{Account: yes}
		}
	case NamedUser:
		switch {
		case p.kind == IAMUser && p.arn == n.Text:
			return Grants{Direct: yes}
		case p.kind == FederatedUser:
			return Grants{Role: n.isParentOf(p)}
		}
	case NamedRole:
		if n.IsRoleOf(p) {
			return Grants{Role: yes}
		}
	case NamedSession:
		return Grants{Direct: n.isSession(p)}
	case NamedFederatedUser:
		return Grants{Direct: truthOf(p.kind == FederatedUser && p.arn == n.Text)}
	case NamedUniqueID:
		switch {
		case p.id != n.Text:
		case p.kind == IAMUser:
			return Grants{Direct: yes}
		case p.kind == RoleSession:
			return Grants{Role: yes}
		}
	case NamedService:
		return Grants{Direct: truthOf(p.kind == ServicePrincipal && (p.name == n.Text || n.Text == "*"))}
	case NamedFederated:
		return Grants{Direct: truthOf((p.kind == WebIdentity || p.kind == SAMLIdentity) && (p.name == n.Text || n.Text == "*"))}
	}
	return Grants{}
}

// isAccountOf: the same account id in another partition is another account.
func (n *NamedPrincipal) isAccountOf(p *Principal) bool {
	return p.signed() && p.account == n.Text && (n.partition == "" || n.partition == p.partition)
}

// IsRoleOf compares a role's ARN; by account and name where the path of the
// session's role is not known (L-2).
func (n *NamedPrincipal) IsRoleOf(p *Principal) bool {
	if p.kind != RoleSession {
		return false
	}
	if p.role != "" {
		return p.role == n.Text
	}
	return p.account == n.Account && p.name == n.Name && strings.HasPrefix(n.Text, p.rolePart.Prefix)
}

// isParentOf compares the user who federated; where that is not known it may be
// any user of the account.
func (n *NamedPrincipal) isParentOf(p *Principal) truth {
	if p.parent != "" {
		return truthOf(p.parent == n.Text)
	}
	return min(maybe, truthOf(p.account == n.Account && p.partition == n.partition))
}

// isSession compares a session's ARN. An unnamed session of the role may be
// that session.
func (n *NamedPrincipal) isSession(p *Principal) truth {
	switch {
	case p.kind != RoleSession:
		return no
	case p.arn != "":
		return truthOf(p.arn == n.Text)
	}
	return min(maybe, truthOf(p.account == n.Account && p.name == n.Name && p.partition == n.partition))
}

// exempts decides NotPrincipal in a Deny: only a caller of whom every ancestor
// is listed is exempt, and one with a permissions boundary never is.
func (list principals) exempts(ev *Evaluation) truth {
	p := &ev.Caller.Principal
	if ev.Caller.Boundary != nil {
		return no
	}
	named := list.Names(p)
	everyone, parent, account := no, no, no
	for i := range list {
		switch n := &list[i]; n.Kind {
		case NamedEveryone:
			everyone = yes
		case NamedAccount:
			account = max(account, truthOf(n.isAccountOf(p)))
		case NamedUser:
			if p.kind == FederatedUser {
				parent = max(parent, n.isParentOf(p))
			}
		}
	}
	if everyone == yes {
		return yes
	}
	if ev.Options.NotPrincipalIgnoresAccount || !p.signed() {
		account = yes
	}
	switch p.kind {
	case RoleSession:
		return min(named.Direct, named.Role, account)
	case FederatedUser:
		return min(named.Direct, parent, account)
	}
	return min(named.Direct, account)
}
