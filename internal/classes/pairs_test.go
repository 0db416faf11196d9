package classes_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/pattern"
)

// Of every two short patterns it is found whether a text matches both, or one and
// not the other: as it is when all short texts are tried.
func TestEveryPairOfShortPatterns(t *testing.T) {
	fields := []string{"a", "*", "?", "a*", "b", ""}
	var arns []string
	for _, first := range fields {
		for _, last := range fields {
			arns = append(arns, first+":b:c:d:e:"+last, "a:"+first+":c:d:e:"+last)
		}
	}
	arns = append(arns, "a:*", "*:c:*", "*", "a:b:c:d:e:*:a", "*:*:*:*:*:*")
	var texts []string
	for _, first := range []string{"", "a", "b", "x", "aa", "ab"} {
		for _, second := range []string{"", "a", "b", "x", "ax", "c"} {
			for _, last := range []string{"", "a", "b", "x", "aa", "ax", "a:", "x:a", ":a", "a:a"} {
				texts = append(texts, first+":"+second+":c:d:e:"+last, first+":"+second+":c:"+last, first+":"+second+":x:d:e:"+last)
			}
		}
	}
	for name, c := range map[string]struct {
		language        pattern.Language
		patterns, world []string
		fold            bool // of every other pattern
	}{
		"text":      {pattern.Text, words("ab*?", 3), words("abx", 7), false},
		"cases":     {pattern.Text, words("aA1*?", 3)[1:], words("aA1x", 5), true},
		"resources": {pattern.Resource, append([]string{"arn:a:*:*:*:*", "arn:*:b", "arn:a:b:*", "arn:a*:c"}, prefixed("arn:", arns)...), prefixed("arn:", texts), false},
		"ARNs":      {pattern.Operator, arns, texts, false},
	} {
		t.Run(name, func(t *testing.T) {
			var compiled []*classes.Pattern
			var plain []pattern.Pattern
			var matches [][]bool
			for i, text := range c.patterns {
				fold := c.fold && i%2 == 0
				p, err := classes.Compile(c.language, text, classes.Reading{FoldASCII: fold})
				require.NoError(t, err)
				as, err := pattern.Compile(c.language, text, pattern.Options{FoldCase: fold})
				require.NoError(t, err)
				row := make([]bool, len(c.world))
				for i, w := range c.world {
					row[i] = as.Match(w)
				}
				compiled, plain, matches = append(compiled, &p), append(plain, as), append(matches, row)
			}
			for i, p := range compiled {
				for k, q := range compiled {
					both, one := false, false
					for w := range c.world {
						both = both || matches[i][w] && matches[k][w]
						one = one || matches[i][w] && !matches[k][w]
					}
					require.Equal(t, !both, p.Disjoint(q), "%q and %q", c.patterns[i], c.patterns[k])
					for _, none := range []bool{false, true} {
						question := classes.Question{Clauses: []classes.Clause{{Patterns: []*classes.Pattern{p}}, {Patterns: []*classes.Pattern{q}, None: none}}}
						w, a, _ := question.Find(nil)
						require.Equal(t, map[bool]bool{false: both, true: one}[none], a == classes.Found, "%q and %q, none %v", c.patterns[i], c.patterns[k], none)
						if text, _ := w.Text(); a == classes.Found {
							require.True(t, plain[i].Match(text) && plain[k].Match(text) != none, "%q for %q and %q", text, c.patterns[i], c.patterns[k])
						}
					}
				}
			}
		})
	}
}

func prefixed(prefix string, texts []string) []string {
	list := slices.Clone(texts)
	for i := range list {
		list[i] = prefix + list[i]
	}
	return list
}

// A clause of a question, as a test writes it: patterns with bars between.
func clause(t *testing.T, language pattern.Language, written string, none bool, r classes.Reading) classes.Clause {
	c := classes.Clause{None: none}
	for _, text := range strings.Split(written, "|") {
		p, err := classes.Compile(language, text, r)
		require.NoError(t, err)
		c.Patterns = append(c.Patterns, &p)
	}
	return c
}

