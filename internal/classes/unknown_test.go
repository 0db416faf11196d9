package classes_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/pattern"
)

// unknown binds v and w to values that are not known, of which those of w hold no
// colon.
func unknown(v pattern.Variable) classes.Binding {
	if v.Key == "w" {
		return classes.Binding{Symbol: classes.Symbol(1, true)}
	}
	return classes.Binding{Symbol: classes.Symbol(0, false)}
}

func TestQuestionsAboutValuesThatAreNotKnown(t *testing.T) {
	folding := classes.Reading{Variables: true, Bind: unknown, FoldASCII: true}
	exact := classes.Reading{Variables: true, Bind: unknown}
	for name, c := range map[string]struct {
		language pattern.Language
		reading  classes.Reading
		yes, no  []string
		want     classes.Answer
	}{
		"a value and not that value":                        {pattern.Text, exact, []string{"${v}"}, []string{"${v}"}, classes.None},
		"the same of any case":                              {pattern.Text, folding, []string{"${v}"}, []string{"${v}"}, classes.None},
		"a value and not another one":                       {pattern.Text, exact, []string{"${v}"}, []string{"${w}"}, classes.Found},
		"two values may be the same":                        {pattern.Text, exact, []string{"${v}", "${w}"}, nil, classes.Found},
		"what begins with a value, and not with it":         {pattern.Text, exact, []string{"${v}/a"}, []string{"${v}/*"}, classes.None},
		"what begins with a value, and with it and a":       {pattern.Text, exact, []string{"${v}/a"}, []string{"${v}/b*"}, classes.Found},
		"what follows one value cannot be two things":       {pattern.Text, exact, []string{"${v}/a*", "${v}/b*"}, nil, classes.None},
		"the literal beginning counts":                      {pattern.Text, exact, []string{"a${v}", "b*"}, nil, classes.None},
		"the literal end counts":                            {pattern.Text, exact, []string{"${v}a"}, []string{"*a"}, classes.None},
		"a value may be what a pattern asks for":            {pattern.Text, exact, []string{"a${v}", "ab?c"}, nil, classes.Found},
		"a value may be a part of what a pattern asks for":  {pattern.Text, exact, []string{"${v}?*", "ab"}, nil, classes.Found},
		"or of one of several":                              {pattern.Text, exact, []string{"${v}?*", "ab|cd", "?d"}, nil, classes.Found},
		"a value may be nothing":                            {pattern.Text, exact, []string{"a${v}b", "ab"}, nil, classes.Found},
		"what two values may take together":                 {pattern.Text, exact, []string{"${v}x${w}", "axb"}, nil, classes.Found},
		"a value with colon may":                            {pattern.Text, exact, []string{"${v}", "*:*"}, nil, classes.Found},
		"colons before and behind it":                       {pattern.Text, exact, []string{"a:${w}:b"}, []string{"*:*:*"}, classes.None},
		"a value in a part of an ARN":                       {pattern.Operator, exact, []string{"a:b:c:d:${w}:e"}, []string{"a:b:c:d:*:e"}, classes.None},
		"a value in a part and another ARN":                 {pattern.Operator, exact, []string{"a:b:c:d:${w}:e", "a:x:*:*:*:*"}, nil, classes.None},
		"a value that is all of an ARN may be any":          {pattern.Operator, exact, []string{"${v}", "a:b:c:d:e:f"}, nil, classes.Found},
		"and another one":                                   {pattern.Operator, exact, []string{"a:b:c:d:e:f"}, []string{"${v}"}, classes.Found},
		"one of several that is excluded, and one that not": {pattern.Text, exact, []string{"${v}|a"}, []string{"${v}"}, classes.Found},
		"several that are excluded one by one":              {pattern.Text, exact, []string{"${v}a|${v}b"}, []string{"${v}a", "${v}b"}, classes.None},
	} {
		t.Run(name, func(t *testing.T) {
			q := classes.Question{NoBraces: true}
			for _, text := range c.yes {
				q.Clauses = append(q.Clauses, clause(t, c.language, text, false, c.reading))
			}
			for _, text := range c.no {
				q.Clauses = append(q.Clauses, clause(t, c.language, text, true, c.reading))
			}
			_, a, core := q.Find(&classes.Budget{States: 1 << 16})
			require.Equal(t, c.want, a)
			if c.want != classes.None {
				return
			}
			least := classes.Question{NoBraces: true}
			for _, i := range core {
				least.Clauses = append(least.Clauses, q.Clauses[i])
			}
			_, a, _ = least.Find(nil)
			assert.Equal(t, classes.None, a, "the core %v excludes everything, too", core)
		})
	}
}

