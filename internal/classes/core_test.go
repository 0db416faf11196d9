package classes_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/pattern"
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
		"a value with a variable, of an ARN":                {classes.Options{Single: true, Present: true, Only: []string{"${a", "b"}}, []classes.Condition{is("ArnLike", "*:*:*:*:*:*")}, 1, "[b]"},
		"a value with a variable, of no ARN":                {classes.Options{Single: true, Present: true, Only: []string{"${a", "b"}}, []classes.Condition{is("StringEquals", "c")}, 1, "[${a]"},
		"two dates after one":                               {always, []classes.Condition{is("ForAllValues:DateGreaterThan", "2026-01-15T00:00:00Z"), is("StringEquals", "a")}, 1, "[2026-01-16T00:00:00Z]"},
		"two dates after one, one of which is not that":     {always, []classes.Condition{is("ForAnyValue:DateGreaterThan", "2026-01-15T00:00:00Z"), is("ForAllValues:DateGreaterThan", "2026-01-15T00:00:00Z"), is("ForAllValues:StringNotEquals", "2026-01-16T00:00:00Z")}, 0, "[2026-01-15T00:00:01Z]"},
		"a date before one, and not the first that is":      {one, []classes.Condition{is("DateLessThan", "2026-01-15T00:00:00Z"), is("StringNotEquals", "2026-01-14T00:00:00Z")}, 0, "[2026-01-14T23:59:59.5Z]"},
		"a text with a variable that is no ARN":             {one, []classes.Condition{is("StringLike", "${$}{*x")}, 0, "[${x]"},
		"an ARN is not asked for with a variable in it":     {one, []classes.Condition{is("ArnLike", "a:b:c:d:e:${$}{x")}, 0, "none [0]"},
		"a truth value with a variable that has none":       {one, []classes.Condition{is("Bool", "${aws:username}true")}, 0, "none [0]"},
		"a truth value with two, of which one has":          {one, []classes.Condition{is("Bool", "${aws:username}${b, 'true'}")}, 0, "none [0]"},
		"a truth value that is a default":                   {one, []classes.Condition{is("Bool", "${b, 'true'}")}, 0, "[true]"},
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

// The clauses that are named exclude everything, and no more are named than were looked
// at to see it: those that excluded one text before come first.
func TestTheClausesThatExcludeEachOther(t *testing.T) {
	for name, c := range map[string]struct {
		clauses []string // with a "-" before one of which none is to match
		want    string
	}{
		"nothing to choose from":                        {[]string{"a", "-"}, "found a"},
		"two texts":                                     {[]string{"a", "b"}, "[0 1]"},
		"a text that the first clause excludes":         {[]string{"-a", "a", "-a"}, "[0 1]"},
		"two texts, one clause for both":                {[]string{"a|b", "-b|x", "-a|b"}, "[0 2]"},
		"two texts, a clause for each":                  {[]string{"-z", "a|b", "-a", "-y", "-b"}, "[1 2 4]"},
		"a pattern, one clause for all of it":           {[]string{"-z", "a*", "-b", "-*"}, "[1 3]"},
		"a pattern, two clauses that only together do":  {[]string{"-z", "a*b|c", "-a*", "-c"}, "[1 2 3]"},
		"what all clauses together exclude":             {[]string{"?", "*a|*b", "-a", "-b", "-cc"}, "[0 1 2 3]"},
		"a clause that has no part in it is left out":   {[]string{"?", "*a|*b", "-a", "-b", "*"}, "[0 1 2 3]"},
		"a clause that the anchor decides is left out":  {[]string{"a?", "-ab*|ac", "-*", "a*"}, "[0 2]"},
		"nothing is asked for, and everything excluded": {[]string{"-a", "-*"}, "[1]"},
		"nothing can match":                             {[]string{"a|b", "!"}, "[1]"},
	} {
		t.Run(name, func(t *testing.T) {
			var q classes.Question
			for _, written := range c.clauses {
				if written == "!" {
					q.Clauses = append(q.Clauses, classes.Clause{})
					continue
				}
				text, none := strings.CutPrefix(written, "-")
				q.Clauses = append(q.Clauses, clause(t, pattern.Text, text, none, classes.Reading{}))
			}
			w, a, core := q.Find(nil)
			got := fmt.Sprint(core)
			if a == classes.Found {
				got = "found " + string(w)
			}
			assert.Equal(t, c.want, got)
		})
	}
}

func TestConditionsThatCanNotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		condition classes.Condition
		want      string
	}{
		"no operator":                          {classes.Condition{}, "a condition needs an operator"},
		"a variable without end in a text":     {condition(t, "StringLike", "${a"), "missing brace"},
		"a variable without end in a truth":    {condition(t, "Bool", "${a"), "missing brace"},
		"a variable without end in an ARN":     {condition(t, "ArnLike", "a:b:c:d:e:${a"), "missing brace"},
		"a variable without end in IgnoreCase": {condition(t, "StringEqualsIgnoreCase", "${a"), "missing brace"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := classes.NewKey([]classes.Condition{condition(t, "StringLike", "a"), c.condition}, classes.Options{})
			require.ErrorContains(t, err, c.want)
			_, err = classes.Of([]classes.Condition{c.condition}, classes.Options{})
			require.ErrorContains(t, err, c.want)
		})
	}
}
