package prove

import (
	"slices"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/classes"
)

// A result is the answer of one setting: a request, a reason why there is no
// answer, or neither, which is a proof.
type result struct {
	request            *Request
	allowedBy, nearest *evaluator.StatementRef
	lacks              []string // why the nearest does not allow
	reason             string
	unconfirmed        bool
}

// decide answers in one setting. Coordinates are independent, but the caller and
// the resource are always of one partition (B-43), an ARN often says who owns
// the resource, and nobody passes a role of another account (G-4): where that
// could make a difference, each partition and owner is decided by itself.
func (q *question) decide(st *setting) (result, error) {
	a, err := q.decideVariables(st)
	if err != nil || a.request != nil || a.reason == "" || !st.caller.signed() || q.budget.States <= 0 {
		return a, err
	}
	if !st.delegates {
		return q.decideApart(st, st.owner == "")
	}
	var all result
	if !st.passRole {
		rest := *st
		rest.notPassRole = true
		if all, err = q.decideApart(&rest, false); err != nil || all.request != nil || st.notPassRole {
			return all, err
		}
	}
	pass := *st
	pass.passRole = true
	if a, err = q.decideApart(&pass, true); err != nil || a.request != nil || a.reason != "" {
		return a, err
	}
	return all, nil
}

// decideApart decides each partition by itself, and where owners says so about
// each owner of the resource.
func (q *question) decideApart(st *setting, apart bool) (result, error) {
	owners := []string{st.owner}
	if apart {
		owners = append([]string{otherOwners}, q.part.accounts...)
	}
	var all result
	for _, owner := range owners {
		for _, partition := range append([]string{"aws", otherPartitions}, q.part.partitions...) {
			if q.ctx.Err() != nil {
				return result{reason: q.why()}, nil
			}
			one := *st
			one.owner, one.partition = owner, partition
			a, err := q.decideVariables(&one)
			if err != nil || a.request != nil {
				return a, err
			}
			if a.reason != "" {
				all.reason, all.unconfirmed = a.reason, all.unconfirmed || a.unconfirmed
			}
		}
	}
	return all, nil
}

// decideVariables answers in one setting. Where there are policy variables, it first
// tries it with all values left open: what cannot be then can never be. What can be
// is tried with concrete values.
func (q *question) decideVariables(st *setting) (result, error) {
	if len(q.part.variables) == 0 {
		return q.decideBound(st, bindings{})
	}
	cases, ok := q.part.cases()
	if !ok {
		return result{reason: "too many policy variables have a default"}, nil
	}
	if open, err := q.isOpen(st, cases); err != nil || !open {
		return result{}, err
	}
	all := result{reason: "the answer depends on the value of a policy variable"}
	for b := range q.part.trials(st.caller) {
		a, err := q.decideBound(st, b)
		if err != nil || a.request != nil {
			return a, err
		}
		all.unconfirmed = all.unconfirmed || a.unconfirmed
		if a.reason != "" {
			all.reason = a.reason
		}
	}
	if finer := q.part.split(cases); finer != nil && !all.unconfirmed {
		if open, err := q.isOpen(st, finer); err != nil || !open {
			return result{}, err
		}
	}
	return all, nil
}

// isOpen reports whether some request may refute in one of the cases, as far as can
// be said of values that are not known.
func (q *question) isOpen(st *setting, cases []bindings) (bool, error) {
	for _, b := range cases {
		in, err := q.prepare(st, b)
		if err != nil {
			return false, err
		}
		if in == nil {
			continue
		}
		if in.parts(func(p *part) bool {
			_, a := in.solve(p.must, p.not)
			return a == classes.None
		}) {
			return true, nil
		}
	}
	return false, nil
}

// decideBound answers in one setting with all variables bound.
func (q *question) decideBound(st *setting, b bindings) (result, error) {
	in, err := q.prepare(st, b)
	if err != nil || in == nil {
		return result{}, err
	}
	var out result
	in.parts(func(p *part) bool {
		points, a := in.solve(p.must, p.not)
		switch a {
		case classes.NotKnown:
			out.reason = q.why()
			return !q.budget.Stopped() && q.budget.States > 0
		case classes.Found:
			var w result
			if w, err = q.witness(in, p, points); err != nil || w.request != nil {
				out = w
				return false
			}
			if !out.unconfirmed {
				out = w
			}
		}
		return true
	})
	return out, err
}

