package iamtest

import (
	"slices"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
)

// Coverage counts what of the policies under test ever decided anything: the
// statements, and in each the actions and the conditions. What never decided in
// a test can be wrong, or gone, and no test will tell.
//
// A statement decides where a request is denied by it, or allowed with it. An
// action decides where it is what made its statement decide. A condition
// decides where it held in a statement that decided, and where it alone kept a
// statement from applying.
//
// The zero Coverage is ready. Principals carry it, see [Who.CountIn]; all tests
// of a package may share one, in parallel.
type Coverage struct {
	mu       sync.Mutex
	policies []*coveredPolicy // in the order of their names
}

// CountIn makes the requests of the principal count, and its policies: they
// are counted from now on, even if none of them is ever asked for. Policies of
// resources count once a request meets them. The policies of a Who that
// [Caller] made cannot be listed and do not count.
func (w Who) CountIn(c *Coverage) Who {
	w.coverage = c
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range w.texts {
		c.policy(&w.texts[i])
	}
	return w
}

// A coveredPolicy is what was counted of one policy.
type coveredPolicy struct {
	*load.Policy
	statements []coveredStatement
}

type coveredStatement struct {
	sid        string
	decided    int
	actions    []coveredElement // of Action or NotAction
	conditions []coveredElement
}

// A coveredElement is an action or a condition of a statement.
type coveredElement struct {
	kind    unitKind
	label   string // "Action lambda:Get*", "Condition StringEquals aws:RequestedRegion"
	path    []any  // to its place in the document
	pattern *pattern.Pattern
	decided int
}

// policy is the count of a policy; one that two principals have counts once.
func (c *Coverage) policy(t *load.Policy) *coveredPolicy {
	i, found := slices.BinarySearchFunc(c.policies, t, func(p *coveredPolicy, t *load.Policy) int {
		if d := strings.Compare(p.Name, t.Name); d != 0 {
			return d
		}
		return strings.Compare(p.Text, t.Text)
	})
	if !found {
		c.policies = slices.Insert(c.policies, i, newCoveredPolicy(t))
	}
	return c.policies[i]
}

func newCoveredPolicy(t *load.Policy) *coveredPolicy {
	p := &coveredPolicy{Policy: t, statements: make([]coveredStatement, len(t.Document.Statements))}
	for i := range t.Document.Statements {
		st, covered := &t.Document.Statements[i], &p.statements[i]
		covered.sid = st.Sid
		name, values := "Action", st.Action
		if st.NotAction != nil {
			name, values = "NotAction", st.NotAction
		}
		for j, value := range values {
			e := coveredElement{kind: anAction, label: name + " " + value, path: []any{"Statement", i, name, j}}
			if pattern, err := pattern.Compile(pattern.Text, value, pattern.Options{FoldCase: true}); err == nil {
				e.pattern = &pattern
			}
			covered.actions = append(covered.actions, e)
		}
		for j := range st.Condition {
			c := &st.Condition[j]
			covered.conditions = append(covered.conditions, coveredElement{
				kind: aCondition, label: "Condition " + c.Operator.String() + " " + c.Key,
				path: []any{"Statement", i, "Condition", c.Operator.String(), c.Key},
			})
		}
	}
	return p
}

// record counts what decided a request.
func (c *Coverage) record(r *request, x *evaluator.Explanation) {
	layers := x.Layers() // worked out here, and not while others wait
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range r.texts {
		c.policy(&r.texts[i])
	}
	for _, layer := range layers {
		texts := r.who.texts
		switch layer.Layer { // both may have policies of one name
		case policy.ResourceLayer, policy.TrustLayer, policy.RCPLayer:
			texts = r.texts
		}
		for _, p := range layer.Policies {
			i := slices.IndexFunc(texts, func(t load.Policy) bool { return t.Name == p.Name })
			if i < 0 {
				continue // of a Who that Caller made
			}
			covered := c.policy(&texts[i])
			for j := range p.Statements {
				s := &p.Statements[j]
				covered.statements[s.Index].count(s, decides(x.Decision(), &layer, s), r.action)
			}
		}
	}
}

// decides reports whether the decision rests on the statement: a Deny that
// denied, or an Allow where one was needed.
func decides(d evaluator.Decision, l *trace.Layer, s *trace.Statement) bool {
	if s.Match != trace.Matches {
		return false
	}
	if d.Outcome() == evaluator.ExplicitDeny {
		return l.Outcome == evaluator.ExplicitDeny && s.Effect.String() == "Deny"
	}
	return d.Allowed() && s.Effect.String() == "Allow" && (l.Asked || l.Layer == policy.ResourceLayer || l.Layer == policy.TrustLayer)
}

func (c *coveredStatement) count(s *trace.Statement, decides bool, action string) {
	if decides {
		c.decided++
		for i := range c.actions {
			if e := &c.actions[i]; e.matches(action) && s.Elements[0].Element == "Action" {
				e.decided++
			}
		}
		for i := range c.conditions {
			c.conditions[i].decided++
		}
		return
	}
	if s.Lacks() != 1 || s.Match != trace.NoMatch {
		return
	}
	// One element alone kept the statement from applying.
	condition := 0
	for i := range s.Elements {
		e := &s.Elements[i]
		switch {
		case e.Element == "Condition" && e.Match == trace.NoMatch:
			c.conditions[condition].decided++
		case e.Element == "NotAction" && e.Match == trace.NoMatch:
			for j := range c.actions {
				if c.actions[j].matches(action) {
					c.actions[j].decided++
				}
			}
		}
		if e.Element == "Condition" {
			condition++
		}
	}
}

func (e *coveredElement) matches(action string) bool {
	return e.pattern != nil && e.pattern.Match(action)
}
