package report

import (
	"slices"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/cite"
	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/policy"
)

// Options of a report. The zero Options give a short one without colour.
type Options struct {
	// Title stands above the report: the name of a scenario; "" for none.
	Title string
	// Complete adds every layer, policy, statement and element.
	Complete bool
	// Lead is a text that [HTML] shows before the explanations, as it is; "" for none.
	Lead string
	// Color makes [Text] colour what it writes, with ANSI escapes.
	Color bool
}

// explanation is what all renderings are made of; JSON writes it as it is. All
// texts in it are free of secrets.
type explanation struct {
	Title          string             `json:"name,omitempty"`
	Decision       evaluator.Outcome  `json:"decision"`
	DeniedBy       policy.Layer       `json:"deniedBy,omitzero"`
	Request        request            `json:"request"`
	Summary        string             `json:"summary"`
	Message        string             `json:"message,omitempty"`
	Error          string             `json:"error,omitempty"`
	Statements     []statement        `json:"statements,omitempty"`
	Open           []statement        `json:"open,omitempty"`
	NearMisses     []statement        `json:"nearMisses,omitempty"`
	MoreNearMisses int                `json:"moreNearMisses,omitempty"`
	Hints          []hint             `json:"hints,omitempty"`
	MissingContext []string           `json:"missingContext,omitempty"`
	NotCarried     []string           `json:"notCarried,omitempty"`
	Diagnostics    []diagnostic       `json:"diagnostics,omitempty"`
	Layers         []layer            `json:"layers,omitempty"`
	Rules          map[string]string  `json:"rules,omitempty"`
	alike          int                // near misses left out that are as near as those shown
	stopped        int                // the layer that denied
	outcome        evaluator.Decision // of the whole
	lacking        []string           // what keeps layers besides the one that stopped from allowing
}

type request struct {
	Principal string `json:"principal"`
	Action    string `json:"action"`
	Resource  string `json:"resource"`
}

type layer struct {
	Layer    policy.Layer      `json:"layer"`
	Level    int               `json:"level,omitempty"`
	Binds    bool              `json:"binds"`
	Asked    bool              `json:"asked"`
	Outcome  evaluator.Outcome `json:"outcome"`
	Stopped  bool              `json:"stopped,omitempty"`
	Note     string            `json:"note,omitempty"`
	Policies []attached        `json:"policies,omitempty"`
	several  bool              // there are more levels of it
}

type attached struct {
	Name       string      `json:"name"`
	ARN        string      `json:"arn,omitempty"`
	From       string      `json:"from,omitempty"`
	Statements []statement `json:"statements,omitempty"`
}

type statement struct {
	evaluator.StatementRef
	Match    trace.Match `json:"match"`
	Elements []element   `json:"elements,omitempty"`
	Hints    []hint      `json:"hints,omitempty"`
}

type element struct {
	Element  string       `json:"element"`
	Operator string       `json:"operator,omitempty"`
	Key      string       `json:"key,omitempty"`
	Values   []string     `json:"values"`
	Bound    []string     `json:"bound,omitempty"`
	Variable string       `json:"variable,omitempty"`
	Got      []string     `json:"got,omitempty"`
	State    string       `json:"state,omitempty"`
	Match    trace.Match  `json:"match"`
	Reason   trace.Reason `json:"reason,omitempty"`
	Note     string       `json:"note,omitempty"`
	Line     int          `json:"line,omitempty"`
	Column   int          `json:"column,omitempty"`
}

type hint struct {
	Code       string `json:"code"`
	Text       string `json:"text"`
	Element    string `json:"element,omitempty"`
	Suggestion string `json:"suggestion,omitempty"`
}

type diagnostic struct {
	Code       string `json:"code"`
	Subject    string `json:"subject,omitempty"`
	Suggestion string `json:"suggestion,omitempty"`
	Message    string `json:"message"`
}

// shown is how many near misses a short report has.
const shown = 1

// model makes the report of an explanation. Each position costs a walk over the
// policy's text: elements have theirs only where they are written.
func model(o Options, x *evaluator.Explanation, elementsPlaced bool) *explanation {
	m := modeller{o, elementsPlaced}
	d := x.Decision()
	e := &explanation{
		Title: safe(o.Title), Decision: d.Outcome(), DeniedBy: d.Layer(), outcome: d,
		Request:        request{safe(x.Principal()), safe(x.Action()), safe(x.Resource())},
		Message:        safe(x.Message()),
		MissingContext: safeAll(x.Missing()), NotCarried: safeAll(x.NotCarried()),
	}
	if d.Outcome() == evaluator.Invalid {
		e.Error = safe(x.Err().Error())
	}
	layers := x.Layers()
	m.layers(e, layers)
	m.statements(e, x, layers)
	m.near(e, x)
	for _, n := range x.Diagnostics() {
		e.Diagnostics = append(e.Diagnostics, diagnostic{n.Code, safe(n.Subject), safe(n.Suggestion), safe(n.Message)})
	}
	e.Summary = e.summary()
	e.Rules = e.cited()
	return e
}

// cited are the rules that the texts name, with the addresses at which
// CONFORMANCE.md explains them.
func (e *explanation) cited() map[string]string {
	rules := map[string]string{}
	add := func(text string) {
		for _, number := range cite.Numbers(text) {
			rules[number] = cite.URL(number)
		}
	}
	for _, h := range e.Hints {
		add(h.Text)
	}
	for _, d := range e.Diagnostics {
		add(d.Message)
	}
	for _, l := range e.Layers {
		add(l.Note)
	}
	for _, list := range [][]statement{e.Statements, e.Open, e.NearMisses} {
		for i := range list {
			for _, h := range list[i].Hints {
				add(h.Text)
			}
			for _, x := range list[i].Elements {
				add(x.Note)
			}
		}
	}
	return rules
}

