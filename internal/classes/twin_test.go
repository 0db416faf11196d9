package classes_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/policy"
)

// A family is operators and a small world of values for them, in which brute
// force finds every combination that differs.
type family struct {
	tests  []string
	values []string // of conditions
	world  []string // of requests
}

// words are all texts of the letters up to a length.
func words(letters string, most int) []string {
	list, last := []string{""}, []string{""}
	for range most {
		var next []string
		for _, w := range last {
			for _, r := range letters {
				next = append(next, w+string(r))
			}
		}
		list, last = append(list, next...), next
	}
	return list
}

var families = map[string]family{
	"text": {
		[]string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"},
		[]string{"", "a", "b", "ab", "A", "*", "a*", "*a", "*a*", "?", "a?", "*ab*", "a*b", "??", "?*", "b*a*", "a${*}b", "${$}", "*b"},
		words("abAx", 4),
	},
	"unicode": {
		[]string{"StringEquals", "StringLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"},
		[]string{"k", "K", "k*", "?", "sS", "ss", "\u00e9", "*\u00c9"}, // no policy has characters beyond U+00FF
		words("kK\u212as\u017fS\u00e9\u00c9x", 2),
	},
	"arn": {
		[]string{"ArnEquals", "ArnNotLike", "ArnLike", "StringLike", "StringEquals"},
		[]string{"a:b:c:d:e:f", "a:*:c:d:e:f", "*:*:*:*:*:*", "a:b:c:d:e:*", "*", "a:b*", "a:b:c:d:e:f:*", "a:b:c:d:?:f*", "a:b:*:f", ":::::"},
		[]string{
			"", "a", "a:b", "a:b:c:d:e", "a:b:c:d:e:f", "a:b:c:d:e:f:", "a:b:c:d:e:fx", "a:x:c:d:e:f", "x:b:c:d:e:f", "a:b:c:d:ee:f", "a:b:c:d:x:f",
			"a:b:c:d:e:g", "a:b:c:d:e:", ":::::", ":::::x", "a:b:c:d:e:f:g", "a::c:d:e:f", "a:b:x:f", "a:b:x", "a:bx", "a:b:c:d::f", "x:x:x:x:x:x", "x:::::", ":",
			"a:b:x:x:x:f", "a:b:::::f", "a:b::f", "a:b:c:d:x:f:g", "a:b:c:d:x:fx", "a:b:c:d:e:x:f", "a:b:x:d:e:f", "a:b:x:d:e:x", "a:b:x:x:f",
			"a:xx:c:d:e:f", "x:x:x:x:x", "a:b:c:d:x:g:f", "a:b:x:d:e:f:x", "a:x:x:d:e:x", "a:x:c:d:e:f:x", "a:b:c:d:xx:f", "a:b:c:d:xx:f:x",
		},
	},
	"number": {
		[]string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"},
		[]string{"1", "1.0", "1.5", "-2", "1000000000000000000000", "5abc", "1e3", "+1", "-0"},
		[]string{"-3", "-2", "-1", "0", "1", "1.2", "1.5", "3", "1000000000000000000000", "1000000000000000000001", "01", "1.50", "x", "", "04", "-0.0"},
	},
	"date": {
		[]string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
		[]string{"2026", "2026-01-15", "1768435200", "2026-01-15T00:00:00.5Z", "2026-01-15T00:00:01Z", "2026-02-30", "soon", "9223372036854775807", "2026-01-15T01:00+01:00"},
		[]string{
			"2025", "2026", "2026-01-02", "2026-01-15", "2026-01-15T00:00:00.25Z", "2026-01-15T00:00:00.5Z", "2026-01-15T00:00:00.7Z", "2026-01-15T00:00:01Z",
			"2027", "9223372036854775807", "9223372036854775806", "x", "", "2026-01-15T24:00Z", "2025-05", "2028",
		},
	},
	"address": {
		[]string{"IpAddress", "NotIpAddress"},
		[]string{"203.0.113.0/24", "203.0.113.128/25", "203.0.113.7", "0.0.0.0/0", "::/0", "2001:db8::/32", "2001:db8::1", "10.0.0.0/33", "255.255.255.255/32"},
		[]string{
			"203.0.113.1", "203.0.113.7", "203.0.113.200", "203.0.114.1", "1.1.1.1", "255.255.255.255", "2001:db8::1", "2001:db8::2", "2002::1",
			"fe80::1%eth0", "x", "", "::ffff:203.0.113.1",
		},
	},
	"truth": {
		[]string{"Bool"}, []string{"true", "false", "TRUE", "yes", ""}, []string{"true", "false", "True", "yes", "", "x"},
	},
	"bytes": {
		[]string{"BinaryEquals"}, []string{"QQ==", "QmluYXJ5", "QR==", "QQ", ""}, []string{"QQ==", "QmluYXJ5", "QR==", "QQ", "", "x"},
	},
}

