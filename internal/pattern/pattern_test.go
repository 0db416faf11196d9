package pattern_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/variable"
)

func TestPatternsInThreeLanguages(t *testing.T) {
	for _, c := range corpus {
		t.Run(c.sentence, func(t *testing.T) {
			for lang, want := range map[pattern.Language]string{pattern.Text: c.inText, pattern.Resource: c.inResource, pattern.Operator: c.inOperator} {
				p, err := pattern.Compile(lang, c.pattern, pattern.Options{})
				if want == "-" {
					require.ErrorContains(t, err, fmt.Sprintf("%q", c.pattern), lang)
					continue
				}
				require.NoError(t, err, lang)
				assert.Equal(t, want == "yes", p.Match(c.text), "%v: %q against %q, class %v", lang, c.pattern, c.text, p.Class())
				f := pattern.Split(c.text)
				assert.Equal(t, want == "yes", p.MatchFields(&f, nil), "%v, split", lang)
				assert.Equal(t, c.pattern, p.String())
				if text, ok := p.Exact(); ok {
					assert.Equal(t, want == "yes", text == c.text)
				}
				if want == "yes" {
					assert.True(t, strings.HasPrefix(c.text, p.Prefix()), "prefix %q", p.Prefix())
					assert.Contains(t, c.text[len(p.Prefix()):], p.Inner())
				}
			}
		})
	}
}

func TestCompileRefuses(t *testing.T) {
	for _, c := range []struct {
		sentence, pattern string
		lang              pattern.Language
		options           pattern.Options
		want              string
	}{
		{"a resource with too few parts (A-42)", "arn:aws", pattern.Resource, pattern.Options{},
			`invalid pattern "arn:aws": it is neither "*" nor an ARN: it has 2 parts, and needs at least a partition and a service`},
		{"a resource that is a word", "my-function", pattern.Resource, pattern.Options{}, `it has 1 parts`},
		{"an empty resource", "", pattern.Resource, pattern.Options{}, `it has 1 parts`},
		{"two malformed variables", "${a${}", pattern.Text, pattern.Options{Variables: true},
			"invalid pattern \"${a${}\": missing brace in variable \"${a\" at byte 0\nno key in variable \"${}\" at byte 3"},
		{"broken UTF-8", "a\xff", pattern.Text, pattern.Options{}, `invalid pattern "a\xff": it is not valid UTF-8`},
		{"folded resources", "*", pattern.Resource, pattern.Options{FoldCase: true}, `FoldCase and Literal have no meaning in the resource language`},
		{"no language", "*", 0, pattern.Options{}, `Language(0) is no language`},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			p, err := pattern.Compile(c.lang, c.pattern, c.options)
			require.ErrorContains(t, err, c.want)
			assert.False(t, p.Match(c.pattern), "the Pattern beside an error is the zero Pattern")
		})
	}
	_, err := pattern.Compile(pattern.Text, "${a", pattern.Options{Variables: true})
	var malformed *variable.Error
	require.ErrorAs(t, err, &malformed)
	assert.Equal(t, variable.MissingBrace, malformed.Code)
	assert.PanicsWithError(t, `invalid pattern "a": it is neither "*" nor an ARN: it has 1 parts, and needs at least a partition and a service`,
		func() { pattern.MustCompile(pattern.Resource, "a") })
}

