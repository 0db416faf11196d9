package house_test

import (
	"crypto/sha256"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A release is built with these flags, as .goreleaser.yaml has them.
var releaseFlags = []string{"-trimpath", "-ldflags=-s -w -buildid="}

func TestBuildsAreReproducible(t *testing.T) {
	if os.Getenv("IAMSIM_REPRODUCIBLE") == "" {
		t.Skip("set IAMSIM_REPRODUCIBLE: it compiles Go itself anew")
	}
	configuration, err := os.ReadFile(filepath.Join(root, ".goreleaser.yaml"))
	require.NoError(t, err)
	assert.Contains(t, string(configuration), "flags: [-trimpath]")
	assert.Contains(t, string(configuration), `ldflags: ["-s -w -buildid="]`)

	var hashes [2][sha256.Size]byte
	for i := range hashes {
		folder := t.TempDir() // elsewhere each time
		binary := filepath.Join(folder, "iamsim")
		args := append([]string{"build", "-buildvcs=false", "-o", binary}, releaseFlags...)
		if i > 0 {
			args = append(args, "-a") // nothing of the first build is used again
		}
		c := exec.Command("go", append(args, "./cmd/iamsim")...)
		c.Dir, c.Env = root, append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64")
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s", out)
		text, err := os.ReadFile(binary)
		require.NoError(t, err)
		hashes[i] = sha256.Sum256(text)
	}
	assert.Equal(t, hashes[0], hashes[1])
}
