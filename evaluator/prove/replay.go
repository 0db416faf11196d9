package prove

import (
	"maps"
	"slices"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// A replay puts requests to the evaluator, under the documents as they were
// given.
type replay struct {
	p, q        evaluator.Sets
	everything  *evaluator.Set            // what callers may whose own policies allow everything
	delegations map[string]*evaluator.Set // by account: resource-based policies that leave all to it
}

func newReplay(p, q policy.Policies) (*replay, error) {
	x := &replay{delegations: map[string]*evaluator.Set{}}
	var err error
	if x.p, err = evaluator.CompilePolicies(p); err != nil {
		return nil, err
	}
	if x.q, err = evaluator.CompilePolicies(q); err != nil {
		return nil, err
	}
	x.everything, err = evaluator.Compile(policy.Identity, policy.Attached{Document: &policy.Document{
		Version: policy.Version2012, Statements: []policy.Statement{*everythingAllowed()},
	}})
	return x, err
}

// inputs are the request as the evaluator takes it, under the policies of one side.
func (x *replay) inputs(st *setting, r *Request, s evaluator.Sets) (*evaluator.Caller, *evaluator.Target, *evaluator.Request) {
	caller := evaluator.Caller{Principal: r.Principal}
	target := evaluator.Target{Resource: r.Resource, Account: r.Account}
	request := evaluator.Request{Action: r.Action, Context: r.Context}
	s.Apply(&caller, &target, &request)
	if !st.caller.mayHaveBoundary() {
		caller.Boundary = nil
	}
	if st.own == allowAll {
		caller.Identity = x.everything
	}
	if st.delegates && target.Policies == nil {
		target.Policies = []*evaluator.Set{x.delegation(r.Principal.Account())}
	}
	return &caller, &target, &request
}

func (x *replay) delegation(account string) *evaluator.Set {
	if x.delegations[account] == nil {
		st := *everythingAllowed()
		st.Principal = &policy.Principals{Entries: []policy.PrincipalEntry{{Type: policy.PrincipalAWS, Values: policy.Values{account}}}}
		x.delegations[account] = evaluator.MustCompile(policy.Resource, &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{st}})
	}
	return x.delegations[account]
}

// refutes reports whether p allows the request, and q denies it.
func (x *replay) refutes(st *setting, r *Request) bool {
	return evaluator.Evaluate(x.inputs(st, r, x.p)).Allowed() && evaluator.Evaluate(x.inputs(st, r, x.q)).Denied()
}

// allowedBy is the statement of p that allows the request: one that grants, and
// not one that only does not stand in the way. It is nil where the caller needs
// none, or has it from policies that are left open.
func (x *replay) allowedBy(st *setting, r *Request) *evaluator.StatementRef {
	var found *evaluator.StatementRef
	why := evaluator.Explain(x.inputs(st, r, x.p))
	statements := why.Statements()
	for i := range statements {
		grants := false
		switch ref := &statements[i]; ref.Layer {
		case policy.IdentityLayer:
			if st.own == allowAll || isAdministrators(x.p.Policies()) {
				continue
			}
			grants = true
		case policy.ResourceLayer:
			if p := x.p.Policies(); !p.Has(policy.ResourceLayer) || isOpen(p) {
				continue
			}
			grants = true
		}
		if grants {
			return &statements[i]
		}
		if found == nil {
			found = &statements[i]
		}
	}
	if p := x.p.Policies(); found == nil && (isAdministrators(p) || isOpen(p)) {
		return letsThrough(why.Layers())
	}
	return found
}

// letsThrough is the first Allow that applies of a layer that only limits.
func letsThrough(layers []trace.Layer) *evaluator.StatementRef {
	for _, l := range layers {
		if l.Layer == policy.IdentityLayer || l.Layer == policy.ResourceLayer || l.Layer == policy.TrustLayer {
			continue
		}
		for _, p := range l.Policies {
			for i := range p.Statements {
				if st := &p.Statements[i]; st.Effect == policy.Allow && st.Match == trace.Matches {
					ref := st.Ref()
					return &ref
				}
			}
		}
	}
	return nil
}

// nearest is the statement of q that denies the request, or else the Allow that
// asks for the least that the request has not, and the most that it has; and why
// this Allow does not apply.
func (x *replay) nearest(in *inquiry, p *part, d *draft, r *Request) (*evaluator.StatementRef, []string) {
	why := evaluator.Explain(x.inputs(in.setting, r, x.q))
	if d := why.Statements(); len(d) > 0 && d[0].Effect == policy.Deny {
		return &d[0], nil
	}
	best := in.nearest(p, d)
	if best == nil {
		if in, err := in.question.wholeOfQ(in); in != nil && err == nil {
			best = in.nearest(p, d)
		}
	}
	if best == nil {
		return nil, nil
	}
	ref := best.ref()
	return ref, lacks(why.Layers(), ref)
}

// nearest is the statement of q in this space that is nearest to allow a draft;
// nil if there is none.
func (in *inquiry) nearest(p *part, d *draft) *source {
	points := in.at(d)
	var gate []statement
	if p.gate >= 0 {
		gate = in.q.gates[p.gate]
	}
	for _, g := range in.q.gates {
		if !slices.ContainsFunc(g, func(st statement) bool { failing, _ := in.compare(&st, points); return failing == 0 }) {
			gate = g
			break
		}
	}
	var best *source
	fewest, most := 0, 0
	for i := range gate {
		failing, holding := in.compare(&gate[i], points)
		if gate[i].source != nil && (best == nil || failing < fewest || failing == fewest && holding > most) {
			best, fewest, most = gate[i].source, failing, holding
		}
	}
	return best
}

// wholeOfQ is q with the statements too that have no part in the question. No
// request that was found has the keys of their variables.
func (q *question) wholeOfQ(in *inquiry) (*inquiry, error) {
	all := bindings{}
	maps.Copy(all, in.bindings)
	for _, name := range q.facts.variables {
		if _, bound := all[name]; !bound && in.setting.caller.embedded[name] == nil {
			all[name] = binding{absent: true}
		}
	}
	return q.inquire(newSpace(in.setting, q.facts, &q.options, all), nil, q.qList)
}

// compare counts what of a statement fails and what holds.
func (in *inquiry) compare(st *statement, points []*point) (failing, holding int) {
	for _, id := range st.predicates {
		if in.fails(points[in.predicates[id].coordinate], id) {
			failing++
		} else {
			holding++
		}
	}
	return failing, holding
}

// at are the points of a draft.
func (in *inquiry) at(d *draft) []*point {
	points := make([]*point, len(in.coordinates))
	given := make(map[string][]string, len(d.context))
	for _, key := range d.context {
		given[fold.String(key.Name)] = key.Values
	}
	for at, text := range []string{actionCoordinate: d.action, resourceCoordinate: d.resource, callerCoordinate: d.caller} {
		points[at] = &point{words: []classes.Word{classes.Word(text)}}
	}
	for i, c := range in.coordinates[callerCoordinate+1:] {
		p := &point{}
		name := fold.String(c.name)
		values, _ := in.valuesOfAll(name)
		for _, v := range slices.Concat(values, given[name]) {
			p.words = append(p.words, classes.Word(v))
		}
		points[callerCoordinate+1+i] = p
	}
	return points
}
