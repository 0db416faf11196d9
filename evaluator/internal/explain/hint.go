package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/internal/logic"
)

// A Hint points out a known trap.
type Hint struct {
	Code string // of those below; stable
	Text string // for people; free to change
	// Element is what the hint is about: "Action", "Resource", "Principal",
	// "NotResource", "NotPrincipal", "Condition", the key of a condition, its
	// "Operator", or the "Version" of the policy; "" for the request or a layer.
	Element string
	// Suggestion is what to write as the Element, in the place of what the
	// policy has or beside it; "" where there is nothing sure to say.
	Suggestion string
}

// Codes of hints. They are part of the JSON contract, and stable.
const (
	UnqualifiedARN      = "unqualified-arn"     // the policy names a function alone, the request its version or alias (B-31)
	QualifiedARN        = "qualified-arn"       // the reverse: function:f:* is not function:f (B-31)
	OtherQualifier      = "other-qualifier"     // another version or alias (B-31)
	RolePath            = "role-path"           // the path of a role or user is missing or another (B-40)
	PassRoleResource    = "passrole-resource"   // iam:PassRole is asked on the role (G-3)
	PassRoleKey         = "passrole-key"        // a key that only iam:PassRole has, or that it lacks (G-7, G-9)
	AllResources        = "all-resources"       // an action without resources is asked on "*" (B-14)
	LetterCase          = "letter-case"         // the same but for letter case
	OtherAccount        = "other-account"       // the same but for the account
	OtherRegion         = "other-region"        // the same but for the region
	OtherPartition      = "other-partition"     // the same but for the partition
	MissingField        = "missing-field"       // the ARN has a part too few (B-12)
	BucketNotObject     = "bucket-not-object"   // the policy names the bucket, the request an object
	ObjectNotBucket     = "object-not-bucket"   // the reverse
	BelowResource       = "below-resource"      // the request is about something below what is named
	OtherService        = "other-service"       // an action of this name, and of another service
	ActionName          = "action-name"         // the beginning of the action's name (B-2)
	UsernameOfRole      = "username-of-role"    // aws:username exists for IAM users only (C-44)
	SessionARN          = "session-arn"         // aws:PrincipalArn of a session is its role's ARN (D-3)
	NegatedAbsentKey    = "negated-absent-key"  // a negated operator holds on an absent key (C-22)
	AbsentKeyHolds      = "absent-key-holds"    // IfExists and ForAllValues hold on an absent key (C-21, C-31)
	NullCondition       = "null-condition"      // Null asks whether the key is absent (C-20)
	SetOperator         = "set-operator"        // several values need ForAnyValue or ForAllValues (C-37)
	AnyValueAbsent      = "any-value-absent"    // ForAnyValue never holds on an absent key (C-34)
	LongTermCredentials = "long-term-key"       // long-term access keys have no MFA keys (C-24)
	ServiceCallKey      = "service-call-key"    // a key that only direct calls of services have
	WildcardInEquals    = "wildcard-in-equals"  // StringEquals has no wildcards (C-14)
	ARNPattern          = "arn-pattern"         // ARN operators need all six parts (C-13)
	OldVersion          = "old-version"         // without Version 2012-10-17 a variable is text
	OtherSession        = "other-session"       // the policy names another session of the role
	DeletedPrincipal    = "deleted-principal"   // a unique id in the place of an ARN
	NotPrincipalListed  = "notprincipal-listed" // NotPrincipal must list the caller's role and account too
	AccountDelegates    = "account-delegates"   // a grant to the account needs an identity-based Allow too (E-12)
	RoleGrantIsLimited  = "role-grant-limited"  // boundary and session policy limit a grant to the role (E.3)
	BothAccounts        = "both-accounts"       // across accounts both sides must allow (E-30)
	EveryLevel          = "every-level"         // each level of service control policies must allow (E-5)
	RequestedResource   = "requested-resource"  // the request names a resource of another kind
)

// requestHints collects those of the request, of the layers, of the statements that
// denied, and of the near misses.
func requestHints(ev *engine.Evaluation, d engine.Decision, t *trace) []Hint {
	var found []Hint
	if ev.PassRole && ev.Resource.Field(2) != "iam" && !ev.Partly {
		found = append(found, Hint{Code: RequestedResource, Text: "iam:PassRole is asked on the ARN of the role that is passed, and the request names another resource (G-3)"})
	}
	if d.Denied() {
		found = append(found, layerHints(ev, t.layers)...)
	}
	for i := range t.layers {
		for _, p := range t.layers[i].Policies {
			for _, s := range p.Statements {
				if s.Effect == policy.Deny && s.Match != NoMatch {
					found = append(found, s.Hints...)
				}
			}
		}
	}
	for i := range t.nearMisses {
		found = append(found, t.nearMisses[i].Hints...)
	}
	var once []Hint
	for _, h := range found {
		if !slices.Contains(once, h) {
			once = append(once, h)
		}
	}
	return once
}

