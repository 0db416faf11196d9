package pattern_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/internal/pattern"
)

func TestTokenize(t *testing.T) {
	for sentence, c := range map[string]struct {
		lang pattern.Language
		text string
		o    pattern.Options
		want string
	}{
		"stars side by side are one":                      {pattern.Text, "a**?b", pattern.Options{}, "'a' * ? 'b'"},
		"a variable is a value where variables count":     {pattern.Text, "${k}", pattern.Options{Variables: true}, "k"},
		"and text where they do not":                      {pattern.Text, "${k}", pattern.Options{}, "'${k}'"},
		"an escape is literal (C-46)":                     {pattern.Text, "a${*}b*", pattern.Options{Variables: true}, "'a*b' *"},
		"a literal pattern has no wildcards":              {pattern.Text, "a*?${k}", pattern.Options{Variables: true, Literal: true}, "'a*?' k"},
		"a resource is parted at five colons (B-12)":      {pattern.Resource, "arn:aws:s3:::b:*", pattern.Options{}, "'arn' : 'aws' : 's3' :  :  : 'b:' *"},
		"partition and service have no variables (B-15)":  {pattern.Resource, "arn:aws:${k}:${*}::${k}", pattern.Options{Variables: true}, "'arn' : 'aws' : '${k}' : '*' :  : k"},
		"a colon in a variable parts nothing":             {pattern.Operator, "a:b:c:${aws:username}:e:f", pattern.Options{Variables: true}, "'a' : 'b' : 'c' : aws:username : 'e' : 'f'"},
		"nor does one in a default":                       {pattern.Operator, "a:b:c:${k, 'x:y'}:e:f", pattern.Options{Variables: true}, "'a' : 'b' : 'c' : k : 'e' : 'f'"},
		"nor one in braces that are text":                 {pattern.Operator, "a:b:c:${x:y}:e:f", pattern.Options{}, "'a' : 'b' : 'c' : '${x:y}' : 'e' : 'f'"},
		"a final star swallows what follows":              {pattern.Resource, "arn:aws:s3:*", pattern.Options{}, "'arn' : 'aws' : 's3' : * …"},
		"a star alone matches everything (B-13)":          {pattern.Resource, "**", pattern.Options{}, "all"},
		"a variable alone can be a whole ARN":             {pattern.Operator, "${aws:SourceArn}", pattern.Options{Variables: true}, "aws:SourceArn, whole"},
		"a variable that is written twice is one":         {pattern.Text, "${k}-${k}", pattern.Options{Variables: true}, "k '-' k"},
		"letters are put in lower case where they are so": {pattern.Text, "S3:Get*", pattern.Options{FoldCase: true}, "'s3:get' *"},
	} {
		t.Run(sentence, func(t *testing.T) {
			tokens, err := pattern.Tokenize(c.lang, c.text, c.o)
			require.NoError(t, err)
			assert.Equal(t, c.want, show(&tokens))
		})
	}
	_, err := pattern.Tokenize(pattern.Text, "${k", pattern.Options{Variables: true})
	assert.ErrorContains(t, err, `"${k"`)
}

// show writes tokens for a reader.
func show(t *pattern.Tokens) string {
	if t.All {
		return "all"
	}
	var fields []string
	for _, field := range t.Fields {
		var words []string
		for _, token := range field {
			switch token.Kind {
			case pattern.Literal:
				words = append(words, "'"+token.Text+"'")
			case pattern.One:
				words = append(words, "?")
			case pattern.Run:
				words = append(words, "*")
			case pattern.Value:
				words = append(words, t.Variables[token.Index].Key)
			}
		}
		fields = append(fields, strings.Join(words, " "))
	}
	text := strings.Join(fields, " : ")
	if t.Swallows {
		text += " …"
	}
	if t.IsVariable {
		text += ", whole"
	}
	return text
}

