package explain

import (
	"fmt"
	"slices"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/policy"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/internal/logic"
)

// diagnose collects what a reader should know beside the decision.
func diagnose(ev *engine.Evaluation, d engine.Decision) []Diagnostic {
	var notes notes
	note := notes.add
	unsettled := ev.Decide() // as the other readings are decided
	if other := decideWith(ev, func(o *engine.Options) { o.NotPrincipalIgnoresAccount = !o.NotPrincipalIgnoresAccount }); other != unsettled {
		note(UndocumentedRule, ev.Request.Action, "whether NotPrincipal must list the caller's account as well is not settled: the other reading gives %s (A-59)", other)
	}
	if other := withRoleTags(ev); other != unsettled {
		note(UndocumentedRule, ev.Request.Action, "tags of the role have no reliable results for iam:PassRole, and are taken not to be there: if they are, it is %s (C-54)", other)
	}
	if r := engine.RuleOf(d); r != law.NoRule {
		note(FixedRule, ev.Request.Action, "no policy can allow it: %s", r)
	}
	if ev.AllowedByRule() == logic.Yes {
		note(FixedRule, ev.Request.Action, "%s", law.FreeCalls)
	}
	diagnoseUnused(ev, note)
	for l := range ev.Layers {
		diagnoseSet(l.Set, ev, note)
		for i := range engine.KeysOf(l.Set) {
			k := &engine.KeysOf(l.Set)[i]
			if d.Outcome() == engine.Indeterminate && ev.Value(k).State == engine.PresentKey && ev.Request.Context.Index(k.Name) < 0 {
				if k.Known == law.Planned {
					note(ValueNotKnown, k.Name, "%s is not known before the deployment: give its value", law.PlannedOrigin(k.Name))
					continue
				}
				note(ValueNotKnown, k.Name, "context key %q exists for this caller, and its value is not known: give it", k.Name)
			}
		}
	}
	if ev.OpenOwner && d.Outcome() == engine.Indeterminate {
		note(ValueNotKnown, engine.Shown(ev.Target), "the account that owns the resource is not known: give Account")
	}
	for i := range ev.Request.Context {
		diagnoseKey(ev, &ev.Request.Context[i], note)
	}
	return notes
}

// notes are diagnostics, each once.
type notes []Diagnostic

func (n *notes) add(code, subject, format string, args ...any) {
	d := Diagnostic{Code: code, Subject: subject, Message: secret.Redact(fmt.Sprintf(format, args...))}
	if !slices.Contains(*n, d) {
		*n = append(*n, d)
	}
}

// diagnoseUnused notes policies that do not apply to a caller of this kind.
func diagnoseUnused(ev *engine.Evaluation, note func(code, subject, format string, args ...any)) {
	c := ev.Caller
	switch {
	case !c.Principal.Kind().Signed() && (c.Identity != nil || c.Boundary != nil || len(c.Session)+len(c.SCPs) > 0):
		note(UnusedPolicies, c.Principal.String(), "no identity-based policies, boundary, session policies or service control policies apply to %s: those that are given are not used (E-40)", c.Principal.String())
	case c.Principal.Kind() == engine.RootUser && (c.Identity != nil || c.Boundary != nil):
		note(UnusedPolicies, c.Principal.String(), "no identity-based policies and no permissions boundary apply to the root user: those that are given are not used (E.2)")
	}
}

func decideWith(ev *engine.Evaluation, change func(*engine.Options)) engine.Decision {
	other := *ev
	change(&other.Options)
	return other.Decide()
}

// withRoleTags is the decision if iam:PassRole had the tags of the role.
func withRoleTags(ev *engine.Evaluation) engine.Decision {
	other := *ev
	other.RoleTags = true
	return other.Decide()
}

// diagnoseSet notes what is odd where the set meets the request.
func diagnoseSet(s *engine.Set, ev *engine.Evaluation, note func(code, subject, format string, args ...any)) {
	p := &ev.Caller.Principal
	for i := range engine.StatementsOf(s) {
		st := &engine.StatementsOf(s)[i]
		if p.Kind() == engine.RoleSession && engine.Details(p).Role == "" && slices.ContainsFunc(st.Principals, func(n engine.NamedPrincipal) bool {
			return n.Kind == engine.NamedRole && n.IsRoleOf(p)
		}) {
			note(RolePathNotKnown, p.String(), "the path of role %q is not known: ARNs of the role match by account and name; give the role's ARN (L-2)", engine.Details(p).Name)
		}
		for _, id := range st.Conditions {
			c := &engine.ConditionsOf(s)[id]
			k := &engine.KeysOf(s)[c.Key]
			v := ev.Value(k)
			if v.Count() > 1 && c.Operator.Set == 0 && c.Operator.Test != policy.Null {
				note(MissingQualifier, k.Name, "context key %q has %d values and is tested by %s without ForAllValues or ForAnyValue: such a condition never holds (C-37)", k.Name, v.Count(), c.Operator)
			}
		}
	}
	for i := range engine.KeysOf(s) {
		k := &engine.KeysOf(s)[i]
		if (k.Known == law.ResourceTag || k.Known == law.OwnResourceTag) && ambiguousTag(ev.Target.Tags, k.Tag) {
			note(AmbiguousTag, k.Tag, "the resource has several tags %q that differ only in case: which of them AWS compares is not predictable (C-52)", k.Tag)
		}
		if k.Known == law.PrincipalTag && ambiguousTag(engine.Details(p).Tags, k.Tag) {
			note(AmbiguousTag, k.Tag, "the principal has several tags %q that differ only in case: which of them AWS compares is not predictable (C-52)", k.Tag)
		}
		if k.Known == law.PrincipalARN && p.Kind() == engine.RoleSession && engine.Details(p).Role == "" && ev.Request.Context.Index(k.Name) < 0 {
			note(RolePathNotKnown, p.String(), "the path of role %q is not known, and with it aws:PrincipalArn; give the role's ARN (L-2)", engine.Details(p).Name)
		}
	}
}

func ambiguousTag(tags []engine.Tag, key string) bool {
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
func diagnoseKey(ev *engine.Evaluation, key *engine.Key, note func(code, subject, format string, args ...any)) {
	k := engine.NewContextKey(key.Name)
	switch {
	case ev.Lacks(k.Known) && !ev.PassRole:
		note(UnusedContextKey, key.Name, "context key %q exists for iam:PassRole only and is not used for %s (G-7)", key.Name, ev.Request.Action)
	case ev.Lacks(k.Known):
		note(UnusedContextKey, key.Name, "context key %q does not exist for iam:PassRole and is not used (G-9, G-12)", key.Name)
	case k.Known != law.OtherKey && key.State == engine.Known:
		follows := ev.Derive(&k)
		if follows.State != engine.KnownKey || follows.Count() == len(key.Values) && !slices.ContainsFunc(key.Values, func(v string) bool {
			return follows.Values != nil && !slices.Contains(follows.Values, v) || follows.Values == nil && v != follows.Text
		}) {
			return
		}
		note(OverridingContextKey, key.Name, "context key %q is given and differs from what follows from the principal and the resource (D-4)", key.Name)
	}
}
