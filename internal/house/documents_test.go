package house_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/scenario"
)

var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// blocks are the fenced blocks of a Markdown file in one language.
func blocks(t *testing.T, file, language string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, file))
	require.NoError(t, err)
	var found []string
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		if m[1] == language {
			found = append(found, m[2])
		}
	}
	return found
}

// Go in the README is Go that is compiled and tested: it stands in a file of
// the examples, word for word.
func TestReadmeGoIsOfTheExamples(t *testing.T) {
	var sources []string
	err := filepath.WalkDir(filepath.Join(root, "examples"), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		sources = append(sources, string(text))
		return err
	})
	require.NoError(t, err)
	snippets := blocks(t, "README.md", "go")
	require.NotEmpty(t, snippets)
	for _, snippet := range snippets {
		assert.True(t, slices.ContainsFunc(sources, func(source string) bool { return strings.Contains(source, snippet) }),
			"Go of the README is in no file of the examples:\n%s", snippet)
	}
}

// A text block of the README is a file of the examples, which a test there
// keeps true.
func TestReadmeTextIsOfTheExamples(t *testing.T) {
	texts := blocks(t, "README.md", "text")
	require.NotEmpty(t, texts)
	files, err := filepath.Glob(filepath.Join(root, "examples", "*", "*.txt"))
	require.NoError(t, err)
	for _, shown := range texts {
		assert.True(t, slices.ContainsFunc(files, func(file string) bool {
			text, err := os.ReadFile(file)
			return err == nil && string(text) == shown
		}), "text of the README is no file of the examples:\n%s", shown)
	}
}

// JSON in a document is a scenario, and has the answer that it wants.
func TestScenariosInDocuments(t *testing.T) {
	var e scenario.Evaluator
	n := 0
	for _, file := range documents(t) {
		for _, text := range blocks(t, file, "json") {
			for s, err := range scenario.Stream(file, strings.NewReader(text), nil) {
				require.NoError(t, err)
				n++
				result := e.Evaluate(s)
				require.NoError(t, result.Err)
				assert.True(t, result.Wanted, "%s: the scenario wants nothing", file)
				assert.Empty(t, result.Mismatch)
			}
		}
	}
	assert.NotZero(t, n, "no document shows a scenario")
}

// documents are the Markdown files at the top and below docs, from the root on.
func documents(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md"} {
		found, err := fs.Glob(os.DirFS(root), pattern)
		require.NoError(t, err)
		require.NotEmpty(t, found)
		files = append(files, found...)
	}
	return files
}

var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

func TestLinksLeadSomewhere(t *testing.T) {
	for _, document := range documents(t) {
		text, err := os.ReadFile(filepath.Join(root, document))
		require.NoError(t, err)
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			_, err := os.Stat(filepath.Join(root, filepath.Dir(document), m[1]))
			assert.NoError(t, err, "%s links to %s", document, m[1])
		}
	}
}

// Whoever reads the index finds each page.
func TestTheIndexHasEveryPage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "README.md"))
	require.NoError(t, err)
	for _, document := range documents(t) {
		if name, ok := strings.CutPrefix(document, "docs/"); ok && name != "README.md" && !strings.HasPrefix(name, "verbs/") {
			assert.Contains(t, string(text), "("+name+")")
		}
	}
}

// Every example is held to what stands beside it: what it prints, and its scenarios.
func TestExamplesAreTested(t *testing.T) {
	n := 0
	for _, p := range listPackages(t) {
		if p.Name != "main" || !strings.HasPrefix(p.room(), "examples/") {
			continue
		}
		n++
		text, err := os.ReadFile(filepath.Join(p.Dir, "main_test.go"))
		require.NoError(t, err)
		for _, test := range []string{"storytest.Output(t, tell)", "storytest.Scenarios(t)"} {
			assert.Contains(t, string(text), test, p.room())
		}
	}
	assert.Greater(t, n, 10)
}

// The benchmarks are a module of their own, and write BENCHMARKS.md anew from
// limits.md: what is written into the one only would be lost.
func TestBenchmarksHoldWhatTheyAreWrittenFrom(t *testing.T) {
	limits, err := os.ReadFile(filepath.Join(root, "internal", "benchmarks", "limits.md"))
	require.NoError(t, err)
	page, err := os.ReadFile(filepath.Join(root, "BENCHMARKS.md"))
	require.NoError(t, err)
	assert.Contains(t, string(page), strings.TrimSpace(string(limits)))
}
