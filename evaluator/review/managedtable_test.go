package review_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
	"github.com/iamsim/iamsim/policy/catalog"
	"github.com/iamsim/iamsim/policy/managed"
)

var (
	everyManaged = flag.Bool("managed.all", false, "review all AWS managed policies, and not one in 40")
	tableFile    = flag.String("managed.table", "", "file that the table of managed policies is written to")
)

// A review is how long a question about a managed policy took, and how many
// parts of its answer stayed undecided.
type managedReview struct {
	name      string
	took      time.Duration
	undecided int
}

// managedTable is a row for each question.
func managedTable(rows map[string][]managedReview) string {
	var b strings.Builder
	b.WriteString("| Question | Count | Undecided | p50 | p99 | Longest |\n|---|---:|---:|---:|---:|---|\n")
	for _, question := range []string{"redundant", "diff"} {
		list := rows[question]
		slices.SortFunc(list, func(a, b managedReview) int { return int(a.took - b.took) })
		n, undecided := len(list), 0
		for _, r := range list {
			if r.undecided > 0 {
				undecided++
			}
		}
		last := list[n-1]
		fmt.Fprintf(&b, "| %s | %d | %d | %s | %s | %s, %s |\n", question, n, undecided,
			list[n/2].took.Round(10*time.Microsecond), list[n*99/100].took.Round(time.Millisecond), last.took.Round(time.Millisecond), last.name)
	}
	return b.String()
}

// TestManagedTable prints how long the statements of each AWS managed policy
// take to review, and each version compared with the one before:
//
//	go test ./evaluator/review -run ManagedTable -v -args -managed.all
//
// Without the flag it takes one policy in 40.
func TestManagedTable(t *testing.T) {
	const limit = 30 * time.Second // far beyond the goal of 2 s: machines differ
	x := prove.Prover{Catalog: catalog.Default()}
	rows := map[string][]managedReview{}
	ask := func(question, name string, answer func(context.Context) (undecided int, err error)) {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		began := time.Now()
		undecided, err := answer(ctx)
		r := managedReview{name, time.Since(began), undecided}
		require.NoError(t, err, name)
		assert.NoError(t, ctx.Err(), "%s of %s", question, name)
		if undecided > 0 {
			t.Logf("%s of %s: %d undecided", question, name, undecided)
		}
		rows[question] = append(rows[question], r)
	}
	i := 0
	for p := range managed.Policies() {
		if i++; i%40 != 0 && !*everyManaged {
			continue
		}
		d, err := p.Document("")
		require.NoError(t, err)
		ask("redundant", p.Name(), func(ctx context.Context) (int, error) {
			list, err := review.Statements(ctx, &x, d)
			return len(slices.DeleteFunc(list, func(s review.Statement) bool { return s.Finding != review.Undecided })), err
		})
		versions := p.Versions()
		for k := 1; k < len(versions); k++ {
			before, err := p.Document(versions[k-1].ID)
			require.NoError(t, err)
			after, err := p.Document(versions[k].ID)
			require.NoError(t, err)
			ask("diff", p.Name()+" "+versions[k].ID, func(ctx context.Context) (int, error) {
				c, err := review.Compare(ctx, &x, prove.Identity(before), prove.Identity(after))
				if err != nil {
					return 0, err
				}
				undecided := 0
				for _, a := range slices.Concat(c.Gained, c.Lost, []review.Access{{Verdict: c.Gain}, {Verdict: c.Loss}}) {
					if a.Verdict.Outcome == prove.Unknown {
						undecided++
					}
				}
				return undecided, nil
			})
		}
	}
	table := managedTable(rows)
	t.Log("\n" + table)
	if *tableFile != "" {
		require.NoError(t, os.WriteFile(*tableFile, []byte(table), 0o666))
	}
}
