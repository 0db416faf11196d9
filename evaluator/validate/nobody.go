package validate

import (
	"context"
	"slices"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
)

// granted is to whom a policy grants something.
type granted struct {
	accounts []string
	someone  bool
}

// granted tells to whom a resource-based policy grants actions: accounts that were
// read, whose own policies decide further, and whether to someone else too, or what
// it grants is not proved.
func (x *survey) granted(ctx context.Context, d *policy.Document, kind policy.Kind, actions ...string) (accounts []string, someone bool) {
	if g, known := x.grants[d]; known {
		return g.accounts, g.someone
	}
	defer func() { x.grants[d] = granted{accounts, someone} }()
	p := x.prover(ctx)
	p.document, p.kind = d, kind
	for i := range d.Statements {
		st := &d.Statements[i]
		if st.Effect != policy.Allow {
			continue
		}
		if proved(p.NotGranted(ctx, prove.Of(kind, policy.Attached{Document: p.with(*st)}), prove.Access{Actions: actions})) {
			continue
		}
		if st.Principal == nil || st.Principal.Everyone {
			return nil, true
		}
		for _, entry := range st.Principal.Entries {
			for _, value := range entry.Values {
				id, ok := x.inScope(value)
				if entry.Type != policy.PrincipalAWS || !ok {
					return nil, true
				}
				accounts = append(accounts, id)
			}
		}
	}
	slices.Sort(accounts)
	return slices.Compact(accounts), false
}

// nobody reports whether it is proved that none of the users and roles of accounts
// may do something on resources.
func (x *survey) nobody(ctx context.Context, accounts []string, action string, resources ...string) bool {
	for _, p := range x.namers(action) {
		if slices.Contains(accounts, p.Identity().Account()) && x.may(ctx, p, []string{action}, resources...) {
			return false
		}
	}
	return ctx.Err() == nil
}

// namers are the users and roles of which a policy allows an action on something, or
// not all is known.
func (x *survey) namers(action string) []*account.Principal {
	list, known := x.able[action]
	if !known {
		for p := range x.s.Principals() {
			if x.names(p, action) {
				list = append(list, p)
			}
		}
		x.able[action] = list
	}
	return list
}

// names reports whether a policy of a principal allows some of the actions on
// something, or not all of them is known.
func (x *survey) names(p *account.Principal, actions ...string) bool {
	c, err := p.Caller()
	if err != nil {
		return true
	}
	return slices.ContainsFunc(slices.Concat(evaluator.SetsOf(&c, nil, nil).Policies().Levels(policy.IdentityLayer)...), func(a policy.Attached) bool {
		d := prover{checker: checker{v: x.v, catalog: lookup{Catalog: x.v.catalog()}, document: a.Document}}
		return slices.ContainsFunc(actions, d.grantsAnywhere)
	})
}

// may reports whether a principal may do some of the actions on some of the
// resources, or it is not proved that it may not.
func (x *survey) may(ctx context.Context, p *account.Principal, actions []string, resources ...string) bool {
	c, err := p.Caller()
	if err != nil {
		return true
	}
	if !x.names(p, actions...) {
		return false
	}
	asked := x.prover(ctx)
	return !proved(asked.NotGranted(ctx, evaluator.SetsOf(&c, nil, nil).Policies(), prove.Access{Actions: actions, Resources: resources}))
}

// prover asks about all requests.
func (x *survey) prover(ctx context.Context) *prover {
	p := &prover{checker: checker{v: x.v, catalog: lookup{Catalog: x.v.catalog()}}, ctx: ctx}
	p.Catalog, p.Owner, p.Budget = x.v.catalog(), x.v.Owner, x.v.budget()
	return p
}

// boundaries finds permissions boundaries that take nothing from whom they bound.
func (x *survey) boundaries(ctx context.Context) {
	for p := range x.s.Principals() {
		i := p.Identity()
		c, err := p.Caller()
		if i.Boundary == "" || err != nil {
			continue
		}
		all := evaluator.SetsOf(&c, nil, nil).Policies()
		var own, bound []*policy.Document
		for _, a := range slices.Concat(all.Levels(policy.IdentityLayer)...) {
			own = append(own, a.Document)
		}
		for _, a := range slices.Concat(all.Levels(policy.BoundaryLayer)...) {
			bound = append(bound, a.Document)
		}
		if slices.ContainsFunc(slices.Concat(own, bound), func(d *policy.Document) bool { return isPlanned(d.Text()) }) {
			continue
		}
		if len(own) == 0 {
			x.report("PERMISSIONS_BOUNDARY_WITHOUT_EFFECT", i.ARN, i.Address, i.Source, "%s bounds nothing: who has it has no policy that allows something", i.Boundary)
		} else if q := x.prover(ctx); proved(q.Within(ctx, prove.Identity(own...), prove.Identity(bound...))) {
			x.report("PERMISSIONS_BOUNDARY_WITHOUT_EFFECT", i.ARN, i.Address, i.Source, "%s bounds nothing: it allows all that the policies of the one who has it allow", i.Boundary)
		}
	}
}