func TestClasses(t *testing.T) {
	for _, c := range []struct {
		lang    pattern.Language
		pattern string
		want    pattern.Class
		prefix  string
		inner   string
	}{
		{pattern.Text, "abc", pattern.ClassExact, "abc", ""},
		{pattern.Text, "*", pattern.ClassAll, "", ""},
		{pattern.Text, "***", pattern.ClassAll, "", ""},
		{pattern.Text, "ab*", pattern.ClassPrefix, "ab", ""},
		{pattern.Text, "**ab", pattern.ClassSuffix, "", "ab"},
		{pattern.Text, "ab*cde", pattern.ClassEnds, "ab", "cde"},
		{pattern.Text, "*ab*", pattern.ClassContains, "", "ab"},
		{pattern.Text, "*ab**cde*", pattern.ClassPieces, "", "cde"},
		{pattern.Text, "x*ab*", pattern.ClassPieces, "x", "ab"},
		{pattern.Text, "ab?c*defg*", pattern.ClassGeneral, "ab", "defg"},
		{pattern.Resource, "*", pattern.ClassAll, "", ""},
		{pattern.Resource, function, pattern.ClassExact, function, ""},
		{pattern.Resource, function + "*", pattern.ClassPrefix, function, ""},
		{pattern.Resource, "arn:aws:*", pattern.ClassPrefix, "arn:aws:", ""},
		{pattern.Resource, "arn:aws:lambda:*:*:function:my-*", pattern.ClassFields, "arn:aws:lambda:", ":function:my-"},
		{pattern.Resource, "arn:*:s3:::a-long-name/*", pattern.ClassFields, "arn:", ":s3:::a-long-name/"},
		{pattern.Operator, "arn:aws:sns:*:*:t", pattern.ClassFields, "arn:aws:sns:", ":t"},
		{pattern.Operator, "*", pattern.ClassNothing, "", ""},
		{pattern.Operator, "arn:aws:*", pattern.ClassNothing, "", ""},
	} {
		p := pattern.MustCompile(c.lang, c.pattern)
		assert.Equal(t, c.want, p.Class(), c.pattern)
		assert.Equal(t, c.prefix, p.Prefix(), c.pattern)
		assert.Equal(t, c.inner, p.Inner(), c.pattern)
		assert.Equal(t, c.want == pattern.ClassAll, p.MatchesAll(), c.pattern)
		assert.Equal(t, c.want == pattern.ClassAll || c.want == pattern.ClassPrefix, p.IsPrefix(), c.pattern)
		_, exact := p.Exact()
		assert.Equal(t, c.want == pattern.ClassExact, exact, c.pattern)
	}
	assert.Equal(t, "prefix", pattern.ClassPrefix.String())
	assert.Equal(t, "fields", pattern.ClassFields.String())
	assert.Equal(t, "Class(10)", (pattern.ClassFields + 1).String())

	var zero pattern.Pattern
	f := pattern.Split("")
	assert.False(t, zero.Match("") || zero.MatchFields(&f, nil) || zero.MatchesAll())
	assert.Empty(t, zero.Prefix()+zero.Inner()+zero.String())
	assert.LessOrEqual(t, unsafe.Sizeof(zero), uintptr(80))
}

func TestFieldsStandBetweenColons(t *testing.T) {
	for text, want := range map[string][6]string{
		"":                       {},
		"a":                      {"a"},
		":a":                     {"", "a"},
		":a:b:c:d:e:f":           {"", "a", "b", "c", "d", "e:f"},
		":longer than a step:b":  {"", "longer than a step", "b"},
		"1234567:9":              {"1234567", "9"},
		"12345678:":              {"12345678", ""},
		"arn:aws:s3:::b/k:v":     {"arn", "aws", "s3", "", "", "b/k:v"},
		"a:${b:c}:d":             {"a", "${b:c}", "d"},
		"a:${b:c":                {"a", "${b", "c"},
		"12345678:${a:b, ':'}:d": {"12345678", "${a:b, ':'}", "d"},
	} {
		f := pattern.Split(text)
		assert.Equal(t, text, f.Text())
		for i, field := range want {
			assert.Equal(t, field, f.Field(i), "field %d of %q", i, text)
		}
	}
}

