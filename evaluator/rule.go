package evaluator

import (
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

// rules are the fixed rules about such a caller and action. Most requests are not
// of a service or a caller that any rule is about.
func (ev *evaluation) rules(yield func(*law.Row) bool) {
	kind := ev.caller.Principal.kind
	if ev.action.rules != serviceIAM && ev.action.rules != serviceSTS && kind < WebIdentity {
		return
	}
	for row := range law.Rows {
		if row.Names(kind, ev.action.text, ev.sameAccount) && !yield(row) {
			return
		}
	}
}

// ruleHolds reports whether the conditions of a rule hold, for a rule about AWS
// managed policies on such a one.
func (ev *evaluation) ruleHolds(row *law.Row) truth {
	t := yes
	if row.AWSManaged {
		t = ev.isAWSManagedPolicy()
	}
	for i := range row.Conditions {
		t = min(t, ev.ruleCondition(&row.Conditions[i]))
	}
	return t
}

// allowedByRule: calls that need no permission and that no policy can stop, as
// far as no rule above refuses them.
func (ev *evaluation) allowedByRule() truth {
	if ev.action.rules != serviceSTS {
		return no
	}
	free := yes
	for row := range ev.rules {
		switch row.Effect {
		case law.Denies:
			free = min(free, ev.ruleHolds(row).Not())
		case law.Allows:
			return min(free, ev.ruleHolds(row))
		}
	}
	return no
}

// deniedByRule is the rule that refuses the request, or may refuse it.
func (ev *evaluation) deniedByRule() (rule law.Rule, denied truth) {
	for row := range ev.rules {
		if row.Effect != law.Denies {
			continue
		}
		if t := ev.ruleHolds(row); t > denied {
			rule, denied = row.Rule, t
		}
	}
	return rule, denied
}

// refusedByRule: no grant of the resource's own policy counts.
func (ev *evaluation) refusedByRule() (refused truth) {
	for row := range ev.rules {
		if row.Effect == law.GrantsNothing {
			refused = max(refused, ev.ruleHolds(row))
		}
	}
	return refused
}

// ruleCondition is one of a fixed rule, which has one operator of three and one
// value.
func (ev *evaluation) ruleCondition(c *policy.Condition) truth {
	k := contextKey{name: c.Key}
	v := ev.value(&k)
	switch {
	case v.state == absentKey:
		return no
	case c.Operator.Test == policy.Null:
		if v.state == unknownKey {
			return maybe
		}
		return yes
	case v.state != knownKey:
		return maybe
	case c.Operator.Test == policy.Bool:
		return truthOf(v.count() == 1 && fold.Equal(v.at(0), c.Values[0]))
	}
	return truthOf(v.count() == 1 && v.at(0) == c.Values[0])
}

// isAWSManagedPolicy reports whether the resource is a policy of AWS, or may turn
// out to be one.
func (ev *evaluation) isAWSManagedPolicy() truth {
	owner := ev.resource.Field(4)
	if ev.target.Account != "" || !ev.resourceIs("iam", "policy/") {
		return no
	}
	if !ev.partly || strings.Count(ev.resource.Text(), ":") >= 5 && strings.HasPrefix(ev.resource.Field(5), "policy/") {
		return truthOf(law.IsAWS(owner))
	}
	return min(maybe, truthOf(law.MayBeAWS(owner)))
}
