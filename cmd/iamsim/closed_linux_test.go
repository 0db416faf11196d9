package main

import (
	"bytes"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An answer that nobody gets is no success.
func TestAnAnswerThatCannotBeWrittenFails(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	defer full.Close()
	reader, closed, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	defer closed.Close()
	for name, stdout := range map[string]*os.File{"a full disk": full, "a pipe that nobody reads": closed} {
		t.Run(name, func(t *testing.T) {
			var stderr bytes.Buffer
			c := exec.Command("iamsim", "catalog", "sts") // of the scripts, as TestMain puts it into the path
			c.Stdout, c.Stderr = stdout, &stderr
			var failed *exec.ExitError
			require.ErrorAs(t, c.Run(), &failed)
			if stdout == full {
				assert.Equal(t, int(broken), failed.ExitCode())
				assert.Contains(t, stderr.String(), "no space left on device")
			}
		})
	}
}
