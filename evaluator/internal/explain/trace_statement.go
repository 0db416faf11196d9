package explain

import (
	"slices"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/variable"
	"github.com/iamsim/iamsim/policy"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/internal/logic"
)

// tracePolicies holds every statement of the set against the request; of a layer that
// does not bind it only names the policies.
func tracePolicies(l engine.Layered, ev *engine.Evaluation, binds bool) []PolicyTrace {
	policies := make([]PolicyTrace, len(engine.DocumentsOf(l.Set)))
	for i := range engine.DocumentsOf(l.Set) {
		a := &engine.DocumentsOf(l.Set)[i]
		policies[i] = PolicyTrace{Name: a.DisplayName(), ARN: a.ARN, From: a.From}
	}
	if !binds {
		return policies
	}
	for i := range engine.StatementsOf(l.Set) {
		st := &engine.StatementsOf(l.Set)[i]
		written := &engine.DocumentsOf(l.Set)[st.Document].Document.Statements
		if int(st.Index) >= len(*written) {
			continue // somebody changed the document since
		}
		t := tracer{Evaluation: ev, Layered: l, Statement: st, written: &(*written)[st.Index]}
		into := &policies[st.Document]
		into.Statements = append(into.Statements, t.trace())
	}
	return policies
}

// A tracer holds one statement against the request.
type tracer struct {
	*engine.Evaluation
	engine.Layered
	*engine.Statement
	written *policy.Statement
}

func (t *tracer) trace() StatementTrace {
	at := appliedStatement{Layered: t.Layered, Statement: t.Statement}
	attached := at.attached()
	s := StatementTrace{
		Layer: t.Layer, Level: t.Level, Policy: attached.DisplayName(),
		Index: int(t.Index), Sid: t.written.Sid, Effect: t.Effect,
	}
	action := t.action()
	if action.Match == Matches {
		at.grants = t.Applies(t.Evaluation, t.Set, nil)
		s.Match = matchOf(at.grants.Any())
	}
	s.at = at
	s.Elements = append(s.Elements, action)
	if !t.AnyResource {
		s.Elements = append(s.Elements, t.resources())
	}
	if t.NamesPrincipal {
		s.Elements = append(s.Elements, t.principal())
	}
	for i, id := range t.Conditions {
		if i < len(t.written.Condition) { // a document may have been changed since
			s.Elements = append(s.Elements, t.condition(&engine.ConditionsOf(t.Set)[id], &t.written.Condition[i]))
		}
	}
	s.Hints = t.hints(&s)
	return s
}

func matchOf(t logic.Truth) Match { return Match(t) }

// element begins the trace of an element.
func (t *tracer) element(name string, match logic.Truth, path ...any) ElementTrace {
	e := ElementTrace{
		Element: name, Match: matchOf(match),
		document: engine.DocumentsOf(t.Layered.Set)[t.Document].Document,
		path:     append([]any{"Statement", int(t.Index), name}, path...),
	}
	switch match {
	case logic.No:
		e.Reason = Differs
	case logic.Maybe:
		e.Reason = NotKnown
	}
	return e
}

func (t *tracer) action() ElementTrace {
	name, values := "Action", t.written.Action
	if t.written.NotAction != nil {
		name, values = "NotAction", t.written.NotAction
	}
	listed := slices.ContainsFunc(values, func(text string) bool {
		p, err := engine.NewNamePattern(text)
		return err == nil && p.Matches(&t.Evaluation.Action)
	})
	e := t.element(name, logic.Of(listed == (t.written.NotAction == nil)))
	e.Values, e.Got = cloned(values), []string{t.Evaluation.Action.Text}
	return e
}

func (t *tracer) resources() ElementTrace {
	name, values := "Resource", t.written.Resource
	if t.NotResource {
		name, values = "NotResource", t.written.NotResource
	}
	e := t.element(name, t.ResourceMatches(t.Evaluation, t.Set, nil))
	e.Values, e.Got = cloned(values), []string{t.Target.Resource}
	if t.Target.Resource == "" {
		e.Got, e.State = nil, engine.Unknown
	}
	t.bind(&e, pattern.Resource)
	return e
}

