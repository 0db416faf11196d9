package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/scenario"
)

// denials prints as many results as wanted, each with a name of that many bytes.
func denials(t *testing.T, to io.Writer, count int, length func(i int) int) {
	t.Helper()
	const one = `{"request": {"principal": "arn:aws:iam::111122223333:user/a", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}, "policies": {}}`
	var result *scenario.Result
	for s, err := range scenario.Stream("a.json", strings.NewReader(one), nil) {
		require.NoError(t, err)
		var e scenario.Evaluator
		result = e.Evaluate(s)
	}
	p := newPrinter("text", newSheet(to))
	for i := range count {
		r := *result
		r.Name = strings.Repeat("a", length(i))
		require.NoError(t, p.print(nil, &r))
	}
	require.NoError(t, p.end())
}

// However many scenarios there are, no more than some thousands of rows are kept.
func TestATableTakesBoundedMemory(t *testing.T) {
	inUse := func(count int) int64 {
		var most uint64
		denials(t, io.Discard, count, func(i int) int {
			if i%3000 == 0 {
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
			return 30
		})
		return int64(most)
	}
	few, many := inUse(6_000), inUse(24_000)
	assert.Less(t, many-few, int64(1<<20), "%d bytes for 6,000 rows, %d for 24,000", few, many)
}

func TestATableThatGoesOnStaysAligned(t *testing.T) {
	var text bytes.Buffer
	const longer = heldBack + 10
	s := newSheet(&text)
	p := &table{out: s}
	for i := range heldBack + 20 {
		name := strings.Repeat("a", 10)
		if i == longer {
			name += "aaaaa"
		}
		require.NoError(t, p.print(nil, &scenario.Result{Name: name, Err: errors.New("why")}))
	}
	require.NoError(t, p.end())
	require.NoError(t, s.flush())
	lines := strings.Split(text.String(), "\n")
	assert.Equal(t, 1, strings.Count(text.String(), "SCENARIO"))
	before, after := strings.Index(lines[1], "error"), strings.Index(lines[len(lines)-5], "error")
	assert.Equal(t, strings.Index(lines[0], "RESULT"), before, lines[1])
	assert.Equal(t, before+len("aaaaa"), after, lines[len(lines)-5])
	assert.Contains(t, lines[len(lines)-2], fmt.Sprintf("scenarios: %d,", heldBack+20))
}
