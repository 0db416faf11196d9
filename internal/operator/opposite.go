package operator

import (
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/typed"
	"github.com/iamsim/iamsim/policy"
)

// Opposite are conditions that all hold exactly where c does not (C-20…C-24,
// C-31…C-34). ok is false where there are none.
func Opposite(c policy.Condition) (list []policy.Condition, ok bool) {
	o := c.Operator
	each := false // values that all must be on the other side
	values := c.Values
	switch {
	case o.Test == policy.Null:
		var e Existence
		for _, v := range values {
			e.Add(v)
		}
		if e.Absent == e.Present {
			return nil, false // it always holds
		}
		return []policy.Condition{existence(c.Key, e.Absent)}, true
	case o.Test == policy.Bool:
		if len(values) != 1 || !typed.IsBool(values[0]) {
			return nil, false
		}
		if values = (policy.Values{"true"}); fold.Equal(c.Values[0], "true") {
			values = policy.Values{"false"}
		}
	default:
		if int(o.Test) >= len(oppositeTests) || oppositeTests[o.Test].test == 0 {
			return nil, false
		}
		test := oppositeTests[o.Test]
		o.Test, each = test.test, test.ordered && len(values) > 1
	}
	if each && c.Operator.Set == policy.ForAllValues {
		return nil, false // one value would have to be beyond all bounds
	}
	o.IfExists = false
	present := false
	switch o.Set {
	case policy.ForAllValues:
		o.Set = policy.ForAnyValue
	case policy.ForAnyValue:
		o.Set = policy.ForAllValues
	default:
		o.IfExists = !HoldsAbsent(c.Operator) && !o.Negated()
		present = HoldsAbsent(c.Operator) && o.Negated()
	}
	if each {
		for i := range values {
			list = append(list, policy.Condition{Operator: o, Key: c.Key, Values: values[i : i+1]})
		}
	} else {
		list = append(list, policy.Condition{Operator: o, Key: c.Key, Values: values})
	}
	if present {
		list = append(list, existence(c.Key, true))
	}
	return list, true
}

// existence is the condition that the key exists, or that it is absent.
func existence(key string, exists bool) policy.Condition {
	value := "true"
	if exists {
		value = "false"
	}
	return policy.Condition{Operator: policy.Operator{Test: policy.Null}, Key: key, Values: policy.Values{value}}
}

// An oppositeTest holds for the values for which another does not; of an
// ordered one each value is a bound of its own.
type oppositeTest struct {
	test    policy.Test
	ordered bool
}

var oppositeTests = [...]oppositeTest{
	policy.StringEquals: {policy.StringNotEquals, false}, policy.StringNotEquals: {policy.StringEquals, false},
	policy.StringEqualsIgnoreCase: {policy.StringNotEqualsIgnoreCase, false}, policy.StringNotEqualsIgnoreCase: {policy.StringEqualsIgnoreCase, false},
	policy.StringLike: {policy.StringNotLike, false}, policy.StringNotLike: {policy.StringLike, false},
	policy.ArnEquals: {policy.ArnNotEquals, false}, policy.ArnNotEquals: {policy.ArnEquals, false},
	policy.ArnLike: {policy.ArnNotLike, false}, policy.ArnNotLike: {policy.ArnLike, false},
	policy.IPAddress: {policy.NotIPAddress, false}, policy.NotIPAddress: {policy.IPAddress, false},
	policy.NumericEquals: {policy.NumericNotEquals, false}, policy.NumericNotEquals: {policy.NumericEquals, false},
	policy.DateEquals: {policy.DateNotEquals, false}, policy.DateNotEquals: {policy.DateEquals, false},
	policy.NumericLessThan: {policy.NumericGreaterThanEquals, true}, policy.NumericGreaterThanEquals: {policy.NumericLessThan, true},
	policy.NumericGreaterThan: {policy.NumericLessThanEquals, true}, policy.NumericLessThanEquals: {policy.NumericGreaterThan, true},
	policy.DateLessThan: {policy.DateGreaterThanEquals, true}, policy.DateGreaterThanEquals: {policy.DateLessThan, true},
	policy.DateGreaterThan: {policy.DateLessThanEquals, true}, policy.DateLessThanEquals: {policy.DateGreaterThan, true},
}
