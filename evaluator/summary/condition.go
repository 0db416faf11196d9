package summary

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// verbs are the words of tests.
var verbs = map[policy.Test]string{
	policy.StringEquals: "is", policy.StringNotEquals: "is not",
	policy.StringEqualsIgnoreCase: "is, in any letter case,", policy.StringNotEqualsIgnoreCase: "is not, in any letter case,",
	policy.StringLike: "is like", policy.StringNotLike: "is not like",
	policy.NumericEquals: "=", policy.NumericNotEquals: "is not =",
	policy.NumericLessThan: "<", policy.NumericLessThanEquals: "<=",
	policy.NumericGreaterThan: ">", policy.NumericGreaterThanEquals: ">=",
	policy.DateEquals: "is at", policy.DateNotEquals: "is not at",
	policy.DateLessThan: "is before", policy.DateLessThanEquals: "is at or before",
	policy.DateGreaterThan: "is after", policy.DateGreaterThanEquals: "is at or after",
	policy.Bool: "is", policy.BinaryEquals: "is in base64",
	policy.IPAddress: "is in", policy.NotIPAddress: "is not in",
	policy.ArnEquals: "is ARN", policy.ArnNotEquals: "is not ARN",
	policy.ArnLike: "is ARN", policy.ArnNotLike: "is not ARN",
}

// condition is a condition in words: "aws:SourceIp is in 10.0.0.0/8". A set operator
// stands before the key (of all values of the key, or some of them), IfExists
// behind: it holds where the key is absent, too.
func condition(c *policy.Condition) string {
	if c.Operator.Test == policy.Null {
		return word(c.Key) + " " + existence(c.Values)
	}
	or := " or "
	if c.Operator.Negated() {
		or = " nor "
	}
	text := word(c.Key) + " " + verbs[c.Operator.Test] + " " + joined(c.Values, or)
	if len(c.Values) == 0 {
		text += "any of none"
	}
	switch c.Operator.Set {
	case policy.ForAllValues:
		text = "every " + text
	case policy.ForAnyValue:
		text = "some " + text
	}
	if c.Operator.IfExists {
		text += " or absent"
	}
	return text
}

// existence is what a Null condition asks for.
func existence(values []string) string {
	var words []string
	for _, v := range values {
		switch {
		case fold.Equal(v, "true"):
			words = append(words, "is absent")
		case fold.Equal(v, "false"):
			words = append(words, "is present")
		default:
			words = append(words, "is null "+word(v))
		}
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " or ")
}
