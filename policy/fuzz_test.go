package policy_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
)

// FuzzParse wants no panic from any text; of a document that parses, that it
// survives JSON and every check; of a fault, a place inside the text.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/managed/*.policy.json")
	require.NoError(f, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		if len(text) < 2000 {
			f.Add(string(text))
		}
	}
	for _, seed := range []string{
		"", "\ufeff{}", "{}\x00", `{"a":` + strings.Repeat("[", 40), `{"Statement":[{}]}`,
		condition(`"StringEquals":{"k:x":["${a, 'b'}","${"],"K:X":[1,true]},"NullIfExists":{}`),
		allowing(`"Principal":{"AWS":["*","arn:aws:sts::111122223333:assumed-role/a/b"],"AWS":"x"}`),
		statement(`"\u0045ffect":"Allow","Effect":"Deny","Action":"\ud800:*"`),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		doc, err := policy.ParseString("fuzz", src)
		if err != nil {
			placed(t, src, err)
			return
		}
		roundTrip(t, doc)
		for _, kind := range everyKind {
			if err := doc.Check(kind); err != nil {
				placed(t, src, err)
			}
		}
	})
}

// placed fails unless every fault has a place in the text, in ascending order.
func placed(t *testing.T, src string, err error) {
	var faults policy.Errors
	require.True(t, errors.As(err, &faults) && len(faults) > 0, "%v", err)
	lines := strings.Split(src, "\n")
	line, column := 1, 1
	for _, fault := range faults {
		if fault.Code == policy.Code("too-large") {
			continue
		}
		require.True(t, fault.Line > line || fault.Line == line && fault.Column >= column, "%v is out of order", fault)
		line, column = fault.Line, fault.Column
		require.LessOrEqual(t, line, len(lines), "%v", fault)
		require.LessOrEqual(t, column, utf8.RuneCountInString(lines[line-1])+1, "%v", fault)
		require.NotEmpty(t, fault.Message)
		require.NotEmpty(t, fault.Code)
	}
}
