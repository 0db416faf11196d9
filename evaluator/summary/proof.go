package summary

import (
	"context"
	"fmt"
	"slices"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
)

// prove compares the summary with the documents.
func (s *Summary) prove(ctx context.Context, x *prove.Prover, documents []*policy.Document) (less, more *prove.Verdict, err error) {
	for i := range s.Rows {
		if name := s.Rows[i].unnamed(); name != "" {
			v := &prove.Verdict{Reason: fmt.Sprintf("a pattern matches %s, which its row does not name", name)}
			return v, v, nil
		}
	}
	return equal(ctx, x, s.Kind, documents, []*policy.Document{s.Document()})
}

// equal decides whether documents can stand for others of the kind, whatever else
// there is: whether their Allow statements allow the same, and their Deny
// statements leave the same of everything.
func equal(ctx context.Context, x *prove.Prover, kind policy.Kind, a, b []*policy.Document) (ab, ba *prove.Verdict, err error) {
	for _, effect := range [...]policy.Effect{policy.Allow, policy.Deny} {
		p, q := part(a, effect), part(b, effect)
		switch {
		case len(p) == 0 && len(q) == 0:
			continue
		case effect == policy.Deny && kind != policy.RCP:
			everything := allOf(kind)
			p, q = with(p, everything), with(q, everything)
		case effect == policy.Allow && (len(p) == 0 || len(q) == 0):
			v := &prove.Verdict{Reason: "one of them allows nothing, which is not compared"}
			return v, v, nil
		}
		pq, qp, err := x.Equivalent(ctx, prove.Of(kind, policy.Attach(p...)...), prove.Of(kind, policy.Attach(q...)...))
		if err != nil {
			return nil, nil, err
		}
		ab, ba = worse(ab, pq), worse(ba, qp)
	}
	if ab == nil { // there are no statements
		return x.Equivalent(ctx, prove.Of(kind), prove.Of(kind))
	}
	return ab, ba, nil
}

// part are the statements of one effect of documents, without what is empty then.
func part(documents []*policy.Document, effect policy.Effect) []*policy.Document {
	var list []*policy.Document
	for _, d := range documents {
		out := &policy.Document{Version: d.Version}
		for _, st := range d.Statements {
			if st.Effect == effect {
				out.Statements = append(out.Statements, st)
			}
		}
		if len(out.Statements) > 0 {
			list = append(list, out)
		}
	}
	return list
}

// with are documents with a statement more, which has no variables.
func with(documents []*policy.Document, st policy.Statement) []*policy.Document {
	if len(documents) == 0 {
		return []*policy.Document{{Version: policy.Version2012, Statements: []policy.Statement{st}}}
	}
	last := documents[len(documents)-1]
	more := &policy.Document{Version: last.Version, Statements: append(slices.Clip(last.Statements), st)}
	return append(slices.Clone(documents[:len(documents)-1]), more)
}

// worse is the first verdict, or the second where that is less of a proof; what the
// other one assumes it assumes, too.
func worse(a, b *prove.Verdict) *prove.Verdict {
	if a == nil {
		return b
	}
	if a.Outcome != prove.Proved && !(a.Outcome == prove.Unknown && b.Outcome == prove.Refuted) {
		return a
	}
	v := *b
	for _, assumption := range a.Assumptions {
		if !slices.Contains(v.Assumptions, assumption) {
			v.Assumptions = append(slices.Clip(v.Assumptions), assumption)
		}
	}
	return &v
}

// allOf is a statement that allows everything that policies of the kind can.
func allOf(kind policy.Kind) policy.Statement {
	st := policy.Statement{Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"}}
	if kind.NamesPrincipals() {
		st.Principal = &policy.Principals{Everyone: true}
	}
	return st
}