func TestStarsStayInTheirField(t *testing.T) {
	for _, c := range []struct {
		sentence, pattern, text string
		match                   bool
	}{
		{"a star that ends a field stands for no two (EX-B18)", "arn:aws:lambda:*:function:my-fn", function, false},
		{"one for each field does", "arn:aws:lambda:*:*:function:my-fn", function, true},
		{"a star inside a field stays there", "arn:aws:lambda:*1:function:my-fn", function, false},
		{"a question mark stays in its field", "arn:aws:lambda?us-*:function:my-fn:a:b", function + ":a:b", false},
		{"a star in the sixth field crosses colons", "arn:aws:lambda:us-east-1:111122223333:f*d", function + ":prod", true},
		{"so does the final star", "arn:aws:lambda:*", function, true},
		{"partition and service are enough: what is missing matches everything (B-12)", "arn:aws:lambda", function, true},
		{"a star in the service stays", "arn:aws:*:111122223333:function:my-fn*", function, false},
		{"a star in a short pattern stays", "arn:*:us-east-1:*", function, false},
		{"the resource * stays alone", "*:*", "*", false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			p, err := pattern.Compile(pattern.Resource, c.pattern, pattern.Options{})
			require.NoError(t, err)
			assert.Equal(t, c.match, p.Match(c.text))
		})
	}
}

