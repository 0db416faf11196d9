package prove

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

// callers are the callers of one kind. A caller is one text, so that patterns
// can ask about every part of it: what aws:PrincipalArn is, or its name, then a
// line feed, then what aws:userid is. Both parts are empty where there is none; the
// second is also where the first tells it.
type callers struct {
	kind     evaluator.PrincipalKind
	universe []classes.Pattern
	// embedded are the keys that are part of the text, by name in lower case.
	embedded map[string]embedding
	// fixed are the keys that all callers of the kind have alike; nil: none has it.
	fixed map[string][]string
	// present are keys that every caller has, whatever the value.
	present []string
}

// An embedding makes of a pattern for a key one for the whole text.
type embedding func(classes.Pattern) []classes.Pattern

func within(before, after, without string) embedding {
	b, a := classes.Form(before), classes.Form(after)
	return func(p classes.Pattern) []classes.Pattern { return []classes.Pattern{p.Within(b, a, without)} }
}

// either joins the ways of both.
func either(x, y embedding) embedding {
	return func(p classes.Pattern) []classes.Pattern { return append(x(p), y(p)...) }
}

const (
	ownAccount   = "111122223333"
	otherAccount = "444455556666"
)

// callersOf are the callers of a kind.
func callersOf(kind evaluator.PrincipalKind) *callers {
	c := &callers{kind: kind, embedded: map[string]embedding{}, fixed: map[string][]string{}}
	if kind.Signed() {
		c.embedded["aws:principalarn"] = within("", "\n%", "")
		c.embedded["aws:principalaccount"] = within("arn:+:+::", ":%\n%", ":/")
		c.embedded["aws:userid"] = within("%\n", "", "")
		c.embedded["kms:calleraccount"] = c.embedded["aws:principalaccount"]
	}
	switch kind {
	case evaluator.IAMUser:
		c.universe = []classes.Pattern{
			classes.Form("arn:+:iam::????????????:user/+\nAIDA+"),
			classes.Form("arn:+:iam::????????????:user/!/+\nAIDA+"),
		}
		c.embedded["aws:username"] = either(within("arn:+:iam::*:user/", "\n%", "/:"), within("arn:+:iam::*:user/!/", "\n%", "/:"))
	case evaluator.RoleSession:
		c.universe = []classes.Pattern{
			classes.Form("arn:+:iam::????????????:role/+\nAROA+:+"),
			classes.Form("arn:+:iam::????????????:role/!/+\nAROA+:+"),
		}
	case evaluator.RootUser:
		c.universe = []classes.Pattern{classes.Form("arn:+:iam::????????????:root\n")}
		c.embedded["aws:userid"] = c.embedded["aws:principalaccount"] // what its account is
	case evaluator.ServicePrincipal:
		for domain := range law.ServiceDomains {
			c.universe = append(c.universe, classes.Form("+."+domain+"\n"))
		}
		c.embedded["aws:principalservicename"] = within("", "\n", "")
	case evaluator.WebIdentity:
		c.universe = []classes.Pattern{
			classes.Form("+.&\n"), classes.Form("arn:+:iam::????????????:oidc-provider/&\n"),
		}
		c.embedded["aws:federatedprovider"] = within("", "\n", "")
	case evaluator.SAMLIdentity:
		c.universe = []classes.Pattern{classes.Form("arn:+:iam::????????????:saml-provider/&\n")}
	case evaluator.AnonymousPrincipal:
		c.universe = []classes.Pattern{classes.Form("anonymous\n")}
	}
	for row := range law.Keys {
		c.read(row)
	}
	return c
}

// read takes from a row of the law which callers have a key.
func (c *callers) read(row *law.KeyRow) {
	name := fold.String(row.Name)
	switch {
	case row.IsFamily(), row.Source == law.FromResource, c.embedded[name] != nil:
	case row.Alike[c.kind] != "":
		c.fixed[name] = []string{row.Alike[c.kind]}
	case !row.Has(c.kind):
		c.fixed[name] = nil
	case row.Service == "" && row.Always.Has(c.kind):
		c.present = append(c.present, name)
	}
}

// signed: the callers have an account.
func (c *callers) signed() bool { return c.kind.Signed() }

// mayHaveBoundary: the callers are users and roles, whose permissions a boundary can
// limit. A Deny with NotPrincipal spares others, whatever boundary there is.
func (c *callers) mayHaveBoundary() bool {
	return c.kind == evaluator.IAMUser || c.kind == evaluator.RoleSession
}

// principal is the caller of a text, with its context keys; and for a session
// the ARN of its role, for a user or a session the unique id.
func (c *callers) principal(text string) (p evaluator.Principal, role, id string) {
	name, id, _ := strings.Cut(text, "\n")
	switch c.kind {
	case evaluator.IAMUser:
		return evaluator.User(name).WithUniqueID(id), "", id
	case evaluator.RoleSession:
		id, session, _ := strings.Cut(id, ":")
		parts := strings.SplitN(name, ":", 6)
		arn := "arn:" + parts[1] + ":sts::" + parts[4] + ":assumed-role/" + name[strings.LastIndexByte(name, '/')+1:] + "/" + session
		return evaluator.Session(arn, name).WithUniqueID(id), name, id
	case evaluator.RootUser:
		return evaluator.Root(name), "", ""
	case evaluator.ServicePrincipal:
		return evaluator.Service(name), "", ""
	case evaluator.WebIdentity:
		return evaluator.Web(name), "", ""
	case evaluator.SAMLIdentity:
		return evaluator.SAML(name), "", ""
	}
	return evaluator.Anonymous(), "", ""
}

