package prove

import (
	"iter"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
)

// accesses are actions on resources: real actions on resources that AWS asks for
// them on, real actions on any, and a plainer resource for the action.
func (s *shrinking) accesses(d draft) iter.Seq[draft] {
	return func(yield func(draft) bool) {
		var real []string
		for action := range s.actions(d.action) {
			name, formats := s.catalogued(action)
			if name == "" {
				continue
			}
			real = append(real, name)
			for _, resource := range s.resources(name, formats, d) {
				if slices.ContainsFunc(formats, func(f string) bool { return f == resource || f != "*" && matches(pattern.Resource, f, resource) }) && !yield(d.on(name, resource)) {
					return
				}
			}
		}
		for _, name := range append(real, d.action) {
			for _, resource := range s.resources(name, nil, d) {
				if !yield(d.on(name, resource)) {
					return
				}
			}
		}
	}
}

// actions are the one that was found, well-known ones, and those of the
// statements that allow, each once.
func (s *shrinking) actions(found string) iter.Seq[string] {
	return func(yield func(string) bool) {
		seen := map[string]bool{}
		try := func(name string) bool {
			lower := fold.String(name)
			again := seen[lower]
			seen[lower] = true
			return !s.over() && (again || yield(name))
		}
		if s.catalog != nil && !try(found) { // it may be a real one
			return
		}
		patterns := s.part.actions()
		patterns = patterns[:min(len(patterns), mostListed)]
		for _, name := range wellKnown {
			if slices.ContainsFunc(patterns, func(p string) bool { return matches(pattern.Text, p, name) }) && !try(name) {
				return
			}
		}
		if !try(found) || s.catalog == nil {
			return
		}
		for _, pattern := range patterns {
			list := s.catalog.Expand(pattern)
			for _, action := range list[:min(len(list), mostActions)] {
				if !try(action.Name) {
					return
				}
			}
		}
	}
}

// actions are the Action elements of the statements that allow.
func (p *part) actions() []string {
	var list []string
	for _, st := range p.chosen {
		if st.source == nil {
			continue
		}
		if st := st.source.statement(); st.Action != nil {
			list = append(list, st.Action...)
		} else {
			list = append(list, "*")
		}
	}
	return list
}

// catalogued is an action as the catalogue writes it, and formats of resources
// that AWS asks for it on, the required ones first. The name is "" where the
// catalogue does not have it. Without catalogue a resource is of the service.
func (s *shrinking) catalogued(action string) (name string, formats []string) {
	if s.catalog == nil {
		r := resourceOf(action, "*", "*")
		return action, []string{r[:strings.LastIndexByte(r, ':')+1] + "*"}
	}
	if c, ok := s.formats[action]; ok {
		return c.name, c.formats
	}
	known := s.catalog.Expand(action)
	if len(known) == 1 {
		name = known[0].Name
		for _, required := range []bool{true, false} {
			for _, r := range known[0].Resources {
				for _, format := range r.Type.Formats {
					if r.Required == required {
						formats = append(formats, withoutPlaceholders(format))
					}
				}
			}
		}
		if formats == nil {
			formats = []string{"*"}
		}
	}
	s.formats[action] = catalogued{name, formats}
	return name, formats
}

type catalogued struct {
	name    string
	formats []string
}

// resources are resources for an action: the usual one of its service, one of
// each format, those of the statements that allow, and the draft's own, in the
// usual Region and account and as it is.
func (s *shrinking) resources(action string, formats []string, d draft) []string {
	service, _, _ := strings.Cut(fold.String(action), ":")
	list := []string{resourceOf(action, d.partition, d.owner)}
	patterns := slices.Clone(formats)
	for _, st := range s.part.chosen {
		if st.source != nil {
			resources := st.source.statement().Resource
			patterns = append(patterns, resources[:min(len(resources), mostPatterns)]...)
		}
	}
	for _, pattern := range patterns {
		list = append(list, filled(pattern, service, d.partition, d.owner))
	}
	if parts := strings.SplitN(d.resource, ":", 6); len(parts) == 6 {
		parts[3], parts[4] = region(d.partition), d.owner
		list = append(list, strings.Join(parts, ":"))
	}
	return append(list, d.resource)
}

// withoutPlaceholders is an ARN format as a pattern.
func withoutPlaceholders(format string) string {
	for {
		before, rest, found := strings.Cut(format, "${")
		if !found {
			return format
		}
		_, after, _ := strings.Cut(rest, "}")
		format = before + "*" + after
	}
}
