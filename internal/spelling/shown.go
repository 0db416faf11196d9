package spelling

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Shown is a text that a terminal shows and does not obey, and neither does a
// runner of CI that reads it in a log. Control characters other than line feed and
// tab, characters that turn the direction of writing or have no width, and the
// separators of lines and paragraphs stand as "\u001b" and "\u202e", which in JSON mean the same; a
// byte that is no UTF-8 stands as "\x9b". So does one character of what begins a
// command for GitHub's runner.
func Shown(text string) string {
	text = withoutCommands(text)
	if !strings.ContainsFunc(text, isObeyed) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case !isObeyed(r):
			b.WriteRune(r)
		case r == utf8.RuneError:
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				fmt.Fprintf(&b, `\x%02x`, text[i])
			} else {
				b.WriteRune(r)
			}
		default:
			for _, unit := range utf16.AppendRune(nil, r) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
		}
	}
	return b.String()
}

// Line is the text on one line, shown.
func Line(text string) string {
	return Shown(strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(text))
}

// withoutCommands is a text in which no command for GitHub's runner begins: with two
// colons at the beginning of a line, or in the older form anywhere in it.
func withoutCommands(text string) string {
	text = strings.ReplaceAll(text, "##[", `##\u005b`)
	if !strings.Contains(text, "::") {
		return text
	}
	var b strings.Builder
	for line := range strings.SplitAfterSeq(text, "\n") {
		if bare := strings.TrimSpace(line); strings.HasPrefix(bare, "::") {
			line = strings.Replace(line, "::", `:\u003a`, 1)
		}
		b.WriteString(line)
	}
	return b.String()
}

// isObeyed reports whether a terminal may do something else with a character than
// to show it.
func isObeyed(r rune) bool {
	switch r {
	case '\n', '\t', '\u200c', '\u200d': // the last two join letters in many scripts, or not
		return false
	case utf8.RuneError, '\u2028', '\u2029':
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}
