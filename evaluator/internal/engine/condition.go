package engine

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/typed"
	"github.com/iamsim/iamsim/policy"
)

// A Condition is one key of one operator block, with everything in it that can
// be parsed before there is a request.
type Condition struct {
	Key      uint32 // index into Set.keys
	Operator policy.Operator
	shared   uint8 // 1 + index into memo.conditions, if several statements have it; else 0

	// The policy's values, by family of operator. Values that are no value of the
	// operator's type are left out: they match nothing (C-17).
	texts     []textValue        // StringEquals, …IgnoreCase, Bool
	patterns  []patternValue     // StringLike, ARN operators, and StringEquals with variables
	typed     *typedValues       // the others; nil where there are none
	existence operator.Existence // Null
}

// typedValues are those of the rarer operators, apart to keep a condition small.
type typedValues struct {
	members map[string]struct{} // StringEquals with many values
	operator.Constants
}

var noValues typedValues

// values are the typed values, none where there are none.
func (c *Condition) values() *typedValues {
	if c.typed == nil {
		return &noValues
	}
	return c.typed
}

// ownValues are the typed values, made if there are none.
func (c *Condition) ownValues() *typedValues {
	if c.typed == nil {
		c.typed = new(typedValues)
	}
	return c.typed
}

// A textValue is a text, or a template with variables where case is ignored.
type textValue struct {
	text  string
	parts []templatePart // nil: text is the value
}

// A templatePart is literal text or a variable.
type templatePart struct {
	text     string
	variable *VariableRef
}

// A patternValue is a pattern and the keys of its variables.
type patternValue struct {
	pattern.Pattern
	template *template // nil: no variables
}

// A template is what a pattern with variables needs besides itself.
type template struct {
	variables []VariableRef
	// loose is the pattern with "*" in the place of each variable: whatever
	// their values, the pattern matches nothing that loose does not.
	loose pattern.Pattern
}

// A VariableRef is a variable in a value of a set.
type VariableRef struct {
	key        uint32 // index into Set.keys
	fallback   string // the default (C-45)
	hasDefault bool
	// multivalued: the key can have several values, and so is no policy variable,
	// however many it has (C-43).
	multivalued bool
}

// NewVariableRef is the variable whose key has an index in [KeysOf].
func NewVariableRef(key uint32, v pattern.Variable) VariableRef {
	return VariableRef{key: key, fallback: v.Default, hasDefault: v.HasDefault, multivalued: law.IsMultivalued(v.Key)}
}

// Holds decides the condition for the request.
func (c *Condition) Holds(ev *Evaluation, s *Set, m *Memo) truth {
	var v KeyValue
	ev.load(&v, s, m, c.Key)
	if c.Operator.Test == policy.Null {
		return c.existence.Holds(v.exists())
	}
	switch v.State {
	case UnknownKey:
		return maybe
	case PresentKey:
		return c.holdsForPart(v.Part)
	}
	if v.Count() == 1 { // as most keys have, and sooner than by asking the operator
		return c.satisfied(ev, s, m, v.At(0))
	}
	return operator.Holds(c.Operator, v.Count(), func(i int) truth { return c.satisfied(ev, s, m, v.At(i)) })
}

// exists reports whether the key exists.
func (v *KeyValue) exists() truth {
	if v.State == UnknownKey {
		return maybe
	}
	return truthOf(v.State != AbsentKey)
}

// holdsForPart decides for a key whose value is known in part or not at all:
// only what no value could change is definite.
func (c *Condition) holdsForPart(v *KnownPart) truth {
	if v == nil {
		return maybe
	}
	var matches truth
	switch c.Operator.Test {
	case policy.StringEquals, policy.StringNotEquals, policy.StringLike, policy.StringNotLike,
		policy.ArnEquals, policy.ArnLike, policy.ArnNotEquals, policy.ArnNotLike:
		for i := range c.texts {
			matches = max(matches, v.mayBe(c.texts[i].text))
		}
		for text := range c.values().members {
			matches = max(matches, v.mayBe(text))
		}
		for i := range c.patterns {
			matches = max(matches, c.patterns[i].mayMatch(v))
		}
	default:
		return maybe
	}
	return operator.Satisfied(c.Operator, matches)
}

