package typed_test

import (
	"cmp"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/typed"
)

// What is read as a number or a date is what its exact value is written as, and
// stands to others as the exact values stand.
func FuzzValues(f *testing.F) {
	for _, text := range []string{"", "0", "-0", "5", "-1.50", "00.10", "1e3", "253402387142", "2026-01-01T00:00:00Z", "2016-12-31T23:59:60.5-23:59", "2026", "10.0.0.0/8", "::ffff:1.2.3.4", "YWJj", "tRUE"} {
		f.Add(text, "5")
		f.Add(text, "2026-06-01")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		require.Equal(t, typed.IsBool(a), typed.IsBool(strings.ToUpper(a)) && len(a) == len(strings.ToUpper(a)), "%q", a)
		if typed.IsBinary(a) {
			require.Zero(t, len(a)%4, "%q", a)
		}
		if ip, ok := typed.Address(a); ok {
			require.True(t, ip.IsValid())
		}
		if r, ok := typed.Range(a); ok {
			require.True(t, r.IsValid())
		}
		if len(a)+len(b) > 1000 {
			return
		}
		m, isNumber := typed.ParseNumber(a)
		n, both := typed.ParseNumber(b)
		if isNumber {
			agrees(t, a, m.Rat(), typed.NumberText, func(s string) (*big.Rat, bool) { n, ok := typed.ParseNumber(s); return n.Rat(), ok })
		}
		if isNumber && both {
			require.Equal(t, m.Rat().Cmp(n.Rat()), cmp.Compare(m.Compare(&n), 0), "%s and %s", a, b)
		}
		i, isInstant := typed.ParseInstant(a)
		j, both := typed.ParseInstant(b)
		if isInstant {
			agrees(t, a, i.Rat(), typed.InstantText, func(s string) (*big.Rat, bool) { i, ok := typed.ParseInstant(s); return i.Rat(), ok })
		}
		if isInstant && both {
			require.Equal(t, i.Rat().Cmp(j.Rat()), cmp.Compare(i.Compare(&j), 0), "%s and %s", a, b)
		}
	})
}

// agrees: the value that is written is read again.
func agrees(t *testing.T, text string, v *big.Rat, write func(*big.Rat) string, read func(string) (*big.Rat, bool)) {
	t.Helper()
	again, ok := read(write(v))
	require.True(t, ok, "%s is written %s", text, write(v))
	require.Zero(t, v.Cmp(again), "%s is written %s", text, write(v))
}
