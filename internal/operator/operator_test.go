package operator_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

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
		{"NumericEquals", "x", "x", false},
		{"DateEquals", "2026-01-01T00:00:00Z", "1767225600", true},
		{"DateGreaterThan", "2026", "2026-01-01T00:00:00.1Z", true},
		{"DateEquals", "2026-02-30", "2026-02-30", false},
		{"BinaryEquals", "QUI=", "QUI=", true},
		{"BinaryEquals", "QUJ=", "QUJ=", false},
		{"IpAddress", "203.0.113.0/24", "203.0.113.9", true},
		{"NotIpAddress", "203.0.113.0/24", "203.0.113.9", true}, // what the negated test negates
		{"IpAddress", "203.0.113.0/24", "somewhere", false},
	} {
		o := parse(t, c.operator)
		var constants operator.Constants
		constants.Add(o.Type(), c.constant)
		assert.Equal(t, c.want, constants.Match(o.Test, c.value), "%s %s of %s", c.operator, c.constant, c.value)
	}
}

// An opposite holds exactly where the condition does not.
func TestOppositeHoldsWhereTheConditionDoesNot(t *testing.T) {
	names := []string{
		"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals", "NumericLessThanIfExists", "NumericNotEqualsIfExists",
		"ForAllValues:NumericEquals", "ForAnyValue:NumericEquals", "ForAnyValue:NumericLessThan", "ForAllValues:NumericNotEquals", "Null",
	}
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		o := parse(t, rapid.SampledFrom(names).Draw(t, "operator"))
		one := rapid.SampledFrom([]string{"1", "2", "3"})
		if o.Test == policy.Null {
			one = rapid.SampledFrom([]string{"true", "false"})
		}
		c := policy.Condition{Operator: o, Key: "k:n", Values: rapid.SliceOfN(one, 1, 2).Draw(t, "values")}
		opposite, ok := operator.Opposite(c)
		if !ok {
			return
		}
		found++
		values := rapid.SliceOfN(rapid.SampledFrom([]string{"0", "1", "2", "3", "4"}), 0, 1).Draw(t, "request")
		if o.Set != 0 {
			values = append(values, rapid.SliceOfN(one, 0, 2).Draw(t, "more")...)
		}
		all := true
		for i := range opposite {
			all = all && holds(&opposite[i], values)
		}
		if all == holds(&c, values) {
			t.Fatalf("%v %v and its opposite %v, of %v: %v", c.Operator, c.Values, opposite, values, all)
		}
	})
	assert.NotZero(t, found)
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
		return operator.Satisfied(c.Operator, logic.Of(constants.Match(c.Operator.Test, values[i])))
	}) == logic.Yes
}