// mayBe compares a text with the value that is known in part.
func (v *KnownPart) mayBe(text string) truth {
	if len(text) >= len(v.Prefix)+len(v.Suffix) &&
		strings.HasPrefix(text, v.Prefix) && strings.HasSuffix(text, v.Suffix) {
		return maybe
	}
	return no
}

// mayMatch compares a pattern with the value that is known in part.
func (p *patternValue) mayMatch(v *KnownPart) truth {
	if text, ok := p.Exact(); ok {
		return v.mayBe(text)
	}
	if p.Class() == pattern.ClassNothing {
		return no
	}
	literal := p.Prefix()
	if n := min(len(literal), len(v.Prefix)); literal[:n] != v.Prefix[:n] {
		return no
	}
	if (p.Class() == pattern.ClassPrefix || p.MatchesAll()) && strings.HasPrefix(v.Prefix, literal) {
		return yes
	}
	return maybe
}

// satisfied decides for one value of the request.
func (c *Condition) satisfied(ev *Evaluation, s *Set, m *Memo, value string) truth {
	return operator.Satisfied(c.Operator, c.matches(ev, s, m, value))
}

func (c *Condition) matches(ev *Evaluation, s *Set, m *Memo, value string) truth {
	switch c.Operator.Test {
	case policy.StringEquals, policy.StringNotEquals:
		if members := c.values().members; members != nil {
			if _, ok := members[value]; ok {
				return yes
			}
			return c.anyPattern(ev, s, m, value)
		}
		for i := range c.texts {
			if c.texts[i].text == value {
				return yes
			}
		}
		return c.anyPattern(ev, s, m, value)
	case policy.StringEqualsIgnoreCase, policy.StringNotEqualsIgnoreCase:
		return c.anyFolded(ev, s, m, value)
	case policy.Bool:
		if !typed.IsBool(value) {
			return no // C-17
		}
		return c.anyFolded(ev, s, m, value)
	case policy.StringLike, policy.StringNotLike:
		return c.anyPattern(ev, s, m, value)
	case policy.ArnEquals, policy.ArnLike, policy.ArnNotEquals, policy.ArnNotLike:
		return c.anyARN(ev, s, m, value)
	case policy.IPAddress, policy.NotIPAddress:
		return truthOf(c.values().Contains(ev.address(m, value)))
	}
	return truthOf(c.values().Match(c.Operator.Test, value))
}

// anyFolded compares without case: Bool by the letters of ASCII, the string
// operators by those of Unicode (L-12).
func (c *Condition) anyFolded(ev *Evaluation, s *Set, m *Memo, value string) truth {
	some, ascii := no, c.Operator.Test == policy.Bool
	for i := range c.texts {
		t := &c.texts[i]
		equal := no
		if t.parts == nil {
			rest, ok := cutFold(value, t.text, ascii)
			equal = truthOf(ok && rest == "")
		} else {
			equal = t.equals(ev, s, m, value, ascii)
		}
		if some = max(some, equal); some == yes {
			return yes
		}
	}
	return some
}

func (c *Condition) anyPattern(ev *Evaluation, s *Set, m *Memo, value string) truth {
	some := no
	for i := range c.patterns {
		if some = max(some, c.patterns[i].matches(ev, s, m, value)); some == yes {
			break
		}
	}
	return some
}

func (c *Condition) anyARN(ev *Evaluation, s *Set, m *Memo, value string) truth {
	some, fields := no, pattern.Split(value)
	for i := range c.patterns {
		if some = max(some, c.patterns[i].matchesFields(ev, s, m, &fields)); some == yes {
			break
		}
	}
	return some
}

// matches compares a text.
func (p *patternValue) matches(ev *Evaluation, s *Set, m *Memo, text string) truth {
	if p.template == nil {
		return truthOf(p.Match(text))
	}
	var few [8]string
	values, bound := p.template.bind(ev, s, m, few[:0])
	if bound != yes {
		return min(bound, truthOf(p.template.loose.Match(text)))
	}
	return truthOf(p.MatchValues(text, values))
}

