package twin

import (
	"github.com/iamsim/iamsim/policy"
)

// A class says how a statement reaches the caller, which is how much its Allow
// in a resource policy is worth (E.3).
type class struct {
	direct  truth // the user or session itself, or everybody
	role    truth // the session's role, or the user who federated
	account truth // the account, which delegates (E-12)
}

// any is the grant that suffices where the caller's own policies count anyway.
func (c class) any() truth { return max(c.direct, c.role, c.account) }

// hit is whether the statement reaches the caller at all. For a Deny there is
// no delegation (L-1).
func (c class) hit() truth { return c.any() }

func (c class) or(d class) class {
	return class{max(c.direct, d.direct), max(c.role, d.role), max(c.account, d.account)}
}

func (c class) and(t truth) class {
	return class{min(c.direct, t), min(c.role, t), min(c.account, t)}
}

// reach of a statement: its Principal or NotPrincipal. A policy that follows
// the caller has neither.
func (r *request) reach(st *policy.Statement) class {
	switch {
	case st.Principal != nil:
		return r.listed(st.Principal)
	case st.NotPrincipal != nil && st.Effect == policy.Deny:
		return class{direct: not(r.exempt(st.NotPrincipal))}
	case st.NotPrincipal != nil: // no such Allow is supported
		return class{direct: not(r.listed(st.NotPrincipal).any())}
	}
	return class{direct: yes}
}

// listed is how a Principal element names the caller: its entries are
// alternatives.
func (r *request) listed(p *policy.Principals) class {
	if p.Everyone {
		return class{direct: yes}
	}
	var c class
	for _, e := range p.Entries {
		for _, value := range e.Values {
			switch e.Type {
			case policy.PrincipalAWS:
				c = c.or(r.names(value))
			case policy.PrincipalService:
				c = c.or(class{direct: is(r.caller.kind == service && r.caller.name == value)})
			case policy.PrincipalFederated:
				c = c.or(class{direct: is((r.caller.kind == web || r.caller.kind == saml) && r.caller.name == value)})
			}
		}
	}
	return c
}

// names is how a value under AWS names the caller.
func (r *request) names(value string) class {
	c := r.caller
	var how class
	switch {
	case value == "*":
		how.direct = yes
	case namesAccount(c, value):
		how.account = yes
		if c.kind == root {
			how.direct = yes
		}
	case c.kind == user || c.kind == root:
		how.direct = is(namesItself(c, value))
	case c.kind == federated:
		how.direct = is(namesItself(c, value))
		how.role = namesParent(c, value)
	case c.kind == session:
		how.role = is(namesRole(c, value))
		how.direct = namesSession(c, value)
	}
	return how
}

// namesAccount: twelve digits, or the ARN that ends in ":root".
func namesAccount(c caller, value string) bool {
	return c.signed() && (value == c.account || value == "arn:"+c.partition+":iam::"+c.account+":root")
}

// namesItself: by ARN, or by unique id where that is known.
func namesItself(c caller, value string) bool {
	return value == c.arn || c.id != "" && value == c.id
}

// namesParent: where the user who federated is not known, any user of the
// account may be it.
func namesParent(c caller, value string) truth {
	if c.parent != "" {
		return is(value == c.parent)
	}
	other := parseCaller(value)
	return min(maybe, is(other.kind == user && other.partition == c.partition && other.account == c.account))
}

// namesRole: by ARN, or by unique id. A session's own ARN does not hold the
// path of its role; then account and name decide (L-2).
func namesRole(c caller, value string) bool {
	if c.id != "" && value == c.id {
		return true
	}
	if c.role != "" {
		return value == c.role
	}
	other := parseCaller(value)
	return other.role != "" && other.partition == c.partition && other.account == c.account && other.name == c.name
}

// namesSession: an unnamed session of the role may be the one that is meant.
func namesSession(c caller, value string) truth {
	if c.arn != "" {
		return is(value == c.arn)
	}
	other := parseCaller(value)
	if other.kind == session && other.arn != "" &&
		other.partition == c.partition && other.account == c.account && other.name == c.name {
		return maybe
	}
	return no
}

// exempt is whether a Deny with this NotPrincipal spares the caller: all its
// ancestors must be listed.
func (r *request) exempt(p *policy.Principals) truth {
	c := r.caller
	if r.policies.Has(policy.BoundaryLayer) {
		return no
	}
	if everybody(p) {
		return yes
	}
	account := is(r.options.NotPrincipalIgnoresAccount)
	itself, role, parent := no, no, no
	for _, value := range listedUnder(p, policy.PrincipalAWS) {
		account = max(account, is(namesAccount(c, value)))
		switch c.kind {
		case root:
			itself = max(itself, is(namesAccount(c, value)))
		case user:
			itself = max(itself, is(namesItself(c, value)))
		case federated:
			itself = max(itself, is(value == c.arn))
			parent = max(parent, namesParent(c, value))
		case session:
			itself = max(itself, namesSession(c, value))
			role = max(role, is(namesRole(c, value)))
		}
	}
	switch c.kind {
	case root:
		return itself
	case user:
		return min(itself, account)
	case session:
		return min(itself, role, account)
	case federated:
		return min(itself, parent, account)
	}
	return r.listed(p).any() // they have no ancestors
}

func everybody(p *policy.Principals) bool {
	if p.Everyone {
		return true
	}
	for _, value := range listedUnder(p, policy.PrincipalAWS) {
		if value == "*" {
			return true
		}
	}
	return false
}

func listedUnder(p *policy.Principals, t policy.PrincipalType) []string {
	var values []string
	for _, e := range p.Entries {
		if e.Type == t {
			values = append(values, e.Values...)
		}
	}
	return values
}
