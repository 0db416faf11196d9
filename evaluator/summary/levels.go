package summary

import (
	"slices"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// allLevels are the access levels in the order in which they are named.
var allLevels = [...]policy.AccessLevel{"List", "Read", "Write", "Tagging", "Permissions management"}

// A namer names actions by access levels. It learns services while a summary is
// made, and is only read from then on.
type namer struct {
	catalog  prove.Catalog // nil: it knows nothing
	services map[string]*service
}

// A service is what the catalogue has of it.
type service struct {
	actions []named
	fields  map[arnFields]bool // of its resources
}

// named is an action of a service, without its prefix.
type named struct {
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
			s.actions = append(s.actions, named{short, a.Level})
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
func (n *namer) of(name string) []named {
	if n == nil || n.services[name] == nil {
		return nil
	}
	return n.services[name].actions
}

// levelsOf are the levels of the actions that a pattern matches.
func (n *namer) levelsOf(service, action string) []policy.AccessLevel {
	has := make(map[policy.AccessLevel]bool)
	known := n.of(service)
	for _, k := range matching(known, action) {
		has[known[k].level] = true
	}
	var list []policy.AccessLevel
	for _, l := range allLevels {
		if has[l] {
			list = append(list, l)
		}
	}
	return list
}

// fewBut is how many actions of a level are excepted at most.
const fewBut = 3

func newNamer(c prove.Catalog) *namer { return &namer{c, make(map[string]*service)} }

// name says the actions of a row, which are patterns, by levels as far as all
// actions of a level are among them, or all but few.
func (n *namer) name(r *Row) {
	known := n.of(r.Service)
	if r.NotAction || r.IsFull() || len(known) == 0 {
		return
	}
	patterns := slices.Clone(r.Actions)
	r.Actions = nil
	has := make([]bool, len(known))
	hits := make([][]int, len(patterns)) // of each pattern
	for i, p := range patterns {
		hits[i] = matching(known, p)
		for _, k := range hits[i] {
			has[k] = true
		}
	}
	byLevel := make([]bool, len(known))
	level := func(l policy.AccessLevel) {
		var missing []string
		have := 0
		for k, a := range known {
			switch {
			case a.level != l:
			case has[k]:
				have++
			default:
				missing = append(missing, a.name)
			}
		}
		if have < 2 || len(missing) > fewBut || have < 4*len(missing) {
			return
		}
		r.Levels, r.But = append(r.Levels, l), append(r.But, missing...)
		for k, a := range known {
			byLevel[k] = byLevel[k] || a.level == l && has[k]
		}
	}
	for _, l := range allLevels {
		level(l)
	}
	beyond := slices.Clone(r.New)
	shown := make([]bool, len(known)) // by a pattern that is named whatever the levels
	for i, p := range patterns {
		exact := !isPattern(p)
		switch rest := slices.ContainsFunc(hits[i], func(k int) bool { return !byLevel[k] }); {
		case rest || len(hits[i]) == 0:
			if exact && len(hits[i]) == 1 {
				p = known[hits[i][0]].name
			}
			r.Actions = append(r.Actions, p)
			for _, k := range hits[i] {
				shown[k] = true
			}
		case !exact:
			beyond = append(beyond, p)
		}
	}
	// A level of which the further actions have everything says nothing.
	idle := func(l policy.AccessLevel) bool {
		for k, a := range known {
			if a.level == l && has[k] && !shown[k] {
				return false
			}
		}
		return true
	}
	r.Levels = slices.DeleteFunc(r.Levels, idle)
	r.But = slices.DeleteFunc(r.But, func(name string) bool {
		at := slices.IndexFunc(known, func(a named) bool { return a.name == name })
		return !slices.Contains(r.Levels, known[at].level)
	})
	r.New = beyond
	slices.Sort(r.Actions)
}

type namedAction = named

func isPattern(text string) bool {
	return slices.ContainsFunc([]byte(text), func(c byte) bool { return c == '*' || c == '?' })
}

// matching are the indexes of the actions that a pattern matches.
func matching(known []named, text string) []int {
	var list []int
	p, err := pattern.Compile(pattern.Text, text, pattern.Options{FoldCase: true})
	for k, a := range known {
		if err == nil && p.Match(a.name) {
			list = append(list, k)
		}
	}
	return list
}

// meant are the actions of a row's levels.
func (n *namer) meant(r *Row) []string {
	var list []string
	for _, a := range n.of(r.Service) {
		if slices.Contains(r.Levels, a.level) && !slices.ContainsFunc(r.But, func(but string) bool { return fold.Equal(but, a.name) }) {
			list = append(list, a.name)
		}
	}
	return list
}

// unnamed is a known action that a pattern of New matches and the row does not
// name otherwise; "" if there is none, as there should be.
func (n *namer) unnamed(r *Row) string {
	known := n.of(r.Service)
	meant := n.meant(r)
	for _, p := range r.New {
		for _, k := range matching(known, p) {
			if name := known[k].name; !slices.Contains(meant, name) && !slices.ContainsFunc(r.Actions, func(a string) bool { return coversAction(a, name) }) {
				return r.Service + ":" + name
			}
		}
	}
	return ""
}
