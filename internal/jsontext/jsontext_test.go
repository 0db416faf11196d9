package jsontext_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/jsontext"
)

func TestCheck(t *testing.T) {
	for sentence, c := range map[string]struct {
		text string
		want *jsontext.Fault
	}{
		"an object is safe":                          {`{"a": [1, "]]]]]"]}`, nil},
		"brackets in strings have no depth":          {`"[[[[[\"[[[[["`, nil},
		"a byte that is none of a character":         {"[\"a\xff\"]", &jsontext.Fault{Kind: jsontext.NotUTF8, Offset: 3, Message: "byte 0xff is not UTF-8"}},
		"one bracket too many":                       {"[[[[]]]]", &jsontext.Fault{Kind: jsontext.TooDeep, Offset: 3, Message: "nested more than 3 levels deep"}},
		"depth comes before validity":                {"[{[{", &jsontext.Fault{Kind: jsontext.TooDeep, Offset: 3, Message: "nested more than 3 levels deep"}},
		"nothing":                                    {" \n", &jsontext.Fault{Kind: jsontext.Empty, Message: "is empty"}},
		"a byte order mark":                          {"\ufeff{}", &jsontext.Fault{Kind: jsontext.ByteOrderMark, Message: "begins with a byte order mark (U+FEFF), which JSON does not allow"}},
		"a comma too many":                           {`[1,]`, &jsontext.Fault{Kind: jsontext.NotJSON, Offset: 3, Message: "not JSON: invalid character ']' looking for beginning of value; take away the comma before it"}},
		"a comma too many in an object":              {"{\"a\": 1,\n}", &jsontext.Fault{Kind: jsontext.NotJSON, Offset: 9, Message: "not JSON: invalid character '}' looking for beginning of object key string; take away the comma before it"}},
		"a comma too few":                            {"{\"a\": \"b\"\n\"c\": 1}", &jsontext.Fault{Kind: jsontext.NotJSON, Offset: 10, Message: "not JSON: invalid character '\"' after object key:value pair; a comma is missing before it"}},
		"a comma too few in a list of objects":       {`[{} {}]`, &jsontext.Fault{Kind: jsontext.NotJSON, Offset: 4, Message: "not JSON: invalid character '{' after array element; a comma is missing before it"}},
		"quotes of a word processor":                 {"{“a”: 1}", &jsontext.Fault{Kind: jsontext.NotJSON, Offset: 1, Message: "not JSON: invalid character '“' looking for beginning of object key string; JSON has straight double quotes: \""}},
		"single quotes":                              {"{'a': 1}", &jsontext.Fault{Kind: jsontext.NotJSON, Offset: 1, Message: "not JSON: invalid character '\\'' looking for beginning of object key string; JSON has straight double quotes: \""}},
		"a comment":                                  {"[1, // one\n2]", &jsontext.Fault{Kind: jsontext.NotJSON, Offset: 4, Message: "not JSON: invalid character '/' looking for beginning of value; JSON has no comments"}},
		"a character of another script":              {"[é]", &jsontext.Fault{Kind: jsontext.NotJSON, Offset: 1, Message: "not JSON: invalid character 'é' looking for beginning of value"}},
		"a second value":                             {`{} {}`, &jsontext.Fault{Kind: jsontext.NotJSON, Offset: 3, Message: `not JSON: there is more after the end of the document: "{}"`}},
		"a text that ends in the middle":             {`{"a":`, &jsontext.Fault{Kind: jsontext.NotJSON, Offset: 5, Message: "not JSON: the text ends in the middle"}},
		"a string without end hides what follows it": {`["[[[[`, &jsontext.Fault{Kind: jsontext.NotJSON, Offset: 6, Message: "not JSON: the text ends in the middle"}},
	} {
		t.Run(sentence, func(t *testing.T) { assert.Equal(t, c.want, jsontext.Check(c.text, 3)) })
	}
}

func TestCheckValidMeasuresWhatCouldHarm(t *testing.T) {
	few := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	assert.Nil(t, jsontext.CheckValid(few, 3))
	require.NotNil(t, jsontext.CheckDepth(few, 3))
	many := strings.Repeat("[", 8<<20)
	fault := jsontext.CheckValid(many, 3)
	require.NotNil(t, fault)
	assert.Equal(t, jsontext.TooDeep, fault.Kind)
}