func drawCondition(t *rapid.T, f family, label string) classes.Condition {
	op := rapid.SampledFrom(f.tests).Draw(t, label+" operator")
	if rapid.IntRange(0, 9).Draw(t, label+" null") == 0 {
		op = "Null"
	}
	if op != "Null" && rapid.IntRange(0, 4).Draw(t, label+" if exists") == 0 {
		op += "IfExists"
	}
	op = rapid.SampledFrom([]string{"", "", "ForAllValues:", "ForAnyValue:"}).Draw(t, label+" set") + op
	operator, err := policy.ParseOperator(op)
	require.NoError(t, err)
	values := f.values
	if operator.Test == policy.Null {
		values = []string{"true", "false"}
	}
	n := rapid.IntRange(0, 3).Draw(t, label+" values")
	c := classes.Condition{Condition: policy.Condition{Operator: operator, Key: "example:k", Values: policy.Values{}}, Variables: operator.Variables()}
	for range n {
		c.Values = append(c.Values, rapid.SampledFrom(values).Draw(t, label+" value"))
	}
	return c
}

// compiled are conditions as the evaluator has them.
type compiled []*evaluator.Set

func compile(t require.TestingT, conditions []classes.Condition) compiled {
	var sets compiled
	for _, c := range conditions {
		doc := &policy.Document{Version: policy.Version2008, Statements: []policy.Statement{{
			Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"}, Condition: []policy.Condition{c.Condition},
		}}}
		if c.Variables {
			doc.Version = policy.Version2012
		}
		set, err := evaluator.Compile(policy.Identity, policy.Attached{Document: doc})
		require.NoError(t, err)
		sets = append(sets, set)
	}
	return sets
}

// answers are the evaluator's.
func (sets compiled) answers(values []string) []bool {
	list := make([]bool, len(sets))
	for i, set := range sets {
		list[i] = evaluator.Evaluate(
			&evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"), Identity: set},
			&evaluator.Target{Resource: "*"},
			&evaluator.Request{Action: "example:Do", Context: evaluator.Context{{Name: "example:k", Values: values}}}).Allowed()
	}
	return list
}

// Every combination that brute force finds is a class, and the values of a
// class are what the evaluator takes them for.
func TestClassesAreThoseOfTheEvaluator(t *testing.T) {
	for name, f := range families {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				var conditions []classes.Condition
				for i := range rapid.IntRange(1, 3).Draw(t, "conditions") {
					conditions = append(conditions, drawCondition(t, f, fmt.Sprint(i)))
				}
				sets := compile(t, conditions)
				slow := rapid.Bool().Draw(t, "slow")
				list, err := classes.Of(conditions, classes.Options{Slow: slow})
				complete := err == nil
				if err != nil {
					require.ErrorIs(t, err, classes.ErrBudget)
				}
				found := map[string]bool{}
				for _, c := range list {
					assert.Equal(t, c.Holds, sets.answers(c.Values), "%v for the values %q", conditions, c.Values)
					found[fmt.Sprint(c.Holds)] = true
				}
				if !complete {
					return
				}
				tried := [][]string{nil}
				for i, v := range f.world {
					tried = append(tried, []string{v})
					for _, w := range f.world[max(0, i-6):i] {
						tried = append(tried, []string{v, w})
					}
				}
				for _, values := range tried {
					if combination := fmt.Sprint(sets.answers(values)); !found[combination] {
						require.Fail(t, "a class is missing", "%v gives %s for %q, and the classes are %v", conditions, combination, values, list)
					}
				}
			})
		})
	}
}

// Conditions of several types on one key: what is found is right, and what is
// not known is said.
func TestClassesOfSeveralTypesAreRightAsFarAsTheyGo(t *testing.T) {
	var all family
	for _, f := range families {
		all.tests, all.values = append(all.tests, f.tests...), append(all.values, f.values...)
	}
	all.values = nil
	for _, name := range []string{"text", "number", "date", "truth"} {
		all.values = append(all.values, families[name].values...)
	}
	plain := all.values[:0:0]
	for _, v := range all.values {
		if !strings.Contains(v, "${") {
			plain = append(plain, v)
		}
	}
	all.values = plain
	rapid.Check(t, func(t *rapid.T) {
		conditions := []classes.Condition{drawCondition(t, all, "0"), drawCondition(t, all, "1")}
		sets := compile(t, conditions)
		list, err := classes.Of(conditions, classes.Options{})
		found := map[string]bool{}
		for _, c := range list {
			assert.Equal(t, c.Holds, sets.answers(c.Values), "%v for the values %q", conditions, c.Values)
			found[fmt.Sprint(c.Holds)] = true
		}
		if err != nil {
			return
		}
		for _, name := range []string{"number", "date", "truth", "text"} {
			for _, v := range families[name].world[:min(16, len(families[name].world))] {
				assert.True(t, found[fmt.Sprint(sets.answers([]string{v}))], "%v: no class for %q among %v", conditions, v, list)
			}
		}
	})
}
