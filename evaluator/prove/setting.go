package prove

import (
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// A setting is one way to ask the question: who calls, how the caller's account
// and the resource's stand to each other, and what kind of request it is where
// IAM has rules for one.
type setting struct {
	caller *callers
	same   bool // the caller's account owns the resource
	own    ownPolicies
	// delegates: the question has no resource-based policies; those of the
	// resource leave the decision to the account.
	delegates bool
	owner     string // the account that owns the resource; "" leaves it open

	partition string // of caller and resource; "" leaves it open

	passRole, notPassRole bool // only iam:PassRole, or all but that
	trust, key            bool // only assuming a role, or only a KMS key (E-10)
	plain                 bool // none of these
}

// ownPolicies says which policies follow the caller.
type ownPolicies uint8

const (
	asGiven    ownPolicies = iota
	allowAll               // left open, and they allow everything
	allowsNone             // left open, and there are none
)

// settings are all ways to ask the question; together they are all requests.
func (q *question) settings() []*setting {
	resource := q.p.Has(policy.ResourceLayer) || q.q.Has(policy.ResourceLayer)
	users, roles := callersOf(evaluator.IAMUser), callersOf(evaluator.RoleSession)
	var list []*setting
	add := func(s setting) {
		if s.own == asGiven && isOpen(q.p) && isOpen(q.q) {
			open := s
			open.own = allowAll
			list = append(list, &open)
			if !s.same || !s.caller.signed() || s.caller.kind == evaluator.RootUser {
				return
			}
			s.own = allowsNone
		}
		list = append(list, &s)
	}
	if !resource {
		kinds := []*callers{users}
		if q.facts.mentions(callerKeys...) {
			kinds = append(kinds, roles)
		}
		for _, c := range kinds {
			s := setting{caller: c, same: true, delegates: true}
			if q.facts.mentions(passRoleKeys...) || q.facts.mentions(notPassRoleKeys...) {
				s.notPassRole = true
				add(s)
				s.notPassRole, s.passRole = false, true
			}
			add(s)
		}
		return list
	}
	for _, kind := range []evaluator.PrincipalKind{
		evaluator.IAMUser, evaluator.RoleSession, evaluator.RootUser, evaluator.ServicePrincipal,
		evaluator.WebIdentity, evaluator.SAMLIdentity, evaluator.AnonymousPrincipal,
	} {
		c := callersOf(kind)
		for _, same := range []bool{false, true} { // outsiders make the clearer example
			if same && !c.signed() {
				continue
			}
			s := setting{caller: c, same: same, owner: q.owner}
			s.plain, s.notPassRole = true, true
			add(s)
			s.plain = false
			s.trust = true
			add(s)
			s.trust, s.key = false, true
			add(s)
			s.key, s.notPassRole, s.passRole = false, false, true
			add(s)
		}
	}
	return list
}

// Actions of sts on a role need its trust policy (E-50, E-54).
var trustActions = policy.Values{
	"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext",
}

var (
	passRoleRequests = policy.Statement{Effect: policy.Deny, Action: policy.Values{"iam:PassRole"}}
	trustRequests    = policy.Statement{Effect: policy.Deny, Action: trustActions, Resource: policy.Values{"arn:*:iam:*:*:role/*"}}
	keyRequests      = policy.Statement{Effect: policy.Deny, Action: policy.Values{"kms:*"}, Resource: policy.Values{"arn:*:*:*:*:key/*"}}
)

// kindOfRequest is what requests of the setting must match, and must not.
func (s *space) kindOfRequest() (must, not []statement) {
	st := s.setting
	for _, x := range []struct {
		is, isNot bool
		requests  policy.Statement
	}{{st.passRole, st.notPassRole, passRoleRequests}, {st.trust, st.plain, trustRequests}, {st.key, st.plain, keyRequests}} {
		switch {
		case x.is:
			must = append(must, s.rule(x.requests)...)
		case x.isNot:
			not = append(not, s.rule(x.requests)...)
		}
	}
	owned, others := s.inAccount()
	must, not = append(must, owned...), append(not, others...)
	inside, outside := s.inPartition()
	must, not = append(must, inside...), append(not, outside...)
	return must, append(not, s.fixedRules()...)
}

// otherOwners stands for all accounts that no policy names.
const otherOwners = "*"

// inAccount is what requests on resources of the setting's owner must match,
// and must not. Only some resources have their account in the ARN.
func (s *space) inAccount() (must, not []statement) {
	st := s.setting
	caller := func(account string) statement {
		return statement{predicates: []int{s.wish(callerCoordinate, []string{"arn:+:+::" + account + ":%\n%"})}}
	}
	switch st.owner {
	case "":
		return nil, nil
	case otherOwners:
		for _, account := range s.facts.accounts {
			not = append(not, statement{predicates: []int{s.wish(resourceCoordinate, []string{"arn:+:+:*:" + account + ":~"})}})
			if st.same {
				not = append(not, caller(account))
			}
		}
		return nil, not
	}
	named := []string{"arn:+:+:*:" + st.owner + ":~"}
	if st.delegates { // the account of an ARN may be any text there
		other := s.unlike(resourceCoordinate, named)
		not = append(not, statement{predicates: ordered([]int{s.wish(resourceCoordinate, []string{"arn:+:+:*:????????????:~"}), other})})
	} else {
		must = append(must, statement{predicates: []int{s.wish(resourceCoordinate, append(named, "arn:+:+:*::~", "arn:+:+:*:aws*:~", "*"))}})
	}
	if st.caller.signed() {
		if st.same {
			must = append(must, caller(st.owner))
		} else {
			not = append(not, caller(st.owner))
		}
	}
	return must, not
}

// otherPartitions stands for all partitions that no policy names.
const otherPartitions = "*"

// inPartition is what requests of the setting's partition must match, and must
// not. The resource "*" is of any partition.
func (s *space) inPartition() (must, not []statement) {
	of := func(partition string) []statement {
		caller := s.wish(callerCoordinate, []string{"arn:" + partition + ":%\n%"})
		return []statement{{predicates: []int{caller}}, {predicates: []int{s.wish(resourceCoordinate, []string{"arn:" + partition + ":~", "*"})}}}
	}
	switch s.setting.partition {
	case "":
		return nil, nil
	case otherPartitions:
		for _, named := range append([]string{"aws"}, s.facts.partitions...) {
			not = append(not, of(named)[0], statement{predicates: []int{s.wish(resourceCoordinate, []string{"arn:" + named + ":~"})}})
		}
		return nil, not
	}
	return of(s.setting.partition), nil
}

func actions(names ...string) policy.Statement {
	return policy.Statement{Effect: policy.Deny, Action: names}
}

// fixedRules are requests that a rule of AWS decides, whatever the policies say
// (L-4, E-51): no policy makes a difference there.
func (s *space) fixedRules() []statement {
	var rules []statement
	add := func(list ...policy.Statement) {
		for _, st := range list {
			rules = append(rules, s.rule(st)...)
		}
	}
	if s.setting.caller.signed() {
		add(actions("sts:GetCallerIdentity", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"))
		if s.setting.passRole && !s.setting.same {
			add(actions("iam:PassRole")) // G-4
		}
	}
	switch s.setting.caller.kind {
	case evaluator.IAMUser:
		add(actions("sts:GetSessionToken"))
		if s.facts.mentions("aws:tokenissuetime") && s.facts.mentions("aws:multifactorauthpresent") {
			rules = append(rules, s.withoutMFA()...)
		}
	case evaluator.RoleSession:
		add(actions("sts:GetSessionToken", "sts:GetFederationToken"))
	case evaluator.RootUser:
		add(actions("sts:GetSessionToken", "sts:AssumeRole"))
	case evaluator.ServicePrincipal:
		add(actions("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"))
	case evaluator.AnonymousPrincipal:
		add(actions("iam:*", "sts:*"))
		if s.facts.mentions("lambda:functionurlauthtype") { // F-21, F-22
			url := actions("lambda:InvokeFunctionUrl")
			url.Condition = []policy.Condition{condition(policy.StringEquals, "lambda:FunctionUrlAuthType", "AWS_IAM")}
			add(url)
		}
	case evaluator.WebIdentity:
		add(policy.Statement{Effect: policy.Deny, NotAction: policy.Values{"sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"}})
	case evaluator.SAMLIdentity:
		add(policy.Statement{Effect: policy.Deny, NotAction: policy.Values{"sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"}})
	}
	return rules
}

// withoutMFA are calls that credentials of GetSessionToken without MFA cannot
// make: those of iam, and of sts all but AssumeRole (L-3, L-4).
func (s *space) withoutMFA() []statement {
	calls := actions("iam:*", "sts:*")
	calls.Condition = []policy.Condition{
		condition(policy.Null, "aws:TokenIssueTime", "false"), condition(policy.Bool, "aws:MultiFactorAuthPresent", "false"),
	}
	list := s.rule(calls)
	other := s.action(policy.Values{"sts:AssumeRole"}, true)
	for i := range list {
		list[i].predicates = ordered(append(list[i].predicates, other))
	}
	return list
}

func condition(t policy.Test, key string, values ...string) policy.Condition {
	return policy.Condition{Operator: policy.Operator{Test: t}, Key: key, Values: values}
}

// A side is one side of the question in a space: an allowed request matches
// none of denies and, of each gate, at least one statement.
type side struct {
	denies []statement
	gates  [][]statement
}

// side compiles one side for the setting (E.3, E.7).
func (s *space) side(p policy.Policies, list []attachment) side {
	var out side
	st := s.setting
	kind := st.caller.kind
	set := func(layer policy.Layer, level int, effect policy.Effect, g grant) []statement {
		return s.set(list, layer, level, effect, g, p.Has(policy.BoundaryLayer))
	}
	layer := func(l policy.Layer, level int) []statement {
		out.denies = append(out.denies, set(l, level, policy.Deny, anyGrant)...)
		return set(l, level, policy.Allow, anyGrant)
	}
	if st.caller.signed() {
		for i := range p.Count(policy.SCPLayer) {
			out.gates = append(out.gates, layer(policy.SCPLayer, i))
		}
	}
	out.denies = append(out.denies, set(policy.ResourceLayer, 0, policy.Deny, anyGrant)...)
	granted := func(g grant) []statement {
		if st.passRole {
			return nil // G-3
		}
		return set(policy.ResourceLayer, 0, policy.Allow, g)
	}
	needed := !st.delegates && (st.trust || st.key || !st.same || !st.caller.signed())
	if needed {
		out.gates = append(out.gates, granted(anyGrant))
	}
	switch {
	case !st.caller.signed():
		return out // nothing follows the caller (E-40)
	case kind == evaluator.RootUser:
		for i := range p.Count(policy.SessionLayer) { // E.2
			out.denies = append(out.denies, set(policy.SessionLayer, i, policy.Deny, anyGrant)...)
		}
		return out
	}
	var own [][]statement
	if st.own != allowAll {
		own = append(own, layer(policy.IdentityLayer, 0))
		if p.Has(policy.BoundaryLayer) {
			own = append(own, layer(policy.BoundaryLayer, 0))
		}
		for i := range p.Count(policy.SessionLayer) {
			own = append(own, layer(policy.SessionLayer, i))
		}
	}
	if !st.same || st.delegates {
		out.gates = append(out.gates, own...)
		return out
	}
	direct := granted(directGrant)
	if st.trust {
		direct = nil // waives the identity-based Allow and nothing else (E-50)
	}
	for i, gate := range own {
		if i == 0 { // a grant to the role stands for an identity-based Allow (E.3)
			out.gates = append(out.gates, append(gate, granted(roleGrant)...))
			continue
		}
		out.gates = append(out.gates, append(gate, direct...))
	}
	return out
}
