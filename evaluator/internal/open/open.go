package open

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/logic"
)

// An openKey is a context key whose value a request leaves open. The policies
// tell its values apart in classes: all values of a class decide alike.
type openKey struct {
	name    string
	state   engine.State // Unknown, or Present for a key that exists
	implied bool         // it is open without an entry in the context
	rule    bool         // fixed rules ask for it, not only statements
	named   bool         // statements that may apply ask for it
	single  bool         // it is taken to have one value at most
	part    *engine.KnownPart
	asked   []classes.Condition // what the statements ask of it, each once
	classes []classes.Class
	ends    [][]uint64 // by class: the statements that it keeps from applying
}

// An exploration is a request with all values that the keys it leaves open can
// have. It has a copy of all that it reads of the request.
type exploration struct {
	ev         engine.Evaluation
	question   question
	known      engine.Context
	keys       []openKey
	statements []openStatement
	diagram    diagram
	root       int32
	denied     engine.Decision // that all denials share, else one without more than they share
	exact      bool            // all values were looked at
	states     classes.Budget
	work       int // evaluations and comparisons left
}

// An openStatement is a statement that may apply, depending on open keys.
type openStatement struct {
	set *engine.Set
	*engine.Statement
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
func explore(ev *engine.Evaluation, q question) *exploration {
	x := &exploration{ev: *ev, question: q, exact: true, states: classes.Budget{States: mostStates}, work: mostWork}
	x.ev.Request = new(engine.Request)
	*x.ev.Request = *ev.Request
	x.findKeys()
	if len(x.keys) == 0 || x.ev.Decide().Outcome() != engine.Indeterminate {
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
	var ruled []*engine.ContextKey
	for row := range ev.Rules {
		for i := range row.Conditions {
			ruled = append(ruled, &engine.ContextKey{Name: row.Conditions[i].Key})
		}
	}
	add := func(k *engine.ContextKey, byRule bool) {
		if slices.ContainsFunc(x.keys, func(o openKey) bool { return fold.Equal(o.name, k.Name) }) {
			return
		}
		o := openKey{name: k.Name, state: engine.Unknown}
		o.rule = slices.ContainsFunc(ruled, func(r *engine.ContextKey) bool { return fold.Equal(r.Name, k.Name) })
		switch v := ev.Value(k); v.State {
		case engine.KnownKey:
			return
		case engine.AbsentKey:
			if byRule || x.question != whatIsMissing || ev.NeverHas(k) || ev.Request.Context.Index(k.Name) >= 0 {
				return
			}
		case engine.PresentKey:
			o.state, o.part = engine.Present, v.Part
			o.implied = ev.Request.Context.Index(k.Name) < 0
		case engine.UnknownKey:
			o.implied = ev.Request.Context.Index(k.Name) < 0
		}
		x.keys = append(x.keys, o)
	}
	for _, k := range ruled {
		add(k, true)
	}
	for l := range ev.Layers {
		named := engine.NamedBy(l.Set, ev)
		for i := range engine.StatementsOf(l.Set) {
			if named[i] {
				engine.StatementsOf(l.Set)[i].EachKey(l.Set, func(k *engine.ContextKey) { add(k, false) })
			}
		}
	}
	for _, k := range ev.Request.Context {
		if !slices.ContainsFunc(x.keys, func(o openKey) bool { return fold.Equal(o.name, k.Name) }) {
			x.known = append(x.known, k)
		}
	}
	x.assign(nil)
}

// findStatements finds those that may apply.
func (x *exploration) findStatements() {
	for l := range x.ev.Layers {
		named := engine.NamedBy(l.Set, &x.ev)
		for i := range engine.StatementsOf(l.Set) {
			if st := &engine.StatementsOf(l.Set)[i]; named[i] && st.Applies(&x.ev, l.Set, nil).Any() != logic.No {
				x.statements = append(x.statements, openStatement{l.Set, st})
			}
		}
	}
}

// assign sets the first open keys to values of a class each, and leaves the
// others open.
func (x *exploration) assign(to []int) {
	c := append(x.ev.Request.Context[:0:0], x.known...)
	for i := range x.keys {
		k := &x.keys[i]
		switch {
		case i < len(to):
			c = append(c, engine.Key{Name: k.name, Values: k.classes[to[i]].Values})
		case !k.implied:
			c = append(c, engine.Key{Name: k.name, State: k.state})
		}
	}
	x.ev.Request.Context = c
}

// with is the request with one of its open keys known.
func (x *exploration) with(name string, values []string) *engine.Evaluation {
	ev, request := x.ev, *x.ev.Request
	request.Context = slices.DeleteFunc(slices.Clone(request.Context), func(k engine.Key) bool { return fold.Equal(k.Name, name) })
	request.Context = append(request.Context, engine.Key{Name: name, Values: values})
	ev.Request = &request
	return &ev
}

// open is the open key of a name; nil for a key that is not open.
func (x *exploration) open(k *engine.ContextKey) *openKey {
	i := slices.IndexFunc(x.keys, func(o openKey) bool { return fold.Equal(o.name, k.Name) })
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
	meet := func(k *engine.ContextKey) {
		if o := x.open(k); o != nil {
			o.named = true
			if !slices.Contains(met, o) {
				met = append(met, o)
			}
		}
	}
	for _, id := range st.Conditions {
		c := &engine.ConditionsOf(st.set)[id]
		met = met[:0]
		c.EachVariable(st.set, meet)
		variables := len(met)
		folded := c.Operator.Test == policy.StringEqualsIgnoreCase || c.Operator.Test == policy.StringNotEqualsIgnoreCase || c.Operator.Test == policy.Bool
		asked := x.open(&engine.KeysOf(st.set)[c.Key])
		if asked != nil {
			asked.named = true
		}
		if variables > 1 || variables == 1 && (asked != nil || folded) {
			x.exact = false
		}
	}
	met = met[:0]
	for i := range st.Resources {
		st.Resources[i].EachKey(st.set, meet)
	}
	if len(met) > 1 || len(met) == 1 && x.ev.Partly {
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
			x.known = append(x.known, engine.Key{Name: k.name, State: k.state})
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
	for row := range x.ev.Rules {
		for _, c := range row.Conditions {
			if fold.Equal(c.Key, k.name) {
				k.ask(c.Operator, false, c.Values...)
			}
		}
	}
	if k.part != nil {
		k.asked = append(k.asked, condition2012(k.name, policy.StringLike, pattern.Escape(k.part.Prefix)+"*"+pattern.Escape(k.part.Suffix)))
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
		Bind: x.bind, Single: k.single, Present: k.state == engine.Present, Budget: &x.states,
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
	if k.state == engine.Present {
		if len(k.classes) == 0 { // conditions of several types, which no value has: any stands for one
			k.classes, x.exact = list, false
		}
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
				c.Holds[i] = e.Holds(logic.Of(values != nil)) == logic.Yes
			default:
				c.Holds[i] = operator.Holds(o, len(values), func(n int) logic.Truth {
					return operator.Satisfied(o, logic.Of(slices.Contains(asked.Values, values[n])))
				}) == logic.Yes
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
	if k.state != engine.Present {
		add()
	}
}

// wellTyped reports whether the values are of the type that is asked for.
func (k *openKey) wellTyped(values []string) bool {
	for _, c := range k.asked {
		// What is no ARN is a text that ARN operators do not match.
		t := c.Operator.Type()
		if t != 0 && t != policy.ARNValue && slices.ContainsFunc(values, func(v string) bool { return !IsOf(t, v) }) {
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
	document := engine.DocumentsOf(st.set)[st.Document].Document
	written := document.Statements[st.Index].Condition
	named := func(v *engine.ContextKey) bool { return fold.Equal(v.Name, k.name) }
	for i, id := range st.Conditions {
		c := &engine.ConditionsOf(st.set)[id]
		asked := engine.KeysOf(st.set)[c.Key]
		variable := false
		c.EachVariable(st.set, func(v *engine.ContextKey) { variable = variable || named(v) })
		switch {
		case named(&asked):
			k.ask(written[i].Operator, document.Version == policy.Version2012, written[i].Values...)
		case variable:
			x.askedAsVariable(k, x.ev.Value(&asked), nil, func(ev *engine.Evaluation) logic.Truth { return c.Holds(ev, st.set, nil) })
		}
	}
	variable, starts := false, []int{}
	for i := range st.Resources {
		p := &st.Resources[i]
		here := false
		p.EachKey(st.set, func(v *engine.ContextKey) { here = here || named(v) })
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
		case strings.HasPrefix(x.ev.Resource.Text(), begins):
			starts = append(starts, len(begins))
		}
	}
	if variable {
		x.askedAsVariable(k, engine.KnownText(x.ev.Resource.Text()), starts, func(ev *engine.Evaluation) logic.Truth {
			return st.ResourceMatches(ev, st.set, nil)
		})
	}
}

// askedAsVariable finds the values of a key that make a difference as a
// variable in a pattern for a text: they are literal there (L-10), so that only
// parts of the text can. Starts are where in the text they can begin; nil is
// anywhere.
func (x *exploration) askedAsVariable(k *openKey, texts engine.KeyValue, starts []int, holds func(*engine.Evaluation) logic.Truth) {
	otherwise := holds(x.with(k.name, []string{"\uFFFF"}))
	var values []string
	tried := map[string]bool{}
	for n := range texts.Count() {
		text := texts.At(n)
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
				if x.work -= trial + 4*len(x.ev.Request.Context); x.work < 0 {
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
	k := engine.NewContextKey(v.Key)
	value := x.ev.Value(&k)
	switch {
	case law.IsMultivalued(v.Key):
		return classes.Binding{None: true}
	case value.Count() == 1:
		return classes.Binding{Text: value.At(0)}
	case value.State == engine.AbsentKey && v.HasDefault:
		return classes.Binding{Text: v.Default}
	}
	return classes.Binding{None: true}
}

// asks reports whether the statement asks for the key.
func (st *openStatement) asks(name string) (asked bool) {
	st.EachKey(st.set, func(k *engine.ContextKey) { asked = asked || fold.Equal(k.Name, name) })
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
	if x.work -= len(k.classes) * (len(x.statements) + len(asking)*len(x.ev.Request.Context)/looking); x.work < 0 {
		x.exact = false
		return
	}
	k.ends = make([][]uint64, len(k.classes))
	for c := range k.classes {
		ends := x.none()
		ev := x.with(k.name, k.classes[c].Values)
		for _, n := range asking {
			if st := x.statements[n]; st.Applies(ev, st.set, nil).Any() == logic.No {
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
	switch d := x.ev.Decide(); {
	case d.Allowed():
		return allowedLeaf
	case d.Denied():
		x.deny(d)
		return deniedLeaf
	case len(to) == len(x.keys):
		return openLeaf
	}
	k := &x.keys[len(to)]
	if len(k.classes) == 0 {
		x.exact = false // its values could not be told apart
		return openLeaf
	}
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
func (x *exploration) deny(d engine.Decision) {
	if x.denied == (engine.Decision{}) || x.denied.Outcome() == engine.ExplicitDeny && d.Outcome() == engine.ImplicitDeny {
		x.denied = d
	}
}
