package evaluator

import (
	"slices"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/variable"
	"github.com/iamsim/iamsim/policy"
)

// trace holds every statement of the set against the request; of a layer that
// does not bind it only names the policies.
func (l layered) trace(ev *evaluation, binds bool) []PolicyTrace {
	policies := make([]PolicyTrace, len(l.documents))
	for i := range l.documents {
		a := &l.documents[i]
		policies[i] = PolicyTrace{Name: a.DisplayName(), ARN: a.ARN, From: a.From}
	}
	if !binds {
		return policies
	}
	for i := range l.statements {
		st := &l.statements[i]
		written := &l.documents[st.document].Document.Statements
		if int(st.index) >= len(*written) {
			continue // somebody changed the document since
		}
		t := tracer{evaluation: ev, layered: l, statement: st, written: &(*written)[st.index]}
		into := &policies[st.document]
		into.Statements = append(into.Statements, t.trace())
	}
	return policies
}

// A tracer holds one statement against the request.
type tracer struct {
	*evaluation
	layered
	*statement
	written *policy.Statement
}

func (t *tracer) trace() StatementTrace {
	at := appliedStatement{layered: t.layered, statement: t.statement}
	attached := at.attached()
	s := StatementTrace{
		Layer: t.layer, Level: t.level, Policy: attached.DisplayName(),
		Index: int(t.index), Sid: t.written.Sid, Effect: t.effect,
	}
	action := t.action()
	if action.Match == Matches {
		at.grants = t.applies(t.evaluation, t.Set, nil)
		s.Match = matchOf(at.grants.any())
	}
	s.at = at
	s.Elements = append(s.Elements, action)
	if !t.anyResource {
		s.Elements = append(s.Elements, t.resources())
	}
	if t.namesPrincipal {
		s.Elements = append(s.Elements, t.principal())
	}
	for i, id := range t.conditions {
		if i < len(t.written.Condition) {
			s.Elements = append(s.Elements, t.condition(&t.Set.conditions[id], &t.written.Condition[i]))
		}
	}
	s.Hints = t.hints(&s)
	return s
}

func matchOf(t truth) Match { return Match(t) }

// element begins the trace of an element.
func (t *tracer) element(name string, match truth, path ...any) ElementTrace {
	e := ElementTrace{
		Element: name, Match: matchOf(match),
		document: t.documents[t.document].Document,
		path:     append([]any{"Statement", int(t.index), name}, path...),
	}
	switch match {
	case no:
		e.Reason = Differs
	case maybe:
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
		p, err := newNamePattern(text)
		return err == nil && p.matches(&t.evaluation.action)
	})
	e := t.element(name, truthOf(listed == (t.written.NotAction == nil)))
	e.Values, e.Got = cloned(values), []string{t.evaluation.action.text}
	return e
}

func (t *tracer) resources() ElementTrace {
	name, values := "Resource", t.written.Resource
	if t.notResource {
		name, values = "NotResource", t.written.NotResource
	}
	e := t.element(name, t.resourceMatches(t.evaluation, t.Set, nil))
	e.Values, e.Got = cloned(values), []string{t.target.Resource}
	if t.target.Resource == "" {
		e.Got, e.State = nil, Unknown
	}
	t.bind(&e, pattern.Resource)
	return e
}

func (t *tracer) principal() ElementTrace {
	name, list := "Principal", t.written.Principal
	if t.notPrincipal {
		name, list = "NotPrincipal", t.written.NotPrincipal
	}
	g := t.names(t.evaluation)
	e := t.element(name, g.any())
	if list.Everyone {
		e.Values = []string{"*"}
	}
	for _, entry := range list.Entries {
		for _, value := range entry.Values {
			e.Values = append(e.Values, string(entry.Type)+" "+value)
		}
	}
	p := &t.caller.Principal
	e.Got = []string{p.String()}
	if p.kind == RoleSession && p.role != "" && p.arn != "" {
		e.Got = append(e.Got, p.role)
	}
	if p.id != "" {
		e.Got = append(e.Got, p.id)
	}
	switch {
	case t.effect != policy.Allow || t.notPrincipal || e.Match != Matches:
	case g.direct == yes:
	case g.role == yes:
		e.Note = "names the role or user behind the session, not the session itself (E.3)"
	case g.account == yes:
		e.Note = "names the account, which delegates to its identity-based policies (E-12)"
	}
	return e
}

func (t *tracer) condition(c *condition, written *policy.Condition) ElementTrace {
	e := t.element("Condition", c.holds(t.evaluation, t.Set, nil), written.Operator.String(), written.Key)
	e.Operator, e.Key, e.Values = written.Operator, written.Key, cloned(written.Values)
	v := t.value(&t.keys[c.key])
	switch v.state {
	case absentKey:
		e.Absent = true
	case presentKey:
		e.State = Present
	case unknownKey:
		e.State = Unknown
	}
	for i := range v.count() {
		e.Got = append(e.Got, v.at(i))
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
	if t.documents[t.document].Document.Version != policy.Version2012 {
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
	for id := range t.keys {
		if t.keys[id].name != v.Key && (t.keys[id].tag != "" || !fold.Equal(t.keys[id].name, v.Key)) {
			continue
		}
		ref := variableRef{key: uint32(id), fallback: v.Default, hasDefault: v.HasDefault}
		value, state := t.variable(t.Set, nil, &ref)
		if state == no && e.Variable == "" {
			e.Variable = v.Key
		}
		return value, state == yes
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
