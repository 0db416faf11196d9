package operator_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/logic"
	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/policy"
)

func parse(t require.TestingT, name string) policy.Operator {
	o, err := policy.ParseOperator(name)
	require.NoError(t, err)
	return o
}

func TestHolds(t *testing.T) {
	const no, maybe, yes = logic.No, logic.Maybe, logic.Yes
	for sentence, c := range map[string]struct {
		operator string
		matches  []logic.Truth // by value of the request
		want     logic.Truth
	}{
		"an absent key matches nothing (C-22)":                {"StringEquals", nil, no},
		"an absent key satisfies a negated operator (C-22)":   {"StringNotEquals", nil, yes},
		"IfExists holds for an absent key (C-21)":             {"StringEqualsIfExists", nil, yes},
		"ForAllValues holds for an absent key (C-31)":         {"ForAllValues:StringEquals", nil, yes},
		"ForAnyValue does not, not even with IfExists (C-34)": {"ForAnyValue:StringEqualsIfExists", nil, no},
		"nor negated":                      {"ForAnyValue:StringNotEquals", nil, no},
		"one value that matches is enough": {"StringEquals", []logic.Truth{yes}, yes},
		"one that does not satisfies a negated operator (C-2)":      {"StringNotEquals", []logic.Truth{no}, yes},
		"several values without a set operator never do (C-37)":     {"StringEquals", []logic.Truth{yes, yes}, no},
		"not for a negated operator either (C-37)":                  {"StringNotEquals", []logic.Truth{no, no}, no},
		"ForAllValues asks each value":                              {"ForAllValues:StringEquals", []logic.Truth{yes, no, yes}, no},
		"ForAllValues with a value that is not known":               {"ForAllValues:StringEquals", []logic.Truth{yes, maybe}, maybe},
		"ForAnyValue asks for one":                                  {"ForAnyValue:StringEquals", []logic.Truth{no, yes}, yes},
		"ForAnyValue with a value that is not known":                {"ForAnyValue:StringEquals", []logic.Truth{no, maybe}, maybe},
		"each value alone is negated (C-33)":                        {"ForAnyValue:StringNotEquals", []logic.Truth{yes, no}, yes},
		"what is not known stays so under negation":                 {"StringNotEquals", []logic.Truth{maybe}, maybe},
		"ForAllValues with a negated operator forbids any match":    {"ForAllValues:StringNotEquals", []logic.Truth{no, yes}, no},
		"NumericLessThan is not negated, so an absent key fails it": {"NumericLessThan", nil, no},
	} {
		t.Run(sentence, func(t *testing.T) {
			o := parse(t, c.operator)
			got := operator.Holds(o, len(c.matches), func(i int) logic.Truth { return operator.Satisfied(o, c.matches[i]) })
			assert.Equal(t, c.want, got)
		})
	}
}

func TestExistence(t *testing.T) {
	for _, c := range []struct {
		values                []string
		absent, perhaps, here logic.Truth
	}{
		{[]string{"true"}, logic.Yes, logic.Maybe, logic.No},
		{[]string{"False"}, logic.No, logic.Maybe, logic.Yes},
		{[]string{"TRUE", "false"}, logic.Yes, logic.Yes, logic.Yes},
		{nil, logic.No, logic.No, logic.No},
	} {
		var e operator.Existence
		for _, v := range c.values {
			e.Add(v)
		}
		assert.Equal(t, c.absent, e.Holds(logic.No), "Null %q of an absent key", c.values)
		assert.Equal(t, c.perhaps, e.Holds(logic.Maybe), "Null %q of an unknown key", c.values)
		assert.Equal(t, c.here, e.Holds(logic.Yes), "Null %q of a present key", c.values)
	}
}

func TestConstants(t *testing.T) {
	for _, c := range []struct {
		operator, constant, value string
		want                      bool
	}{
		{"NumericEquals", "1.0", "+1", true},
		{"NumericLessThan", "10", "9.99", true},
		{"NumericLessThan", "10", "10", false},
		{"NumericLessThan", "10", "11", false},
		{"NumericLessThanEquals", "10", "9.99", true},
		{"NumericLessThanEquals", "10", "10", true},
		{"NumericLessThanEquals", "10", "10.01", false},
		{"NumericGreaterThan", "10", "10", false},
		{"NumericGreaterThan", "10", "10.01", true},
		{"NumericGreaterThanEquals", "10", "10", true},
		{"NumericGreaterThanEquals", "10", "11", true},
		{"NumericGreaterThanEquals", "10", "9", false},
		{"NumericEquals", "x", "x", false},
		{"DateEquals", "2026-01-01T00:00:00Z", "1767225600", true},
		{"DateGreaterThan", "2026", "2026-01-01T00:00:00.1Z", true},
		{"DateLessThan", "2026", "2025-12-31T23:59:59Z", true},
		{"DateLessThan", "2026", "2026", false},
		{"DateLessThanEquals", "2026", "2026", true},
		{"DateLessThanEquals", "2026", "2027", false},
		{"DateGreaterThan", "2026", "2026", false},
		{"DateGreaterThanEquals", "2026", "2026", true},
		{"DateGreaterThanEquals", "2026", "2025", false},
		{"DateEquals", "2026-02-30", "2026-02-30", false},
		{"BinaryEquals", "QUI=", "QUI=", true},
		{"BinaryEquals", "QUJ=", "QUJ=", false},
		{"IpAddress", "203.0.113.0/24", "203.0.113.9", true},
		{"NotIpAddress", "203.0.113.0/24", "203.0.113.9", true}, // what the negated test negates
		{"IpAddress", "203.0.113.0/24", "198.51.100.1", false},
		{"IpAddress", "203.0.113.0/24", "somewhere", false},
	} {
		o := parse(t, c.operator)
		var constants operator.Constants
		constants.Add(o.Type(), c.constant)
		assert.Equal(t, c.want, constants.Match(o.Test, c.value), "%s %s of %s", c.operator, c.constant, c.value)
	}
}

