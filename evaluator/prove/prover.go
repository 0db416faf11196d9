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
	// account's, and an Allow on others alone an error.
	Owner string
	// Strict holds NotPublic to the letter of Amazon S3's definition of public: a
	// shorter list of keys, and no wildcards.
	Strict bool
	// Kind is what a document is that is asked about by itself. The zero Kind leaves it
	// to the text: of a resource if it names principals, else identity-based.
	Kind policy.Kind

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
	if err := errors.Join(p.Check(), q.Check()); err != nil {
		return nil, err
	}
	one.pList, one.qList = attachments(p), attachments(q)
	if err := checkOwner(x.Owner, one.pList, one.qList); err != nil {
		return nil, err
	}
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
		a, st, err := q.decideWellFormed(st)
		if err != nil {
			return nil, err
		}
		if a.request == nil && st.shapeless != nil {
			v.assume(wellFormed(st.shapeless)...)
		}
		switch {
		case a.request != nil:
			v.Outcome, v.Request, v.AllowedBy, v.Nearest, v.Lacks = Refuted, a.request, a.allowedBy, a.nearest, a.lacks
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
