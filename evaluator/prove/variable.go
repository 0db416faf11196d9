package prove

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/variable"
	"github.com/iamsim/iamsim/policy"
)

// bindings are what policy variables stand for in a space, by the name of the
// key in lower case. What is not bound is not known: a proof in such a space
// holds for all values, and what is found there may be none.
type bindings map[string]binding

// A binding is a value, or that there is none.
type binding struct {
	value  string
	absent bool
}

// flatKeys have values without colons: ids and names.
var flatKeys = []string{
	"aws:principalaccount", "aws:username", "aws:resourceaccount", "aws:sourceaccount", "aws:principalorgid", "aws:requestedregion",
}

// bind is what stands in the place of a variable.
func (s *space) bind(v pattern.Variable) classes.Binding {
	name := fold.String(v.Key)
	value, known, there := s.known(name)
	switch {
	case known && there:
		return classes.Binding{Text: value}
	case known && v.HasDefault:
		return classes.Binding{Text: v.Default}
	case known:
		return classes.Binding{None: true}
	}
	n, ok := s.symbols[name]
	if !ok {
		n = len(s.symbols)
		s.symbols[name] = n
	}
	return classes.Binding{Symbol: classes.Symbol(n, slices.Contains(flatKeys, name))}
}

// known is the value of a key in all of the space, if it is known.
func (s *space) known(name string) (value string, known, there bool) {
	if values, ok := s.valuesOfAll(name); ok {
		if len(values) == 0 {
			return "", true, false
		}
		return values[0], true, true
	}
	b, ok := s.bindings[name]
	return b.value, ok, ok && !b.absent
}

// valuesOfAll are the values of a key that all requests of the setting have alike.
func (s *space) valuesOfAll(name string) (values []string, ok bool) {
	switch of := law.KeyOf(name).Row().PassRole; {
	case s.setting.passRole && of == law.NeverPassRole, s.setting.notPassRole && of == law.OnlyPassRole:
		return nil, true
	}
	values, ok = s.setting.caller.fixed[name]
	return values, ok
}

// bound are the predicates that make requests agree with the bindings. ok is
// false where no request does.
func (s *space) bound() (predicates []int, ok bool) {
	names := make([]string, 0, len(s.bindings))
	for name := range s.bindings {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if _, ok := s.valuesOfAll(name); ok {
			continue
		}
		b := s.bindings[name]
		if service := s.serviceOf(name); service != "" {
			predicates = append(predicates, s.action(policy.Values{service + ":*"}, b.absent))
			if b.absent {
				continue
			}
		}
		c := condition(policy.StringEquals, name, b.value)
		if b.absent {
			c = condition(policy.Null, name, "true")
		}
		switch id := s.condition(&c, false); id {
		case never:
			return nil, false
		case always:
		default:
			predicates = append(predicates, id)
		}
	}
	return predicates, true
}

// mostCases bounds the spaces in which a question with variables is decided.
const mostCases = 32

// cases are bindings that leave values open and together leave nothing out: for
// keys with a default, that they are absent, and that they are not.
func (f *facts) cases() ([]bindings, bool) {
	list := []bindings{{}}
	for _, name := range f.defaulted {
		if 2*len(list) > mostCases {
			return nil, false
		}
		for _, b := range list {
			absent := bindings{name: {absent: true}}
			for k, v := range b {
				absent[k] = v
			}
			list = append(list, absent)
		}
	}
	return list, true
}

// trials are bindings of all variables, in which a request may be found: first
// with values of their own, then each with the constants in its place, and
// absent.
func (f *facts) trials(callers *callers) []bindings {
	usual := bindings{}
	var open []string
	for _, name := range f.variables {
		if _, fixed := callers.fixed[name]; fixed {
			continue
		}
		usual[name] = binding{value: callers.usualValue(name)}
		open = append(open, name)
	}
	list := []bindings{usual}
	with := func(name string, b binding) {
		if len(list) >= mostCases {
			return
		}
		other := bindings{name: b}
		for k, v := range usual {
			if k != name {
				other[k] = v
			}
		}
		list = append(list, other)
	}
	mayLack := func(name string) bool {
		return callers.embedded[name] == nil || law.KeyOf(name).Row().Service != ""
	}
	for _, name := range open {
		if mayLack(name) {
			with(name, binding{absent: true})
		}
	}
	allAbsent := bindings{}
	for _, name := range open {
		allAbsent[name] = binding{absent: mayLack(name), value: usual[name].value}
	}
	if len(open) > 1 {
		list = append(list, allAbsent)
	}
	for _, name := range open {
		for _, v := range f.aligned(name) {
			with(name, binding{value: v})
		}
	}
	return list
}

// aligned are constants that stand where the variable does in other values, and
// those that its key is compared with.
func (f *facts) aligned(name string) []string {
	var found []string
	add := func(v string) {
		if v != "" && !strings.ContainsAny(v, "*?$") && !slices.Contains(found, v) && len(found) < 8 {
			found = append(found, v)
		}
	}
	for _, v := range f.constants[name] {
		add(strings.Trim(v, "*"))
	}
	for _, v := range f.literals {
		pieces, err := variable.Parse(v)
		if err != nil || !variable.Has(v) {
			continue
		}
		before := ""
		for _, p := range pieces {
			if fold.String(p.Key) != name {
				before += p.Text
				continue
			}
			for _, other := range f.literals {
				rest, ok := strings.CutPrefix(other, before)
				if !ok || other == v {
					continue
				}
				add(rest)
				if end := strings.IndexAny(rest, "/:*?$"); end >= 0 {
					add(rest[:end])
				}
			}
			if p.HasDefault {
				add(p.Default)
			}
			break
		}
	}
	return found
}
