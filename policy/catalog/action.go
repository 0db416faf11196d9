package catalog

import (
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// Action finds an action by its name, such as "lambda:GetFunction". Once its
// service has been asked for, it allocates nothing.
func (c *Catalog) Action(name string) (action *policy.ServiceAction, ok bool) {
	prefix, _, ok := strings.Cut(name, ":")
	if !ok {
		return nil, false
	}
	s := c.index().service(prefix)
	if s == nil {
		return nil, false
	}
	action = s.get().action(name)
	return action, action != nil
}

// Actions are the actions of a service by name, regardless of case; none for a
// prefix that no service has.
func (c *Catalog) Actions(service string) iter.Seq[*policy.ServiceAction] {
	return func(yield func(*policy.ServiceAction) bool) {
		s := c.index().service(service)
		if s == nil {
			return
		}
		all := s.get().actions
		for i := range all {
			if !yield(&all[i]) {
				return
			}
		}
	}
}

// details of an action; nil if it has none. An action that was made elsewhere
// has none either.
func (c *Catalog) details(action *policy.ServiceAction) *details {
	prefix, _, _ := strings.Cut(action.Name, ":")
	s := c.index().service(prefix)
	if s == nil {
		return nil
	}
	return s.get().details[action]
}

// Operations are the API operations that stand for an action, without prefix:
// the one of its name, but Invoke and InvokeWithResponseStream for
// lambda:InvokeFunction (B-4). They are known for lambda, iam and sts; for
// other services there are none, as for an action that is only a permission.
func (c *Catalog) Operations(action *policy.ServiceAction) []string {
	prefix, name, _ := strings.Cut(action.Name, ":")
	s := c.index().service(prefix)
	switch {
	case s == nil || !s.get().named || action.PermissionOnly:
		return nil
	case s.get().details[action] != nil && s.get().details[action].operations != nil:
		return slices.Clone(s.get().details[action].operations)
	}
	return []string{name}
}

// Operation finds the action that stands for an API operation, named with the
// prefix of its service: "lambda:Invoke" gives lambda:InvokeFunction (B-4). For
// services other than lambda, iam and sts it is the action of the same name. An
// operation may need more actions than this one.
func (c *Catalog) Operation(name string) (action *policy.ServiceAction, ok bool) {
	prefix, operation, _ := strings.Cut(name, ":")
	s := c.index().service(prefix)
	if s == nil {
		return nil, false
	}
	d := s.get()
	for i := range d.actions {
		a := &d.actions[i]
		if own := d.details[a]; own != nil && slices.ContainsFunc(own.operations, func(o string) bool { return fold.Compare(o, operation) == 0 }) {
			return a, true
		}
	}
	a := d.action(name)
	if a == nil || a.PermissionOnly || d.details[a] != nil && d.details[a].operations != nil {
		return nil, false
	}
	return a, true
}

// DependentActions are names of other actions that AWS checks in the operations
// of this one, as CreateFunction does iam:PassRole. The list is short of many,
// since AWS no longer publishes it; package evaluator/apicall has what Lambda's
// operations need.
func (c *Catalog) DependentActions(action *policy.ServiceAction) []string {
	if d := c.details(action); d != nil {
		return slices.Clone(d.dependent)
	}
	return nil
}

// Retired are the names of actions that AWS gave up, each with what took its
// place; none for most services. Policies of the time still name them.
func (c *Catalog) Retired(service string) iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		s := c.index().service(service)
		if s == nil {
			return
		}
		for _, r := range s.get().retired {
			if !yield(r.name, r.successors) {
				return
			}
		}
	}
}

// Expand is every action that matches a pattern of an Action element, such as
// "lambda:Get*", "*" or "l*:Get?unction" (B-2, B-3): by service, then by name
// regardless of case. A pattern that is no text (not valid UTF-8) matches none.
func (c *Catalog) Expand(pattern string) []*policy.ServiceAction {
	return slices.Collect(c.matching(pattern))
}

// Matches reports whether an action matches the pattern.
func (c *Catalog) Matches(pattern string) bool {
	for range c.matching(pattern) {
		return true
	}
	return false
}

// matching walks over the actions that match, and reads only services that can
// have some.
func (c *Catalog) matching(written string) iter.Seq[*policy.ServiceAction] {
	return func(yield func(*policy.ServiceAction) bool) {
		name, ok := withinNames(written)
		if !ok {
			return
		}
		p, err := pattern.Compile(pattern.Text, name, pattern.Options{FoldCase: true})
		if err != nil {
			return
		}
		if name, ok := p.Exact(); ok {
			if a, ok := c.Action(name); ok {
				yield(a)
			}
			return
		}
		literal, every := p.Prefix(), p.MatchesAll()
		for _, s := range c.index().services {
			if n := min(len(literal), len(s.prefix)); fold.Compare(literal[:n], s.prefix[:n]) != 0 || len(literal) > n && literal[n] != ':' {
				continue
			}
			all := s.get().actions
			first, _ := slices.BinarySearchFunc(all, literal, func(a policy.ServiceAction, literal string) int { return fold.Compare(a.Name, literal) })
			for j := first; j < len(all) && fold.HasPrefix(all[j].Name, literal[:min(len(literal), len(all[j].Name))]); j++ {
				if (every || p.Match(all[j].Name)) && !yield(&all[j]) {
					return
				}
			}
		}
	}
}

// longestName is more than the name of any action has, in characters.
const longestName = 128

// withinNames is the pattern with one star for each run of stars. ok is false
// for one that asks for more characters than any action has: a policy can hold
// very long ones.
func withinNames(pattern string) (short string, ok bool) {
	for strings.Contains(pattern, "**") {
		pattern = strings.ReplaceAll(pattern, "**", "*")
	}
	return pattern, utf8.RuneCountInString(pattern)-strings.Count(pattern, "*") <= longestName
}
