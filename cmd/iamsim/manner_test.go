package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readsNoFiles are verbs whose arguments are names.
var readsNoFiles = []string{"catalog", "managed", "version"}

// readsNoInput are verbs that do not read standard input: what an answer of AWS is
// about can be told by the name of its file alone.
var readsNoInput = append([]string{"account"}, readsNoFiles...)

// Every verb is tried by the scripts in the same manner: each exit status and format
// that it has, a file that is missing (nowhere…) and one of a wrong kind
// (picture.png), standard input, a terminal of 80 columns.
func TestScriptsTryEachVerbInEachManner(t *testing.T) {
	tried := triedByScripts(t)
	for _, c := range rootCommand(newScreen()).Commands() {
		if !c.IsAvailableCommand() || c.Name() == "help" {
			continue
		}
		for _, manner := range mannersOf(c) {
			assert.Contains(t, tried[c.Name()], manner, "no script tries iamsim %s: %s", c.Name(), manner)
		}
	}
}

// mannersOf is what is to be tried of a verb.
func mannersOf(c *cobra.Command) []string {
	var all []string
	for status, means := range statusesOf(c.CommandPath()) {
		if means != "" {
			all = append(all, fmt.Sprint("status ", status))
		}
	}
	for _, one := range append(c.Commands(), c) {
		if formats, ok := one.GetFlagCompletionFunc("output"); ok {
			words, _ := formats(one, nil, "")
			for _, format := range words {
				all = append(all, "format "+format)
			}
		}
	}
	if !slices.Contains(readsNoFiles, c.Name()) {
		all = append(all, "a missing file", "a file of a wrong kind")
	}
	if !slices.Contains(readsNoInput, c.Name()) {
		all = append(all, "standard input")
	}
	return append(all, "80 columns")
}

var (
	runs     = regexp.MustCompile(`^(?:\[\w+\] )?(exec|exits (\d)|narrow (\d)) iamsim (\w+)(.*)$`)
	formatOf = regexp.MustCompile(` (?:-o|--output|--format)[ =](\w+)`)
)

// triedByScripts is what the scripts try of each verb.
func triedByScripts(t *testing.T) map[string][]string {
	t.Helper()
	tried := make(map[string][]string)
	scripts, err := filepath.Glob("testdata/script/*.txt")
	require.NoError(t, err)
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		require.NoError(t, err)
		given := false
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "-- ") {
				break
			}
			m := runs.FindStringSubmatch(line)
			if m == nil {
				given = strings.HasPrefix(line, "stdin ")
				continue
			}
			verb, args := m[4], m[5]
			add := func(does bool, manner string) {
				if does {
					tried[verb] = append(tried[verb], manner)
				}
			}
			status := m[2] + m[3]
			if status == "" {
				status = "0"
			}
			add(true, "status "+status)
			if f := formatOf.FindStringSubmatch(args); f != nil {
				add(true, "format "+f[1])
			} else {
				add(true, "format text")
				add(verb == "managed", "format json") // which show has alone
			}
			add(status == "2" && strings.Contains(args, " nowhere"), "a missing file")
			add(status == "2" && strings.Contains(args, " picture.png"), "a file of a wrong kind")
			add(given, "standard input")
			add(m[3] != "", "80 columns")
			given = false
		}
	}
	return tried
}

// narrow runs a command as on a terminal of 80 columns, and demands its exit status
// and that no line is wider, but for one that ends in a word that is: narrow 0
// iamsim eval x.json.
func narrow(ts *testscript.TestScript, negated bool, args []string) {
	ts.Setenv("COLUMNS", "80")
	defer ts.Setenv("COLUMNS", "")
	exits(ts, negated, args)
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		line = strings.TrimRight(line, "\n")
		last := line[strings.LastIndex(line, " ")+1:]
		if columns(line) > 80 && columns(last) < 40 {
			ts.Fatalf("a line of %d columns: %s", columns(line), line)
		}
	}
}
