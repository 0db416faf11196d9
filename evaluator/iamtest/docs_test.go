package iamtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// program is a block of Go in a document: a whole file, perhaps with a comment
// before it that names the folder whose other files it stands beside, and a block of
// text below it that it prints.
var program = regexp.MustCompile("(?ms)(?:^<!-- beside ([a-z/]+) -->\n)?^```go\n(package (\\w+)\n.*?)^```$(?:\n\n```text\n(.*?)^```$)?")

// Every block of Go in docs is compiled and run in a module of its own, with
// nothing but this one.
func TestGoInDocumentsRuns(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	require.NoError(t, err)
	m := newModule(t)
	tests := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		found := program.FindAllStringSubmatch(string(text), -1)
		require.Len(t, found, strings.Count(string(text), "\n```go\n"), "%s: Go is a whole file", page)
		for i, block := range found {
			beside, source, name, prints := block[1], block[2], block[3], block[4]
			folder := fmt.Sprintf("%s%d", strings.TrimSuffix(filepath.Base(page), ".md"), i)
			require.NoError(t, os.Mkdir(filepath.Join(string(m), folder), 0o755))
			if beside != "" {
				m.copyData(t, filepath.Join("..", "..", beside), folder)
			}
			if name == "main" {
				m.write(t, filepath.Join(folder, "main.go"), source)
				out, err := m.run("run", "./"+folder)
				require.NoError(t, err, page)
				assert.Equal(t, prints, out, "%s: what the program prints", page)
				continue
			}
			tests++
			m.write(t, filepath.Join(folder, "docs_test.go"), source)
		}
	}
	out, err := m.run("test", "./...")
	require.NoError(t, err)
	assert.Equal(t, tests, len(regexp.MustCompile(`(?m)^ok\s`).FindAllString(out, -1)), out)
}

func (m module) write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(string(m), name), []byte(text), 0o644))
}

// copyData copies a folder but for its Go into one of the module.
func (m module) copyData(t *testing.T, from, to string) {
	t.Helper()
	to = filepath.Join(string(m), to)
	require.NoError(t, os.CopyFS(to, os.DirFS(from)))
	sources, err := filepath.Glob(filepath.Join(to, "*.go"))
	require.NoError(t, err)
	for _, source := range sources {
		require.NoError(t, os.Remove(source))
	}
}
