package prove

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// NoNewAccess decides whether newer allows nothing that older does not. It is
// [Prover.Within] under its better known name.
func (x *Prover) NoNewAccess(ctx context.Context, newer, older policy.Policies) (*Verdict, error) {
	return x.Within(ctx, newer, older)
}

// Access is what shall not be granted: actions on resources, both as a policy
// writes them. No actions stand for any action, no resources for any resource.
type Access struct {
	Actions   []string
	Resources []string
}

// NotGranted decides whether p grants none of the access. Only actions: on no
// resource; only resources: by no action; both: none of the actions on any of
// the resources.
func (x *Prover) NotGranted(ctx context.Context, p policy.Policies, access ...Access) (*Verdict, error) {
	d := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{*everythingAllowed()}}
	for _, a := range access {
		st := policy.Statement{Effect: policy.Deny, Action: policy.Values(a.Actions), Resource: policy.Values(a.Resources)}
		if len(a.Actions) == 0 {
			st.Action = policy.Values{"*"}
		}
		if len(a.Resources) == 0 {
			st.Resource = policy.Values{"*"}
		}
		d.Statements = append(d.Statements, st)
	}
	if leavesCallersOpen(p) {
		return x.within(ctx, p, like(p, d), grants)
	}
	return x.Within(ctx, p, like(p, d))
}

func everythingAllowed() *policy.Statement {
	return &policy.Statement{Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"}}
}

// toEveryoneWith allows everything to everyone who fulfils conditions.
func toEveryoneWith(conditions ...policy.Condition) policy.Statement {
	st := *everythingAllowed()
	st.Principal, st.Condition = &policy.Principals{Everyone: true}, conditions
	return st
}

// like puts a document in the place where p has its own: a ceiling without
// principals becomes one for everyone where p is of a resource.
func like(p policy.Policies, d *policy.Document) policy.Policies {
	if !p.Has(policy.ResourceLayer) {
		return Identity(d)
	}
	c := *d
	c.Statements = slices.Clone(d.Statements)
	for i := range c.Statements {
		if c.Statements[i].Principal == nil && c.Statements[i].NotPrincipal == nil {
			c.Statements[i].Principal = &policy.Principals{Everyone: true}
		}
	}
	if leavesCallersOpen(p) {
		return Resource(&c)
	}
	return Resource(&c).With(policy.IdentityLayer.At(0), policy.Attached{Document: d})
}

// Equivalent decides whether a and b allow the same requests. Both verdicts are
// returned: a within b, and b within a. They are equivalent if both are proved;
// a refuted one says which side exceeds, and where.
func (x *Prover) Equivalent(ctx context.Context, a, b policy.Policies) (ab, ba *Verdict, err error) {
	if ab, err = x.Within(ctx, a, b); err != nil {
		return nil, nil, err
	}
	ba, err = x.Within(ctx, b, a)
	return ab, ba, err
}

// edited is the document with other statements.
func edited(d *policy.Document, statements []policy.Statement) *policy.Document {
	if len(statements) == 0 { // a document has a statement
		statements = nothingLike(d)
	}
	return &policy.Document{Version: d.Version, Statements: statements}
}

// has reports a document that is missing, and statements that it has not.
func has(d *policy.Document, statements ...int) error {
	if d == nil {
		return policy.ErrNoDocument
	}
	for _, i := range statements {
		if i < 0 || i >= len(d.Statements) {
			return fmt.Errorf("policy %q has %d statements, and no Statement[%d]", d.Name(), len(d.Statements), i)
		}
	}
	return nil
}

// Redundant decides whether the i-th statement of the document could be left out:
// whether the document decides the same without it. A refuting request is one
// that the two decide differently.
func (x *Prover) Redundant(ctx context.Context, d *policy.Document, i int) (*Verdict, error) {
	if err := has(d, i); err != nil {
		return nil, err
	}
	p := x.Alone(d)
	rest := slices.Delete(slices.Clone(d.Statements), i, i+1)
	without := x.standIn(d, edited(d, rest))
	if d.Statements[i].Effect == policy.Deny {
		return x.Within(ctx, without, p)
	}
	return x.Within(ctx, p, without)
}

// Unreachable decides whether the i-th statement, an Allow, has no effect: its conditions contradict each other, or the
// document's Deny statements take all of it. A refuting request is one that it
// applies to and that they do not deny.
func (x *Prover) Unreachable(ctx context.Context, d *policy.Document, i int) (*Verdict, error) {
	if err := has(d, i); err != nil {
		return nil, err
	}
	denies := slices.DeleteFunc(slices.Clone(d.Statements), func(st policy.Statement) bool { return st.Effect != policy.Deny })
	return x.Within(ctx, x.allBut(d, denies...), x.allBut(d, append(denies, d.Statements[i])...))
}

// Dead decides whether the i-th statement, of either effect, applies to no request
// at all. A refuting request is one that it applies to.
func (x *Prover) Dead(ctx context.Context, d *policy.Document, i int) (*Verdict, error) {
	if err := has(d, i); err != nil {
		return nil, err
	}
	return x.Within(ctx, x.allBut(d), x.allBut(d, d.Statements[i]))
}

// allBut allows everything that statements of a document do not apply to,
// whatever their effect. Resource control policies allow it by themselves (E-6).
func (x *Prover) allBut(d *policy.Document, statements ...policy.Statement) policy.Policies {
	all := *everythingAllowed()
	if d.NamesPrincipals() {
		all.Principal = &policy.Principals{Everyone: true}
	}
	var list []policy.Statement
	if x.kind(d) != policy.RCP {
		list = append(list, all)
	}
	for _, st := range statements {
		st.Effect = policy.Deny
		list = append(list, st)
	}
	return x.standIn(d, edited(d, list))
}

// nothingLike is a statement that matches nothing, with a Principal where those
// of the document have one.
func nothingLike(d *policy.Document) []policy.Statement {
	st := policy.Statement{Effect: policy.Allow, Action: policy.Values{}, Resource: policy.Values{"*"}}
	if d.NamesPrincipals() {
		st.Principal = &policy.Principals{} // nobody
	}
	return []policy.Statement{st}
}

// Shadowed decides whether the k-th statement applies and grants wherever the i-th
// does, both of the same effect.
func (x *Prover) Shadowed(ctx context.Context, d *policy.Document, i, k int) (*Verdict, error) {
	if err := has(d, i, k); err != nil {
		return nil, err
	}
	a, b := d.Statements[i], d.Statements[k]
	if x.kind(d) != policy.RCP { // whose statements deny, all of them
		a.Effect, b.Effect = policy.Allow, policy.Allow
		v, err := x.Within(ctx, x.standIn(d, edited(d, []policy.Statement{a})), x.standIn(d, edited(d, []policy.Statement{b})))
		if err != nil || v.Outcome != Proved {
			return v, err
		}
	}
	return x.Within(ctx, x.allBut(d, b), x.allBut(d, a))
}

// NoPassRoleBeyond decides whether p lets nobody pass a role other than those, or
// to a service other than those (iam:PassedToService). Both are as a policy
// writes them, and may hold wildcards. No roles stand for none at all, no
// services for any service.
func (x *Prover) NoPassRoleBeyond(ctx context.Context, p policy.Policies, roles, services []string) (*Verdict, error) {
	rest := policy.Statement{Effect: policy.Allow, NotAction: policy.Values{"iam:PassRole"}, Resource: policy.Values{"*"}}
	pass := policy.Statement{Effect: policy.Allow, Action: policy.Values{"iam:PassRole"}, Resource: append(policy.Values{}, roles...)}
	if len(services) > 0 {
		pass.Condition = []policy.Condition{condition(policy.StringLike, "iam:PassedToService", services...)}
	}
	d := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{rest, pass}}
	return x.Within(ctx, p, like(p, d))
}

