package summary

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// A Row says what is allowed or denied of one service, on some resources, under
// some conditions. Its texts are in the language of version 2012-10-17: policy
// variables count.
type Row struct {
	Effect policy.Effect
	// Principal and NotPrincipal are as in a statement; nil where it has none.
	Principal, NotPrincipal *policy.Principals
	// Service is the prefix of the actions, "s3"; "*" where they are of any service.
	Service string
	// Levels are access levels all of whose actions are meant, as far as the
	// catalogue knows them, But without these.
	Levels []policy.AccessLevel
	But    []string
	// Actions are further actions and patterns of the service, without its prefix:
	// "GetObject", "Describe*". Of any service they have a prefix, or are "*". With
	// NotAction it is all actions but these.
	Actions   []string
	NotAction bool
	// New are patterns that match actions of the row and what the catalogue does
	// not know: actions that AWS adds are meant as far as these match them.
	New []string
	// Resources are patterns; with NotResource it is all but these. Nil where the
	// statement names none: a trust policy is about its role.
	Resources   []string
	NotResource bool
	Conditions  []policy.Condition

	names *namer // nil: it knows nothing
}

// IsFull reports whether all actions of the service are meant.
func (r *Row) IsFull() bool { return !r.NotAction && slices.Equal(r.Actions, []string{"*"}) }

// scope is what the row is about but the service and its actions, as a text. Rows
// of one scope are one statement.
func (r *Row) scope() string { return r.scopeOn(r.Resources) }

// access is what the row is about but its resources, as a text.
func (r *Row) access() string { return r.actions() + r.scopeOn([]string{"*"}) }

// actions are the row's actions, as a text.
func (r *Row) actions() string {
	if r.NotAction {
		return r.Service + " all but " + strings.Join(r.Actions, " ")
	}
	return r.Service + " " + strings.Join(r.Actions, " ") + " + " + strings.Join(r.New, " ")
}

// scopeOn writes the row on some resources as a text that only rows alike have.
func (r *Row) scopeOn(resources []string) string {
	st := r.scoped()
	st.Action = policy.Values{"*"}
	if st.NotResource != nil {
		st.NotResource = resources
	} else {
		st.Resource = resources
	}
	text, err := (&policy.Document{Version: policy.Version2012, Statements: []policy.Statement{st}}).MarshalJSON()
	if err != nil { // of a literal that no policy can have
		return fmt.Sprintf("%+v %q", st, resources)
	}
	return string(text)
}

// scoped is a statement of the row's scope, without actions.
func (r *Row) scoped() policy.Statement {
	st := policy.Statement{Effect: r.Effect, Principal: r.Principal, NotPrincipal: r.NotPrincipal, Condition: r.Conditions}
	if r.NotResource {
		st.NotResource = r.Resources
	} else {
		st.Resource = r.Resources
	}
	return st
}

// mostRepeated is how many bytes of resources and conditions the rows of a statement
// repeat, one for each service. Beyond, all its services are one row.
const mostRepeated = 4 << 20

// rowsOf are the rows of a document, one for each statement and service, whose
// actions are as the document has them.
func rowsOf(n *namer, d *policy.Document) []Row {
	var rows []Row
	for i := range d.Statements {
		st := literal(d.Version, &d.Statements[i])
		scope := Row{
			Effect: st.Effect, Principal: st.Principal, NotPrincipal: st.NotPrincipal,
			Resources: st.Resource, Conditions: st.Condition, names: n,
		}
		if st.NotResource != nil {
			scope.Resources, scope.NotResource = st.NotResource, true
		}
		if st.NotAction != nil {
			row := scope
			row.Service, row.NotAction, row.Actions = "*", true, distinct(st.NotAction, coversAction)
			rows = append(rows, row)
			continue
		}
		byService := make(map[string][]string)
		var services []string
		for _, action := range st.Action {
			service, name := split(action)
			if byService[service] == nil {
				services = append(services, service)
			}
			byService[service] = append(byService[service], name)
		}
		if len(services)*len(scope.scope()) > mostRepeated {
			row := scope
			row.Service, row.Actions = "*", distinct(slices.Clone(st.Action), coversAction)
			rows = append(rows, row)
			continue
		}
		for _, service := range services {
			row := scope
			row.Service, row.Actions = service, distinct(byService[service], coversAction)
			rows = append(rows, row)
		}
	}
	for i := range rows {
		n.learn(&rows[i])
	}
	return rows
}

// split divides an action into the service and the rest; one of any service is
// whole.
func split(action string) (service, name string) {
	service, name, ok := strings.Cut(action, ":")
	switch {
	case !ok || strings.Trim(action, "*") == ":":
		return "*", "*"
	case strings.ContainsAny(service, "*?"):
		return "*", action
	}
	if strings.Trim(name, "*") == "" && name != "" {
		name = "*"
	}
	return fold.String(service), name
}

// literal is a statement as version 2012-10-17 writes it, its lists in order.
func literal(version string, st *policy.Statement) policy.Statement {
	out := *st
	escaped := func(list policy.Values, has bool) policy.Values {
		if list == nil {
			return nil
		}
		list = slices.Clone(list)
		for i, value := range list {
			if has && version != policy.Version2012 {
				list[i] = strings.ReplaceAll(value, "${", "${$}{")
			}
		}
		slices.Sort(list)
		return slices.Compact(list)
	}
	out.Resource, out.NotResource = escaped(st.Resource, true), escaped(st.NotResource, true)
	out.Resource, out.NotResource = distinct(out.Resource, coversResource), distinct(out.NotResource, coversResource)
	out.Condition = nil
	for _, c := range st.Condition {
		out.Condition = append(out.Condition, policy.Condition{Operator: c.Operator, Key: c.Key, Values: escaped(c.Values, c.Operator.Variables())})
	}
	slices.SortStableFunc(out.Condition, compareConditions)
	return out
}

func compareConditions(a, b policy.Condition) int {
	return cmp.Or(cmp.Compare(fold.String(a.Key), fold.String(b.Key)), cmp.Compare(a.Operator.String(), b.Operator.String()), slices.Compare(a.Values, b.Values))
}
