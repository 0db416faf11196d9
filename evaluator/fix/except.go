package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// exceptions narrow a Deny so that it spares one caller, one action and one
// resource: in its place come the Deny for all other callers, the same for all
// other resources, the same for all other actions, and where a service calls the
// same for all other resources that it calls for. Together they deny whatever it
// denied, but for this. What the language cannot say is left out,
// and the exception is the wider for it.
func (q *finder) exceptions(s *state, n need) []edit {
	docs := s.policies.At(n.Slot)
	st := docs[n.document].Document.Statements[n.statement.Index]
	var rest []policy.Statement
	other, spared, ok := s.otherResources(st, n.statement, docs[n.document].Document.Version == policy.Version2012)
	if ok {
		rest = append(rest, other)
	}
	if other, ok := q.otherActions(s, st, isOfResource(n.Slot) && s.trust); ok {
		rest = append(rest, other)
	}
	if s.caller.Principal.Kind() == evaluator.ServicePrincipal {
		for _, c := range s.source() { // it calls for others, too (F-3)
			if other := st; require(&other, opposites[c.Operator.Test], c.Key, c.Values[0]) {
				rest = append(rest, other)
			}
		}
	}
	var list []edit
	except := func(others string, first ...policy.Statement) {
		if spared != "" {
			others = strings.TrimPrefix(others+", and the same on all that matches "+spared, ", and ")
		}
		e := edit{Slot: n.Slot, document: n.document, others: others, after: copied(docs[n.document].Document)}
		after := slices.Concat(first, rest)
		if len(after) == 0 {
			return // that would be no exception but the end of the Deny
		}
		for i := range after[1:] {
			if sid := after[i+1].Sid; sid != "" {
				after[i+1].Sid = unusedSid(e.after, sid)
			}
			e.after.Statements = append(e.after.Statements, after[i+1])
		}
		e.after.Statements[n.statement.Index] = after[0]
		e.change = Change{Kind: ExceptFromDeny, Statement: n.statement.Index, Before: &st, After: after, Proposal: true}
		e.change.named(&docs[n.document])
		e.change.Owner = s.owner(n.Slot, &docs[n.document])
		e.change.Why = fmt.Sprintf("Statement[%d] of %s denies it", n.statement.Index, s.guardrail(n.Slot, &docs[n.document]))
		if n.statement.Match == trace.MayMatch {
			e.change.Why = strings.Replace(e.change.Why, " denies it", " may deny it: that hangs on what is not known", 1)
		}
		list = append(list, e)
	}
	for _, p := range s.pins() {
		others := st
		switch {
		case isOnly(&st, p) && rest != nil:
			except("") // the Deny is about nobody else
		case require(&others, opposites[p.test], p.key, p.value):
			except(p.others, others)
		}
	}
	except(everybody)
	return list
}

// isOnly: a condition of the Deny makes it about the caller alone.
func isOnly(st *policy.Statement, p pin) bool {
	return p.others == "" && slices.ContainsFunc(st.Condition, func(c policy.Condition) bool {
		return fold.Equal(c.Key, p.key) && !c.Operator.Negated() && !c.Operator.IfExists && c.Operator.Set == 0 &&
			c.Operator.Test != policy.Null && slices.Equal(c.Values, policy.Values{p.value})
	})
}

