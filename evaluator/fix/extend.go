package fix

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// A nearMiss is an Allow that lacks one element.
type nearMiss struct {
	policy.Slot
	document int
	attached *policy.Attached
	trace    *trace.Statement
}

// isShared reports whether others may have the policy too, so that a change of
// it would change their rights: a managed policy, and one of a group. A policy
// of AWS cannot be changed at all. Policies of organizations, resources and
// boundaries are changed where they are.
func (m *nearMiss) isShared() bool {
	if a, err := arn.Parse(m.attached.ARN); err == nil && a.Account() == "aws" {
		return true
	}
	switch m.Layer {
	case policy.IdentityLayer, policy.SessionLayer:
		return m.attached.ARN != "" || strings.HasPrefix(m.attached.From, "group ")
	}
	return false
}

// written is the statement as it stands in the policy.
func (m *nearMiss) written() policy.Statement { return m.attached.Document.Statements[m.trace.Index] }

// extended gives the statement the one value that it lacks, where that allows
// nothing else: all its other elements must have one value, the request's.
func (s *state) extended(m *nearMiss) (edit, bool) {
	st := m.written()
	variables := m.attached.Document.Version == policy.Version2012
	lacking := m.trace.First()
	if m.isShared() || st.NotAction != nil || st.NotResource != nil || st.NotPrincipal != nil {
		return edit{}, false
	}
	onlyAction := len(st.Action) == 1 && fold.Equal(st.Action[0], s.request.Action)
	onlyResource := st.Resource == nil || len(st.Resource) == 1 && st.Resource[0] == s.pattern(variables)
	element, value := lacking.Element, ""
	switch {
	case element == "Action" && (s.accompanies(&st) || onlyResource && s.namesOnlyCaller(m.Layer, &st)):
		value = s.request.Action
		st.Action = append(slices.Clone(st.Action), value)
	case element == "Resource" && onlyAction && s.namesOnlyCaller(m.Layer, &st) && s.passesToOneService(&st):
		if s.target.Unknown && s.target.Resource == "" || !variables && s.needsVariables() {
			return edit{}, false
		}
		value = s.pattern(variables)
		st.Resource = append(slices.Clone(st.Resource), value)
	case element == "Principal" && onlyAction && onlyResource && !st.Principal.Everyone:
		p := s.principals()[0]
		if p.conditions != nil || p.element.Everyone {
			return edit{}, false
		}
		value = p.parameter()
		st.Principal = withPrincipal(st.Principal, &p.element.Entries[0])
	default:
		return edit{}, false
	}
	return m.changed(st, element, value), true
}

// changed puts a statement in the place of the near miss.
func (m *nearMiss) changed(st policy.Statement, element, value string) edit {
	before := m.written()
	e := edit{Slot: m.Slot, document: m.document, after: copied(m.attached.Document)}
	e.change = Change{
		Kind: ExtendStatement, Statement: m.trace.Index, Before: &before, After: []policy.Statement{st}, Element: element, Value: value,
	}
	e.change.named(m.attached)
	e.after.Statements[m.trace.Index] = st
	return e
}

// passesToOneService: a statement on iam:PassRole gets a further role only if
// it names the service of the request, where that is known (G-5).
func (s *state) passesToOneService(st *policy.Statement) bool {
	if !fold.Equal(s.request.Action, "iam:PassRole") {
		return true
	}
	service, ok := s.value("iam:PassedToService")
	return !ok || slices.ContainsFunc(st.Condition, func(c policy.Condition) bool {
		return c.Operator == policy.Operator{Test: policy.StringEquals} && fold.Equal(c.Key, "iam:PassedToService") && slices.Equal(c.Values, policy.Values{service})
	})
}

// companions are actions that are nothing by themselves: they are asked beside a
// call that assumes a role, and say what its session gets. Whoever may not
// assume the role can do nothing with them.
var companions = []string{"sts:TagSession", "sts:SetSourceIdentity"}

func isCompanion(action string) bool {
	return slices.ContainsFunc(companions, func(c string) bool { return fold.Equal(c, action) })
}

// accompanies reports whether the action belongs beside the one that a statement
// allows by name, and which the caller needs anyway.
func (s *state) accompanies(st *policy.Statement) bool {
	return isCompanion(s.request.Action) && slices.ContainsFunc(st.Action, assumes)
}

// accompanies reports whether the edit lets an action go with the assumption of a
// role that its statement allows already. To those who may not assume it, the
// action is nothing, and those who may are whom the statement is for.
func (e *edit) accompanies(action string) bool {
	return e.change.Element == "Action" && isCompanion(e.change.Value) && fold.Equal(e.change.Value, action)
}

// assumes reports whether an action, by its name, assumes a role.
func assumes(action string) bool {
	return strings.HasPrefix(fold.String(action), "sts:assumerole") && !strings.ContainsAny(action, "*?")
}

