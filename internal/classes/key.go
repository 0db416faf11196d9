package classes

import (
	"errors"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/logic"
	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/typed"
	"github.com/iamsim/iamsim/policy"
)

// A Condition is a condition of a policy.
type Condition struct {
	policy.Condition
	// Variables: ${…} counts in its values, as in a policy of version 2012-10-17.
	Variables bool
}

// Options of [NewKey] and [Of]. The zero Options are of a key of which
// nothing is known.
type Options struct {
	Bind    Binder // of policy variables
	Single  bool   // the key has at most one value
	Present bool   // no request is without the key
	// Only are all the values that the key can have; nil: any text.
	Only   []string
	Budget *Budget // nil: no bound
	Slow   bool    // without short cuts, for tests
}

// A Key is one context key and conditions on it. It remembers what it has found out
// of its conditions, and serves one goroutine.
type Key struct {
	o          Options
	conditions []compiled
	points     []string // where some condition is typed
	braces     bool     // texts with "${" are left out
}

// compiled is a condition that is ready to be tested.
type compiled struct {
	policy.Operator
	patterns  []*Pattern         // of textual operators
	typ       policy.ValueType   // of typed operators; else 0
	test      func(string) bool  // of typed operators: whether a value matches
	existence operator.Existence // Null
}

// NewKey compiles conditions on one key. An error names a malformed variable or
// pattern; documents that were parsed have none.
func NewKey(conditions []Condition, o Options) (*Key, error) {
	k := &Key{o: o}
	constants := map[policy.ValueType][]string{}
	var faults []error
	for i := range conditions {
		c, err := k.compile(&conditions[i])
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if c.typ != 0 {
			constants[c.typ] = append(constants[c.typ], conditions[i].Values...)
		}
		k.conditions = append(k.conditions, c)
	}
	if faults != nil {
		return nil, errors.Join(faults...)
	}
	for typ := policy.StringValue; typ <= policy.ARNValue; typ++ {
		values, ok := constants[typ]
		if !ok {
			continue
		}
		switch typ {
		case policy.NumericValue:
			values = numbers.points(values)
		case policy.DateValue:
			values = dates.points(values)
		case policy.IPAddressValue:
			values = addressPoints(values)
		case policy.BoolValue:
			values = []string{"true", "false", noValue}
		case policy.BinaryValue:
			values = append(slices.Clone(values), noValue)
		}
		k.points = append(k.points, values...)
	}
	return k, nil
}

func (k *Key) compile(c *Condition) (compiled, error) {
	out := compiled{Operator: c.Operator}
	r := Reading{Variables: c.Variables, Bind: k.o.Bind}
	switch out.Operator.Type() {
	case policy.StringValue, policy.ARNValue:
		k.braces = k.braces || out.Operator.Type() == policy.ARNValue
		for _, v := range c.Values {
			p, err := CompileValue(c.Operator, v, r)
			if err != nil {
				return out, err
			}
			out.patterns = append(out.patterns, &p)
		}
		return out, nil
	}
	switch out.Test {
	case policy.Null:
		for _, v := range c.Values {
			out.existence.Add(v)
		}
		return out, nil
	case policy.Bool:
		return k.boolean(out, c, r)
	}
	if out.typ = out.Operator.Type(); out.typ == 0 {
		return out, &policy.Error{Code: policy.Code("invalid-operator"), Message: "a condition needs an operator"}
	}
	var constants operator.Constants
	for _, v := range c.Values {
		constants.Add(out.typ, v)
	}
	out.test = func(v string) bool { return constants.Match(out.Test, v) }
	return out, nil
}

// CompileValue reads a value of a condition with an operator of the string or
// ARN type as the pattern that it is.
func CompileValue(o policy.Operator, value string, r Reading) (Pattern, error) {
	switch o.Test {
	case policy.StringEquals, policy.StringNotEquals:
		r.literal = true
	case policy.StringEqualsIgnoreCase, policy.StringNotEqualsIgnoreCase:
		r.literal, r.fold = true, folding
	case policy.ArnEquals, policy.ArnLike, policy.ArnNotEquals, policy.ArnNotLike:
		return Compile(pattern.Operator, value, r)
	}
	return Compile(pattern.Text, value, r)
}

