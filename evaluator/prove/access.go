package prove

import (
	"iter"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
)

// accesses are actions on resources: real actions on resources that AWS asks for
// them on, real actions on any, and a plainer resource for the action.
func (s *shrinking) accesses(d draft) iter.Seq[draft] {
	return func(yield func(draft) bool) {
		var real []string
		for action := range s.actions(d.action) {
			name, resources := s.asksFor(action, &d)
			if name == "" {
				continue
			}
			real = append(real, name)
			for _, resource := range resources {
				next := d
				if next.action, next.resource = name, resource; !yield(next) {
					return
				}
			}
		}
		for _, name := range append(real, d.action) {
			for _, resource := range append(s.resources(name, &d), d.resource) {
				next := d
				if next.action, next.resource = name, resource; !yield(next) {
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
			return again || yield(name)
		}
		if s.catalog != nil && !try(found) { // it may be a real one
			return
		}
		patterns := s.part.actions()
		for _, name := range wellKnown {
			if slices.ContainsFunc(patterns, func(pattern string) bool {
				p, err := arn.Compile(arn.Text, pattern, arn.Options{FoldCase: true})
				return err == nil && p.Match(name)
			}) && !try(name) {
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

// asksFor is an action as the catalogue writes it, and resources that AWS asks
// for it on. The name is "" where the catalogue does not have it. Without
// catalogue they are resources of the action's service.
func (s *shrinking) asksFor(action string, d *draft) (name string, resources []string) {
	if s.catalog == nil {
		service, _, _ := strings.Cut(fold.String(action), ":")
		list := s.resources(action, d)
		return action, append(list[:1], slices.DeleteFunc(append(list[1:], d.resource), func(resource string) bool {
			f := arn.Split(resource)
			return f.Field(2) != service
		})...)
	}
	c := s.catalogued(action)
	if c.name == "" || c.formats == nil {
		return c.name, []string{"*"}
	}
	f := arn.Split(d.resource)
	partition := partitionOf(&f)
	usual := map[string]string{"Partition": partition, "Region": region(partition), "Account": s.owner(d)}
	list := s.resources(c.name, d)
	for i, format := range c.formats {
		list = slices.Insert(list, 1+i, withPlaceholders(format, usual))
	}
	return c.name, slices.DeleteFunc(append(list, d.resource), func(resource string) bool {
		return resource == "*" || !slices.ContainsFunc(c.fits, func(p *arn.Pattern) bool { return p.Match(resource) })
	})
}

// catalogued is what the catalogue has of an action.
type catalogued struct {
	name    string
	formats []string       // of the ARNs of its resources, the required ones first
	fits    []*arn.Pattern // the same as patterns
}

func (s *shrinking) catalogued(action string) *catalogued {
	if c := s.actionsOf[action]; c != nil {
		return c
	}
	c := &catalogued{}
	s.actionsOf[action] = c
	known := s.catalog.Expand(action)
	if len(known) != 1 {
		return c
	}
	c.name = known[0].Name
	for _, required := range []bool{true, false} {
		for _, r := range known[0].Resources {
			if r.Required != required {
				continue
			}
			for _, format := range r.Type.Formats {
				if p, err := arn.Compile(arn.Resource, withPlaceholders(format, nil), arn.Options{}); err == nil {
					c.formats, c.fits = append(c.formats, format), append(c.fits, &p)
				}
			}
		}
	}
	return c
}

// resources are resources for an action: the usual one of its service, those of
// the statements that allow, and the draft's own in the usual Region and account.
func (s *shrinking) resources(action string, d *draft) []string {
	f := arn.Split(d.resource)
	partition, owner := partitionOf(&f), s.owner(d)
	service, _, _ := strings.Cut(fold.String(action), ":")
	list := []string{resourceOf(action, partition, owner)}
	for _, st := range s.part.chosen {
		if st.source == nil {
			continue
		}
		patterns := st.source.statement().Resource
		for _, pattern := range patterns[:min(len(patterns), mostPatterns)] {
			if !isStar(pattern) {
				list = append(list, s.filled(pattern, service, partition, owner))
			}
		}
	}
	if parts := strings.SplitN(d.resource, ":", 6); len(parts) == 6 {
		parts[3], parts[4] = region(partition), owner
		list = append(list, strings.Join(parts, ":"))
	}
	return list
}

// owner is who owns the draft's resource.
func (s *shrinking) owner(d *draft) string {
	caller, resource := arn.Split(d.caller), arn.Split(d.resource)
	switch id := resource.Field(4); {
	case arn.IsAccountID(id):
		return id
	case s.setting.delegates:
		return caller.Field(4)
	}
	return d.owner
}

func partitionOf(f *arn.Fields) string {
	if f.IsARN() {
		return f.Field(1)
	}
	return "aws"
}

// withPlaceholders fills the placeholders of an ARN format; with "*" where there
// are no values at all.
func withPlaceholders(format string, values map[string]string) string {
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
