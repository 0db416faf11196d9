package prove

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/variable"
	"github.com/iamsim/iamsim/policy"
)

// A space is all requests of one setting: a coordinate for each element of a
// request, and what statements demand of each. A request is one value on every
// coordinate, and these are independent.
type space struct {
	setting *setting
	facts   *facts
	*options
	bindings bindings

	coordinates []*coordinate
	keys        map[string]int // by name in lower case: index into coordinates
	predicates  []predicate
	interned    map[string]int
	symbols     map[string]int // of variables whose value is not known
	faults      []error
}

// The coordinates that are always there; those of context keys follow.
const (
	actionCoordinate = iota
	resourceCoordinate
	callerCoordinate
)

// A predicate is what a statement demands of one coordinate: patterns of which one
// matches or none, or a condition.
type predicate struct {
	coordinate int
	local      int // among those of the coordinate
}

// A coordinate is one element of requests.
type coordinate struct {
	name string // of a context key, as it was first written

	universe []classes.Clause // of texts: fulfilled by all
	clauses  []classes.Clause
	noBraces bool

	conditions []classes.Condition // of a context key
	options    classes.Options
	key        *classes.Key

	memo map[string]*point
}

func newSpace(st *setting, f *facts, o *options, b bindings) *space {
	s := &space{
		setting: st, facts: f, options: o, bindings: b,
		keys: map[string]int{}, interned: map[string]int{}, symbols: map[string]int{},
	}
	action, resource, caller := text("action"), text("resource"), text("caller")
	action.universe = forms(classes.Form("&:&"))
	resource.universe = forms(classes.Exactly("*"), classes.Form("arn:+:+:*:*:~"))
	if !st.delegates { // so that it is known who owns it
		resource.universe = forms(classes.Exactly("*"), classes.Form("arn:+:+:*:????????????:~"), classes.Form("arn:+:+:*::~"), classes.Form("arn:+:+:*:aws*:~"))
	}
	resource.noBraces = true
	caller.universe = forms(st.caller.universe...)
	caller.noBraces = true
	s.coordinates = []*coordinate{action, resource, caller}
	return s
}

func text(name string) *coordinate { return &coordinate{name: name, memo: map[string]*point{}} }

func forms(patterns ...classes.Pattern) []classes.Clause {
	return []classes.Clause{{Patterns: pointers(patterns)}}
}

func pointers(patterns []classes.Pattern) []*classes.Pattern {
	list := make([]*classes.Pattern, len(patterns))
	for i := range patterns {
		list[i] = &patterns[i]
	}
	return list
}

// A clause of a statement is one of these where no predicate is needed.
const (
	always = -1
	never  = -2
)

// intern gives one number to a predicate that occurs twice.
func (s *space) intern(coordinate int, text string, add func() int) int {
	id := strconv.Itoa(coordinate) + "\x00" + text
	if n, ok := s.interned[id]; ok {
		return n
	}
	s.predicates = append(s.predicates, predicate{coordinate, add()})
	s.interned[id] = len(s.predicates) - 1
	return len(s.predicates) - 1
}

// clause is a predicate on texts: that one of the patterns matches, or none. The
// name tells it from other predicates; patterns are made only of a new one.
func (s *space) clause(coordinate int, name string, none bool, patterns func() []*classes.Pattern) int {
	id := strconv.Itoa(coordinate) + strconv.FormatBool(none) + name
	if n, ok := s.interned[id]; ok {
		return n
	}
	possible := slices.DeleteFunc(patterns(), (*classes.Pattern).Never)
	n := never
	if none {
		n = always
	}
	if len(possible) > 0 {
		c := s.coordinates[coordinate]
		c.clauses = append(c.clauses, classes.Clause{Patterns: possible, None: none})
		s.predicates = append(s.predicates, predicate{coordinate, len(c.clauses) - 1})
		n = len(s.predicates) - 1
	}
	s.interned[id] = n
	return n
}