func TestVariables(t *testing.T) {
	name := func(v ...string) []string { return v }
	for _, c := range []struct {
		sentence      string
		lang          pattern.Language
		pattern, text string
		values        []string
		want          bool
	}{
		{"a value is put in its place (EX-A20)", pattern.Resource, "arn:aws:iam::111122223333:user/${aws:username}", "arn:aws:iam::111122223333:user/alice", name("alice"), true},
		{"another value is another text", pattern.Resource, "arn:aws:iam::111122223333:user/${aws:username}", "arn:aws:iam::111122223333:user/alice", name("bob"), false},
		{"without values nothing matches (EX-B16)", pattern.Resource, "arn:aws:iam::111122223333:user/${aws:username}", "arn:aws:iam::111122223333:user/", nil, false},
		{"an empty value is a value (L-10)", pattern.Resource, "arn:aws:iam::111122223333:user/${aws:username}", "arn:aws:iam::111122223333:user/", name(""), true},
		{"a star in a value is literal (B-17)", pattern.Resource, "arn:aws:s3:::b-${k}/*", "arn:aws:s3:::b-red/x", name("*"), false},
		{"a star in a value matches itself", pattern.Resource, "arn:aws:s3:::b-${k}/*", "arn:aws:s3:::b-*/x", name("*"), true},
		{"a value may bring colons into the resource", pattern.Resource, "arn:aws:lambda:*:*:function:${k}", function + ":1", name("my-fn:1"), true},
		{"the account takes a variable (B-15)", pattern.Resource, "arn:aws:iam::${aws:PrincipalAccount}:user/*", "arn:aws:iam::111122223333:user/a", name("111122223333"), true},
		{"so does the region", pattern.Resource, "arn:aws:sns:${aws:RequestedRegion}:*:t", "arn:aws:sns:us-east-1:111122223333:t", name("us-east-1"), true},
		{"a value with a colon never fits a closed field", pattern.Resource, "arn:aws:iam:${k}:user/*:*", "arn:aws:iam::1:user/a:b", name(":1"), false},
		{"in the service a variable is literal text (B-15)", pattern.Resource, "arn:aws:${k}:us-*:*:t", "arn:aws:sns:us-east-1:111122223333:t", name("sns"), false},
		{"in the service an escape is literal text too", pattern.Resource, "arn:aws:${*}:us-*:*:t", "arn:aws:${*}:us-east-1:111122223333:t", nil, true},
		{"${*} is a star (EX-C65)", pattern.Text, "a${*}b", "a*b", nil, true},
		{"${*} is no wildcard (EX-C66)", pattern.Text, "a${*}b", "axb", nil, false},
		{"${?} is no wildcard", pattern.Text, "a${?}*", "ax", nil, false},
		{"${$} is a dollar", pattern.Text, "${$}{a}?", "${a}b", nil, true},
		{"a variable stands between stars", pattern.Text, "*-${k}-*", "x-team-y", name("team"), true},
		{"a value is looked for behind the one before it", pattern.Text, "*${k}*${k}*", "xX", name("x"), false},
		{"values stand in their order", pattern.Text, "*${k}*${l}*", "-b-a-", name("a", "b"), false},
		{"a value between stars that is not there", pattern.Text, "*${k}*", "abc", name("d"), false},
		{"a value is found late", pattern.Text, "*${k}*${k}?", "aXbXXcXd", name("X"), true},
		{"one variable is one value", pattern.Text, "${k}${k}", "abab", name("ab"), true},
		{"an ARN operator takes a whole ARN as variable", pattern.Operator, "${aws:PrincipalArn}", function, name(function), true},
		{"but only an ARN (C-13)", pattern.Operator, "${k}", "abc", name("abc"), false},
		{"behind a variable the sixth field holds colons", pattern.Resource, "arn:aws:s3:::${k}:x:y", "arn:aws:s3:::a:x:y", name("a"), true},
		{"and none of them is left out", pattern.Resource, "arn:aws:s3:::${k}:x:y", "arn:aws:s3:::a:x", name("a"), false},
		{"and it is literal", pattern.Operator, "${k}", function, name("arn:aws:lambda:*:*:*"), false},
		{"an ARN operator takes variables in all fields", pattern.Operator, "arn:${p}:sns:*:${a}:t", "arn:aws:sns:us-east-1:1:t", name("aws", "1"), true},
		{"a value with part of a character fits no star", pattern.Text, "${k}*", "é", name("\xc3"), false},
		{"nor a question mark", pattern.Text, "${k}?", "é", name("\xc3"), false},
		{"two parts make a character", pattern.Text, "${k}${l}", "é", name("\xc3", "\xa9"), true},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			p, err := pattern.Compile(c.lang, c.pattern, pattern.Options{Variables: true})
			require.NoError(t, err)
			assert.Equal(t, c.want, p.MatchValues(c.text, c.values))
			f := pattern.Split(c.text)
			assert.Equal(t, c.want, p.MatchFields(&f, c.values))
			if len(p.Variables()) > 0 {
				assert.False(t, p.Match(c.text), "a pattern with variables matches nothing without values")
			}
		})
	}

	p, err := pattern.Compile(pattern.Text, "${aws:A}-${b, ''}-${aws:A}-${b, 'x'}", pattern.Options{Variables: true})
	require.NoError(t, err)
	assert.Equal(t, []pattern.Variable{{Key: "aws:A"}, {Key: "b", HasDefault: true}, {Key: "b", Default: "x", HasDefault: true}}, p.Variables())
	assert.True(t, p.MatchValues("1-2-1-3", name("1", "2", "3")))
	assert.False(t, p.MatchValues("1-2-1-3", name("1", "2")))

	p, err = pattern.Compile(pattern.Operator, "${aws:PrincipalArn}", pattern.Options{Variables: true})
	require.NoError(t, err)
	assert.Equal(t, []pattern.Variable{{Key: "aws:PrincipalArn"}}, p.Variables())

	var many strings.Builder
	for i := range 40 {
		fmt.Fprintf(&many, "${k%d}-", i%20)
	}
	p, err = pattern.Compile(pattern.Text, many.String(), pattern.Options{Variables: true})
	require.NoError(t, err)
	variables := p.Variables()
	require.Len(t, variables, 20, "each is named once, and the more of them there are")
	for i, v := range variables {
		assert.Equal(t, fmt.Sprintf("k%d", i), v.Key)
	}
	values := strings.Split("abcdefghijklmnopqrst", "")
	text := strings.Join(values, "-") + "-"
	assert.True(t, p.MatchValues(text+text, values))
	assert.False(t, p.MatchValues(text+"a"+text[1:len(text)-2]+"x-", values))

	p, err = pattern.Compile(pattern.Resource, "arn:aws:s3:${*}:1:b", pattern.Options{Variables: true})
	require.NoError(t, err)
	exact, ok := p.Exact()
	assert.True(t, ok)
	assert.Equal(t, "arn:aws:s3:*:1:b", exact)
}

