package prove

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// An unmodelledPrincipal is one that a policy names and that is no caller of the
// universe: a canonical user, an origin access identity, a federated user. A
// proof says nothing of it, unless the statements that it may use stand on both
// sides.
type unmodelledPrincipal struct {
	kind  policy.PrincipalType
	value string
}

// unmodelled says of which principal a proof would say nothing; "" of none.
func (q *question) unmodelled() string {
	p, ceiling := statementsAt(q.pList, policy.ResourceLayer), statementsAt(q.qList, policy.ResourceLayer)
	endpoints := slices.Concat(statementsAt(q.pList, policy.EndpointLayer), statementsAt(q.qList, policy.EndpointLayer))
	for _, u := range q.unmodelledIn(slices.Concat(p, ceiling, endpoints)) {
		if !q.holdsFor(&u, p, ceiling) {
			return fmt.Sprintf("what %s %s may do is not compared: it is no user, role, root user, service or identity provider of the usual form", u.kind, spelling.Quote(u.value))
		}
	}
	if q.ctx.Err() != nil {
		return q.why()
	}
	return ""
}

func (q *question) holdsFor(u *unmodelledPrincipal, p, ceiling []resourceStatement) bool {
	for l := range policy.Layers() {
		if l != policy.IdentityLayer && l != policy.ResourceLayer && q.q.Has(l) {
			return false
		}
	}
	for _, st := range ceiling {
		if st.Effect == policy.Deny && !slices.ContainsFunc(p, func(same resourceStatement) bool { return alike(st, same, true) }) {
			return false
		}
	}
	for _, st := range p {
		if st.Effect != policy.Allow || !u.mayUse(st.Statement) {
			continue
		}
		if !slices.ContainsFunc(ceiling, func(wider resourceStatement) bool {
			return alike(st, wider, true) || wider.Effect == policy.Allow && u.listedIn(wider.Principal) && (allowsEverything(wider.Statement) || alike(st, wider, false))
		}) {
			return false
		}
	}
	return true
}

// A resourceStatement is one of a policy that names principals, in whose version it
// has policy variables or none.
type resourceStatement struct {
	*policy.Statement
	version string
}

func statementsAt(list []attachment, l policy.Layer) []resourceStatement {
	var all []resourceStatement
	for _, a := range list {
		if a.layer != l {
			continue
		}
		for i := range a.document.Statements {
			all = append(all, resourceStatement{&a.document.Statements[i], a.document.Version})
		}
	}
	return all
}

// unmodelledIn are those that statements name, each once; none where the context
// ends.
func (q *question) unmodelledIn(statements []resourceStatement) []unmodelledPrincipal {
	var found []unmodelledPrincipal
	var kinds []*callers
	for kind := evaluator.PrincipalKind(0); kind <= evaluator.AnonymousPrincipal; kind++ {
		kinds = append(kinds, callersOf(kind))
	}
	for _, st := range statements {
		for _, p := range []*policy.Principals{st.Principal, st.NotPrincipal} {
			if p == nil {
				continue
			}
			for _, entry := range p.Entries {
				for _, value := range entry.Values {
					if q.ctx.Err() != nil {
						return nil
					}
					if u := (unmodelledPrincipal{entry.Type, value}); !slices.Contains(found, u) && u.isOne(kinds) {
						found = append(found, u)
					}
				}
			}
		}
	}
	return found
}

// isOne reports whether no caller of any kind has the name.
func (u *unmodelledPrincipal) isOne(kinds []*callers) bool {
	for _, c := range kinds {
		var n naming
		c.name(&n, u.kind, u.value)
		if n.everyone {
			return false
		}
		named := pointers(slices.Concat(n.direct, n.role, n.account))
		q := classes.Question{NoBraces: true, Clauses: append(forms(c.universe...), classes.Clause{Patterns: named})}
		if _, found, _ := q.Find(nil); found != classes.None {
			return false
		}
	}
	return true
}

// mayUse reports whether a statement may be about the principal; where that is
// not known it says so.
func (u *unmodelledPrincipal) mayUse(st *policy.Statement) bool {
	if st.Principal == nil || st.Principal.Everyone || u.listedIn(st.Principal) {
		return true
	}
	account := strings.SplitN(u.value, ":", 6)
	return len(account) == 6 && arn.IsAccountID(account[4]) && slices.ContainsFunc(st.Principal.Entries, func(e policy.PrincipalEntry) bool {
		return slices.ContainsFunc(e.Values, func(v string) bool {
			return v == account[4] || strings.HasSuffix(v, ":"+account[4]+":root")
		})
	})
}

func (u *unmodelledPrincipal) listedIn(p *policy.Principals) bool {
	if p == nil {
		return false
	}
	return p.Everyone || slices.ContainsFunc(p.Entries, func(e policy.PrincipalEntry) bool {
		return e.Type == u.kind && slices.Contains(e.Values, u.value) || e.Type == policy.PrincipalAWS && slices.Contains(e.Values, "*")
	})
}

func allowsEverything(st *policy.Statement) bool {
	return slices.ContainsFunc(st.Action, isStar) && slices.ContainsFunc(st.Resource, isStar) && len(st.Condition) == 0
}

// alike reports whether two statements say the same, word for word; of the same
// principals, if they count.
func alike(a, b resourceStatement, principals bool) bool {
	x, y := *a.Statement, *b.Statement
	x.Sid, y.Sid = "", ""
	if !principals {
		x.Principal, x.NotPrincipal, y.Principal, y.NotPrincipal = nil, nil, nil, nil
	}
	return a.version == b.version && reflect.DeepEqual(x, y)
}
