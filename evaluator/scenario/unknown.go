package scenario

import (
	"slices"

	"github.com/iamsim/iamsim/evaluator"
)

// unknown says which names of the request the engine's catalogue does not know.
// The policies are not looked at: what they name wrongly is in the diagnostics.
func (s *Scenario) unknown(c *Compiled, r *Result) []string {
	if c == nil || c.Engine.Catalog == nil || r.Decision == evaluator.Invalid {
		return nil
	}
	asked := []string{"unknown-action", "resource-type-mismatch", "unknown-context-key"}
	answers := []Answer{r.Answer}
	if s.Request.Call != nil { // whose actions and resources are those of the operation
		asked, answers = asked[2:], r.Authorizations
	}
	var unknown []string
	for i := range answers {
		target := evaluator.Target{Resource: answers[i].Resource, Unknown: s.Request.ResourceUnknown}
		request := evaluator.Request{Action: answers[i].Action, Context: s.Request.keys()}
		for _, d := range c.Engine.Check(&evaluator.Caller{Principal: c.Caller.Principal}, &target, &request) {
			if slices.Contains(asked, d.Code) && !slices.Contains(unknown, d.Message) {
				unknown = append(unknown, d.Message)
			}
		}
	}
	return unknown
}
