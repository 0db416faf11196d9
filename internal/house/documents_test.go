package house_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
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

// JSON in the README is a scenario, and has the answer that it wants.
func TestReadmeScenarios(t *testing.T) {
	texts := blocks(t, "README.md", "json")
	require.NotEmpty(t, texts)
	var e scenario.Evaluator
	for _, text := range texts {
		n := 0
		for s, err := range scenario.Stream("README.md", strings.NewReader(text), nil) {
			require.NoError(t, err)
			n++
			result := e.Evaluate(s)
			require.NoError(t, result.Err)
			assert.True(t, result.Wanted, "the scenario wants nothing")
			assert.Empty(t, result.Mismatch)
		}
		assert.Equal(t, 1, n, "scenarios in %s", text)
	}
}

// A console block shows commands after "$ ", and below each what it prints; an
// ellipsis at the end of a line stands for the rest of it.
func TestReadmeCommandsPrintWhatItShows(t *testing.T) {
	ran := 0
	for _, text := range blocks(t, "README.md", "console") {
		for session := range strings.SplitSeq(strings.TrimPrefix(text, "$ "), "\n$ ") {
			command, shown, _ := strings.Cut(session, "\n")
			args := strings.Fields(command)
			if args[0] != "go" || args[1] != "run" {
				continue // `go test ./...` is what runs this test
			}
			ran++
			t.Run(command, func(t *testing.T) {
				printed, err := run(args[0], args[1:]...)
				require.NoError(t, err)
				assertShown(t, shown, printed)
			})
		}
	}
	assert.NotZero(t, ran, "the README shows no command that can be run")
}

func assertShown(t *testing.T, shown, printed string) {
	t.Helper()
	want := strings.Split(strings.TrimSpace(shown), "\n")
	got := strings.Split(strings.TrimSpace(printed), "\n")
	require.Len(t, got, len(want), "lines printed:\n%s", printed)
	for i := range want {
		if begin, cut := strings.CutSuffix(want[i], "…"); cut {
			assert.True(t, strings.HasPrefix(got[i], begin), "line %d: want %q, got %q", i+1, want[i], got[i])
			continue
		}
		assert.Equal(t, want[i], got[i], "line %d", i+1)
	}
}

var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

func TestLinksLeadSomewhere(t *testing.T) {
	documents, err := filepath.Glob(filepath.Join(root, "*.md"))
	require.NoError(t, err)
	require.NotEmpty(t, documents)
	for _, document := range documents {
		text, err := os.ReadFile(document)
		require.NoError(t, err)
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			_, err := os.Stat(filepath.Join(root, m[1]))
			assert.NoError(t, err, "%s links to %s", filepath.Base(document), m[1])
		}
	}
}

// Every example runs with `go run`, and prints what stands beside it.
func TestExamplesRun(t *testing.T) {
	for _, p := range listPackages(t) {
		if p.Name != "main" || !strings.HasPrefix(p.room(), "examples/") {
			continue
		}
		t.Run(p.room(), func(t *testing.T) {
			want, err := os.ReadFile(filepath.Join(p.Dir, "output.txt"))
			require.NoError(t, err)
			printed, err := run("go", "run", "./"+p.room())
			require.NoError(t, err)
			assert.Equal(t, string(want), printed)

			answered, err := run("go", "run", "./cmd/iamsim", "eval", "./"+p.room()+"/scenarios.json")
			require.NoError(t, err)
			assert.Contains(t, answered, "not: 0, wrong input: 0")
		})
	}
}

// The command tells by its exit status; go run makes 1 of any that is not 0.
func TestAnExpectationThatIsNotMetFails(t *testing.T) {
	command := exec.Command("go", "run", "./cmd/iamsim", "eval", "-")
	command.Dir = root
	command.Stdin = strings.NewReader(`{"request": {"principal": "anonymous", "action": "lambda:GetFunction", "resource": "*"}, "want": "allowed"}`)
	var exit *exec.ExitError
	require.True(t, errors.As(command.Run(), &exit))
	assert.Equal(t, 1, exit.ExitCode())
}