func TestQuestionsOfSomeSize(t *testing.T) {
	var letters, four []string
	for _, r := range "abcdefghijkl" {
		letters, four = append(letters, "*"+string(r)+"*"), append(four, string(r))
	}
	long := strings.Repeat("a", 150)
	for name, c := range map[string]struct {
		yes, no  []string
		noBraces bool
		want     string // the text that is found; "…": some text, "": none
	}{
		"nothing asked": {nil, nil, false, "…"},
		"a star before a letter, but not the letter alone":                {[]string{"*a"}, []string{"a"}, false, "xa"},
		"a word of twelve letters in any order":                           {letters, nil, false, "…"},
		"twelve letters in eleven places":                                 {append(slices.Clone(letters), strings.Repeat("?", 11)), nil, false, ""},
		"twelve letters in twelve places":                                 {append(slices.Clone(letters), strings.Repeat("?", 12)), nil, false, "…"},
		"twelve letters in twelve places, four of them first":             {append(slices.Clone(letters), strings.Join(four[:4], "")+strings.Repeat("?", 8)), nil, false, "…"},
		"a pattern of several machine words":                              {[]string{"*" + long + "*b", "*b*a*"}, nil, false, "…"},
		"two that exclude each other at their ends":                       {[]string{"*" + long + "*b", "*a"}, nil, false, ""},
		"a long pattern and all but the shortest of it":                   {[]string{"*" + long + "*"}, []string{"*" + long + "a*", "*b*", "*x*"}, false, "…"},
		"one of several, and none of several":                             {[]string{"a*|b*"}, []string{"a*|b"}, false, "b…"},
		"a text of six hundred characters, but one":                       {[]string{strings.Repeat("?", 600)}, []string{strings.Repeat("x", 600)}, false, "…"},
		"the short way, though another clause is decided on the long one": {[]string{"?*", "aa*|??c", "*zzzzzz|??c"}, nil, false, "xxc"},
		"a letter that something waits for elsewhere":                     {[]string{"?"}, []string{"ax"}, false, "x"},
		"a letter that something waits for here":                          {[]string{"?"}, []string{"x", "y"}, false, "z"},
		"a dollar and a brace side by side":                               {[]string{"$*{x"}, nil, false, "${x"},
		"a dollar and a brace, but not side by side":                      {[]string{"$*{x"}, nil, true, "$x{x"},
		"nothing but a dollar and a brace":                                {[]string{"${x"}, nil, true, ""},
		"a dollar and a brace in one of the ways":                         {[]string{"?{*"}, []string{"x*", "y*"}, true, "…"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, slow := range []bool{false, true} {
				q := classes.Question{NoBraces: c.noBraces, Slow: slow}
				for _, text := range c.yes {
					q.Clauses = append(q.Clauses, clause(t, pattern.Text, text, false, classes.Reading{}))
				}
				for _, text := range c.no {
					q.Clauses = append(q.Clauses, clause(t, pattern.Text, text, true, classes.Reading{}))
				}
				w, a, core := q.Find(&classes.Budget{States: 1 << 20})
				if c.want == "" {
					require.Equal(t, classes.None, a, "slow %v", slow)
					assert.NotEmpty(t, core)
					continue
				}
				require.Equal(t, classes.Found, a, "slow %v", slow)
				text, ok := w.Text()
				assert.True(t, ok)
				for i := range q.Clauses {
					assert.True(t, q.Clauses[i].Holds(w), "%q, clause %d", text, i)
				}
				assert.False(t, c.noBraces && strings.Contains(text, "${"), text)
				if begin, open := strings.CutSuffix(c.want, "…"); open {
					assert.True(t, strings.HasPrefix(text, begin), text)
				} else {
					assert.Equal(t, c.want, text, "slow %v", slow)
				}
			}
		})
	}
}

// Patterns and texts of every length are compared alike, short ones and long ones.
func TestPatternsOfEveryLength(t *testing.T) {
	for n := range 140 {
		a := strings.Repeat("a", n)
		ends, begins, other := clause(t, pattern.Text, "*"+a+"b", false, classes.Reading{}), clause(t, pattern.Text, a+"*", false, classes.Reading{}), clause(t, pattern.Text, a+"c*", false, classes.Reading{})
		assert.True(t, ends.Holds(classes.Word("x"+a+"b")), n)
		assert.Equal(t, n == 0, ends.Holds(classes.Word("x"+a[:max(n-1, 0)]+"b")), n)
		assert.False(t, ends.Patterns[0].Disjoint(begins.Patterns[0]), n)
		assert.False(t, ends.Patterns[0].Disjoint(other.Patterns[0]), n)
		assert.False(t, begins.Patterns[0].Disjoint(other.Patterns[0]), n)
		whole := clause(t, pattern.Text, a+"b", false, classes.Reading{})
		assert.True(t, whole.Patterns[0].Disjoint(other.Patterns[0]), n)
		begins.None = true
		q := classes.Question{Clauses: []classes.Clause{other, begins}}
		_, answer, _ := q.Find(&classes.Budget{States: 8})
		assert.Equal(t, classes.None, answer, "what begins with more begins with less: %d", n)
	}
}

