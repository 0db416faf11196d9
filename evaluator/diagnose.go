package evaluator

import (
	"fmt"
	"slices"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/policy"
)

// diagnose collects what a reader should know beside the decision.
func (ev *evaluation) diagnose(d Decision) []Diagnostic {
	var notes notes
	note := notes.add
	unsettled := ev.decide() // as the other readings are decided
	if other := ev.decideWith(func(o *Options) { o.NotPrincipalIgnoresAccount = !o.NotPrincipalIgnoresAccount }); other != unsettled {
		note(UndocumentedRule, ev.request.Action, "whether NotPrincipal must list the caller's account as well is not settled: the other reading gives %s (A-59)", other)
	}
	if r := d.rule(); r != law.NoRule {
		note(FixedRule, ev.request.Action, "no policy can allow it: %s", r)
	}
	if ev.allowedByRule() == yes {
		note(FixedRule, ev.request.Action, "%s", law.FreeCalls)
	}
	ev.diagnoseUnused(note)
	for l := range ev.layers {
		l.diagnose(ev, note)
		for i := range l.keys {
			k := &l.keys[i]
			if d.Outcome() == Indeterminate && ev.value(k).state == presentKey && ev.request.Context.Index(k.name) < 0 {
				note(ValueNotKnown, k.name, "context key %q exists for this caller, and its value is not known: give it", k.name)
			}
		}
	}
	if ev.openOwner && d.Outcome() == Indeterminate {
		note(ValueNotKnown, ev.target.shown(), "the account that owns the resource is not known: give Account")
	}
	for i := range ev.request.Context {
		ev.diagnoseKey(&ev.request.Context[i], note)
	}
	return notes
}

// notes are diagnostics, each once.
type notes []Diagnostic

func (n *notes) add(code DiagnosticCode, subject, format string, args ...any) {
	d := Diagnostic{Code: code, Subject: subject, Message: secret.Redact(fmt.Sprintf(format, args...))}
	if !slices.Contains(*n, d) {
		*n = append(*n, d)
	}
}

// diagnoseUnused notes policies that do not apply to a caller of this kind.
func (ev *evaluation) diagnoseUnused(note func(DiagnosticCode, string, string, ...any)) {
	c := ev.caller
	switch {
	case !c.Principal.signed() && (c.Identity != nil || c.Boundary != nil || len(c.Session)+len(c.SCPs) > 0):
		note(UnusedPolicies, c.Principal.String(), "no identity-based policies, boundary, session policies or service control policies apply to %s: those that are given are not used (E-40)", c.Principal.String())
	case c.Principal.kind == RootUser && (c.Identity != nil || c.Boundary != nil):
		note(UnusedPolicies, c.Principal.String(), "no identity-based policies and no permissions boundary apply to the root user: those that are given are not used (E.2)")
	}
}

func (ev *evaluation) decideWith(change func(*Options)) Decision {
	other := *ev
	change(&other.options)
	return other.decide()
}

// diagnose notes what is odd where the set meets the request.
func (s *Set) diagnose(ev *evaluation, note func(DiagnosticCode, string, string, ...any)) {
	p := &ev.caller.Principal
	for i := range s.statements {
		st := &s.statements[i]
		if p.kind == RoleSession && p.role == "" && slices.ContainsFunc(st.principals, func(n namedPrincipal) bool {
			return n.kind == namedRole && n.isRoleOf(p)
		}) {
			note(RolePathNotKnown, p.String(), "the path of role %q is not known: ARNs of the role match by account and name; give the role's ARN (L-2)", p.name)
		}
		for _, id := range st.conditions {
			c := &s.conditions[id]
			k := &s.keys[c.key]
			v := ev.value(k)
			if v.count() > 1 && c.operator.Set == 0 && c.operator.Test != policy.Null {
				note(MissingQualifier, k.name, "context key %q has %d values and is tested by %s without ForAllValues or ForAnyValue: such a condition never holds (C-37)", k.name, v.count(), c.operator)
			}
		}
	}
	for i := range s.keys {
		k := &s.keys[i]
		if (k.known == law.ResourceTag || k.known == law.OwnResourceTag) && ambiguousTag(ev.target.Tags, k.tag) {
			note(AmbiguousTag, k.tag, "the resource has several tags %q that differ only in case: which of them AWS compares is not predictable (C-52)", k.tag)
		}
		if k.known == law.PrincipalTag && ambiguousTag(p.tags, k.tag) {
			note(AmbiguousTag, k.tag, "the principal has several tags %q that differ only in case: which of them AWS compares is not predictable (C-52)", k.tag)
		}
		if k.known == law.PrincipalARN && p.kind == RoleSession && p.role == "" && ev.request.Context.Index(k.name) < 0 {
			note(RolePathNotKnown, p.String(), "the path of role %q is not known, and with it aws:PrincipalArn; give the role's ARN (L-2)", p.name)
		}
	}
}

func ambiguousTag(tags []Tag, key string) bool {
	n := 0
	for i := range tags {
		if fold.Equal(tags[i].Key, key) {
			n++
		}
	}
	return n > 1
}

// diagnoseKey notes a given key that is not heard or that contradicts what
// follows from the caller and the target (D-4, D-5).
func (ev *evaluation) diagnoseKey(key *Key, note func(DiagnosticCode, string, string, ...any)) {
	k := newContextKey(key.Name)
	switch {
	case ev.lacks(k.known) && !ev.passRole:
		note(UnusedContextKey, key.Name, "context key %q exists for iam:PassRole only and is not used for %s (G-7)", key.Name, ev.request.Action)
	case ev.lacks(k.known):
		note(UnusedContextKey, key.Name, "context key %q does not exist for iam:PassRole and is not used (G-9, G-12)", key.Name)
	case k.known != law.OtherKey && key.State == Known:
		follows := ev.derive(&k)
		if follows.state != knownKey || follows.count() == len(key.Values) && !slices.ContainsFunc(key.Values, func(v string) bool {
			return follows.values != nil && !slices.Contains(follows.values, v) || follows.values == nil && v != follows.text
		}) {
			return
		}
		note(OverridingContextKey, key.Name, "context key %q is given and differs from what follows from the principal and the resource (D-4)", key.Name)
	}
}
