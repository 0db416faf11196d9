package evaluator

import (
	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/evaluator/internal/explain"
)

// A Decision is what IAM would answer to one request. It is eight bytes,
// comparable, and holds no pointers. Its methods:
//
//   - Outcome, an [Outcome], tells allowed from denied, and how.
//   - Layer is the [github.com/iamsim/iamsim/policy.Layer] that denied; NoLayer
//     unless it is denied.
//   - Allowed reports whether the outcome is [Allowed]. Nothing else is a yes.
//   - Denied reports whether the request is denied, implicitly or explicitly.
//   - String is the outcome, and the layer in parentheses for a denial:
//     "implicitDeny(identity)".
//
// The zero Decision is an implicit deny, as in IAM (E-1). A Decision says nothing
// about why; [Explain] does.
type Decision = engine.Decision

// Outcome is the kind of a [Decision]. It is written as SimulateCustomPolicy's
// EvalDecision spells it; "indeterminate" and "invalid" are our own.
type Outcome = engine.Outcome

const (
	// ImplicitDeny: no Deny applies, and some layer has no Allow, or a fixed rule
	// refuses the request (E-1).
	ImplicitDeny = engine.ImplicitDeny
	// ExplicitDeny: a Deny statement applies (E-1).
	ExplicitDeny = engine.ExplicitDeny
	// Allowed: every layer that has a say allows.
	Allowed = engine.Allowed
	// Indeterminate: something the request leaves unknown decides.
	Indeterminate = engine.Indeterminate
	// Invalid: the request is not well-formed. It is neither allowed nor denied;
	// Err of its [Explanation] says what is wrong with it.
	Invalid = engine.Invalid
)

// Errors of an [Explanation] that is not an allowed one.
var (
	// ErrDenied is in the chain of every denial.
	ErrDenied = explain.ErrDenied
	// ErrExplicitDeny is in the chain of a denial by a Deny statement.
	ErrExplicitDeny = explain.ErrExplicitDeny
	// ErrImplicitDeny is in the chain of a denial for want of an Allow, or by a
	// fixed rule.
	ErrImplicitDeny = explain.ErrImplicitDeny
	// ErrIndeterminate is the error of a decision that hangs on what the
	// request leaves unknown.
	ErrIndeterminate = explain.ErrIndeterminate
	// ErrInvalidRequest is in the chain of every error about a request that is
	// not well-formed.
	ErrInvalidRequest = engine.ErrInvalidRequest
)

// DeniedError is a denied request as AWS reports it: Decision is an implicit or
// explicit deny, Action what was denied, Message the error text (H.1). Its methods
// ErrorCode and ErrorMessage have the names that AWS SDKs use; ErrorCode is the
// code that the service reports (H-8), "AccessDeniedException", "AccessDenied" of
// IAM, STS and S3, "UnauthorizedOperation" of EC2. It is [ErrDenied] and one of
// [ErrExplicitDeny] and [ErrImplicitDeny].
type DeniedError = explain.DeniedError
