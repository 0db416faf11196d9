package engine

// Visits counts what some work on one request costs: entries tried and conditions
// decided. It does not depend on the machine's speed.
func Visits(c *Caller, t *Target, r *Request, work func(*Evaluation)) (entries, conditions int) {
	ev, _, ok := NewEvaluation(c, t, r, &Options{})
	if !ok {
		return 0, 0
	}
	var count visits
	ev.visits = &count
	work(ev)
	return count.entries, count.conditions
}
