package golden_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/golden"
)

// A recorder is a test that may fail.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) FailNow()              { runtime.Goexit() }

// fails reports whether the comparison fails its test.
func fails(t *testing.T, file, text string) bool {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		golden.Compare(r, file, text)
	}()
	<-done
	return r.failed
}

func TestAFileIsWrittenWhereThatIsAskedForAndElseCompared(t *testing.T) {
	file := filepath.Join(t.TempDir(), "golden.txt")

	t.Setenv("IAMSIM_UPDATE", "")
	assert.True(t, fails(t, file, "a\n"), "there is no file")
	assert.NoFileExists(t, file)

	t.Setenv("IAMSIM_UPDATE", "1")
	assert.False(t, fails(t, file, "a\n"))
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "a\n", string(written))

	t.Setenv("IAMSIM_UPDATE", "")
	assert.False(t, fails(t, file, "a\n"), "the file holds it")
	assert.True(t, fails(t, file, "b\n"), "the file holds something else")
	written, err = os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "a\n", string(written), "and stays as it is")
}
