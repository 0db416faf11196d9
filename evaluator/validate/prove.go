package validate

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// defaultBudget is about a hundredth of a second's work.
const defaultBudget = 1 << 15

// Prove finds what only holds, or does not, for all requests there can be: so
// that conditions and Deny statements count. What stays undecided within the
// budget is not found.
//
// An error is about the document: what IAM refuses for policies of the kind, and
// see [prove.Prover.Within].
func (v *Validator) Prove(ctx context.Context, d *policy.Document, kind policy.Kind) ([]Finding, error) {
	return v.prove(ctx, d, kind, v.Owner)
}

// prove is Prove for a policy of an owner.
func (v *Validator) prove(ctx context.Context, d *policy.Document, kind policy.Kind, owner string) ([]Finding, error) {
	if err := d.Check(kind); err != nil {
		return nil, err
	}
	certain := least(d)
	if certain == nil {
		return nil, nil
	}
	x := prover{checker: checker{v: v, catalog: lookup{Catalog: v.catalog()}, document: certain, open: d, kind: kind}, ctx: ctx}
	x.Catalog, x.Owner = v.catalog(), owner
	x.Budget = v.budget()
	if err := x.statements(); err != nil {
		return nil, err
	}
	for i := range certain.Statements {
		x.index, x.st = i, &certain.Statements[i]
		if x.st.Effect != policy.Allow {
			continue
		}
		switch kind {
		case policy.Identity:
			x.leavesIAM()
		case policy.Resource:
			x.deputy()
		}
	}
	switch kind {
	case policy.Identity:
		x.escalations()
		x.escalatesByIAM()
		x.escalatesByServices()
		x.exposes()
	case policy.Resource:
		x.public()
	case policy.Trust:
		x.public()
		x.providers()
	}
	return x.findings(), nil
}

func (v *Validator) budget() int { return cmp.Or(v.Budget, defaultBudget) }

// A prover is a checker that asks about all requests.
type prover struct {
	checker
	prove.Prover
	ctx context.Context
}

// brief is a catalogue for questions whose requests nobody reads: it has few actions
// for a pattern, and so few are tried to make a request read well.
type brief struct{ *catalog.Catalog }

// Expand is one action of a pattern, but all of a service.
func (b brief) Expand(p string) []*policy.ServiceAction {
	list := b.Catalog.Expand(p)
	if len(list) > 1 && !strings.HasSuffix(p, ":*") {
		return list[:1]
	}
	return list
}

// refuted gives the request that refutes; nil for every other outcome. An error is
// about a document that the question made, of which nothing is found.
func refuted(v *prove.Verdict, err error) *prove.Request {
	if err != nil || v.Outcome != prove.Refuted {
		return nil
	}
	return v.Request
}

func proved(v *prove.Verdict, err error) bool { return err == nil && v.Outcome == prove.Proved }

// statements finds statements that do nothing, and conditions that say nothing.
func (x *prover) statements() error {
	var list []review.Statement
	judge := x.Prover
	judge.Catalog, judge.Kind = brief{x.v.catalog()}, x.kind
	for _, group := range groups(x.ctx, x.document) {
		part := &policy.Document{Version: x.document.Version}
		for _, i := range group {
			part.Statements = append(part.Statements, x.document.Statements[i])
		}
		judged, err := review.Statements(x.ctx, &judge, part)
		if err != nil {
			return err
		}
		for _, s := range judged {
			s.Index = group[s.Index]
			if s.By >= 0 {
				s.By = group[s.By]
			}
			for k := range s.Others {
				s.Others[k] = group[s.Others[k]]
			}
			if s.Finding.Superfluous() {
				list = append(list, s)
			}
		}
	}
	if x.ctx.Err() != nil {
		return nil // the statements that were judged first do not know the others
	}
	superfluous := map[int]bool{}
	for _, s := range list {
		superfluous[s.Index] = true
		x.index, x.st = s.Index, &x.document.Statements[s.Index]
		if f := x.superfluous(&s); f != nil && len(list) < len(x.document.Statements) {
			x.remove(f, "removes the statement")
		}
	}
	for i := range x.document.Statements {
		if x.index, x.st = i, &x.document.Statements[i]; !superfluous[i] {
			x.alwaysHolds()
		}
	}
	return nil
}

