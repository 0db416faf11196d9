package apicall_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/apicall"
)

// What is embedded is operations.txt. With IAMSIM_UPDATE=1 it is written anew.
func TestTheEmbeddedTableIsOperationsTxt(t *testing.T) {
	text, err := os.ReadFile("operations.txt")
	require.NoError(t, err)
	if os.Getenv("IAMSIM_UPDATE") == "1" {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		require.NoError(t, err)
		_, err = w.Write(text)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.NoError(t, os.WriteFile("operations.txt.gz", b.Bytes(), 0o644))
	}
	packed, err := os.ReadFile("operations.txt.gz")
	require.NoError(t, err)
	assert.LessOrEqual(t, len(packed), 40<<10)
	r, err := gzip.NewReader(bytes.NewReader(packed))
	require.NoError(t, err)
	embedded, err := io.ReadAll(r)
	require.NoError(t, err)
	assert.Equal(t, string(text), string(embedded), "IAMSIM_UPDATE=1 go test ./evaluator/apicall writes operations.txt.gz")
	t.Logf("%d bytes, %d embedded", len(text), len(packed))
}

func TestEveryOperationOfLambdaIsKnown(t *testing.T) {
	services := make(map[string]int)
	for _, name := range apicall.Operations() {
		services[name[:bytes.IndexByte([]byte(name), ':')]]++
	}
	assert.Equal(t, map[string]int{"lambda": 114 + 2, "sts": 11}, services, "114 operations, the function URL and Lambda@Edge; STS")
}