func (t *tracer) principal() ElementTrace {
	name, list := "Principal", t.written.Principal
	if t.NotPrincipal {
		name, list = "NotPrincipal", t.written.NotPrincipal
	}
	g := t.Names(t.Evaluation)
	e := t.element(name, g.Any())
	if list.Everyone {
		e.Values = []string{"*"}
	}
	for _, entry := range list.Entries {
		for _, value := range entry.Values {
			e.Values = append(e.Values, string(entry.Type)+" "+value)
		}
	}
	p := &t.Caller.Principal
	e.Got = []string{p.String()}
	if p.Kind() == engine.RoleSession && engine.Details(p).Role != "" && engine.Details(p).ARN != "" {
		e.Got = append(e.Got, engine.Details(p).Role)
	}
	if engine.Details(p).ID != "" {
		e.Got = append(e.Got, engine.Details(p).ID)
	}
	switch {
	case t.Effect != policy.Allow || t.NotPrincipal || e.Match != Matches:
	case g.Direct == logic.Yes:
	case g.Role == logic.Yes:
		e.Note = "names the role or user behind the session, not the session itself (E.3)"
	case g.Account == logic.Yes:
		e.Note = "names the account, which delegates to its identity-based policies (E-12)"
	}
	return e
}

func (t *tracer) condition(c *engine.Condition, written *policy.Condition) ElementTrace {
	e := t.element("Condition", c.Holds(t.Evaluation, t.Set, nil), written.Operator.String(), written.Key)
	e.Operator, e.Key, e.Values = written.Operator, written.Key, cloned(written.Values)
	v := t.Value(&engine.KeysOf(t.Layered.Set)[c.Key])
	switch v.State {
	case engine.AbsentKey:
		e.Absent = true
	case engine.PresentKey:
		e.State = engine.Present
	case engine.UnknownKey:
		e.State = engine.Unknown
	}
	for i := range v.Count() {
		e.Got = append(e.Got, v.At(i))
	}
	if written.Operator.Variables() {
		t.bind(&e, pattern.Text)
	}
	e.Reason = reasonOf(&e)
	return e
}

// reasonOf is why a condition does not hold.
func reasonOf(e *ElementTrace) Reason {
	null := e.Operator.Test == policy.Null
	switch {
	case e.Match == Matches:
		return ""
	case e.Match == MayMatch:
		return NotKnown
	case e.Absent:
		return KeyMissing
	case null:
		return KeyPresent
	case len(e.Got) > 1 && e.Operator.Set == 0:
		return SeveralValues
	case e.Variable != "":
		return VariableWithoutValue
	}
	return Differs
}

// bind replaces the variables in the values, where the policy's version has
// variables.
func (t *tracer) bind(e *ElementTrace, language pattern.Language) {
	if engine.DocumentsOf(t.Layered.Set)[t.Document].Document.Version != policy.Version2012 {
		return
	}
	for i, value := range e.Values {
		if !variable.Has(value) {
			continue
		}
		bound, err := pattern.Replace(language, value, func(v pattern.Variable) (string, bool) { return t.bound(e, v) })
		if err != nil {
			continue
		}
		if e.Bound == nil {
			e.Bound = cloned(e.Values)
		}
		e.Bound[i] = bound
	}
	if e.Variable != "" && e.Match == NoMatch {
		e.Reason = VariableWithoutValue
	}
}

// bound is the value of a variable, if it is known.
func (t *tracer) bound(e *ElementTrace, v pattern.Variable) (string, bool) {
	for id := range engine.KeysOf(t.Layered.Set) {
		if engine.KeysOf(t.Layered.Set)[id].Name != v.Key && (engine.KeysOf(t.Layered.Set)[id].Tag != "" || !fold.Equal(engine.KeysOf(t.Layered.Set)[id].Name, v.Key)) {
			continue
		}
		ref := engine.NewVariableRef(uint32(id), v)
		value, state := t.Variable(t.Set, nil, &ref)
		if state == logic.No && e.Variable == "" {
			e.Variable = v.Key
		}
		return value, state == logic.Yes
	}
	return "", false
}

// cloned is a copy; nil stays nil, and empty empty.
func cloned(values policy.Values) []string {
	if values == nil {
		return nil
	}
	return append([]string{}, values...)
}