// matchesFields compares a text that was split into fields.
func (p *patternValue) matchesFields(ev *Evaluation, s *Set, m *Memo, text *pattern.Fields) truth {
	pattern, bound := &p.Pattern, yes
	var few [8]string
	values := few[:0]
	if p.template != nil {
		if values, bound = p.template.bind(ev, s, m, values); bound == no {
			return no
		}
		if bound == maybe {
			pattern, values = &p.template.loose, nil
		}
	}
	return min(bound, truthOf(pattern.MatchFields(text, values)))
}

// bind appends the values of the variables: no where one has none, maybe where
// one is not known.
func (t *template) bind(ev *Evaluation, s *Set, m *Memo, values []string) ([]string, truth) {
	all := yes
	for i := range t.variables {
		value, state := ev.Variable(s, m, &t.variables[i])
		if state == no {
			return nil, no
		}
		all = min(all, state)
		values = append(values, value)
	}
	return values, all
}

// Variable is the value of a policy variable: yes with its value, no where it
// has none (C-43, C-44), maybe where the value is not known.
func (ev *Evaluation) Variable(s *Set, m *Memo, ref *VariableRef) (string, truth) {
	if ref.multivalued {
		return "", no
	}
	var v KeyValue
	ev.load(&v, s, m, ref.key)
	switch {
	case v.State == KnownKey && v.Count() == 1:
		return v.At(0), yes
	case v.State == PresentKey, v.State == UnknownKey:
		return "", maybe
	case v.State == AbsentKey && ref.hasDefault:
		return ref.fallback, yes
	}
	return "", no
}

// equals compares with a template part by part, so that nothing is put
// together.
func (t *textValue) equals(ev *Evaluation, s *Set, m *Memo, value string, ascii bool) truth {
	rest, open := value, false
	for i := range t.parts {
		text := t.parts[i].text
		if ref := t.parts[i].variable; ref != nil {
			var state truth
			if text, state = ev.Variable(s, m, ref); state == no {
				return no
			}
			// Behind a value that is not known anything may follow.
			open = open || state == maybe
		}
		if open {
			continue
		}
		var ok bool
		if rest, ok = cutFold(rest, text, ascii); !ok {
			return no
		}
	}
	if open {
		return maybe
	}
	return truthOf(rest == "")
}

// cutFold cuts a beginning that equals part without case. Under Unicode's
// simple folding the two may differ in bytes, so it goes by characters.
func cutFold(s, part string, ascii bool) (rest string, ok bool) {
	if ascii {
		if len(s) < len(part) || !fold.Equal(s[:len(part)], part) {
			return s, false
		}
		return s[len(part):], true
	}
	for part != "" {
		_, n := utf8.DecodeRuneInString(part)
		_, m := utf8.DecodeRuneInString(s)
		if !strings.EqualFold(s[:m], part[:n]) {
			return s, false
		}
		s, part = s[m:], part[n:]
	}
	return s, true
}

// address reads an address; what is none is the zero address, which no range
// contains. The last one read is remembered, as all conditions ask for the
// same.
func (ev *Evaluation) address(m *Memo, value string) netip.Addr {
	if m != nil && m.addressText == value {
		return m.address
	}
	address, ok := typed.Address(value)
	if !ok {
		address = netip.Addr{}
	}
	if m != nil {
		m.addressText, m.address = value, address
	}
	return address
}

// eachKey visits the key of the condition and those of its variables.
func (c *Condition) eachKey(s *Set, visit func(*ContextKey)) {
	visit(&s.keys[c.Key])
	c.EachVariable(s, visit)
}

// EachVariable visits the keys of the variables in the values.
func (c *Condition) EachVariable(s *Set, visit func(*ContextKey)) {
	for i := range c.patterns {
		c.patterns[i].EachKey(s, visit)
	}
	for i := range c.texts {
		for _, part := range c.texts[i].parts {
			if part.variable != nil {
				visit(&s.keys[part.variable.key])
			}
		}
	}
}

// EachKey visits the keys of the variables.
func (p *patternValue) EachKey(s *Set, visit func(*ContextKey)) {
	if p.template != nil {
		for i := range p.template.variables {
			visit(&s.keys[p.template.variables[i].key])
		}
	}
}
