package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// name is a layer with its level, where it has several: "service control
// policy of level 1".
func (l *layer) name() string {
	if !l.several {
		return l.Layer.Noun()
	}
	if l.Level == 0 && (l.Layer == policy.SCPLayer || l.Layer == policy.RCPLayer) {
		return l.Layer.Noun() + " of the root"
	}
	return fmt.Sprintf("%s of level %d", l.Layer.Noun(), l.Level)
}

// word is the outcome of a layer in a word.
func (l *layer) word() string {
	switch {
	case l.Outcome == evaluator.ExplicitDeny:
		return "denies"
	case !l.Binds:
		return "does not apply"
	case !l.Asked:
		return "not asked"
	case l.Outcome == evaluator.Allowed && l.Layer == policy.RCPLayer:
		return "does not deny"
	case l.Outcome == evaluator.Allowed:
		return "allows"
	case l.Outcome == evaluator.Indeterminate && l.Stopped:
		return "denies either way"
	case l.Outcome == evaluator.Indeterminate:
		return "left open"
	case l.Layer == policy.RuleLayer:
		return "refuses"
	case len(l.Policies) == 0:
		return "has no policy"
	}
	return "has no Allow"
}

// summary is the decision in one line.
func (e *explanation) summary() string {
	switch e.Decision {
	case evaluator.Allowed:
		return e.allowedBy()
	case evaluator.Indeterminate:
		return "what the request leaves unknown decides"
	case evaluator.Invalid:
		return e.Error
	}
	l := &e.Layers[e.stopped]
	switch {
	case l.Layer == policy.RuleLayer:
		return "no policy can allow it: " + l.Note
	case e.Decision == evaluator.ExplicitDeny && l.Outcome != evaluator.ImplicitDeny:
		return "an explicit deny in " + l.Layer.Article() + " " + l.name()
	}
	return "no " + l.name() + " allows " + e.Request.Action
}

// deniedByPolicies: it is denied, and not by a rule that no policy can change.
func (e *explanation) deniedByPolicies() bool {
	return e.outcome.Denied() && e.DeniedBy != policy.RuleLayer
}

// nothingNear: it is denied for want of an Allow, and no statement came near.
func (e *explanation) nothingNear() bool {
	return e.deniedByPolicies() && len(e.NearMisses)+len(e.Statements)+len(e.Open) == 0
}

// allowedBy says by what a request is allowed.
func (e *explanation) allowedBy() string {
	var layers []string
	for i := range e.Statements {
		l := e.Statements[i].Layer
		if by := l.Article() + " " + l.Noun(); !slices.Contains(layers, by) {
			layers = append(layers, by)
		}
	}
	switch {
	case layers != nil:
		return "by " + strings.Join(layers, " and ")
	case slices.ContainsFunc(e.Layers, func(l layer) bool { return l.Asked }) || len(e.Layers) == 0:
		return "nothing denies it, and no Allow is needed"
	}
	return "no Allow is needed"
}

// lacks names the elements that keep a statement from applying: "its Resource
// and its condition IpAddress aws:SourceIp".
func (s *statement) lacks() string {
	var names []string
	for i := range s.Elements {
		if e := &s.Elements[i]; e.Match != trace.Matches {
			names = append(names, "its "+e.name())
		}
	}
	switch last := len(names) - 1; {
	case last < 0:
		return "nothing"
	case last == 0:
		return names[0]
	default:
		return strings.Join(names[:last], ", ") + " and " + names[last]
	}
}

// name of an element, with operator and key of a condition.
func (e *element) name() string {
	if e.Element != "Condition" {
		return e.Element
	}
	return "condition " + e.Operator + " " + e.Key
}

// says is what the policy has, of many values the one most like the request's.
func (e *element) says() string {
	values := e.Values
	if e.Bound != nil {
		values = e.Bound
	}
	if len(values) == 0 {
		return "an empty list"
	}
	if e.Operator == "Null" && len(values) == 1 {
		if fold.Equal(values[0], "true") {
			return "true: the key must be absent"
		}
		return values[0] + ": the key must be there"
	}
	nearest, got := 0, strings.Join(e.Got, " ")
	for i, value := range values {
		if alike(value, got) > alike(values[nearest], got) {
			nearest = i
		}
	}
	text := values[nearest]
	if written := e.Values[nearest]; written != text {
		text += "  (" + written + ")"
	}
	if more := len(values) - 1; more > 0 {
		text += fmt.Sprintf("  (and %d more)", more)
	}
	return text
}

// alike is how much of their begin and end two texts share.
func alike(a, b string) int {
	n, begin, end := min(len(a), len(b)), 0, 0
	for begin < n && a[begin] == b[begin] {
		begin++
	}
	for begin+end < n && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return begin + end
}

// has is what the request has, or why there is nothing.
func (e *element) has() string {
	switch {
	case e.Reason == trace.VariableWithoutValue:
		return strings.Join(e.Got, ", ") + "  (has no " + e.Variable + ")"
	case e.State == "absent":
		return "no " + e.Key
	case e.State == "present":
		return "has it; the value is not known"
	case e.State == "unknown":
		return "not known"
	}
	return strings.Join(e.Got, ", ")
}

// isDecisive: the element tells more of why a statement applies than that it
// has the action and the resource.
func (e *element) isDecisive() bool {
	return e.Element == "Condition" || strings.HasPrefix(e.Element, "Not")
}

// write is what to write, as it stands in a policy.
func (h *hint) write() string {
	switch h.Element {
	case "Operator":
		return "the operator " + h.Suggestion
	case "Condition":
		return h.Suggestion
	case "Principal":
		return fmt.Sprintf(`"Principal": {"AWS": %q}`, h.Suggestion)
	case "NotPrincipal":
		return "in NotPrincipal " + h.Suggestion
	case "":
		return h.Suggestion
	}
	return fmt.Sprintf("%q: %q", h.Element, h.Suggestion)
}

// missing is the Allow that no statement comes near.
func (e *explanation) missing() string {
	l := &e.Layers[e.stopped]
	allow := "an Allow of " + e.Request.Action
	if len(l.Policies) == 0 {
		return allow + " in " + l.Layer.Article() + " " + l.Layer.Noun() + "; none is given"
	}
	var names []string
	for _, p := range l.Policies {
		names = append(names, p.Name)
	}
	more := ""
	if len(names) > 3 {
		names, more = names[:3], fmt.Sprintf(" and %d more", len(names)-3)
	}
	return allow + " in " + strings.Join(names, ", ") + more + "; no statement there comes near"
}

// isSaid: a diagnostic that the report tells already, as the layer that stopped
// or as a hint.
func (e *explanation) isSaid(d *diagnostic) bool {
	switch d.Code {
	case "fixed-rule":
		return true
	case "missing-qualifier":
		return slices.ContainsFunc(e.Hints, func(h hint) bool { return h.Code == "set-operator" })
	}
	return false
}

// others says how many statements are as near as the one that is shown.
func (e *explanation) others() string {
	if e.alike == 1 {
		return "one more statement is as near"
	}
	return fmt.Sprintf("%d more statements are as near", e.alike)
}
