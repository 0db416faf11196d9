package fix

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// shown is a name from outside in a text.
func shown(name string) string {
	quoted := spelling.Quote(name)
	if inner := strings.Trim(quoted, `"`); inner == name && !strings.ContainsAny(name, " \t") {
		return name
	}
	return quoted
}

// owner is who can change a policy; a is nil for one that is still to be made.
func (s *state) owner(at policy.Slot, a *policy.Attached) string {
	if a != nil {
		if p, err := arn.Parse(a.ARN); err == nil && p.Account() == "aws" {
			return "AWS: attach a copy of your own in its place"
		}
	}
	account := s.caller.Principal.Account()
	switch {
	case isOfResource(at) && s.trust:
		return "whoever administers the role, in account " + s.owningAccount()
	case isOfResource(at):
		return "the owner of the resource, account " + s.owningAccount()
	}
	switch at.Layer {
	case policy.SCPLayer:
		return organization(account)
	case policy.RCPLayer:
		return organization(s.owningAccount())
	case policy.EndpointLayer:
		return "the owner of the VPC endpoint"
	case policy.SessionLayer:
		return "whoever starts the session, with AssumeRole or GetFederationToken"
	}
	return "an IAM administrator of account " + account
}

func organization(account string) string {
	return "the management account of the organization of account " + account
}

// owningAccount is the account that owns the resource, as far as it is known.
func (s *state) owningAccount() string {
	if s.target.Account != "" {
		return s.target.Account
	}
	a, _ := arn.Parse(s.target.Resource)
	return cmp.Or(law.Owner(a.Account(), s.caller.Principal.Account()), "not known")
}

// forbidden is a rule that refuses the request, also where an explicit deny
// comes first: to lift that would not help.
func (s *state) forbidden() *deadEnd {
	caller, target, r := evaluator.Caller{Principal: s.caller.Principal}, s.target, s.request
	target.Policies, target.RCPs, r.Endpoint = nil, nil, nil
	x := s.engine.Explain(&caller, &target, &r)
	if x.Decision().Layer() != policy.RuleLayer {
		return nil
	}
	return s.refused(x.Layers()[0].Note)
}

// refused is a rule of AWS that no policy changes.
func (s *state) refused(rule string) *deadEnd {
	dead := &deadEnd{reason: "no policy changes this: " + rule}
	kind := s.caller.Principal.Kind()
	action := s.request.Action
	is := func(name string) bool { return fold.Equal(action, name) }
	unsigned := kind == evaluator.WebIdentity || kind == evaluator.SAMLIdentity || kind == evaluator.AnonymousPrincipal
	switch {
	case unsigned:
		dead.instead = "assume a role first, and call with the credentials of its session"
	case is("sts:AssumeRoleWithSAML"), is("sts:AssumeRoleWithWebIdentity"):
		dead.instead = "call it unsigned, with the token of the identity provider; with credentials call sts:AssumeRole"
	case is("iam:PassRole"):
		dead.instead = "pass a role of the caller's account " + s.caller.Principal.Account() + ", or call from a role in account " + s.owningAccount()
	case kind == evaluator.FederatedUser:
		dead.instead = "use a role session (sts:AssumeRole) instead of GetFederationToken"
	case kind == evaluator.RoleSession:
		dead.instead = "a session is temporary already: call sts:AssumeRole, or sign as an IAM user"
	case kind == evaluator.RootUser:
		dead.instead = "sign in as an IAM user or a role and assume the role from there"
	case kind == evaluator.IAMUser:
		dead.instead = "call GetSessionToken with an MFA code (SerialNumber, TokenCode), or use the long-term access key"
	}
	return dead
}

// deadEnd is a layer that no statement makes allow the request, or a Deny that
// cannot be narrowed.
func (s *state) deadEnd(n need, candidates []edit) *deadEnd {
	for i := range candidates {
		docs := s.policies.At(candidates[i].Slot)
		if at := candidates[i].document; at < len(docs) && s.outgrows(candidates[i].Slot, &docs[at], candidates[i].after) {
			return &deadEnd{
				fmt.Sprintf("the %s would have more than the %d characters that AWS takes", n.layer.Layer.Noun(), s.longest(candidates[i].Slot, &docs[at])),
				"make it shorter first: fewer statements, or patterns in the place of lists",
			}
		}
	}
	if n.statement != nil {
		return &deadEnd{
			"no exception to " + s.guardrail(n.Slot, &s.policies.At(n.Slot)[n.document]) + " spares this request and nothing more",
			s.owner(n.Slot, nil) + " would have to write it anew",
		}
	}
	if at := n.layer.Layer; (at == policy.ResourceLayer || at == policy.TrustLayer) && s.trust && !isSTS(s.request.Action) {
		return &deadEnd{
			"a role has no resource-based policy but its trust policy, which allows nothing but to assume it (A.6)",
			"call with credentials of account " + s.owningAccount() + ": assume a role there first",
		}
	}
	if isOfResource(n.Slot) && s.isLayer() {
		dead := &deadEnd{reason: "the policy of a layer belongs to one version, and lambda:GetLayerVersion is all that it may allow (F-1)"}
		if dead.instead = "call with credentials of account " + s.owningAccount() + ": assume a role there first"; s.isLayerGrant() {
			dead.reason, dead.instead = "the policy of a layer names accounts, or everybody, and no other caller (F-1)", "call as a user or role"
		}
		return dead
	}
	if isOfResource(n.Slot) && s.functionLacks() {
		return &deadEnd{
			fmt.Sprintf("the policy of a function cannot hold %s (F-6)", s.request.Action),
			"call with credentials of account " + s.owningAccount() + ": assume a role there first",
		}
	}
	note := n.layer.Note
	if note == "" {
		note = "no statement can name this request"
	}
	dead := &deadEnd{reason: "the " + n.layer.Layer.Noun() + " cannot allow it: " + note}
	fields := strings.SplitN(s.target.Resource, ":", 3)
	switch {
	case strings.HasSuffix(note, "(B-43)"):
		dead.instead = "call with credentials of the partition " + fields[min(1, len(fields)-1)]
	case strings.HasSuffix(note, "(F-21)"):
		dead.instead = "sign the request, or set the function URL's authentication to NONE"
	case strings.HasSuffix(note, "(G-3)"):
		dead.instead = "pass the role as a user or role of its own account"
	}
	return dead
}
