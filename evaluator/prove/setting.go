package prove

import (
	"slices"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
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

	partition string   // of caller and resource; "" leaves it open
	shapeless []string // shapes that no resource has (see malformed)
	owners    []string // accounts beside those named, whose resources have the key of it (see owned)

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
	resource, sessions := q.has(policy.ResourceLayer), q.has(policy.SessionLayer)
	users, roles := callersOf(evaluator.IAMUser), callersOf(evaluator.RoleSession)
	var list []*setting
	add := func(s setting) {
		if s.own == asGiven && leavesCallersOpen(q.p) && leavesCallersOpen(q.q) {
			open := s
			open.own = allowAll
			list = append(list, &open)
			if !s.same || s.caller.kind == evaluator.RootUser { // who need a grant, or none
				return
			}
			s.own = allowsNone
		}
		list = append(list, &s)
	}
	if !resource {
		kinds := []*callers{users}
		switch {
		case sessions:
			kinds = []*callers{roles}
		case q.part.mentions(tellsApart):
			kinds = append(kinds, roles)
		}
		if q.has(policy.SCPLayer) && !sessions {
			kinds = append(kinds, callersOf(evaluator.RootUser)) // whom nothing else limits
		}
		for _, c := range kinds {
			s := setting{caller: c, same: true, delegates: true}
			if q.part.mentions(isOfPassRole) {
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
		if sessions && kind == evaluator.IAMUser { // who have none
			continue
		}
		c := callersOf(kind)
		for _, same := range []bool{false, true} { // callers of other accounts make the clearer example
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

var (
	passRoleRequests = policy.Statement{Effect: policy.Deny, Action: policy.Values{"iam:PassRole"}}
	trustRequests    = policy.Statement{Effect: policy.Deny, Action: slices.Collect(policy.TrustActions), Resource: policy.Values{law.Role.Pattern()}}
	keyRequests      = policy.Statement{Effect: policy.Deny, Action: policy.Values{"kms:*"}, Resource: policy.Values{law.KMSKey.Pattern()}}
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
	if st.shapeless != nil {
		must = append(must, statement{predicates: []int{s.unlike(resourceCoordinate, st.shapeless...)}})
	}
	not = append(not, s.owned()...)
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
		return statement{predicates: []int{s.shape(callerCoordinate, "arn:+:+::"+account+":%\n%")}}
	}
	switch st.owner {
	case "":
		return nil, nil
	case otherOwners:
		for _, account := range s.facts.accounts {
			not = append(not, statement{predicates: []int{s.shape(resourceCoordinate, "arn:+:+:*:"+account+":~")}})
			if st.same {
				not = append(not, caller(account))
			}
		}
		return nil, not
	}
	named := "arn:+:+:*:" + st.owner + ":~"
	if st.delegates { // the account of an ARN may be any text there
		other := s.unlike(resourceCoordinate, named)
		not = append(not, statement{predicates: ordered([]int{s.shape(resourceCoordinate, "arn:+:+:*:????????????:~"), other})})
	} else {
		must = append(must, statement{predicates: []int{s.shape(resourceCoordinate, named, "arn:+:+:*::~", "arn:+:+:*:aws*:~", "*")}})
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
		caller := s.shape(callerCoordinate, "arn:"+partition+":%\n%")
		return []statement{{predicates: []int{caller}}, {predicates: []int{s.shape(resourceCoordinate, "arn:"+partition+":~", "*")}}}
	}
	switch s.setting.partition {
	case "":
		return nil, nil
	case otherPartitions:
		for _, named := range append([]string{"aws"}, s.facts.partitions...) {
			not = append(not, of(named)[0], statement{predicates: []int{s.shape(resourceCoordinate, "arn:"+named+":~")}})
		}
		return nil, not
	}
	return of(s.setting.partition), nil
}

// fixedRules are requests that a rule of AWS decides, whatever the policies say:
// no policy makes a difference there.
func (s *space) fixedRules() []statement {
	var rules []statement
	st := s.setting
	for row := range law.Rows {
		if row.Callers.Has(st.caller.kind) && !(row.CrossAccount && st.same) && s.mentionsAll(row.Conditions) {
			rules = append(rules, s.fixedRule(row)...)
		}
	}
	return rules
}

// mentionsAll reports whether all conditions of a fixed rule can hold: they do not
// for absent keys, and requests have no keys that nothing asks for.
func (s *space) mentionsAll(conditions []policy.Condition) bool {
	return !slices.ContainsFunc(conditions, func(c policy.Condition) bool { return s.facts.keys[fold.String(c.Key)] == "" })
}

// fixedRule is a fixed rule as statements.
func (s *space) fixedRule(row *law.Row) []statement {
	st := policy.Statement{Effect: policy.Deny, Action: row.Actions, Condition: row.Conditions}
	if row.AWSManaged {
		st.Resource = policy.Values{"arn:*:iam::aws:policy/*"}
	}
	list := s.rule(st)
	if row.Except == nil {
		return list
	}
	others := s.action(row.Except, true)
	for i := range list {
		list[i].predicates = ordered(append(list[i].predicates, others))
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

// side compiles one side for the setting: each gate of the law with the statements
// that open it.
func (s *space) side(p policy.Policies, list []attachment) side {
	var out side
	standing := s.setting.standing(p)
	gates := standing.Gates()
	boundary := p.Has(policy.BoundaryLayer) && s.setting.caller.mayHaveBoundary()
	statements := func(l policy.Layer, level int, effect policy.Effect, g law.Grant) []statement {
		return s.set(list, l, level, effect, g, boundary)
	}
	grants := func(g law.Grant) []statement {
		if gates.GrantsNothing || g == law.NoGrant {
			return nil
		}
		return statements(policy.ResourceLayer, 0, policy.Allow, g)
	}
	for place := range law.Everywhere.All {
		if place == law.Identity && s.setting.own == allowAll {
			continue
		}
		layer := gates.Layer(place)
		if place == law.Resource {
			layer = policy.ResourceLayer
		}
		for level := range levels(p, layer) {
			if gates.Binds.Has(place) {
				denies := statements(layer, level, policy.Deny, law.AccountGrant)
				if place == law.RCP {
					denies = s.reachedByRCPs(denies)
				}
				out.denies = append(out.denies, denies...)
			}
			switch {
			case !(gates.Asks &^ law.Implied).Has(place):
			case place == law.Resource:
				out.gates = append(out.gates, grants(law.AccountGrant))
			default:
				out.gates = append(out.gates, append(statements(layer, level, policy.Allow, law.AccountGrant), grants(gates.Waiver(place))...))
			}
		}
	}
	return out
}

// reachedByRCPs are statements for the requests that resource control policies
// reach: not those for kms:RetireGrant, and for assuming a service-linked role (E.2).
// For other services (E-9) they have no statement (A.6).
func (s *space) reachedByRCPs(list []statement) []statement {
	where := [][]int{{s.action(policy.Values{"kms:RetireGrant"}, true)}}
	unlinked := s.resource(policy.Values{"arn:*:iam:*:*:role/aws-service-role/*"}, true, false)
	switch {
	case s.setting.delegates: // where assuming a role is not told apart
		where = [][]int{append(slices.Clone(where[0]), s.action(trustRequests.Action, true)), append(where[0], unlinked)}
	case s.setting.trust:
		where[0] = append(where[0], unlinked)
	}
	var reached []statement
	for _, st := range list {
		for _, more := range where {
			reached = append(reached, statement{ordered(slices.Concat(st.predicates, more)), st.source})
		}
	}
	return reached
}

// standing is how callers and resources of the setting stand to each other, where
// one side of the question decides.
func (st *setting) standing(p policy.Policies) law.Standing {
	s := law.Standing{
		Kind: st.caller.kind, SameAccount: st.same, PassRole: st.passRole, Delegates: st.delegates,
	}
	for place := range law.Limits.All {
		if p.Has(place.Layer()) {
			s.Given.Add(place)
		}
	}
	switch {
	case st.trust:
		s.Needs = policy.TrustLayer
	case st.key:
		s.Needs = policy.ResourceLayer
	}
	return s
}

// levels is how many sets of policies, each of which must allow, a layer has.
func levels(p policy.Policies, l policy.Layer) int {
	switch l {
	case policy.IdentityLayer, policy.ResourceLayer:
		return 1 // none is one that allows nothing
	}
	return p.Count(l)
}
