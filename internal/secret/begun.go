package secret

import "strings"

// begun finds a secret at i by its own beginning, and where it ends: a token of
// GitHub, or a private key.
func begun(text string, i int) (Kind, int) {
	const privateKey = "-----BEGIN "
	switch rest := text[i:]; {
	case rest[0] == 'g' && (i == 0 || !inWord(text[i-1]) || endsEscape(text[:i])):
		for prefix, least := range tokensOfGitHub {
			if after, ok := strings.CutPrefix(rest, prefix); ok {
				if n := length(after); n >= least {
					return Token, i + len(prefix) + n
				}
			}
		}
	case strings.HasPrefix(rest, privateKey):
		const longest = 64 // of the name of a kind of key
		head := rest[len(privateKey):min(len(rest), len(privateKey)+longest)]
		kind, _, ok := strings.Cut(head, "-----")
		if !ok || !strings.HasSuffix(kind, "PRIVATE KEY") {
			return 0, 0
		}
		from := i + len(privateKey) + len(kind) + len("-----")
		end := "-----END " + kind + "-----"
		body, _, ok := strings.Cut(text[from:min(len(text), from+longestPEM)], end)
		if ok && !strings.ContainsAny(body, `"'<`) { // it ends where the text does that has it
			return PrivateKey, from + len(body) + len(end)
		}
		return PrivateKey, keyEnd(text, from) // what follows was cut off
	}
	return 0, 0
}

// longestPEM is the length of a private key beyond which its end is not looked for.
const longestPEM = 16 << 10

// tokensOfGitHub are how tokens begin, and how many characters follow at least.
var tokensOfGitHub = map[string]int{"ghp_": 36, "gho_": 36, "ghu_": 36, "ghs_": 36, "ghr_": 36, "github_pat_": 40}

// length is the length of the letters, digits and low lines at the beginning of a text.
func length(text string) int {
	for i := range len(text) {
		if !inWord(text[i]) {
			return i
		}
	}
	return len(text)
}

// endsEscape reports whether a text ends with an escape such as \n, whose letter is
// no part of the word that follows.
func endsEscape(text string) bool {
	for _, n := range [...]int{2, 3, 4, 6} { // \n, %0A, \x0a, \u000a
		if begin := len(text) - n; begin >= 0 && (text[begin] == '\\' || text[begin] == '%') {
			if letter, end := escape(text, begin); letter < end && end == len(text) {
				return true
			}
		}
	}
	return false
}

// keyEnd is where the lines of base64 from i on end.
func keyEnd(text string, i int) int {
	for {
		r := runAt(text, i)
		next := nextLine(text, r.end)
		if next == r.end {
			return r.end
		}
		i = next
	}
}

// cookiesAt is where the cookies after the name of their header begin; -1 if it is no
// header.
func cookiesAt(text string, after int) int {
	if n := words(text[after:], "2"); n > 0 {
		after += n
	}
	rest, ok := strings.CutPrefix(text[after:], ":")
	if !ok {
		return -1
	}
	rest = strings.TrimLeft(rest, " ")
	const longest = 256 // of the name of a cookie
	name, _, ok := strings.Cut(rest[:min(len(rest), longest)], "=")
	if !ok || name == "" || strings.ContainsAny(name, " \t\r\n\"'\\<>,;") {
		return -1
	}
	return len(text) - len(rest)
}

// credentialsAt is where the credentials after the name of the header Authorization
// begin; -1 for those of AWS, of which the signature alone is secret, and for what is
// no such header.
func credentialsAt(text string, after int) int {
	i := valueAt(text, after)
	if i < 0 {
		return -1
	}
	for _, scheme := range [...]string{"bearer", "basic", "token"} {
		if n := words(text[i:], scheme); n > 0 && strings.HasPrefix(text[i+n:], " ") {
			return len(text) - len(strings.TrimLeft(text[i+n:], " "))
		}
	}
	return -1
}

// lineEnd is where the line at i ends, or the text that is quoted in it.
func lineEnd(text string, i int) int {
	if n := strings.IndexAny(text[i:], "\r\n\"'`\\<"); n >= 0 {
		return i + n
	}
	return len(text)
}

// wordEnd is where the word at i ends; i for one that is too short to be secret.
func wordEnd(text string, i int) int {
	end := i + len(text[i:])
	if n := strings.IndexAny(text[i:], " \t\r\n\"'`\\<>,;{}[]()"); n >= 0 {
		end = i + n
	}
	if end-i < shortest {
		return i
	}
	return end
}
