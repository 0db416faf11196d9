package evaluator

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// An Explanation is a [Decision] and why it is so. It owns its data: what
// happens to the caller, the target or the request afterwards does not change
// it.
type Explanation struct {
	decision    Decision
	err         error
	message     string
	statements  []StatementRef
	diagnostics []Diagnostic
	// Made once, when first asked for; nil for an invalid request.
	missing  func() missingKeys
	residual func() residual
	trace    func() *trace

	principal, action, resource string
}

// A StatementRef names a statement of a policy.
type StatementRef struct {
	Layer  policy.Layer
	Level  int    // of an SCP or RCP, 0 the root; else the place of its set in the layer
	Policy string // name of the policy
	ARN    string // of the policy; "" if it has none
	From   string // where the policy is attached; "" if not said
	Index  int    // of the statement in the policy, from 0
	Sid    string
	Effect policy.Effect
	Line   int // from 1; 0 for a policy that was not parsed from text
	Column int // from 1, in characters
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

// Explain decides as [Engine.Evaluate] does, and tells why.
func (e *Engine) Explain(c *Caller, t *Target, r *Request) *Explanation {
	ev := evaluation{caller: c, target: t, request: r, options: e.Options}
	ev.resource = *t.split(new(pattern.Fields))
	x := &Explanation{principal: c.Principal.String(), action: r.Action, resource: t.shown()}
	d, ok := ev.prepare()
	if !ok {
		x.decision = d
		x.err = d.err(c, t, r)
		return x
	}
	x.decision = ev.decide()
	least := yes // a statement applies at least so surely that decides
	if x.decision.Outcome() == Indeterminate {
		if d, ok := ev.settled(); ok {
			x.decision, least = d, maybe
		}
	}
	applied := ev.record()
	if ev.allowedByRule() != yes { // else no statement decided
		x.statements = deciding(x.decision, applied, least)
	}
	x.message = ev.message(x.decision, applied)
	x.diagnostics = ev.diagnose(x.decision)
	if e.Catalog != nil {
		x.diagnostics = append(x.diagnostics, ev.check(e.Catalog)...)
	}
	kept := ev.kept()
	x.missing = sync.OnceValue(kept.missing)
	x.residual = sync.OnceValue(kept.residual)
	x.err = x.decisionError()
	x.trace = sync.OnceValue(func() *trace { return kept.tracing(x.decision) })
	return x
}

// Decision is the decision that is explained.
func (x *Explanation) Decision() Decision { return x.decision }

// Message is the error text that AWS would give (H.1), in the style of the
// engine's options; "" unless the request is denied.
func (x *Explanation) Message() string { return x.message }

// Statements are those that decided: all Deny statements that apply, else the
// Allow statements that granted; none for any other decision.
func (x *Explanation) Statements() []StatementRef { return slices.Clone(x.statements) }

// Diagnostics say what a reader should know beside the decision: that it hangs
// on a choice AWS does not document, or that the request is odd.
func (x *Explanation) Diagnostics() []Diagnostic { return slices.Clone(x.diagnostics) }

// Missing are the context keys that the request does not give and that could
// change whether it is allowed: those for which, for some values of the others
// that are not given, changing the one alone does. It is exact for up to twelve
// keys, unless two of them are compared with each other; otherwise it may name
// a key too many, never one too few, see [Explanation.MissingIsExact]. A key
// that no policy tests with ForAllValues or ForAnyValue is taken to have one
// value at most.
func (x *Explanation) Missing() []string {
	if x.missing == nil {
		return nil
	}
	return slices.Clone(x.missing().names)
}

// MissingIsExact reports whether Missing names no key in vain.
func (x *Explanation) MissingIsExact() bool { return x.missing == nil || x.missing().exact }

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
	layered
	*statement
	grants grants
}

// record finds all statements that apply, by the rules that decide: the
// decision prunes with indexes and stops early, the record does neither.
func (ev *evaluation) record() []appliedStatement {
	var applied []appliedStatement
	for l := range ev.layers {
		applied = l.record(ev, applied)
	}
	return applied
}

func (l layered) record(ev *evaluation, applied []appliedStatement) []appliedStatement {
	s, named := l.Set, l.named(ev)
	var m memo
	for i := range s.statements {
		if !named[i] {
			continue
		}
		st := &s.statements[i]
		if g := st.applies(ev, s, &m); g.any() != no {
			applied = append(applied, appliedStatement{l, st, g})
		}
	}
	return applied
}

// named are the statements whose Action or NotAction matches.
func (s *Set) named(ev *evaluation) []bool {
	named := make([]bool, len(s.statements))
	for _, side := range [2]*side{&s.deny, &s.allow} {
		for _, id := range side.actions.groups(&ev.action) {
			for _, e := range side.groups[id].entries {
				named[e.statement] = true
			}
		}
	}
	return named
}

func (a *appliedStatement) ref() StatementRef {
	st, attached := a.statement, a.attached()
	line, column := attached.Document.Position("Statement", int(st.index))
	sid := ""
	if int(st.index) < len(attached.Document.Statements) { // else somebody changed it since
		sid = attached.Document.Statements[st.index].Sid
	}
	return StatementRef{
		Layer: a.layer, Level: a.level,
		Policy: attached.DisplayName(), ARN: attached.ARN, From: attached.From,
		Index: int(st.index), Sid: sid, Effect: st.effect,
		Line: line, Column: column,
	}
}

// attached is the policy that the statement stands in.
func (a *appliedStatement) attached() *policy.Attached { return &a.documents[a.document] }

// deciding picks the statements that decided.
func deciding(d Decision, applied []appliedStatement, least truth) []StatementRef {
	effect := policy.Deny
	switch d.Outcome() {
	case ExplicitDeny:
	case Allowed:
		effect = policy.Allow
	default:
		return nil
	}
	var refs []StatementRef
	for i := range applied {
		a := &applied[i]
		granted := effect == policy.Deny || a.layer == policy.IdentityLayer || a.layer == policy.ResourceLayer || a.layer == policy.TrustLayer
		if a.effect == effect && granted && a.grants.any() >= least {
			refs = append(refs, a.ref())
		}
	}
	return refs
}
