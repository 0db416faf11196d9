// Package story prints the decisions of the examples.
package story

import (
	"fmt"
	"io"

	"github.com/iamsim/iamsim/evaluator"
)

// Chapter prints a line that says which policies apply from here on.
func Chapter(w io.Writer, text string) { fmt.Fprintf(w, "%s\n\n", text) }

// Tell prints who asks for what, the decision, the statements that decided, and
// the text in which AWS reports a denial: first its older forms, if there are
// any worth telling, then the one of today.
func Tell(w io.Writer, asks string, why *evaluator.Explanation, older ...*evaluator.Explanation) {
	fmt.Fprintf(w, "  %s: %s\n", asks, why.Decision())
	for _, s := range why.Statements() {
		from := ""
		if s.From != "" {
			from = " (" + s.From + ")"
		}
		fmt.Fprintf(w, "      by %s:%d, statement %s%s\n", s.Policy, s.Line, s.Sid, from)
	}
	for _, o := range older {
		fmt.Fprintf(w, "      AWS, older text: %s\n", o.Message())
	}
	if why.Decision().Denied() {
		fmt.Fprintf(w, "      AWS: %s\n", why.Message())
	}
	fmt.Fprintln(w)
}
