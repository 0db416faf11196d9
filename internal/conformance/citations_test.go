package main

import (
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/cite"
)

func TestEveryCitedNumberExists(t *testing.T) {
	known := make(map[string]bool)
	for id := range rulesByID(t) {
		known[id] = true
	}
	for _, c := range choicesOf(t) {
		for _, id := range c.Rules {
			known[id] = true
		}
	}
	covered, err := readCoverage(repository)
	require.NoError(t, err)
	for _, x := range covered.examples {
		known[x.ID] = true
	}

	cited := 0
	err = fs.WalkDir(repository, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && len(name) > 1 && strings.HasPrefix(path.Base(name), "."):
			return fs.SkipDir
		case path.Ext(name) != ".go" || strings.HasPrefix(name, "internal/cite/"):
			return nil
		}
		text, err := fs.ReadFile(repository, name)
		if err != nil {
			return err
		}
		for where, words := range prose(name, text) {
			for _, id := range cite.Numbers(words) {
				cited++
				assert.True(t, known[id], "%s cites %s, which does not exist", where, id)
			}
		}
		return nil
	})
	require.NoError(t, err)
	assert.Greater(t, cited, 100, "citations that were seen")
}

// prose are the comments and strings of a Go file, with their places.
func prose(name string, text []byte) map[string]string {
	words := make(map[string]string)
	files := token.NewFileSet()
	file := files.AddFile(name, -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, scanner.ScanComments)
	for {
		at, kind, literal := s.Scan()
		switch kind {
		case token.EOF:
			return words
		case token.COMMENT, token.STRING:
			place := files.Position(at)
			words[fmt.Sprintf("%s:%d:%d", name, place.Line, place.Column)] = literal
		}
	}
}
