package active_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/internal/mutation/active"
)

func TestWithoutAMutantEverythingIsAsItStands(t *testing.T) {
	assert.False(t, active.Is(1))
	assert.Equal(t, 4, active.Next(1, 4))
	assert.Equal(t, "a", active.Zero(1, "a"))
	assert.Equal(t, 7, active.Add(1, 4, 3))
	assert.Equal(t, 1, active.Sub(1, 4, 3))
	assert.Equal(t, 12, active.Mul(1, 4, 3))
	assert.Equal(t, 4, active.And(1, 6, 12))
	assert.Equal(t, 14, active.Or(1, 6, 12))
	assert.Equal(t, 2, active.AndNot(1, 6, 12))
	assert.Equal(t, uint8(128), active.Shl(1, uint8(1), 7))
	assert.Equal(t, uint8(1), active.Shr(1, uint8(128), 7))
}
