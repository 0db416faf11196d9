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

// The findings. A dead statement applies to no request; an unreachable, shadowed
// or redundant one does, and is not needed. Statements that are dead, unreachable, shadowed or redundant
// can be left out, all of them together: what the document grants stays the
// same, whatever other policies there are.
const (
	Undecided   Finding = iota // see Statement.Verdict
	Needed                     // some request is decided otherwise without it
	Guard                      // a Deny of what the document does not allow: it matters beside other policies only
	Dead                       // it applies to no request
	Unreachable                // an Allow all of which is denied
	Shadowed                   // another statement applies wherever it does
	Redundant                  // others do what it does: statements of the document, or what callers have of their own
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
	// Others are the indexes of the statements that together do what a redundant one
	// does. There are none where it grants to its own account what callers there
	// have only by their own policies, which need no grant of the resource.
	Others []int
	// Key is the context key for which the statement is dead: it demands one that
	// no request for its actions has. It is "" if there is none.
	Key string
	// Verdict is on the question whether the document decides the same without
	// it. For one that is needed it has a request that shows the need.
	Verdict *prove.Verdict
}

// Statements says of each statement of a policy, which is of the prover's Kind,
// whether it does anything. Of two that do the same, the later one is
// superfluous. The statements found superfluous can be left out together. A
// service control policy that allows nothing is taken to stand beside
// FullAWSAccess.
//
// An error is about the document, as of [prove.Prover.Within].
func Statements(ctx context.Context, x *prove.Prover, d *policy.Document) ([]Statement, error) {
	if d == nil {
		return nil, policy.ErrNoDocument
	}
	if err := x.Alone(d).Check(); err != nil {
		return nil, err
	}
	count := len(d.Statements)
	if x.Kind == policy.SCP && !prove.Allows(d) {
		d = &policy.Document{Version: d.Version, Statements: slices.Concat(d.Statements, prove.FullAccess().Document.Statements)}
	}
	r := reading{prover: x, document: d, left: make([]int, len(d.Statements))}
	for i := range r.left {
		r.left[i] = i
	}
	list := make([]Statement, count)
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
	if s.Key = neverCarried(r.prover.Catalog, &r.document.Statements[i]); s.Key != "" {
		s.Finding, s.Verdict = Dead, &prove.Verdict{
			Outcome: prove.Proved, CatalogDate: r.prover.Catalog.Date(), Universe: "all requests that AWS makes, as the catalogue has them",
			Assumptions: []string{"requests for an action have no context keys of other services than the catalogue says"},
		}
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
		if s.Finding = Dead; err == nil && deny && r.prover.Kind == 0 && !r.document.NamesPrincipals() {
			s.Finding, s.Verdict = Undecided, &prove.Verdict{Reason: "it denies nothing to users and roles; a root user and a service have no identity-based policies, and a policy of another kind could be for them: say which kind it is"}
		}
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
		covered, err := r.covers(ctx, i, r.left)
		if err != nil || !covered {
			s.Finding = Guard
			return s, err
		}
	}
	s.Others, err = r.others(ctx, i)
	return s, err
}

// others are statements that together do what the i-th does, none of which could
// be left out.
func (r *reading) others(ctx context.Context, i int) ([]int, error) {
	needed := slices.DeleteFunc(slices.Clone(r.left), func(k int) bool {
		return k == i || r.document.Statements[k].Effect != r.document.Statements[i].Effect
	})
	for _, k := range slices.Clone(needed) {
		fewer := slices.DeleteFunc(slices.Clone(needed), func(n int) bool { return n == k })
		covered, err := r.covers(ctx, i, fewer)
		if err != nil {
			return nil, err
		}
		if covered {
			needed = fewer
		}
	}
	return needed, nil
}

// covers reports whether some other statements of the effect of the i-th do
// together all that it does beside the Deny statements.
func (r *reading) covers(ctx context.Context, i int, others []int) (bool, error) {
	deny, rcp := r.document.Statements[i].Effect == policy.Deny, r.prover.Kind == policy.RCP
	this, rest := &policy.Document{Version: r.document.Version}, &policy.Document{Version: r.document.Version}
	for _, k := range r.left {
		st := r.document.Statements[k]
		switch isDeny := st.Effect == policy.Deny; {
		case isDeny && !deny:
			this.Statements, rest.Statements = append(this.Statements, st), append(rest.Statements, st)
		case isDeny != deny:
		default:
			if !rcp { // whose statements deny, all of them
				st.Effect = policy.Allow // what a Deny denies is what it would allow
			}
			if k == i {
				this.Statements = append(this.Statements, st)
			} else if slices.Contains(others, k) {
				rest.Statements = append(rest.Statements, st)
			}
		}
	}
	if len(rest.Statements) == 0 {
		if deny {
			return false, nil
		}
		nothing := policy.Statement{Effect: policy.Allow, Action: policy.Values{}, Resource: policy.Values{"*"}}
		if r.document.NamesPrincipals() {
			nothing.Principal = &policy.Principals{Everyone: true}
		}
		rest.Statements = append(rest.Statements, nothing)
	}
	p, q := r.prover.Alone(this), r.prover.Alone(rest)
	if rcp {
		p, q = q, p // what the others leave, this one leaves
	}
	v, err := r.prover.Within(ctx, p, q)
	return err == nil && v.Outcome == prove.Proved, err
}