// canonical is a list of values in an order of its own. Each begins with its
// length, so that no two lists are one text.
func canonical(values []string) string {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	var b strings.Builder
	for _, v := range slices.Compact(sorted) {
		b.WriteString(strconv.Itoa(len(v)) + ":" + v)
	}
	return b.String()
}

// action is the predicate of Action or NotAction (B-1, B-3).
func (s *space) action(values policy.Values, not bool) int {
	if slices.ContainsFunc(values, isStar) {
		return map[bool]int{false: always, true: never}[not]
	}
	return s.clause(actionCoordinate, fold.String(canonical(values)), not, func() []*classes.Pattern {
		return s.patterns(values, func(v string) (*classes.Pattern, error) {
			return s.pattern("action "+v, func() (classes.Pattern, error) { return compileAction(v) })
		})
	})
}

// isStar: all that "*" matches, "**" does.
func isStar(v string) bool { return v != "" && strings.Trim(v, "*") == "" }

// resource is the predicate of Resource or NotResource (B-12).
func (s *space) resource(values policy.Values, not, variables bool) int {
	if slices.ContainsFunc(values, isStar) {
		return map[bool]int{false: always, true: never}[not]
	}
	return s.clause(resourceCoordinate, strconv.FormatBool(variables)+canonical(values), not, func() []*classes.Pattern {
		return s.patterns(values, func(v string) (*classes.Pattern, error) {
			read := func() (classes.Pattern, error) {
				return classes.Compile(pattern.Resource, v, classes.Reading{Variables: variables, Bind: s.bind})
			}
			if variables && variable.Has(v) {
				p, err := read()
				return &p, err
			}
			return s.pattern("resource "+v, read)
		})
	})
}

// patterns compiles values. Once the context has ended they are not all: nothing is
// proved then.
func (s *space) patterns(values []string, compile func(string) (*classes.Pattern, error)) []*classes.Pattern {
	list := make([]*classes.Pattern, 0, len(values))
	for i, v := range values {
		if i&0xFF == 0xFF && s.ended() {
			break
		}
		p, err := compile(v)
		s.fault(err)
		list = append(list, p)
	}
	return list
}

// ended reports whether the context has.
func (o *options) ended() bool { return o.budget.Stop != nil && o.budget.Stop() }

// pattern is one that is the same in all spaces of a question.
func (o *options) pattern(name string, compile func() (classes.Pattern, error)) (*classes.Pattern, error) {
	if p, ok := o.shared[name]; ok {
		return p, nil
	}
	p, err := compile()
	o.shared[name] = &p
	return &p, err
}

func (s *space) fault(err error) {
	if err != nil {
		s.faults = append(s.faults, err)
	}
}

// condition is the predicate of a condition.
func (s *space) condition(c *policy.Condition, variables bool) int {
	name := fold.String(c.Key)
	if embed := s.setting.caller.embedded[name]; embed != nil && !s.facts.untextual[name] {
		return s.callerCondition(c, variables, embed)
	}
	at := s.keyCoordinate(s.facts.coordinate(name))
	coordinate := s.coordinates[at]
	text := c.Operator.String() + "\x00" + strconv.FormatBool(variables) + canonical(c.Values)
	return s.intern(at, text, func() int {
		coordinate.conditions = append(coordinate.conditions, classes.Condition{Condition: *c, Variables: variables})
		return len(coordinate.conditions) - 1
	})
}

// callerCondition is a condition on a key that follows from the caller, as a
// predicate on the caller. It has one value.
func (s *space) callerCondition(c *policy.Condition, variables bool, embed embedding) int {
	if c.Operator.Test == policy.Null {
		if slices.Contains(c.Values, "false") {
			return always
		}
		return never
	}
	name := fold.String(c.Key) + c.Operator.Test.String() + strconv.FormatBool(variables) + canonical(c.Values)
	return s.clause(callerCoordinate, name, c.Operator.Negated(), func() []*classes.Pattern {
		var patterns []classes.Pattern
		for _, v := range c.Values {
			p, err := classes.CompileValue(c.Operator, v, classes.Reading{Variables: variables, Bind: s.bind})
			s.fault(err)
			patterns = append(patterns, embed(p)...)
		}
		return pointers(patterns)
	})
}

