package report

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/spelling"
)

// JSON writes each explanation as one indented object, one after the other.
// Its members:
//
//	name            the title, if there is one
//	decision        allowed, explicitDeny, implicitDeny, indeterminate, invalid
//	deniedBy        the layer, if the request is denied
//	request         principal, action, resource
//	summary         the decision in a line
//	message         the error text that AWS would give
//	error           what is wrong with the request
//	statements      those that decided, with their elements
//	open            those that what is unknown keeps open, where it decides, with their elements
//	nearMisses      those that almost allowed it; moreNearMisses, how many are left out
//	hints           code, text, element, suggestion
//	missingContext  context keys that are not given and could change the decision
//	notCarried      context keys that policies ask for and no request for the action has
//	diagnostics     code, subject, suggestion, message
//	layers          layer, level, binds, asked, outcome, stopped, note, policies
//	rules           the numbers that the texts cite, each with its address in CONFORMANCE.md
//
// A policy has name, arn, from and, in a complete report, statements. A
// statement has layer, level, policy, arn, index, sid, effect, line, column,
// match (yes, maybe, no), elements and hints; an element has element, operator,
// key, values, bound (values with variables replaced), variable (one without
// value), got, state (absent, present, unknown), match, reason, note, line and
// column. What is empty is left out.
func JSON(w io.Writer, o Options, explanations ...*evaluator.Explanation) error {
	var b strings.Builder
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	for _, x := range explanations {
		if err := out.Encode(model(o, x, true)); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, spelling.Shown(b.String()))
	return err
}
