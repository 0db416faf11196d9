package secret

import (
	"iter"
	"strconv"
	"strings"
)

// A run is the longest stretch of base64 characters around a place. Some
// formats write "/" and "+" as escapes; each counts as one character. The "=" that
// fill the end of base64 are no part of it.
type run struct {
	start, end int
	length     int // in characters, escapes as one
}

// character is the length in bytes of the base64 character at the beginning of
// text; 0 if there is none. plain is what it stands for. It may be escaped, as in
// JSON, in a URL, and, of "/" and "+", in quoted-printable.
func character(text string) (length int, plain byte) {
	if text == "" {
		return 0, 0
	}
	switch c := text[0]; {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '/', c == '+':
		return 1, c
	case c != '\\' && c != '%' && c != '=':
		return 0, 0
	}
	for _, begin := range [...]string{"%", `\u00`, "=2"} {
		const digits = 2
		from := strings.TrimSuffix(begin, "2")
		if len(text) < len(from)+digits || !strings.EqualFold(text[:len(begin)], begin) {
			continue
		}
		n, err := strconv.ParseUint(text[len(from):len(from)+digits], 16, 8)
		if c := byte(n); err == nil && (class(c) != '0' || '0' <= c && c <= '9' || c == '/' || c == '+') {
			return len(from) + digits, c
		}
	}
	if strings.HasPrefix(text, `\/`) {
		return len(`\/`), '/'
	}
	return 0, 0
}

// runAt is the run that begins at start.
func runAt(text string, start int) run {
	r := run{start: start, end: start}
	for {
		n, _ := character(text[r.end:])
		if n == 0 {
			return r
		}
		r.end += n
		r.length++
	}
}

// between is the part of a run that begins at start and ends at end.
func between(text string, start, end int) run {
	r := run{start: start, end: start}
	for r.end < end {
		n, _ := character(text[r.end:])
		if n == 0 {
			break
		}
		r.end += n
		r.length++
	}
	return r
}

