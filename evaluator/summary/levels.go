package summary

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// allLevels are the access levels in the order in which they are named.
var allLevels = [...]policy.AccessLevel{"List", "Read", "Write", "Tagging", "Permissions management"}

// A namer knows the actions of services. It learns them while a summary is made,
// and is only read from then on.
type namer struct {
	catalog  prove.Catalog // nil: it knows nothing
	services map[string]*service
}

func newNamer(c prove.Catalog) *namer { return &namer{c, make(map[string]*service)} }

// A service is what the catalogue has of it.
type service struct {
	actions []action
	fields  map[arnFields]bool // of its resources
}

// An action is one of a service, without its prefix.
type action struct {
	name  string
	level policy.AccessLevel
}

// arnFields say whether ARNs have something in the fields of Region and account.
type arnFields struct{ region, account bool }

// learn looks up the services of a row and its resources.
func (n *namer) learn(r *Row) {
	list := []string{r.Service}
	for _, resource := range r.Resources {
		f := pattern.Split(resource)
		list = append(list, f.Field(2))
	}
	for _, name := range list {
		if n.catalog == nil || n.services[name] != nil || name == "" || isPattern(name) {
			continue
		}
		s := &service{fields: make(map[arnFields]bool)}
		for _, a := range n.catalog.Expand(name + ":*") {
			_, short := split(a.Name)
			s.actions = append(s.actions, action{short, a.Level})
			for _, on := range a.Resources {
				for _, format := range on.Type.Formats {
					if f := pattern.Split(format); fold.Equal(f.Field(2), name) {
						s.fields[arnFields{f.Field(3) != "", f.Field(4) != ""}] = true
					}
				}
			}
		}
		n.services[name] = s
	}
}

// of are the actions of a service.
func (n *namer) of(name string) []action {
	if n == nil || n.services[name] == nil {
		return nil
	}
	return n.services[name].actions
}

// levelsOf are the levels of the actions that a pattern matches.
func (r *Row) levelsOf(action string) []policy.AccessLevel {
	has := make(map[policy.AccessLevel]bool)
	known := r.names.of(r.Service)
	for _, k := range matching(known, action) {
		has[known[k].level] = true
	}
	return slices.DeleteFunc(slices.Clone(allLevels[:]), func(l policy.AccessLevel) bool { return !has[l] })
}

// fewBut is how many actions of a level are excepted at most.
const fewBut = 3

// level says the actions of the row, which are patterns, by levels as far as all
// actions of a level are among them, or all but few.
func (r *Row) level() {
	known := r.names.of(r.Service)
	if r.NotAction || r.IsFull() || len(known) == 0 {
		return
	}
	has := make([]bool, len(known))
	hits := make([][]int, len(r.Actions))
	for i, p := range r.Actions {
		hits[i] = matching(known, p)
		for _, k := range hits[i] {
			has[k] = true
		}
	}
	r.Levels, r.But = levelsWith(known, has)
	// A pattern is named where it matches more than the levels have.
	named := make([]bool, len(known))
	var actions []string
	for i, p := range r.Actions {
		more := func(k int) bool { return !slices.Contains(r.Levels, known[k].level) }
		switch {
		case len(hits[i]) == 0 || slices.ContainsFunc(hits[i], more):
			if !isPattern(p) && len(hits[i]) == 1 {
				p = known[hits[i][0]].name
			}
			actions = append(actions, p)
			for _, k := range hits[i] {
				named[k] = true
			}
		case isPattern(p):
			r.New = append(r.New, p)
		}
	}
	slices.Sort(actions)
	r.Actions = actions
	// A level says nothing where what is named has all of it.
	r.Levels = slices.DeleteFunc(r.Levels, func(l policy.AccessLevel) bool {
		return !slices.ContainsFunc(indexes(known, l), func(k int) bool { return has[k] && !named[k] })
	})
	r.But = slices.DeleteFunc(r.But, func(name string) bool {
		return !slices.ContainsFunc(known, func(a action) bool { return a.name == name && slices.Contains(r.Levels, a.level) })
	})
}

// levelsWith are the levels of which a set has all actions, two at least, or all but
// few.
func levelsWith(known []action, has []bool) (levels []policy.AccessLevel, but []string) {
	for _, l := range allLevels {
		var missing []string
		have := 0
		for _, k := range indexes(known, l) {
			if has[k] {
				have++
			} else {
				missing = append(missing, known[k].name)
			}
		}
		if have >= 2 && len(missing) <= fewBut && have >= 4*len(missing) {
			levels, but = append(levels, l), append(but, missing...)
		}
	}
	return levels, but
}

// indexes are those of the actions of a level.
func indexes(known []action, l policy.AccessLevel) []int {
	var list []int
	for k, a := range known {
		if a.level == l {
			list = append(list, k)
		}
	}
	return list
}

func isPattern(text string) bool { return strings.ContainsAny(text, "*?") }

// matching are the indexes of the actions that a pattern matches.
func matching(known []action, text string) []int {
	var list []int
	p, err := pattern.Compile(pattern.Text, text, pattern.Options{FoldCase: true})
	for k, a := range known {
		if err == nil && p.Match(a.name) {
			list = append(list, k)
		}
	}
	return list
}

// meant are the actions of the row's levels.
func (r *Row) meant() []string {
	var list []string
	for _, a := range r.names.of(r.Service) {
		if slices.Contains(r.Levels, a.level) && !slices.Contains(r.But, a.name) {
			list = append(list, a.name)
		}
	}
	return list
}

// unnamed is a known action that a pattern of New matches and the row does not
// name otherwise; "" if there is none, as there should be.
func (r *Row) unnamed() string {
	known := r.names.of(r.Service)
	named := make(map[string]bool)
	for _, name := range r.meant() {
		named[name] = true
	}
	for _, p := range r.Actions {
		for _, k := range matching(known, p) {
			named[known[k].name] = true
		}
	}
	for _, p := range r.New {
		for _, k := range matching(known, p) {
			if name := known[k].name; !named[name] {
				return r.Service + ":" + name
			}
		}
	}
	return ""
}
