package fuzzing_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/internal/fuzzing"
)

// A byte is a number: of a hundred the lowest for 0, the highest for 255.
func TestAByteIsADraw(t *testing.T) {
	r := fuzzing.Rand([]byte{1, 128, 255, 255, 7})
	assert.Equal(t, 0, r.IntN(100))
	assert.Equal(t, 50, r.IntN(100))
	assert.Equal(t, 99, r.IntN(100))
	assert.Equal(t, 7, r.IntN(8))
	assert.Equal(t, 3, r.IntN(4))
}

// Behind the last byte, and where package rand rejects a byte for ever, drawing ends.
func TestDrawingEnds(t *testing.T) {
	draw := func(data []byte) (list []int) {
		r := fuzzing.Rand(data)
		for range 100 {
			list = append(list, r.IntN(3), r.IntN(1_000_000_007))
		}
		return list
	}
	zeros := bytes.Repeat([]byte{0}, 50)
	assert.Equal(t, draw(zeros), draw(zeros))
	assert.NotEqual(t, draw(zeros), draw(zeros[1:]))
	assert.NotEqual(t, draw(nil), draw([]byte{1}))
}
