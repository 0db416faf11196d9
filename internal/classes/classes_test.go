package classes_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

func condition(t require.TestingT, operator string, values ...string) classes.Condition {
	op, err := policy.ParseOperator(operator)
	require.NoError(t, err)
	return classes.Condition{Condition: policy.Condition{Operator: op, Key: "example:k", Values: values}, Variables: true}
}

func TestOf(t *testing.T) {
	for name, c := range map[string]struct {
		conditions []classes.Condition
		options    classes.Options
		want       []string
	}{
		"one condition has two classes": {
			[]classes.Condition{condition(t, "StringEquals", "a")}, classes.Options{},
			[]string{"[a] [true]", "[x] [false]"}},
		"what contradicts itself has fewer": {
			[]classes.Condition{condition(t, "StringEquals", "a"), condition(t, "StringLike", "b*")}, classes.Options{},
			[]string{"[a] [true false]", "[b] [false true]", "[x] [false false]"}},
		"an absent key is a class of its own": {
			[]classes.Condition{condition(t, "StringNotEquals", "a"), condition(t, "Null", "true")}, classes.Options{},
			[]string{"[] [true true]", "[x] [true false]", "[a] [false false]"}},
		"unless the key is always there": {
			[]classes.Condition{condition(t, "StringNotEquals", "a"), condition(t, "Null", "true")}, classes.Options{Present: true},
			[]string{"[x] [true false]", "[a] [false false]"}},
		"several values can do what one cannot": {
			[]classes.Condition{condition(t, "ForAnyValue:StringEquals", "a"), condition(t, "ForAnyValue:StringEquals", "b")}, classes.Options{},
			[]string{"[a b] [true true]", "[a] [true false]", "[b] [false true]", "[x] [false false]"}},
		"unless the key has one": {
			[]classes.Condition{condition(t, "ForAnyValue:StringEquals", "a"), condition(t, "ForAnyValue:StringEquals", "b")}, classes.Options{Single: true},
			[]string{"[a] [true false]", "[b] [false true]", "[x] [false false]"}},
		"only some values": {
			[]classes.Condition{condition(t, "Bool", "true")}, classes.Options{Only: []string{"true", "false"}, Present: true},
			[]string{"[true] [true]", "[false] [false]"}},
		"a variable with a value": {
			[]classes.Condition{condition(t, "StringEquals", "${aws:username}")},
			classes.Options{Present: true, Bind: func(pattern.Variable) classes.Binding { return classes.Binding{Text: "al*"} }},
			[]string{"[al*] [true]", "[x] [false]"}},
		"a variable without value": {
			[]classes.Condition{condition(t, "StringNotEquals", "${aws:username}")}, classes.Options{Present: true},
			[]string{"[x] [true]", "[x y] [false]"}},
		"a default": {
			[]classes.Condition{condition(t, "StringEquals", "${aws:username, 'nobody'}")}, classes.Options{Present: true, Single: true},
			[]string{"[nobody] [true]", "[x] [false]"}},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := classes.Of(c.conditions, c.options)
			require.NoError(t, err)
			var got []string
			for _, class := range list {
				got = append(got, fmt.Sprint(class.Values, " ", class.Holds)) // no text here is empty
				assert.NotContains(t, class.Values, "")
			}
			assert.Equal(t, c.want, got)
		})
	}
}

