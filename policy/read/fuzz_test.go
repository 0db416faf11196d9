package read_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/read"
)

// FuzzPolicy wants no panic from any text; a fault or a statement has a line of
// the text; a document that is found says what it says when it is written anew.
func FuzzPolicy(f *testing.F) {
	for _, form := range forms {
		f.Add([]byte(form.src))
	}
	for _, seed := range []string{
		"", "%", "%7", "{\x00", "\xff\xfe", "a: |\n", "a: |2\n  {", "? a\n: &x [*x]\n", `"\ud800\udc00\ud800"`, "- \"\\x41\"\n", "a: !!binary x\n", "Statement: >\n  a\n\n  b\n",
		"a: 'it''s'\nStatement: {Effect: \"\\u0041llow\"}\n", `{"Policy":{"Policy":{}}}`, `[{"Effect":1},[]]`, "%25%37%42",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		lines := strings.Count(string(src), "\n") + strings.Count(string(src), "\r") + 1 // each may end one
		found, err := read.Policy("fuzz", src)
		if err != nil {
			var faults policy.Errors
			require.ErrorAs(t, err, &faults)
			require.NotEmpty(t, faults)
			for _, fault := range faults {
				if fault.Code != policy.Code("too-large") {
					assert.True(t, fault.Line >= 1 && fault.Line <= lines && fault.Column >= 1, "%s", fault)
				}
			}
			return
		}
		for i := range found.Document.Statements {
			line, column := found.Document.Position("Statement", i)
			assert.True(t, line >= 1 && line <= lines && column >= 1, "statement %d at %d:%d", i, line, column)
		}
		text, err := found.Document.MarshalJSON()
		require.NoError(t, err)
		again, err := policy.Parse("", text)
		require.NoError(t, err)
		assert.Equal(t, found.Document.Statements, again.Statements)
	})
}
