package explain

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/evaluator/internal/open"
	"github.com/iamsim/iamsim/evaluator/internal/plausible"
)

// Check says where AWS would never see such a request, by a catalogue: an action that no service defines, a resource that the action
// does not have, a context key that is unknown, that the action never carries,
// or whose values are of another type or more than it can have; and where the
// policies that have a say name actions and keys that are unknown. [Explain]
// has the same among its diagnostics.
//
// No decision depends on it: services get new actions weekly, and a name that
// the catalogue does not know yet is decided by the same rules. Check is nil
// without a catalogue, and for a request that is not well-formed.
func Check(c *engine.Caller, t *engine.Target, r *engine.Request, o *engine.Options, by Catalog) []Diagnostic {
	ev, _, ok := engine.NewEvaluation(c, t, r, o)
	if !ok || by == nil {
		return nil
	}
	return checkRequest(ev, by)
}

// A check compares a request with what a catalogue knows.
type check struct {
	*engine.Evaluation
	catalog Catalog
	notes   notes
}

func checkRequest(ev *engine.Evaluation, by Catalog) []Diagnostic {
	k := check{Evaluation: ev, catalog: by}
	action, known := by.Action(ev.Request.Action)
	if known {
		k.resource(action)
	} else {
		k.unknown(UnknownAction, ev.Request.Action, by.NearestAction(ev.Request.Action),
			fmt.Sprintf("action %q is none that the catalogue knows", ev.Request.Action))
	}
	for i := range ev.Request.Context {
		k.key(action, &ev.Request.Context[i])
	}
	for l := range ev.Layers {
		k.policies(l.Set)
	}
	return k.notes
}

// unknown notes a name that is not known, and what was probably meant.
func (k *check) unknown(code, name, nearest, text string) {
	if nearest != "" {
		text += fmt.Sprintf("; did you mean %q?", nearest)
	}
	k.suggest(code, name, nearest, "%s", text)
}

func (k *check) suggest(code, subject, suggestion, format string, args ...any) {
	before := len(k.notes)
	k.notes.add(code, subject, format, args...)
	if len(k.notes) > before {
		k.notes[before].Suggestion = suggestion
	}
}

// resource compares the resource with the types that the action works on.
func (k *check) resource(action *policy.ServiceAction) {
	if k.Partly {
		return
	}
	resource := k.Target.Resource
	var formats []string
	required := false
	for _, r := range action.Resources {
		if resource != "*" && k.catalog.Fits(r.Type, resource) {
			return
		}
		required = required || r.Required
		formats = append(formats, r.Type.Formats...)
	}
	only := ""
	if len(formats) == 1 {
		only = formats[0]
	}
	switch {
	case len(action.Resources) == 0 && resource != "*":
		k.suggest(ResourceNotSupported, resource, "*", "%s has no resource types: AWS asks for it on *, never on %s", action.Name, spelling.Quote(resource))
	case len(action.Resources) == 0:
	case resource != "*":
		k.suggest(ResourceTypeMismatch, resource, only, "%s is no resource of %s, which works on %s", spelling.Quote(resource), action.Name, strings.Join(formats, ", "))
	case required:
		k.suggest(ResourceRequired, resource, only, "%s is asked for on an ARN, never on *: %s", action.Name, strings.Join(formats, ", "))
	}
}

// key compares a given context key with what is known of it. The action is nil
// where that is not known.
func (k *check) key(action *policy.ServiceAction, given *engine.Key) {
	key, ok := k.catalog.Key(given.Name)
	if !ok {
		k.unknown(UnknownContextKey, given.Name, k.catalog.NearestKey(given.Name),
			fmt.Sprintf("context key %q is none that the catalogue knows", given.Name))
		return
	}
	if action != nil && !k.catalog.Carries(action, key) {
		k.suggest(ContextKeyNotCarried, given.Name, "", "requests for %s never carry the context key %q", action.Name, given.Name)
	}
	if len(given.Values) > 1 && !key.Multivalued {
		k.suggest(SeveralContextValues, given.Name, "", "context key %q has %d values, and AWS never sends more than one (C-38)", given.Name, len(given.Values))
	}
	for _, value := range given.Values {
		if !open.IsOf(key.Type, value) && !open.IsOf(key.AlsoType, value) {
			k.suggest(InvalidContextValue, given.Name, "", "context key %q holds values of type %s, and %s is none", given.Name, key.Type, spelling.Quote(value))
		}
	}
}

// policies notes what the documents of a set name and nobody defines.
func (k *check) policies(s *engine.Set) {
	for i := range engine.DocumentsOf(s) {
		in := &engine.DocumentsOf(s)[i]
		for j := range in.Document.Statements {
			st := &in.Document.Statements[j]
			plausible.Statement(k.catalog, st, func(f plausible.Fault) {
				k.fault(fmt.Sprintf("%s: Statement[%d]", in.DisplayName(), j), st, f)
			})
		}
	}
}

func (k *check) fault(where string, st *policy.Statement, f plausible.Fault) {
	switch f.Kind {
	case plausible.UnknownAction:
		k.unknown(UnknownPolicyAction, f.Name, k.catalog.NearestAction(f.Name),
			fmt.Sprintf("%s names %q, and the catalogue knows no such action", where, f.Name))
	case plausible.OtherService:
		k.suggest(PolicyResourceOfOther, f.Name, "", "%s names %s, which is no resource of %s", where, spelling.Quote(f.Name), strings.Join(st.Action, ", "))
	case plausible.UnknownKey:
		k.unknown(UnknownPolicyContext, f.Name, k.catalog.NearestKey(f.Name),
			fmt.Sprintf("%s tests %q, and the catalogue knows no such context key", where, f.Name))
	case plausible.MismatchedValues:
		k.suggest(MismatchedPolicyValue, f.Name, "", "%s tests %q, which holds values of type %s, with %s", where, f.Name, f.Key.Type, st.Condition[f.Index].Operator)
	}
}
