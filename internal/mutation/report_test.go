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