// otherResources is the Deny for all resources but the request's; not ok where
// there is none, or it cannot be said. Patterns that match the request and more
// are left out of it; spared are those.
func (s *state) otherResources(st policy.Statement, trace *trace.Statement, variables bool) (other policy.Statement, spared string, ok bool) {
	if s.target.Unknown || s.target.Resource == "*" {
		return st, "", false
	}
	this := s.pattern(variables)
	switch {
	case st.NotResource != nil:
		st.NotResource = append(slices.Clone(st.NotResource), this)
		return st, "", true
	case st.Resource == nil:
		return st, "", false // the resource that the policy is attached to
	case slices.Contains(st.Resource, "*"):
		st.Resource, st.NotResource = nil, policy.Values{this}
		return st, "", true
	}
	patterns := []string(st.Resource)
	for i := range trace.Elements {
		if e := &trace.Elements[i]; e.Element == "Resource" && e.Bound != nil {
			patterns = e.Bound
		}
	}
	fields := pattern.Split(s.target.Resource)
	var others policy.Values
	var left []string
	for i, written := range st.Resource {
		p, err := pattern.Compile(pattern.Resource, patterns[i], pattern.Options{})
		if err == nil && p.MatchFields(&fields, nil) {
			if written != this {
				left = append(left, written)
			}
			continue // what else it matches cannot be said
		}
		others = append(others, written)
	}
	st.Resource = others
	return st, strings.Join(left, ", "), others != nil
}

// otherActions is the Deny for all actions but the request's.
func (q *finder) otherActions(s *state, st policy.Statement, trust bool) (policy.Statement, bool) {
	if st.NotAction != nil {
		st.NotAction = append(slices.Clone(st.NotAction), s.request.Action)
		return st, true
	}
	if slices.Contains(st.Action, "*") && !trust {
		st.Action, st.NotAction = nil, policy.Values{s.request.Action}
		return st, true
	}
	var others policy.Values
	for _, pattern := range st.Action {
		if !foldMatches(pattern, s.request.Action) {
			others = append(others, pattern)
			continue
		}
		if !trust {
			others = append(others, q.allBut(pattern, s.request.Action)...)
			continue
		}
		for other := range policy.TrustActions {
			if foldMatches(pattern, other) && !fold.Equal(other, s.request.Action) {
				others = append(others, other)
			}
		}
	}
	slices.Sort(others)
	others = slices.Compact(others)
	st.Action = others
	return st, others != nil
}

func foldMatches(written, action string) bool {
	p, err := pattern.Compile(pattern.Text, written, pattern.Options{FoldCase: true})
	return err == nil && p.Match(action)
}

// allBut are patterns for all actions that a pattern "service:Prefix*" matches,
// but one: for each letter where the name of another action parts from its
// name, all names that part there, also of actions that are still to come.
func (q *finder) allBut(pattern, action string) policy.Values {
	service, name, _ := strings.Cut(action, ":")
	begins, ok := strings.CutSuffix(pattern, "*")
	if !ok || q.denied.Catalog == nil || strings.ContainsAny(begins, "*?") {
		return nil
	}
	_, begins, _ = strings.Cut(begins, ":")
	var parted policy.Values
	for a := range q.denied.Catalog.Actions(service) {
		_, other, _ := strings.Cut(a.Name, ":")
		if len(other) < len(begins) || !fold.Equal(other[:len(begins)], begins) || fold.Equal(other, name) {
			continue
		}
		same := 0
		for same < min(len(other), len(name)) && fold.Equal(other[:same+1], name[:same+1]) {
			same++
		}
		apart := service + ":" + other // its name is the beginning of the other
		if same < len(other) {
			apart = service + ":" + other[:same+1] + "*"
		}
		if !slices.ContainsFunc(parted, func(p string) bool { return fold.Equal(p, apart) }) {
			parted = append(parted, apart)
		}
	}
	return parted
}

// guardrail names a policy and whose it is.
func (s *state) guardrail(at policy.Slot, a *policy.Attached) string {
	text := at.Layer.Noun()
	if at.Layer == policy.ResourceLayer && s.trust {
		text = policy.TrustLayer.Noun()
	}
	if name := a.DisplayName(); name != "" {
		text += " " + shown(name)
	}
	if a.ARN != "" && a.ARN != a.DisplayName() {
		text += " (" + a.ARN + ")"
	}
	if at.Layer == policy.SCPLayer || at.Layer == policy.RCPLayer {
		text += " of your organization"
	}
	return text
}