// namesOnlyCaller: what the statement gets, nobody else gets. A policy that
// follows others than the caller must name it.
func (s *state) namesOnlyCaller(l policy.Layer, st *policy.Statement) bool {
	switch l {
	case policy.SCPLayer:
		return false
	case policy.ResourceLayer, policy.TrustLayer, policy.EndpointLayer:
		if st.Principal == nil || st.Principal.Everyone || len(st.Principal.Entries) != 1 {
			return false
		}
		own, its := s.principals()[0], &st.Principal.Entries[0]
		return !own.element.Everyone && own.conditions == nil && its.Type == own.element.Entries[0].Type && slices.Equal(its.Values, own.element.Entries[0].Values)
	}
	return true
}

// namesToken: the statement is for the caller's identity provider alone, and has
// a condition on whatever the request tells of the token.
func (s *state) namesToken(st *policy.Statement) bool {
	p := s.principals()[0]
	if len(p.conditions) == 0 || p.element.Everyone || p.element.Entries[0].Type != policy.PrincipalFederated {
		return false
	}
	if st.Principal == nil || len(st.Principal.Entries) != 1 || !slices.Equal(st.Principal.Entries[0].Values, p.element.Entries[0].Values) {
		return false
	}
	for _, own := range p.conditions {
		if !slices.ContainsFunc(st.Condition, func(c policy.Condition) bool {
			return fold.Equal(c.Key, own.Key) && c.Operator == policy.Operator{Test: c.Operator.Test} && !c.Operator.Negated()
		}) {
			return false
		}
	}
	return true
}

func withPrincipal(p *policy.Principals, added *policy.PrincipalEntry) *policy.Principals {
	list := slices.Clone(p.Entries)
	for i := range list {
		if list[i].Type == added.Type {
			list[i].Values = append(slices.Clone(list[i].Values), added.Values...)
			return &policy.Principals{Entries: list}
		}
	}
	return &policy.Principals{Entries: append(list, *added)}
}

// conditioned are the ways past a condition that does not hold: it gets the
// value of the request; or there is a statement beside it with all its other
// conditions, and with the value of the request in this one. They are for the
// condition's author to decide.
func (s *state) conditioned(m *nearMiss) []edit {
	st := m.written()
	failing := m.trace.First()
	i := slices.IndexFunc(st.Condition, func(c policy.Condition) bool { return c.Operator == failing.Operator && c.Key == failing.Key })
	if i < 0 || st.NotPrincipal != nil {
		return nil
	}
	value, ok := acceptable(failing)
	var list []edit
	onlyAction := len(st.Action) == 1 && fold.Equal(st.Action[0], s.request.Action)
	onlyResource := st.Resource == nil && st.NotResource == nil ||
		len(st.Resource) == 1 && st.Resource[0] == s.pattern(m.attached.Document.Version == policy.Version2012)
	if ok && onlyAction && onlyResource && (s.namesOnlyCaller(m.Layer, &st) || s.namesToken(&st)) && !m.isShared() {
		wider := st
		wider.Condition = slices.Clone(st.Condition)
		wider.Condition[i].Values = append(slices.Clone(st.Condition[i].Values), value)
		list = append(list, m.changed(wider, failing.Key, value))
	}
	for _, g := range s.grantsFor(m.Slot) {
		if st.Principal != nil {
			// The element matches already; the grant names the caller alone.
			g.permission = nil
		}
		others := slices.Delete(slices.Clone(st.Condition), i, i+1)
		if ok {
			pinned := st.Condition[i]
			pinned.Values = policy.Values{value}
			others = slices.Insert(others, i, pinned)
		}
		for _, c := range others {
			if !slices.ContainsFunc(g.Condition, func(o policy.Condition) bool { return o.Operator == c.Operator && fold.Equal(o.Key, c.Key) }) {
				g.Condition = append(slices.Clone(g.Condition), c)
			}
		}
		if len(others) > 0 {
			g.permission = nil
		}
		list = append(list, s.addition(m.Slot, g))
	}
	for k := range list {
		list[k].change.Proposal = true
	}
	return list
}

// acceptable is the value that would make a condition hold for the request, in
// the place of the policy's; not for conditions that rule values out, and not
// where the request has none or several.
func acceptable(e *trace.Element) (string, bool) {
	if e.Operator.Negated() || e.Operator.Set != 0 || e.Absent || e.State != evaluator.Known || len(e.Got) != 1 {
		return "", false
	}
	got := e.Got[0]
	switch e.Operator.Test {
	case policy.StringEquals, policy.StringEqualsIgnoreCase, policy.StringLike, policy.ArnEquals, policy.ArnLike:
		return pattern.Escape(got), got != ""
	case policy.IPAddress:
		if strings.Contains(got, ":") {
			return got + "/128", true
		}
		return got + "/32", true
	case policy.NumericEquals, policy.DateEquals, policy.BinaryEquals:
		return got, true
	}
	return "", false
}
