package summary

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// merged are the rows without what other rows say already: rows of one scope and
// service are one, and so are rows of one access on several resources.
func merged(rows []Row) []Row {
	for {
		before := len(rows)
		rows = united(rows, func(r *Row) string {
			if r.NotAction {
				return r.actions() + r.scope()
			}
			return r.Service + r.scope()
		}, func(r, other *Row) {
			r.Actions = distinct(slices.Concat(r.Actions, other.Actions), coversAction)
			r.New = distinct(slices.Concat(r.New, other.New), coversAction)
		})
		rows = united(rows, func(r *Row) string {
			if r.NotResource || r.Resources == nil {
				return r.access() + r.scope()
			}
			return r.access()
		}, func(r, other *Row) {
			r.Resources = distinct(slices.Concat(r.Resources, other.Resources), coversResource)
		})
		rows = needed(rows)
		if len(rows) == before {
			return rows
		}
	}
}

// united adds rows with the same key to the first of them.
func united(rows []Row, key func(*Row) string, join func(r, other *Row)) []Row {
	var list []Row
	at := make(map[string]int)
	for i := range rows {
		k := key(&rows[i])
		if first, ok := at[k]; ok {
			join(&list[first], &rows[i])
			continue
		}
		at[k] = len(list)
		list = append(list, rows[i])
	}
	return list
}

// needed are the rows without actions that a wider row has, too.
func needed(rows []Row) []Row {
	for i := range rows {
		r := &rows[i]
		if r.NotAction {
			continue
		}
		for k := range rows {
			if wider := &rows[k]; k != i && wider.surrounds(r) {
				r.Actions = slices.DeleteFunc(slices.Clone(r.Actions), func(a string) bool { return wider.has(r.Service, a) })
			}
		}
	}
	return slices.DeleteFunc(rows, func(r Row) bool { return !r.NotAction && len(r.Actions)+len(r.New) == 0 })
}

// surrounds reports whether the row applies wherever the other does, as far as
// principals, resources and conditions say.
func (r *Row) surrounds(other *Row) bool {
	if r.Effect != other.Effect || r.Service != other.Service && r.Service != "*" {
		return false
	}
	alike := Row{Effect: r.Effect, Principal: r.Principal, NotPrincipal: r.NotPrincipal}
	if who := (Row{Effect: other.Effect, Principal: other.Principal, NotPrincipal: other.NotPrincipal}); alike.scope() != who.scope() {
		return false
	}
	for _, c := range r.Conditions {
		if !slices.ContainsFunc(other.Conditions, func(o policy.Condition) bool { return compareConditions(c, o) == 0 }) {
			return false
		}
	}
	if (r.Resources == nil) != (other.Resources == nil) {
		return false
	}
	if r.NotResource || other.NotResource {
		return slices.Equal(r.Resources, []string{"*"}) && !r.NotResource || r.NotResource == other.NotResource && slices.Equal(r.Resources, other.Resources)
	}
	return !slices.ContainsFunc(other.Resources, func(o string) bool {
		return !slices.ContainsFunc(r.Resources, func(own string) bool { return coversResource(own, o) })
	})
}

// has reports whether one of the row's actions covers that of a service.
func (r *Row) has(service, action string) bool {
	if r.Service == "*" && service != "*" {
		action = service + ":" + action
	}
	for _, own := range slices.Concat(r.Actions, r.New) {
		if coversAction(own, action) {
			return !r.NotAction
		}
	}
	return r.NotAction && service != "*" && !isPattern(action)
}

// distinct is a list in order without what another of its patterns covers. Nil
// stays nil, and an empty list empty.
func distinct(list []string, covers func(wide, narrow string) bool) []string {
	if list == nil {
		return nil
	}
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b string) int { return strings.Compare(a, b) })
	list = slices.Compact(list)
	var out = list[:0:0]
	for i, narrow := range list {
		covered := slices.IndexFunc(list, func(wide string) bool { return wide != narrow && covers(wide, narrow) })
		if covered < 0 || covers(narrow, list[covered]) && i < covered {
			out = append(out, narrow)
		}
	}
	if out == nil {
		out = []string{}
	}
	return out
}

// coversAction reports whether a pattern of actions matches whatever the other
// does. That it does not is no proof.
func coversAction(wide, narrow string) bool {
	return fold.Equal(wide, narrow) || covers(wide, narrow, pattern.Text, pattern.Options{FoldCase: true})
}

// coversResource is coversAction for resources. What is said with a policy variable
// covers only itself.
func coversResource(wide, narrow string) bool {
	return wide == narrow || !strings.Contains(wide, "${") && covers(wide, narrow, pattern.Resource, pattern.Options{})
}

// covers takes the wildcards of the narrow pattern for characters, which only a
// star matches as long as the wide one has no question mark.
func covers(wide, narrow string, language pattern.Language, o pattern.Options) bool {
	if !strings.Contains(wide, "*") || strings.Contains(wide, "?") {
		return false
	}
	p, err := pattern.Compile(language, wide, o)
	return err == nil && p.Match(narrow)
}
