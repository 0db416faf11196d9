package spelling

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Shown is a text that a terminal shows and does not obey. Control characters other
// than line feed and tab, characters that turn the direction of writing, and the
// separators of lines and paragraphs stand as "\u001b" and "\u202e", which in JSON
// mean the same; a byte that is no UTF-8 stands as "\x9b".
func Shown(text string) string {
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
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// isObeyed reports whether a terminal may do something else with a character than
// to show it.
func isObeyed(r rune) bool {
	switch r {
	case '\n', '\t':
		return false
	case utf8.RuneError, '\u2028', '\u2029':
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
}
