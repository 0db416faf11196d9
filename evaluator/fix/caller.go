package fix

import (
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// A principal is how a policy names the caller.
type principal struct {
	element    *policy.Principals
	conditions []policy.Condition
	others     string // whom else that names, in words; "" for nobody
}

// parameter is the principal as Lambda's AddPermission takes it.
func (p *principal) parameter() string {
	if p.element.Everyone {
		return "*"
	}
	return p.element.Entries[0].Values[0]
}

func named(t policy.PrincipalType, value string) *policy.Principals {
	return &policy.Principals{Entries: []policy.PrincipalEntry{{Type: t, Values: policy.Values{value}}}}
}

// principals are ways to name the caller, the one that lasts first. A session is
// named by its role, which is whom policies are written for: the next session
// has another name.
func (s *state) principals() []principal {
	p := &s.caller.Principal
	switch p.Kind() {
	case evaluator.RootUser:
		// As a principal its ARN is the whole account, as a key it is the root
		// user (D-2).
		st := policy.Statement{}
		require(&st, policy.ArnEquals, "aws:PrincipalArn", p.String())
		account := named(policy.PrincipalAWS, p.String())
		return []principal{{element: account, conditions: st.Condition}, {element: account, others: "the whole account " + p.Account()}}
	case evaluator.RoleSession:
		return []principal{{element: named(policy.PrincipalAWS, s.namedRole())}, {element: named(policy.PrincipalAWS, p.String())}}
	case evaluator.ServicePrincipal:
		return []principal{{element: named(policy.PrincipalService, p.String()), conditions: s.source()}}
	case evaluator.WebIdentity, evaluator.SAMLIdentity:
		return []principal{{element: named(policy.PrincipalFederated, p.String()), conditions: s.token()}}
	case evaluator.AnonymousPrincipal:
		return []principal{{element: &policy.Principals{Everyone: true}}}
	}
	return []principal{{element: named(policy.PrincipalAWS, p.String())}}
}

// role is the ARN of a session's role; "" where its path is not known.
func (s *state) role() string {
	p := &s.caller.Principal
	if name := p.String(); strings.Contains(name, ":role/") {
		return name
	}
	return s.derived("aws:PrincipalArn")
}

// namedRole is the ARN that a Principal names a session's role by. A session's
// ARN does not hold the path of the role; where that is not told it is left out,
// and [state.grants] says so.
func (s *state) namedRole() string {
	if role := s.role(); role != "" {
		return role
	}
	a, _ := arn.Parse(s.caller.Principal.String()) // of a session that is valid, which it is
	name, _, _ := a.AssumedRole()
	return "arn:" + a.Partition() + ":iam::" + a.Account() + ":role/" + name
}

// derived is the value of a context key that follows from the caller, or that
// the request gives; "" where none is known. The engine knows it: it tells what
// it compares with a condition that everybody meets.
func (s *state) derived(key string) string {
	probe := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{
		Effect: policy.Deny, Principal: &policy.Principals{Everyone: true}, Action: policy.Values{"*"}, Resource: policy.Values{"*"},
		Condition: []policy.Condition{{Operator: policy.Operator{Test: policy.StringLike}, Key: key, Values: policy.Values{"*"}}},
	}}}
	caller, target := evaluator.Caller{Principal: s.caller.Principal}, s.target
	target.Policies, target.RCPs = []*evaluator.Set{evaluator.MustCompile(policy.Resource, probe)}, nil
	r := s.request
	r.Endpoint = nil
	for _, l := range s.engine.Explain(&caller, &target, &r).Layers() {
		for _, p := range l.Policies {
			for _, st := range p.Statements {
				for _, e := range st.Elements {
					if e.Element == "Condition" && e.State == evaluator.Known && len(e.Got) == 1 {
						return e.Got[0]
					}
				}
			}
		}
	}
	return ""
}

// source are conditions on the resource for which a service calls: without them
// resources of other accounts could call through it (F-3).
func (s *state) source() []policy.Condition {
	var st policy.Statement
	if account, ok := s.value("aws:SourceAccount"); ok {
		require(&st, policy.StringEquals, "aws:SourceAccount", account)
	}
	if source, ok := s.value("aws:SourceArn"); ok {
		require(&st, policy.ArnLike, "aws:SourceArn", source)
	}
	return st.Condition
}

// token are conditions on what the token of an identity provider says.
func (s *state) token() []policy.Condition {
	var st policy.Statement
	provider := s.caller.Principal.String()
	if _, host, ok := strings.Cut(provider, ":oidc-provider/"); ok {
		provider = host
	}
	for _, k := range s.request.Context {
		name := fold.String(k.Name)
		ours := strings.HasPrefix(name, fold.String(provider)+":") || s.caller.Principal.Kind() == evaluator.SAMLIdentity && strings.HasPrefix(name, "saml:")
		if ours && k.State == evaluator.Known && len(k.Values) == 1 {
			require(&st, policy.StringEquals, k.Name, k.Values[0])
		}
	}
	return st.Condition
}

// A pin is a condition that holds for the caller, and for as few others as
// possible.
type pin struct {
	test       policy.Test
	key, value string
	others     string // for whom else it holds, in words; "" for nobody
}

// opposites are the tests that rule out what a pin, or a source, holds for.
var opposites = [...]policy.Test{
	policy.ArnEquals: policy.ArnNotEquals, policy.ArnLike: policy.ArnNotLike,
	policy.StringEquals: policy.StringNotEquals, policy.StringLike: policy.StringNotLike,
}

// pins are conditions that hold for the caller, the narrowest first.
func (s *state) pins() []pin {
	var list []pin
	add := func(test policy.Test, key, value, others string) {
		if value != "" {
			list = append(list, pin{test, key, value, others})
		}
	}
	p := &s.caller.Principal
	add(policy.ArnEquals, "aws:PrincipalArn", s.derived("aws:PrincipalArn"), "")
	add(policy.StringEquals, "aws:PrincipalServiceName", s.derived("aws:PrincipalServiceName"), "")
	add(policy.StringEquals, "aws:FederatedProvider", s.derived("aws:FederatedProvider"), "")
	add(policy.StringEquals, "aws:userid", s.derived("aws:userid"), "")
	if p.Kind() == evaluator.AnonymousPrincipal {
		add(policy.StringEquals, "aws:PrincipalType", s.derived("aws:PrincipalType"), "")
	}
	account := p.Account()
	if p.Kind() == evaluator.RoleSession && s.role() == "" {
		// The path of the role is not known, and so is no pattern for it alone (L-2).
		partition, _, _ := strings.Cut(strings.TrimPrefix(p.String(), "arn:"), ":")
		add(policy.StringLike, "aws:PrincipalArn", "arn:"+partition+":iam::"+account+":role/*", "all roles of account "+account+", since the path of this one is not known")
	}
	add(policy.StringEquals, "aws:PrincipalAccount", s.derived("aws:PrincipalAccount"), "everybody in account "+account)
	for _, k := range s.request.Context {
		if list == nil && k.State == evaluator.Known && len(k.Values) == 1 {
			add(policy.StringEquals, k.Name, k.Values[0], "every request with the same "+k.Name)
		}
	}
	return list
}
