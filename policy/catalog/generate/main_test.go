package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPackageIsUnpackedBelowItsFolder(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, unpack(packed(t, "package/data/services.json", `["zoo"]`), folder))
	text, err := os.ReadFile(filepath.Join(folder, "package", "data", "services.json"))
	require.NoError(t, err)
	assert.Equal(t, `["zoo"]`, string(text))

	require.ErrorContains(t, unpack(packed(t, "../outside", "x"), folder), `the package has a file "../outside"`)
	require.Error(t, unpack([]byte("no archive"), folder))
}

func packed(t *testing.T, name, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	plain := gzip.NewWriter(&b)
	files := tar.NewWriter(plain)
	require.NoError(t, files.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text)), Typeflag: tar.TypeReg}))
	_, err := files.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, files.Close())
	require.NoError(t, plain.Close())
	return b.Bytes()
}

func TestNothingIsWrittenOfAPackageWithFaults(t *testing.T) {
	file := filepath.Join(t.TempDir(), "catalog.data")
	var out strings.Builder
	require.ErrorContains(t, run(t.TempDir(), file, &out), "data/services.json")
	assert.NoFileExists(t, file)
	assert.Empty(t, out.String())
}

func TestWhatWasKnownIsReadFromTheFile(t *testing.T) {
	before, err := known(filepath.Join("..", "catalog.data"))
	require.NoError(t, err)
	assert.Equal(t, "2026-09-26", before.Date)
	_, err = known(filepath.Join("..", "none.data"))
	require.Error(t, err)
	_, err = known("corrections.txt")
	require.ErrorContains(t, err, "catalog: data begin with")
}