// A digit is found where the shape of a text asks for one.
func TestDigitsAreFound(t *testing.T) {
	account := classes.Form("x????")
	for _, slow := range []bool{false, true} {
		q := classes.Question{Slow: slow, Clauses: []classes.Clause{
			{Patterns: []*classes.Pattern{&account}},
			clause(t, pattern.Text, "x1*|x*1|x22*|*3?", true, classes.Reading{}),
		}}
		w, a, _ := q.Find(nil)
		require.Equal(t, classes.Found, a)
		text, _ := w.Text()
		assert.Regexp(t, "^x[0-9]{4}$", text)
	}
}

// A text is found however long it is: where states are many, and where each leads
// to one more alone.
func TestATextOfManyCharactersIsFound(t *testing.T) {
	for _, character := range []string{"a", "?"} {
		for _, n := range []int{100, 511, 512, 513, 700, 1500} {
			q := classes.Question{Slow: true, Clauses: []classes.Clause{
				clause(t, pattern.Text, strings.Repeat(character, n), false, classes.Reading{}),
				clause(t, pattern.Text, "*a", false, classes.Reading{}),
				clause(t, pattern.Text, "*b*", true, classes.Reading{}),
			}}
			w, a, _ := q.Find(nil)
			require.Equal(t, classes.Found, a, "%d characters %s", n, character)
			assert.Len(t, w, n)
		}
	}
}

// A run that takes less than what stands before it does not go on as that would.
func TestARunOfLessBehindARunOfMore(t *testing.T) {
	for _, slow := range []bool{false, true} {
		form := classes.Form("~:+")
		q := classes.Question{Slow: slow, Clauses: []classes.Clause{
			{Patterns: []*classes.Pattern{&form}},
			clause(t, pattern.Text, "*:*:*", false, classes.Reading{}),
			clause(t, pattern.Text, "*a*b*", true, classes.Reading{}),
		}}
		w, a, _ := q.Find(nil)
		require.Equal(t, classes.Found, a)
		text, _ := w.Text()
		assert.Regexp(t, "^.*:.*:[^:/]+$", text)
	}
}

// Where letters will not do, the answer is the next best that reads well.
func TestTheCharacterThatReadsBest(t *testing.T) {
	const digits, others = "0|1|2|3|4|5|6|7|8|9", "\n|${*}|${?}"
	for name, c := range map[string]struct {
		yes, none, want string // forms, and texts of which there is none
		noForm          string
	}{
		"a letter":                             {"~", "", "x", ""},
		"a digit":                              {"?", "", "1", ""},
		"another digit":                        {"?", "1|2", "3", ""},
		"no digit is left":                     {"?", digits, "", ""},
		"a letter beyond ASCII":                {"~", others, "é", "!"},
		"a line feed before that":              {"~", "", "\n", "!"},
		"another one":                          {"~", others + "|é", "ü", "!"},
		"neither of these":                     {"~", others + "|é|ü", "☃", "!"},
		"none of these three":                  {"~", others + "|é|ü|☃", "☄", "!"},
		"a letter beyond ASCII, digits or not": {"~", others + "|" + digits, "é", "!"},
		"a colon":                              {"~", "", ":", "+"},
		"a star":                               {"%", "", "*", "!"},
		"a question mark":                      {"%", "${*}|", "?", "!"},
	} {
		t.Run(name, func(t *testing.T) {
			yes := classes.Form(c.yes)
			q := classes.Question{Clauses: []classes.Clause{{Patterns: []*classes.Pattern{&yes}}, clause(t, pattern.Text, c.none, true, classes.Reading{Variables: true})}}
			if c.noForm != "" {
				no := classes.Form(c.noForm)
				q.Clauses = append(q.Clauses, classes.Clause{Patterns: []*classes.Pattern{&no}, None: true})
			}
			for _, slow := range []bool{false, true} {
				q.Slow = slow
				w, a, _ := q.Find(nil)
				assert.Equal(t, c.want != "", a == classes.Found)
				assert.Equal(t, c.want, string(w), "slow %v", slow)
			}
		})
	}
}

