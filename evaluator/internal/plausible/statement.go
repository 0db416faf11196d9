package plausible

import (
	"strings"

	"github.com/iamsim/iamsim/evaluator/internal/open"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// A Catalog knows what AWS services define, as far as statements are judged by
// it. All names compare without regard to ASCII case.
type Catalog interface {
	Action(name string) (action *policy.ServiceAction, ok bool)
	Matches(pattern string) bool
	Key(name string) (key *policy.ConditionKey, ok bool)
}

// Kind is what is wrong with a part of a statement.
type Kind uint8

const (
	UnknownAction    Kind = iota + 1 // a pattern of Action or NotAction that matches none
	OtherService                     // a Resource of a service that none of the actions works on
	UnknownKey                       // a condition on a context key that nobody defines
	MismatchedValues                 // a condition whose operator is not for the values of the key
)

// A Fault is a part of a statement that AWS stores and never uses.
type Fault struct {
	Kind    Kind
	Element string // "Action", "NotAction", "Resource" or "Condition"
	Index   int    // in the element; of a condition, in Statement.Condition
	Name    string // of the action, resource or key, as it is written
	// Key is what the catalogue knows of the key of MismatchedValues.
	Key *policy.ConditionKey
}

// Statement finds the faults of a statement: of its actions, its resources and its
// conditions, each in their order.
func Statement(by Catalog, st *policy.Statement, yield func(Fault)) {
	known := actions(by, st, yield)
	resources(known, st, yield)
	for i := range st.Condition {
		c := &st.Condition[i]
		key, ok := by.Key(c.Key)
		switch {
		case !ok:
			yield(Fault{Kind: UnknownKey, Element: "Condition", Index: i, Name: c.Key})
		case !open.Reads(c.Operator.Type(), key.Type) && !open.Reads(c.Operator.Type(), key.AlsoType):
			yield(Fault{Kind: MismatchedValues, Element: "Condition", Index: i, Name: c.Key, Key: key})
		}
	}
}

// actions judges the patterns. It gives what is known of the values of Action, or
// nil if one is a pattern or not known.
func actions(by Catalog, st *policy.Statement, yield func(Fault)) []*policy.ServiceAction {
	var known []*policy.ServiceAction
	all := true
	for _, e := range [...]struct {
		name   string
		values policy.Values
	}{{"Action", st.Action}, {"NotAction", st.NotAction}} {
		for i, name := range e.values {
			if action, ok := by.Action(name); ok {
				known = append(known, action)
				continue
			}
			all = false
			if name != "*" && !by.Matches(name) {
				yield(Fault{Kind: UnknownAction, Element: e.name, Index: i, Name: name})
			}
		}
	}
	if !all || st.Action == nil {
		return nil
	}
	return known
}

// resources judges the values of Resource beside actions that are all known.
func resources(actions []*policy.ServiceAction, st *policy.Statement, yield func(Fault)) {
	if len(actions) == 0 {
		return
	}
	typed := false
	for _, a := range actions {
		typed = typed || len(a.Resources) > 0
	}
	if !typed {
		return
	}
	for i, resource := range st.Resource {
		service := field(resource, 2)
		if service == "" || strings.ContainsAny(service, "*?$") || worksOn(actions, service) {
			continue
		}
		yield(Fault{Kind: OtherService, Element: "Resource", Index: i, Name: resource})
	}
}

// worksOn reports whether one of the actions has a type of resource that is, or
// can be, of the service.
func worksOn(actions []*policy.ServiceAction, service string) bool {
	for _, a := range actions {
		for _, r := range a.Resources {
			for _, format := range r.Type.Formats {
				if of := field(format, 2); of == service || strings.Contains(of, "$") {
					return true
				}
			}
		}
	}
	return false
}

// field is a field of an ARN, or of the format of one, counted from 0; "" where
// there is none.
func field(text string, i int) string {
	fields := pattern.Split(text)
	return fields.Field(i)
}