func TestFoldCase(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"LAMBDA:getfunction", "lambda:GetFunction", true}, // EX-B1
		{"lambda:Get*", "Lambda:getFunction", true},
		{"*:GETFUNCTION", "lambda:GetFunction", true},
		{"lambda:*FUNCTION", "lambda:GetFunction", true},
		{"*GET*", "lambda:GetFunction", true},
		{"lambda:*Get*Func*", "LAMBDA:getfunction", true},
		{"lambda:GetFunctio?", "lambda:getfunctioN", true},
		{"*G?t*F?nc*", "lambda:getfunction", true},
		{"lambda:GetFunction", "lambda:GetFunctionConfiguration", false}, // EX-B5
		{"lambda:*Get*Func*X", "LAMBDA:getfunction", false},
		{"É*", "é", false}, // only ASCII
		{"*", "S3:x", true},
		{"*?{", "x[", false}, // 32 apart, as letters are
		{"*?za*?AZ", "xZA-az", true},
		{"*?@", "x ", false},
	} {
		p, err := pattern.Compile(pattern.Text, c.pattern, pattern.Options{FoldCase: true})
		require.NoError(t, err)
		assert.Equal(t, c.want, p.Match(c.text), "%q %q", c.pattern, c.text)
		assert.Equal(t, lowerASCII(p.Prefix()), p.Prefix())
	}
	p, err := pattern.Compile(pattern.Text, "Tag:${aws:PrincipalTag/Team}?", pattern.Options{FoldCase: true, Variables: true})
	require.NoError(t, err)
	assert.Equal(t, "aws:PrincipalTag/Team", p.Variables()[0].Key, "a key keeps its letters")
	assert.True(t, p.MatchValues("tag:redX", []string{"RED"}))
}

