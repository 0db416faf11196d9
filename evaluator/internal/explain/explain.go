package explain

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/iamsim/iamsim/policy"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/evaluator/internal/open"
	"github.com/iamsim/iamsim/internal/logic"
)

// An Explanation is a [Decision] and why it is so. It owns its data: what
// happens to the caller, the target or the request afterwards does not change
// it.
type Explanation struct {
	decision    engine.Decision
	err         error
	message     string
	statements  []StatementRef
	diagnostics []Diagnostic
	// Made once, when first asked for; nil for an invalid request.
	missing  func() *missing
	residual func() (alternatives [][]policy.Condition, ok bool)
	trace    func() *trace

	principal, action, resource string
}

// A StatementRef names a statement of a policy. In JSON its members have these names
// in lower case, but From is left out: that is the policy's.
type StatementRef struct {
	Layer  policy.Layer  `json:"layer,omitempty"`
	Level  int           `json:"level,omitempty"` // of an SCP or RCP, 0 the root; else the place of its set in the layer
	Policy string        `json:"policy"`          // name of the policy
	ARN    string        `json:"arn,omitempty"`   // of the policy; "" if it has none
	From   string        `json:"-"`               // where the policy is attached; "" if not said
	Index  int           `json:"index"`           // of the statement in the policy, from 0
	Sid    string        `json:"sid,omitempty"`
	Effect policy.Effect `json:"effect"`
	Line   int           `json:"line,omitempty"`   // from 1; 0 for a policy that was not parsed from text
	Column int           `json:"column,omitempty"` // from 1, in characters
}

// String is where the statement stands, so that an editor finds it, and its Sid:
// "deployer.json:4:5 (Read)". Without a line it has the index,
// "deployer Statement[0]"; a policy without a name is called by its layer.
func (s StatementRef) String() string {
	text := s.Policy
	if text == "" {
		text = s.Layer.Noun()
	}
	if s.Line > 0 {
		text += fmt.Sprintf(":%d:%d", s.Line, s.Column)
	} else {
		text += fmt.Sprintf(" Statement[%d]", s.Index)
	}
	if s.Sid != "" {
		text += " (" + s.Sid + ")"
	}
	return text
}

// Explain decides as [engine.Evaluate] does, and tells why. It checks the request
// by a catalogue; nil for none.
func Explain(c *engine.Caller, t *engine.Target, r *engine.Request, o *engine.Options, by Catalog) *Explanation {
	x := &Explanation{principal: c.Principal.String(), action: r.Action, resource: engine.Shown(t)}
	ev, d, ok := engine.NewEvaluation(c, t, r, o)
	if !ok {
		x.decision = d
		x.err = engine.ErrorOf(d, c, t, r)
		return x
	}
	x.decision = ev.Decide()
	least := logic.Yes // a statement applies at least so surely that decides
	if x.decision.Outcome() == engine.Indeterminate {
		if d, ok := open.Settled(ev); ok {
			x.decision, least = d, logic.Maybe
		}
	}
	applied := record(ev)
	if ev.AllowedByRule() != logic.Yes { // else no statement decided
		x.statements = deciding(x.decision, applied, least)
	}
	x.message = message(ev, x.decision, applied)
	x.diagnostics = diagnose(ev, x.decision)
	if by != nil {
		x.diagnostics = append(x.diagnostics, checkRequest(ev, by)...)
	}
	own := ev.Clone()
	x.missing = sync.OnceValue(func() *missing { return makeMissing(own, by) })
	x.residual = sync.OnceValues(func() ([][]policy.Condition, bool) { return open.Residual(own) })
	x.err = x.decisionError()
	x.trace = sync.OnceValue(func() *trace { return makeTrace(own, x.decision, by) })
	return x
}

// Decision is the decision that is explained.
func (x *Explanation) Decision() engine.Decision { return x.decision }

// Message is the error text that AWS would give (H.1), in the style of the
// engine's options; "" unless the request is denied.
func (x *Explanation) Message() string { return x.message }

// Statements are those that decided: all Deny statements that apply, else the
// Allow statements that granted; none for any other decision.
func (x *Explanation) Statements() []StatementRef { return slices.Clone(x.statements) }

