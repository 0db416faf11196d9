package variable_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/variable"
)

func TestParse(t *testing.T) {
	type pieces = []variable.Piece
	for _, c := range []struct {
		sentence, in string
		want         pieces
	}{
		{"nothing", "", nil},
		{"text", "abc", pieces{{Text: "abc"}}},
		{"a variable (C-40)", "${aws:username}", pieces{{Key: "aws:username"}}},
		{"a key keeps its letters", "x${AWS:UserName}y", pieces{{Text: "x"}, {Key: "AWS:UserName"}, {Text: "y"}}},
		{"a tag key (C-47)", "${aws:PrincipalTag/my+team=a}", pieces{{Key: "aws:PrincipalTag/my+team=a"}}},
		{"a default (C-45)", "${k, 'company-wide'}", pieces{{Key: "k", Default: "company-wide", HasDefault: true}}},
		{"an empty default (L-10)", "${k, ''}", pieces{{Key: "k", HasDefault: true}}},
		{"a default with signs", "${k, 'a, ${b} *'}x", pieces{{Key: "k", Default: "a, ${b} *", HasDefault: true}, {Text: "x"}}},
		{"the constants (C-46)", "a${*}${?}${$}", pieces{{Text: "a"}, {Text: "*", Literal: true}, {Text: "?", Literal: true}, {Text: "$", Literal: true}}},
		{"a lone dollar (C-49)", "$a$$ $LATEST$", pieces{{Text: "$a$$ $LATEST$"}}},
		{"a dollar before a variable", "$${k}", pieces{{Text: "$"}, {Key: "k"}}},
		{"braces alone are text", "{k}", pieces{{Text: "{k}"}}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			got, err := variable.Parse(c.in)
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}

func TestParseFaults(t *testing.T) {
	type fault struct {
		code   variable.Code
		offset int
		text   string
	}
	for _, c := range []struct {
		sentence, in string
		want         []fault
	}{
		{"no brace", "a${k", []fault{{variable.MissingBrace, 1, "${k"}}},
		{"no brace before the next variable", "${k${l}", []fault{{variable.MissingBrace, 0, "${k"}}},
		{"no brace after the default", "${k, 'a'", []fault{{variable.MissingBrace, 0, "${k, 'a'"}}},
		{"text between the default and the brace", "${k, 'a'b}", []fault{{variable.MissingBrace, 0, "${k, 'a'"}}},
		{"nothing but the next variable", "${${k}", []fault{{variable.MissingBrace, 0, "${"}}},
		{"no quotes", "${k, a}b", []fault{{variable.MissingQuote, 0, "${k, a}"}}},
		{"no quotes before the next variable", "${k, a${l}", []fault{{variable.MissingQuote, 0, "${k, a"}}},
		{"no end of quotes", "${k, 'a}b", []fault{{variable.MissingQuote, 0, "${k, 'a}"}}},
		{"nothing after the comma", "${k,", []fault{{variable.MissingQuote, 0, "${k,"}}},
		{"a space in the key", "${aws username}", []fault{{variable.UnsupportedSpace, 0, "${aws username}"}}},
		{"a space before the key", "${ k}", []fault{{variable.UnsupportedSpace, 0, "${ k}"}}},
		{"no space before the default", "${k,'a'}", []fault{{variable.UnsupportedSpace, 0, "${k,'a'}"}}},
		{"two spaces before the default", "${k,  'a'}", []fault{{variable.UnsupportedSpace, 0, "${k,  'a'}"}}},
		{"a tab before the default", "${k,\t'a'}", []fault{{variable.UnsupportedSpace, 0, "${k,\t'a'}"}}},
		{"a space after the default", "${k, 'a' }x", []fault{{variable.UnsupportedSpace, 0, "${k, 'a' }"}}},
		{"no key", "${}", []fault{{variable.EmptyVariable, 0, "${}"}}},
		{"a default without key", "${, 'a'}", []fault{{variable.EmptyVariable, 0, "${, 'a'}"}}},
		{"three faults", "${}-${k, a}-${l}-${m", []fault{
			{variable.EmptyVariable, 0, "${}"}, {variable.MissingQuote, 4, "${k, a}"}, {variable.MissingBrace, 17, "${m"}}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			pieces, err := variable.Parse(c.in)
			require.Error(t, err)
			assert.Nil(t, pieces)
			var got []fault
			for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
				e := e.(*variable.Error)
				got = append(got, fault{e.Code, e.Offset, e.Text})
			}
			assert.Equal(t, c.want, got)
		})
	}
	for in, want := range map[string]string{
		"a${k, b}": `missing quote in variable "${k, b}" at byte 1`,
		"a${k":     `missing brace in variable "${k" at byte 1`,
		"a${ k}":   `unsupported space in variable "${ k}" at byte 1`,
		"a${}":     `no key in variable "${}" at byte 1`,
	} {
		_, err := variable.Parse(in)
		assert.EqualError(t, err, want)
	}
}

// FuzzParse: what parses is written back as it was, and what does not names
// faults that lie in the text.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"a${k}b", "${k, 'x'}${*}", "${", "${}", "${k, a}", "$${$}", "${k, 'a' }"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		pieces, err := variable.Parse(s)
		if err != nil {
			end := 0
			for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
				e := e.(*variable.Error)
				if e.Offset < end || !strings.HasPrefix(s[e.Offset:], e.Text) || !strings.HasPrefix(e.Text, "${") {
					t.Fatalf("%q: %v", s, e)
				}
				end = e.Offset + len(e.Text)
			}
			return
		}
		var b strings.Builder
		text := false
		for _, p := range pieces {
			isText := p.Key == "" && !p.Literal
			if text && isText || p.Key == "" && p.Text == "" {
				t.Fatalf("%q: pieces %q", s, pieces)
			}
			text = isText
			b.WriteString(p.String())
		}
		if b.String() != s {
			t.Fatalf("%q is written back as %q", s, b.String())
		}
		if len(pieces) > 1 && !variable.Has(s) {
			t.Fatalf("%q: Has is false", s)
		}
	})
}
