// Package trace names the types in which an explanation tells everything: each
// layer of a request with its policies, their statements and elements, held
// against the request.
//
//	for _, layer := range evaluator.Explain(&caller, &target, &request).Layers() {
//		fmt.Println(layer.Layer, layer.Outcome, layer.Note)
//	}
//
// The structure of traces is stable; their notes are for people and free to
// change.
package trace

import "github.com/iamsim/iamsim/evaluator/internal/explain"

// A Layer is one layer of a request: what it was asked and what its policies
// said. Its fields:
//
//   - Layer and Level name it: Level is of an SCP or RCP, 0 the root; of session
//     policies their place; else 0.
//   - Binds: the layer applies to the request, so that its Deny statements count.
//   - Asked: an Allow of this layer is needed. Why not, if not, is in Note.
//   - Denies, Allows and Waived, each a [Match], say whether a Deny applies,
//     whether an Allow does, and whether a grant of the resource's own policy
//     stands for that Allow.
//   - Outcome is what the layer says by itself: allowed, explicit deny, implicit
//     deny (it has no Allow) or indeterminate.
//   - Stopped: this is where the request was denied. At most one layer has it.
//   - Policies, each a [Policy], are those of the layer.
type Layer = explain.LayerTrace

// A Policy is one policy of a layer: its Name, ARN ("" if it has none), From,
// which says where it is attached, and all its Statements, each a [Statement].
type Policy = explain.PolicyTrace

// A Statement is one statement of a policy, held against the request. Its fields
// are Layer, Level, Policy, Index, Sid and Effect; Match, a [Match], says whether
// it applies; Elements, each an [Element], come in the order action, resource,
// principal, conditions, also those behind one that does not match; Hints are
// traps that it may have fallen into. Its method Ref names the statement with its
// line, First is the first element that keeps it from applying, and Lacks is how
// many do.
type Statement = explain.StatementTrace

// An Element is one element of a statement, or one key of its Condition. Its
// fields:
//
//   - Element is "Action", "NotAction", "Resource", "NotResource", "Principal",
//     "NotPrincipal" or "Condition"; Operator and Key are of a Condition.
//   - Values of the policy, as written; Bound are they with variables replaced,
//     Variable is the first context key of a variable that has no value.
//   - Got are the request's values; Absent: the request does not have the key;
//     State says whether the values are known.
//   - Match, a [Match], and Reason, a [Reason]: whether it matches, and why not.
//   - Note is for people.
//
// Its method Position is the line and column in the policy's text.
type Element = explain.ElementTrace

// Match says whether something in a policy matches a request. It is written "no",
// "maybe" or "yes".
type Match = explain.Match

const (
	NoMatch  = explain.NoMatch  // it does not
	MayMatch = explain.MayMatch // what the request leaves unknown decides
	Matches  = explain.Matches  // it does
)

// Reason says why an element does not match. Reasons are stable.
type Reason = explain.Reason

const (
	Differs              = explain.Differs              // the values were compared, and differ
	KeyMissing           = explain.KeyMissing           // the request does not have the context key
	KeyPresent           = explain.KeyPresent           // Null: the request has the key and should not
	SeveralValues        = explain.SeveralValues        // without set operator such a condition never holds (C-37)
	VariableWithoutValue = explain.VariableWithoutValue // of the policy (B-16, C-44)
	NotKnown             = explain.NotKnown             // the request leaves it open
)
