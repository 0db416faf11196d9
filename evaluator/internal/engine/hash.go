package engine

import (
	"github.com/iamsim/iamsim/internal/words"
)

// hashFold hashes eight bytes a step. Equal strings up to ASCII case hash
// alike: setting bit 5 folds letters (and some symbols, which costs a
// collision and nothing else).
func hashFold(s string) uint32 { return hashEnd(hash(s, spaces)) }

// hash sets the bits of the mask in each word of s.
func hash(s string, mask uint64) uint64 {
	h := hashSeed(s)
	for i := 0; i < len(s); i += 8 {
		if i+8 <= len(s) {
			h = hashStep(h, words.Load(s[i:i+8])|mask)
		} else {
			h = hashStep(h, loadTail(s, i)|mask)
		}
	}
	return h
}

const hashPrime = 0x9E3779B97F4A7C15

func hashSeed(s string) uint64 { return uint64(len(s)) }

func hashStep(h, x uint64) uint64 {
	h = (h ^ x) * hashPrime
	return h ^ h>>32
}

func hashEnd(h uint64) uint32 { return uint32(h ^ h>>29) }

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
