package main

import (
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A citation is a number that a comment or a string names.
var citation = regexp.MustCompile(`EX-[A-L]\d+|[A-LZ]-\d+|[A-L]\.[1-9]\d*`)

// citations are the numbers of rules, sections and examples in a text. What is
// part of a longer word, such as UTF-8 or EC-2b, is none.
func citations(text string) []string {
	var found []string
	for _, at := range citation.FindAllStringIndex(text, -1) {
		before, after := text[:at[0]], text[at[1]:]
		if !endsInWord(before) && !beginsWithWord(after) {
			found = append(found, text[at[0]:at[1]])
		}
	}
	return found
}

var (
	wordBefore = regexp.MustCompile(`[\w./:\[-]$`)
	wordAfter  = regexp.MustCompile(`^(\w|-\w|\.\d)`)
)

func endsInWord(s string) bool     { return wordBefore.MatchString(s) }
func beginsWithWord(s string) bool { return wordAfter.MatchString(s) }

func TestACitationIsAWordOfItsOwn(t *testing.T) {
	for text, want := range map[string][]string{
		"as B-12 says":                {"B-12"},
		"(C-20…C-24)":                 {"C-20", "C-24"},
		"keys (C-3 to C-5, L-11).":    {"C-3", "C-5", "L-11"},
		"the grammar (A.1 to A.5, C)": {"A.1", "A.5"},
		"EX-B12/crossing is one":      {"EX-B12"},
		"UTF-8, SHA-256 and X-1":      nil,
		"us-east-1 and [A-9]":         nil,
		"version v1.A.3 of p-E-1":     nil,
		"the table of C.2, and E.7's": {"C.2", "E.7"},
	} {
		assert.Equal(t, want, citations(text), text)
	}
}

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
		case path.Ext(name) != ".go" || name == "internal/conformance/citations_test.go":
			return nil
		}
		text, err := fs.ReadFile(repository, name)
		if err != nil {
			return err
		}
		for where, words := range prose(name, text) {
			for _, id := range citations(words) {
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