// superfluous says why the statement can be left out; nil if a condition says it.
func (x *prover) superfluous(s *review.Statement) *found {
	path := []any{"Statement", s.Index}
	switch {
	case s.Finding == review.Dead && s.Key != "":
		return x.report("CONDITION_KEY_NEVER_CARRIED", path, "applies to no request: none for its actions has %s", s.Key)
	case s.Finding == review.Dead && x.neverHolds():
		return nil
	case s.Finding == review.Dead && len(x.st.Condition) == 0:
		return x.report("STATEMENT_NEVER_APPLIES", path, "decides no request: its resources are none, or AWS decides its actions without policies (L-4)")
	case s.Finding == review.Dead:
		return x.report("STATEMENT_NEVER_APPLIES", path, "applies to no request: what it demands contradicts itself")
	case s.Finding == review.Unreachable:
		return x.report("UNREACHABLE_ALLOW", path, "allows nothing: the Deny statements of the document take all of it")
	case s.Finding == review.Shadowed:
		return x.report("COVERED_STATEMENT", path, "does nothing: Statement[%d] applies wherever it does", s.By)
	case len(s.Others) > 0:
		return x.report("COVERED_STATEMENT", path, "does nothing: %s do together what it does", statementNames(s.Others))
	}
	return nil
}

func statementNames(list []int) string {
	var names []string
	for _, i := range list {
		names = append(names, spell([]any{"Statement", i}))
	}
	return strings.Join(names, ", ")
}

// alone is a document of the statement with some of its conditions, as an Allow.
func (x *prover) alone(conditions ...policy.Condition) *policy.Document {
	st := *x.st
	st.Effect, st.Condition = policy.Allow, conditions
	return &policy.Document{Version: x.document.Version, Statements: []policy.Statement{st}}
}

// neverHolds finds the conditions for which alone the statement applies to no
// request, and reports whether there are any.
func (x *prover) neverHolds() bool {
	some := false
	for i := range x.st.Condition {
		c := &x.st.Condition[i]
		if len(c.Values) == 0 {
			some = true // which Validate finds
		} else if proved(x.Dead(x.ctx, x.alone(*c), 0)) {
			some = true
			x.report("CONDITION_NEVER_HOLDS", x.on(c), "holds for no request: the statement does nothing")
		}
	}
	return some
}

// alwaysHolds finds conditions that hold for every request that the statement is
// for.
func (x *prover) alwaysHolds() {
	for i := range x.st.Condition {
		c := &x.st.Condition[i]
		if len(c.Values) == 0 || !operator.HoldsAbsent(c.Operator) && !hasStar(c.Values) || c.Operator.Test == policy.Null && c.Operator.Set == 0 {
			continue
		}
		if proved(x.Within(x.ctx, prove.Alone(x.alone()), prove.Alone(x.alone(*c)))) {
			x.report("CONDITION_ALWAYS_HOLDS", x.on(c), "holds for every request: it restricts nothing")
		}
	}
}

// with is a document of one statement and all Deny statements beside it.
func (x *prover) with(st policy.Statement) *policy.Document {
	d := &policy.Document{Version: x.document.Version, Statements: []policy.Statement{st}}
	for _, other := range x.document.Statements {
		if other.Effect == policy.Deny {
			d.Statements = append(d.Statements, other)
		}
	}
	return d
}

// changesAccess are actions of IAM with which a caller can give itself more than it
// has.
var changesAccess = []string{
	"iam:AttachUserPolicy", "iam:AttachRolePolicy", "iam:AttachGroupPolicy", "iam:PutUserPolicy", "iam:PutRolePolicy", "iam:PutGroupPolicy",
	"iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:UpdateAssumeRolePolicy", "iam:AddUserToGroup",
	"iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile",
}

// leavesIAM finds an Allow with NotAction that grants actions of changesAccess.
func (x *prover) leavesIAM() {
	if x.st.NotAction == nil {
		return
	}
	if r := refuted(x.NotGranted(x.ctx, prove.Identity(x.with(*x.st)), prove.Access{Actions: changesAccess})); r != nil {
		x.show(x.report("NOTACTION_GRANTS_IAM", x.at("NotAction"), "grants %s, with which a caller can give itself more: name the actions, or deny those of IAM", r.Action), r)
	}
}

// show adds the request that shows what was found.
func (x *prover) show(f *found, r *prove.Request) { f.Request = r }

// The names of a function and of a role that no policy names but by a wildcard.
const (
	someFunction = "arn:aws:lambda:*:*:function:" + nobody
	someRole     = "arn:aws:iam::*:role/" + nobody
)

