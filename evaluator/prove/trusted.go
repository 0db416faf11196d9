package prove

import (
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/typed"
	"github.com/iamsim/iamsim/policy"
)

// A trustedKey narrows a grant to everyone, where a condition fixes its values.
type trustedKey struct {
	// fixed reports whether a value with wildcards leaves the owner fixed, of text
	// or of an ARN; nil: none does.
	fixed func(value string, text bool) bool
	// strict: the key is of Amazon S3's definition, where values hold no wildcard.
	strict bool
}

// trustedKeys are those of the table of NotPublic, in lower case.
var trustedKeys = map[string]trustedKey{
	"aws:principalorgid":    {strict: true},
	"aws:principalorgpaths": {fixed: fixesOrganization},
	"aws:principalarn":      {fixed: fixesAccount},
	"aws:principalaccount":  {},
	"aws:userid":            {fixed: fixesUniqueID, strict: true},
	"kms:calleraccount":     {},

	"aws:sourcearn":      {fixed: fixesAccount, strict: true},
	"aws:sourceaccount":  {strict: true},
	"aws:sourceowner":    {strict: true},
	"aws:sourceorgid":    {},
	"aws:sourceorgpaths": {fixed: fixesOrganization},

	"aws:sourceip":     {strict: true},
	"aws:sourcevpc":    {strict: true},
	"aws:sourcevpcarn": {fixed: fixesAccount},
	"aws:sourcevpce":   {strict: true},
	"aws:vpceaccount":  {},
	"aws:vpceorgid":    {},
	"aws:vpceorgpaths": {fixed: fixesOrganization},

	"s3:dataaccesspointarn":     {fixed: fixesAccount, strict: true},
	"s3:dataaccesspointaccount": {strict: true},
}

// trustedConditions are Allow statements for everything, to everyone who fulfils
// a condition of the policy that fixes a trusted key: of an Allow or, unless
// strict, the opposite of one of a Deny.
func trustedConditions(d *policy.Document, strict bool) []policy.Statement {
	var list []policy.Statement
	for i := range d.Statements {
		deny := d.Statements[i].Effect == policy.Deny
		if deny && strict {
			continue
		}
		for _, c := range d.Statements[i].Condition {
			if deny {
				// A Deny for all others leaves those that fulfil the opposite.
				c.Operator.Test, c.Operator.IfExists = positive[c.Operator.Test], false
			}
			if fixes(&c, strict) {
				list = append(list, toEveryoneWith(c))
			}
		}
	}
	return list
}

// positive are the operators that hold where negated ones do not.
var positive = map[policy.Test]policy.Test{
	policy.StringNotEquals: policy.StringEquals, policy.StringNotEqualsIgnoreCase: policy.StringEqualsIgnoreCase,
	policy.StringNotLike: policy.StringLike, policy.ArnNotEquals: policy.ArnEquals, policy.ArnNotLike: policy.ArnLike,
	policy.NotIPAddress: policy.IPAddress,
}

// fixes reports whether a condition holds for known owners only: a trusted key
// is there and has one of some values, of which an ARN at least names its
// account.
func fixes(c *policy.Condition, strict bool) bool {
	key, ok := trustedKeys[fold.String(c.Key)]
	if !ok || strict && !key.strict || !narrows(c.Operator) {
		return false
	}
	for _, v := range c.Values {
		if strings.Contains(v, "${") || isNobody(v) || !key.fixes(c.Operator.Test, v, strict) {
			return false
		}
	}
	return true
}

// narrows reports whether a condition needs its key, and a value of its list.
func narrows(o policy.Operator) bool {
	return !o.Negated() && !o.IfExists && o.Set != policy.ForAllValues
}

// fixes reports whether a value of a condition leaves the owner fixed.
func (k *trustedKey) fixes(test policy.Test, v string, strict bool) bool {
	hasWildcards := strings.ContainsAny(v, "*?")
	switch test {
	case policy.StringEquals, policy.StringEqualsIgnoreCase:
		return true
	case policy.StringLike, policy.ArnLike, policy.ArnEquals:
		return !hasWildcards || !strict && k.fixed != nil && k.fixed(v, test == policy.StringLike)
	case policy.IPAddress:
		return isNarrowRange(v)
	}
	return false
}

// isNobody: the account and the id of unsigned callers (E-41).
func isNobody(v string) bool { return fold.Equal(v, "anonymous") }

// isNarrowRange reports whether a range of addresses is no wider than /8, or /32
// of version 6.
func isNarrowRange(v string) bool {
	const widest4, widest6 = 8, 32
	p, ok := typed.Range(v)
	return ok && (p.Addr().Is4() && p.Bits() >= widest4 || p.Addr().Is6() && p.Bits() >= widest6)
}

// fixesAccount reports whether an ARN with wildcards names its account. A bucket's
// has none, and is fixed as a whole. A star of text crosses colons (C-12), so what
// it lets through may have the account anywhere behind it.
func fixesAccount(v string, text bool) bool {
	parts := strings.SplitN(v, ":", 6)
	if len(parts) < 6 || text && strings.ContainsAny(strings.Join(parts[:5], ""), "*?") {
		return false
	}
	return arn.IsAccountID(parts[4])
}

// fixesOrganization: a path begins with the id of its organization.
func fixesOrganization(v string, _ bool) bool {
	id, _, ok := strings.Cut(v, "/")
	return ok && strings.HasPrefix(id, "o-") && !strings.ContainsAny(id, "*?")
}

// fixesUniqueID: any session of one role.
func fixesUniqueID(v string, _ bool) bool {
	id, _, ok := strings.Cut(v, ":")
	return ok && !strings.ContainsAny(id, "*?")
}