// Diagnostics say what a reader should know beside the decision: that it hangs
// on a choice AWS does not document, or that the request is odd.
func (x *Explanation) Diagnostics() []Diagnostic { return slices.Clone(x.diagnostics) }

// Residual is what must be true of the context keys that the request leaves
// unknown for it to be allowed: all conditions of one of the alternatives. An
// alternative without conditions always holds; without alternatives the request
// is denied whatever the keys are. Conditions are those of the policies and
// their opposites, each with one key; a list may hold the same operator and key
// twice. A key that no policy tests with ForAllValues or ForAnyValue is taken
// to have one value at most, and values to be of the type that is asked for.
//
// It is not ok where that cannot be said: the request is invalid, two unknown
// keys are compared with each other, the resource decides and is unknown, an
// operator has no opposite, or there are too many cases.
func (x *Explanation) Residual() (alternatives [][]policy.Condition, ok bool) {
	if x.residual == nil {
		return nil, false
	}
	found, ok := x.residual()
	alternatives = make([][]policy.Condition, len(found))
	for i, conditions := range found {
		alternatives[i] = slices.Clone(conditions)
		for j := range alternatives[i] {
			alternatives[i][j].Values = slices.Clone(conditions[j].Values)
		}
	}
	return alternatives, ok
}

// Err is nil for an allowed request. For a denied one it is a [*DeniedError],
// for the others it wraps [ErrIndeterminate] or [ErrInvalidRequest].
func (x *Explanation) Err() error { return x.err }

// LogValue implements [slog.LogValuer]. It leaves out the context's values,
// which may be secret.
func (x *Explanation) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("principal", x.principal),
		slog.String("action", x.action),
		slog.String("resource", x.resource),
		slog.Any("decision", x.decision),
	)
}

// appliedStatement is a statement and how it applies to the request.
type appliedStatement struct {
	engine.Layered
	*engine.Statement
	grants engine.Grants
}

// record finds all statements that apply, by the rules that decide: the
// decision prunes with indexes and stops early, the record does neither.
func record(ev *engine.Evaluation) []appliedStatement {
	var applied []appliedStatement
	for l := range ev.Layers {
		applied = recordSet(l, ev, applied)
	}
	return applied
}

func recordSet(l engine.Layered, ev *engine.Evaluation, applied []appliedStatement) []appliedStatement {
	s, named := l.Set, engine.NamedBy(l.Set, ev)
	var m engine.Memo
	for i := range engine.StatementsOf(s) {
		if !named[i] {
			continue
		}
		st := &engine.StatementsOf(s)[i]
		if g := st.Applies(ev, s, &m); g.Any() != logic.No {
			applied = append(applied, appliedStatement{l, st, g})
		}
	}
	return applied
}

func (a *appliedStatement) ref() StatementRef {
	st, attached := a.Statement, a.attached()
	line, column := attached.Document.Position("Statement", int(st.Index))
	sid := ""
	if int(st.Index) < len(attached.Document.Statements) { // else somebody changed it since
		sid = attached.Document.Statements[st.Index].Sid
	}
	return StatementRef{
		Layer: a.Layer, Level: a.Level,
		Policy: attached.DisplayName(), ARN: attached.ARN, From: attached.From,
		Index: int(st.Index), Sid: sid, Effect: st.Effect,
		Line: line, Column: column,
	}
}

// attached is the policy that the statement stands in.
func (a *appliedStatement) attached() *policy.Attached {
	return &engine.DocumentsOf(a.Layered.Set)[a.Document]
}

// deciding picks the statements that decided.
func deciding(d engine.Decision, applied []appliedStatement, least logic.Truth) []StatementRef {
	effect := policy.Deny
	switch d.Outcome() {
	case engine.ExplicitDeny:
	case engine.Allowed:
		effect = policy.Allow
	default:
		return nil
	}
	var refs []StatementRef
	for i := range applied {
		a := &applied[i]
		granted := effect == policy.Deny || a.Layer == policy.IdentityLayer || a.Layer == policy.ResourceLayer || a.Layer == policy.TrustLayer
		if a.Effect == effect && granted && a.grants.Any() >= least {
			refs = append(refs, a.ref())
		}
	}
	return refs
}
