package open

import (
	"slices"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/logic"
	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
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
	asking  []asking            // where statements ask for it, in their order
	asked   []classes.Condition // what they ask of it, each once
	heard   map[string]bool     // asked, as texts
	classes []classes.Class
	ends    [][]uint64 // by class: the statements that it keeps from applying
}

// An asking is where a statement asks for a key: the indexes of the statement and
// of its condition.
type asking struct{ statement, condition int }

// inResources stands for a condition where the resources ask.
const inResources = -1

// classify finds the classes of a key's values.
func (x *exploration) classify(k *openKey) {
	for _, at := range k.asking {
		if x.askedAt(at, k); !x.exact {
			return
		}
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
		x.literalClasses(k)
		return
	}
	if len(k.asked) > mostAsked || k.bytes() > mostBytes {
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
		return
	}
	absent := classes.Class{Holds: make([]bool, len(k.asked))}
	for i := range absent.Holds {
		absent.Holds[i] = values.Holds(i, nil, true)
	}
	if !slices.ContainsFunc(k.classes, func(has classes.Class) bool { return slices.Equal(has.Holds, absent.Holds) }) {
		k.classes = append(k.classes, absent)
	}
}

// How many conditions on one key are told apart, and of how many bytes, unless
// all of them compare with whole texts.
const (
	mostAsked = 32
	mostBytes = 1 << 14
)

// bytes is how long the values are that the conditions compare with.
func (k *openKey) bytes() (n int) {
	for _, c := range k.asked {
		for _, v := range c.Values {
			n += len(v)
		}
	}
	return n
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

// literalClasses finds the classes where all conditions compare with whole
// texts: those of the texts, of another text, and of an absent key.
func (x *exploration) literalClasses(k *openKey) {
	listed := map[string][]int{} // by text: the conditions that list it
	var texts []string
	for i, asked := range k.asked {
		if asked.Operator.Test == policy.Null {
			continue
		}
		for _, v := range asked.Values {
			at, known := listed[v]
			if !known {
				texts = append(texts, v)
			}
			if !known || at[len(at)-1] != i {
				listed[v] = append(at, i)
			}
		}
	}
	seen := map[string]bool{}
	add := func(holds []bool, values ...string) {
		name := make([]byte, len(holds))
		for i, h := range holds {
			name[i] = byte(logic.Of(h))
		}
		if !seen[string(name)] {
			seen[string(name)] = true
			k.classes = append(k.classes, classes.Class{Values: values, Holds: holds})
		}
	}
	other := k.holds(1)
	for _, v := range texts {
		if !x.spend(1 + len(k.asked)/looking) {
			return
		}
		holds := slices.Clone(other)
		for _, i := range listed[v] {
			holds[i] = operator.Satisfied(k.asked[i].Operator, logic.Yes) == logic.Yes
		}
		add(holds, v)
	}
	text := "other"
	for listed[text] != nil {
		text += "x"
	}
	add(other, text)
	if k.state != engine.Present {
		add(k.holds(0))
	}
}

// holds says which conditions hold, all of which compare with whole texts, where
// the key has a number of values and none is listed.
func (k *openKey) holds(values int) []bool {
	holds := make([]bool, len(k.asked))
	for i, asked := range k.asked {
		if asked.Operator.Test == policy.Null {
			var e operator.Existence
			for _, v := range asked.Values {
				e.Add(v)
			}
			holds[i] = e.Holds(logic.Of(values > 0)) == logic.Yes
			continue
		}
		holds[i] = operator.Holds(asked.Operator, values, func(int) logic.Truth {
			return operator.Satisfied(asked.Operator, logic.No)
		}) == logic.Yes
	}
	return holds
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
	name := []byte(o.String())
	for _, v := range values {
		name = append(strconv.AppendInt(append(name, ' '), int64(len(v)), 10), ':')
		name = append(name, v...)
	}
	name = strconv.AppendBool(append(name, ' '), variables)
	if k.heard[string(name)] {
		return
	}
	if k.heard == nil {
		k.heard = map[string]bool{}
	}
	k.heard[string(name)] = true
	k.asked = append(k.asked, classes.Condition{Condition: policy.Condition{Operator: o, Key: k.name, Values: values}, Variables: variables})
}

// askedAt adds what a statement asks of the key in one place.
func (x *exploration) askedAt(at asking, k *openKey) {
	st := x.statements[at.statement]
	document := engine.DocumentsOf(st.set)[st.Document].Document
	if at.condition != inResources {
		c := &engine.ConditionsOf(st.set)[st.Conditions[at.condition]]
		if asked := engine.KeysOf(st.set)[c.Key]; fold.Equal(asked.Name, k.name) {
			written := &document.Statements[st.Index].Condition[at.condition]
			k.ask(written.Operator, document.Version == policy.Version2012, written.Values...)
		} else {
			x.askedAsVariable(k, x.ev.Value(&asked), nil, st.cost, func(ev *engine.Evaluation) logic.Truth { return c.Holds(ev, st.set, nil) })
		}
		return
	}
	starts := []int{}
	for i := range st.Resources {
		p := &st.Resources[i]
		here := false
		p.EachKey(st.set, func(v *engine.ContextKey) { here = here || fold.Equal(v.Name, k.name) })
		if !here {
			continue
		}
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
	x.askedAsVariable(k, engine.KnownText(x.ev.Resource.Text()), starts, st.cost, func(ev *engine.Evaluation) logic.Truth {
		return st.ResourceMatches(ev, st.set, nil)
	})
}

// askedAsVariable finds the values of a key that make a difference as a
// variable in a pattern for a text: they are literal there (L-10), so that only
// parts of the text can. Starts are where in the text they can begin; nil is
// anywhere.
func (x *exploration) askedAsVariable(k *openKey, texts engine.KeyValue, starts []int, cost int, holds func(*engine.Evaluation) logic.Truth) {
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
				if !x.spend(trial + cost + 4*len(x.ev.Request.Context)) {
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
