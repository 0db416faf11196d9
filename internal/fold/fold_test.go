package fold_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

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

// On ASCII all are what package strings does with texts in lower case.
func TestAsPackageStringsInLowerCase(t *testing.T) {
	text := rapid.StringOf(rapid.RuneFrom([]rune("aAbB[{@`")))
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		x, y := strings.ToLower(a), strings.ToLower(b)
		require.Equal(t, x, fold.String(a))
		require.Equal(t, x == y, fold.Equal(a, b))
		require.Equal(t, strings.Compare(x, y), sign(fold.Compare(a, b)))
		require.Equal(t, strings.HasPrefix(x, y), fold.HasPrefix(a, b))
		require.Equal(t, strings.HasSuffix(x, y), fold.HasSuffix(a, b))
		require.Equal(t, strings.Index(x, y), fold.Index(a, b))
	})
}

func sign(n int) int { return min(max(n, -1), 1) }
