package prove

import (
	"iter"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
)

// mostTries bounds how often a request is tried in other words.
const mostTries = 400

// polish puts better words into a request, as long as it still refutes: a real
// action on a resource that it is asked for, and no context key that does not
// matter.
func (q *question) polish(st *setting, r *Request, p *part) {
	tries := 0
	keep := func(changed Request) bool {
		tries++
		if tries > mostTries || !q.replay.refutes(st, &changed) {
			return false
		}
		*r = changed
		return true
	}
	q.natural(r, p, keep)
	for i := len(r.Context) - 1; i >= 0; i-- {
		changed := *r
		changed.Context = slices.Delete(slices.Clone(r.Context), i, i+1)
		keep(changed)
	}
}

// natural finds an action and a resource that fit each other. Where there are
// none, a real action at least.
func (q *question) natural(r *Request, p *part, keep func(Request) bool) {
	var real []string
	found := r.Resource
	for action := range q.actions(r, p) {
		name, resources := q.asksFor(action, r)
		if name == "" {
			continue
		}
		for _, resource := range resources {
			changed := *r
			changed.Action, changed.Resource = name, resource
			if name == r.Action && resource == r.Resource || keep(changed) {
				return
			}
		}
		real = append(real, name)
	}
	for _, name := range real {
		changed := *r
		changed.Action, changed.Resource = name, found
		if name == r.Action || keep(changed) {
			return
		}
	}
}

// actions are actions that may refute as well, each once, the plainest first: the
// one that was found, well-known ones, and those of the statements that allow.
func (q *question) actions(r *Request, p *part) iter.Seq[string] {
	return func(yield func(string) bool) {
		seen := map[string]bool{}
		try := func(names ...string) bool {
			for _, name := range names {
				if lower := fold.String(name); !seen[lower] {
					seen[lower] = true
					if !yield(name) {
						return false
					}
				}
			}
			return true
		}
		f := pattern.Split(r.Resource)
		patterns := actionPatterns(p)
		if !try(r.Action) || !try(actionsOf(f.Field(2), patterns)...) || !try(actionsOf("", patterns)...) || q.catalog == nil {
			return
		}
		for _, pattern := range patterns {
			for i, action := range q.catalog.Expand(pattern) {
				if i > 60 {
					break
				}
				if !try(action.Name) {
					return
				}
			}
		}
	}
}

// actionsOf are the well-known actions of a service that match a pattern; of all
// services for "".
func actionsOf(service string, patterns []string) []string {
	var list []string
	for _, action := range wellKnown {
		if of, _, _ := strings.Cut(action, ":"); service != "" && of != service {
			continue
		}
		if slices.ContainsFunc(patterns, func(written string) bool {
			p, err := pattern.Compile(pattern.Text, written, pattern.Options{FoldCase: true})
			return err == nil && p.Match(action)
		}) {
			list = append(list, action)
		}
	}
	return list
}

// actionPatterns are the Action elements of the statements that allow.
func actionPatterns(p *part) []string {
	var list []string
	for _, st := range p.chosen {
		if st.source == nil {
			continue
		}
		s := &st.source.document.Statements[st.source.statement]
		if s.Action == nil {
			list = append(list, "*")
		}
		list = append(list, s.Action...)
	}
	return list
}

// asksFor is the action as the catalogue writes it, and resources that AWS asks
// for it on: the request's own where it has the shape, and examples. The name is
// "" where the catalogue does not have it.
func (q *question) asksFor(action string, r *Request) (name string, resources []string) {
	f := pattern.Split(r.Resource)
	partition := f.Field(1)
	if partition == "" {
		partition = "aws"
	}
	example := resourceOf(action, partition, r.Account)
	if q.catalog == nil {
		if service, _, _ := strings.Cut(action, ":"); fold.Equal(f.Field(2), service) {
			return action, []string{r.Resource}
		}
		return action, []string{example}
	}
	known := q.catalog.Expand(action)
	if len(known) != 1 {
		return "", nil
	}
	if len(known[0].Resources) == 0 {
		return known[0].Name, []string{"*"}
	}
	var own, usual, others []string
	for _, resource := range known[0].Resources {
		for _, format := range resource.Type.Formats {
			if p, err := pattern.Compile(pattern.Resource, withoutPlaceholders(format, nil), pattern.Options{}); err == nil {
				if r.Resource != "*" && p.Match(r.Resource) {
					own = []string{r.Resource}
				}
				if p.Match(example) {
					usual = []string{example}
				}
			}
			others = append(others, withoutPlaceholders(format, map[string]string{"Partition": partition, "Region": region(partition), "Account": r.Account}))
		}
	}
	return known[0].Name, slices.Concat(own, usual, others)
}

// withoutPlaceholders fills the placeholders of an ARN format; with "*" where
// there are no values at all.
func withoutPlaceholders(format string, values map[string]string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(format, "${")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		switch v, ok := values[name]; {
		case values == nil:
			b.WriteByte('*')
		case ok:
			b.WriteString(v)
		default:
			b.WriteString("example")
		}
		format = after
	}
}
