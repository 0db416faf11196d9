package explain

import (
	"slices"

	"github.com/iamsim/iamsim/policy"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
)

// A LayerTrace is one layer of a request: what it was asked and what its
// policies said. The structure of traces is stable; Note is for people and free
// to change.
type LayerTrace struct {
	Layer policy.Layer
	Level int // of an SCP or RCP, 0 the root; of session policies their place; else 0
	// Binds: the layer applies to the request, so that its Deny statements
	// count. A layer that does not bind has policies without statements.
	Binds bool
	// Asked: an Allow of this layer is needed. Why not, if not, is in Note.
	Asked bool
	// Denies says whether a Deny statement of the layer applies, and Allows
	// whether each of its levels has an Allow that does; of a fixed rule, whether
	// it refuses the request and whether it allows it whatever else is said.
	Denies, Allows Match
	// Waived says whether a grant of the resource's own policy stands for an Allow
	// of this layer (E.3, E-50). One that is waived for sure is not asked.
	Waived Match
	// Outcome is what comes of these: [Allowed], [ExplicitDeny], [ImplicitDeny] (it
	// has no Allow, nor is one waived) or [Indeterminate]; so is a layer that is not
	// asked where a Deny of it may apply.
	Outcome engine.Outcome
	// Stopped: this is where the request was denied. At most one layer has it.
	// Its Outcome is Indeterminate where one layer or another denies, whatever
	// the values of the unknown keys are.
	Stopped  bool
	Note     string
	Policies []PolicyTrace
}

// A PolicyTrace is one policy of a layer, with all its statements.
type PolicyTrace struct {
	Name       string
	ARN        string // "" if it has none
	From       string // where the policy is attached; "" if not said
	Statements []StatementTrace
}

// A StatementTrace is one statement of a policy, held against the request.
type StatementTrace struct {
	Layer  policy.Layer
	Level  int
	Policy string // name of the policy
	Index  int    // of the statement in the policy, from 0
	Sid    string
	Effect policy.Effect
	// Match says whether the statement applies to the request.
	Match Match
	// Elements in the order action, resource, principal, conditions. All are
	// there, also those behind one that does not match.
	Elements []ElementTrace
	// Hints are traps that the statement may have fallen into.
	Hints []Hint

	at appliedStatement
}

// Ref names the statement, with its line and column. It looks them up in the
// policy's text each time.
func (s *StatementTrace) Ref() StatementRef { return s.at.ref() }

// First is the first element that keeps the statement from applying; nil for a
// statement that applies.
func (s *StatementTrace) First() *ElementTrace {
	for i := range s.Elements {
		if s.Elements[i].Match != Matches {
			return &s.Elements[i]
		}
	}
	return nil
}

// Lacks is how many elements keep the statement from applying.
func (s *StatementTrace) Lacks() int {
	n := 0
	for i := range s.Elements {
		if s.Elements[i].Match != Matches {
			n++
		}
	}
	return n
}

// An ElementTrace is one element of a statement, or one key of its Condition,
// held against the request.
type ElementTrace struct {
	Element string // "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"
	// Operator and Key of a Condition; else the zero Operator and "".
	Operator policy.Operator
	Key      string
	// Values of the policy, as written. Those of a principal begin with its
	// type: "AWS arn:aws:iam::111122223333:user/alice".
	Values []string
	// Bound are Values with variables replaced; nil where there are none. A
	// variable that has no value stays as it is written.
	Bound []string
	// Variable is the first context key of a variable that has no value; "" if
	// all have one.
	Variable string
	// Got are the request's values. Absent: the request does not have the key.
	// State says whether the values are known.
	Got    []string
	Absent bool
	State  engine.State
	Match  Match
	Reason Reason // why it does not match; "" where it does
	Note   string

	document *policy.Document
	path     []any
}

// Position is the line and column of the element in the policy's text, both
// from 1; 0 for a policy that was not parsed from text. It looks them up each
// time.
func (e *ElementTrace) Position() (line, column int) {
	if e.document == nil {
		return 0, 0
	}
	return e.document.Position(e.path...)
}

// Match says whether something in a policy matches a request.
type Match uint8

const (
	NoMatch  Match = iota // it does not
	MayMatch              // what the request leaves unknown decides
	Matches               // it does
)

var matchNames = [...]string{NoMatch: "no", MayMatch: "maybe", Matches: "yes"}

// String is "no", "maybe" or "yes".
func (m Match) String() string { return engine.NameOf(matchNames[:], int(m), "Match") }

// MarshalText implements [encoding.TextMarshaler] with the spelling of String.
func (m Match) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// Reason says why an element does not match. Reasons are stable.
type Reason string

const (
	Differs              Reason = "differs"                // the values were compared, and differ
	KeyMissing           Reason = "key-missing"            // the request does not have the context key
	KeyPresent           Reason = "key-present"            // Null: the request has the key and should not
	SeveralValues        Reason = "several-values"         // without set operator such a condition never holds (C-37)
	VariableWithoutValue Reason = "variable-without-value" // of the policy (B-16, C-44)
	NotKnown             Reason = "not-known"              // the request leaves it open
)

// Principal is how error messages name the caller.
func (x *Explanation) Principal() string { return x.principal }

// Action of the request.
func (x *Explanation) Action() string { return x.action }

// Resource of the request.
func (x *Explanation) Resource() string { return x.resource }

// Layers are the layers of the request, in the order in which it passes them:
// VPC endpoint, resource control and service control policies by level, the
// resource's own policy, identity-based policies, permissions boundary,
// session policies; across accounts the resource's own policy comes last. A
// layer is there if it has policies, or must allow and has none. It is nil for
// an invalid request.
//
// The trace is made when it is first asked for, of the request as it was
// explained: documents must not be changed after they were compiled.
func (x *Explanation) Layers() []LayerTrace { return slices.Clone(x.traced().layers) }

// NearMisses are the Allow statements that almost granted a denied request, of
// the layers that did not allow it: those that one element keeps from applying
// first, a condition before a resource and a principal, then those that more
// elements keep, at last those of the same service that lack nothing but the
// action. It is nil for other decisions.
func (x *Explanation) NearMisses() []StatementTrace { return slices.Clone(x.traced().nearMisses) }

// Hints are the known traps that the request or its policies have fallen into,
// those of the nearest misses first.
func (x *Explanation) Hints() []Hint { return slices.Clone(x.traced().hints) }

// A trace is what an explanation tells on request.
type trace struct {
	layers     []LayerTrace
	nearMisses []StatementTrace
	hints      []Hint
}

func (x *Explanation) traced() *trace {
	if x.trace == nil {
		return new(trace)
	}
	return x.trace()
}

// makeTrace makes the trace of a decision.
func makeTrace(ev *engine.Evaluation, d engine.Decision, by Catalog) *trace {
	t := &trace{layers: traceLayers(ev, d)}
	if asksARN(ev.Request.Action, by) {
		withoutHint(t.layers, AllResources)
	}
	t.nearMisses = nearMisses(ev, d, t.layers)
	t.hints = requestHints(ev, d, t)
	return t
}
