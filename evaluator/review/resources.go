package review

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// A resource is a pattern of a Resource or NotResource element, with the
// version of its document, which says whether it can have policy variables
// (C-41).
type resource struct {
	pattern, version string
}

var everyResource = resource{"*", policy.Version2012}

// mostLength is how long patterns are that are compared with each other. No ARN
// is near it.
const mostLength = 1 << 14

// resources are the patterns that the documents name for a class, the narrow
// ones first; "*" is always there, at the end.
func (c *class) resources() []resource {
	var list []resource
	for _, e := range c.within {
		list = append(list, e.resources...)
	}
	slices.SortFunc(list, func(a, b resource) int {
		return cmp.Or(cmp.Compare(a.pattern, b.pattern), cmp.Compare(a.version, b.version))
	})
	list = slices.Compact(list)
	list = slices.DeleteFunc(list, func(r resource) bool { return r.pattern == "*" })
	// One that lies within another covers fewer of them.
	covers := make(map[resource]int, len(list))
	for _, r := range list {
		if len(r.pattern) > mostLength {
			continue
		}
		p, err := pattern.Compile(pattern.Resource, r.pattern, pattern.Options{Variables: r.version == policy.Version2012})
		if err != nil {
			continue // the prover has refused it
		}
		for _, other := range list {
			if len(other.pattern) <= mostLength && p.Match(other.pattern) {
				covers[r]++
			}
		}
	}
	slices.SortStableFunc(list, func(a, b resource) int { return cmp.Compare(covers[a], covers[b]) })
	return append(list, everyResource)
}

// used are the actions that AWS authorizes on resources of the pattern, but those
// of narrower patterns: actions with a type of resource that fits, and on "*"
// those without any (B-14). Of actions that are not known it is not known.
func (r resource) used(ctx context.Context, actions []action, narrower []resource) []action {
	fits := make(map[string]bool) // by format
	return slices.DeleteFunc(slices.Clone(actions), func(a action) bool {
		if a.known == nil || len(a.known.Resources) == 0 && r.pattern == "*" {
			return false
		}
		return !slices.ContainsFunc(a.known.Resources, func(t policy.ActionResource) bool {
			return slices.ContainsFunc(t.Type.Formats, func(format string) bool {
				fit, done := fits[format]
				if !done {
					fit = r.overlaps(ctx, format, narrower)
					fits[format] = fit
				}
				return fit
			})
		})
	})
}

// overlaps reports whether a resource of the format can match the pattern and none
// of the others. What a format leaves open holds no colon or slash, but at its
// end, where only Lambda's hold no colon (B-31). What is not found out in short
// time may be.
func (r resource) overlaps(ctx context.Context, format string, others []resource) bool {
	if !r.near(format) {
		return false // the usual case, and quick
	}
	if len(r.pattern) > mostLength {
		return true
	}
	var clauses []classes.Clause
	demand := func(r resource, none bool) {
		if p, err := classes.Compile(pattern.Resource, r.open(), classes.Reading{}); err == nil {
			clauses = append(clauses, classes.Clause{Patterns: []*classes.Pattern{&p}, None: none})
		}
	}
	demand(r, false)
	for _, other := range others {
		if len(other.pattern) <= mostLength && other.near(format) && other.open() == other.pattern {
			demand(other, true)
		}
	}
	if r.pattern == "*" && len(clauses) == 1 {
		return true
	}
	last := "~"
	if strings.Contains(format, ":lambda:") {
		last = "&"
	}
	return slices.ContainsFunc(r.partitions(others), func(partition string) bool {
		form := classes.Form(filled(strings.Replace(format, "${Partition}", partition, 1), "+", last))
		question := classes.Question{NoBraces: true, Clauses: append(slices.Clip(clauses), classes.Clause{Patterns: []*classes.Pattern{&form}})}
		_, answer, _ := question.Find(&classes.Budget{States: prove.DefaultBudget >> 4, Stop: func() bool { return ctx.Err() != nil }})
		return answer != classes.None
	})
}

// partitions are those in which resources of the pattern are looked for, as a
// form writes them. An account is in one partition: where the pattern leaves it
// open, aws and those that the others name stand for all.
func (r resource) partitions(others []resource) []string {
	form := func(named string) string {
		if i := strings.IndexAny(named, "*?$"); i >= 0 {
			return named[:i] + "*"
		}
		return named
	}
	own := r.partition()
	if own != "*" {
		return []string{form(own)}
	}
	list := []string{"aws"}
	for _, other := range others {
		if named := form(other.partition()); !slices.Contains(list, named) {
			list = append(list, named)
		}
	}
	return list
}

// partition is the partition of the pattern; "*" where it ends before that.
func (r resource) partition() string {
	fields := pattern.Split(r.pattern)
	return cmp.Or(fields.Field(1), "*")
}

// near reports whether the format is of a service that the pattern names.
func (r resource) near(format string) bool {
	pattern, shape := pattern.Split(r.pattern), pattern.Split(format)
	service, of := pattern.Field(2), shape.Field(2)
	return service == "" || service == of || strings.ContainsAny(service, "*?$") || strings.ContainsAny(of, "*$")
}

// open is the pattern with a star for each policy variable.
func (r resource) open() string {
	if r.version != policy.Version2012 {
		return r.pattern
	}
	return filled(r.pattern, "*", "*")
}

// filled has other text for each "${…}", and for one at the end.
func filled(text, inner, last string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, text, _ = strings.Cut(rest, "}")
		if text == "" {
			b.WriteString(last)
		} else {
			b.WriteString(inner)
		}
	}
}
