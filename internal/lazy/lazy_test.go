package lazy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/internal/lazy"
)

func TestAnExpressionIsCompiledWhenItIsFirstUsed(t *testing.T) {
	wrong := lazy.Regexp("(")
	assert.Panics(t, func() { wrong() })

	digits := lazy.Regexp(`^\d+$`)
	assert.True(t, digits().MatchString("42"))
	assert.Same(t, digits(), digits(), "it is compiled once")
}
