package scenario

import "github.com/iamsim/iamsim/evaluator"

// Explain explains the decision on a scenario: one explanation, or for a call
// one of each authorization that it needs, in their order, and then of each
// precondition whose policy is given: there a service asks. The error says why
// the scenario cannot be answered; one that wraps
// [evaluator.ErrInvalidRequest], that its request is invalid.
func (e *Evaluator) Explain(s *Scenario) ([]*evaluator.Explanation, error) {
	c, err := e.compile(s)
	if err != nil {
		return nil, err
	}
	if s.Request.Call == nil {
		return []*evaluator.Explanation{c.Engine.Explain(&c.Caller, &c.Target, &c.Request)}, nil
	}
	result, _, err := e.decide(s, c)
	if err != nil {
		return nil, err
	}
	var explanations []*evaluator.Explanation
	for i := range result.Authorizations {
		explanations = append(explanations, result.Authorizations[i].Explanation)
	}
	for i := range result.Preconditions {
		if x := result.Preconditions[i].Explanation; x != nil {
			explanations = append(explanations, x)
		}
	}
	return explanations, nil
}
