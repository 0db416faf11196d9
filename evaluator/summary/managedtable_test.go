package summary_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
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

// A question is how long summaries took, how many are proved, and how long they are.
type question struct {
	name, slowest string
	proved        int
	times         []time.Duration
	parts         []float64 // of the lines of what they summarize
}

func (q *question) add(name string, took time.Duration, proved bool, lines, of int) {
	if len(q.times) == 0 || took > slices.Max(q.times) {
		q.slowest = name
	}
	if proved {
		q.proved++
	}
	q.times, q.parts = append(q.times, took), append(q.parts, float64(lines)/float64(of))
}

func (q *question) row() string {
	slices.Sort(q.times)
	slices.Sort(q.parts)
	n := len(q.times)
	return fmt.Sprintf("| %s | %d | %d | %.2f | %.2f | %s | %s | %s, %s |\n", q.name, n, q.proved, q.parts[n/2], q.parts[n*9/10],
		q.times[n/2].Round(10*time.Microsecond), q.times[n*99/100].Round(time.Millisecond), q.times[n-1].Round(time.Millisecond), q.slowest)
}

// TestManagedTable prints of AWS managed policies, and of each change to the version
// of today, how many are proved equal to their summaries, how long these are on a
// terminal of 80 columns, as a part of the lines of the document as the AWS CLI
// prints it, and how long they take:
//
//	go test ./evaluator/summary -run ManagedTable -v -args -managed.all
//
// Without the flag it takes one policy in 40.
func TestManagedTable(t *testing.T) {
	const limit = 30 * time.Second // far beyond the goal of 1 s: machines differ
	x := prove.Prover{Catalog: catalog.Default()}
	policies, changes := question{name: "policies"}, question{name: "changes"}
	i := 0
	for p := range managed.Policies() {
		if i++; i%40 != 0 && !*everyManaged {
			continue
		}
		d, err := p.Document("")
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		began := time.Now()
		s, err := summary.Of(ctx, &x, policy.Identity, d)
		require.NoError(t, err, p.Name())
		policies.add(p.Name(), time.Since(began), s.Outcome() == prove.Proved, linesOf(s.Text()), linesAsPrinted(t, d))
		if s.Outcome() != prove.Proved {
			t.Logf("%s: %s", p.Name(), s.Conclusion())
		}
		versions := p.Versions()
		if len(versions) < 2 {
			continue
		}
		before, err := p.Document(versions[len(versions)-2].ID)
		require.NoError(t, err)
		began = time.Now()
		c, err := summary.Compare(ctx, &x, policy.Identity, []*policy.Document{before}, []*policy.Document{d})
		require.NoError(t, err, p.Name())
		proved := c.Gained.Beyond.Outcome == prove.Proved && c.Lost.Beyond.Outcome == prove.Proved && c.Gained.Undecided == nil && c.Lost.Undecided == nil
		changes.add(p.Name(), time.Since(began), proved, linesOf(c.Text()), linesAsPrinted(t, d))
		if !proved {
			t.Logf("the change of %s:\n%s", p.Name(), c.Text())
		}
	}
	t.Log("\n| Summaries of | Count | Proved | Length, median | p90 | p50 | p99 | Longest |\n|---|---:|---:|---:|---:|---:|---:|---|\n" + policies.row() + changes.row())
	for _, q := range []question{policies, changes} {
		assert.GreaterOrEqual(t, q.proved*100, len(q.times)*99, "of %d %s %d are proved", len(q.times), q.name, q.proved)
		assert.LessOrEqual(t, q.parts[len(q.parts)/2], 0.2, "the median length of %s", q.name)
	}
}

// linesAsPrinted is how many lines a document has as the AWS CLI prints it.
func linesAsPrinted(t *testing.T, d *policy.Document) int {
	t.Helper()
	text, err := d.MarshalJSON()
	require.NoError(t, err)
	var pretty bytes.Buffer
	require.NoError(t, json.Indent(&pretty, text, "", "    "))
	return strings.Count(pretty.String(), "\n") + 1
}

// linesOf is how many lines a text has on a terminal of 80 columns.
func linesOf(text string) int {
	count := 0
	for line := range strings.Lines(text) {
		count++
		column := 0
		for i, word := range strings.SplitAfter(line, " ") {
			if column+len(strings.TrimRight(word, " \n")) > 80 && i > 0 {
				count++
				column = 4
			}
			column += len(word)
		}
	}
	return count
}
