package replace_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/replace"
)

func names(t *testing.T, dir string) (names []string) {
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestAFileIsReplacedWhole(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "page.html"), filepath.Join(dir, "link")
	require.NoError(t, replace.File(file, []byte("one")))
	require.NoError(t, os.Chmod(file, 0o600))
	require.NoError(t, os.Symlink("page.html", link))
	require.NoError(t, replace.File(link, []byte("two")))

	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "two", string(text))
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	assert.Equal(t, []string{"link", "page.html"}, names(t, dir), "nothing is left beside it")
}

func TestWhatCannotBeReplacedStays(t *testing.T) {
	dir := t.TempDir()
	require.ErrorIs(t, replace.File(filepath.Join(dir, "none", "page.html"), nil), fs.ErrNotExist)
	require.ErrorContains(t, replace.File(dir, nil), "is a folder")

	file := filepath.Join(dir, "read-only.html")
	require.NoError(t, os.WriteFile(file, []byte("one"), 0o400))
	require.ErrorIs(t, replace.File(file, []byte("two")), fs.ErrPermission)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "one", string(text))
	assert.Equal(t, []string{"read-only.html"}, names(t, dir))
}

// A device is no file that another could take the place of.
func TestADeviceIsWritten(t *testing.T) {
	require.NoError(t, replace.File(os.DevNull, []byte("one")))
	info, err := os.Stat(os.DevNull)
	require.NoError(t, err)
	assert.False(t, info.Mode().IsRegular())
}