// Constants, what is between two of them and what is beyond them have values, if the
// type has any there; those that read well come first.
func TestEveryGapBetweenConstantsHasAValue(t *testing.T) {
	for name, c := range map[string]struct {
		conditions []classes.Condition
		want       string
	}{
		"before a day and after another":             {[]classes.Condition{condition(t, "DateLessThan", "2030-01-01T00:00:00Z"), condition(t, "DateGreaterThan", "2031-01-01T00:00:00Z")}, "2029-12-31T00:00:00Z[true false] 2031-01-02T00:00:00Z[false true] 2030-01-01T00:00:00Z[false false]"},
		"between two parts of a second":              {[]classes.Condition{condition(t, "DateGreaterThan", "2026-01-15T00:00:00.5Z"), condition(t, "DateLessThan", "2026-01-15T00:00:01Z")}, "2026-01-15T00:00:00.75Z[true true] 2026-01-15T00:00:01Z[true false] 2026-01-15T00:00:00.5Z[false true] x[false false]"},
		"between two seconds":                        {[]classes.Condition{condition(t, "DateGreaterThan", "2026-01-15T00:00:00Z"), condition(t, "DateLessThan", "2026-01-15T00:00:01Z")}, "2026-01-15T00:00:00.5Z[true true] 2026-01-15T00:00:01Z[true false] 2026-01-15T00:00:00Z[false true] x[false false]"},
		"a whole second in the middle":               {[]classes.Condition{condition(t, "DateGreaterThan", "2026-01-15T00:00:00.5Z"), condition(t, "DateLessThan", "2026-01-15T00:00:03.5Z")}, "2026-01-15T00:00:02Z[true true] 2026-01-15T00:00:03.5Z[true false] 2026-01-15T00:00:00.5Z[false true] x[false false]"},
		"a whole second behind the middle":           {[]classes.Condition{condition(t, "DateGreaterThan", "2026-01-15T00:00:00.5Z"), condition(t, "DateLessThan", "2026-01-15T00:00:01.25Z")}, "2026-01-15T00:00:01Z[true true] 2026-01-15T00:00:01.25Z[true false] 2026-01-15T00:00:00.5Z[false true] x[false false]"},
		"after all days that have a text":            {[]classes.Condition{condition(t, "DateGreaterThan", "9999-12-31T12:00:00Z")}, "253402344000[true] 9999-12-31T12:00:00Z[false]"},
		"before the first day of a calendar":         {[]classes.Condition{condition(t, "DateLessThan", "0001-01-01T00:00:00Z")}, "0000-12-31T00:00:00Z[true] 0001-01-01T00:00:00Z[false]"},
		"the last second there is":                   {[]classes.Condition{condition(t, "DateGreaterThan", "9223372036854775806")}, "9223372036854775807[true] 9223372036854775806[false]"},
		"after the last second there is":             {[]classes.Condition{condition(t, "DateGreaterThan", "9223372036854775807")}, "9223372036854775807[false]"},
		"before the first part of a second there is": {[]classes.Condition{condition(t, "DateLessThan", "0000-01-01T00:00:00.5+23:59")}, "0000-01-01T00:00:00+23:59[true] 0000-01-01T00:00:00.5+23:59[false]"},
		"a date that is none":                        {[]classes.Condition{condition(t, "DateEquals", "soon")}, "2026-01-01T00:00:00Z[false]"},
		"below a number and above another":           {[]classes.Condition{condition(t, "NumericLessThan", "1"), condition(t, "NumericGreaterThan", "1.5")}, "0[true false] 2.5[false true] 1[false false]"},
		"between two numbers":                        {[]classes.Condition{condition(t, "NumericGreaterThan", "1"), condition(t, "NumericLessThan", "1.5")}, "1.25[true true] 1.5[true false] 1[false true] x[false false]"},
		"between two numbers, the larger one first":  {[]classes.Condition{condition(t, "NumericLessThan", "1.5"), condition(t, "NumericGreaterThan", "1")}, "1.25[true true] 1[true false] 1.5[false true] x[false false]"},
		"one number written twice":                   {[]classes.Condition{condition(t, "NumericEquals", "1", "1.0")}, "1[true] 0[false]"},
		"no number":                                  {[]classes.Condition{condition(t, "NumericEquals")}, "1[false]"},
		"a network":                                  {[]classes.Condition{condition(t, "IpAddress", "203.0.113.0/24")}, "203.0.113.1[true] 203.0.112.255[false]"},
		"one address":                                {[]classes.Condition{condition(t, "IpAddress", "203.0.113.7/32")}, "203.0.113.7[true] 203.0.113.6[false]"},
		"the first and the last of a network":        {[]classes.Condition{condition(t, "IpAddress", "203.0.113.0/24"), condition(t, "IpAddress", "203.0.113.0/32", "203.0.113.255/32")}, "203.0.113.0[true true] 203.0.113.1[true false] 203.0.112.255[false false]"},
		"the half of a network":                      {[]classes.Condition{condition(t, "IpAddress", "2001:db8::/64"), condition(t, "NotIpAddress", "2001:db8::/65")}, "2001:db8::ffff:ffff:ffff:ffff[true true] 2001:db8::1[true false] 2001:db7:ffff:ffff:ffff:ffff:ffff:ffff[false true]"},
		"all of both families":                       {[]classes.Condition{condition(t, "IpAddress", "0.0.0.0/0"), condition(t, "IpAddress", "::/0")}, "0.0.0.1[true false] ::1[false true] x[false false]"},
		"what three networks leave":                  {[]classes.Condition{condition(t, "IpAddress", "0.0.0.0/1"), condition(t, "IpAddress", "128.0.0.0/2"), condition(t, "NotIpAddress", "192.0.0.0/2")}, "0.0.0.1[true false true] 128.0.0.0[false true true] 2001:db8::1[false false true] 192.0.0.0[false false false]"},
		"no address":                                 {[]classes.Condition{condition(t, "IpAddress")}, "203.0.113.10[false]"},
		"neither true nor false":                     {[]classes.Condition{condition(t, "Bool", "true"), condition(t, "Bool", "false")}, "true[true false] false[false true] x[false false]"},
		"bytes, and others":                          {[]classes.Condition{condition(t, "BinaryEquals", "QQ==")}, "QQ==[true] x[false]"},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := classes.Of(c.conditions, classes.Options{Present: true, Single: true})
			require.NoError(t, err)
			var got []string
			for _, class := range list {
				got = append(got, strings.Join(class.Values, ",")+fmt.Sprint(class.Holds))
			}
			assert.Equal(t, c.want, strings.Join(got, " "))
		})
	}
}

