package fix

import (
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// Of is a request as the evaluator takes it, with the documents of its sets.
// Catalog and Prover are left to be given. A nil set in a list, which makes the
// request invalid, counts as one without policies.
func Of(e *evaluator.Engine, c *evaluator.Caller, t *evaluator.Target, r *evaluator.Request) *Denied {
	d := &Denied{Engine: *e, Principal: c.Principal, Target: *t, Request: *r}
	d.Target.Policies, d.Target.RCPs, d.Request.Endpoint = nil, nil, nil
	d.Policies = Policies{
		Identity: attachedOf(c.Identity), Boundary: attachedOf(c.Boundary), Endpoint: attachedOf(r.Endpoint),
		Session: eachOf(c.Session), SCPs: eachOf(c.SCPs), Resource: eachOf(t.Policies), RCPs: eachOf(t.RCPs),
	}
	return d
}

// attachedOf is nil only where there is no set: one without policies is there.
func attachedOf(s *evaluator.Set) []policy.Attached {
	if s == nil {
		return nil
	}
	return append([]policy.Attached{}, s.Attached()...)
}

func eachOf(sets []*evaluator.Set) [][]policy.Attached {
	var list [][]policy.Attached
	for _, s := range sets {
		list = append(list, attachedOf(s))
	}
	return list
}