// lacks says what a layer without Allow lacks. The policy of a resource that was
// not given may be there all the same.
func lacks(l *trace.Layer) string {
	if l.Layer == policy.ResourceLayer && len(l.Policies) == 0 {
		return "no " + l.Layer.Noun() + " was given, and one must allow it too"
	}
	return "no " + l.Layer.Noun() + " allows it either"
}

// layers tells of each layer, which one stopped, and which others lack an Allow.
func (m *modeller) layers(e *explanation, layers []trace.Layer) {
	for i := range layers {
		l := &layers[i]
		if l.Stopped {
			e.stopped = i
		}
		e.Layers = append(e.Layers, m.layer(l))
		if lacks := lacks(l); l.Asked && l.Outcome == evaluator.ImplicitDeny && l.Layer != e.DeniedBy && !slices.Contains(e.lacking, lacks) {
			e.lacking = append(e.lacking, lacks)
		}
	}
	for i := range e.Layers {
		e.Layers[i].several = slices.ContainsFunc(e.Layers, func(l layer) bool { return l.Layer == e.Layers[i].Layer && l.Level != e.Layers[i].Level })
	}
}

// statements tells which decided, and which the unknown keeps open where it
// decides.
func (m *modeller) statements(e *explanation, x *evaluator.Explanation, layers []trace.Layer) {
	decided := x.Statements()
	open := e.Decision == evaluator.Indeterminate
	for i := range layers {
		if layers[i].Stopped {
			open = layers[i].Outcome == evaluator.Indeterminate
		}
	}
	for i := range layers {
		for _, p := range layers[i].Policies {
			for k := range p.Statements {
				switch s := &p.Statements[k]; {
				case s.Match != trace.NoMatch && slices.Contains(decided, s.Ref()):
					e.Statements = append(e.Statements, m.statement(s))
				case s.Match == trace.MayMatch && open:
					e.Open = append(e.Open, m.statement(s))
				}
			}
		}
	}
}

// near tells what came near, and the hints; a short report has the nearest miss
// and what belongs to it.
func (m *modeller) near(e *explanation, x *evaluator.Explanation) {
	near, hints := x.NearMisses(), x.Hints()
	if !m.Complete && len(near) > shown {
		e.MoreNearMisses = len(near) - shown
		hints = without(hints, near[shown:], near[:shown])
		for _, s := range near[shown:] {
			if s.Lacks() == near[0].Lacks() && s.First().Element == near[0].First().Element {
				e.alike++
			}
		}
		near = near[:shown]
	}
	for i := range near {
		e.NearMisses = append(e.NearMisses, m.statement(&near[i]))
	}
	for _, h := range hints {
		e.Hints = append(e.Hints, newHint(h))
	}
}

// without leaves out the hints on statements that are not shown.
func without(hints []evaluator.Hint, hidden, shown []trace.Statement) []evaluator.Hint {
	on := func(statements []trace.Statement, h evaluator.Hint) bool {
		return slices.ContainsFunc(statements, func(s trace.Statement) bool { return slices.Contains(s.Hints, h) })
	}
	return slices.DeleteFunc(hints, func(h evaluator.Hint) bool { return on(hidden, h) && !on(shown, h) })
}

type modeller struct {
	Options
	elementsPlaced bool
}

func (m *modeller) layer(l *trace.Layer) layer {
	made := layer{
		Layer: l.Layer, Level: l.Level, Binds: l.Binds, Asked: l.Asked, Outcome: l.Outcome, Stopped: l.Stopped, Note: safe(l.Note),
	}
	for i := range l.Policies {
		p := &l.Policies[i]
		a := attached{Name: safe(p.Name), ARN: safe(p.ARN), From: safe(p.From)}
		for k := range p.Statements {
			if !m.Complete {
				break
			}
			a.Statements = append(a.Statements, m.statement(&p.Statements[k]))
		}
		made.Policies = append(made.Policies, a)
	}
	return made
}

func (m *modeller) statement(s *trace.Statement) statement {
	made := statement{StatementRef: s.Ref(), Match: s.Match}
	for _, text := range []*string{&made.Policy, &made.ARN, &made.From, &made.Sid} {
		*text = safe(*text)
	}
	for i := range s.Elements {
		made.Elements = append(made.Elements, m.element(&s.Elements[i]))
	}
	for _, h := range s.Hints {
		made.Hints = append(made.Hints, newHint(h))
	}
	return made
}

func (m *modeller) element(e *trace.Element) element {
	made := element{
		Element: e.Element, Operator: e.Operator.String(), Key: safe(e.Key), Values: safeAll(e.Values), Bound: safeAll(e.Bound),
		Variable: safe(e.Variable), Got: safeAll(e.Got), Match: e.Match, Reason: e.Reason, Note: safe(e.Note),
	}
	switch {
	case e.Absent:
		made.State = "absent"
	case e.State == evaluator.Present:
		made.State = "present"
	case e.State == evaluator.Unknown:
		made.State = "unknown"
	}
	if m.elementsPlaced {
		made.Line, made.Column = e.Position()
	}
	return made
}

func newHint(h evaluator.Hint) hint {
	return hint{h.Code, safe(h.Text), safe(h.Element), safe(h.Suggestion)}
}

// safe is a text without the secrets in it.
func safe(text string) string { return secret.Redact(text) }

func safeAll(texts []string) []string {
	if texts == nil {
		return nil
	}
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = safe(text)
	}
	return all
}
