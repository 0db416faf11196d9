package bounds_test

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A row is what an entry costs for inputs of several sizes.
type row struct {
	entry
	sizes []int
	costs []cost
}

// TestTable prints what each entry costs for a quarter of its size, for all of it
// and for four times as much: with -v, or to a page and a picture with
// IAMSIM_UPDATE=1.
func TestTable(t *testing.T) {
	updating := os.Getenv("IAMSIM_UPDATE") == "1"
	if !updating && !testing.Verbose() {
		t.Skip("-v prints the table, IAMSIM_UPDATE=1 writes it")
	}
	defer steady()()
	var rows []row
	for _, e := range entries(t) {
		r := row{entry: e}
		for _, size := range [3]int{e.size / times, e.size, e.size * times} {
			r.sizes = append(r.sizes, size)
			run := e.prepare(size)
			c := measure(run)
			for range 3 {
				again := measure(run)
				c = cost{min(c.time, again.time), min(c.bytes, again.bytes)}
			}
			r.costs = append(r.costs, c)
		}
		rows = append(rows, r)
	}
	table := tableOf(rows)
	t.Log("\n" + table)
	if updating {
		page := fmt.Sprintf(pageText, table, runtime.GOOS, runtime.GOARCH)
		require.NoError(t, os.WriteFile("README.md", []byte(page), 0o644))
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(filepath.Join("testdata", "worst.svg"), plot(rows), 0o644))
	}
}

const pageText = `# What hostile input costs

Each entry of the library with the input that is worst for it, as far as we know. The time is that of the processor, the memory all that was
allocated. "Growth" is how much more four times the input takes: 4 is in proportion, 16 would be quadratic. A number below 4 stops at a limit.

%s
Measured on %s/%s. This page and the [picture](testdata/worst.svg) are written by

    IAMSIM_UPDATE=1 go test ./internal/bounds -run Table

` + "`go test ./internal/bounds`" + ` holds the growth below 8. The limits: a document has 1 MiB (` + "`policy.Parser`" + `) and 32 levels, and of its faults 1,000 are told;
an ARN has 2,048 bytes; a file of policies 8 MiB, of scenarios 64 MiB; a text of denials 8 MiB. What a request leaves open is explored for about
a million comparisons; beyond, ` + "`MissingIsExact`" + ` is false and there is no residual. A decision takes time in proportion to document ×
request: at most 50 ms (a test) for 20,480 bytes, the largest policy that AWS stores, with values of 2,048 bytes and variables of 256. Proofs, diffs and redundant statements have budgets of their own, and say what they left.
`

func tableOf(rows []row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %-26s | %-40s | %8s | %9s | %9s | %6s | %6s |\n", "Call", "Input", "Bytes", "Time", "Memory", "Growth", "of mem")
	fmt.Fprintf(&b, "|%s|%s|%s|%s|%s|%s|%s|\n", strings.Repeat("-", 28), strings.Repeat("-", 42),
		strings.Repeat("-", 9)+":", strings.Repeat("-", 10)+":", strings.Repeat("-", 10)+":", strings.Repeat("-", 7)+":", strings.Repeat("-", 7)+":")
	for _, r := range rows {
		once, more := r.costs[1], r.costs[2]
		fmt.Fprintf(&b, "| %-26s | %-40s | %8d | %9s | %6d KB | %6s | %6s |\n", r.call, r.input, r.sizes[2], rounded(more.time), more.bytes>>10,
			growth(int64(once.time), int64(more.time), int64(leastTime)), growth(int64(once.bytes), int64(more.bytes), leastBytes))
	}
	return b.String()
}

func rounded(d time.Duration) string { return d.Round(max(time.Microsecond, d/100)).String() }

// growth is how much more the longer input takes; "" for what costs next to
// nothing.
func growth(once, more, least int64) string {
	if more < least {
		return ""
	}
	return fmt.Sprintf("%.1f", float64(more)/float64(max(once, 1)))
}

// plot draws the times on scales of powers of ten, a line for each entry; beside
// them how linear and quadratic ones would rise.
func plot(rows []row) []byte {
	const (
		width, height   = 900, 600
		left, top       = 70, 20
		right, bottom   = width - 20, height - 50
		fewest, most    = 2, 6  // powers of ten of bytes
		fastest, lowest = -6, 0 // powers of ten of seconds
	)
	x := func(bytes float64) float64 {
		return left + (math.Log10(bytes)-fewest)/(most-fewest)*(right-left)
	}
	y := func(seconds float64) float64 {
		return bottom - (math.Log10(max(seconds, 1e-6))-fastest)/(lowest-fastest)*(bottom-top)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="white"/>`+"\n", width, height)
	for power := fewest; power <= most; power++ {
		at := x(math.Pow10(power))
		fmt.Fprintf(&b, `<path d="M%.1f %dV%d" stroke="#ddd"/><text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n", at, top, bottom, at, bottom+18,
			[...]string{"100", "1,000", "10,000", "100,000", "1,000,000"}[power-fewest])
	}
	for power := fastest; power <= lowest; power++ {
		at := y(math.Pow10(power))
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n", left, at, right, left-6, at+4,
			[...]string{"1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s"}[power-fastest])
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle">bytes of input</text>`+"\n", (left+right)/2, height-10)
	for slope, name := range [...]string{1: "linear", 2: "quadratic"} {
		if name == "" {
			continue
		}
		const from, to = 1000, 10_000
		start := 1e-3
		end := start * math.Pow(to/from, float64(slope))
		fmt.Fprintf(&b, `<path d="M%.1f %.1fL%.1f %.1f" stroke="#c33" stroke-width="2" stroke-dasharray="6 4"/><text x="%.1f" y="%.1f" fill="#c33">%s</text>`+"\n",
			x(from), y(start), x(to), y(end), x(to)+4, y(end), name)
	}
	for i, r := range rows {
		var points []string
		for j, size := range r.sizes {
			points = append(points, fmt.Sprintf("%.1f,%.1f", x(float64(size)), y(r.costs[j].time.Seconds())))
		}
		fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="hsl(%d,60%%,40%%)" stroke-width="1.5"><title>%s: %s</title></polyline>`+"\n",
			strings.Join(points, " "), i*37%360, html.EscapeString(r.call), html.EscapeString(r.input))
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}