// layerHints tell what surprises about the layer that stopped.
func layerHints(ev *engine.Evaluation, layers []LayerTrace) []Hint {
	i := slices.IndexFunc(layers, func(l LayerTrace) bool { return l.Stopped })
	if i < 0 || layers[i].Outcome != engine.ImplicitDeny {
		return nil
	}
	gates := ev.Gates()
	grant := ev.Grants(&gates)
	switch l := &layers[i]; {
	case l.Layer == policy.SCPLayer && len(ev.Caller.SCPs) > 1 && slices.ContainsFunc(layers, func(o LayerTrace) bool {
		return o.Layer == policy.SCPLayer && o.Outcome == engine.Allowed
	}):
		return []Hint{{Code: EveryLevel, Text: "each level of service control policies must allow: what the level above allows is not handed down (E-5)"}}
	case l.Layer == policy.IdentityLayer && !ev.SameAccount && grant.Any() == logic.Yes, l.Layer == policy.ResourceLayer && !ev.SameAccount && ev.Caller.Principal.Kind().Signed():
		return []Hint{{Code: BothAccounts, Text: fmt.Sprintf(
			"across accounts both sides must allow: the identity-based policies of %s and the resource-based policy of %s (E-30)",
			ev.Caller.Principal.Account(), ev.ResourceAccount)}}
	case l.Layer == policy.IdentityLayer && grant.Account == logic.Yes:
		return []Hint{{Code: AccountDelegates, Text: "the resource's policy names the account, which grants nothing by itself: an identity-based policy must allow too (E-12)"}}
	case waivedBy(&gates, l.Layer) == law.DirectGrant && grant.Role == logic.Yes:
		return []Hint{{Code: RoleGrantIsLimited, Text: "the resource's policy names the role or user behind the session: permissions boundary and session policy limit such a grant; one to the session itself they would not (E.3)"}}
	}
	return nil
}

// waivedBy is the grant that stands for an Allow of a layer.
func waivedBy(gates *law.Gates, l policy.Layer) law.Grant {
	for place := range law.Everywhere.All {
		if gates.Layer(place) == l {
			return gates.Waiver(place)
		}
	}
	return law.NoGrant
}

// hints finds the traps of a statement: of an Allow that does not apply, and
// of a Deny that does.
func (t *tracer) hints(s *StatementTrace) []Hint {
	var found []Hint
	allow := s.Effect == policy.Allow
	if allow == (s.Match == Matches) {
		return nil
	}
	for i := range s.Elements {
		e := &s.Elements[i]
		add := func(hints ...Hint) {
			for _, h := range hints {
				if h.Element == "" {
					h.Element = e.Element
				}
				if !slices.Contains(found, h) {
					found = append(found, h)
				}
			}
		}
		switch e.Element {
		case "Action":
			if e.Match == NoMatch {
				if s.Lacks() == 1 {
					add(t.actionHints(e)...)
				}
				return found // its other elements mean other requests
			}
		case "Resource":
			if e.Match == NoMatch {
				add(t.resourceHints(e)...)
			}
		case "NotResource":
			if !allow {
				add(t.resourceHints(e)...)
			}
		case "Principal":
			if e.Match == NoMatch {
				add(t.principalHints()...)
			}
		case "NotPrincipal":
			if !allow {
				add(t.exemptionHints()...)
			}
		case "Condition":
			if allow == (e.Match == NoMatch) {
				add(t.conditionHints(e, allow)...)
			}
		}
	}
	return found
}

// asksARN reports whether a catalogue knows that AWS asks for the action on an ARN
// and never on "*": then the request is what is wrong, and not the policy.
func asksARN(action string, by Catalog) bool {
	if by == nil {
		return false
	}
	a, ok := by.Action(action)
	return ok && slices.ContainsFunc(a.Resources, func(r policy.ActionResource) bool { return r.Required })
}

// withoutHint takes the hints of one code from all statements.
func withoutHint(layers []LayerTrace, code string) {
	for i := range layers {
		for p := range layers[i].Policies {
			for k := range layers[i].Policies[p].Statements {
				st := &layers[i].Policies[p].Statements[k]
				st.Hints = slices.DeleteFunc(st.Hints, func(h Hint) bool { return h.Code == code })
			}
		}
	}
}