// Where some values of the variables leave a text, a question that does not know
// them does not say that there is none.
func TestValuesThatAreNotKnownHideNothing(t *testing.T) {
	world := words("ab:", 4)
	values := map[string][]string{"v": {"", "a", "b", "ab", "a:", ":b", "b:a"}, "w": {"", "a", "b", "ba", "B"}}
	pieces := rapid.SampledFrom([]string{"a", "b", ":", "*", "?", "${v}", "${w}", "${v}", "A"})
	rapid.Check(t, func(t *rapid.T) {
		r := classes.Reading{Variables: true, FoldASCII: rapid.Bool().Draw(t, "fold")}
		type written struct {
			texts []string
			none  bool
		}
		var question []written
		for range rapid.IntRange(1, 3).Draw(t, "clauses") {
			c := written{none: rapid.IntRange(0, 2).Draw(t, "none") == 0}
			for range rapid.IntRange(1, 2).Draw(t, "patterns") {
				text := ""
				for _, piece := range rapid.SliceOfN(pieces, 1, 4).Draw(t, "pattern") {
					text += piece
				}
				c.texts = append(c.texts, text)
			}
			question = append(question, c)
		}
		compiled := func(bind classes.Binder) []classes.Clause {
			r.Bind = bind
			var list []classes.Clause
			for _, c := range question {
				one := classes.Clause{None: c.none}
				for _, text := range c.texts {
					p, err := classes.Compile(pattern.Text, text, r)
					require.NoError(t, err)
					one.Patterns = append(one.Patterns, &p)
				}
				list = append(list, one)
			}
			return list
		}
		q := classes.Question{Clauses: compiled(unknown)}
		if _, a, _ := q.Find(nil); a != classes.None {
			return
		}
		for _, v := range values["v"] {
			for _, w := range values["w"] {
				clauses := compiled(func(of pattern.Variable) classes.Binding {
					return classes.Binding{Text: map[string]string{"v": v, "w": w}[of.Key]}
				})
				for _, text := range world {
					all := true
					for i := range clauses {
						all = all && clauses[i].Holds(classes.Word(text))
					}
					require.False(t, all, "%q for %v with v %q and w %q", text, question, v, w)
				}
			}
		}
	})
}

func TestConditionsOnValuesThatAreNotKnown(t *testing.T) {
	for name, c := range map[string]struct {
		holds, fails []classes.Condition
		want         classes.Answer
	}{
		"a value and not that value":               {[]classes.Condition{condition(t, "StringEquals", "${v}")}, []classes.Condition{condition(t, "StringEquals", "${v}")}, classes.None},
		"a value, and its negation":                {[]classes.Condition{condition(t, "StringEquals", "${v}"), condition(t, "StringNotEquals", "${v}")}, nil, classes.None},
		"a value and another one":                  {[]classes.Condition{condition(t, "StringEquals", "${v}")}, []classes.Condition{condition(t, "StringEquals", "${w}")}, classes.Found},
		"a value of any case, and that very value": {[]classes.Condition{condition(t, "StringEquals", "${v}")}, []classes.Condition{condition(t, "StringEqualsIgnoreCase", "${v}")}, classes.None},
		"a value of any case, but not that one":    {[]classes.Condition{condition(t, "StringEqualsIgnoreCase", "${v}")}, []classes.Condition{condition(t, "StringEquals", "${v}")}, classes.Found},
		"a truth value may be either":              {[]classes.Condition{condition(t, "Bool", "${v}")}, []classes.Condition{condition(t, "Bool", "true")}, classes.Found},
		"and not that one":                         {[]classes.Condition{condition(t, "Bool", "true")}, []classes.Condition{condition(t, "Bool", "${v}")}, classes.Found},
		"a truth value that is known in parts":     {[]classes.Condition{condition(t, "Bool", "tr${v}")}, nil, classes.Found},
	} {
		t.Run(name, func(t *testing.T) {
			k, err := classes.NewKey(append(c.holds, c.fails...), classes.Options{Single: true, Present: true, Bind: unknown})
			require.NoError(t, err)
			var holds, fails []int
			for i := range c.holds {
				holds = append(holds, i)
			}
			for i := range c.fails {
				fails = append(fails, len(c.holds)+i)
			}
			_, a, core := k.Find(holds, fails)
			if c.want == classes.Found {
				assert.NotEqual(t, classes.None, a)
				return
			}
			assert.Equal(t, c.want, a)
			assert.Len(t, core, len(holds)+len(fails))
		})
	}
	k, err := classes.NewKey([]classes.Condition{condition(t, "Bool", "${v}"), condition(t, "Bool", "true"), condition(t, "StringLike", "${w}*"), condition(t, "Null", "true")}, classes.Options{Bind: unknown})
	require.NoError(t, err)
	for i, want := range []bool{true, false, true, false} {
		assert.Equal(t, want, k.HasSymbol(i), "condition %d", i)
	}
}

// A value that is at hand is not taken for one that is not known.
func TestAValueThatIsNotKnownStaysUnknown(t *testing.T) {
	k, err := classes.NewKey([]classes.Condition{condition(t, "NumericEquals", "5"), condition(t, "StringEquals", "${v}")}, classes.Options{Single: true, Present: true, Bind: unknown})
	require.NoError(t, err)
	values, a, _ := k.Find([]int{1}, nil)
	require.Equal(t, classes.Found, a)
	_, ok := values[0].Text()
	assert.False(t, ok)
	values, a, _ = k.Find([]int{0}, nil)
	require.Equal(t, classes.Found, a)
	text, ok := values[0].Text()
	assert.True(t, ok)
	assert.Equal(t, "5", text)
}