// A variable that is all of an ARN is its value, if that is an ARN.
func TestAVariableThatIsAWholeARN(t *testing.T) {
	for value, c := range map[*classes.Binding]struct{ is, isNot []string }{
		{Text: "arn:aws:s3:::b"}: {[]string{"arn:aws:s3:::b"}, []string{"arn:aws:s3:::c", "arn:aws:s3:::b:b", ""}},
		{Text: "arn:aws:s3:::*"}: {[]string{"arn:aws:s3:::*"}, []string{"arn:aws:s3:::b"}},
		{Text: "a:b:c:d:e:f:g"}:  {[]string{"a:b:c:d:e:f:g"}, []string{"a:b:c:d:e:f"}},
		{Text: "arn:aws:s3"}:     {nil, []string{"arn:aws:s3", "arn:aws:s3:::b"}},
		{Text: ""}:               {nil, []string{"", ":::::"}},
		{None: true}:             {nil, []string{"", "arn:aws:s3:::b"}},
	} {
		r := classes.Reading{Variables: true, Bind: func(pattern.Variable) classes.Binding { return *value }}
		holds := clause(t, pattern.Operator, "${v}", false, r)
		for _, text := range c.is {
			assert.True(t, holds.Holds(classes.Word(text)), "%q is %+v", text, *value)
		}
		for _, text := range c.isNot {
			assert.False(t, holds.Holds(classes.Word(text)), "%q is not %+v", text, *value)
		}
		assert.Equal(t, c.is == nil, holds.Patterns[0].Never(), "%+v", *value)
	}
}

func TestABudgetEndsAQuestion(t *testing.T) {
	q := classes.Question{Slow: true}
	for _, r := range "abcdefghijkl" {
		q.Clauses = append(q.Clauses, clause(t, pattern.Text, "*"+string(r)+"*", false, classes.Reading{}))
	}
	q.Clauses = append(q.Clauses, clause(t, pattern.Text, strings.Repeat("?", 11), false, classes.Reading{}))
	t.Run("by its states", func(t *testing.T) {
		b := classes.Budget{States: 100}
		_, a, _ := q.Find(&b)
		assert.Equal(t, classes.NotKnown, a)
		assert.Negative(t, b.States)
		assert.False(t, b.Stopped())
	})
	t.Run("by what Stop says, which is asked now and then", func(t *testing.T) {
		asked := 0
		b := classes.Budget{States: 1 << 30, Stop: func() bool { asked++; return asked == 3 }}
		_, a, _ := q.Find(&b)
		assert.Equal(t, classes.NotKnown, a)
		assert.True(t, b.Stopped())
		assert.Equal(t, 3, asked)
		spent := 1<<30 - b.States
		assert.True(t, 2*256 <= spent && spent < 5*256, "%d states between three calls", spent)
		assert.False(t, b.Spend(1), "and nothing goes on")
	})
	t.Run("to the last state", func(t *testing.T) {
		b := classes.Budget{States: 3}
		assert.True(t, b.Spend(3))
		assert.False(t, b.Spend(1))
	})
	t.Run("none has no bound", func(t *testing.T) {
		var b *classes.Budget
		assert.True(t, b.Spend(1<<40))
		assert.False(t, b.Stopped())
	})
}

func TestFormsAreShapesOfTexts(t *testing.T) {
	for form, c := range map[string]struct{ is, isNot []string }{
		"a:*:b": {[]string{"a::b", "a:xy/z1é:b"}, []string{"a:x:y:b", "a:\n:b", "a:*:b", "a:b"}},
		"?":     {[]string{"0", "7", "9"}, []string{"", "a", "12", "é"}},
		"x+":    {[]string{"xa", "xab1-"}, []string{"x", "xa/b", "xa:b", "x*", "xé", "xa\n", "x ", "x\x7f"}},
		"x&":    {[]string{"xa", "xa/b", "x/"}, []string{"x", "xa:b", "x?", "xé", "x\n"}},
		"x!":    {[]string{"xa", "xa/b:c", "x1"}, []string{"x", "x*", "xé", "xa\n", "x ", "x\x7f"}},
		"x%y":   {[]string{"xy", "xa:/*éy"}, []string{"x\ny"}},
		"x~":    {[]string{"xa", "x\n", "x:*é/1"}, []string{"x", ""}},
		"":      {[]string{""}, []string{"a"}},
	} {
		p := classes.Form(form)
		matches := func(text string) bool {
			c := classes.Clause{Patterns: []*classes.Pattern{&p}}
			return c.Holds(classes.Word(text))
		}
		for _, text := range c.is {
			assert.True(t, matches(text), "%q is a %q", text, form)
		}
		for _, text := range c.isNot {
			assert.False(t, matches(text), "%q is no %q", text, form)
		}
	}
}

