package fold_test

import (
	"cmp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/fold"
)

func TestOnlyASCIILettersAreTheSameInEitherCase(t *testing.T) {
	for name, c := range map[string]struct {
		a, b  string
		equal bool
	}{
		"letters in either case":                    {"aws:SourceIp", "AWS:sourceip", true},
		"another letter":                            {"aws:SourceIp", "aws:SourceId", false},
		"a longer text":                             {"aws:Source", "aws:SourceIp", false},
		"the Kelvin sign is no k":                   {"kms", "\u212Ams", false},
		"the long s is no s":                        {"s3", "\u017F3", false},
		"letters beyond ASCII keep their case":      {"\u00E9", "\u00C9", false},
		"symbols 32 apart, as letters of ASCII are": {"[", "{", false},
		"nothing": {"", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.equal, fold.Equal(c.a, c.b))
			assert.Equal(t, c.equal, fold.Compare(c.a, c.b) == 0)
			assert.Equal(t, c.equal, fold.String(c.a) == fold.String(c.b))
		})
	}
}

// On ASCII all are what package strings does with texts in lower case: here with
// all pairs of short texts of letters and the signs beside them.
func TestAsPackageStringsInLowerCase(t *testing.T) {
	texts := []string{""}
	for i := 0; len(texts[i]) < 3; i++ {
		for _, c := range "aAzZ@[`{" {
			texts = append(texts, texts[i]+string(c))
		}
	}
	for _, a := range texts {
		x := strings.ToLower(a)
		require.Equal(t, x, fold.String(a))
		for _, b := range texts {
			y := strings.ToLower(b)
			if (x == y) != fold.Equal(a, b) || strings.Compare(x, y) != cmp.Compare(fold.Compare(a, b), 0) ||
				strings.HasPrefix(x, y) != fold.HasPrefix(a, b) || strings.HasSuffix(x, y) != fold.HasSuffix(a, b) ||
				strings.Index(x, y) != fold.Index(a, b) {
				t.Fatalf("%q and %q: Equal %v, Compare %d, HasPrefix %v, HasSuffix %v, Index %d", a, b,
					fold.Equal(a, b), fold.Compare(a, b), fold.HasPrefix(a, b), fold.HasSuffix(a, b), fold.Index(a, b))
			}
		}
	}
}
