package evaluator

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// An openKey is a context key whose value a request leaves open. The policies
// tell its values apart in classes: all values of a class decide alike.
type openKey struct {
	name    string
	state   State // Unknown, or Present for a key that exists
	implied bool  // it is open without an entry in the context
	rule    bool  // fixed rules ask for it, not only statements
	named   bool  // statements that may apply ask for it
	single  bool  // it is taken to have one value at most
	part    *knownPart
	asked   []classes.Condition // what the statements ask of it, each once
	classes []classes.Class
	ends    [][]uint64 // by class: the statements that it keeps from applying
}

// An exploration is a request with all values that the keys it leaves open can
// have. It has a copy of all that it reads of the request.
type exploration struct {
	ev         evaluation
	question   question
	known      Context
	keys       []openKey
	statements []openStatement
	diagram    diagram
	root       int32
	denied     Decision // that all denials share, else one without more than they share
	exact      bool     // all values were looked at
	states     classes.Budget
	work       int // evaluations and comparisons left
}

// An openStatement is a statement that may apply, depending on open keys.
type openStatement struct {
	set *Set
	*statement
}

// What bounds an exploration. Twelve keys stay far below it, unless nearly every
// mix of their values leaves other statements.
const (
	mostStates = 1 << 17 // of automata that find values
	mostWork   = 1 << 20 // statements compared, and places tried
)

// A question says what of an open request is looked at.
type question uint8

const (
	// whetherSettled: the keys that it says are not known, whatever their values.
	whetherSettled question = iota
	// whatAllows: the same keys, with values of the type that is asked for.
	whatAllows
	// whatIsMissing: the keys, too, that it does not give.
	whatIsMissing
)

// explore looks at all that the request may turn out to be. It is nil where none
// of its open keys can change the outcome.
func (ev *evaluation) explore(q question) *exploration {
	x := &exploration{ev: *ev, question: q, exact: true, states: classes.Budget{States: mostStates}, work: mostWork}
	x.ev.request = new(Request)
	*x.ev.request = *ev.request
	x.findKeys()
	if len(x.keys) == 0 || x.ev.decide().Outcome() != Indeterminate {
		return nil
	}
	x.findStatements()
	for _, st := range x.statements {
		x.name(st)
	}
	for i := 0; x.exact && i < len(x.keys); i++ {
		x.classify(&x.keys[i])
	}
	if x.exact {
		x.dropUnasked()
	}
	for i := 0; x.exact && i < len(x.keys); i++ {
		x.endings(i)
	}
	if x.exact {
		x.diagram.interned = map[string]int32{}
		x.root = x.visit(make([]int, 0, len(x.keys)), x.none(), map[string]int32{})
	}
	return x
}

// none is a set of statements with none in it.
func (x *exploration) none() []uint64 { return make([]uint64, (len(x.statements)+63)/64) }

// findKeys finds the keys that are open and that a statement for the action, or
// a fixed rule, asks for.
func (x *exploration) findKeys() {
	ev := &x.ev
	var ruled []*contextKey
	for row := range ev.rules {
		for i := range row.Conditions {
			ruled = append(ruled, &contextKey{name: row.Conditions[i].Key})
		}
	}
	add := func(k *contextKey, byRule bool) {
		if slices.ContainsFunc(x.keys, func(o openKey) bool { return fold.Equal(o.name, k.name) }) {
			return
		}
		o := openKey{name: k.name, state: Unknown}
		o.rule = slices.ContainsFunc(ruled, func(r *contextKey) bool { return fold.Equal(r.name, k.name) })
		switch v := ev.value(k); v.state {
		case knownKey:
			return
		case absentKey:
			if byRule || x.question != whatIsMissing || ev.neverHas(k) || ev.request.Context.Index(k.name) >= 0 {
				return
			}
		case presentKey:
			o.state, o.part = Present, v.part
			o.implied = ev.request.Context.Index(k.name) < 0
		case unknownKey:
			o.implied = ev.request.Context.Index(k.name) < 0
		}
		x.keys = append(x.keys, o)
	}
	for _, k := range ruled {
		add(k, true)
	}
	for l := range ev.layers {
		named := l.named(ev)
		for i := range l.statements {
			if named[i] {
				l.statements[i].eachKey(l.Set, func(k *contextKey) { add(k, false) })
			}
		}
	}
	for _, k := range ev.request.Context {
		if !slices.ContainsFunc(x.keys, func(o openKey) bool { return fold.Equal(o.name, k.Name) }) {
			x.known = append(x.known, k)
		}
	}
	x.assign(nil)
}

