package summary_test

import (
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

func TestManagedTable(t *testing.T) {
	x := prove.Prover{Catalog: catalog.Default()}
	var took []time.Duration
	var ratios []float64
	n, proved := 0, 0
	i := 0
	for p := range managed.Policies() {
		if i++; i%40 != 0 && !*everyManaged {
			continue
		}
		d, err := p.Document("")
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		began := time.Now()
		s, err := summary.Of(ctx, &x, policy.Identity, d)
		one := time.Since(began)
		cancel()
		require.NoError(t, err, p.Name())
		took = append(took, one)
		n++
		if s.Outcome() == prove.Proved {
			proved++
		} else {
			t.Logf("%s: %s / %s", p.Name(), s.Less, s.More)
		}
		text, err := d.MarshalJSON()
		require.NoError(t, err)
		var v any
		require.NoError(t, json.Unmarshal(text, &v))
		pretty, _ := json.MarshalIndent(v, "", "    ")
		lines := strings.Count(string(pretty), "\n") + 1
		own := wrap(s.Text())
		ratios = append(ratios, float64(strings.Count(own, "\n"))/float64(lines))
		if one > 500*time.Millisecond {
			t.Logf("%s took %v", p.Name(), one)
		}
	}
	slices.Sort(took)
	slices.Sort(ratios)
	t.Logf("%d policies, %d proved, p50 %v p99 %v max %v; ratio p50 %.3f p25 %.3f p75 %.3f p90 %.3f", n, proved, took[n/2], took[n*99/100], took[n-1], ratios[n/2], ratios[n/4], ratios[n*3/4], ratios[n*9/10])
	assert.NotEmpty(t, fmt.Sprint(n))
}

// wrap is a text on a terminal of 80 columns.
func wrap(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		column := 0
		for i, w := range strings.SplitAfter(line, " ") {
			if column+len(strings.TrimRight(w, " \n")) > 80 && i > 0 {
				b.WriteString("\n    ")
				column = 4
			}
			b.WriteString(w)
			column += len(w)
		}
	}
	return b.String()
}