// InvokableOnlyBy decides whether a function's policy lets nobody invoke it but the
// callers, each as a Principal element writes it: an account and all who are of
// it, the ARN of a principal, or a service. Nil stands for nobody.
func (x *Prover) InvokableOnlyBy(ctx context.Context, functionPolicy *policy.Document, callers *policy.Principals) (*Verdict, error) {
	if err := has(functionPolicy); err != nil {
		return nil, err
	}
	if callers == nil {
		callers = &policy.Principals{} // nobody
	}
	everyone := &policy.Principals{Everyone: true}
	rest := policy.Statement{
		Effect: policy.Allow, NotAction: policy.Values{"lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:InvokeAsync"},
		Resource: policy.Values{"*"}, Principal: everyone,
	}
	invoke := *everythingAllowed()
	invoke.Principal = callers
	d := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{rest, invoke}}
	if accounts := accountsOf(callers); len(accounts) > 0 {
		// A policy may name who is of an account without naming the account.
		d.Statements = append(d.Statements, toEveryoneWith(condition(policy.StringEquals, "aws:PrincipalAccount", accounts...)))
	}
	return x.granted(ctx, functionPolicy, d)
}

// accountsOf are the accounts that principals name as a whole, by their id.
func accountsOf(p *policy.Principals) []string {
	var ids []string
	for _, entry := range p.Entries {
		for _, value := range entry.Values {
			f := pattern.Split(value)
			if entry.Type == policy.PrincipalAWS && (arn.IsAccountID(value) || f.Field(5) == "root") {
				ids = append(ids, cmp.Or(f.Field(4), value))
			}
		}
	}
	return ids
}