func TestAPatternWithinForms(t *testing.T) {
	for name, c := range map[string]struct {
		pattern, before, after, without string
		is, isNot                       []string
	}{
		"a whole part":                      {"alice", "user/", "\n%", "/:", []string{"user/alice\n", "user/alice\nid:1"}, []string{"user/alice", "user/bob\n", "user/x/alice\n"}},
		"wildcards stay within their part":  {"a*?", "user/", "\n%", "/:", []string{"user/ab\n", "user/axyz\nq"}, []string{"user/a\n", "user/a/b\n", "user/ab:c\n", "user/a\nb\n"}},
		"a star does not begin before":      {"*", "user/", "", "/", []string{"user/", "user/a:b"}, []string{"user/a/b", "user/a\n"}},
		"a literal that is left out":        {"a/b", "user/", "", "/", nil, []string{"user/a/b", "user/ab"}},
		"a line feed is in no part":         {"a\nb", "", "%", "", nil, []string{"a\nb", "a\nbc"}},
		"nothing is left out":               {"a*:/", "", "", "", []string{"a:/", "ab:c:/"}, []string{"a\n:/"}},
		"what may begin before and go on":   {"*b", "%a", "c%", "", []string{"abc", "xaxbcx"}, []string{"ab", "a\nbc"}},
		"a pattern that matches nothing":    {"${v}", "", "", "", nil, []string{"", "${v}", "a"}},
		"an end longer than what is before": {"", "", "abc%", "", []string{"abc", "abcd"}, []string{"ab", ""}},
		"two runs of one kind side by side": {"%", "%", "%", "", []string{"%", "a%b"}, []string{"\n%", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := classes.Compile(pattern.Text, c.pattern, classes.Reading{Variables: true})
			require.NoError(t, err)
			whole := p.Within(classes.Form(c.before), classes.Form(c.after), c.without)
			holds := classes.Clause{Patterns: []*classes.Pattern{&whole}}
			for _, text := range c.is {
				assert.True(t, holds.Holds(classes.Word(text)), "%q", text)
			}
			for _, text := range c.isNot {
				assert.False(t, holds.Holds(classes.Word(text)), "%q", text)
			}
			assert.Equal(t, c.is == nil, whole.Never())
		})
	}
}

func TestTheZeroPatternMatchesTheEmptyText(t *testing.T) {
	c := classes.Clause{Patterns: []*classes.Pattern{new(classes.Pattern)}}
	assert.True(t, c.Holds(classes.Word("")))
	assert.False(t, c.Holds(classes.Word("a")))
}

// Patterns are written differently that are different.
func TestPatternsHaveNamesOfTheirOwn(t *testing.T) {
	unknown := func(symbol rune) classes.Reading {
		return classes.Reading{Variables: true, Bind: func(pattern.Variable) classes.Binding { return classes.Binding{Symbol: symbol} }}
	}
	folding := classes.Reading{FoldASCII: true}
	seen := map[string]string{}
	add := func(what string, p classes.Pattern) {
		other, again := seen[p.String()]
		assert.False(t, again, "%s and %s", what, other)
		seen[p.String()] = what
	}
	for _, text := range []string{"", "a", "aa", "b", "*", "?", "a*", "*a", "a?", "?a", "??", "<", "0", "\x00", "<0>"} {
		p, err := classes.Compile(pattern.Text, text, classes.Reading{})
		require.NoError(t, err)
		again, err := classes.Compile(pattern.Text, text, classes.Reading{})
		require.NoError(t, err)
		assert.Equal(t, p.String(), again.String())
		add(text, p)
	}
	for what, r := range map[string]classes.Reading{
		"unknown": unknown(classes.Symbol(0, false)), "flat": unknown(classes.Symbol(0, true)), "another": unknown(classes.Symbol(1, false)),
	} {
		p, err := classes.Compile(pattern.Text, "${v}", r)
		require.NoError(t, err)
		add(what, p)
		p, err = classes.Compile(pattern.Operator, "${v}", r) // some ARN, or no ARN
		require.NoError(t, err)
		add("ARN "+what, p)
	}
	p, err := classes.Compile(pattern.Text, "a", folding)
	require.NoError(t, err)
	add("a of any case", p)
	add("digits", classes.Form("?"))
	add("no colon", classes.Form("*"))
}
