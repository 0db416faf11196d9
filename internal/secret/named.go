package secret

import (
	"strconv"
	"strings"
)

// named finds secrets that a name announces, or their own beginning.
func named(text string) []Finding {
	var found []Finding
	for i := 0; i < len(text); {
		if kind, end := begun(text, i); kind != 0 {
			found = append(found, Finding{kind, escaped(text, i), end})
			i = end
			continue
		}
		kind, after := name(text[i:])
		if kind == 0 {
			i++
			continue
		}
		i += after
		start := -1
		switch kind {
		case Cookie:
			start = cookiesAt(text, i)
		case Token:
			if start = credentialsAt(text, i); start < 0 {
				start = valueAt(text, i)
			}
		default:
			start = valueAt(text, i)
		}
		if start >= 0 {
			if end := valueEnd(text, start, kind); end > start {
				found = append(found, Finding{kind, start, end})
				i = end
			}
		}
	}
	return found
}

// names are what announces a secret, by their first letters.
var names = [...]struct {
	kind  Kind
	words []string
}{
	{AccessKey, []string{"secret", "access", "key"}},
	{AccessKey, []string{"secret", "key"}},
	{SessionToken, []string{"session", "token"}},
	{SessionToken, []string{"security", "token"}},
	{Signature, []string{"signature"}},
	{Cookie, []string{"cookie"}},
	{Token, []string{"authorization"}},
	{Token, []string{"metadata", "token"}},
	{Token, []string{"authorization", "token"}},
}

// name reads the name of a secret, however its words are joined, at the
// beginning of text.
func name(text string) (Kind, int) {
	switch text[0] {
	case 's', 'S', 'c', 'C', 'a', 'A', 'm', 'M':
	default:
		return 0, 0
	}
	kind, length := Kind(0), 0
	for _, n := range names {
		if at := words(text, n.words...); at > length {
			kind, length = n.kind, at
		}
	}
	return kind, length
}

// words is the length of the words at the beginning of text, in any case, with
// at most one character between them; 0 if they do not stand there.
func words(text string, list ...string) int {
	at := 0
	for i, word := range list {
		if i > 0 {
			at += joint(text[at:])
		}
		if len(text)-at < len(word) || !strings.EqualFold(text[at:at+len(word)], word) {
			return 0
		}
		at += len(word)
	}
	return at
}

// joint is the length of what joins two words of a name; 0 if nothing does.
func joint(text string) int {
	if text == "" {
		return 0
	}
	if strings.IndexByte(" _-.", text[0]) >= 0 {
		return 1
	}
	if n, c := written(text); n > 0 && strings.IndexByte(" _-.", c) >= 0 {
		return n
	}
	return 0
}

// written is the length of an escape of a character of ASCII in JSON, a URL or
// quoted-printable, and the character; 0 if there is none.
func written(text string) (int, byte) {
	for _, begin := range [...]string{"%", `\u00`, `\x`, "="} {
		if end := len(begin) + 2; len(text) >= end && strings.HasPrefix(text, begin) {
			if n, err := strconv.ParseUint(text[len(begin):end], 16, 8); err == nil {
				return end, byte(n)
			}
		}
	}
	return 0, 0
}

// valueAt is where the value after a name begins; -1 if no value follows.
func valueAt(text string, after int) int {
	const most = 40 // of quotes, brackets and blanks between name and value
	const between = " \t\r\n\"'`:=>,|()[]{}*"
	i := after
	for i < len(text) && i-after < most {
		n, escape := written(text[i:])
		switch c := text[i]; {
		case unseen(text[i:]) > 0:
			i += unseen(text[i:])
		case n > 0 && strings.IndexByte(between, escape) >= 0:
			i += n
		case c == '\\' && i+1 < len(text) && strings.IndexByte(`"'ntr\`, text[i+1]) >= 0:
			i += 2
		case strings.IndexByte(between, c) >= 0:
			i++
		case i > after && words(text[i:], "value") > 0:
			i += len("value")
		case i > after && strings.HasPrefix(text[i:], "is "):
			i += len("is ")
		default:
			if i == after {
				return -1
			}
			return i
		}
	}
	return -1
}

// valueEnd is where the secret that begins at start ends; start if there is
// none. Copying from a terminal may have broken it into lines.
func valueEnd(text string, start int, kind Kind) int {
	r := runAt(text, start)
	switch kind {
	case Cookie:
		return lineEnd(text, start)
	case Token:
		return wordEnd(text, start)
	case Signature:
		const digits = 64
		if r.length < digits || strings.Trim(r.plain(text), hexDigits) != "" {
			return start
		}
		return r.end
	case AccessKey:
		next := runAt(text, nextLine(text, r.end))
		if r.length > 0 && next.start > r.end && next.length > 0 && r.length+next.length == keyLength {
			return next.end
		}
		if r.length == keyLength || r.length >= shortest && mixed(r.plain(text)) {
			return r.end
		}
		return start
	}
	if r.length < shortest || !mixed(r.plain(text)) {
		return start
	}
	return tokenEnd(text, r)
}

// tokenEnd goes on over lines that hold nothing but more of the token, and over
// the "=" at its end.
func tokenEnd(text string, r run) int {
	for {
		next := runAt(text, nextLine(text, r.end))
		if next.start == r.end || next.length < shortest {
			break
		}
		r.end = next.end
	}
	for _, fill := range [...]string{"==", "=", "%3D%3D", "%3D", "%3d%3d", "%3d"} {
		if strings.HasPrefix(text[r.end:], fill) {
			return r.end + len(fill)
		}
	}
	return r.end
}

// nextLine is where the text goes on after a line break at i, which may be escaped,
// or after what is not seen; i if there is none.
func nextLine(text string, i int) int {
	if n := unseen(text[i:]); n > 0 {
		return i + n
	}
	rest := strings.TrimLeft(text[i:], " \t\r")
	for _, lineBreak := range [...]string{"\n", `\n`, `\r\n`, `\u000a`, `\u000d\u000a`, "%0A", "%0D%0A", "=\n", "=\r\n", `=\n`, `=\r\n`, "&#xA;", "&#10;"} {
		if after, ok := strings.CutPrefix(rest, lineBreak); ok {
			return len(text) - len(strings.TrimLeft(after, " \t"))
		}
	}
	return i
}

// mixed reports whether a value has letters of both cases and something else,
// as a name rarely has.
func mixed(value string) bool {
	var has [3]bool
	for i := range len(value) {
		switch class(value[i]) {
		case 'a':
			has[0] = true
		case 'A':
			has[1] = true
		default:
			has[2] = true
		}
	}
	return has == [3]bool{true, true, true}
}
