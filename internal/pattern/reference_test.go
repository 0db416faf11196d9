package pattern_test

import (
	"strings"
	"unicode/utf8"
)

// The references: slow, short, and obviously right.

// An item is one character of a pattern, or a wildcard.
type item struct {
	char string // "" for a wildcard
	star bool   // * and not ?
	open bool   // matches colons too
}

// matchItems tells by dynamic programming whether the items match the
// characters: row[j] says that the items so far match the first j.
func matchItems(items []item, text []string) bool {
	row := make([]bool, len(text)+1)
	row[0] = true
	for _, it := range items {
		next := make([]bool, len(text)+1)
		next[0] = it.star && row[0]
		for j, c := range text {
			fits := it.char == c || it.char == "" && (it.open || c != ":")
			next[j+1] = fits && (row[j] || it.star && next[j]) || it.star && row[j+1]
		}
		row = next
	}
	return row[len(text)]
}

// chars splits s into characters; a byte that belongs to none is one.
func chars(s string) []string {
	var all []string
	for s != "" {
		_, width := utf8.DecodeRuneInString(s)
		all = append(all, s[:width])
		s = s[width:]
	}
	return all
}

func flatItems(pattern string) []item {
	var items []item
	for _, c := range chars(pattern) {
		switch c {
		case "*", "?":
			items = append(items, item{star: c == "*", open: true})
		default:
			items = append(items, item{char: c})
		}
	}
	return items
}

func likeText(pattern, text string) bool { return matchItems(flatItems(pattern), chars(text)) }

// split splits at the first five colons outside ${…}.
func split(s string) []string {
	var fields []string
	start := 0
	for i := 0; i < len(s) && len(fields) < 5; i++ {
		if strings.HasPrefix(s[i:], "${") && strings.Contains(s[i:], "}") {
			i += strings.Index(s[i:], "}")
		} else if s[i] == ':' {
			fields = append(fields, s[start:i])
			start = i + 1
		}
	}
	return append(fields, s[start:])
}

// isResourcePattern says what Compile takes.
func isResourcePattern(pattern string) bool {
	return utf8.ValidString(pattern) && (len(split(pattern)) >= 3 || strings.HasSuffix(pattern, "*"))
}

func likeResource(pattern, text string) bool {
	if strings.Trim(pattern, "*") == "" {
		return true
	}
	p, t := split(pattern), split(text)
	if text == "*" || len(t) < len(p) || len(t) < 6 && !strings.HasSuffix(pattern, "*") {
		return false
	}
	for i := range p {
		if !likeText(p[i], t[i]) {
			return false
		}
	}
	return true
}

func likeOperator(pattern, text string) bool {
	return len(split(pattern)) == 6 && len(split(text)) == 6 && likeResource(pattern, text)
}
