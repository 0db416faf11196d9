package open

import (
	"encoding/binary"
	"slices"

	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/internal/logic"
)

// An exploration is a request with all values that the keys it leaves open can
// have. It has a copy of all that it reads of the request.
type exploration struct {
	ev         engine.Evaluation
	question   question
	known      engine.Context
	keys       []openKey
	places     map[string]int // of keys by their names in lower case; -1 of one that is not open
	statements []openStatement
	diagram    diagram
	root       int32
	denied     engine.Decision // that all denials share, else one without more than they share
	exact      bool            // all values were looked at
	states     classes.Budget
	work       int // evaluations and comparisons left
	decision   int // what a decision costs of these
}

// An openStatement is a statement that may apply, depending on open keys.
type openStatement struct {
	set *engine.Set
	*engine.Statement
	cost int // of holding it against the request
}

// What bounds an exploration. Twelve keys stay far below it, unless nearly every
// mix of their values leaves other statements.
const (
	mostStates = 1 << 17 // of automata that find values
	mostWork   = 1 << 20 // statements compared, and places tried
)

// spend takes work from what is left, and reports whether all values can still be
// looked at.
func (x *exploration) spend(work int) bool {
	if x.work -= work; x.work < 0 {
		x.exact = false
	}
	return x.exact
}

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
	conditions := x.findKeys()
	if len(x.keys) == 0 {
		return nil
	}
	// The first decision and what follows look all conditions up.
	if !x.spend(conditions * len(x.ev.Request.Context) / looking) {
		for i := range x.keys {
			x.keys[i].named = true
		}
		return x
	}
	if x.ev.Decide().Outcome() != engine.Indeterminate {
		return nil
	}
	x.findStatements()
	for n := range x.statements {
		x.name(n)
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
// a fixed rule, asks for. It returns how many conditions these statements have.
func (x *exploration) findKeys() (conditions int) {
	ev := &x.ev
	x.places = map[string]int{}
	var ruled []*engine.ContextKey
	for row := range ev.Rules {
		for i := range row.Conditions {
			ruled = append(ruled, &engine.ContextKey{Name: row.Conditions[i].Key})
		}
	}
	add := func(k *engine.ContextKey, byRule bool) {
		name := fold.String(k.Name)
		if _, seen := x.places[name]; seen {
			return
		}
		if !byRule {
			x.places[name] = -1
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
		x.places[name] = len(x.keys)
		x.keys = append(x.keys, o)
	}
	for _, k := range ruled {
		add(k, true)
	}
	for l := range ev.Layers {
		named := engine.NamedBy(l.Set, ev)
		for i := range engine.StatementsOf(l.Set) {
			if st := &engine.StatementsOf(l.Set)[i]; named[i] {
				conditions += len(st.Conditions)
				st.EachKey(l.Set, func(k *engine.ContextKey) { add(k, false) })
			}
		}
	}
	for _, k := range ev.Request.Context {
		if at, seen := x.places[fold.String(k.Name)]; !seen || at < 0 {
			x.known = append(x.known, k)
		}
	}
	x.assign(nil)
	return conditions
}

// findStatements finds those that may apply.
func (x *exploration) findStatements() {
	for l := range x.ev.Layers {
		named := engine.NamedBy(l.Set, &x.ev)
		for i := range engine.StatementsOf(l.Set) {
			if !named[i] {
				continue
			}
			st := openStatement{set: l.Set, Statement: &engine.StatementsOf(l.Set)[i]}
			st.cost = x.costOf(&st)
			x.decision += st.cost
			if st.Applies(&x.ev, l.Set, nil).Any() != logic.No {
				x.statements = append(x.statements, st)
			}
		}
	}
}

// costOf is about what it costs to hold a statement against the request.
func (x *exploration) costOf(st *openStatement) int {
	cost := 1
	for i := range st.Resources {
		cost += 1 + len(st.Resources[i].String())*len(x.ev.Resource.Text())/matching
	}
	document := engine.DocumentsOf(st.set)[st.Document].Document
	for i, id := range st.Conditions {
		written, got := 0, 0
		for _, v := range document.Statements[st.Index].Condition[i].Values {
			written += len(v)
		}
		value := x.ev.Value(&engine.KeysOf(st.set)[engine.ConditionsOf(st.set)[id].Key])
		for n := range value.Count() {
			got += len(value.At(n))
		}
		// Each key is looked up in the context, which has no table here.
		cost += 1 + len(x.ev.Request.Context)/looking + written*got/matching
	}
	return cost
}

// What takes the time of one comparison of a statement: how many names of a
// context are compared, and how many bytes of a pattern and a text, multiplied.
const (
	looking  = 16
	matching = 1 << 11
)

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
	if at, seen := x.places[fold.String(k.Name)]; seen && at >= 0 {
		return &x.keys[at]
	}
	return nil
}

// name marks the keys that a statement asks for. Where two of them meet in one
// comparison, or one meets a resource that is not known, classes of values for
// each key alone do not tell everything.
func (x *exploration) name(n int) {
	st := &x.statements[n]
	var met []*openKey // by a comparison, two at most: more make no difference
	at := asking{statement: n}
	meet := func(k *engine.ContextKey) {
		o := x.open(k)
		if o == nil {
			return
		}
		o.named = true
		if len(o.asking) == 0 || o.asking[len(o.asking)-1] != at {
			o.asking = append(o.asking, at)
		}
		if len(met) < 2 && !slices.Contains(met, o) {
			met = append(met, o)
		}
	}
	for i, id := range st.Conditions {
		at.condition = i
		c := &engine.ConditionsOf(st.set)[id]
		met = met[:0]
		c.EachVariable(st.set, meet)
		variables := len(met)
		folded := c.Operator.Test == policy.StringEqualsIgnoreCase || c.Operator.Test == policy.StringNotEqualsIgnoreCase || c.Operator.Test == policy.Bool
		key := &engine.KeysOf(st.set)[c.Key]
		meet(key)
		if variables > 1 || variables == 1 && (x.open(key) != nil || folded) {
			x.exact = false
		}
	}
	at.condition = inResources
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

// endings finds the statements that each class of a key keeps from applying:
// some of those that ask for it, since all others may still apply.
func (x *exploration) endings(i int) {
	k := &x.keys[i]
	var asked []int
	work := 1 + (len(x.statements)+len(x.ev.Request.Context))/looking
	for _, at := range k.asking {
		if len(asked) == 0 || asked[len(asked)-1] != at.statement {
			asked = append(asked, at.statement)
			work += x.statements[at.statement].cost
		}
	}
	if !x.spend(len(k.classes) * work) {
		return
	}
	k.ends = make([][]uint64, len(k.classes))
	for c := range k.classes {
		ends := x.none()
		ev := x.with(k.name, k.classes[c].Values)
		for _, n := range asked {
			if st := x.statements[n]; st.Applies(ev, st.set, nil).Any() == logic.No {
				ends[n/64] |= 1 << (n % 64)
			}
		}
		k.ends[c] = ends
	}
}

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
	b := binary.AppendUvarint(nil, uint64(len(to)))
	for _, word := range out {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	for i, class := range to {
		if x.keys[i].rule {
			b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(i)), uint64(class))
		}
	}
	return string(b)
}

func (x *exploration) decide(to []int, out []uint64, seen map[string]int32) int32 {
	if !x.spend(16 + x.decision + len(x.keys)) {
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
