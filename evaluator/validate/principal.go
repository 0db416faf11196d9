package validate

import (
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// principals finds what is wrong with Principal and NotPrincipal.
func (c *checker) principals() {
	if c.st.NotPrincipal != nil && c.st.Effect == policy.Allow {
		c.report("ALLOW_WITH_NOTPRINCIPAL", c.at("NotPrincipal"), "allows everybody else there is, unsigned callers among them: name the principals (A-58)")
	}
	c.named("Principal", c.st.Principal)
	c.named("NotPrincipal", c.st.NotPrincipal)
	if c.st.Principal != nil && c.kind == policy.Resource && c.st.Effect == policy.Allow {
		c.services()
	}
}

func (c *checker) named(element string, p *policy.Principals) {
	if p == nil {
		return
	}
	if !p.Everyone && len(p.Entries) == 0 {
		c.report("EMPTY_OBJECT_PRINCIPAL", c.at(element), "names no principal: the statement does nothing")
	}
	if p.Everyone && c.kind == policy.Trust && c.st.Effect == policy.Allow {
		c.report("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", c.at(element), `"Principal": "*" is none of a role trust policy: name who may assume the role`)
	}
	for i := range p.Entries {
		entry := &p.Entries[i]
		if len(entry.Values) == 0 {
			c.report("EMPTY_ARRAY_PRINCIPAL", c.at(element, string(entry.Type)), "names no principal")
		}
		if entry.Type == policy.PrincipalFederated && c.kind != policy.Trust {
			c.report("FEDERATED_PRINCIPAL_NOT_SUPPORTED", c.at(element, string(entry.Type)), "identity providers are named in role trust policies alone (A-55)")
		}
		for k, value := range entry.Values {
			path := func() []any { return c.at(element, string(entry.Type), k) }
			switch {
			case entry.Type == policy.PrincipalService:
				if value != "*" {
					c.servicePrincipal(path(), value)
				}
			case strings.HasPrefix(value, "AROA"):
				c.report("INVALID_ROLE_REFERENCE", path(), "%s is the id of a role: write its ARN, or remove it if the role is gone (A-53)", spelling.Quote(value))
			case strings.HasPrefix(value, "AIDA"):
				c.report("INVALID_USER_REFERENCE", path(), "%s is the id of a user: write its ARN, or remove it if the user is gone (A-53)", spelling.Quote(value))
			}
		}
	}
}

// sources are the keys that say for whom a service calls.
var sources = [...]string{"aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"}

// weakSources are keys that people write in their place.
var weakSources = [...]string{"aws:Referer", "aws:SourceOwner", "aws:UserAgent"}

// services finds grants to service principals that do not say for whom the service
// calls.
func (c *checker) services() {
	only := !c.st.Principal.Everyone
	var services []string
	for i := range c.st.Principal.Entries {
		entry := &c.st.Principal.Entries[i]
		if entry.Type == policy.PrincipalService {
			services = append(services, entry.Values...)
		} else {
			only = false
		}
	}
	if len(services) == 0 {
		return
	}
	if only {
		c.keysOfServices(services)
	}
	for _, key := range sources {
		if c.condition(key) != nil {
			return
		}
	}
	for _, key := range weakSources {
		if at := c.condition(key); at != nil {
			c.report("RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", c.on(at), "aws:SourceArn and aws:SourceAccount say for whom %s calls, better than %s does", strings.Join(services, ", "), at.Key)
			return
		}
	}
	c.report("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", c.at("Principal", string(policy.PrincipalService)), "%s may call for anybody's account: test aws:SourceArn or aws:SourceAccount", strings.Join(services, ", "))
}

// keysOfServices finds conditions on keys that requests of services never have.
func (c *checker) keysOfServices(services []string) {
	for i := range c.st.Condition {
		condition := &c.st.Condition[i]
		k := law.KeyOf(condition.Key)
		if k == law.OtherKey || k.Row().Has(law.ServicePrincipal) || operator.HoldsAbsent(condition.Operator) {
			continue
		}
		f := c.report("UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", c.on(condition), "requests of %s never have %s: the statement allows nothing", strings.Join(services, ", "), condition.Key)
		f.key = true
	}
}

// trust finds what is wrong with a statement of a role trust policy.
func (c *checker) trust() {
	p := c.st.Principal
	if p == nil || c.st.Effect != policy.Allow {
		return
	}
	for i := range p.Entries {
		entry := &p.Entries[i]
		for k, value := range entry.Values {
			path := c.at("Principal", string(entry.Type), k)
			switch entry.Type {
			case policy.PrincipalFederated:
				c.federated(path, value)
			case policy.PrincipalService:
				if strings.HasPrefix(value, "rolesanywhere.") {
					c.rolesAnywhere(path)
				}
			case policy.PrincipalAWS:
				c.mismatch(value, "sts:AssumeRole")
				c.redundantSession(path, entry.Values, value)
			}
		}
	}
	c.actionsOfKeys()
}

// asks reports whether the statement has an action, by its name or a pattern.
func (c *checker) asks(action string) bool {
	for _, value := range c.st.Action {
		if matches(value, action) {
			return true
		}
	}
	return false
}

// assumes are the actions that assume a role.
var assumes = [...]string{"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}

// mismatch finds the actions by name with which a principal does not assume a role.
func (c *checker) mismatch(principal, fits string) {
	for _, action := range assumes {
		if action == fits {
			continue
		}
		for i, value := range c.st.Action {
			if fold.Equal(value, action) && !c.asks(fits) {
				c.report("MISMATCHED_ACTION_FOR_PRINCIPAL", c.at("Action", i), "%s assumes a role by %s, not by %s", spelling.Quote(principal), fits, action)
			}
		}
	}
}

// federated checks a grant to an identity provider.
func (c *checker) federated(path []any, provider string) {
	if strings.Contains(provider, ":saml-provider/") {
		c.mismatch(provider, "sts:AssumeRoleWithSAML")
		return
	}
	c.mismatch(provider, "sts:AssumeRoleWithWebIdentity")
	host := provider
	if _, after, ok := strings.Cut(provider, ":oidc-provider/"); ok {
		host = after
	}
	claims, subject := false, (*policy.Condition)(nil)
	fixed := false
	shared := law.SharedProviderOf(provider)
	for i := range c.st.Condition {
		condition := &c.st.Condition[i]
		if !fold.HasPrefix(condition.Key, host+":") {
			continue
		}
		claims = true
		if fold.Equal(condition.Key, host+":sub") {
			subject = condition
		}
		if shared != nil && len(condition.Values) > 0 {
			fixed = fixed || shared.Fixes(condition.Key, condition.Values[0], true)
		}
	}
	github := host == "token.actions.githubusercontent.com"
	switch {
	case github && subject == nil && !fixed:
		c.report("MISSING_GITHUB_REPO_CONDITION_KEY", path, "every repository of GitHub may assume the role: test %s:sub", host)
	case !claims:
		c.report("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", path, "every token of %s may assume the role: test its claims, %s:aud and %s:sub", host, host, host)
	case github && subject != nil:
		for i, value := range subject.Values {
			if strings.Contains(value, "*") {
				c.report("SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", c.on(subject, i), "%s means several repositories or branches: name one", spelling.Quote(value))
			}
		}
	}
}

// rolesAnywhere finds the actions that IAM Roles Anywhere needs besides.
func (c *checker) rolesAnywhere(path []any) {
	var missing []string
	for _, action := range []string{"sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"} {
		if !c.asks(action) {
			missing = append(missing, action)
		}
	}
	if missing != nil {
		c.report("MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY", path, "IAM Roles Anywhere needs %s, too", strings.Join(missing, ", "))
	}
}

// redundantSession finds sessions of a role that is named beside them.
func (c *checker) redundantSession(path []any, all policy.Values, value string) {
	begin, session, ok := strings.Cut(value, ":assumed-role/")
	if !ok {
		return
	}
	role, _, _ := strings.Cut(session, "/")
	of := strings.ReplaceAll(begin, ":sts:", ":iam:") + ":role/"
	for _, other := range all {
		if rest, ok := strings.CutPrefix(other, of); ok && rest[strings.LastIndexByte(rest, '/')+1:] == role {
			f := c.report("REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", path, "%s is a session of %s, which is named already", spelling.Quote(value), spelling.Quote(other))
			// A session that is named itself is not bound by the role's boundary.
			if e := c.remove(f, "removes the session"); e != nil {
				e.Changes = true
			}
			return
		}
	}
}

// actionsOfKeys finds keys that only have a value where another action is allowed.
func (c *checker) actionsOfKeys() {
	for i := range c.st.Condition {
		condition := &c.st.Condition[i]
		needs := ""
		switch key := fold.String(condition.Key); {
		case key == "sts:sourceidentity":
			needs = "sts:SetSourceIdentity"
		case key == "sts:transitivetagkeys", key == "aws:tagkeys", strings.HasPrefix(key, "aws:requesttag/"):
			needs = "sts:TagSession"
		default:
			continue
		}
		if !c.asks(needs) {
			c.report("MISSING_ACTION_FOR_CONDITION_KEY", c.on(condition), "who sets %s needs %s, and the statement does not allow it", condition.Key, needs)
		}
	}
}
