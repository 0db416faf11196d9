package iamtest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/internal/defaults"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
	"github.com/iamsim/iamsim/policy/load"
)

// A request is what one principal asks for: an action on a resource.
type request struct {
	who    Who
	action string
	target evaluator.Target
	texts  []load.Policy     // of the resource's policies
	keys   evaluator.Context // that this authorization brings, such as iam:PassedToService
	// byPattern: the action was named by a pattern. Then the keys that are given
	// for others and that it never carries are left out (D-5).
	byPattern bool
	asIs      bool                  // a star in the resource's ARN is one
	forwarded bool                  // a service asks it on the caller's behalf, in whatever region
	rest      apicall.Lookup        // what tells the rest of the target that a call shows in part
	lacks     func(key string) bool // nil, or what the call does not have
	asGiven   bool                  // nothing is added to the keys by default
	endpoint  *evaluator.Set        // nil: none
}

// engine decides what tests ask.
func engine() evaluator.Engine { return evaluator.Engine{Catalog: catalog.Default()} }

// said is the context that the test gives and the defaults.
func (r *request) said() evaluator.Context {
	context := slices.Clone(r.keys)
	add := func(key evaluator.Key) {
		if !has(context, key.Name) {
			context = append(context, key)
		}
	}
	for _, key := range r.who.given {
		if !r.elsewhere(key.Name) {
			add(key)
		}
	}
	if r.asGiven {
		return context
	}
	add(evaluator.Key{Name: "aws:CurrentTime", Values: []string{r.who.began.Format(time.RFC3339)}})
	add(epoch(context))
	return defaults.Context(context, &r.who.caller.Principal, r.action, r.target.Resource)
}

// open is what AWS sends, or may send, and the test does not give: a decision
// that depends on it is no definite outcome.
func (r *request) open(said evaluator.Context) evaluator.Context {
	var open evaluator.Context
	for _, name := range always {
		open = append(open, evaluator.Key{Name: name, State: evaluator.Present})
	}
	if r.who.caller.Principal.Kind() == evaluator.ServicePrincipal { // it calls for a resource, mostly
		open = append(open, evaluator.Key{Name: "aws:SourceArn", State: evaluator.Unknown}, evaluator.Key{Name: "aws:SourceAccount", State: evaluator.Unknown})
	}
	if action, ok := catalog.Default().Action(r.action); ok {
		for _, key := range action.Keys {
			open = openKey(open, key)
		}
		for _, resource := range action.Resources {
			for _, key := range resource.Type.Keys {
				open = openKey(open, key)
			}
		}
	}
	return slices.DeleteFunc(open, func(key evaluator.Key) bool {
		return has(said, key.Name) || r.lacks != nil && r.lacks(key.Name)
	})
}

// always are the keys of every request that do not follow from the principal.
var always = []string{
	"aws:SecureTransport", "aws:ViaAWSService", "aws:RequestedRegion", "aws:CurrentTime", "aws:EpochTime", "aws:UserAgent",
}

// openKey adds a key of the service's own. Those of aws: follow from the
// principal and the resource, or are absent where the test does not give them;
// a key with a part of its own, as for tags, is absent as well.
func openKey(open evaluator.Context, key *policy.ConditionKey) evaluator.Context {
	if prefix, _, _ := strings.Cut(key.Name, ":"); fold.Equal(prefix, "aws") || strings.Contains(key.Name, "${") || has(open, key.Name) {
		return open
	}
	return append(open, evaluator.Key{Name: key.Name, State: evaluator.Unknown})
}

// carries reports whether requests for the action can have the key. What the
// catalogue does not know is not left out in silence.
func (r *request) carries(key string) bool {
	known, ok := catalog.Default().Key(key)
	action, found := catalog.Default().Action(r.action)
	return !ok || !found || catalog.Default().Carries(action, known)
}

func has(context evaluator.Context, name string) bool {
	return context.Index(name) >= 0
}

// epoch is aws:EpochTime, which says the same as aws:CurrentTime.
func epoch(context evaluator.Context) evaluator.Key {
	key := evaluator.Key{Name: "aws:EpochTime", State: evaluator.Present}
	for _, k := range context {
		if fold.Equal(k.Name, "aws:CurrentTime") && len(k.Values) == 1 {
			if at, err := time.Parse(time.RFC3339, k.Values[0]); err == nil {
				key.Values, key.State = []string{strconv.FormatInt(at.Unix(), 10)}, evaluator.Known
			}
		}
	}
	return key
}
