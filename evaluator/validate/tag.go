package validate

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/policy"
)

// tagKeys are the keys for tags that only some services have.
var tagKeys = [...]string{"aws:ResourceTag/", "aws:RequestTag/", "aws:TagKeys"}

// tagConditions finds actions of services that do not have a key for tags which a
// condition needs: an Allow does not reach them, and neither does a Deny.
func (c *checker) tagConditions() {
	for i := range c.st.Condition {
		condition := &c.st.Condition[i]
		if operator.HoldsAbsent(condition.Operator) || condition.Operator.Test == policy.Null || !slices.ContainsFunc(tagKeys[:], func(k string) bool { return fold.HasPrefix(condition.Key, k) }) {
			continue
		}
		key, known := c.catalog.Key(condition.Key)
		if !known {
			continue
		}
		prefix, says := "ALLOW", "allowed"
		if c.st.Effect == policy.Deny {
			prefix, says = "DENY", "denied"
		}
		if c.st.NotAction != nil {
			c.report(prefix+"_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", c.on(condition), "requests for many actions do not have %s: of what NotAction leaves, these are not %s. Name the actions", condition.Key, says)
		} else if services := c.without(key); len(services) > 0 {
			c.report(prefix+"_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", c.on(condition), "requests for these actions of %s do not have %s: they are not %s", strings.Join(services, ", "), condition.Key, says)
		}
	}
}

// without are the services of which none of the statement's actions has the key.
func (c *checker) without(key *policy.ConditionKey) []string {
	has := map[string]bool{}
	for _, value := range c.st.Action {
		service, name, _ := strings.Cut(value, ":")
		service = fold.String(service)
		if !c.catalog.HasService(service) || has[service] { // a pattern is no service
			continue
		}
		if !strings.ContainsAny(name, "*?") {
			action, known := c.catalog.Action(value)
			has[service] = known && c.catalog.Carries(action, key)
			continue
		}
		has[service] = slices.ContainsFunc(c.catalog.Expand(value), func(a *policy.ServiceAction) bool { return c.catalog.Carries(a, key) })
	}
	var services []string
	for service, ok := range has {
		if !ok {
			services = append(services, service)
		}
	}
	slices.Sort(services)
	return services
}