func TestReplace(t *testing.T) {
	values := map[string]string{"aws:username": "alice", "star": "*"}
	for _, c := range []struct {
		sentence, text, want string
		lang                 pattern.Language
	}{
		{"a known value stands for its variable", "home/${aws:username}/*", "home/alice/*", pattern.Text},
		{"one that is not known stays as it is written", "${other, 'x'}-${aws:username}", "${other, 'x'}-alice", pattern.Text},
		{"an escape stays as it is written", "${*}${aws:username}", "${*}alice", pattern.Text},
		{"partition and service stay as they are written (B-15)", "arn:aws:${aws:username}:::${aws:username}:${star}", "arn:aws:${aws:username}:::alice:*", pattern.Resource},
		{"without variables nothing changes", "arn:aws:s3:::b", "arn:aws:s3:::b", pattern.Resource},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			got, err := pattern.Replace(c.lang, c.text, func(v pattern.Variable) (string, bool) {
				text, ok := values[v.Key]
				return text, ok
			})
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
	_, err := pattern.Replace(pattern.Text, "${a b}", nil)
	assert.ErrorContains(t, err, "unsupported space")
}

// Whatever the values, what a pattern matches its loose pattern matches too.
func TestLooseMatchesMore(t *testing.T) {
	text := rapid.StringMatching(`[ab:*?$]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		written := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b*", "?", ":", "${k}", "${a:b}", "${*}", "$"}), 1, 9).Draw(t, "pattern"), "")
		if lang := pattern.Language(rapid.IntRange(1, 3).Draw(t, "language")); lang != pattern.Text {
			written = "a:b:" + written + ":*:${k}:*"
			checkLoose(t, lang, written, pattern.Options{Variables: true}, "a:b:"+text.Draw(t, "text"), text.Draw(t, "value"))
			return
		}
		o := pattern.Options{Variables: true, Literal: rapid.Bool().Draw(t, "literal")}
		checkLoose(t, pattern.Text, written, o, text.Draw(t, "text"), text.Draw(t, "value"))
	})
}

func checkLoose(t *rapid.T, lang pattern.Language, written string, o pattern.Options, text, value string) {
	p, err := pattern.Compile(lang, written, o)
	loose, err2 := pattern.Loose(lang, written, o)
	if err != nil || err2 != nil {
		if err == nil || err2 == nil {
			t.Fatalf("%q: %v, loose %v", written, err, err2)
		}
		return
	}
	values := make([]string, len(p.Variables()))
	for i := range values {
		values[i] = value
	}
	// A text that matches is the likelier the more of it is the pattern's own.
	texts := []string{text}
	if made, err := pattern.Replace(lang, written, func(pattern.Variable) (string, bool) { return value, true }); err == nil {
		texts = append(texts, strings.NewReplacer("${*}", "*", "?", "x").Replace(made))
	}
	for _, s := range texts {
		if p.MatchValues(s, values) && !loose.Match(s) {
			t.Fatalf("%q with %q matches %q, and not loosely", written, value, s)
		}
	}
}

func TestLooseNamesMalformedVariables(t *testing.T) {
	_, err := pattern.Loose(pattern.Text, "${k", pattern.Options{Variables: true})
	assert.EqualError(t, err, `invalid pattern "${k": missing brace in variable "${k" at byte 0`)
}

func TestAsked(t *testing.T) {
	for name, c := range map[string]struct {
		resource, want string
		variables      bool
	}{
		"an ARN is written as it is":                             {"arn:aws:lambda:us-east-1:111122223333:function:f", "arn:aws:lambda:us-east-1:111122223333:function:f", true},
		"a star of a name that is not told stays a star":         {"arn:aws:lambda:us-east-1:111122223333:function:*", "arn:aws:lambda:us-east-1:111122223333:function:*", true},
		"a question mark is escaped beside it":                   {"arn:aws:lambda:us-east-1:111122223333:function:a?*b?", "arn:aws:lambda:us-east-1:111122223333:function:a${?}*b${?}", true},
		"in Amazon S3 a star is a character (B-19)":              {"arn:aws:s3:::b/a*", "arn:aws:s3:::b/a${*}", true},
		"where variables do not count there is no escape (A-22)": {"arn:aws:s3:::b/a*", "arn:aws:s3:::b/a*", false},
		"the resource of actions without one":                    {"*", "*", true},
		"a log stream without name is its group and all in it":   {"arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:", "arn:aws:logs:us-east-1:111122223333:log-group:g:*", true},
		"a log stream with its name":                             {"arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:s", "arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:s", true},
		"another service can name a thing so":                    {"arn:aws:x:us-east-1:111122223333:log-stream:", "arn:aws:x:us-east-1:111122223333:log-stream:", true},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, pattern.Asked(c.resource, c.variables)) })
	}
}

func TestIsARN(t *testing.T) {
	for text, want := range map[string]bool{
		"arn:aws:s3:::b":  true,
		"arn:::::b":       true,
		"arn:aws:s3:::b:": true,
		"arn:aws:s3:::":   false,
		"arn:aws:s3::b":   false,
		"ar:aws:s3:::b":   false,
		"arm:aws:s3:::b":  false,
		"arns:aws:s3:::b": false,
		"":                false,
		"*":               false,
	} {
		f := pattern.Split(text)
		assert.Equal(t, want, f.IsARN(), text)
	}
}

func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"my-fn":         "my-fn",
		"a*b?c":         "a${*}b${?}c",
		"${aws:x}":      "${$}{aws:x}",
		"$LATEST":       "$LATEST",
		"ends with a $": "ends with a ${$}",
	} {
		assert.Equal(t, want, pattern.Escape(text))
	}
	texts := rapid.StringMatching(`[a$*?{}']{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, other := texts.Draw(t, "a"), texts.Draw(t, "b"), texts.Draw(t, "other")
		p, err := pattern.Compile(pattern.Text, pattern.Escape(a)+pattern.Escape(b), pattern.Options{Variables: true})
		if err != nil {
			t.Fatal(err)
		}
		if !p.Match(a+b) || p.Match(other) != (other == a+b) {
			t.Fatalf("%q", &p)
		}
	})
}

func TestLiteralPatterns(t *testing.T) {
	p, err := pattern.Compile(pattern.Text, "a*?${k}", pattern.Options{Variables: true, Literal: true})
	require.NoError(t, err)
	assert.True(t, p.MatchValues("a*?x", []string{"x"}))
	assert.False(t, p.MatchValues("abcx", []string{"x"}))
	p, err = pattern.Compile(pattern.Text, "a*", pattern.Options{Literal: true})
	require.NoError(t, err)
	exact, ok := p.Exact()
	assert.True(t, ok)
	assert.Equal(t, "a*", exact)
	loose, err := pattern.Loose(pattern.Text, "a*${k}", pattern.Options{Variables: true, Literal: true})
	require.NoError(t, err)
	assert.True(t, loose.Match("a*xyz"))
	assert.False(t, loose.Match("abxyz"), "the star is the character")
}
