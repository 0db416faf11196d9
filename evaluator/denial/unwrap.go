package denial

import (
	"html"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// wrapping are the characters without which nothing is quoted within another
// text.
const wrapping = "\\&<`*_["

// unescaped undoes the escapes of JSON, of programs that print JSON in JSON, of
// Markdown and of shells: a run of backslashes counts as one.
func unescaped(line string) string {
	i := strings.IndexByte(line, '\\')
	if i < 0 {
		return line
	}
	var b strings.Builder
	b.WriteString(line[:i])
	for i < len(line) {
		if line[i] != '\\' {
			b.WriteByte(line[i])
			i++
			continue
		}
		begin := i
		for i < len(line) && line[i] == '\\' {
			i++
		}
		if i == len(line) || line[i] == '\n' || line[i] == '\r' {
			continue // a shell's line that goes on
		}
		r, n := escaped(line[i:])
		if n == 0 {
			b.WriteString(line[begin:i])
			continue
		}
		b.WriteRune(r)
		i += n
	}
	return b.String()
}

// escaped is the character that stands for what follows a backslash, and the
// length of that; 0 if it is no escape.
func escaped(text string) (r rune, length int) {
	switch c := text[0]; {
	case c == 'n':
		return '\n', 1
	case c == 'r':
		return '\r', 1
	case c == 't':
		return '\t', 1
	case strings.HasPrefix(text, "x1b"), strings.HasPrefix(text, "x1B"), strings.HasPrefix(text, "033"):
		return '\x1b', 3
	case strings.HasPrefix(text, "e["):
		return '\x1b', 1
	case c == 'u' && len(text) >= 5:
		r, ok := hexadecimal(text[1:5])
		if second, more := strings.CutPrefix(text[5:], `\u`); ok && utf16.IsSurrogate(r) && more && len(second) >= 4 {
			if low, ok := hexadecimal(second[:4]); ok {
				return utf16.DecodeRune(r, low), 11
			}
		}
		if ok && utf8.ValidRune(r) {
			return r, 5
		}
	case strings.IndexByte("\"'/`*_[](){}#+-.!>|:&<~", c) >= 0:
		return rune(c), 1
	}
	return 0, 0
}

func hexadecimal(text string) (r rune, ok bool) {
	for _, c := range []byte(text) {
		switch {
		case isDigit(c):
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// withoutEntities replaces the entities of HTML and XML.
func withoutEntities(line string) string {
	const longest = 10
	i := strings.IndexByte(line, '&')
	if i < 0 {
		return line
	}
	var b strings.Builder
	for i >= 0 {
		b.WriteString(line[:i])
		line = line[i:]
		end := strings.IndexByte(line[:min(len(line), longest)], ';') + 1
		if end == 0 {
			end = 1
		}
		b.WriteString(html.UnescapeString(line[:end]))
		line = line[end:]
		i = strings.IndexByte(line, '&')
	}
	b.WriteString(line)
	return b.String()
}

// isInline reports whether an element of HTML stands within a line.
func isInline(element string) bool {
	switch element {
	case "a", "abbr", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "samp", "small",
		"span", "strike", "strong", "sub", "sup", "tt", "u", "var":
		return true
	}
	return false
}

// isBlock reports whether an element of HTML begins a line of its own.
func isBlock(element string) bool {
	switch element {
	case "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "details", "div", "dl", "dt", "footer", "form",
		"h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "img", "li", "link", "main", "meta", "nav", "ol", "p",
		"pre", "script", "section", "style", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul":
		return true
	}
	return false
}

// tagEnds are the end of a tag, also where it is quoted.
var tagEnds = [...]string{">", "&gt;", "&#62;", "&amp;", `\`}

// closedTags are the names of the elements that a text closes: those of XML, also
// where that is quoted.
func closedTags(text string) map[string]bool {
	const longest = 40
	if !strings.Contains(text, "</") && !strings.Contains(text, ";/") && !strings.Contains(text, "u003c/") {
		return nil
	}
	names := make(map[string]bool)
	for rest := text; ; {
		_, after, found := strings.Cut(rest, "/")
		if !found {
			return names
		}
		rest = after
		n := 0
		for n < min(len(after), longest) && (isLetter(after[n]) || isDigit(after[n])) {
			n++
		}
		for _, end := range tagEnds {
			if n > 0 && isLetter(after[0]) && strings.HasPrefix(after[n:], end) {
				names[after[:n]] = true
			}
		}
	}
}

// withoutTags takes off the tags of HTML, and writes the elements of XML as
// lines: "<Code>AccessDenied</Code>" becomes "Code: AccessDenied". What a person
// wrote for a part of a name, such as "<account>", becomes "***".
func withoutTags(line string, closed map[string]bool) string {
	i := strings.IndexByte(line, '<')
	if i < 0 {
		return line
	}
	content := strings.TrimRight(line, "\r\n")
	end := line[len(content):]
	line = content
	var b strings.Builder
	for i >= 0 {
		b.WriteString(line[:i])
		name, length := tag(line[i:])
		switch element := strings.TrimPrefix(name, "/"); {
		case length == 0:
			b.WriteByte('<')
			length = 1
		case name == "", isInline(strings.ToLower(element)):
		case isBlock(strings.ToLower(element)) && name == element:
			b.WriteByte('\n')
		case isBlock(strings.ToLower(element)):
			b.WriteByte(' ')
		case closed[element] && name == element:
			b.WriteString("\n " + element + ": ") // indented, as what goes on
		case closed[element]:
			b.WriteByte(' ')
		case i > 0 && strings.IndexByte(":/-_", line[i-1]) >= 0:
			b.WriteString("***")
		default:
			b.WriteString(line[i : i+length])
		}
		line = line[i+length:]
		i = strings.IndexByte(line, '<')
	}
	b.WriteString(line)
	return b.String() + end
}

// withoutBlankLines is a text without those that two elements made, where the page
// has none. The line break at the end stays.
func withoutBlankLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			b.WriteString(line)
		}
	}
	out := strings.TrimRight(b.String(), "\n")
	if strings.HasSuffix(text, "\n") {
		out += "\n"
	}
	return out
}

// tag is the name of a tag that a text begins with, and its length; the name is
// "" for a declaration. The length is 0 if it is none.
func tag(text string) (name string, length int) {
	const longest = 400
	end := strings.IndexByte(text[:min(len(text), longest)], '>')
	if end < 2 {
		return "", 0
	}
	inner := text[1:end]
	if inner[0] == '?' || inner[0] == '!' {
		return "", end + 1
	}
	if strings.Contains(inner, "<") || inner[0] != '/' && !isLetter(inner[0]) {
		return "", 0
	}
	name = strings.TrimSuffix(inner, "/")
	if i := strings.IndexAny(name, " \t"); i >= 0 {
		name = name[:i]
	}
	return name, end + 1
}

// withoutMarkdown takes off back quotes, links and emphasis.
func withoutMarkdown(line string) string {
	if strings.ContainsRune(line, '`') {
		line = strings.ReplaceAll(line, "`", "")
	}
	if strings.Contains(line, "](") {
		line = withoutLinks(line)
	}
	return withoutEmphasis(withoutEmphasis(line, '*'), '_')
}

// withoutLinks leaves the text of a link.
func withoutLinks(line string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(line, "](")
		open := strings.LastIndexByte(before, '[')
		end := strings.IndexByte(after, ')')
		if !found || open < 0 || end < 0 {
			b.WriteString(line)
			return b.String()
		}
		b.WriteString(before[:open] + before[open+1:])
		line = after[end+1:]
	}
}

// withoutEmphasis takes off pairs of runs of a mark around words. A mark at the
// beginning or the end of a line may belong to one on another line.
func withoutEmphasis(line string, mark byte) string {
	if strings.IndexByte(line, mark) < 0 {
		return line
	}
	out := make([]byte, 0, len(line))
	open, openLength := -1, 0
	for i := 0; i < len(line); {
		if line[i] != mark {
			out = append(out, line[i])
			i++
			continue
		}
		run := 1
		for i+run < len(line) && line[i+run] == mark {
			run++
		}
		before, after := byte(' '), byte(' ')
		if i > 0 {
			before = line[i-1]
		}
		if i+run < len(line) {
			after = line[i+run]
		}
		switch {
		case open >= 0 && run >= openLength && closes(before, after, run == openLength):
			out = append(out[:open], out[open+openLength:]...)
			out = append(out, line[i:i+run-openLength]...)
			open = -1
		case strings.IndexByte(" \t\n([\"'", before) >= 0 && run <= 3 && (isLetter(after) || isDigit(after)):
			open, openLength = len(out), run
			out = append(out, line[i:i+run]...)
		case run == 2 && (isLetter(before) || isDigit(before)) && strings.IndexByte(" \r\n", after) >= 0: // opened on a line above
		default:
			out = append(out, line[i:i+run]...)
		}
		i += run
	}
	if open == 0 && openLength > 1 { // closed on a line below
		out = out[openLength:]
	}
	return string(out)
}

// closes reports whether emphasis may end between two characters.
func closes(before, after byte, whole bool) bool {
	switch {
	case strings.IndexByte(" \t", before) >= 0:
		return false
	case after == ':':
		return whole && (isLetter(before) || isDigit(before))
	}
	return strings.IndexByte(" \t\r\n.,;)]\"'!?", after) >= 0
}