// boolean compares texts without case, if the request's is a truth value (C-17,
// C-18). One with a variable whose value is not known is a pattern that may
// match anything.
func (k *Key) boolean(out compiled, c *Condition, r Reading) (compiled, error) {
	var texts []string
	for _, v := range c.Values {
		t, err := pattern.Tokenize(pattern.Text, v, pattern.Options{Variables: r.Variables, Literal: true})
		if err != nil {
			return out, err
		}
		text, none := "", false
		for _, token := range t.Fields[0] {
			if token.Kind == pattern.Literal {
				text += token.Text
				continue
			}
			b := r.Bind.bind(t.Variables[token.Index])
			none = none || b.None
			if b.Symbol != 0 {
				out.patterns = []*Pattern{{loops: make([]region, 1), opaque: true}}
				return out, nil
			}
			text += b.Text
		}
		if !none {
			texts = append(texts, text)
		}
	}
	out.typ = policy.BoolValue
	out.test = func(v string) bool {
		return typed.IsBool(v) && slices.ContainsFunc(texts, func(t string) bool { return fold.Equal(t, v) })
	}
	return out, nil
}

// HasSymbol reports whether an unknown value decides about condition i.
func (k *Key) HasSymbol(i int) bool {
	return slices.ContainsFunc(k.conditions[i].patterns, (*Pattern).HasSymbol)
}

// Holds reports whether condition i holds for the values; none: the key is
// absent. For values with symbols it answers for wanted: whether the condition
// may be so.
func (k *Key) Holds(i int, values []Word, wanted bool) bool {
	c := &k.conditions[i]
	if c.Test == policy.Null {
		return c.existence.Holds(logic.Of(len(values) > 0)) == logic.Yes
	}
	return operator.Holds(c.Operator, len(values), func(n int) logic.Truth {
		return logic.Of(c.satisfied(values[n], wanted))
	}) == logic.Yes
}

// satisfied is the condition for one value (C-33).
func (c *compiled) satisfied(w Word, wanted bool) bool {
	if c.typ != 0 {
		text, ok := w.Text()
		if !ok {
			return wanted // nothing is known of it
		}
		return operator.Satisfied(c.Operator, logic.Of(c.test(text))) == logic.Yes
	}
	clause := c.clause(wanted)
	return clause.Holds(w) == wanted
}

// clause demands that a value satisfies the condition, or does not.
func (c *compiled) clause(satisfied bool) Clause {
	return Clause{Patterns: c.patterns, None: satisfied == c.Negated()}
}

// A demand is that one condition holds, or that it does not.
type demand struct {
	condition int
	holds     bool
}

// Find finds values for which the conditions of holds hold and those of fails
// do not; none means that the key is absent. Where there are none, core names
// conditions that exclude each other.
func (k *Key) Find(holds, fails []int) (values []Word, a Answer, core []int) {
	f := finding{key: k, core: make([]bool, len(k.conditions))}
	for _, i := range holds {
		f.demands = append(f.demands, demand{i, true})
	}
	for _, i := range fails {
		f.demands = append(f.demands, demand{i, false})
	}
	a = None
	// A present key first: its value says more to a reader than its absence.
	for _, way := range []func() ([]Word, Answer){f.single, f.absent, f.several} {
		values, answer := way()
		switch answer {
		case Found:
			return values, Found, nil
		case NotKnown:
			a = NotKnown
		}
	}
	for i, needed := range f.core {
		if needed {
			core = append(core, i)
		}
	}
	return nil, a, core
}

// A finding is one call of Find.
type finding struct {
	key     *Key
	demands []demand
	core    []bool // conditions that were needed to exclude a way
}

func (f *finding) absent() ([]Word, Answer) {
	if f.key.o.Present {
		return nil, None
	}
	for _, d := range f.demands {
		if f.key.Holds(d.condition, nil, d.holds) != d.holds {
			f.core[d.condition] = true
			return nil, None
		}
	}
	return nil, Found
}

// single looks for one value, for which set operators make no difference.
func (f *finding) single() ([]Word, Answer) {
	var demands []demand
	for _, d := range f.demands {
		if c := &f.key.conditions[d.condition]; c.Test != policy.Null {
			demands = append(demands, d)
		} else if f.key.Holds(d.condition, []Word{nil}, d.holds) != d.holds {
			f.core[d.condition] = true
			return nil, None
		}
	}
	value, a := f.one(demands)
	return []Word{value}, a
}

// several looks for two values or more. Each must satisfy what ForAllValues
// asks; for every other demand one value will do.
func (f *finding) several() ([]Word, Answer) {
	if f.key.o.Single {
		return nil, None
	}
	var each, some []demand
	for _, d := range f.demands {
		c := &f.key.conditions[d.condition]
		switch {
		case c.Test == policy.Null || c.Set == 0:
			// The same whatever the values are (C-37).
			if f.key.Holds(d.condition, []Word{nil, nil}, d.holds) != d.holds {
				f.core[d.condition] = true
				return nil, None
			}
		case (c.Set == policy.ForAllValues) == d.holds:
			each = append(each, d)
		default:
			some = append(some, d)
		}
	}
	var values []Word
	add := func(v Word) {
		if !slices.ContainsFunc(values, func(other Word) bool { return slices.Equal(v, other) }) {
			values = append(values, v)
		}
	}
	for _, w := range some {
		v, a := f.one(append(slices.Clone(each), w))
		if a != Found {
			return nil, a
		}
		add(v)
	}
	for len(values) < 2 {
		v, a := f.one(each, values...)
		if a != Found {
			return nil, a
		}
		add(v)
	}
	return values, Found
}