// neverHas reports whether no request of such a caller for the action has the
// key, beyond what follows from caller and target.
func (ev *evaluation) neverHas(k *contextKey) bool {
	return !k.known.Row().AtTimes.Has(ev.caller.Principal.kind) || ev.lacks(k.known)
}

// eachKey visits the keys that the statement asks for, in its conditions and
// its variables.
func (st *statement) eachKey(s *Set, visit func(*contextKey)) {
	for i := range st.resources {
		st.resources[i].eachKey(s, visit)
	}
	for _, id := range st.conditions {
		s.conditions[id].eachKey(s, visit)
	}
}

func (c *condition) eachKey(s *Set, visit func(*contextKey)) {
	visit(&s.keys[c.key])
	c.eachVariable(s, visit)
}

func (c *condition) eachVariable(s *Set, visit func(*contextKey)) {
	for i := range c.patterns {
		c.patterns[i].eachKey(s, visit)
	}
	for i := range c.texts {
		for _, part := range c.texts[i].parts {
			if part.variable != nil {
				visit(&s.keys[part.variable.key])
			}
		}
	}
}

func (p *patternValue) eachKey(s *Set, visit func(*contextKey)) {
	if p.template != nil {
		for i := range p.template.variables {
			visit(&s.keys[p.template.variables[i].key])
		}
	}
}

// findStatements finds those that may apply.
func (x *exploration) findStatements() {
	for l := range x.ev.layers {
		named := l.named(&x.ev)
		for i := range l.statements {
			if st := &l.statements[i]; named[i] && st.applies(&x.ev, l.Set, nil).any() != no {
				x.statements = append(x.statements, openStatement{l.Set, st})
			}
		}
	}
}

// assign sets the first open keys to values of a class each, and leaves the
// others open.
func (x *exploration) assign(to []int) {
	c := append(x.ev.request.Context[:0:0], x.known...)
	for i := range x.keys {
		k := &x.keys[i]
		switch {
		case i < len(to):
			c = append(c, Key{Name: k.name, Values: k.classes[to[i]].Values})
		case !k.implied:
			c = append(c, Key{Name: k.name, State: k.state})
		}
	}
	x.ev.request.Context = c
}

// with is the request with one of its open keys known.
func (x *exploration) with(name string, values []string) *evaluation {
	ev, request := x.ev, *x.ev.request
	request.Context = slices.DeleteFunc(slices.Clone(request.Context), func(k Key) bool { return fold.Equal(k.Name, name) })
	request.Context = append(request.Context, Key{Name: name, Values: values})
	ev.request = &request
	return &ev
}

// open is the open key of a name; nil for a key that is not open.
func (x *exploration) open(k *contextKey) *openKey {
	i := slices.IndexFunc(x.keys, func(o openKey) bool { return fold.Equal(o.name, k.name) })
	if i < 0 {
		return nil
	}
	return &x.keys[i]
}

// name marks the keys that a statement asks for. Where two of them meet in one
// comparison, or one meets a resource that is not known, classes of values for
// each key alone do not tell everything.
func (x *exploration) name(st openStatement) {
	var met []*openKey
	meet := func(k *contextKey) {
		if o := x.open(k); o != nil {
			o.named = true
			if !slices.Contains(met, o) {
				met = append(met, o)
			}
		}
	}
	for _, id := range st.conditions {
		c := &st.set.conditions[id]
		met = met[:0]
		c.eachVariable(st.set, meet)
		variables := len(met)
		folded := c.operator.Test == policy.StringEqualsIgnoreCase || c.operator.Test == policy.StringNotEqualsIgnoreCase || c.operator.Test == policy.Bool
		asked := x.open(&st.set.keys[c.key])
		if asked != nil {
			asked.named = true
		}
		if variables > 1 || variables == 1 && (asked != nil || folded) {
			x.exact = false
		}
	}
	met = met[:0]
	for i := range st.resources {
		st.resources[i].eachKey(st.set, meet)
	}
	if len(met) > 1 || len(met) == 1 && x.ev.partly {
		x.exact = false
	}
}

