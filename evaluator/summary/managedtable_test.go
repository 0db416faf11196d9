package summary_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/summary"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
	"github.com/iamsim/iamsim/policy/managed"
)

var everyManaged = flag.Bool("managed.all", false, "summarize all AWS managed policies, and not one in 40")

// TestManagedTable prints how many AWS managed policies are proved equal to their
// summaries, how long these are on a terminal of 80 columns, as a part of the lines
// of the document as the AWS CLI prints it, and how long they take:
//
//	go test ./evaluator/summary -run ManagedTable -v -args -managed.all
//
// Without the flag it takes one policy in 40.
func TestManagedTable(t *testing.T) {
	const limit = 30 * time.Second // far beyond the goal of 1 s: machines differ
	x := prove.Prover{Catalog: catalog.Default()}
	var times []time.Duration
	var parts []float64
	proved, slowest := 0, ""
	i := 0
	for p := range managed.Policies() {
		if i++; i%40 != 0 && !*everyManaged {
			continue
		}
		d, err := p.Document("")
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		began := time.Now()
		s, err := summary.Of(ctx, &x, policy.Identity, d)
		took := time.Since(began)
		cancel()
		require.NoError(t, err, p.Name())
		if len(times) == 0 || took > slices.Max(times) {
			slowest = p.Name()
		}
		times = append(times, took)
		if s.Outcome() == prove.Proved {
			proved++
		} else {
			t.Logf("%s: %s", p.Name(), s.Conclusion())
		}
		parts = append(parts, float64(strings.Count(onTerminal(s.Text()), "\n"))/float64(linesOf(t, d)))
	}
	n := len(times)
	slices.Sort(times)
	slices.Sort(parts)
	t.Logf("\n| Policies | Proved | Length, median | p90 | p50 | p99 | Longest |\n|---:|---:|---:|---:|---:|---:|---|\n| %d | %d | %.2f | %.2f | %s | %s | %s, %s |",
		n, proved, parts[n/2], parts[n*9/10], times[n/2].Round(10*time.Microsecond), times[n*99/100].Round(time.Millisecond), times[n-1].Round(time.Millisecond), slowest)
	assert.GreaterOrEqual(t, proved*100, n*99, "of %d policies %d are proved", n, proved)
	assert.LessOrEqual(t, parts[n/2], 0.2, "the median length")
}

// linesOf is how many lines a document has as the AWS CLI prints it.
func linesOf(t *testing.T, d *policy.Document) int {
	t.Helper()
	text, err := d.MarshalJSON()
	require.NoError(t, err)
	var pretty bytes.Buffer
	require.NoError(t, json.Indent(&pretty, text, "", "    "))
	return strings.Count(pretty.String(), "\n") + 1
}

// onTerminal is a text on a terminal of 80 columns.
func onTerminal(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		column := 0
		for i, word := range strings.SplitAfter(line, " ") {
			if column+len(strings.TrimRight(word, " \n")) > 80 && i > 0 {
				b.WriteString("\n    ")
				column = 4
			}
			b.WriteString(word)
			column += len(word)
		}
	}
	return b.String()
}
