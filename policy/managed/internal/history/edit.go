package history

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// apply makes lines from those of the version above.
func apply(above []string, edit string) ([]string, error) {
	lines := make([]string, 0, len(above)+strings.Count(edit, "\n"))
	for line := range strings.Lines(edit) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] != '=' && line[0] != '~' {
			lines = append(lines, line)
			continue
		}
		n, err := strconv.Atoi(line[1:])
		if err != nil || n < 0 || n > len(above) {
			return nil, fmt.Errorf("%q of %d lines", line, len(above))
		}
		if line[0] == '=' {
			lines = append(lines, above[:n]...)
		}
		above = above[n:]
	}
	return append(lines, above...), nil
}

// edit is what makes the lines of b from those of a.
func edit(a, b []string) []string {
	common := commonLines(a, b)
	var out []string
	count := func(op string, n int) {
		if n > 0 {
			out = append(out, op+strconv.Itoa(n))
		}
	}
	i, j, kept := 0, 0, 0
	for _, pair := range append(common, [2]int{len(a), len(b)}) {
		if pair[0] > i || pair[1] > j {
			count("=", kept)
			count("~", pair[0]-i)
			out = append(out, b[j:pair[1]]...)
			kept = 0
		}
		i, j = pair[0]+1, pair[1]+1
		kept++
	}
	return out
}

// commonLines are the indexes of a longest sequence of lines that both have, by
// the algorithm of Myers: the shortest way from one corner of the grid to the
// other, where a diagonal step over equal lines is free.
func commonLines(a, b []string) [][2]int {
	most := len(a) + len(b)
	reached := make([]int, 2*most+2) // by diagonal, x-y: the largest x
	var trace [][]int
	for d := 0; d <= most; d++ {
		trace = append(trace, slices.Clone(reached[most-d:most+d+2]))
		for k := -d; k <= d; k += 2 {
			var x int
			if k == -d || k != d && reached[most+k-1] < reached[most+k+1] {
				x = reached[most+k+1]
			} else {
				x = reached[most+k-1] + 1
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			reached[most+k] = x
			if x >= len(a) && x-k >= len(b) {
				return walkBack(a, b, trace)
			}
		}
	}
	return nil // both are empty
}

// walkBack follows the steps of commonLines from the end.
func walkBack(a, b []string, trace [][]int) [][2]int {
	var common [][2]int
	x, y := len(a), len(b)
	for d := len(trace) - 1; d >= 0; d-- {
		at := func(k int) int { return trace[d][k+d] }
		k := x - y
		from := k - 1
		if k == -d || k != d && at(k-1) < at(k+1) {
			from = k + 1
		}
		beginX, beginY := 0, 0
		if d > 0 {
			beginX, beginY = at(from), at(from)-from
		}
		for x > beginX && y > beginY {
			x, y = x-1, y-1
			common = append(common, [2]int{x, y})
		}
		x, y = beginX, beginY
	}
	slices.Reverse(common)
	return common
}