// one looks for a value that fulfils all demands and is none of the others.
func (f *finding) one(demands []demand, others ...Word) (Word, Answer) {
	k := f.key
	if k.o.Only != nil {
		return f.among(k.o.Only, demands, others)
	}
	textual, types := f.split(demands)
	symbols := slices.ContainsFunc(textual, func(w demand) bool { return k.HasSymbol(w.condition) })
	if !k.o.Slow && !symbols { // else a text at hand might be what a symbol stands for, or not
		if w, a := f.try(k.points, demands, others); a == Found {
			return w, a
		}
	}
	q := Question{NoBraces: k.braces, Slow: k.o.Slow}
	for _, w := range textual {
		q.Clauses = append(q.Clauses, k.conditions[w.condition].clause(w.holds))
	}
	for _, other := range others {
		p := patternOf(other)
		q.Clauses = append(q.Clauses, Clause{Patterns: []*Pattern{&p}, None: true})
	}
	if len(types) == 0 {
		w, a, core := q.Find(k.o.Budget)
		f.because(textual, core)
		return w, a
	}
	if len(types) == 1 && len(textual) == 0 && len(others) == 0 {
		return f.among(k.points, demands, nil)
	}
	// Text and another type, or several types: each alone can exclude a value,
	// and what one of them finds may do for all.
	for _, t := range types {
		var own []demand
		for _, w := range demands {
			if k.conditions[w.condition].typ == t {
				own = append(own, w)
			}
		}
		if _, a := f.among(k.points, own, nil); a == None {
			return nil, None
		}
	}
	if w, a := f.try(k.points, demands, others); a == Found {
		return w, a
	}
	if w, a := f.try(otherTexts(others), demands, others); a == Found {
		return w, a
	}
	w, a, core := q.Find(k.o.Budget)
	if a == None {
		f.because(textual, core)
		return nil, None
	}
	if a == Found && f.fulfils(w, demands) {
		return w, Found
	}
	for _, w := range demands {
		f.core[w.condition] = true
	}
	return nil, NotKnown
}

// otherTexts are other texts of the same values, for the rare question that needs
// two values where one point stands for a whole gap.
func otherTexts(values []Word) []string {
	var texts []string
	for _, w := range values {
		text := string(w)
		texts = append(texts, "0"+text, "-0"+strings.TrimPrefix(text, "-"), strings.TrimSuffix(text, "Z")+"+00:00", strings.ToUpper(text), text+noValue)
	}
	return texts
}

func (f *finding) split(demands []demand) (textual []demand, types []policy.ValueType) {
	for _, w := range demands {
		c := &f.key.conditions[w.condition]
		if c.typ == 0 {
			textual = append(textual, w)
		} else if !slices.Contains(types, c.typ) {
			types = append(types, c.typ)
		}
	}
	return textual, types
}

func (f *finding) because(demands []demand, core []int) {
	for _, i := range core {
		if i < len(demands) {
			f.core[demands[i].condition] = true
		}
	}
}

// try looks for a value among texts; it is not known where one is too long to be read.
func (f *finding) try(texts []string, demands []demand, others []Word) (Word, Answer) {
	a := None
	for _, text := range texts {
		w := Word(text)
		switch {
		case !f.fulfils(w, demands) || slices.ContainsFunc(others, func(o Word) bool { return slices.Equal(w, o) }):
		case f.guesses(w, demands):
			a = NotKnown
		default:
			return w, Found
		}
	}
	return nil, a
}

func (f *finding) guesses(w Word, demands []demand) bool {
	return slices.ContainsFunc(demands, func(d demand) bool {
		clause := f.key.conditions[d.condition].clause(d.holds)
		return clause.guesses(w)
	})
}

// among is try where there are no other values.
func (f *finding) among(texts []string, demands []demand, others []Word) (Word, Answer) {
	if w, a := f.try(texts, demands, others); a != None {
		return w, a
	}
	for _, w := range demands {
		f.core[w.condition] = true
	}
	return nil, None
}

func (f *finding) fulfils(w Word, demands []demand) bool {
	if f.key.braces && hasBrace(w) {
		return false
	}
	for _, demand := range demands {
		if f.key.conditions[demand.condition].satisfied(w, demand.holds) != demand.holds {
			return false
		}
	}
	return true
}

// patternOf is the pattern that matches one word.
func patternOf(w Word) Pattern {
	b := newBuilder(exact, everything, len(w))
	for _, r := range w {
		b.add(char{literal: r})
	}
	return b.done()
}
