package prove

import (
	"iter"
	"maps"
	"slices"
	"strconv"
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

// A binding is a value, or that there is none, or that it is none of some values.
type binding struct {
	value  string
	absent bool
	not    []string
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
	if law.IsMultivalued(name) { // it is no variable (C-43)
		return "", true, false
	}
	if values, ok := s.valuesOfAll(name); ok {
		if len(values) == 0 {
			return "", true, false
		}
		return values[0], true, true
	}
	b, ok := s.bindings[name]
	ok = ok && b.not == nil
	return b.value, ok, ok && !b.absent
}

// valuesOfAll are the values of a key that all requests of the setting have alike.
func (s *space) valuesOfAll(name string) (values []string, ok bool) {
	switch of := law.KeyOf(name).Row().PassRole; {
	case s.setting.passRole && of == law.NeverPassRole, s.setting.notPassRole && of == law.OnlyPassRole:
		return nil, true
	}
	if owner := s.setting.owner; law.KeyOf(name) == law.ResourceAccount && !s.setting.delegates && owner != "" && owner != otherOwners {
		return []string{owner}, true
	}
	values, ok = s.setting.caller.fixed[name]
	return values, ok
}

// bound are the predicates that make requests agree with the bindings, and
// statements that they must not match. ok is false where no request does.
func (s *space) bound() (predicates []int, not []statement, ok bool) {
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
		if b.not != nil {
			c := condition(policy.StringEquals, name, b.not...)
			switch id := s.condition(&c, false); id {
			case never:
			case always:
				return nil, nil, false
			default:
				not = append(not, statement{predicates: []int{id}})
			}
			continue
		}
		if service := s.serviceOf(name); service != "" {
			of := s.action(policy.Values{service + ":*"}, false)
			if b.absent { // where that service has the key there is none
				there := condition(policy.Null, name, "false")
				switch id := s.condition(&there, false); id {
				case never:
				case always:
					not = append(not, statement{predicates: []int{of}})
				default:
					not = append(not, statement{predicates: ordered([]int{of, id})})
				}
				continue
			}
			predicates = append(predicates, of)
		}
		c := condition(policy.StringEquals, name, b.value)
		if b.absent {
			c = condition(policy.Null, name, "true")
		}
		switch id := s.condition(&c, false); id {
		case never:
			return nil, nil, false
		case always:
		default:
			predicates = append(predicates, id)
		}
	}
	return predicates, not, true
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

// split are cases in which keys that are compared with constants have one of
// these, or none of them: a variable and a condition on its key agree there. It is
// nil where that divides nothing.
func (f *facts) split(cases []bindings) []bindings {
	divided := false
	for _, name := range f.variables {
		constants := f.exact(name)
		if len(constants) == 0 || len(cases)*(len(constants)+1) > mostCases {
			continue
		}
		divided = true
		var finer []bindings
		for _, b := range cases {
			if _, ok := b[name]; ok {
				finer = append(finer, b)
				continue
			}
			one := func(of binding) {
				other := maps.Clone(b)
				other[name] = of
				finer = append(finer, other)
			}
			for _, v := range constants {
				one(binding{value: v})
			}
			one(binding{not: constants})
		}
		cases = finer
	}
	if !divided {
		return nil
	}
	return cases
}

// exact are the constants without wildcards that a key is compared with, each once.
// A key that is part of the caller, which is one text, has none.
func (f *facts) exact(name string) []string {
	if row := law.KeyOf(name).Row(); row.Source == law.FromCaller && !row.IsFamily() || row.Service != "" {
		return nil
	}
	list := slices.DeleteFunc(slices.Clone(f.constants[name]), func(v string) bool { return strings.ContainsAny(v, "*?$") })
	slices.Sort(list)
	return slices.Compact(list)
}

// trials are bindings of all variables, in which a request may be found: first
// with values of their own, then each with the constants in its place, and
// absent; and the same again where others have a constant that their key is
// compared with.
func (f *facts) trials(callers *callers) iter.Seq[bindings] {
	usual, compared := bindings{}, bindings{}
	var open []string
	for _, name := range f.variables {
		if _, fixed := callers.fixed[name]; fixed {
			continue
		}
		usual[name] = binding{value: callers.usualValue(name)}
		compared[name] = usual[name]
		if constants := f.exact(name); len(constants) > 0 {
			compared[name] = binding{value: constants[0]}
		}
		open = append(open, name)
	}
	return func(yield func(bindings) bool) {
		if !f.trialsFrom(usual, open, callers, yield) {
			return
		}
		if slices.ContainsFunc(open, func(name string) bool { return compared[name].value != usual[name].value }) {
			f.trialsFrom(compared, open, callers, yield)
		}
	}
}

// trialsFrom are trials in which most of the open variables have the values of one
// binding, until yield says stop; it reports whether it did not.
func (f *facts) trialsFrom(usual bindings, open []string, callers *callers, yield func(bindings) bool) bool {
	tried := 0
	try := func(b bindings) bool {
		tried++
		return tried > mostCases || yield(b)
	}
	with := func(name string, b binding) bool {
		other := maps.Clone(usual)
		other[name] = b
		return try(other)
	}
	if !try(usual) {
		return false
	}
	if different := callers.different(open, usual); different != nil && !try(different) {
		return false
	}
	mayLack := func(name string) bool {
		return callers.embedded[name] == nil || law.KeyOf(name).Row().Service != ""
	}
	allAbsent := bindings{}
	for _, name := range open {
		allAbsent[name] = binding{absent: mayLack(name), value: usual[name].value}
		if mayLack(name) && !with(name, binding{absent: true}) {
			return false
		}
	}
	if len(open) > 1 && !try(allAbsent) {
		return false
	}
	for _, name := range open {
		for _, v := range f.aligned(name, usual) {
			if !with(name, binding{value: v}) {
				return false
			}
		}
	}
	return true
}

// different are the usual values, each another one as far as the keys allow: tags
// and the like. It is nil where they are so already.
func (c *callers) different(names []string, usual bindings) bindings {
	taken := map[string]bool{}
	list, changed := bindings{}, false
	for _, name := range names {
		b := usual[name]
		if taken[b.value] && c.embedded[name] == nil {
			b.value += strconv.Itoa(len(list))
			changed = true
		}
		taken[b.value] = true
		list[name] = b
	}
	if !changed {
		return nil
	}
	return list
}

// into puts values in the place of variables. One without value stays.
func (b bindings) into(text string) string {
	pieces, err := variable.Parse(text)
	if err != nil {
		return text
	}
	var out strings.Builder
	for _, p := range pieces {
		if value, ok := b[fold.String(p.Key)]; ok && p.Key != "" {
			out.WriteString(value.value)
		} else {
			out.WriteString(p.Text)
		}
	}
	return out.String()
}

// aligned are constants that stand where the variable does in other values, and
// those that its key is compared with. Other variables there have their usual
// values, and wildcards are filled.
func (f *facts) aligned(name string, usual bindings) []string {
	var found []string
	add := func(v string) {
		if v != "" && !strings.ContainsAny(v, "*?$") && !slices.Contains(found, v) && len(found) < 8 {
			found = append(found, v)
		}
	}
	if slices.Contains(f.constants[name], "") {
		found = append(found, "")
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
				add(withoutWildcards(usual.into(rest)))
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
