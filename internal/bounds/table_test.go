package bounds_test

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(800))
	for _, e := range entries() {
		if p := os.Getenv("E"); p != "" && !strings.Contains(e.call+" "+e.input, p) {
			continue
		}
		a, b := measure(e.prepare(e.size)), measure(e.prepare(4*e.size))
		fmt.Printf("%-24s %-38s %7d %10s %10s %5.1f  %7d %8d KB %5.1f\n", e.call, e.input, e.size, a.time, b.time,
			float64(b.time)/float64(a.time), a.bytes>>10, b.bytes>>10, float64(b.bytes)/float64(a.bytes+1))
	}
}
