package house_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The README holds what a reader needs in the first minutes; docs has a page for
// each task, whose commands and programs are run by the tests.
func TestTopLevelHoldsOnlyWhatBelongsThere(t *testing.T) {
	allowed := []string{
		"arn", "policy", "evaluator", "examples", "cmd", "internal", "docs",
		"go.mod", "go.sum", "LICENSE", "NOTICE", "Makefile",
		"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "CONFORMANCE.md", "BENCHMARKS.md", "SECURITY.md",
		"action.yml", // GitHub finds an action nowhere else
	}
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".") {
			assert.Contains(t, allowed, entry.Name())
		}
	}
}

// foreign is what ties a file to one machine or one registry. It is put
// together from pieces so that this file does not hold it.
var foreign = regexp.MustCompile(strings.Join([]string{
	`(^|[^A-Za-z0-9_.*{}])/(` + strings.Join([]string{"root", "home", "work", "Users"}, "|") + `)/`,
	`\.\.` + `/shared`,
	`GO` + `(PROXY|SUMDB|NOSUMDB|PRIVATE)=`,
	`(proxy|sum)` + `\.golang\.org`,
	`registry` + `\.(npmjs|yarnpkg)\.`,
	`pypi` + `\.org`,
}, "|"))

func TestFilesNameNoMachineAndNoRegistry(t *testing.T) {
	read := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == ".git":
			return filepath.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil || bytes.IndexByte(text, 0) >= 0 {
			return err
		}
		read++
		for i, line := range bytes.Split(text, []byte("\n")) {
			if found := foreign.Find(line); found != nil {
				t.Errorf("%s:%d names %q", path, i+1, found)
			}
		}
		return nil
	})
	require.NoError(t, err)
	assert.Greater(t, read, 50, "files that were read")
}

func TestGoFilesAreOfReadableLength(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, file := range p.GoFiles {
			text, err := os.ReadFile(filepath.Join(p.Dir, file))
			require.NoError(t, err)
			assert.LessOrEqual(t, bytes.Count(text, []byte("\n")), 700, "%s/%s: one idea a file", p.room(), file)
		}
	}
}

// A package without a comment has no first sentence to read.
func TestEveryPackageHasAComment(t *testing.T) {
	for _, p := range listPackages(t) {
		if len(p.GoFiles) == 0 {
			continue // tests only
		}
		var comments strings.Builder
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.PackageClauseOnly)
			require.NoError(t, err)
			comments.WriteString(file.Doc.Text())
		}
		begins := "Package " + p.Name + " "
		switch {
		case strings.HasPrefix(p.room(), "cmd/"):
			begins = "Command " + filepath.Base(p.Dir) + " "
		case p.Name == "main":
			begins = ""
		}
		assert.NotEmpty(t, comments.String(), "package %s has no comment", p.room())
		assert.True(t, strings.HasPrefix(comments.String(), begins), "the comment of package %s begins with %q", p.room(), begins)
	}
}
