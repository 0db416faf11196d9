package validate

import (
	"slices"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// A lookup is a catalogue that keeps what the statement at hand names, since
// several checks ask for it.
type lookup struct {
	*catalog.Catalog
	st      *policy.Statement
	actions []*policy.ServiceAction // by the index in Action; nil: not known
	keys    []*policy.ConditionKey  // by the index in Condition
}

// of looks up what a statement names.
func (l *lookup) of(st *policy.Statement) {
	l.st, l.actions, l.keys = st, l.actions[:0], l.keys[:0]
	for _, name := range st.Action {
		action, _ := l.Catalog.Action(name)
		l.actions = append(l.actions, action)
	}
	for i := range st.Condition {
		key, _ := l.Catalog.Key(st.Condition[i].Key)
		l.keys = append(l.keys, key)
	}
}

// most is how many names are compared one by one.
const most = 32

// Action is that of the catalogue.
func (l *lookup) Action(name string) (*policy.ServiceAction, bool) {
	if l.st != nil && len(l.st.Action) <= most {
		if i := slices.Index(l.st.Action, name); i >= 0 {
			return l.actions[i], l.actions[i] != nil
		}
	}
	return l.Catalog.Action(name)
}

// Key is that of the catalogue.
func (l *lookup) Key(name string) (*policy.ConditionKey, bool) {
	if l.st != nil && len(l.st.Condition) <= most {
		for i := range l.st.Condition {
			if l.st.Condition[i].Key == name {
				return l.keys[i], l.keys[i] != nil
			}
		}
	}
	return l.Catalog.Key(name)
}
