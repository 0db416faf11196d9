package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
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

// Whoever interrupts a question gets no half of an answer: nothing is printed, and
// the file of --out is as it was, with nothing beside it.
func TestAnInterruptedQuestionLeavesNothing(t *testing.T) {
	const document = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`
	dir := t.TempDir()
	policy, report := filepath.Join(dir, "policy.json"), filepath.Join(dir, "report.json")
	require.NoError(t, os.WriteFile(policy, []byte(document), 0o600))
	for name, args := range map[string][]string{
		"diff": {"diff", policy, "-"}, "prove": {"prove", "within", "-", policy}, "redundant": {"prove", "redundant", policy, "-"},
	} {
		for _, out := range [][]string{{"--output", "json"}, {"--output", "json", "--out", report}} {
			t.Run(name, func(t *testing.T) {
				require.NoError(t, os.WriteFile(report, []byte("as it was"), 0o600))
				var stdout bytes.Buffer
				c := exec.Command("iamsim", append(args, out...)...) // of the scripts, as TestMain puts it into the path
				c.Stdout = &stdout
				stdin, err := c.StdinPipe()
				require.NoError(t, err)
				defer stdin.Close()
				require.NoError(t, c.Start())
				_, err = io.WriteString(stdin, document[:20]) // and then nothing, for ever
				require.NoError(t, err)
				require.NoError(t, c.Process.Signal(os.Interrupt))
				var failed *exec.ExitError
				require.ErrorAs(t, c.Wait(), &failed)
				assert.Equal(t, syscall.SIGINT, failed.Sys().(syscall.WaitStatus).Signal())
				assert.Empty(t, stdout.String())
				text, err := os.ReadFile(report)
				require.NoError(t, err)
				assert.Equal(t, "as it was", string(text))
				entries, err := os.ReadDir(dir)
				require.NoError(t, err)
				assert.Len(t, entries, 2)
			})
		}
	}
}
