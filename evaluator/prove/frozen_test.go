package prove_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/golden"
)

// A verdict stays what it was recorded to be. The letters p, r and u are of random
// pairs in the order of their numbers, proved, refuted or unknown within a small
// budget. What was proved is refuted, or the other way about, by new rules alone.
func TestVerdictsStayAsTheyWereRecorded(t *testing.T) {
	const file, length, rows = "testdata/verdicts.txt", 50, 10
	letters := map[prove.Outcome]byte{prove.Proved: 'p', prove.Refuted: 'r', prove.Unknown: 'u'}
	var now strings.Builder
	fmt.Fprintf(&now, "rules %s\n", evaluator.Version)
	for i := range rows * length {
		p := newGenerator(10, uint64(i)).pair()
		v, err := (&prove.Prover{Budget: 1 << 14}).Within(t.Context(), p.p, p.q)
		require.NoError(t, err)
		now.WriteByte(letters[v.Outcome])
		if i%length == length-1 {
			now.WriteByte('\n')
		}
	}
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	before, was, _ := strings.Cut(string(text), "\n")
	after, is, _ := strings.Cut(now.String(), "\n")
	require.Equal(t, len(was), len(is))
	for i := range was {
		if was[i] == is[i] || golden.Updating() && (before != after || was[i] == 'u' || is[i] == 'u') {
			continue
		}
		n := i - i/(length+1) // without the ends of lines
		p := newGenerator(10, uint64(n)).pair()
		t.Fatalf("pair %d was %c, and is %c. If that is meant, CHANGELOG.md says why, and IAMSIM_UPDATE=1 go test ./evaluator/prove -run Recorded records it:\n%s\nwithin\n%s",
			n, was[i], is[i], show(p.p), show(p.q))
	}
	if golden.Updating() {
		require.NoError(t, os.WriteFile(file, []byte(now.String()), 0o644))
		return
	}
	require.Equal(t, before, after, "the rules are new: IAMSIM_UPDATE=1 go test ./evaluator/prove -run Recorded")
}
