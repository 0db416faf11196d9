package secret

import "strings"

// unseen is the length of what a terminal does not show at the beginning of a
// text, such as a colour or a character of no width; 0 if there is none. It may be
// escaped, as in JSON and in Go.
func unseen(text string) int {
	if text == "" || strings.IndexByte("\x1b\\\u200b", text[0]) < 0 {
		return 0
	}
	const longest = 40
	text = text[:min(len(text), longest)]
	rest := strings.TrimLeft(text, `\`)
	if escaped := len(rest) < len(text); escaped && len(rest) > 0 && (rest[0] == 'u' || rest[0] == 'x') {
		rest = rest[1:]
	}
	for _, none := range [...]string{"\u200b", "\u200c", "\u200d", "\u2060", "200b", "200c", "200d", "2060"} {
		if strings.HasPrefix(rest, none) {
			return len(text) - len(rest) + len(none)
		}
	}
	for _, escape := range [...]string{"\x1b[", "001b[", "1b["} {
		if strings.HasPrefix(rest, escape) {
			if end := strings.TrimLeft(rest[len(escape):], "0123456789;"); strings.HasPrefix(end, "m") {
				return len(text) - len(end) + 1
			}
		}
	}
	return 0
}