// keyCoordinate is the coordinate of a context key.
func (s *space) keyCoordinate(name string) int {
	if at, ok := s.keys[name]; ok {
		return at
	}
	c := &coordinate{name: s.facts.spelling(name), memo: map[string]*point{}}
	c.options = s.keyOptions(name)
	s.coordinates = append(s.coordinates, c)
	s.keys[name] = len(s.coordinates) - 1
	return len(s.coordinates) - 1
}

// finish compiles the conditions on context keys; no more are added. Once the
// context has ended the space is of no use.
func (s *space) finish() error {
	for i, c := range s.coordinates[callerCoordinate+1:] {
		if i&0xFF == 0xFF && s.ended() {
			break
		}
		key, err := classes.NewKey(c.conditions, c.options)
		s.fault(err)
		c.key = key
	}
	return errors.Join(s.faults...)
}

// A point is a value of a coordinate, and what is known of the predicates there.
type point struct {
	answer classes.Answer
	words  []classes.Word // of a context key: none means that it is absent
	core   []int          // where there is no value: predicates that exclude each other
	truths []int8         // by local number: 0 not worked out yet, 1 true, 2 false
	// children are the points where one more predicate is false, by local number.
	children map[int]*point
}

// find looks for a value on a coordinate for which some predicates are true and
// others are not. Numbers are those of the coordinate.
func (s *space) find(at int, holds, fails []int) *point {
	c := s.coordinates[at]
	id := key(holds, fails)
	if p, ok := c.memo[id]; ok && !s.slow {
		return p
	}
	p := &point{}
	if c.key != nil {
		p.words, p.answer, p.core = c.key.Find(holds, fails)
	} else {
		p.words, p.answer, p.core = s.findText(c, holds, fails)
	}
	if p.answer != classes.NotKnown {
		c.memo[id] = p
	}
	return p
}

func key(holds, fails []int) string {
	b := make([]byte, 0, 4*(len(holds)+len(fails)+1))
	for _, n := range holds {
		b = strconv.AppendInt(append(b, '+'), int64(n), 32)
	}
	for _, n := range fails {
		b = strconv.AppendInt(append(b, '-'), int64(n), 32)
	}
	return string(b)
}

func (s *space) findText(c *coordinate, holds, fails []int) ([]classes.Word, classes.Answer, []int) {
	q := classes.Question{NoBraces: c.noBraces, Slow: s.slow}
	q.Clauses = append(q.Clauses, c.universe...)
	var locals []int
	for _, n := range holds {
		q.Clauses, locals = append(q.Clauses, c.clauses[n]), append(locals, n)
	}
	for _, n := range fails {
		opposite := c.clauses[n]
		opposite.None = !opposite.None
		q.Clauses, locals = append(q.Clauses, opposite), append(locals, n)
	}
	w, a, core := q.Find(s.budget)
	var local []int
	for _, i := range core {
		if i >= len(c.universe) {
			local = append(local, locals[i-len(c.universe)])
		}
	}
	return []classes.Word{w}, a, local
}

// fails reports whether a predicate is false at a point, whatever the values are
// that are not known.
func (s *space) fails(p *point, id int) bool {
	pred := s.predicates[id]
	c := s.coordinates[pred.coordinate]
	for len(p.truths) <= pred.local {
		p.truths = append(p.truths, 0)
	}
	if p.truths[pred.local] == 0 {
		var fails bool
		if c.key != nil {
			fails = !c.key.Holds(pred.local, p.words, true)
		} else {
			fails = !c.clauses[pred.local].Holds(p.words[0])
		}
		p.truths[pred.local] = 1
		if fails {
			p.truths[pred.local] = 2
		}
	}
	return p.truths[pred.local] == 2
}