// Text and numbers together: what texts exclude nothing can be, and what they leave
// may be a number of the right size.
func TestFindAmongTextsAndNumbers(t *testing.T) {
	for name, c := range map[string]struct {
		conditions []classes.Condition
		want       classes.Answer
		value      string
	}{
		"texts that exclude each other":   {[]classes.Condition{condition(t, "NumericGreaterThan", "5"), condition(t, "StringLike", "7*"), condition(t, "StringLike", "8*")}, classes.None, ""},
		"numbers that exclude each other": {[]classes.Condition{condition(t, "NumericGreaterThan", "5"), condition(t, "NumericLessThan", "4"), condition(t, "StringLike", "*7*")}, classes.None, ""},
		"a constant that is such a text":  {[]classes.Condition{condition(t, "NumericGreaterThanEquals", "50"), condition(t, "StringLike", "5*")}, classes.Found, "50"},
		"a text that is such a number":    {[]classes.Condition{condition(t, "NumericGreaterThan", "5"), condition(t, "StringEquals", "71")}, classes.Found, "71"},
		"a text that is none":             {[]classes.Condition{condition(t, "NumericGreaterThan", "5"), condition(t, "StringEquals", "abc")}, classes.NotKnown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			k, err := classes.NewKey(c.conditions, classes.Options{Single: true, Present: true})
			require.NoError(t, err)
			all := make([]int, len(c.conditions))
			for i := range all {
				all[i] = i
			}
			values, a, core := k.Find(all, nil)
			require.Equal(t, c.want, a)
			switch a {
			case classes.Found:
				text, _ := values[0].Text()
				assert.Equal(t, c.value, text)
			case classes.None:
				least, _, _ := k.Find(core, nil)
				assert.Nil(t, least)
				assert.Len(t, core, 2, "the third has no part in it")
			}
		})
	}
}

func TestALetterIsLeftWherePatternsNameAllOfASCII(t *testing.T) {
	named := []string{"", "${*}*", "${?}*", "${$}*"}
	for r := range rune(0x80) {
		if !strings.ContainsRune("*?$", r) {
			named = append(named, string(r)+"*")
		}
	}
	for _, more := range [][]string{nil, {"é*", "ü*"}} {
		list, err := classes.Of([]classes.Condition{condition(t, "StringLike", append(more, named...)...)}, classes.Options{Present: true, Single: true})
		require.NoError(t, err)
		require.Len(t, list, 2)
		assert.Equal(t, []bool{false}, list[1].Holds)
		assert.Greater(t, list[1].Values[0], "\u00ff")
	}
}

func TestOfSaysWhereItCannotKnow(t *testing.T) {
	mixed := []classes.Condition{
		condition(t, "NumericGreaterThan", "5"), condition(t, "StringLike", "0*1?"), condition(t, "StringNotLike", "*.*"),
	}
	_, err := classes.Of(mixed, classes.Options{})
	require.ErrorIs(t, err, classes.ErrBudget)

	var many []classes.Condition
	for i := range 10 {
		many = append(many, condition(t, "StringLike", fmt.Sprintf("*%c*", 'a'+i)))
	}
	list, err := classes.Of(many, classes.Options{Budget: &classes.Budget{States: 50}})
	require.ErrorIs(t, err, classes.ErrBudget)
	assert.Less(t, len(list), 1<<10)

	list, err = classes.Of(many[:3], classes.Options{Budget: &classes.Budget{States: 300}})
	require.ErrorIs(t, err, classes.ErrBudget)
	assert.NotEmpty(t, list, "what was found is returned all the same")

	_, err = classes.Of([]classes.Condition{condition(t, "StringEquals", "${")}, classes.Options{})
	require.ErrorContains(t, err, "missing brace")
}

