package cloudformation

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
	"github.com/iamsim/iamsim/internal/lazy"
)

// cycles reports resources that need one another to be there first, which
// CloudFormation cannot deploy.
func (s *stack) cycles() {
	const (
		begun = iota + 1
		done
	)
	state := make(map[string]int)
	var path []string
	var visit func(id string)
	visit = func(id string) {
		state[id] = begun
		path = append(path, id)
		for _, next := range s.needs(s.resources[id]) {
			switch state[next] {
			case 0:
				visit(next)
			case begun:
				loop := append(slices.Clone(path[slices.Index(path, next):]), next)
				s.faultOf(next, s.resources[next].object.Place, "circular dependency: %s; take out one reference, or put it into a resource of its own",
					strings.Join(loop, " → "))
			}
		}
		path = path[:len(path)-1]
		state[id] = done
	}
	for _, r := range s.order {
		if state[r.id] == 0 {
			visit(r.id)
		}
	}
}

// needs are the resources that a resource refers to, each once.
func (s *stack) needs(r *resource) []string {
	var found []string
	add := func(id string) {
		if s.resources[id] != nil && !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	references(r.properties, add)
	switch d := r.object.Get("DependsOn").(type) {
	case string:
		add(d)
	case []any:
		for _, v := range d {
			if id, ok := v.(string); ok {
				add(id)
			}
		}
	}
	return found
}

var firstName = lazy.Regexp(`\$\{([A-Za-z0-9]+)[.}]`)

// leadsTo gives a name, or the names in the expression that computes it.
func leadsTo(name any, add func(string)) {
	if id, ok := name.(string); ok {
		add(id)
		return
	}
	references(name, add)
}

// references gives the names in the expressions of a value.
func references(v any, add func(string)) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			references(item, add)
		}
	case *template.Object:
		switch name, argument := template.Only(v); name {
		case "Ref":
			leadsTo(argument, add)
			return
		case "Fn::GetAtt":
			switch a := argument.(type) {
			case string:
				id, _, _ := strings.Cut(a, ".")
				add(id)
			case []any:
				if len(a) > 0 {
					leadsTo(a[0], add)
				}
			}
			return
		case "Fn::Sub":
			pattern, own := argument, (*template.Object)(nil)
			if a, ok := argument.([]any); ok && len(a) == 2 {
				pattern = a[0]
				own, _ = a[1].(*template.Object)
				references(own, add)
			}
			if text, ok := pattern.(string); ok {
				for _, m := range firstName().FindAllStringSubmatch(text, -1) {
					if !own.Has(m[1]) {
						add(m[1])
					}
				}
			}
			return
		}
		for _, item := range v.All() {
			references(item, add)
		}
	}
}
