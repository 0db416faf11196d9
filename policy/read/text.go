package read

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/iamsim/iamsim/internal/jsontext"
	"github.com/iamsim/iamsim/policy"
)

// A text is a part of a file, decoded perhaps, and knows where it stands there.
type text struct {
	string
	marks []policy.Mark // the first at 0
}

// whole is a text that is all of its file.
func whole(s string) text { return text{s, []policy.Mark{beginning}} }

// beginning is where a file begins.
var beginning = policy.Mark{Line: 1, Column: 1}

// place is where a byte of the text stands in the file.
func (t *text) place(offset int) (line, column int) {
	c := cursor{text: t, next: sort.Search(len(t.marks), func(i int) bool { return t.marks[i].Offset > offset }) - 1}
	return c.place(offset)
}

// A cursor goes forward through a text and tells where it is.
type cursor struct {
	*text
	at   policy.Mark
	next int // of the marks
}

// place is where a byte stands that lies not before the last one.
func (c *cursor) place(offset int) (line, column int) {
	for ; c.next < len(c.marks) && c.marks[c.next].Offset <= offset; c.next++ {
		c.at = c.marks[c.next]
	}
	passed := c.string[c.at.Offset:offset]
	if lines := strings.Count(passed, "\n"); lines > 0 {
		c.at.Line += lines
		c.at.Column = 1
		passed = passed[strings.LastIndexByte(passed, '\n')+1:]
	}
	c.at.Column += utf8.RuneCountInString(passed)
	c.at.Offset = offset
	return c.at.Line, c.at.Column
}

// A writer makes a text out of the pieces of another one, from its beginning to
// its end.
type writer struct {
	from cursor
	out  strings.Builder
	made []policy.Mark
}

func newWriter(t text) *writer { return &writer{from: cursor{text: &t}} }

// put writes what stands in the place of a byte.
func (w *writer) put(at int, s string) {
	line, column := w.from.place(at)
	w.made = append(w.made, policy.Mark{Offset: w.out.Len(), Line: line, Column: column})
	w.out.WriteString(s)
}

// copy takes bytes over as they are.
func (w *writer) copy(from, to int) {
	shift := w.out.Len() - from
	w.put(from, w.from.string[from:to])
	for _, m := range w.from.marks[w.from.next:] {
		if m.Offset >= to {
			break
		}
		m.Offset += shift
		w.made = append(w.made, m)
	}
}

// text is what was written.
func (w *writer) text() text { return text{w.out.String(), w.made} }

// cut is a part of the text.
func (t text) cut(from, to int) text {
	w := newWriter(t)
	w.copy(from, to)
	return w.text()
}

// unquote is what a valid JSON string says whose first quote is at start.
func (t text) unquote(start int) text {
	w, end := newWriter(t), jsontext.StringEnd(t.string, start)
	for i := start + 1; i < end; {
		if t.string[i] != '\\' {
			plain, _, _ := strings.Cut(t.string[i:end], `\`)
			w.copy(i, i+len(plain))
			i += len(plain)
			continue
		}
		r, size := unescape(t.string[i:end])
		w.put(i, string(r))
		i += size
	}
	w.put(end, "") // where it ends is a place, too
	return w.text()
}

// unescape is the character that an escape of a valid JSON string stands for, and
// how long the escape is. Half a surrogate pair is U+FFFD.
func unescape(s string) (r rune, size int) {
	if s[1] != 'u' {
		r, _ = utf8.DecodeRuneInString(controls.Replace(s[1:2]))
		return r, 2
	}
	high := hexadecimal(s[2:6])
	if !utf16.IsSurrogate(high) {
		return high, 6
	}
	if len(s) >= 12 && s[6:8] == `\u` {
		if pair := utf16.DecodeRune(high, hexadecimal(s[8:12])); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

// controls are the characters that a letter behind a backslash stands for.
var controls = strings.NewReplacer("b", "\b", "f", "\f", "n", "\n", "r", "\r", "t", "\t")

// hexadecimal is the number that valid digits write.
func hexadecimal(digits string) rune {
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil {
		return utf8.RuneError
	}
	return rune(n)
}
