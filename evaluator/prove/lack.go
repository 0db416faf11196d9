package prove

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// lacks are the reasons why a statement does not apply to the request of an
// explanation: the elements that do not match, and the traps that it has fallen
// into.
func lacks(layers []trace.Layer, ref *evaluator.StatementRef) []string {
	for _, l := range layers {
		for _, p := range l.Policies {
			for i := range p.Statements {
				if st := &p.Statements[i]; isAt(st, ref) {
					return reasons(st)
				}
			}
		}
	}
	return nil
}

// isAt reports whether a statement of an explanation is the one that is referred to.
// Several policies may have one name.
func isAt(st *trace.Statement, ref *evaluator.StatementRef) bool {
	at := st.Ref()
	if at.Layer == policy.TrustLayer { // which a question has in the place of other resources' policies
		at.Layer = policy.ResourceLayer
	}
	return at.Layer == ref.Layer && at.Level == ref.Level && at.Policy == ref.Policy && at.Index == ref.Index &&
		at.Line == ref.Line && at.Column == ref.Column && at.Sid == ref.Sid
}

func reasons(st *trace.Statement) []string {
	var list []string
	for i := range st.Elements {
		if e := &st.Elements[i]; e.Match != trace.Matches {
			list = append(list, reason(e))
		}
	}
	for _, h := range st.Hints {
		if !slices.Contains(list, h.Text) {
			list = append(list, h.Text)
		}
	}
	return list
}

// reason says what an element asks for and what the request has.
func reason(e *trace.Element) string {
	asks := e.Element
	if e.Key != "" {
		asks = e.Operator.String() + " " + e.Key
	}
	asks += " " + some(e.Values)
	switch {
	case e.Absent:
		return asks + ", and the request has none"
	case len(e.Got) == 0:
		return asks + " does not match"
	}
	return asks + ", and the request has " + some(e.Got)
}

// mostValues bounds how many values a reason names.
const mostValues = 3

func some(values []string) string {
	var quoted []string
	for _, v := range values[:min(len(values), mostValues)] {
		quoted = append(quoted, spelling.Quote(v))
	}
	if len(values) > mostValues {
		quoted = append(quoted, "…")
	}
	return strings.Join(quoted, ", ")
}
