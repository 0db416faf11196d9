// Package golden compares what tests print with files that hold it.
package golden

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Updating reports whether the environment variable IAMSIM_UPDATE is 1: files
// are to be written anew and not compared.
func Updating() bool { return os.Getenv("IAMSIM_UPDATE") == "1" }

// Compare fails the test if the file holds anything but the text. With
// [Updating] it writes the text into the file.
func Compare(t testing.TB, file, text string) {
	t.Helper()
	if Updating() {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "IAMSIM_UPDATE=1 go test writes it")
	assert.Equal(t, string(want), text, "%s; if that is meant, IAMSIM_UPDATE=1 go test writes it anew", file)
}