// dropUnasked makes keys that nothing asks for known to be open.
func (x *exploration) dropUnasked() {
	x.keys = slices.DeleteFunc(x.keys, func(k openKey) bool {
		if len(k.asked) > 0 {
			return false
		}
		if !k.implied {
			x.known = append(x.known, Key{Name: k.name, State: k.state})
		}
		return true
	})
	x.assign(nil)
}

// classify finds the classes of a key's values.
func (x *exploration) classify(k *openKey) {
	for _, st := range x.statements {
		x.askedBy(st, k)
	}
	for row := range x.ev.rules {
		for _, c := range row.Conditions {
			if fold.Equal(c.Key, k.name) {
				k.ask(c.Operator, false, c.Values...)
			}
		}
	}
	if k.part != nil {
		k.asked = append(k.asked, condition2012(k.name, policy.StringLike, pattern.Escape(k.part.prefix)+"*"+pattern.Escape(k.part.suffix)))
	}
	k.single = !slices.ContainsFunc(k.asked, func(c classes.Condition) bool { return c.Operator.Set != 0 })
	if k.literal() {
		k.literalClasses()
		return
	}
	if len(k.asked) > mostAsked {
		x.exact = false
		return
	}
	values, err := classes.NewKey(k.asked, classes.Options{
		Bind: x.bind, Single: k.single, Present: k.state == Present, Budget: &x.states,
	})
	if err != nil {
		x.exact = false
		return
	}
	list, err := values.Classes()
	if err != nil {
		x.exact = false
	}
	if k.part != nil {
		list = slices.DeleteFunc(list, func(c classes.Class) bool { return !c.Holds[len(k.asked)-1] })
	}
	// A value of another type can stand for a class that has other values too.
	k.classes = slices.DeleteFunc(list, func(c classes.Class) bool {
		switch {
		case x.question == whetherSettled, k.wellTyped(c.Values):
			return false
		case !k.single:
			x.exact = false
		}
		return true
	})
	if k.state == Present {
		return
	}
	absent := classes.Class{Holds: make([]bool, len(k.asked))}
	for i := range absent.Holds {
		absent.Holds[i] = values.Holds(i, nil, true)
	}
	k.addClass(absent)
}

// mostAsked is how many conditions on one key are told apart, unless all of
// them compare with whole texts.
const mostAsked = 32

func (k *openKey) addClass(c classes.Class) {
	if !slices.ContainsFunc(k.classes, func(has classes.Class) bool { return slices.Equal(has.Holds, c.Holds) }) {
		k.classes = append(k.classes, c)
	}
}

// literal reports whether all conditions compare with whole texts.
func (k *openKey) literal() bool {
	return !slices.ContainsFunc(k.asked, func(c classes.Condition) bool {
		switch c.Operator.Test {
		case policy.StringEquals, policy.StringNotEquals:
			return c.Operator.Set != 0 || c.Variables && slices.ContainsFunc(c.Values, func(v string) bool { return strings.Contains(v, "${") })
		case policy.Null:
			return false
		}
		return true
	})
}

