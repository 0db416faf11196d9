package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAPageKeepsWhatItSaysOfOtherPackages(t *testing.T) {
	page := filepath.Join(t.TempDir(), "README.md")
	read := func() string {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		return string(text)
	}
	reasons := []explanation{{File: "a/a.go", Function: "f", Before: "p || q", After: "p && q", Why: "p is q."}}
	require.NoError(t, writeTable(page, map[string]*score{"a": {all: 9, tried: 5, killed: 3, explained: 1, survived: 1}}, map[string][]string{"a": {"survived a/a.go:1 f"}}, reasons))
	require.NoError(t, writeTable(page, map[string]*score{"b": {all: 2, tried: 2, killed: 2}}, nil, reasons))
	both := read()
	assert.Regexp(t, `\| a +\| +9 \| +5 \| +3 \| +1 \| +1 \| +75\.0 % \|`, both)
	assert.Regexp(t, `\| b +\| +2 \| +2 \| +2 \| +0 \| +0 \| 100\.0 % \|`, both)
	assert.Contains(t, both, "### a\n\n```text\nsurvived a/a.go:1 f\n```\n")
	assert.Contains(t, both, "| a/a.go, f | `p \\|\\| q` → `p && q` | p is q. |")

	require.NoError(t, writeTable(page, map[string]*score{"a": {all: 9, tried: 5, killed: 5}}, nil, nil))
	assert.NotContains(t, read(), "survived a/a.go:1")
	assert.Regexp(t, `\| b +\| +2 \|`, read())
}

// The survivors of a page are tried once more, wherever in their functions the lines
// stand by now.
func TestSurvivorsAreTriedAgain(t *testing.T) {
	page := filepath.Join(t.TempDir(), "README.md")
	mutants := []*mutant{
		{folder: "a", file: "a/a.go", line: 7, function: "f", before: "p", after: "!(p)"},
		{folder: "a", file: "a/a.go", line: 8, function: "g", before: "p", after: "!(p)"},
		{folder: "a", file: "a/b.go", line: 1, function: "h", before: "q", after: "nothing"},
		{folder: "b", file: "b/b.go", line: 1, function: "f", before: "p", after: "!(p)"},
	}
	o := &options{packages: []string{"a", "b"}, table: page}
	require.NoError(t, report(o, mutants, mutants, []result{survived, killed, survived, killed}, nil))
	mutants[0].line = 9
	list, err := again(mutants, o)
	require.NoError(t, err)
	assert.Equal(t, []*mutant{mutants[0], mutants[2]}, list)
	assert.Equal(t, []string{"a"}, o.packages)
	require.NoError(t, report(o, mutants, list, []result{killed, survived}, []explanation{{File: "a/b.go", Function: "h", Before: "q", After: "nothing", Why: "q is nothing."}}))
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	assert.Regexp(t, `\| a +\| +3 \| +3 \| +2 \| +1 \| +0 \| 100\.0 % \|`, string(text))
	assert.Regexp(t, `\| b +\| +1 \| +1 \| +1 \| +0 \| +0 \| 100\.0 % \|`, string(text))
	assert.NotContains(t, string(text), "survived  a")
}

func TestTheScoreFailsBelowItsFloor(t *testing.T) {
	m := &mutant{folder: "a", file: "a/a.go", function: "f", before: "p", after: "!(p)"}
	o := &options{packages: []string{"a"}, least: 0.9}
	require.NoError(t, report(o, []*mutant{m}, []*mutant{m}, []result{killed}, nil))
	require.ErrorContains(t, report(o, []*mutant{m}, []*mutant{m}, []result{survived}, nil), "0.0 % are killed, and 90.0 % must be")
	reason := []explanation{{File: "a/a.go", Function: "f", Before: "p", After: "!(p)", Why: "p is nothing."}}
	whole := []explanation{{File: "a/a.go", Function: "f", Why: "f is a matter of speed."}}
	elsewhere := &mutant{folder: "a", file: "a/a.go", function: "g", before: "p", after: "!(p)"}
	require.NoError(t, report(o, []*mutant{m}, []*mutant{m}, []result{survived}, whole), "a reason for all of a function")
	require.Error(t, report(o, []*mutant{m, elsewhere}, []*mutant{m, elsewhere}, []result{survived, survived}, whole), "and for no other")
	other := &mutant{folder: "a", file: "a/a.go", function: "f", before: "q", after: "!(q)"}
	require.NoError(t, report(o, []*mutant{m, other}, []*mutant{m, other}, []result{survived, killed}, reason), "what is explained does not count")
}
