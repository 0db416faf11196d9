package account

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// Decide decides a request of a principal on a resource although policies may be
// unknown: where the decision is the same whatever they say, it is that. Else the
// error joins the [Gap]s, and the decision is none. A nil engine is the zero one.
//
// What is not known stands first for a policy that allows everything: what is
// denied so is denied. Then for one that denies everything: what is allowed so, as
// where a policy does not bind the principal, is allowed. An account of which it is
// not known where it stands in its organization is never decided.
func (s *Snapshot) Decide(e *evaluator.Engine, p *Principal, resource string, r *evaluator.Request) (evaluator.Decision, error) {
	if e == nil {
		e = new(evaluator.Engine)
	}
	ask := func(instead func(policy.Kind) *policy.Document) (evaluator.Decision, *gathering) {
		g := &gathering{snapshot: s, instead: instead}
		c := g.caller(p.of, p.principal())
		if g.err != nil {
			return evaluator.Decision{}, g
		}
		t := g.target(resource)
		if g.err != nil {
			return evaluator.Decision{}, g
		}
		return e.Evaluate(&c, &t, r), g
	}
	d, g := ask(s.allowingAll)
	switch {
	case g.err != nil:
		return evaluator.Decision{}, g.err
	case g.gaps == nil:
		return d, nil
	}
	for _, gap := range g.gaps {
		if gap.Part == Parent {
			return evaluator.Decision{}, join(g.gaps)
		}
	}
	if d.Denied() || d.Outcome() == evaluator.Invalid {
		return d, nil
	}
	service, _, _ := strings.Cut(r.Action, ":")
	least, g := ask(func(k policy.Kind) *policy.Document { return s.denyingAll(k, service) })
	if g.err == nil && least.Allowed() {
		return least, nil
	}
	return evaluator.Decision{}, g.result()
}

// allowingAll is a policy by which everybody may do everything.
func (s *Snapshot) allowingAll(kind policy.Kind) *policy.Document {
	return s.anything(kind, policy.Allow, "*")
}

// denyingAll is a policy by which nobody may do anything. A resource control policy
// names services, and there are some that it does not reach (E-9).
func (s *Snapshot) denyingAll(kind policy.Kind, service string) *policy.Document {
	switch {
	case kind != policy.RCP:
		return s.anything(kind, policy.Deny, "*")
	case policy.RCPSupports(service):
		return s.anything(kind, policy.Deny, service+":*")
	}
	return s.allowingAll(kind)
}

// anything is a policy of one statement about all resources, and all principals
// where its kind names them.
func (s *Snapshot) anything(kind policy.Kind, effect policy.Effect, action string) *policy.Document {
	statement := fmt.Sprintf(`"Effect":"%s","Action":"%s","Resource":"*"`, effect, action)
	switch kind {
	case policy.Trust:
		statement = fmt.Sprintf(`"Effect":"%s","Action":"sts:*","Principal":"*"`, effect)
	case policy.Resource, policy.RCP:
		statement += `,"Principal":"*"`
	}
	d, err := s.interned.document(unknown.Name, `{"Version":"2012-10-17","Statement":[{`+statement+`}]}`)
	if err != nil {
		return nil // which cannot be, and is no policy
	}
	return d
}
