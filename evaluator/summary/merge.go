package summary

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// mostCompared is how many pairs of patterns are compared with each other for one
// list or one service; of more, what is said twice is left, which takes longer to
// read and is as true.
const mostCompared = 1 << 18

// mostRounds is how often rows are merged at most: rarely more than twice is of use.
const mostRounds = 16

// merged are the rows without what other rows say already: rows of one scope and
// service are one, and so are rows of one access on several resources.
func merged(rows []Row) []Row {
	for range mostRounds {
		before := len(rows)
		rows = united(rows, func(r *Row) string {
			if r.NotAction {
				return r.actions() + r.scope()
			}
			return r.Service + r.scope()
		}, func(r *Row, others []*Row) {
			for _, other := range others {
				r.Actions, r.New = append(r.Actions, other.Actions...), append(r.New, other.New...)
			}
			r.Actions, r.New = distinct(r.Actions, coversAction), distinct(r.New, coversAction)
		})
		rows = united(rows, func(r *Row) string {
			if r.NotResource || r.Resources == nil {
				return r.access() + r.scope()
			}
			return r.access()
		}, func(r *Row, others []*Row) {
			for _, other := range others {
				r.Resources = append(r.Resources, other.Resources...)
			}
			r.Resources = distinct(r.Resources, coversResource)
		})
		rows = needed(rows)
		if len(rows) == before {
			break
		}
	}
	return rows
}

// united joins rows with the same key to the first of them.
func united(rows []Row, key func(*Row) string, join func(r *Row, others []*Row)) []Row {
	var list []Row
	at := make(map[string]int)
	others := make(map[int][]*Row)
	for i := range rows {
		k := key(&rows[i])
		if first, ok := at[k]; ok {
			others[first] = append(others[first], &rows[i])
			continue
		}
		at[k] = len(list)
		list = append(list, rows[i])
	}
	for i := range list {
		if others[i] != nil {
			r := &list[i]
			r.Actions, r.New, r.Resources = slices.Clone(r.Actions), slices.Clone(r.New), slices.Clone(r.Resources)
			join(r, others[i])
		}
	}
	return list
}

// needed are the rows without actions that a wider row has, too.
func needed(rows []Row) []Row {
	wide := grouped(rows)
	for i := range rows {
		r := &rows[i]
		if r.NotAction {
			continue
		}
		for _, k := range wide.around(r) {
			if wider := &rows[k]; k != i && wider.surrounds(r) {
				r.Actions = slices.DeleteFunc(slices.Clone(r.Actions), func(a string) bool { return wider.has(r.Service, a) })
			}
		}
	}
	return slices.DeleteFunc(rows, func(r Row) bool { return !r.NotAction && len(r.Actions)+len(r.New) == 0 })
}

// groups are the indexes of rows that could surround one: those of the same effect,
// principals and service, or of any service.
type groups struct {
	rows   map[string][]int
	pieces map[string]int // of all rows
}

func grouped(rows []Row) *groups {
	g := &groups{make(map[string][]int), make(map[string]int)}
	for i := range rows {
		r := &rows[i]
		key := r.who() + r.Service
		g.rows[key] = append(g.rows[key], i)
		g.pieces[key] += 1 + len(r.Resources) + len(r.Conditions) + len(r.Actions) + len(r.New)
	}
	return g
}

// around are the indexes of the rows that could surround one, in their order; none
// where there are too many to compare.
func (g *groups) around(r *Row) []int {
	who := r.who()
	own, any := who+r.Service, who+"*"
	if own == any {
		any = ""
	}
	pieces := g.pieces[own]
	if pieces*(pieces+g.pieces[any]) > mostCompared {
		return nil
	}
	list := slices.Concat(g.rows[own], g.rows[any])
	slices.Sort(list)
	return list
}

// who is the row's effect and principals, as a text.
func (r *Row) who() string {
	of := Row{Effect: r.Effect, Principal: r.Principal, NotPrincipal: r.NotPrincipal}
	return of.scope()
}

// surrounds reports whether the row applies wherever the other does, which is of the
// same effect and principals, as far as service, resources and conditions say.
func (r *Row) surrounds(other *Row) bool {
	if r.Service != other.Service && r.Service != "*" {
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
	if len(list)*len(list) > mostCompared {
		return list
	}
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
	begin, _, ok := strings.Cut(wide, "*")
	switch {
	case !ok || strings.Contains(wide, "?"):
		return false
	case len(begin) > len(narrow) || !fold.Equal(begin, narrow[:len(begin)]) && language == pattern.Text:
		return false
	}
	p, err := pattern.Compile(language, wide, o)
	return err == nil && p.Match(narrow)
}
