package prove

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// Most of two large policies has no part in what tells them apart. Where both
// sides have the same slots, a request that p allows and q does not matches an
// Allow that p alone has, or a Deny that q alone has: what else they say, both
// say. So a statement that no action of those can match is left out, and what
// is left decides the same requests.

// relevant leaves of both sides what can have a part in the question, and takes
// from it the facts that spaces are made of.
func (q *question) relevant() {
	q.pPart, q.qPart, q.part = q.pList, q.qList, q.facts
	if !sameSlots(q.p, q.q) {
		return
	}
	n := narrowing{question: q, pOnly: onlyIn(q.pList, q.qList), qOnly: onlyIn(q.qList, q.pList)}
	n.bound()
	pPart, qPart := n.left(q.pList, n.pOnly, policy.Allow), n.left(q.qList, n.qOnly, policy.Deny)
	if q.ctx.Err() != nil {
		return
	}
	q.pPart, q.qPart = pPart, qPart
	q.part = newFacts(q.pPart, q.qPart)
	q.part.severalOf, q.part.untextual = q.facts.severalOf, q.facts.untextual
	for name := range q.part.keys {
		q.part.keys[name] = q.facts.keys[name]
	}
}

// sameSlots reports whether both sides have policies of the same kinds in the
// same slots, whatever these say.
func sameSlots(p, q policy.Policies) bool {
	var slots []policy.Slot
	for slot := range p.All() {
		slots = append(slots, slot)
	}
	i := 0
	for slot := range q.All() {
		if i == len(slots) || slots[i] != slot || p.Kind(slot) != q.Kind(slot) {
			return false
		}
		i++
	}
	return i == len(slots)
}

// An outline is what is quickly compared of a statement and where it stands.
type outline struct {
	layer                          policy.Layer
	level                          int
	effect                         policy.Effect
	version, action, resource      string
	actions, resources, conditions int
}

func (a *attachment) outline(i int) outline {
	st := &a.document.Statements[i]
	first := func(values policy.Values) string { // in the order of texts
		if len(values) == 0 {
			return ""
		}
		return slices.Min(values)
	}
	return outline{
		a.layer, a.level, st.Effect, a.document.Version, first(st.Action), first(st.Resource), len(st.Action), len(st.Resource), len(st.Condition),
	}
}

// onlyIn tells of each statement, by document and place, whether the other side
// has none that says the same in the same slot. It may miss one that does.
func onlyIn(list, others []attachment) [][]bool {
	index := map[outline][]*policy.Statement{}
	for i := range others {
		for k := range others[i].document.Statements {
			at := others[i].outline(k)
			index[at] = append(index[at], &others[i].document.Statements[k])
		}
	}
	const most = 64 // of one outline are looked at
	only := make([][]bool, len(list))
	for i := range list {
		statements := list[i].document.Statements
		only[i] = make([]bool, len(statements))
		for k := range statements {
			alike := index[list[i].outline(k)]
			only[i][k] = !slices.ContainsFunc(alike[:min(len(alike), most)], func(other *policy.Statement) bool { return same(&statements[k], other) })
		}
	}
	return only
}

// same reports whether two statements of one effect say the same, but for their
// Sid and the order in which they list things.
func same(a, b *policy.Statement) bool {
	return samePrincipals(a.Principal, b.Principal) && samePrincipals(a.NotPrincipal, b.NotPrincipal) &&
		sameValues(a.Action, b.Action) && sameValues(a.NotAction, b.NotAction) &&
		sameValues(a.Resource, b.Resource) && sameValues(a.NotResource, b.NotResource) &&
		hasConditions(a.Condition, b.Condition) && hasConditions(b.Condition, a.Condition)
}

// hasConditions reports whether each condition of a is one of b.
func hasConditions(a, b []policy.Condition) bool {
	return !slices.ContainsFunc(a, func(c policy.Condition) bool {
		return !slices.ContainsFunc(b, func(d policy.Condition) bool {
			return c.Operator == d.Operator && fold.Equal(c.Key, d.Key) && sameValues(c.Values, d.Values)
		})
	})
}

func sameValues(a, b policy.Values) bool {
	if (a == nil) != (b == nil) || len(a) != len(b) {
		return false
	}
	return slices.Equal(a, b) || slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func samePrincipals(a, b *policy.Principals) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Everyone == b.Everyone && slices.EqualFunc(a.Entries, b.Entries, func(e, f policy.PrincipalEntry) bool {
		return e.Type == f.Type && sameValues(e.Values, f.Values)
	})
}

// A narrowing finds the statements that have a part in a question.
type narrowing struct {
	*question
	pOnly, qOnly [][]bool // statements that one side alone has
	bounds       [][]actionPattern
	tests        int
}

// An actionPattern is a pattern of an Action element.
type actionPattern struct {
	text    string
	literal string // before the first wildcard, in lower case
	exact   bool   // there is none
}

func newActionPattern(text string) actionPattern {
	at := strings.IndexAny(text, "*?")
	if at < 0 {
		return actionPattern{text, fold.String(text), true}
	}
	return actionPattern{text, fold.String(text[:at]), false}
}

