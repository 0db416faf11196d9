package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/evaluator/validate"
)

// A page is a text in which findings are underlined. Their places are mostly asked
// for in ascending order, and then cost no more than one walk over the text, however
// long its lines are.
type page struct {
	lines []string

	number         int  // the line that was shown last
	plain          bool // it is shown as it is
	offset, column int  // a place in it, in bytes and characters
}

// pageOf is a page of a text; one of no lines where that is not UTF-8.
func pageOf(text string) *page {
	if text == "" || !utf8.ValidString(text) {
		return &page{}
	}
	return &page{lines: strings.Split(text, "\n")}
}

// longestLine is how much of a line is shown, in characters.
const longestLine = 160

// underline shows the line of a finding, within some columns; 0 for any number.
func (p *page) underline(b *strings.Builder, f *validate.Finding, columns int) {
	if f.From.Line < 1 || f.From.Line > len(p.lines) || f.From.Column == 0 {
		return
	}
	line := p.lines[f.From.Line-1]
	if f.From.Line != p.number {
		p.number, p.plain, p.offset, p.column = f.From.Line, shown(line) == line, 0, 1
	}
	if !p.plain {
		return
	}
	number := fmt.Sprint(f.From.Line)
	longest := longestLine
	if columns > 0 {
		longest = max(20, min(longest, columns-len("     | ")-len(number)-1))
	}
	at := p.at(line, f.From.Column)
	before := lastOf(line[:at], longest)
	runes := []rune(strings.ReplaceAll(before+firstOf(line[at:], 2*longest), "\t", " "))
	begin := utf8.RuneCountInString(before)
	end := begin + f.To.Column - f.From.Column
	switch {
	case at == len(line):
		end = begin + 1
	case f.To.Line == 0:
		end = tokenEnd(runes, begin)
	case f.To.Line != f.From.Line: // where it begins says enough
		end = begin + 1
	}
	from := max(0, min(begin-longest/4, len(runes)-longest))
	runes = runes[from:min(len(runes), from+longest)]
	begin, end = begin-from, min(end-from, len(runes)+1)
	fmt.Fprintf(b, "    %s | %s\n    %s | %s%s\n", number, strings.TrimRight(string(runes), " \r"), strings.Repeat(" ", len(number)),
		strings.Repeat(" ", begin), strings.Repeat("^", max(1, end-begin)))
}

// at is the offset of a column of the line that is shown, or its end.
func (p *page) at(line string, column int) int {
	if column < p.column {
		p.offset, p.column = 0, 1
	}
	for ; p.column < column && p.offset < len(line); p.column++ {
		_, size := utf8.DecodeRuneInString(line[p.offset:])
		p.offset += size
	}
	return p.offset
}

// firstOf are the first characters of a text.
func firstOf(text string, characters int) string {
	for i := range text {
		if characters--; characters < 0 {
			return text[:i]
		}
	}
	return text
}

// lastOf are the last characters of a text.
func lastOf(text string, characters int) string {
	begin := len(text)
	for ; begin > 0 && characters > 0; characters-- {
		_, size := utf8.DecodeLastRuneInString(text[:begin])
		begin -= size
	}
	return text[begin:]
}

// tokenEnd is where what begins at a character of a JSON text ends: a string, or
// one character.
func tokenEnd(runes []rune, begin int) int {
	if runes[begin] != '"' {
		return begin + 1
	}
	for i := begin + 1; i < len(runes); i++ {
		switch runes[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(runes)
}