// escape reads an escape at i that stands for another character, such as \n, \\u0017
// and %0A: where its letter or first digit stands, and where it ends. What is none
// ends at its letter, or after one character.
func escape(text string, i int) (letter, end int) {
	letter = i + len(text[i:]) - len(strings.TrimLeft(text[i:], `\`))
	digits := 0
	switch rest := text[letter:]; {
	case letter == i && rest[0] == '%':
		letter, end, digits = i+1, i+1, 2
	case letter == i:
		return i + 1, i + 1
	case rest == "" || strings.IndexByte("abfnrtv0ux", rest[0]) < 0:
		return letter, letter
	case rest[0] == 'u':
		end, digits = letter+1, 4
	case rest[0] == 'x':
		end, digits = letter+1, 2
	default:
		return letter, letter + 1
	}
	if end+digits > len(text) || strings.Trim(text[end:end+digits], hexDigits) != "" {
		return letter, letter
	}
	return letter, end + digits
}

// beside is the part of a run after an access key id, or before one, without
// the "/" or "+" that joins the two. What has the length of a key has none.
func (r run) beside(text string, after bool) run {
	if r.length == 0 || r.length == keyLength {
		return r
	}
	if n, c := character(text[r.start:]); after && (c == '/' || c == '+') {
		r.start, r.length = r.start+n, r.length-1
	}
	for at := r.start; !after && at < r.end; {
		n, c := character(text[at:])
		if at+n == r.end && (c == '/' || c == '+') {
			r.end, r.length = at, r.length-1
		}
		at += n
	}
	return r
}

// runs are the runs of a text that are long enough to be secrets. An access key
// id in a run divides it.
func runs(text string, ids []AccessKeyID) iter.Seq[run] {
	return func(yield func(run) bool) {
		for i := 0; i < len(text); {
			if n := unseen(text[i:]); n > 0 {
				i += n
				continue
			}
			r := runAt(text, i)
			if r.end == i {
				letter, end := escape(text, i)
				// As it is written the letter of an escape can belong to the run.
				if r = runAt(text, letter); letter < end && r.length >= shortest && !yield(r) {
					return
				}
				i = end
				continue
			}
			i = r.end
			for len(ids) > 0 && ids[0].Start < r.end {
				id := ids[0]
				ids = ids[1:]
				if id.Start < r.start { // within an escape of the run before
					continue
				}
				if before := between(text, r.start, id.Start).beside(text, false); before.length >= shortest && !yield(before) {
					return
				}
				r = between(text, id.Start+len(id.ID), r.end).beside(text, true)
			}
			if r.length >= shortest && !yield(r) {
				return
			}
		}
	}
}

// shortest is the least length of what is looked at: of the rest of a secret
// that was cut off.
const shortest = 20

// shortestCode is the least length of a session token, and of base64 that is looked
// into: it can hold a secret access key and some of its name.
const shortestCode = 60

// plain is the run without escapes.
func (r run) plain(text string) string {
	var b strings.Builder
	for i := r.start; i < r.end; {
		n, c := character(text[i:])
		b.WriteByte(c)
		i += n
	}
	return b.String()
}

// secret finds what kind of secret a run is that has no name before it.
func (r run) secret(text string, nearAccessKeyID func() bool) (Kind, bool) {
	plain := r.plain(text)
	switch {
	case r.length == keyLength:
		// As in s3://AKIA…:secret@bucket, whatever it is a part of.
		return AccessKey, (r.followsID(text) || !r.partOfMore(text)) && random(plain, nearAccessKeyID) || noName(plain)
	case r.length < shortestCode:
		return 0, false
	}
	for _, begins := range tokenBeginnings {
		if strings.HasPrefix(plain, begins) {
			return SessionToken, true
		}
	}
	return 0, false
}

// tokenBeginnings are how session tokens begin: their first bytes name their
// format and their region's kind.
var tokenBeginnings = [...]string{"IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz", "AQoDYXdz", "AQoEXAMPLE"}

// partOfMore reports whether a run is a piece of a longer word, an ARN or a
// path.
func (r run) partOfMore(text string) bool {
	if r.start > 0 && strings.IndexByte("-_.@%~$", text[r.start-1]) >= 0 && !isFlag(text[:r.start]) {
		return true
	}
	if rest := text[r.end:]; rest != "" {
		if strings.IndexByte("-_@~$:=", rest[0]) >= 0 {
			return true
		}
		if letter, end := escape(text, r.end); rest[0] == '%' && letter == end {
			return true
		}
		if rest[0] == '.' && len(rest) > 1 && rest[1] > ' ' {
			return true
		}
	}
	const longestARN = 2048
	before := text[max(0, r.start-longestARN):r.start]
	word := before[strings.LastIndexAny(before, " \t\r\n\"'`<>(){}[],;=")+1:]
	return strings.HasPrefix(word, "arn:") || strings.Contains(word, "://")
}

// isFlag reports whether a text ends with the hyphens of a flag.
func isFlag(text string) bool {
	word := strings.TrimRight(text[max(0, len(text)-3):], "-")
	return strings.HasSuffix(text, "-") && (word == "" || strings.HasSuffix(word, " "))
}

// followsID reports whether an access key id stands right before a run, but for
// one character: "AKIA…:secret:token".
func (r run) followsID(text string) bool {
	const most = 20 + 6 // an id and an escape
	ids := AccessKeyIDs(text[max(0, r.start-most):r.start])
	if len(ids) == 0 {
		return false
	}
	last := ids[len(ids)-1]
	gap := min(most, r.start) - last.Start - len(last.ID)
	n, _ := character(text[r.start-gap:])
	return gap <= 1 || gap == n
}

// random reports whether a text is a random key, and no digest and no name. Names
// change from lower to upper case between words; random text also changes in
// ways that words do not.
func random(key string, nearAccessKeyID func() bool) bool {
	if n := len(key) - 8; hexadecimal(key[n:]) && class(key[n-1]) == 'a' {
		key = key[:n] // what the AWS CDK puts after the names it makes
	}
	if strings.Trim(key, hexDigits) == "" {
		return false
	}
	m := mixtureOf(key)
	if nearAccessKeyID() {
		return m.upper > 0 && m.lower > 0
	}
	return m.upper > 0 && m.lower > 0 && m.other > 0 && m.odd >= 6
}

// A mixture counts the classes of the characters of a text, and where the class
// changes; odd are pairs that words do not have: of two capitals, or with a character
// that is no letter.
type mixture struct{ upper, lower, other, changes, odd int }

func mixtureOf(text string) (m mixture) {
	for i := range len(text) {
		c := class(text[i])
		switch c {
		case 'A':
			m.upper++
		case 'a':
			m.lower++
		default:
			m.other++
		}
		if i == 0 {
			continue
		}
		p := class(text[i-1])
		if p != c {
			m.changes++
		}
		if p == '0' || c == '0' || p == 'A' && c == 'A' {
			m.odd++
		}
	}
	return m
}

// hexDigits are hexadecimal digits in either case.
const hexDigits = "0123456789abcdefABCDEF"

// class is 'a' for a small letter, 'A' for a capital, '0' for all others.
func class(c byte) byte {
	switch {
	case 'a' <= c && c <= 'z':
		return 'a'
	case 'A' <= c && c <= 'Z':
		return 'A'
	}
	return '0'
}

// hexadecimal reports whether s has digits and the capitals A to F only.
func hexadecimal(s string) bool {
	return strings.Trim(s, "0123456789ABCDEF") == ""
}
