package apicall

import (
	"maps"
	"slices"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/spelling"
)

// checkState reports states that the operation does not ask for, and those
// that have too many values.
func (r *reader) checkState() {
	asked := make([]string, len(r.operation.states))
	for i, name := range r.operation.states {
		asked[i] = string(name)
	}
	for _, name := range slices.Sorted(maps.Keys(r.call.State)) {
		values := r.call.State[name]
		switch s := r.states[name]; {
		case !slices.Contains(asked, string(name)) && len(asked) == 0:
			r.fault(ErrState, "unknown state %s: the operation needs none", spelling.Quote(string(name)))
		case !slices.Contains(asked, string(name)):
			r.fault(ErrState, "unknown state %s%s", spelling.Quote(string(name)), spelling.Suggestion(string(name), asked))
		case s.how == "part" && (len(values) != 1 || values[0] == ""):
			r.fault(ErrState, "%s needs one value: %s", name, s.text)
		case s.how == "asked" && (len(values) != 1 || values[0] != "true" && values[0] != "false"):
			r.fault(ErrState, "%s is true or false: %s", name, s.text)
		case (name == URLAuthType || name == StatementURLAuthType) && len(values) == 1 && !slices.Contains([]string{"AWS_IAM", "NONE"}, values[0]):
			r.fault(ErrState, "%s is AWS_IAM or NONE, not %s", name, spelling.Quote(values[0]))
		case len(values) > 1 && name != StoredPolicyPrincipals:
			r.fault(ErrState, "%s has one value, not %d", name, len(values))
		}
	}
}

// stateKey is what the state holds of a context key.
func (r *reader) stateKey(name string, lookup Lookup) (key evaluator.Key, given bool) {
	values, given := r.call.State[lookup]
	key = evaluator.Key{Name: name, Values: values}
	switch {
	case len(values) > 1: // of a key that has one value
		key = evaluator.Key{Name: name, State: evaluator.Present}
	case given:
	case r.states[lookup].how == "present":
		key.State = evaluator.Present
	case r.states[lookup].how == "unknown":
		key.State = evaluator.Unknown
	}
	return key, given
}