// literalClasses are those of the texts, of another text, and of an absent key.
func (k *openKey) literalClasses() {
	other := "other"
	tried := map[string]bool{}
	add := func(values ...string) {
		c := classes.Class{Values: values, Holds: make([]bool, len(k.asked))}
		for i, asked := range k.asked {
			o := asked.Operator
			switch {
			case o.Test == policy.Null:
				var e operator.Existence
				for _, v := range asked.Values {
					e.Add(v)
				}
				c.Holds[i] = e.Holds(truthOf(values != nil)) == yes
			default:
				c.Holds[i] = operator.Holds(o, len(values), func(n int) truth {
					return operator.Satisfied(o, truthOf(slices.Contains(asked.Values, values[n])))
				}) == yes
			}
		}
		k.addClass(c)
	}
	for _, asked := range k.asked {
		for _, v := range asked.Values {
			for v == other {
				other += "x"
			}
			if asked.Operator.Test != policy.Null && !tried[v] {
				tried[v] = true
				add(v)
			}
		}
	}
	for tried[other] {
		other += "x"
	}
	add(other)
	if k.state != Present {
		add()
	}
}

// wellTyped reports whether the values are of the type that is asked for.
func (k *openKey) wellTyped(values []string) bool {
	for _, c := range k.asked {
		// What is no ARN is a text that ARN operators do not match.
		t := typesOf[c.Operator.Family()]
		if t != 0 && t != policy.ARNValue && slices.ContainsFunc(values, func(v string) bool { return !isOf(t, v) }) {
			return false
		}
	}
	return true
}

func condition2012(key string, test policy.Test, values ...string) classes.Condition {
	return classes.Condition{Variables: true, Condition: policy.Condition{Operator: policy.Operator{Test: test}, Key: key, Values: values}}
}

func (k *openKey) ask(o policy.Operator, variables bool, values ...string) {
	c := classes.Condition{Condition: policy.Condition{Operator: o, Key: k.name, Values: values}, Variables: variables}
	for _, has := range k.asked {
		if has.Operator == c.Operator && has.Variables == c.Variables && slices.Equal(has.Values, c.Values) {
			return
		}
	}
	k.asked = append(k.asked, c)
}

// askedBy adds what a statement asks of the key.
func (x *exploration) askedBy(st openStatement, k *openKey) {
	document := st.set.documents[st.document].Document
	written := document.Statements[st.index].Condition
	named := func(v *contextKey) bool { return fold.Equal(v.name, k.name) }
	for i, id := range st.conditions {
		c := &st.set.conditions[id]
		asked := st.set.keys[c.key]
		variable := false
		c.eachVariable(st.set, func(v *contextKey) { variable = variable || named(v) })
		switch {
		case named(&asked):
			k.ask(written[i].Operator, document.Version == policy.Version2012, written[i].Values...)
		case variable:
			x.askedAsVariable(k, x.ev.value(&asked), nil, func(ev *evaluation) truth { return c.holds(ev, st.set, nil) })
		}
	}
	variable, starts := false, []int{}
	for i := range st.resources {
		p := &st.resources[i]
		here := false
		p.eachKey(st.set, func(v *contextKey) { here = here || named(v) })
		if !here {
			continue
		}
		variable = true
		// Mostly the variable stands right behind the literal beginning.
		begins := p.Prefix()
		switch rest, literal := strings.CutPrefix(p.String(), begins); {
		case starts == nil:
		case !literal || !strings.HasPrefix(rest, "${"):
			starts = nil
		case strings.HasPrefix(x.ev.resource.Text(), begins):
			starts = append(starts, len(begins))
		}
	}
	if variable {
		x.askedAsVariable(k, known(x.ev.resource.Text()), starts, func(ev *evaluation) truth {
			return st.resourceMatches(ev, st.set, nil)
		})
	}
}

// askedAsVariable finds the values of a key that make a difference as a
// variable in a pattern for a text: they are literal there (L-10), so that only
// parts of the text can. Starts are where in the text they can begin; nil is
// anywhere.
func (x *exploration) askedAsVariable(k *openKey, texts keyValue, starts []int, holds func(*evaluation) truth) {
	otherwise := holds(x.with(k.name, []string{"\uFFFF"}))
	var values []string
	tried := map[string]bool{}
	for n := range texts.count() {
		text := texts.at(n)
		from := starts
		if starts == nil {
			from = make([]int, len(text)+1)
			for i := range from {
				from[i] = i
			}
		}
		for _, i := range from {
			for j := i; j <= len(text); j++ {
				part := text[i:j]
				if tried[part] {
					continue
				}
				tried[part] = true
				if x.work -= trial + 4*len(x.ev.request.Context); x.work < 0 {
					x.exact = false
					return
				}
				if holds(x.with(k.name, []string{part})) != otherwise {
					values = append(values, part)
				}
			}
		}
	}
	if values != nil {
		k.ask(policy.Operator{Test: policy.StringEquals}, false, values...)
	}
	k.ask(policy.Operator{Test: policy.Null}, false, "true") // a default, or no value at all
}

