package evaluator

import "github.com/iamsim/iamsim/internal/pattern"

// Visits counts the work of one decision: entries tried and conditions
// decided. It does not depend on the machine's speed.
func Visits(c *Caller, t *Target, r *Request) (entries, conditions int) {
	var count visits
	ev := evaluation{caller: c, target: t, request: r, visits: &count}
	ev.resource = *t.split(new(pattern.Fields))
	if _, ok := ev.prepare(); ok {
		ev.decide()
	}
	return count.entries, count.conditions
}

// MissingVisits counts the conditions that are decided to find which missing
// keys could change the outcome.
func MissingVisits(c *Caller, t *Target, r *Request) int {
	var count visits
	ev := evaluation{caller: c, target: t, request: r, visits: &count}
	ev.resource = *t.split(new(pattern.Fields))
	if _, ok := ev.prepare(); ok {
		ev.missing()
	}
	return count.conditions
}
