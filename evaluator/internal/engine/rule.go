package engine

import (
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

// hasRules reports whether fixed rules may be about the request. Most requests
// are not of a service or a caller that any rule is about.
func (ev *Evaluation) hasRules() bool {
	return ev.Action.rules == serviceIAM || ev.Action.rules == serviceSTS || ev.Caller.Principal.kind >= WebIdentity
}

// Rules are the fixed rules about such a caller and action.
func (ev *Evaluation) Rules(yield func(*law.Row) bool) {
	if !ev.hasRules() {
		return
	}
	kind := ev.Caller.Principal.kind
	for row := range law.Rows {
		if row.Names(kind, ev.Action.Text, ev.SameAccount) && !yield(row) {
			return
		}
	}
}

// ruleHolds reports whether the conditions of a rule hold, for a rule about AWS
// managed policies on such a one.
func (ev *Evaluation) ruleHolds(row *law.Row) truth {
	t := yes
	if row.AWSManaged {
		t = ev.isAWSManagedPolicy()
	}
	for i := range row.Conditions {
		t = min(t, ev.ruleCondition(&row.Conditions[i]))
	}
	return t
}

// AllowedByRule: calls that need no permission and that no policy can stop, as
// far as no rule above refuses them.
func (ev *Evaluation) AllowedByRule() truth {
	if ev.Action.rules != serviceSTS {
		return no
	}
	free := yes
	for row := range ev.Rules {
		switch row.Effect {
		case law.Denies:
			free = min(free, ev.ruleHolds(row).Not())
		case law.Allows:
			return min(free, ev.ruleHolds(row))
		}
	}
	return no
}

// DeniedByRule is the rule that refuses the request, or may refuse it.
func (ev *Evaluation) DeniedByRule() (rule law.Rule, denied truth) {
	for row := range ev.Rules {
		if row.Effect != law.Denies {
			continue
		}
		if t := ev.ruleHolds(row); t > denied {
			rule, denied = row.Rule, t
		}
	}
	return rule, denied
}

// RefusedByRule: no grant of the resource's own policy counts.
func (ev *Evaluation) RefusedByRule() (refused truth) {
	if ev.Caller.Principal.kind.Signed() {
		return no
	}
	for row := range ev.Rules {
		if row.Effect == law.GrantsNothing {
			refused = max(refused, ev.ruleHolds(row))
		}
	}
	return refused
}

// ruleCondition is one of a fixed rule, which has one operator of three and one
// value.
func (ev *Evaluation) ruleCondition(c *policy.Condition) truth {
	k := ContextKey{Name: c.Key}
	v := ev.Value(&k)
	switch {
	case v.State == AbsentKey:
		return no
	case c.Operator.Test == policy.Null:
		if v.State == UnknownKey {
			return maybe
		}
		return yes
	case v.State != KnownKey:
		return maybe
	case c.Operator.Test == policy.Bool:
		return truthOf(v.Count() == 1 && fold.Equal(v.At(0), c.Values[0]))
	}
	return truthOf(v.Count() == 1 && v.At(0) == c.Values[0])
}

// isAWSManagedPolicy reports whether the resource is a policy of AWS, or may turn
// out to be one.
func (ev *Evaluation) isAWSManagedPolicy() truth {
	owner := ev.Resource.Field(4)
	if ev.Target.Account != "" || !ev.resourceIs(law.ManagedPolicy) {
		return no
	}
	if !ev.Partly || strings.Count(ev.Resource.Text(), ":") >= 5 && strings.HasPrefix(ev.Resource.Field(5), "policy/") {
		return truthOf(law.IsAWS(owner))
	}
	return min(maybe, truthOf(law.MayBeAWS(owner)))
}