// Values are literal: a pattern with variables matches like the parts that it
// was made of, with the values as plain characters.
func TestValuesAreLiteral(t *testing.T) {
	text := rapid.StringMatching(`[ab*?:é]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		var written strings.Builder
		var items []item
		values := rapid.SliceOfN(text, 3, 3).Draw(t, "values")
		var used []string
		subject := ""
		for range rapid.IntRange(1, 7).Draw(t, "parts") {
			switch rapid.IntRange(0, 3).Draw(t, "part") {
			case 0:
				s := rapid.StringMatching(`[ab:é]{1,3}`).Draw(t, "literal")
				written.WriteString(s)
				items = append(items, flatItems(s)...)
				subject += s
			case 1:
				written.WriteByte('*')
				items = append(items, item{star: true, open: true})
				subject += text.Draw(t, "run")
			case 2:
				written.WriteByte('?')
				items = append(items, item{open: true})
				subject += "é"
			case 3:
				if len(used) == len(values) {
					continue
				}
				fmt.Fprintf(&written, "${k%d}", len(used))
				v := values[len(used)]
				used = append(used, v)
				for _, c := range chars(v) {
					items = append(items, item{char: c})
				}
				subject += v
			}
		}
		p, err := pattern.Compile(pattern.Text, written.String(), pattern.Options{Variables: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{subject, text.Draw(t, "text"), subject + "a"} {
			if got, want := p.MatchValues(s, used), matchItems(items, chars(s)); got != want {
				t.Fatalf("%q with %q against %q: got %v, want %v", written.String(), used, s, got, want)
			}
		}
	})
}

func TestValueInResourceField(t *testing.T) {
	p, err := pattern.Compile(pattern.Resource, "arn:aws:lambda:*:${account}:function:${name}", pattern.Options{Variables: true})
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		account := rapid.StringMatching(`[0-9:*]{0,4}`).Draw(t, "account")
		name := rapid.StringMatching(`[a-c:*?/é]{0,6}`).Draw(t, "name")
		text := "arn:aws:lambda:us-east-1:" + account + ":function:" + name
		if got, want := p.MatchValues(text, []string{account, name}), !strings.Contains(account, ":"); got != want {
			t.Fatalf("account %q, name %q: got %v, want %v", account, name, got, want)
		}
	})
}

// Patterns and texts of few letters, so that they often nearly match.
func TestFieldsLikeReference(t *testing.T) {
	field := func(letters string, most int) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			parts := rapid.SliceOfN(rapid.StringMatching(`[`+letters+`]{0,3}`), 1, most).Draw(t, "fields")
			return strings.Join(parts, ":")
		})
	}
	patterns, texts := field(`aé*?`, 8), field(`aé*`, 9)
	rapid.Check(t, func(t *rapid.T) {
		written, text := patterns.Draw(t, "pattern"), texts.Draw(t, "text")
		fields := pattern.Split(text)
		p, err := pattern.Compile(pattern.Resource, written, pattern.Options{})
		if (err == nil) != isResourcePattern(written) {
			t.Fatalf("%q: %v", written, err)
		}
		if err == nil {
			if got, want := p.MatchFields(&fields, nil), likeResource(written, text); got != want {
				t.Fatalf("resource %q against %q: got %v, want %v", written, text, got, want)
			}
		}
		p = pattern.MustCompile(pattern.Operator, written)
		if got, want := p.MatchFields(&fields, nil), likeOperator(written, text); got != want {
			t.Fatalf("operator %q against %q: got %v, want %v", written, text, got, want)
		}
	})
}

// The worst patterns for matchers that backtrack cost one step a byte for
// every 64 bytes of written, and match like the rest.
func TestWorstPattern(t *testing.T) {
	for _, c := range []struct {
		name, pattern, text string
	}{
		{"a pattern of one block", "*" + strings.Repeat("a?", 20) + "b*", strings.Repeat("a", 10<<10)},
		{"late b", "*" + strings.Repeat("a?", 2500) + "b*", strings.Repeat("a", 10<<10)},
		{"many stars", strings.Repeat("a?*", 1700) + "b", strings.Repeat("a", 10<<10)},
		{"long characters", "*" + strings.Repeat("é?", 1700) + "b*", strings.Repeat("é", 5<<10)},
		{"long characters behind one that is not there", "*" + strings.Repeat("é?", 1700) + "aé*b*", strings.Repeat("é", 5<<10) + "b"},
		{"that matches", "*" + strings.Repeat("a?", 2500) + "b*", strings.Repeat("a", 8<<10) + "b" + strings.Repeat("a", 2<<10)},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := pattern.MustCompile(pattern.Text, c.pattern)
			matched, steps := p.Steps(c.text)
			bound := (len(c.pattern) + 63) / 64 * len(c.text)
			assert.LessOrEqual(t, steps, bound)
			assert.GreaterOrEqual(t, steps, len(c.text))
			t.Logf("%d steps of at most %d: %.1f a byte", steps, bound, float64(steps)/float64(len(c.text)))
			assert.Equal(t, c.name == "that matches", matched)
			assert.Equal(t, matched, p.Match(c.text))
		})
	}
}

// Chunks of the text and blocks of the pattern meet without a seam.
func TestAutomatonSeams(t *testing.T) {
	patterns, texts := []int{62, 63, 64, 65, 127, 128, 129, 1000}, []int{1, 1020, 1021, 1022, 1023, 1024, 1025, 2048, 3000}
	if testing.Short() {
		patterns, texts = []int{63, 64, 129}, []int{1, 1022, 1025}
	}
	for _, n := range patterns {
		for _, m := range texts {
			for _, char := range []string{"a", "é", "€", "\xff", "\x80"} {
				text := strings.Repeat(char, m) + strings.Repeat("b", n)
				for written, want := range map[string]bool{
					"*" + strings.Repeat("?", n) + "b*":             true, // m ≥ 1
					"*?" + strings.Repeat("b", n) + "*":             true,
					"?*" + strings.Repeat("b", n):                   true,
					"*?" + strings.Repeat("b", n+1) + "*":           false,
					"*" + strings.Repeat("?", m+n) + "*":            true,
					"*" + strings.Repeat("?", m+n+1) + "*":          false,
					"*?*" + strings.Repeat("b", n-1) + "?*" + "x*y": false,
				} {
					p := pattern.MustCompile(pattern.Text, written)
					got, _ := p.Steps(text)
					require.Equal(t, want, got, "%d × %q, %d × b, pattern of %d bytes", m, char, n, len(written))
				}
			}
		}
	}
}

func TestGlobVersion(t *testing.T) {
	version, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "github.com/gobwas/glob").Output()
	require.NoError(t, err)
	assert.Regexp(t, `^v1\.[1-9]`, strings.TrimSpace(string(version)), "glob v0 matches wrongly and in cubic time")
}
