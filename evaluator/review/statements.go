package review

import (
	"context"
	"fmt"
	"slices"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
)

// A Finding says what becomes of a document without one of its statements. The
// zero Finding is Undecided.
type Finding uint8

// The findings. Statements that are dead, unreachable, shadowed or redundant
// can be left out, all of them together: what the document grants stays the
// same, whatever other policies there are.
const (
	Undecided   Finding = iota // see Statement.Verdict
	Needed                     // some request is decided otherwise without it
	Guard                      // a Deny of what the document does not allow: it matters beside other policies only
	Dead                       // it applies to no request
	Unreachable                // an Allow all of which is denied
	Shadowed                   // another statement applies wherever it does
	Redundant                  // other statements do together what it does
)

func (f Finding) String() string {
	switch f {
	case Undecided:
		return "undecided"
	case Needed:
		return "needed"
	case Guard:
		return "guard"
	case Dead:
		return "dead"
	case Unreachable:
		return "unreachable"
	case Shadowed:
		return "shadowed"
	case Redundant:
		return "redundant"
	}
	return fmt.Sprintf("Finding(%d)", uint8(f))
}

// MarshalText is [Finding.String].
func (f Finding) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Superfluous reports whether the statement can be left out.
func (f Finding) Superfluous() bool { return f >= Dead }

// A Statement is one of a document and what was found of it.
type Statement struct {
	Index   int // in the document, from 0
	Finding Finding
	// By is the index of the statement that shadows it; -1 if none does.
	By int
	// Verdict is on the question whether the document decides the same without
	// it. For one that is needed it has a request that shows the need.
	Verdict *prove.Verdict
}

// Statements says of each statement of an identity-based or resource-based
// policy whether it does anything. Of two that do the same, the later one is
// superfluous. The statements found superfluous can be left out together.
//
// An error is about the document, as of [prove.Prover.Within].
func Statements(ctx context.Context, x *prove.Prover, d *policy.Document) ([]Statement, error) {
	if d == nil {
		return nil, policy.ErrNoDocument
	}
	if err := prove.Alone(d).Check(); err != nil {
		return nil, err
	}
	r := reading{prover: x, document: d, left: make([]int, len(d.Statements))}
	for i := range r.left {
		r.left[i] = i
	}
	list := make([]Statement, len(d.Statements))
	for i := len(list) - 1; i >= 0; i-- {
		s, err := r.statement(ctx, i)
		if err != nil {
			return nil, err
		}
		if list[i] = s; s.Finding.Superfluous() {
			r.left = slices.DeleteFunc(r.left, func(k int) bool { return k == i })
		}
	}
	return list, nil
}

// A reading goes through a document and strikes out what does nothing.
type reading struct {
	prover   *prove.Prover
	document *policy.Document
	left     []int // indexes of the statements not struck out so far
}

func (r *reading) statement(ctx context.Context, i int) (Statement, error) {
	s := Statement{Index: i, By: -1}
	if ctx.Err() != nil {
		s.Verdict = &prove.Verdict{Reason: context.Cause(ctx).Error()}
		return s, nil
	}
	rest := &policy.Document{Version: r.document.Version}
	for _, k := range r.left {
		rest.Statements = append(rest.Statements, r.document.Statements[k])
	}
	at := slices.Index(r.left, i)
	var err error
	if s.Verdict, err = r.prover.Redundant(ctx, rest, at); err != nil {
		return s, err
	}
	switch s.Verdict.Outcome {
	case prove.Refuted:
		s.Finding = Needed
		return s, nil
	case prove.Unknown:
		return s, nil
	}
	deny := r.document.Statements[i].Effect == policy.Deny
	if v, err := r.prover.Dead(ctx, rest, at); err != nil || v.Outcome == prove.Proved {
		s.Finding = Dead
		return s, err
	}
	if !deny {
		if v, err := r.prover.Unreachable(ctx, rest, at); err != nil || v.Outcome == prove.Proved {
			s.Finding = Unreachable
			return s, err
		}
	}
	for k, other := range r.left {
		if k == at || r.document.Statements[other].Effect != r.document.Statements[i].Effect {
			continue
		}
		if v, err := r.prover.Shadowed(ctx, rest, at, k); err != nil || v.Outcome == prove.Proved {
			s.Finding, s.By = Shadowed, other
			return s, err
		}
	}
	s.Finding = Redundant
	if deny {
		covered, err := r.denied(ctx, i)
		if err != nil || !covered {
			s.Finding = Guard
		}
		return s, err
	}
	return s, nil
}

// denied reports whether the other Deny statements together deny all that this
// one denies.
func (r *reading) denied(ctx context.Context, i int) (bool, error) {
	this, others := &policy.Document{Version: r.document.Version}, &policy.Document{Version: r.document.Version}
	for _, k := range r.left {
		st := r.document.Statements[k]
		if st.Effect != policy.Deny {
			continue
		}
		st.Effect = policy.Allow // what it denies is what it would allow
		to := others
		if k == i {
			to = this
		}
		to.Statements = append(to.Statements, st)
	}
	if len(others.Statements) == 0 {
		return false, nil
	}
	v, err := r.prover.Within(ctx, prove.Alone(this), prove.Alone(others))
	return err == nil && v.Outcome == prove.Proved, err
}