// naming is how a Principal element names callers of one kind: patterns for
// each strength, and everyone.
type naming struct {
	everyone              bool
	direct, role, account []classes.Pattern
}

// naming reads a Principal element (A-51, E.3).
func (c *callers) naming(p *policy.Principals) naming {
	n := naming{everyone: p.Everyone}
	for _, entry := range p.Entries {
		for _, value := range entry.Values {
			c.name(&n, entry.Type, value)
		}
	}
	return n
}

func (c *callers) name(n *naming, t policy.PrincipalType, value string) {
	whole := func(value, before, after string) classes.Pattern {
		return classes.Exactly(value).Within(classes.Form(before), classes.Form(after), "")
	}
	switch t {
	case policy.PrincipalService:
		if c.kind == evaluator.ServicePrincipal {
			n.direct = append(n.direct, whole(value, "", "\n"))
		}
		return
	case policy.PrincipalFederated:
		if c.kind == evaluator.WebIdentity || c.kind == evaluator.SAMLIdentity {
			n.direct = append(n.direct, whole(value, "", "\n"))
		}
		return
	case policy.PrincipalCanonicalUser:
		return
	}
	parts := strings.SplitN(value, ":", 6)
	switch {
	case value == "*":
		n.everyone = true
	case !c.signed():
	case arn.IsAccountID(value), len(parts) == 6 && parts[5] == "root":
		account, partition := value, "+"
		if len(parts) == 6 {
			account, partition = parts[4], parts[1]
		}
		p := whole(account, "arn:"+partition+":+::", ":%\n%")
		if n.account = append(n.account, p); c.kind == evaluator.RootUser {
			n.direct = append(n.direct, p)
		}
	case len(parts) < 6: // a unique id
		switch c.kind {
		case evaluator.IAMUser:
			n.direct = append(n.direct, whole(value, "%\n", ""))
		case evaluator.RoleSession:
			n.role = append(n.role, whole(value, "%\n", ":%"))
		}
	case parts[2] == "iam" && strings.HasPrefix(parts[5], "user/"):
		if c.kind == evaluator.IAMUser {
			n.direct = append(n.direct, whole(value, "", "\n%"))
		}
	case parts[2] == "iam" && strings.HasPrefix(parts[5], "role/"):
		if c.kind == evaluator.RoleSession {
			n.role = append(n.role, whole(value, "", "\n%"))
		}
	case parts[2] == "sts" && strings.HasPrefix(parts[5], "assumed-role/"):
		if c.kind == evaluator.RoleSession {
			_, rest, _ := strings.Cut(parts[5], "/")
			role, session, _ := strings.Cut(rest, "/")
			before := classes.Exactly("arn:" + parts[1] + ":iam::" + parts[4] + ":role/")
			end := whole(session, "\n%:", "")
			plain := classes.Exactly(role).Within(before, end, "")
			pathed := classes.Exactly("/"+role).Within(before.Within(classes.Form(""), classes.Form("%"), ""), end, "")
			n.direct = append(n.direct, plain, pathed)
		}
	}
}

// principals are the predicates by which a statement names callers; it applies
// where one of them holds.
func (s *space) principals(st *policy.Statement, least law.Grant, boundary bool) []int {
	c := s.setting.caller
	switch {
	case st.Principal != nil:
		n := c.naming(st.Principal)
		if n.everyone {
			return []int{always}
		}
		list := n.direct
		if law.RoleGrant.Waives(least) {
			list = append(list, n.role...)
		}
		if law.AccountGrant.Waives(least) {
			list = append(list, n.account...)
		}
		return []int{s.named(list, false)}
	case st.NotPrincipal == nil:
		return []int{always}
	}
	n := c.naming(st.NotPrincipal)
	if st.Effect == policy.Allow {
		if n.everyone {
			return []int{never}
		}
		return []int{s.named(slices.Concat(n.direct, n.role, n.account), true)}
	}
	// A Deny spares only callers of whom every ancestor is listed.
	switch {
	case boundary:
		return []int{always}
	case n.everyone:
		return []int{never}
	case !c.signed(), c.kind == evaluator.RootUser:
		return []int{s.named(n.direct, true)}
	case c.kind == evaluator.RoleSession:
		return []int{s.named(n.direct, true), s.named(n.role, true), s.named(n.account, true)}
	}
	return []int{s.named(n.direct, true), s.named(n.account, true)}
}

// named is the predicate that a caller is one of those, or none of them.
func (s *space) named(list []classes.Pattern, none bool) int {
	names := make([]string, len(list))
	for i := range list {
		names[i] = list[i].String()
	}
	return s.clause(callerCoordinate, canonical(names), none, func() []*classes.Pattern { return pointers(list) })
}
