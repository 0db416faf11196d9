// Package fuzzing lets a fuzzer choose what tests draw at random: a generator that
// makes scenarios or policies from a [rand.Rand] makes them from the fuzzer's bytes,
// so that a small change of these is a small change of what is made.
//
//	func FuzzPairs(f *testing.F) {
//		fuzzing.Seed(f)
//		f.Fuzz(func(t *testing.T, data []byte) { check(t, newGenerator(fuzzing.Rand(data))) })
//	}
package fuzzing

import (
	"hash/fnv"
	"math/rand/v2"
	"testing"
)

// Rand draws from the bytes, one for each number. What is drawn after the last
// byte is random, and the same for the same bytes.
func Rand(data []byte) *rand.Rand {
	h := fnv.New64a()
	h.Write(data)
	return rand.New(&source{data, rand.NewPCG(h.Sum64(), 0)})
}

// A source of numbers is the bytes that are left, and what comes after them.
type source struct {
	data []byte
	rest rand.Source
}

// Uint64 repeats the next byte eight times, as package rand takes some draws from
// the high bits and others from the low ones.
func (s *source) Uint64() uint64 {
	if len(s.data) == 0 {
		return s.rest.Uint64()
	}
	b := s.data[0]
	s.data = s.data[1:]
	return uint64(b) * 0x0101010101010101
}

// Seed adds a few texts of random bytes to a corpus: short ones, and ones as long
// as the generators of rapid want.
func Seed(f *testing.F) {
	f.Helper()
	random := rand.New(rand.NewPCG(1, 1))
	for _, size := range []int{0, 8, 64, 256, 1024, 4096, 4096, 4096} {
		data := make([]byte, size)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		f.Add(data)
	}
}
