package words_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/internal/words"
)

func TestEqualMarksExactlyTheBytesThatAreEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// A byte beside the one that is sought is where shorter formulas err.
		b := rapid.Byte().Draw(t, "b")
		text := rapid.SliceOfN(rapid.OneOf(rapid.Just(b), rapid.Just(b^1), rapid.Byte()), 8, 8).Draw(t, "text")
		var want uint64
		for i, c := range text {
			if c == b {
				want |= 0x80 << (8 * i)
			}
		}
		assert.Equal(t, want, words.Equal(words.Load(string(text)), b))
	})
}
