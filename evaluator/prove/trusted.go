package prove

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// trustedKeys narrow a grant to everyone, if a condition fixes their values.
var trustedKeys = []string{
	"aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:principalaccount", "aws:userid",
	"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths",
	"aws:sourcevpc", "aws:sourcevpce", "aws:vpceaccount", "aws:vpceorgid",
}

// trustedConditions are Allow statements for everything, to everyone who fulfils
// a condition of the policy that fixes a trusted key: of an Allow, or the
// opposite of one of a Deny.
func trustedConditions(d *policy.Document) []policy.Statement {
	var list []policy.Statement
	for i := range d.Statements {
		for _, c := range d.Statements[i].Condition {
			if d.Statements[i].Effect == policy.Deny {
				// A Deny for all others leaves those that fulfil the opposite.
				c.Operator.Test, c.Operator.IfExists = positive[c.Operator.Test], false
			}
			if !fixes(&c) {
				continue
			}
			list = append(list, toEveryoneWith(c))
		}
	}
	return list
}

// positive are the operators that hold where negated ones do not.
var positive = map[policy.Test]policy.Test{
	policy.StringNotEquals: policy.StringEquals, policy.StringNotEqualsIgnoreCase: policy.StringEqualsIgnoreCase,
	policy.StringNotLike: policy.StringLike, policy.ArnNotEquals: policy.ArnEquals, policy.ArnNotLike: policy.ArnLike,
}

// fixes reports whether a condition holds for known owners only: a trusted key
// is there and has one of some values, of which an ARN at least names its
// account.
func fixes(c *policy.Condition) bool {
	name := fold.String(c.Key)
	o := c.Operator
	if !slices.Contains(trustedKeys, name) || o.Negated() || o.IfExists || o.Set == policy.ForAllValues {
		return false
	}
	switch o.Test {
	case policy.StringEquals, policy.StringEqualsIgnoreCase:
		return !slices.ContainsFunc(c.Values, func(v string) bool { return strings.Contains(v, "${") || isNobody(v) })
	case policy.StringLike, policy.ArnLike, policy.ArnEquals:
		return !slices.ContainsFunc(c.Values, func(v string) bool { return !fixedPattern(name, v, o.Test == policy.StringLike) })
	}
	return false
}

// isNobody: the account and the id of unsigned callers (E-41).
func isNobody(v string) bool { return fold.Equal(v, "anonymous") }

// fixedPattern reports whether a pattern leaves the owner fixed: a bucket's ARN
// has no account, and is fixed as a whole. A star of text crosses colons (C-12),
// so what it lets through may have the account anywhere behind it.
func fixedPattern(name, v string, text bool) bool {
	if strings.Contains(v, "${") || isNobody(v) {
		return false
	}
	const wildcards = "*?"
	switch name {
	case "aws:sourcearn", "aws:principalarn":
		parts := strings.SplitN(v, ":", 6)
		switch {
		case len(parts) < 6 || text && strings.ContainsAny(strings.Join(parts[:5], ""), wildcards):
			return false
		case parts[4] == "":
			return !strings.ContainsAny(v, wildcards)
		}
		return arn.IsAccountID(parts[4])
	case "aws:principalorgpaths", "aws:sourceorgpaths":
		return strings.HasPrefix(v, "o-") && strings.Contains(v, "/") && !strings.ContainsAny(v[:strings.IndexByte(v, '/')], "*?")
	case "aws:userid":
		return !strings.ContainsAny(strings.SplitN(v, ":", 2)[0], "*?")
	}
	return !strings.ContainsAny(v, "*?")
}
