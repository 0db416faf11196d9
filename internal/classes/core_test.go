package classes_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/classes"
)

// What conditions that cannot hold together leave is named: those that exclude each
// other, and no others.
func TestTheConditionsThatExcludeEachOther(t *testing.T) {
	is := func(operator string, values ...string) classes.Condition { return condition(t, operator, values...) }
	one, always := classes.Options{Single: true, Present: true}, classes.Options{Present: true}
	for name, c := range map[string]struct {
		options    classes.Options
		conditions []classes.Condition
		fails      int // how many of them, the last, are not to hold
		want       string
	}{
		"nothing is asked of a key":                 {classes.Options{}, nil, 0, "[x]"},
		"nothing is asked of a key with two values": {classes.Options{Present: true}, nil, 0, "[x]"},
		"one text":                                          {one, []classes.Condition{is("StringEquals", "a")}, 0, "[a]"},
		"any text but one":                                  {one, []classes.Condition{is("StringEquals", "x")}, 1, "[y]"},
		"two texts":                                         {one, []classes.Condition{is("StringEquals", "a"), is("StringEquals", "b")}, 0, "none [0 1]"},
		"two texts, and what has no part in it":             {one, []classes.Condition{is("StringEquals", "a"), is("StringLike", "*"), is("StringEquals", "b")}, 0, "none [0 2]"},
		"a text and not its beginning":                      {one, []classes.Condition{is("StringEquals", "ab"), is("StringLike", "a*")}, 1, "none [0 1]"},
		"a key that is there and absent":                    {one, []classes.Condition{is("Null", "true")}, 0, "none [0]"},
		"a key that may be absent":                          {classes.Options{}, []classes.Condition{is("Null", "true")}, 0, "[]"},
		"a key that is not there, and not absent":           {classes.Options{Single: true}, []classes.Condition{is("Null", "true"), is("Null", "false")}, 0, "none [0 1]"},
		"an absent key, and its text":                       {classes.Options{}, []classes.Condition{is("Null", "true"), is("StringEquals", "a")}, 0, "none [0 1]"},
		"an absent key, which has not a text":               {classes.Options{}, []classes.Condition{is("Null", "true"), is("StringEquals", "a")}, 1, "[]"},
		"a text, or the absent key":                         {classes.Options{}, []classes.Condition{is("Null", "true"), is("StringEqualsIfExists", "a")}, 0, "[]"},
		"two of two values":                                 {classes.Options{}, []classes.Condition{is("ForAnyValue:StringEquals", "a"), is("ForAnyValue:StringEquals", "b")}, 0, "[a b]"},
		"two of one value":                                  {one, []classes.Condition{is("ForAnyValue:StringEquals", "a"), is("ForAnyValue:StringEquals", "b")}, 0, "none [0 1]"},
		"three of three values":                             {always, []classes.Condition{is("ForAnyValue:StringEquals", "a"), is("ForAnyValue:StringEquals", "b"), is("ForAnyValue:StringEquals", "c")}, 0, "[a b c]"},
		"all, and one of others":                            {always, []classes.Condition{is("ForAllValues:StringEquals", "a"), is("ForAnyValue:StringEquals", "b")}, 0, "none [0 1]"},
		"all of two, and each of them":                      {always, []classes.Condition{is("ForAllValues:StringEquals", "a", "b"), is("ForAnyValue:StringEquals", "a"), is("ForAnyValue:StringEquals", "b")}, 0, "[a b]"},
		"not all, and one":                                  {always, []classes.Condition{is("ForAnyValue:StringEquals", "a"), is("ForAllValues:StringEquals", "a")}, 1, "[a x]"},
		"not one, and not all others":                       {always, []classes.Condition{is("ForAnyValue:StringEquals", "a"), is("ForAllValues:StringNotEquals", "a")}, 2, "none [0 1]"},
		"a key with two values, compared as if it had one":  {always, []classes.Condition{is("ForAnyValue:StringEquals", "a"), is("ForAnyValue:StringEquals", "b"), is("StringEquals", "a")}, 0, "none [0 1 2]"},
		"a key with two values, that is compared with none": {always, []classes.Condition{is("ForAnyValue:StringEquals", "a"), is("ForAnyValue:StringEquals", "b"), is("StringEquals", "a")}, 1, "[a b]"},
		"a key with two values, that is there":              {always, []classes.Condition{is("ForAnyValue:StringEquals", "a"), is("ForAnyValue:StringEquals", "b"), is("Null", "false")}, 0, "[a b]"},
		"a key with two values, that is absent":             {always, []classes.Condition{is("ForAnyValue:StringEquals", "a"), is("ForAnyValue:StringEquals", "b"), is("Null", "true")}, 0, "none [2]"},
		"two numbers":                                       {one, []classes.Condition{is("NumericEquals", "1"), is("NumericEquals", "2")}, 0, "none [0 1]"},
		"two numbers, and any text":                         {one, []classes.Condition{is("NumericEquals", "1"), is("NumericEquals", "2"), is("StringLike", "*")}, 0, "none [0 1]"},
		"a number that is a date":                           {one, []classes.Condition{is("NumericGreaterThan", "1"), is("DateEquals", "2026-01-15T00:00:00Z"), is("Bool", "true")}, 0, "not known"},
		"a number and no date":                              {one, []classes.Condition{is("NumericEquals", "0.5"), is("DateGreaterThan", "2030-01-01T00:00:00Z")}, 1, "[0.5]"},
		"two values with one number":                        {always, []classes.Condition{is("ForAllValues:NumericEquals", "7"), is("ForAnyValue:NumericEquals", "7")}, 0, "[7]"},
		"true and false":                                    {always, []classes.Condition{is("ForAnyValue:Bool", "true"), is("ForAnyValue:Bool", "false")}, 0, "[true false]"},
		"a pattern is no truth value":                       {one, []classes.Condition{is("Bool", "tru*")}, 0, "none [0]"},
		"a number written in two ways":                      {one, []classes.Condition{is("NumericEquals", "1.0"), is("StringEquals", "1")}, 0, "[1]"},
		"one of the values that there are":                  {classes.Options{Single: true, Present: true, Only: []string{"a", "b"}}, []classes.Condition{is("StringEquals", "a")}, 1, "[b]"},
		"none of the values that there are":                 {classes.Options{Single: true, Present: true, Only: []string{"a", "b"}}, []classes.Condition{is("StringEquals", "c")}, 0, "none [0]"},
		"two of the values that there are":                  {classes.Options{Present: true, Only: []string{"a", "b"}}, []classes.Condition{is("ForAnyValue:StringEquals", "a"), is("ForAllValues:StringEquals", "a")}, 1, "[a b]"},
		"two of the one value that there is":                {classes.Options{Present: true, Only: []string{"a"}}, []classes.Condition{is("ForAnyValue:StringEquals", "a"), is("ForAllValues:StringEquals", "a")}, 1, "none [0 1]"},
		"an ARN that holds a variable":                      {one, []classes.Condition{is("ArnLike", "arn:*:*:*:*:*"), is("StringEquals", "arn:a:b:c:d:${*}{x")}, 0, "[arn:a:b:c:d:*{x]"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, slow := range []bool{false, true} {
				c.options.Slow = slow
				k, err := classes.NewKey(c.conditions, c.options)
				require.NoError(t, err)
				var holds, fails []int
				for i := range c.conditions {
					if i < len(c.conditions)-c.fails {
						holds = append(holds, i)
					} else {
						fails = append(fails, i)
					}
				}
				values, a, core := k.Find(holds, fails)
				got := "not known"
				switch a {
				case classes.Found:
					var texts []string
					for _, w := range values {
						text, ok := w.Text()
						require.True(t, ok)
						texts = append(texts, text)
					}
					got = fmt.Sprint(texts)
					for _, i := range holds {
						assert.True(t, k.Holds(i, values, true))
					}
					for _, i := range fails {
						assert.False(t, k.Holds(i, values, false))
					}
				case classes.None:
					got = fmt.Sprint("none ", core)
				}
				if slow { // other values may be found, and more that excludes them
					assert.Equal(t, strings.HasPrefix(c.want, "none"), a == classes.None)
					continue
				}
				assert.Equal(t, c.want, got)
			}
		})
	}
}
