package fix

import (
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
)

// proved reports whether it is proved that a policy with an added Allow allows
// nothing but what it did before, and this action on this resource. Of an
// exception to a Deny that is not asked: what it must not allow cannot be
// written as a policy.
func (q *finder) proved(before *state, e *edit) bool {
	if q.denied.Prover == nil || e.change.Kind == ExceptFromDeny || before.target.Unknown {
		return false
	}
	request := policy.Statement{Effect: policy.Allow, Action: policy.Values{before.request.Action}, Resource: policy.Values{before.pattern(true)}}
	p, c := documents(e.state.policies.At(e.Slot)), documents(before.policies.At(e.Slot))
	var after, ceiling policy.Policies
	switch {
	case e.Layer == policy.RCPLayer || e.Layer == policy.EndpointLayer:
		return false
	case !isOfResource(e.Slot):
		after, ceiling = prove.Identity(p...), prove.Identity(append(c, of(request))...)
	default:
		if request.Principal = before.principals()[0].element; before.trust {
			request.Resource = nil
		}
		after, ceiling = prove.Resource(p...), prove.Resource(append(c, of(request))...)
	}
	verdict, err := q.denied.Prover.Within(q.ctx, after, ceiling)
	return err == nil && verdict.Outcome == prove.Proved
}

func documents(attached []policy.Attached) []*policy.Document {
	var list []*policy.Document
	for i := range attached {
		list = append(list, attached[i].Document)
	}
	return list
}

func of(st policy.Statement) *policy.Document {
	return &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{st}}
}
