package iamtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
)

// markdownTable finds the lines of the one matrix in a Markdown file, by the
// rules of GitHub's tables: a header, a rule with as many cells, and rows up to
// an empty line or another block; the outer bars may be left out. What looks
// like a part of it and is none is a fault, for no row may go unchecked.
func markdownTable(path string, lines []string) (begin, end int, fault error) {
	at := func(i int, format string, args ...any) error {
		return fmt.Errorf("%s:%d: "+format, append([]any{path, i + 1}, args...)...)
	}
	fence := ""
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		if mark := fenceOf(line); mark != "" && (fence == "" || strings.HasPrefix(mark, fence) && mark == line) {
			if fence == "" {
				fence = mark
			} else {
				fence = ""
			}
			continue
		}
		if fence != "" {
			continue
		}
		cells := columns(line)
		switch {
		case len(cells) > 2 && fold.Equal(cells[0], header[0]) && fold.Equal(cells[1], header[1]):
			switch {
			case i+1 == len(lines) || !isRule(lines[i+1], len(cells)):
				return 0, 0, at(i, "the header has no rule under it, with as many cells: write |---|---| and so on")
			case begin < end:
				return 0, 0, at(i, "a second matrix: write its rows into the one of line %d, or into a file of their own", begin+1)
			}
			begin = i
			for i += 2; i < len(lines) && continues(lines[i]); i++ {
			}
			end = i
			i--
		case begin < end && line != "" && line[0] == '|' && len(cells) == len(columns(lines[begin])) && slices.ContainsFunc(cells[2:], isCell):
			return 0, 0, at(i, "a row that is none of the matrix: write it without an empty line before it")
		}
	}
	return begin, end, nil
}

// continues: the line is a row of the table above it. A line with a bar that
// begins as another block does is taken for a row, and its action found to be
// none.
func continues(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && (strings.Contains(line, "|") || !strings.ContainsAny(line[:1], "#>-*+<") && fenceOf(line) == "")
}

// fenceOf is the mark with which the line begins or ends code; "" for another
// line.
func fenceOf(line string) string {
	for _, mark := range []string{"`", "~"} {
		if n := len(line) - len(strings.TrimLeft(line, mark)); n >= 3 && !strings.Contains(line[n:], "`") {
			return line[:n]
		}
	}
	return ""
}

// isRule: the line has so many cells of hyphens, with a colon where a column is
// aligned.
func isRule(line string, n int) bool {
	cells := columns(line)
	for _, cell := range cells {
		cell = strings.TrimSuffix(strings.TrimPrefix(cell, ":"), ":")
		if cell == "" || strings.Trim(cell, "-") != "" {
			return false
		}
	}
	return len(cells) == n
}

// isCell: the text is one that a matrix has under a principal.
func isCell(text string) bool {
	_, ok := claims[text]
	return ok
}

// columns are the cells of a line of a table. A bar behind a backslash is one of
// the text, and code marks around a cell do not count.
func columns(line string) []string {
	line = strings.TrimPrefix(strings.TrimSpace(line), "|")
	var cells []string
	var cell strings.Builder
	add := func() {
		cells = append(cells, strings.Trim(strings.TrimSpace(cell.String()), "`"))
		cell.Reset()
	}
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line) && line[i+1] == '|':
			cell.WriteByte('|')
			i++
		case line[i] == '|':
			add()
		default:
			cell.WriteByte(line[i])
		}
	}
	if !strings.HasSuffix(line, "|") || cell.Len() > 0 {
		add()
	}
	return cells
}
