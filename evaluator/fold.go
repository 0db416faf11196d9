package evaluator

// Identifiers (actions, context keys, tag keys) compare without ASCII case
// (B-1, C-3, L-12).

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// equalFold is strings.EqualFold for ASCII only.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	if a == b {
		return true
	}
	for i := range len(a) {
		if a[i] != b[i] && lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

// hashFold hashes eight bytes a step. Equal strings up to ASCII case hash
// alike: setting bit 5 folds letters (and some symbols, which costs a
// collision and nothing else).
func hashFold(s string) uint32 {
	h := hashSeed(s)
	for len(s) >= 8 {
		h = hashStep(h, load64(s))
		s = s[8:]
	}
	return hashEnd(h, s)
}

const hashPrime = 0x9E3779B97F4A7C15

func hashSeed(s string) uint64 { return uint64(len(s)) }

func hashStep(h, x uint64) uint64 {
	h = (h ^ (x | 0x2020202020202020)) * hashPrime
	return h ^ h>>32
}

func hashEnd(h uint64, rest string) uint32 {
	var tail uint64
	for i := range len(rest) {
		tail = tail<<8 | uint64(rest[i]|0x20)
	}
	h = (h ^ tail) * hashPrime
	return uint32(h ^ h>>32)
}

// bytesEqual sets the high bit of each byte of x that equals b.
func bytesEqual(x uint64, b byte) uint64 {
	const low = 0x7F7F7F7F7F7F7F7F
	x ^= 0x0101010101010101 * uint64(b)
	return ^((x&low + low) | x | low)
}

// load64 is a little-endian load; the compiler makes one instruction of it.
func load64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func load32(s string) uint32 {
	_ = s[3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}