// trial is what it costs to try a value besides writing down the request, in
// comparisons.
const trial = 8

// bind is the value of a policy variable.
func (x *exploration) bind(v pattern.Variable) classes.Binding {
	k := newContextKey(v.Key)
	value := x.ev.value(&k)
	switch {
	case k.multivalued:
		return classes.Binding{None: true}
	case value.count() == 1:
		return classes.Binding{Text: value.at(0)}
	case value.state == absentKey && v.HasDefault:
		return classes.Binding{Text: v.Default}
	}
	return classes.Binding{None: true}
}

// asks reports whether the statement asks for the key.
func (st *openStatement) asks(name string) (asked bool) {
	st.eachKey(st.set, func(k *contextKey) { asked = asked || fold.Equal(k.name, name) })
	return asked
}

// endings finds the statements that each class of a key keeps from applying:
// some of those that ask for it, since all others may still apply.
func (x *exploration) endings(i int) {
	k := &x.keys[i]
	var asking []int
	for n := range x.statements {
		if x.statements[n].asks(k.name) {
			asking = append(asking, n)
		}
	}
	// Each of them looks its keys up in the context, which has no table here.
	if x.work -= len(k.classes) * (len(x.statements) + len(asking)*len(x.ev.request.Context)/looking); x.work < 0 {
		x.exact = false
		return
	}
	k.ends = make([][]uint64, len(k.classes))
	for c := range k.classes {
		ends := x.none()
		ev := x.with(k.name, k.classes[c].Values)
		for _, n := range asking {
			if st := x.statements[n]; st.applies(ev, st.set, nil).any() == no {
				ends[n/64] |= 1 << (n % 64)
			}
		}
		k.ends[c] = ends
	}
}

// looking is how many names of a context are compared in the time of one
// comparison of a statement.
const looking = 16

// visit decides the request with the first keys known, by the engine where the
// others do not matter, else for each class of the next key. What follows
// depends only on which statements are out by now.
func (x *exploration) visit(to []int, out []uint64, seen map[string]int32) int32 {
	place := x.place(to, out)
	if n, ok := seen[place]; ok {
		return n
	}
	n := x.decide(to, out, seen)
	seen[place] = n
	return n
}

func (x *exploration) place(to []int, out []uint64) string {
	b := []byte{byte(len(to)), byte(len(to) >> 8)}
	for _, word := range out {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	for i, class := range to {
		if x.keys[i].rule {
			b = append(b, byte(i), byte(class))
		}
	}
	return string(b)
}

func (x *exploration) decide(to []int, out []uint64, seen map[string]int32) int32 {
	if x.work -= 16 + len(x.statements) + len(x.keys); x.work < 0 {
		x.exact = false
		return openLeaf
	}
	x.assign(to)
	switch d := x.ev.decide(); {
	case d.Allowed():
		return allowedLeaf
	case d.Denied():
		x.deny(d)
		return deniedLeaf
	case len(to) == len(x.keys):
		return openLeaf
	}
	k := &x.keys[len(to)]
	next := make([]int32, len(k.classes))
	for c := range k.classes {
		after := slices.Clone(out)
		for i, word := range k.ends[c] {
			after[i] |= word
		}
		next[c] = x.visit(append(to, c), after, seen)
	}
	return x.diagram.node(len(to), next)
}

// deny remembers what all denials have in common: an implicit deny says less
// than an explicit one.
func (x *exploration) deny(d Decision) {
	if x.denied == (Decision{}) || x.denied.Outcome() == ExplicitDeny && d.Outcome() == ImplicitDeny {
		x.denied = d
	}
}
