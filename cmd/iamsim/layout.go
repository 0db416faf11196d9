package main

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/iamsim/iamsim/internal/spelling"
)

// columns is how many columns of a terminal a text takes: characters of East Asian
// scripts and pictures take two, marks that combine with others and the escapes of
// styles none.
func columns(text string) int {
	n := 0
	escape := false
	for _, r := range text {
		switch {
		case escape || r == '\x1b':
			escape = r != 'm'
		case r < 0x300:
			n++
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case wide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

func wide(r rune) bool {
	kind := width.LookupRune(r).Kind()
	return kind == width.EastAsianWide || kind == width.EastAsianFullwidth
}

// wrapped are the lines of a text that are no wider than most, if that can be: they
// end between words, so that an ARN stays whole. With 0 the text is one line.
func wrapped(text string, most int) []string {
	if most <= 0 || columns(text) <= most {
		return []string{text}
	}
	var lines []string
	for columns(text) > most {
		end := 0 // of the words that fit
		for i, r := range text {
			if r != ' ' || strings.TrimLeft(text[:i], " ") == "" {
				continue
			}
			if columns(text[:i]) > most && end > 0 {
				break
			}
			if end = i; columns(text[:i]) > most {
				break
			}
		}
		if end == 0 {
			break // one word
		}
		lines = append(lines, text[:end])
		text = strings.TrimLeft(text[end:], " ")
	}
	return append(lines, text)
}

// oneLine is a text, shown, on one line.
func oneLine(text string) string {
	return strings.NewReplacer("\n", `\u000a`, "\t", `\u0009`).Replace(spelling.Shown(text))
}

// narrowest is how narrow a column is made.
const narrowest = 24

// aligned are the lines of each row of a table, whose columns are as wide as their
// widest cells. Where that is wider than most (0: any width), the widest column is
// made narrower and its cells take several lines. looks are the styles of cells; nil
// is plain.
func (s *sheet) aligned(rows [][]string, looks func(cell string) style) []string {
	return s.alignedTo(make([]int, len(rows[0])), rows, looks)
}

// alignedTo is aligned with columns that are at least as wide as given, and gives the
// widths that they have.
func (s *sheet) alignedTo(widths []int, rows [][]string, looks func(cell string) style) []string {
	shown := make([][]string, len(rows))
	for i, row := range rows {
		for k, cell := range row {
			cell = oneLine(cell)
			shown[i] = append(shown[i], cell)
			widths[k] = max(widths[k], columns(cell))
		}
	}
	whole := 2 * (len(widths) - 1)
	for _, w := range widths {
		whole += w
	}
	if s.width > 0 && whole > s.width {
		widest := slices.Index(widths, slices.Max(widths))
		widths[widest] = min(widths[widest], max(widths[widest]-(whole-s.width), narrowest))
	}
	lines := make([]string, len(rows))
	for i, row := range shown {
		lines[i] = s.row(row, widths, looks)
	}
	return lines
}

// row is one row of a table, on as many lines as its cells need.
func (s *sheet) row(cells []string, widths []int, looks func(cell string) style) string {
	parts := make([][]string, len(cells))
	height := 1
	for k, cell := range cells {
		parts[k] = []string{cell}
		if columns(cell) > widths[k] {
			parts[k] = wrapped(cell, widths[k])
		}
		height = max(height, len(parts[k]))
	}
	lines := make([]string, height)
	for i := range lines {
		var line strings.Builder
		for k := range parts {
			part := ""
			if i < len(parts[k]) {
				part = parts[k][i]
			}
			look := plain
			if looks != nil {
				look = looks(cells[k])
			}
			line.WriteString(s.styled(look, part) + strings.Repeat(" ", max(widths[k]-columns(part), 0)+2))
		}
		lines[i] = strings.TrimRight(line.String(), " ")
	}
	return strings.Join(lines, "\n")
}

// paragraph is a text that begins some columns in, and goes on two further.
func (s *sheet) paragraph(indent int, text string) string {
	most := 0
	if s.width > 0 {
		most = max(s.width-indent-2, narrowest)
	}
	lines := wrapped(oneLine(text), most)
	begin := strings.Repeat(" ", indent)
	return begin + strings.Join(lines, "\n"+begin+"  ")
}

// flowed is a text whose lines are as wide as the sheet at most. A line goes on hang
// columns in, or two columns further than it begins.
func (s *sheet) flowed(text string, hang int) string {
	if s.width <= 0 {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		line, ended := strings.CutSuffix(line, "\n")
		indent := columns(line) - columns(strings.TrimLeft(line, " "))
		in := hang
		if indent > 0 {
			in = indent + 2
		}
		rest := strings.Repeat(" ", in)
		if first, further := firstLine(line, s.width); further != "" {
			b.WriteString(first)
			for _, part := range wrapped(further, max(s.width-in, narrowest)) {
				b.WriteString("\n" + rest + part)
			}
		} else {
			b.WriteString(line)
		}
		if ended {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// firstLine is what of a text fits into a line, and what is left.
func firstLine(text string, most int) (first, further string) {
	first = wrapped(text, most)[0]
	return first, strings.TrimLeft(text[len(first):], " ")
}

// tables are printed one after the other, with an empty line between.
type tables struct {
	on    *sheet
	begun bool
	err   error
}

// print prints rows, the first of which is the head; a head alone is left out.
func (t *tables) print(rows [][]string) {
	if len(rows) == 1 {
		return
	}
	text := strings.Join(t.on.aligned(rows, nil), "\n") + "\n"
	if t.begun {
		text = "\n" + text
	}
	t.begun = true
	if err := t.on.marked(text); t.err == nil {
		t.err = err
	}
}