// escalations finds the ways in which AWS Lambda gives a caller the permissions of
// a role that its policy does not name.
func (x *prover) escalations() {
	if x.isAdministrator() {
		return
	}
	grants := func(d *policy.Document, action, resource string) *prove.Request {
		if !x.grantsAnywhere(action) {
			return nil
		}
		access := prove.Access{Actions: []string{action}}
		if resource != "" {
			access.Resources = []string{resource}
		}
		return refuted(x.NotGranted(x.ctx, prove.Identity(d), access))
	}
	if r := grants(x.document, "lambda:UpdateFunctionCode", someFunction); r != nil {
		x.show(x.report("ESCALATION_THROUGH_LAMBDA", x.whereGranted("lambda:UpdateFunctionCode"), "new code for any function runs with the function's role: name the functions"), r)
	}
	r := x.passesTo("lambda.amazonaws.com")
	if r == nil || grants(x.document, "lambda:CreateFunction", "") == nil {
		return
	}
	for _, run := range []string{"lambda:InvokeFunction", "lambda:AddPermission", "lambda:CreateEventSourceMapping", "lambda:CreateFunctionUrlConfig"} {
		if grants(x.document, run, "") != nil {
			x.show(x.report("ESCALATION_THROUGH_LAMBDA", x.whereGranted("iam:PassRole"), "lambda:CreateFunction with any role, and %s, give the permissions of every role that Lambda may assume: name the roles", run), r)
			return
		}
	}
}

// grantsAnywhere reports whether an Allow has the action in its actions.
func (x *prover) grantsAnywhere(action string) bool { return x.whereGranted(action) != nil }

// whereGranted is the path of the first Allow's element that has the action.
func (x *prover) whereGranted(action string) []any {
	for i := range x.document.Statements {
		if x.index, x.st = i, &x.document.Statements[i]; x.st.Effect == policy.Allow {
			if _, at := x.grants(action); at != nil {
				return at
			}
		}
	}
	return nil
}

// deputy finds a grant to services that act for somebody, but not only for the
// owner and those that the statement names.
func (x *prover) deputy() {
	owner := x.owner()
	if owner == "" || x.st.Principal == nil {
		return
	}
	i := slices.IndexFunc(x.st.Principal.Entries, func(e policy.PrincipalEntry) bool { return e.Type == policy.PrincipalService })
	named, tests := x.namedSources()
	if i < 0 || !tests {
		return // RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL
	}
	st := *x.st
	st.Principal = &policy.Principals{Entries: x.st.Principal.Entries[i : i+1]}
	r := refuted(x.OnlyWithin(x.ctx, x.with(st), append(named, owner)...))
	if r != nil && r.Principal.Kind() == evaluator.ServicePrincipal {
		x.show(x.report("CONFUSED_DEPUTY", x.at("Principal", string(policy.PrincipalService)), "%s may act for other accounts than %s: test aws:SourceAccount beside what is tested", r.Principal.String(), owner), r)
	}
}

// owner is the account of the statement's resources; "" if they do not say it.
func (x *prover) owner() string {
	if x.Owner != "" {
		return x.Owner
	}
	for _, resource := range x.st.Resource {
		fields := pattern.Split(resource)
		if account := fields.Field(4); arn.IsAccountID(account) {
			return account
		}
	}
	return ""
}

// namedSources are the accounts and organizations that the statement's conditions on
// sources name, and whether there are such conditions.
func (x *prover) namedSources() (ids []string, tests bool) {
	for i := range x.st.Condition {
		c := &x.st.Condition[i]
		if !slices.ContainsFunc(sources[:], func(key string) bool { return fold.Equal(key, c.Key) }) {
			continue
		}
		tests = true
		for _, value := range c.Values {
			fields := pattern.Split(value)
			id, _, _ := strings.Cut(value, "/")
			switch account := fields.Field(4); {
			case arn.IsAccountID(account):
				ids = append(ids, account)
			case arn.IsAccountID(id), strings.HasPrefix(id, "o-") && !strings.ContainsAny(id, "*?"):
				ids = append(ids, id)
			}
		}
	}
	return ids, tests
}

// public finds a grant to everybody.
func (x *prover) public() {
	v, err := x.NotPublic(x.ctx, x.document)
	r := refuted(v, err)
	if r == nil {
		return
	}
	path := []any{"Statement"}
	if v.AllowedBy != nil {
		path = append(path, v.AllowedBy.Index)
	}
	x.show(x.report("PUBLIC_ACCESS", path, "grants %s to anybody", r.Action), r)
}

// providers finds identity providers all of whose users may assume the role.
func (x *prover) providers() {
	for _, provider := range prove.SharedProviders(x.document) {
		v, err := x.NotOpenTo(x.ctx, x.document, provider)
		r := refuted(v, err)
		if r == nil {
			continue
		}
		path := []any{"Statement"}
		if v.AllowedBy != nil {
			path = append(path, v.AllowedBy.Index)
		}
		x.show(x.report("OPEN_TO_IDENTITY_PROVIDER", path, "whoever has an account at %s may assume the role: test whose account it is", provider), r)
	}
}
