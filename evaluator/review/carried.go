package review

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/policy"
)

// neverCarried is a context key that the statement demands and that no request
// for its actions has, as far as the catalogue says: a key of one service, where
// none of the services that the statement names has it. It is "" where there is
// none.
func neverCarried(c prove.Catalog, st *policy.Statement) string {
	if c == nil {
		return ""
	}
	for i := range st.Condition {
		condition := &st.Condition[i]
		if demandsPresence(condition) && isOfService(c, condition.Key) && !slices.ContainsFunc(st.Action, func(pattern string) bool { return mayCarry(c, pattern, condition.Key) }) && len(st.Action) > 0 {
			return condition.Key
		}
	}
	return ""
}

// demandsPresence reports whether a condition fails for each request without its key.
func demandsPresence(c *policy.Condition) bool {
	if c.Operator.Test == policy.Null {
		return !slices.ContainsFunc(c.Values, func(v string) bool { return !fold.Equal(v, "false") })
	}
	return !operator.HoldsAbsent(c.Operator)
}

// isOfService reports whether a key is one that only requests for some services
// have.
func isOfService(c prove.Catalog, name string) bool {
	key, ok := c.Key(name)
	service, _, _ := strings.Cut(name, ":")
	return ok && !key.Everywhere && !fold.Equal(service, "aws") && mayCarry(c, service+":*", name)
}

// mayCarry reports whether requests for an action that the pattern matches may have
// the key: another action of its service does, or nothing is known of the service.
func mayCarry(c prove.Catalog, pattern, name string) bool {
	service, _, ok := strings.Cut(pattern, ":")
	if !ok || strings.ContainsAny(service, "*?") {
		return true
	}
	key, _ := c.Key(name)
	has := func(keys []*policy.ConditionKey) bool {
		return slices.ContainsFunc(keys, func(k *policy.ConditionKey) bool { return k.Name == key.Name })
	}
	actions := c.Expand(service + ":*")
	return len(actions) == 0 || slices.ContainsFunc(actions, func(a *policy.ServiceAction) bool {
		return has(a.Keys) || slices.ContainsFunc(a.Resources, func(r policy.ActionResource) bool { return has(r.Type.Keys) })
	})
}
