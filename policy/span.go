package policy

import (
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/internal/jsontext"
)

// Text is the text that was parsed; "" for a document built in Go.
func (d *Document) Text() string { return d.source.text }

// Span finds an element as [Document.Position] does, and its end: the bytes of
// [Document.Text] from one offset to the other. Both marks are zero where there is
// no such element.
func (d *Document) Span(path ...any) (from, to Mark) {
	if from = d.mark(path); from.Line == 0 {
		return Mark{}, Mark{}
	}
	text := d.source.text[from.Offset:]
	end := []fault{{Error: new(Error), offset: valueEnd(text)}}
	d.source.locate(text, from, end)
	return from, Mark{from.Offset + end[0].offset, end[0].Line, end[0].Column}
}

// KeySpan is [Document.Span] for the name of the last step of the path, in its
// quotes: the operator of a condition instead of all that is behind it. Both marks
// are zero for what has no name.
func (d *Document) KeySpan(path ...any) (from, to Mark) {
	value := d.mark(path)
	if value.Line == 0 {
		return Mark{}, Mark{}
	}
	const space = " \t\r\n"
	before := strings.TrimRight(d.source.text[:value.Offset], space)
	key, named := strings.CutSuffix(before, ":")
	key = strings.TrimRight(key, space)
	if !named || !strings.HasSuffix(key, `"`) {
		return Mark{}, Mark{}
	}
	begin := stringStart(key)
	if between := d.source.text[begin:value.Offset]; !strings.Contains(between, "\n") {
		from = Mark{begin, value.Line, value.Column - utf8.RuneCountInString(between)}
		return from, Mark{len(key), value.Line, from.Column + utf8.RuneCountInString(key[begin:])}
	}
	marks := []fault{{Error: new(Error), offset: begin}, {Error: new(Error), offset: len(key)}}
	d.source.locate(d.source.text, beginning, marks)
	return Mark{begin, marks[0].Line, marks[0].Column}, Mark{len(key), marks[1].Line, marks[1].Column}
}

// stringStart is the offset of the quote that begins the string at the end of a
// text.
func stringStart(text string) int {
	for i := len(text) - 1; ; {
		if i = strings.LastIndexByte(text[:i], '"'); i < 0 {
			return 0
		}
		backslashes := len(text[:i]) - len(strings.TrimRight(text[:i], `\`))
		if backslashes%2 == 0 {
			return i
		}
	}
}

// valueEnd is where the JSON value ends that a valid text begins with.
func valueEnd(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i = jsontext.StringEnd(text, i)
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		switch {
		case depth < 0: // of what is around the value
			return i
		case depth == 0:
			return i + 1
		}
	}
	return len(text)
}
