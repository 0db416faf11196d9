// Package words reads text eight bytes at a time.
package words

// Load is the first eight bytes of s, the first one lowest; the compiler makes
// one instruction of it. It panics if there are fewer.
func Load(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// Equal sets the high bit of each byte of x that equals b, and no other bit.
func Equal(x uint64, b byte) uint64 {
	const low = 0x7F7F7F7F7F7F7F7F
	x ^= 0x0101010101010101 * uint64(b)
	return ^((x&low + low) | x | low)
}
