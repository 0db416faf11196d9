package prove

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/spelling"
)

// lacks are the reasons why a statement does not apply to the request of an
// explanation: the elements that do not match, and the traps that it has fallen
// into.
func lacks(layers []trace.Layer, ref *evaluator.StatementRef) []string {
	for _, l := range layers {
		for _, p := range l.Policies {
			for i := range p.Statements {
				st := &p.Statements[i]
				if st.Policy != ref.Policy || st.Index != ref.Index || st.Level != ref.Level || st.Sid != ref.Sid || st.Effect != ref.Effect {
					continue
				}
				return reasons(st)
			}
		}
	}
	return nil
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
