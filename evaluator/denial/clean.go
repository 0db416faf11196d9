package denial

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A source is a text without what terminals, logs and pages put around it, and
// the lines of the original.
type source struct {
	text string
	// starts are the offsets in text at which its lines begin, numbers the lines
	// of the original that they come from, from 1.
	starts, numbers []int
}

// lineOf is the line of the original in which an offset of the text stands.
func (s *source) lineOf(offset int) int {
	if len(s.starts) == 0 {
		return 1
	}
	i, found := slices.BinarySearch(s.starts, offset)
	if !found {
		i--
	}
	return s.numbers[i]
}

// undecorated takes from every line what is not the text's own: escapes of
// terminals, characters that are not seen, the bars of boxes, a time or a name
// that a log puts before each line. It keeps the number of lines.
func undecorated(text string) string {
	if !needsCleaning(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for line := range strings.Lines(text) {
		b.WriteString(bare(line))
	}
	return b.String()
}

// unwrapped takes off an undecorated text what quotes it within another:
// Markdown, HTML, the escapes of JSON, and these within each other. A line that
// holds escaped line breaks becomes several.
func unwrapped(text string) source {
	tags := closedTags(text)
	var s source
	lines := strings.Count(text, "\n") + 1
	s.starts, s.numbers = make([]int, 0, lines), make([]int, 0, lines)
	var b strings.Builder
	b.Grow(len(text))
	number := 0
	for line := range strings.Lines(text) {
		number++
		if !strings.ContainsAny(line, wrapping) && !strings.Contains(line, "\xe2\x80") {
			s.starts, s.numbers = append(s.starts, b.Len()), append(s.numbers, number)
			b.WriteString(line)
			continue
		}
		for part := range strings.Lines(unwrappedLine(line, tags)) {
			s.starts, s.numbers = append(s.starts, b.Len()), append(s.numbers, number)
			b.WriteString(part)
		}
	}
	s.text = b.String()
	return s
}

// unwrappedLine takes off one layer after the other.
func unwrappedLine(line string, tags map[string]bool) string {
	const deepest = 6
	if strings.Contains(line, "\xe2\x80") { // as all typographic quotes begin
		line = plainQuotes.Replace(line)
	}
	for range deepest {
		if !strings.ContainsAny(line, wrapping) {
			break
		}
		inner := withoutEntities(undecorated(unescaped(line)))
		tagged := strings.Contains(inner, "<")
		if inner = undecorated(withoutMarkdown(withoutTags(inner, tags))); tagged {
			inner = withoutBlankLines(inner)
		}
		if inner == line {
			break
		}
		line = inner
	}
	return line
}

var plainQuotes = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`)

// needsCleaning reports whether a line may hold decoration at all.
func needsCleaning(text string) bool {
	for line := range strings.Lines(text) {
		if i := strings.IndexFunc(line, func(r rune) bool { return r == '\x1b' || r == '\r' || r >= utf8.RuneSelf }); i >= 0 {
			return true
		}
		if prefixLength(strings.TrimSuffix(line, "\n")) > 0 || strings.Contains(line, "[0m") {
			return true
		}
	}
	return false
}

// bare is a line without decoration. Its line break stays, as a line feed.
func bare(line string) string {
	content, broken := strings.CutSuffix(line, "\n")
	end := ""
	if broken {
		end = "\n"
	}
	content = visible(content)
	for {
		n := prefixLength(content)
		if n == 0 {
			break
		}
		content = content[n:]
	}
	return withoutRightBar(content) + end
}

// visible is a line without escapes of terminals and characters that are not
// seen. Blanks of all kinds become spaces.
func visible(line string) string {
	i := strings.IndexFunc(line, func(r rune) bool { return r == '\x1b' || r >= utf8.RuneSelf || r == '[' || r == '^' || r == '\r' })
	if i < 0 {
		return line
	}
	var b strings.Builder
	b.WriteString(line[:i])
	for i < len(line) {
		if n := escapeLength(line[i:]); n > 0 {
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(line[i:])
		switch {
		case r == '\r':
		case r < utf8.RuneSelf:
			b.WriteByte(line[i])
		case isUnseen(r):
		case isWideBlank(r):
			b.WriteByte(' ')
		default:
			b.WriteString(line[i : i+n])
		}
		i += n
	}
	return b.String()
}

// escapeLength is the length of a terminal's escape that a text begins with,
// also of one that lost its first character on the way: "[0m", "^[[1;31m".
func escapeLength(text string) int {
	at := 0
	switch {
	case strings.HasPrefix(text, "\x1b]"): // a title or a link, ended by BEL or ST
		const longest = 4 << 10
		if end := strings.IndexAny(text[:min(len(text), longest)], "\x07\\"); end >= 0 {
			return end + 1
		}
		return 2
	case strings.HasPrefix(text, "\x1b"):
		at = 1
	case strings.HasPrefix(text, "^["):
		at = 2
	}
	if at >= len(text) || text[at] != '[' {
		if at == 1 {
			return 1
		}
		return 0
	}
	parameters := at + 1
	end := parameters
	for end < len(text) && (isDigit(text[end]) || text[end] == ';' || text[end] == '?') {
		end++
	}
	switch {
	case end == len(text):
		return 0
	case at > 0 && text[end] >= '@' && text[end] <= '~':
		return end + 1
	case at == 0 && end > parameters && text[end] == 'm': // colours alone
		return end + 1
	}
	return 0
}

// isUnseen: zero-width spaces and joiners, marks of direction, the soft hyphen
// and the byte order mark.
func isUnseen(r rune) bool {
	return r == '\u00AD' || r >= '\u200B' && r <= '\u200F' || r >= '\u202A' && r <= '\u202E' || r >= '\u2060' && r <= '\u2064' || r >= '\u2066' && r <= '\u2069' || r == '\uFEFF'
}

// isWideBlank: the no-break space, and spaces of other widths.
func isWideBlank(r rune) bool {
	return r == '\u00A0' || r == '\u1680' || r >= '\u2000' && r <= '\u200A' || r == '\u202F' || r == '\u205F' || r == '\u3000'
}

// withoutRightBar is a line without the right side of a box, if it has one.
func withoutRightBar(line string) string {
	if !strings.HasSuffix(line, "│") && !strings.HasSuffix(line, "┃") && !strings.HasSuffix(line, "║") {
		return line
	}
	return strings.TrimRight(line, "│┃║ \t")
}
