package apicall

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
)

// A Question is what the engine is asked for one authorization of a call: with
// the keys that the call leaves unknown, and without the policies and tags that
// do not count.
type Question struct {
	Caller  *evaluator.Caller
	Target  evaluator.Target
	Request evaluator.Request
}

// Question is what the engine is to be asked for one authorization. t gives what
// follows the authorization's resource, as for [Evaluate].
func (p *Plan) Question(a *Authorization, caller *evaluator.Caller, t evaluator.Target) Question {
	t.Resource, t.Unknown = a.Resource, a.Unknown
	if t.AsGiven == "" {
		t.AsGiven = a.AsGiven
	}
	if fold.Equal(a.Action, "iam:PassRole") {
		t.Policies = nil // the trust policy has no say in it (G-3)
	}
	if !a.ResourceTags {
		t.Tags = nil
	}
	if a.Anonymous {
		caller = &evaluator.Caller{Principal: evaluator.Anonymous()}
	}
	return Question{
		Caller: caller, Target: t,
		Request: evaluator.Request{Action: a.Action, Context: p.contextOf(a, &caller.Principal, &t), Endpoint: p.Endpoint},
	}
}

func (q *Question) explain(e *evaluator.Engine) *evaluator.Explanation {
	return e.Explain(q.Caller, &q.Target, &q.Request)
}

// open marks as unknown the keys with one of the prefixes that decide and are
// not given. hanging are these, and those that the call knows of and whose
// value it does not know.
func (q *Question) open(e *evaluator.Engine, prefixes []string) (hanging []string) {
	given := q.Request.Context
	known := slices.DeleteFunc(slices.Clone(given), func(k evaluator.Key) bool { return k.State != evaluator.Known })
	if len(prefixes) == 0 && len(known) == len(given) {
		return nil
	}
	q.Request.Context = known
	missing := q.explain(e).Missing()
	q.Request.Context = given
	for _, name := range missing {
		switch slash := strings.IndexByte(name, '/'); {
		case has(given, name), slash > 0 && has(given, name[:slash+1]+"*"):
			hanging = append(hanging, name)
		case covers(prefixes, name):
			hanging = append(hanging, name)
			q.Request.Context = append(q.Request.Context, evaluator.Key{Name: name, State: evaluator.Unknown})
		}
	}
	return hanging
}

// hangsOn reports whether the decision could be another if a key had another
// value, or were absent.
func (q *Question) hangsOn(e *evaluator.Engine, name string) bool {
	i := q.Request.Context.Index(name)
	if i < 0 {
		return false
	}
	without := q.Request
	without.Context = slices.Clone(without.Context)
	without.Context[i] = evaluator.Key{Name: name, State: evaluator.Unknown}
	before := e.Evaluate(q.Caller, &q.Target, &q.Request)
	return e.Evaluate(q.Caller, &q.Target, &without).Outcome() != before.Outcome()
}
