package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestColumns(t *testing.T) {
	for text, n := range map[string]int{
		"": 0, "role": 4, "é": 1, "e\u0301": 1, "日本": 4, "ﾊﾝ": 2, "🚀": 2, "\x1b[1;31mFAIL\x1b[0m": 4,
	} {
		assert.Equal(t, n, columns(text), "%q", text)
	}
}

func TestLinesEndBetweenWords(t *testing.T) {
	const arn = "arn:aws:lambda:us-east-1:123456789012:function:orders"
	for name, test := range map[string]struct {
		text  string
		most  int
		lines []string
	}{
		"a text that fits stays":                 {"a b  c", 6, []string{"a b  c"}},
		"without a width it is one line":         {"a b c d", 0, []string{"a b c d"}},
		"it ends before the word that is beyond": {"the user may not", 9, []string{"the user", "may not"}},
		"a word that ends at the edge stays":     {"the user may", 8, []string{"the user", "may"}},
		"an ARN is whole, and alone":             {"on " + arn + " because", 20, []string{"on", arn, "because"}},
		"a first word that is too wide stays":    {arn + " is", 10, []string{arn, "is"}},
		"one word is one line":                   {arn, 10, []string{arn}},
		"wide characters count twice":            {"日本 日本 日本", 9, []string{"日本 日本", "日本"}},
		"what is before the first word is kept":  {"   a b", 4, []string{"   a", "b"}},
	} {
		assert.Equal(t, test.lines, wrapped(test.text, test.most), name)
	}
}

func TestFlowedTextHangs(t *testing.T) {
	s := &sheet{width: 34}
	assert.Equal(t, strings.Join([]string{
		"hint     the ARN of a function",
		"         alone does not cover its",
		"         versions",
		"    User: alice is not authorized",
		"      to perform",
		"short", "",
	}, "\n"), s.flowed("hint     the ARN of a function alone does not cover its versions\n    User: alice is not authorized to perform\nshort\n", 9))
	assert.Equal(t, "as it is, however wide", (&sheet{}).flowed("as it is, however wide", 9))
}

// The widest column gives way; wide characters are under each other.
func TestTablesKeepToTheWidth(t *testing.T) {
	rows := [][]string{{"NAME", "DECISION"}, {"the deploy role updates the function", "allowed"}, {"日本語", "implicitDeny"}}
	assert.Equal(t, []string{
		"NAME                      DECISION",
		"the deploy role updates   allowed\nthe function",
		"日本語                    implicitDeny",
	}, (&sheet{width: 38}).aligned(rows, nil))
	assert.Equal(t, "the deploy role updates the function  allowed", (&sheet{}).aligned(rows, nil)[1])
}
