package engine

import (
	"math/bits"

	"github.com/iamsim/iamsim/internal/words"
)

// hashFold hashes 16 bytes a step. Equal strings up to ASCII case hash alike:
// setting bit 5 folds letters (and some symbols, which costs a collision and
// nothing else).
func hashFold(s string) uint32 {
	h := hash(s, spaces)
	return uint32(h ^ h>>29)
}

// hash sets the bits of the mask in each word of s. The last two words are those
// that end s, whether or not some of their bytes were taken before.
func hash(s string, mask uint64) uint64 {
	h := uint64(len(s)) * hashPrime
	if len(s) < 8 {
		return hashStep(h, loadTail(s, 0)|mask, mask)
	}
	for i := 0; i+16 < len(s); i += 16 {
		h = hashStep(h, words.Load(s[i:i+8])|mask, words.Load(s[i+8:i+16])|mask)
	}
	return hashStep(h, words.Load(s[max(len(s)-16, 0):])|mask, words.Load(s[len(s)-8:])|mask)
}

const hashPrime = 0x9E3779B97F4A7C15

// hashStep multiplies two words to twice their length, and folds that.
func hashStep(h, x, y uint64) uint64 {
	high, low := bits.Mul64(x^h, y^hashPrime)
	return high ^ low
}

// loadTail is the bytes of s from i on, less than eight of them, as load64
// would have them with zeros behind.
func loadTail(s string, i int) uint64 {
	rest := len(s) - i
	if len(s) >= 8 {
		return words.Load(s[len(s)-8:]) >> (64 - 8*rest)
	}
	var x uint64
	for k := range rest {
		x |= uint64(s[i+k]) << (8 * k)
	}
	return x
}

// spaces and ats have a space or an at sign in each byte.
const (
	spaces = 0x2020202020202020
	ats    = 0x4040404040404040
)

// notPrinted is not 0 if a byte of x is no printed character of ASCII, or a
// space.
func notPrinted(x uint64) uint64 {
	const high = 0x8080808080808080
	// With bit 7 clear, adding 0x5F carries into it from '!' on.
	return (x | ^(x&^high + 0x5F5F5F5F5F5F5F5F) | words.Equal(x, 0x7F)) & high
}

func load32(s string) uint32 {
	_ = s[3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}
