package denial

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/iamsim/iamsim/internal/secret"
)

// lineBreak is a line break that copying put in, with blanks around it.
const lineBreak = `(?:[ \t]*\r?\n[ \t]*)`

// blank is what stands between two words.
const blank = `(?:` + lineBreak + `|[ \t]+)`

// loose is a pattern for words that copying may have broken anywhere.
func loose(words string) string {
	var b strings.Builder
	for i, c := range words {
		switch {
		case c == ' ':
			b.WriteString(blank)
			continue
		case i > 0 && words[i-1] != ' ':
			b.WriteString(lineBreak + `?`)
		}
		b.WriteString(regexp.QuoteMeta(string(c)))
	}
	return b.String()
}

// lazily compiles a pattern when it is first needed. Copying may have broken
// anywhere what stands in it between « and ».
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(loosened(pattern)) })
}

// loosened is a pattern with loose patterns in the place of «words».
func loosened(pattern string) string {
	var b strings.Builder
	for {
		before, quoted, found := strings.Cut(pattern, "«")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		words, rest, _ := strings.Cut(quoted, "»")
		b.WriteString(loose(words))
		pattern = rest
	}
}

var (
	breaks   = lazily(lineBreak)
	oneBreak = lazily(`\A` + lineBreak)
)

// joined is a piece of text without line breaks, as if they had fallen within
// words.
func joined(text string) string { return unbroken(text, "") }

// spaced is a piece of text without line breaks, as if they had fallen between
// words.
func spaced(text string) string { return unbroken(text, " ") }

func unbroken(text, between string) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	return breaks().ReplaceAllLiteralString(text, between)
}

// breakAt is where the text goes on after a line break at i; i if there is
// none.
func breakAt(text string, i int) int {
	if i < len(text) && strings.IndexByte(" \t\r\n", text[i]) >= 0 {
		if m := oneBreak().FindStringIndex(text[i:]); m != nil {
			return i + m[1]
		}
	}
	return i
}

// paragraphEnd is where a blank line follows, at most a few thousand bytes on: a
// message does not go on beyond.
func paragraphEnd(text string, from int) int {
	const most = 8 << 10
	end := min(len(text), from+most)
	for at := from; at < end; {
		i := strings.IndexByte(text[at:end], '\n')
		if i < 0 {
			break
		}
		at += i
		next := at + 1
		for next < end && isBlank(text[next]) {
			next++
		}
		if strings.HasPrefix(text[next:end], "\n") || strings.HasPrefix(text[next:end], "\r\n") {
			return at
		}
		at = next
	}
	return end
}

// width is the number of characters of the line that i stands in.
func width(text string, i int) int {
	const most = 4 << 10 // of a line; no terminal is wider
	low, high := max(0, i-most), min(len(text), i+most)
	begin := strings.LastIndexByte(text[low:i], '\n') + 1 + low
	end := high
	if n := strings.IndexByte(text[i:high], '\n'); n >= 0 {
		end = i + n
	}
	return utf8.RuneCountInString(strings.TrimRight(text[begin:end], "\r"))
}

// filled reports whether the line that ends at i is as wide as the one above it,
// which the message had filled too: then a terminal broke both.
func filled(text string, messageStart, i int) bool {
	above := strings.LastIndexByte(text[messageStart:i], '\n')
	return above >= 0 && width(text, messageStart+above) == width(text, i)
}

// endsValue are the characters that end a value.
const endsValue = " \t\r\n\"'`<\\"

// word reads a value that nothing ends but a blank or a quote, from i on. A line
// break ends it, unless the lines show that a terminal broke the value itself.
func word(text string, messageStart, i int) (value string, end int) {
	var b strings.Builder
	for {
		n := strings.IndexAny(text[i:], endsValue)
		if n < 0 {
			n = len(text) - i
		}
		for _, taken := range [...]string{secret.AccessKey.String(), secret.SessionToken.String()} {
			if strings.HasPrefix(text[i:], taken) {
				n = len(taken)
			}
		}
		b.WriteString(text[i : i+n])
		i += n
		next := breakAt(text, i)
		if next == len(text) || strings.IndexByte(endsValue, text[next]) >= 0 {
			break
		}
		if c := text[i-1]; c != '-' && (c != ':' || strings.HasSuffix(text[:i], "):")) && !filled(text, messageStart, i) {
			break
		}
		i = next
	}
	value = strings.TrimRight(strings.TrimSuffix(b.String(), "):"), ".,;)]}…")
	return value, i - (b.Len() - len(value))
}

// cutOff reports whether a value ends in the dots that stand for what is left
// out.
func cutOff(text string, end int) bool {
	return strings.HasPrefix(text[end:], "...") || strings.HasPrefix(text[end:], "…")
}