func actionPatterns(values policy.Values) []actionPattern {
	list := make([]actionPattern, len(values))
	for i, v := range values {
		list[i] = newActionPattern(v)
	}
	return list
}

// bound collects lists of patterns, from each of which one must match the action
// of every request that refutes: those of the statements that tell the sides
// apart, and what p does not deny to everybody.
func (n *narrowing) bound() {
	var apart []actionPattern
	collect := func(list []attachment, only [][]bool, effect policy.Effect) {
		for i := range list {
			for k := range list[i].document.Statements {
				switch st := &list[i].document.Statements[k]; {
				case !only[i][k] || st.Effect != effect:
				case st.NotAction != nil:
					apart = append(apart, actionPattern{text: "*"})
				default:
					apart = append(apart, actionPatterns(st.Action)...)
				}
			}
		}
	}
	layer := policy.IdentityLayer // one whose Deny statements bind every caller of the question
	switch p := n.question.p; {
	case p.Has(policy.ResourceLayer):
		layer = policy.ResourceLayer
	case p.Has(policy.SCPLayer): // a question about root users, too
		layer = policy.SCPLayer
	}
	for i := range n.pList {
		for k := range n.pList[i].document.Statements {
			if st := &n.pList[i].document.Statements[k]; n.pList[i].layer == layer && deniesAllBut(st) {
				n.bounds = append(n.bounds, actionPatterns(st.NotAction))
			}
		}
	}
	collect(n.pList, n.pOnly, policy.Allow)
	collect(n.qList, n.qOnly, policy.Deny)
	n.bounds = append(n.bounds, apart)
	slices.SortStableFunc(n.bounds, func(a, b []actionPattern) int { return len(a) - len(b) })
}

// deniesAllBut reports whether a statement denies all actions but some, to
// everybody and on every resource.
func deniesAllBut(st *policy.Statement) bool {
	return st.Effect == policy.Deny && st.NotAction != nil && len(st.Condition) == 0 && st.NotResource == nil &&
		(st.Resource == nil || slices.ContainsFunc(st.Resource, isStar)) &&
		st.NotPrincipal == nil && (st.Principal == nil || st.Principal.Everyone)
}

// left are the documents of one side with the statements that have a part. A
// Deny that both have is one of p: requests that it matches are none that p
// allows. An Allow that both have is one of q if identity-based policies alone
// decide and q denies nothing more.
func (n *narrowing) left(list []attachment, only [][]bool, apart policy.Effect) []attachment {
	alone := apart == policy.Deny || n.identityOnly() && !n.deniesMore()
	out := slices.Clone(list)
	for i := range out {
		statements := out[i].document.Statements
		out[i].left = make([]bool, len(statements))
		for k := range statements {
			st := &statements[k]
			if st.Effect == apart && alone && !only[i][k] {
				continue
			}
			out[i].left[k] = n.has(st)
		}
	}
	return out
}

func (n *narrowing) identityOnly() bool {
	return !slices.ContainsFunc(n.pList, func(a attachment) bool { return a.layer != policy.IdentityLayer })
}

// deniesMore reports whether q alone has a Deny.
func (n *narrowing) deniesMore() bool {
	for i := range n.qList {
		for k, only := range n.qOnly[i] {
			if only && n.qList[i].document.Statements[k].Effect == policy.Deny {
				return true
			}
		}
	}
	return false
}

// has reports whether a statement can match an action within the bounds.
func (n *narrowing) has(st *policy.Statement) bool {
	if st.NotAction != nil {
		return true
	}
	actions := actionPatterns(st.Action)
	for _, bound := range n.bounds {
		if !slices.ContainsFunc(actions, func(a actionPattern) bool {
			return slices.ContainsFunc(bound, func(b actionPattern) bool { return n.meet(&a, &b) })
		}) {
			return false
		}
	}
	return true
}

// meet reports whether an action can match both patterns. Once the context has
// ended it says so of all.
func (n *narrowing) meet(a, b *actionPattern) bool {
	if n.tests++; n.tests&0xFFF == 0 && n.ctx.Err() != nil {
		return true
	}
	if a.exact && b.exact {
		return a.literal == b.literal
	}
	shorter := min(len(a.literal), len(b.literal))
	if a.literal[:shorter] != b.literal[:shorter] {
		return false
	}
	if a.exact && shorter < len(b.literal) || b.exact && shorter < len(a.literal) {
		return false
	}
	return !n.action(a.text).Disjoint(n.action(b.text))
}

// action is the pattern of an action, made once for the question.
func (n *narrowing) action(text string) *classes.Pattern {
	p, err := n.options.pattern("action "+text, func() (classes.Pattern, error) { return compileAction(text) })
	if err != nil { // spaces report it
		all := classes.Anything()
		return &all
	}
	return p
}

// compileAction reads a pattern of an Action element.
func compileAction(text string) (classes.Pattern, error) {
	return classes.Compile(pattern.Text, text, classes.Reading{FoldASCII: true})
}
