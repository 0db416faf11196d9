package secret

import "strings"

// named finds secrets that a name announces.
func named(text string) []Finding {
	var found []Finding
	for i := 0; i < len(text); {
		kind, after := name(text[i:])
		if kind == 0 {
			i++
			continue
		}
		i += after
		if start := valueAt(text, i); start >= 0 {
			if end := valueEnd(text, start, kind); end > start {
				found = append(found, Finding{kind, start, end})
				i = end
			}
		}
	}
	return found
}

// name reads the name of a secret, however its words are joined, at the
// beginning of text.
func name(text string) (Kind, int) {
	switch text[0] {
	case 's', 'S':
	default:
		return 0, 0
	}
	if n := words(text, "secret", "access", "key"); n > 0 {
		return AccessKey, n
	}
	if n := words(text, "secret", "key"); n > 0 {
		return AccessKey, n
	}
	if n := words(text, "session", "token"); n > 0 {
		return SessionToken, n
	}
	if n := words(text, "security", "token"); n > 0 {
		return SessionToken, n
	}
	return 0, 0
}

// words is the length of the words at the beginning of text, in any case, with
// at most one character between them; 0 if they do not stand there.
func words(text string, list ...string) int {
	at := 0
	for i, word := range list {
		if i > 0 && at < len(text) && strings.IndexByte(" _-.", text[at]) >= 0 {
			at++
		}
		if len(text)-at < len(word) || !strings.EqualFold(text[at:at+len(word)], word) {
			return 0
		}
		at += len(word)
	}
	return at
}

// valueAt is where the value after a name begins; -1 if no value follows.
func valueAt(text string, after int) int {
	const most = 24 // of quotes, brackets and blanks between name and value
	i := after
	for i < len(text) && i-after < most {
		switch c := text[i]; {
		case unseen(text[i:]) > 0:
			i += unseen(text[i:])
		case c == '\\' && i+1 < len(text) && strings.IndexByte(`"'ntr\`, text[i+1]) >= 0:
			i += 2
		case strings.IndexByte(" \t\r\n\"'`:=>,|()[]{}*", c) >= 0:
			i++
		case i > after && words(text[i:], "value") > 0, i > after && words(text[i:], "Value") > 0:
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
	if kind == AccessKey {
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
	for _, lineBreak := range [...]string{"\n", `\n`, `\r\n`, "&#xA;", "&#10;"} {
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