func (t *tracer) actionHints(e *ElementTrace) []Hint {
	wanted := t.Evaluation.Action.Text
	service, name, _ := strings.Cut(wanted, ":")
	for _, value := range e.Values {
		otherService, otherName, _ := strings.Cut(value, ":")
		switch {
		case strings.ContainsAny(value, "*?"):
		case fold.Equal(otherName, name):
			return []Hint{{
				Code: OtherService, Suggestion: wanted,
				Text: fmt.Sprintf("%s is an action of another service than %s", value, wanted),
			}}
		case fold.Equal(otherService, service) && len(otherName) < len(name) && fold.Equal(otherName, name[:len(otherName)]):
			return []Hint{{
				Code: ActionName, Suggestion: wanted,
				Text: fmt.Sprintf("names of actions are compared whole: %s is not %s (B-2)", value, wanted),
			}}
		}
	}
	return nil
}

// principalHints compare the principals that a statement names with the caller
// once more, by parts.
func (t *tracer) principalHints() []Hint {
	p := &t.Caller.Principal
	for i := range t.Principals {
		switch n := &t.Principals[i]; {
		case n.Kind == engine.NamedRole && p.Kind() == engine.RoleSession && engine.Details(p).Role != "" && n.Account == p.Account() && n.Name == engine.Details(p).Name:
			return []Hint{{
				Code: RolePath, Suggestion: engine.Details(p).Role,
				Text: fmt.Sprintf("the path is part of a role's ARN: %s is not %s (B-40)", n.Text, engine.Details(p).Role),
			}}
		case n.Kind == engine.NamedUser && p.Kind() == engine.IAMUser && n.Account == p.Account() && fold.Equal(n.Text, engine.Details(p).ARN):
			return []Hint{{
				Code: LetterCase, Suggestion: engine.Details(p).ARN,
				Text: fmt.Sprintf("the names of principals are compared with their letter case: %s is not %s (A-51)", n.Text, engine.Details(p).ARN),
			}}
		case n.Kind == engine.NamedUser && p.Kind() == engine.IAMUser && n.Account == p.Account() && n.Name == engine.Details(p).Name:
			return []Hint{{
				Code: RolePath, Suggestion: engine.Details(p).ARN,
				Text: fmt.Sprintf("the path is part of a user's ARN: %s is not %s (B-40)", n.Text, engine.Details(p).ARN),
			}}
		case n.Kind == engine.NamedSession && p.Kind() == engine.RoleSession && n.Account == p.Account() && n.Name == engine.Details(p).Name:
			return []Hint{{
				Code: OtherSession, Suggestion: engine.Details(p).Role,
				Text: fmt.Sprintf("%s is one session of the role; the role's ARN stands for all of its sessions (A-51)", n.Text),
			}}
		case n.Kind == engine.NamedUniqueID && (p.Kind() == engine.IAMUser || p.Kind() == engine.RoleSession):
			return []Hint{{
				Code: DeletedPrincipal, Suggestion: roleOrUser(p),
				Text: fmt.Sprintf("%s is the unique id that a policy keeps of a principal that was deleted; one made anew under the same name has another (A-53)", n.Text),
			}}
		}
	}
	return nil
}

// roleOrUser is the ARN that a Principal element names the caller by; "" where
// it is not known.
func roleOrUser(p *engine.Principal) string {
	if p.Kind() == engine.RoleSession {
		return engine.Details(p).Role
	}
	return engine.Details(p).ARN
}

// exemptionHints tell why a caller whom NotPrincipal lists is denied all the
// same.
func (t *tracer) exemptionHints() []Hint {
	p := &t.Caller.Principal
	switch {
	case t.Principals.Names(p).Any() == logic.No:
		return nil
	case t.Caller.Boundary != nil:
		return []Hint{{Code: NotPrincipalListed, Text: "NotPrincipal never exempts a caller with a permissions boundary (A-59); a condition on aws:PrincipalArn does"}}
	}
	var list []string
	if p.Kind() == engine.RoleSession {
		list = append(list, engine.Details(p).Role)
	}
	list = append(list, engine.Details(p).ARN, "arn:"+engine.Details(p).Partition+":iam::"+p.Account()+":root")
	list = slices.DeleteFunc(list, func(s string) bool { return s == "" })
	return []Hint{{
		Code: NotPrincipalListed, Suggestion: strings.Join(list, ", "),
		Text: "NotPrincipal exempts a caller only if its session, its role or user and its account are all listed (A-59)",
	}}
}
