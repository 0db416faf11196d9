package evaluator

import (
	"fmt"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/evaluator/internal/explain"
)

// Version names the rules that this engine follows. It changes whenever the
// same request could get another decision.
const Version = "3"

// An Engine evaluates requests under its Options. The zero Engine works and
// has the default options. Engines hold no state: use one from any number of
// goroutines.
type Engine struct {
	Options Options
	Catalog Catalog // nil: requests are not checked against what AWS defines
}

// Options settle what AWS does not document. The zero Options are the defaults;
// each field names the rule that leaves the choice open:
//
//   - NotPrincipalIgnoresAccount exempts a caller from a NotPrincipal Deny even
//     where its account is not listed beside it.
//   - LegacyFunctionURL lets a function URL be called with
//     lambda:InvokeFunctionUrl alone, as for URLs that existed before October
//     2025 until 2026-11-01 (F-20).
//   - SCPImplicitAsExplicit reports a missing Allow of a service control policy
//     as an explicit deny, as older documents describe it (E-7).
//   - MessageStyle, a [MessageStyle], is the form of the error text (H-5).
//   - OmitPolicyARN leaves the ARN of the denying policy out of the error text
//     (H-7).
type Options = engine.Options

// MessageStyle is a form of IAM's error text.
type MessageStyle = engine.MessageStyle

const (
	FullMessage = engine.FullMessage // names user, action, resource and reason (H-1, H-2)
	NoReason    = engine.NoReason    // the older text: the resource as the caller wrote it, and no reason (H-5)
	NoResource  = engine.NoResource  // names neither resource nor reason (H-5)
)

// A Catalog knows what AWS services define: actions, resource types and context
// keys. An engine that has one checks requests by it, see [Engine.Check];
// package policy/catalog has one. It must be safe for concurrent use. All names
// compare without regard to ASCII case.
type Catalog = explain.Catalog

// Evaluate decides a request: calls that a fixed rule allows, then every
// applicable Deny, then calls that a fixed rule refuses, then each layer that
// must allow (E.7).
//
// It is a pure function of its arguments: it does no I/O, reads no clock,
// allocates nothing (for up to 256 context keys, and eight variables in a
// pattern), and may run on any number of goroutines with the same arguments.
func (e *Engine) Evaluate(c *Caller, t *Target, r *Request) Decision {
	return engine.Evaluate(c, t, r, &e.Options)
}

// Explain decides as [Engine.Evaluate] does, and tells why.
func (e *Engine) Explain(c *Caller, t *Target, r *Request) *Explanation {
	return explain.Explain(c, t, r, &e.Options, e.Catalog)
}

// Check says where AWS would never see such a request, by the engine's
// catalogue: an action that no service defines, a resource that the action
// does not have, a context key that is unknown, that the action never carries,
// or whose values are of another type or more than it can have; and where the
// policies that have a say name actions and keys that are unknown. [Engine.Explain]
// has the same among its diagnostics.
//
// No decision depends on it: services get new actions weekly, and a name that
// the catalogue does not know yet is decided by the same rules. Check is nil
// without a catalogue, and for a request that is not well-formed.
func (e *Engine) Check(c *Caller, t *Target, r *Request) []Diagnostic {
	return explain.Check(c, t, r, &e.Options, e.Catalog)
}

// Prepare checks a request and reads what does not depend on caller and
// target. Its error wraps [ErrInvalidRequest]. The Prepared keeps the engine's
// Options. Later changes to the request do not reach it; the endpoint's Set is
// immutable, and shared.
func (e *Engine) Prepare(r *Request) (*Prepared, error) { return engine.Prepare(r, e.Options) }

// Evaluate decides with the zero [Engine]; see [Engine.Evaluate].
func Evaluate(c *Caller, t *Target, r *Request) Decision {
	var e Engine
	return e.Evaluate(c, t, r)
}

// Explain explains with the zero [Engine]; see [Engine.Explain].
func Explain(c *Caller, t *Target, r *Request) *Explanation {
	var e Engine
	return e.Explain(c, t, r)
}

// A Prepared is a request that was checked and read once by [Engine.Prepare],
// to be evaluated for many callers and targets:
//
//	decision := prepared.Evaluate(&caller, &target)
//
// It is immutable: any number of goroutines may use it. A zero Prepared is
// [Invalid] for every caller and target.
type Prepared = engine.Prepared

// MustPrepare is Prepare with the zero [Engine]; it panics on an error.
func MustPrepare(r *Request) *Prepared {
	var e Engine
	p, err := e.Prepare(r)
	if err != nil {
		panic(fmt.Sprintf("evaluator.MustPrepare: %v", err))
	}
	return p
}

// A Matrix is every caller with every target and every request: who can do
// what to which. It has Callers, Targets and Requests, which are [Prepared], and
// may have a Progress function, which is called with the number of decisions so
// far and of all, on the goroutine that ranges:
//
//	for cell, decision := range matrix.All(ctx) {
//		fmt.Println(cell.Caller, cell.Target, cell.Request, decision)
//	}
//
// All decides on all cores, in a stable order: by caller, then target, then
// request. It ends early when the loop breaks or ctx is done; no goroutine
// outlives it. Size is the number of decisions. The matrix reads its fields
// while it runs; do not change them meanwhile.
type Matrix = engine.Matrix

// A Cell names a decision of a [Matrix] by its place in the fields: Caller,
// Target and Request are indexes.
type Cell = engine.Cell
