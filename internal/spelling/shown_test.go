package spelling_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/spelling"
)

func TestATerminalShowsAndDoesNotObey(t *testing.T) {
	for name, test := range map[string]struct{ text, shown string }{
		"words, lines and tabs stay":            {"a\tb\nc", "a\tb\nc"},
		"other scripts stay":                    {"日本語 שלום é 👩‍🚀", "日本語 שלום é 👩‍🚀"},
		"the replacement character stays":       {"\uFFFD", "\uFFFD"},
		"an escape":                             {"\x1b[31mred", `\u001b[31mred`},
		"a return to the beginning of the line": {"denied\rallowed", `denied\u000dallowed`},
		"a control of the second set":           {"\u009b2J", `\u009b2J`},
		"an override of the direction":          {"\u202eetirw", `\u202eetirw`},
		"an isolate":                            {"\u2066a\u2069", `\u2066a\u2069`},
		"a separator of lines":                  {"a\u2028b", `a\u2028b`},
		"a byte that is no UTF-8":               {"a\x9b2J", `a\x9b2J`},
		"a command for a runner":                {"::error::a\n\t ::b\na::c ##[d]", `:\u003aerror::a` + "\n\t :" + `\u003ab` + "\na::c ##" + `\u005bd]`},
		"half a character at the end":           {"a\xe6\x97", `a\xe6\x97`},
	} {
		assert.Equal(t, test.shown, spelling.Shown(test.text), name)
	}
}

// JSON that holds such characters stays JSON, and means the same.
func TestShownJSONMeansTheSame(t *testing.T) {
	const text = "a\x1b\x7f\u0085\u202e\u2028b"
	written, err := json.Marshal(text)
	require.NoError(t, err)
	var read string
	require.NoError(t, json.Unmarshal([]byte(spelling.Shown(string(written))), &read))
	assert.Equal(t, text, read)
}

func FuzzShown(f *testing.F) {
	for _, text := range []string{"a\x1b[31m", "::error::a", "a\n ##[b]", "\u202e", "a\xff", "é"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		shown := spelling.Shown(text)
		assert.Equal(t, shown, spelling.Shown(shown), "what is shown stays as it is")
		if !utf8.ValidString(text) {
			return
		}
		written, err := json.Marshal(text)
		require.NoError(t, err)
		var read string
		require.NoError(t, json.Unmarshal([]byte(spelling.Shown(string(written))), &read))
		assert.Equal(t, text, read)
	})
}