// An opposite holds exactly where the condition does not: of every operator that
// has one, up to two values in the policy and in the request.
func TestOppositeHoldsWhereTheConditionDoesNot(t *testing.T) {
	lists := func(of ...string) (all [][]string) {
		all = append(all, nil)
		for _, one := range of {
			all = append(all, []string{one})
			for _, other := range of {
				all = append(all, []string{one, other})
			}
		}
		return all
	}
	for name, c := range map[string]struct {
		values []string
		none   string // of which values there is no opposite
	}{
		"NumericEquals": {[]string{"1", "2"}, ""}, "NumericNotEquals": {[]string{"1", "2"}, ""},
		"NumericLessThan": {[]string{"1", "2", "3"}, ""}, "NumericGreaterThanEquals": {[]string{"1", "2", "3"}, ""},
		"NumericGreaterThan": {[]string{"1", "2", "3"}, ""}, "NumericLessThanEquals": {[]string{"1", "2", "3"}, ""},
		"NumericLessThanIfExists": {[]string{"1", "2"}, ""}, "NumericNotEqualsIfExists": {[]string{"1", "2"}, ""},
		"NumericEqualsIfExists":      {[]string{"1", "2"}, ""},
		"ForAllValues:NumericEquals": {[]string{"1", "2"}, ""}, "ForAnyValue:NumericEquals": {[]string{"1", "2"}, ""},
		"ForAnyValue:NumericNotEquals": {[]string{"1", "2"}, ""}, "ForAllValues:NumericNotEquals": {[]string{"1", "2"}, ""},
		"ForAnyValue:NumericLessThan": {[]string{"1", "2"}, ""}, "ForAllValues:NumericLessThan": {[]string{"1", "2"}, "two"},
		"Null": {[]string{"true", "false", "True"}, "both"}, "BinaryEquals": {[]string{"QUI="}, "all"},
		"Bool": {[]string{"true", "false", "FALSE", "yes"}, "two or no bool"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, values := range lists(c.values...) {
				if len(values) == 0 {
					continue
				}
				condition := policy.Condition{Operator: parse(t, name), Key: "k:n", Values: values}
				opposite, ok := operator.Opposite(condition)
				none := false
				switch c.none {
				case "all":
					none = true
				case "two":
					none = len(values) == 2
				case "both":
					none = len(values) == 2 && (values[0] == "false") != (values[1] == "false")
				case "two or no bool":
					none = len(values) == 2 || values[0] == "yes"
				}
				require.Equal(t, !none, ok, "%s %v", name, values)
				if !ok {
					assert.Empty(t, opposite)
					continue
				}
				requests := lists("0", "1", "2", "3", "4")
				if condition.Operator.Test == policy.Bool {
					requests = lists("true", "false")
				}
				for _, request := range requests {
					if len(request) == 2 && condition.Operator.Set == 0 && condition.Operator.Test != policy.Null {
						continue // neither holds (C-37)
					}
					all := true
					for i := range opposite {
						all = all && holds(&opposite[i], request)
					}
					assert.NotEqual(t, holds(&condition, request), all, "%s %v and its opposite %v, of %v", name, values, opposite, request)
				}
			}
		})
	}
}

func holds(c *policy.Condition, values []string) bool {
	if c.Operator.Test == policy.Null {
		var e operator.Existence
		for _, v := range c.Values {
			e.Add(v)
		}
		return e.Holds(logic.Of(len(values) > 0)) == logic.Yes
	}
	var constants operator.Constants
	for _, v := range c.Values {
		constants.Add(c.Operator.Type(), v)
	}
	return operator.Holds(c.Operator, len(values), func(i int) logic.Truth {
		matches := constants.Match(c.Operator.Test, values[i])
		if c.Operator.Test == policy.Bool {
			matches = strings.EqualFold(c.Values[0], values[i])
		}
		return operator.Satisfied(c.Operator, logic.Of(matches))
	}) == logic.Yes
}
