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
	at := func(i int, format string, args ...any) (int, int, error) {
		return 0, 0, fmt.Errorf("%s:%d: "+format, append([]any{path, i + 1}, args...)...)
	}
	hidden := hiddenLines(lines)
	rows := func(i int) int {
		for i < len(lines) && !hidden[i] && continues(lines[i]) {
			i++
		}
		return i
	}
	for i := 0; i < len(lines); i++ {
		if hidden[i] {
			continue
		}
		line := strings.TrimSpace(lines[i])
		if quoted := strings.TrimLeft(line, "> "); quoted != line {
			if isHeader(columns(quoted)) {
				return at(i, "a matrix in a quotation: write it without the > before it")
			}
			continue
		}
		cells := columns(line)
		ruled := i+1 < len(lines) && isRule(lines[i+1], len(cells))
		switch {
		case isHeader(cells) && !ruled:
			return at(i, "the header has no rule under it, with as many cells: write |---|---| and so on")
		case isHeader(cells) && begin < end:
			return at(i, "a second matrix: write its rows into the one of line %d, or into a file of their own", begin+1)
		case isHeader(cells):
			begin, end = i, rows(i+2)
			i = end - 1
		case ruled && len(cells) > 1: // another table
			i = rows(i+2) - 1
		case begin < end && len(cells) == len(columns(lines[begin])) && slices.ContainsFunc(cells[2:], isCell):
			return at(i, "a row that is none of the matrix: write it without an empty line before it")
		}
	}
	return begin, end, nil
}

func isHeader(cells []string) bool {
	return len(cells) > 2 && fold.Equal(cells[0], header[0]) && fold.Equal(cells[1], header[1])
}

// hiddenLines are those of code and comments.
func hiddenLines(lines []string) []bool {
	hidden := make([]bool, len(lines))
	fence, comment, code, blank := "", false, false, true
	for i, line := range lines {
		text := strings.TrimSpace(line)
		deep := strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t")
		mark := fenceOf(text)
		hidden[i] = true
		switch {
		case fence != "":
			if !deep && mark == text && strings.HasPrefix(mark, fence) {
				fence = ""
			}
		case comment:
			comment = !strings.Contains(text, "-->")
		case deep && text != "" && (blank || code):
			code = true
		case !deep && mark != "":
			fence = mark
		case strings.HasPrefix(text, "<!--"):
			comment = !strings.Contains(text[len("<!--"):], "-->")
		default:
			hidden[i] = false
			code = code && text == ""
		}
		blank = text == ""
	}
	return hidden
}

// continues: the line is a row of the table above it. A line with a bar that
// begins as another block does is taken for a row, and its action found to be
// none.
func continues(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && (strings.Contains(line, "|") || !beginsBlock(line))
}

// beginsBlock: the line is a heading, a quotation, an item of a list, a break,
// or HTML.
func beginsBlock(line string) bool {
	first, _, _ := strings.Cut(line, " ")
	switch {
	case first == "-", first == "+", first == "*", len(first) <= 6 && strings.Trim(first, "#") == "":
		return true
	case len(line) >= 3 && (strings.Trim(line, "- ") == "" || strings.Trim(line, "* ") == "" || strings.Trim(line, "_ ") == ""):
		return true
	}
	return line[0] == '>' || line[0] == '<' || fenceOf(line) != ""
}

// fenceOf is the mark with which the line begins or ends code; "" for another
// line.
func fenceOf(line string) string {
	for _, mark := range []string{"`", "~"} {
		if n := len(line) - len(strings.TrimLeft(line, mark)); n >= 3 && (mark == "~" || !strings.Contains(line[n:], mark)) {
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
	_, ok := claims[fold.String(text)]
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
