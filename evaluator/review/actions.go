package review

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// An action is one of the catalogue, or else a pattern as a document writes it.
type action struct {
	name  string
	known *policy.ServiceAction // nil if the catalogue has none
}

func (a action) service() string {
	service, _, _ := strings.Cut(a.name, ":")
	return fold.String(service)
}

// A class is actions that the same statements are for, and that no rule of AWS
// tells apart.
type class struct {
	actions []action
	within  []*element // the Action and NotAction elements that take it
}

// An element is the Action or NotAction of a statement.
type element struct {
	patterns  []string
	not       bool
	resources []resource // of its statement
	side      int
	rest      string // where the statement stands, and all of it but its actions
}

// alike reports whether the statements for the class are the same on both sides.
func (c *class) alike() bool {
	var sides [2][]string
	for _, e := range c.within {
		sides[e.side] = append(sides[e.side], e.rest)
	}
	for i := range sides {
		slices.Sort(sides[i])
		sides[i] = slices.Compact(sides[i])
	}
	return slices.Equal(sides[0], sides[1])
}

// An actionPattern is a pattern of an Action or NotAction element. One that is
// none matches nothing; the prover has refused it.
type actionPattern struct {
	text     string
	compiled pattern.Pattern
	known    []*policy.ServiceAction // of the catalogue, that it matches
}

func (p *actionPattern) matches(name string) bool {
	return p.compiled.Match(name) // (B-1, B-2)
}

// patternsOf are the patterns of the elements, each once.
func patternsOf(ctx context.Context, c prove.Catalog, elements []element) []actionPattern {
	var texts []string
	for _, e := range elements {
		texts = append(texts, e.patterns...)
		if e.not {
			texts = append(texts, "*")
		}
	}
	slices.Sort(texts)
	var list []actionPattern
	for _, text := range slices.Compact(texts) {
		if ctx.Err() != nil {
			return nil
		}
		p := actionPattern{text: text}
		if compiled, err := pattern.Compile(pattern.Text, text, pattern.Options{FoldCase: true}); err == nil {
			p.compiled = compiled
		}
		if c != nil {
			p.known = c.Expand(text)
		}
		list = append(list, p)
	}
	return list
}

// classesOf divides the actions that elements name. Those of one class are taken
// by the same elements, whatever their patterns; what some pattern takes by the
// name of its service is not mixed with other services. There are none once the
// context has ended.
func classesOf(ctx context.Context, c prove.Catalog, elements []element) []class {
	patterns := patternsOf(ctx, c, elements)
	var unknown []action // patterns that nothing in the catalogue matches
	for _, p := range patterns {
		if len(p.known) == 0 {
			unknown = append(unknown, action{name: p.text})
		}
	}
	all := make(map[string]action)
	byService := make(map[string]bool)                // what a pattern takes by its service
	taken := make(map[string][]string, len(patterns)) // the actions of a pattern
	for _, p := range patterns {
		if ctx.Err() != nil {
			return nil
		}
		take := func(a action) {
			all[a.name] = a
			byService[a.name] = byService[a.name] || p.namesService()
			taken[p.text] = append(taken[p.text], a.name)
		}
		for _, a := range p.known {
			take(action{a.Name, a})
		}
		for _, a := range unknown {
			if a.name == p.text || p.matches(a.name) {
				take(a)
			}
		}
	}
	names := slices.Sorted(maps.Keys(all))
	d := division{classOf: make(map[string]int, len(names)), first: make(map[origin]int)}
	for _, name := range names {
		a := all[name]
		first := origin{special: special(a)}
		if byService[name] {
			first.service = a.service()
		}
		d.begin(name, first)
		if ctx.Err() != nil {
			return nil
		}
	}
	for k := range elements {
		var of []string
		for _, text := range elements[k].patterns {
			of = append(of, taken[text]...)
		}
		d.split(of)
	}
	var list []class
	at := make(map[int]int)
	for _, name := range names {
		id := d.classOf[name]
		if _, ok := at[id]; !ok {
			at[id] = len(list)
			list = append(list, class{})
		}
		list[at[id]].actions = append(list[at[id]].actions, all[name])
	}
	for k := range elements {
		e := &elements[k]
		takes := make(map[int]bool) // by class: all of its actions, or none
		for _, text := range e.patterns {
			for _, name := range taken[text] {
				takes[at[d.classOf[name]]] = true
			}
		}
		for i := range list {
			if takes[i] != e.not {
				list[i].within = append(list[i].within, e)
			}
		}
	}
	return list
}

// namesService reports whether the pattern matches actions of one service only.
func (p *actionPattern) namesService() bool {
	service, _, ok := strings.Cut(p.text, ":")
	return ok && !strings.ContainsAny(service, "*?")
}

// A division divides names into classes, which have numbers.
type division struct {
	classOf map[string]int
	first   map[origin]int
	classes int
}

// An origin is what tells actions apart whatever statements say.
type origin struct {
	service string // "" for actions of any
	special int
}

// begin puts a name into the class of its origin.
func (d *division) begin(name string, o origin) {
	id, ok := d.first[o]
	if !ok {
		id = d.classes
		d.first[o] = id
		d.classes++
	}
	d.classOf[name] = id
}

// split tells the names from all others.
func (d *division) split(names []string) {
	parts, before := make(map[int]int), d.classes
	for _, name := range names {
		whole := d.classOf[name]
		if whole >= before {
			continue // named twice
		}
		part, ok := parts[whole]
		if !ok {
			part = d.classes
			parts[whole] = part
			d.classes++
		}
		d.classOf[name] = part
	}
}

// special tells apart the actions for which AWS has rules that no policy
// changes: those on roles, of sts, on keys and of function URLs (E-10, E-50,
// F-21, G-4). Actions of the same number are alike.
func special(a action) int {
	number := len(ruledServices)
	for name := range law.NamedActions {
		if number++; fold.Equal(name, a.name) {
			return number
		}
	}
	return 1 + slices.Index(ruledServices, a.service())
}

var ruledServices = []string{"iam", "kms", "sts"}