// A pattern means the same here as in package arn, in all three languages.
func TestPatternsAreThoseOfPackageArn(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "b", "*", "?", ":", "::", "a*", "*b", "x", "${*}", "é"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pattern"), "")
		language := rapid.SampledFrom([]pattern.Language{pattern.Text, pattern.Resource, pattern.Operator}).Draw(t, "language")
		if language != pattern.Text && rapid.Bool().Draw(t, "arn") {
			text = "arn:" + text
			for strings.Count(text, ":") < 5 {
				text += rapid.SampledFrom([]string{":", ":a", ":*", ":a?"}).Draw(t, "field")
			}
		}
		want, err := pattern.Compile(language, text, pattern.Options{Variables: true})
		if err != nil {
			t.Skip("no pattern")
		}
		p, err := classes.Compile(language, text, classes.Reading{Variables: true})
		require.NoError(t, err)
		for _, subject := range append(rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("ab:x*é")), 0, 8, -1), 6, 6).Draw(t, "texts"),
			"arn:a:b:x:a:b", "arn:a:a::b", "arn:a:a:::b", "arn:::::", "*", "arn:a:b:x:a:b:c", text, strings.NewReplacer("*", "x", "?", "b", "${*}", "*").Replace(text)) {
			if strings.Contains(subject, "${") || language == pattern.Resource && subject != "*" && !strings.HasPrefix(subject, "arn:") {
				continue
			}
			if language == pattern.Resource && subject == "*" && strings.Trim(text, "?*") == "" && strings.Contains(text, "?") {
				continue // no policy has such a Resource
			}
			exact := classes.Exactly(subject)
			q := classes.Question{Clauses: []classes.Clause{{Patterns: []*classes.Pattern{&p}}, {Patterns: []*classes.Pattern{&exact}}}}
			for _, slow := range []bool{false, true} {
				q.Slow = slow
				_, a, _ := q.Find(nil)
				require.Equal(t, want.Match(subject), a == classes.Found, "%v %q on %q, slow %v", language, text, subject, slow)
			}
		}
	})
}

// What is found fulfils the question, what is not found is in no text that can
// be tried, and the core alone is enough to exclude everything.
func TestFind(t *testing.T) {
	world := words("ab:x", 5)
	pattern := rapid.Custom(func(t *rapid.T) classes.Pattern {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("ab*?:")), 0, 5, -1).Draw(t, "pattern")
		p, err := classes.Compile(pattern.Text, text, classes.Reading{})
		require.NoError(t, err)
		return p
	})
	matches := func(c classes.Clause, w string) bool { return c.Holds(classes.Word(w)) }
	rapid.Check(t, func(t *rapid.T) {
		var q classes.Question
		for range rapid.IntRange(1, 5).Draw(t, "clauses") {
			c := classes.Clause{None: rapid.Bool().Draw(t, "none")}
			for _, p := range rapid.SliceOfN(pattern, 1, 3).Draw(t, "patterns") {
				c.Patterns = append(c.Patterns, &p)
			}
			q.Clauses = append(q.Clauses, c)
		}
		word, a, core := q.Find(nil)
		q.Slow = true
		_, b, _ := q.Find(nil)
		require.Equal(t, a, b, "without short cuts")
		if a == classes.Found {
			text, ok := word.Text()
			require.True(t, ok)
			for _, c := range q.Clauses {
				require.True(t, matches(c, text), "%q", text)
			}
			return
		}
		require.Equal(t, classes.None, a)
		for _, w := range world {
			all := true
			for _, i := range core {
				all = all && matches(q.Clauses[i], w)
			}
			require.False(t, all, "%q fulfils the core", w)
		}
	})
}

func FuzzFind(f *testing.F) {
	f.Add("a*", "*b", "a?b")
	f.Add("arn:aws:s3:::*", "arn:*:s3:::b", "*")
	f.Add("*a*b*", "*b*a*", "?*")
	f.Fuzz(func(t *testing.T, yes, also, no string) {
		if len(yes)+len(also)+len(no) > 60 {
			return
		}
		var list []*classes.Pattern
		var plain []pattern.Pattern
		for _, text := range []string{yes, also, no} {
			want, err := pattern.Compile(pattern.Text, text, pattern.Options{})
			if err != nil {
				return
			}
			p, err := classes.Compile(pattern.Text, text, classes.Reading{})
			require.NoError(t, err)
			list, plain = append(list, &p), append(plain, want)
		}
		q := classes.Question{Clauses: []classes.Clause{{Patterns: list[:1]}, {Patterns: list[1:2]}, {Patterns: list[2:], None: true}}}
		word, a, _ := q.Find(&classes.Budget{States: 1 << 14})
		if a != classes.Found {
			return
		}
		text, _ := word.Text()
		assert.True(t, plain[0].Match(text) && plain[1].Match(text) && !plain[2].Match(text), "%q for %q, %q, not %q", text, yes, also, no)
	})
}