// An inquiry is the question in one space.
type inquiry struct {
	*space
	question *question
	p, q     side
	must     []int // that all requests fulfil
	not      []statement
}

// prepare compiles both sides; nil if the setting has no requests, or the context
// has ended.
func (q *question) prepare(st *setting, b bindings) (*inquiry, error) {
	return q.inquire(newSpace(st, q.part, &q.options, b), q.pPart, q.qPart)
}

// inquire compiles these policies of both sides.
func (q *question) inquire(s *space, p, ofQ []attachment) (*inquiry, error) {
	in := &inquiry{space: s, question: q}
	in.p, in.q = s.side(q.p, p), s.side(q.q, ofQ)
	must, not := s.kindOfRequest()
	in.not = not
	bound, others, ok := s.bound()
	in.must, in.not = bound, append(in.not, others...)
	for _, st := range must {
		in.must = append(in.must, st.predicates...)
	}
	in.must = ordered(in.must)
	if err := s.finish(); err != nil || !ok || s.ended() {
		return nil, err
	}
	return in, nil
}

// A part is a request looked for: it matches some statements, and none of some
// others.
type part struct {
	must   []int // predicates
	not    []statement
	chosen []statement // of p, one that matches for each gate
	gate   int         // of q, no statement of which matches; -1:
	denied *statement  // of q, which matches
}

// parts goes over all ways in which p can allow and q deny, until yield says
// stop, and reports whether it did.
func (in *inquiry) parts(yield func(*part) bool) (stopped bool) {
	denies := slices.Concat(in.p.denies, in.not)
	for i := range in.q.gates {
		p := part{must: in.must, not: slices.Concat(denies, in.q.gates[i]), gate: i}
		if !in.choose(p, 0, yield) {
			return true
		}
	}
	for i := range in.q.denies {
		d := &in.q.denies[i]
		p := part{must: ordered(slices.Concat(in.must, d.predicates)), not: denies, gate: -1, denied: d}
		if !in.choose(p, 0, yield) {
			return true
		}
	}
	return false
}

// choose picks a statement for each gate of p from the i-th on; one that was
// picked before serves again.
func (in *inquiry) choose(p part, i int, yield func(*part) bool) bool {
	if i == len(in.p.gates) {
		in.question.parts++
		return yield(&p)
	}
	gate := in.p.gates[i]
	if !in.slow {
		for k := range gate {
			if implied(&gate[k], p.must) {
				p.chosen = append(slices.Clone(p.chosen), gate[k])
				return in.choose(p, i+1, yield)
			}
		}
	}
	for k := range gate {
		if in.question.ctx.Err() != nil {
			return yield(&p)
		}
		next := p
		next.must = ordered(slices.Concat(p.must, gate[k].predicates))
		next.chosen = append(slices.Clone(p.chosen), gate[k])
		if !in.slow && (in.excluded(&next) || len(in.p.gates) > 1 && !in.possible(next.must)) {
			continue
		}
		if !in.choose(next, i+1, yield) {
			return false
		}
	}
	return true
}

// implied reports whether the statement matches whenever the predicates hold.
func implied(st *statement, predicates []int) bool {
	for _, id := range st.predicates {
		if _, ok := slices.BinarySearch(predicates, id); !ok {
			return false
		}
	}
	return true
}

// excluded reports whether all that match would match one that must not.
func (in *inquiry) excluded(p *part) bool {
	for i := range p.not {
		if implied(&p.not[i], p.must) {
			return true
		}
	}
	return false
}

// possible reports whether each coordinate has a value for the predicates.
func (in *inquiry) possible(predicates []int) bool {
	holds := make([][]int, len(in.coordinates))
	for _, id := range predicates {
		p := in.predicates[id]
		holds[p.coordinate] = append(holds[p.coordinate], p.local)
	}
	for at, local := range holds {
		if len(local) > 0 && in.find(at, local, nil).answer == classes.None {
			return false
		}
	}
	return true
}
