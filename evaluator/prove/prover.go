package prove

import (
	"context"
	"errors"
	"fmt"

	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/policy"
)

// A Catalog knows what AWS services define. catalog.Default of package
// policy/catalog is one.
type Catalog interface {
	// Expand lists the actions that a pattern of an Action element matches.
	Expand(pattern string) []*policy.ServiceAction
	// Key finds a context key by its name.
	Key(name string) (key *policy.ConditionKey, ok bool)
	// Date is the day of the data.
	Date() string
}

// A Prover answers questions about all requests. The zero Prover has no
// catalogue and the usual budget. It may be shared by goroutines, as long as
// it does not change.
type Prover struct {
	// Catalog makes refuting requests read well, and tells which context keys
	// can have several values. Nil is no fault: actions are any texts then.
	Catalog Catalog
	// Budget is how many states of automata may be visited for one question; 0
	// stands for DefaultBudget. Where it is used up the verdict is Unknown, as it
	// is when the context ends.
	Budget int
	// Owner is the account that owns the resource of resource-based policies; ""
	// leaves it open. A resource with an account in its ARN is always that
	// account's.
	Owner string

	slow bool
}

// DefaultBudget is about a second's work.
const DefaultBudget = 1 << 21

// options are what all spaces of a question share.
type options struct {
	catalog Catalog
	budget  *classes.Budget
	slow    bool
	shared  map[string]*classes.Pattern // by kind and text
}

// A question is whether p allows a request that q does not.
type question struct {
	options
	ctx          context.Context
	p, q         policy.Policies
	owner        string
	replay       *replay // made when a request is to be confirmed
	pList, qList []attachment
	facts        *facts
	pPart, qPart []attachment // what of them has a part in the question
	part         *facts       // of these
	only         func(*setting) bool
	parts        int
	limit        int
}

// Within decides whether q allows every request that p allows. A refuting request
// is one that p allows and q denies.
//
// With nothing but policies of a resource, the caller's own are left open: the
// question is put for callers whose own policies allow everything and for
// callers who have none, if that is so on both sides. Without policies of a
// resource on either side, these leave the decision to the caller's account, as
// those of most resources do. Where there are service control policies, the
// caller's account is taken to be a member and not the management account.
//
// An error is about the documents: each fault of each, with its place. That the
// context ended or the budget is used up is no error but Unknown.
func (x *Prover) Within(ctx context.Context, p, q policy.Policies) (*Verdict, error) {
	return x.within(ctx, p, q, nil)
}

// within is Within in the settings for which only is true; nil stands for all.
func (x *Prover) within(ctx context.Context, p, q policy.Policies, only func(*setting) bool) (*Verdict, error) {
	one := question{ctx: ctx, p: p, q: q, owner: x.Owner, only: only, limit: x.Budget}
	if one.limit <= 0 {
		one.limit = DefaultBudget
	}
	one.options = options{x.Catalog, &classes.Budget{States: one.limit, Stop: func() bool { return ctx.Err() != nil }}, x.slow, map[string]*classes.Pattern{}}
	if ctx.Err() != nil { // many questions share one deadline, and documents take time to check
		return &Verdict{Reason: one.why()}, nil
	}
	if err := errors.Join(check(p), check(q), checkOwner(x.Owner)); err != nil {
		return nil, err
	}
	one.pList, one.qList = attachments(p), attachments(q)
	one.facts = newFacts(one.pList, one.qList)
	one.relevant()
	return one.answer()
}

// answer decides every setting until one refutes.
func (q *question) answer() (*Verdict, error) {
	v := &Verdict{Outcome: Proved, Universe: q.universe(), Assumptions: q.assumptions()}
	if q.catalog != nil {
		v.CatalogDate = q.catalog.Date()
	}
	for _, st := range q.settings() {
		if q.ctx.Err() != nil {
			break
		}
		if q.only != nil && !q.only(st) {
			continue
		}
		a, err := q.decide(st)
		if err != nil {
			return nil, err
		}
		switch {
		case a.request != nil:
			v.Outcome, v.Request, v.AllowedBy, v.Nearest = Refuted, a.request, a.allowedBy, a.nearest
			v.Reason, v.Unconfirmed = "", false
		case a.reason != "":
			v.Outcome = Unknown
			if v.Reason == "" {
				v.Reason = a.reason
			}
			v.Unconfirmed = v.Unconfirmed || a.unconfirmed
		}
		if v.Outcome == Refuted {
			break
		}
	}
	if v.Outcome == Proved {
		if q.ctx.Err() != nil {
			v.Outcome, v.Reason = Unknown, q.why()
		} else if who := q.unmodelled(); who != "" {
			v.Outcome, v.Reason = Unknown, who
		}
	}
	v.Stats = Stats{Parts: q.parts, States: q.limit - q.budget.States}
	return v, nil
}

// why says what ran out.
func (q *question) why() string {
	switch {
	case q.ctx.Err() != nil:
		return context.Cause(q.ctx).Error()
	case q.budget.States < 0:
		return fmt.Sprintf("the budget of %d states is used up", q.limit)
	}
	return "a context key is compared as values of several types"
}

// universe is what every request means here.
func (q *question) universe() string {
	if !q.p.Has(policy.ResourceLayer) && !q.q.Has(policy.ResourceLayer) {
		return "all requests of IAM users and role sessions, for any action, on any resource of the shape of an ARN and on *"
	}
	return "all requests of users, role sessions, root users, services, identity providers and unsigned callers, in the resource's account and in others, for any action, on any resource of the shape of an ARN, whose account is an id, none or AWS's, and on *"
}

// assumptions are what else the verdict rests on.
func (q *question) assumptions() []string {
	list := []string{
		`no resource and no value that is compared as an ARN holds "${"`,
		"a context key that is tested without ForAllValues and ForAnyValue only has at most one value; the values of a key differ from each other",
		"no two tags differ in letter case only",
		"callers are no sessions of GetFederationToken",
	}
	if q.catalog != nil {
		list[1] = "context keys have the types and numbers of values of the catalogue; the values of a key differ from each other"
	}
	if q.p.Has(policy.SCPLayer) || q.q.Has(policy.SCPLayer) {
		list = append(list, "callers are no service-linked roles, and their account is not the management account")
	}
	if leavesCallersOpen(q.p) || leavesCallersOpen(q.q) {
		list = append(list, "callers have no permissions boundary and no session policy")
	}
	if len(q.facts.variables) > 0 {
		list = append(list, "ids of accounts and organizations, names of users and names of Regions hold no colon")
	}
	return list
}
