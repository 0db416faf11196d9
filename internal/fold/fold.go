// Package fold compares identifiers as IAM does: ASCII letters without case, all
// else byte by byte (B-1, C-3, L-12). Unicode's folding would take the Kelvin
// sign for a K.
package fold

// Lower is the byte in lower case if it is an ASCII letter.
func Lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// String is s with its ASCII letters in lower case; s itself where they are.
func String(s string) string {
	for i := range len(s) {
		if Lower(s[i]) != s[i] {
			b := []byte(s)
			for j := i; j < len(b); j++ {
				b[j] = Lower(b[j])
			}
			return string(b)
		}
	}
	return s
}

// Equal reports whether a and b differ in case at most.
func Equal(a, b string) bool {
	n := len(a)
	if n != len(b) || n > 0 && (a[n-1]^b[n-1])&^0x20 != 0 { // names of one kind mostly differ at the end
		return false
	}
	return a == b || equal(a, b)
}

// equal is Equal for texts of one length.
func equal(a, b string) bool {
	for i := range len(a) {
		if a[i] != b[i] && Lower(a[i]) != Lower(b[i]) {
			return false
		}
	}
	return true
}

// Compare orders a and b as if they were in lower case: negative where a comes
// first, 0 where they are Equal.
func Compare(a, b string) int {
	for i := range min(len(a), len(b)) {
		if x, y := Lower(a[i]), Lower(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

// HasPrefix reports whether s begins with prefix.
func HasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && Equal(s[:len(prefix)], prefix)
}

// HasSuffix reports whether s ends with suffix.
func HasSuffix(s, suffix string) bool {
	return len(s) >= len(suffix) && Equal(s[len(s)-len(suffix):], suffix)
}

// Index is where s first holds part, or -1.
func Index(s, part string) int {
	for i := 0; i+len(part) <= len(s); i++ {
		if HasPrefix(s[i:], part) {
			return i
		}
	}
	return -1
}
