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
var readsNoFiles = []string{"catalog", "managed list", "managed show", "managed versions", "managed diff", "version"}

// Every verb, as the table of exit statuses has them, is tried by the scripts in the
// same manner: each exit status and format that it has, a file that is missing
// (nowhere…) and one of a wrong kind (picture.png), standard input, a terminal of 80
// columns.
func TestScriptsTryEachVerbInEachManner(t *testing.T) {
	root := rootCommand(newScreen())
	tried := triedByScripts(t, root)
	for _, row := range verbStatuses {
		for _, manner := range mannersOf(t, root, row.verb) {
			assert.Contains(t, tried[row.verb], manner, "no script tries iamsim %s: %s", row.verb, manner)
		}
	}
}

// mannersOf is what is to be tried of a verb.
func mannersOf(t *testing.T, root *cobra.Command, verb string) []string {
	all := []string{"80 columns"}
	for status, means := range statusesOf("iamsim " + verb) {
		if means != "" {
			all = append(all, fmt.Sprint("status ", status))
		}
	}
	for _, format := range formatWords(t, root, verb) {
		all = append(all, "format "+format)
	}
	if !slices.Contains(readsNoFiles, verb) {
		all = append(all, "a missing file", "a file of a wrong kind", "standard input")
	}
	return all
}

// formatWords are the formats of a verb and of what is below it; the first is that of
// no flag.
func formatWords(t *testing.T, root *cobra.Command, verb string) []string {
	t.Helper()
	c, _, err := root.Find(strings.Fields(verb))
	require.NoError(t, err)
	var all []string
	for _, leaf := range leaves(c) {
		formats, ok := leaf.GetFlagCompletionFunc("output")
		if !ok {
			continue
		}
		words, _ := formats(leaf, nil, "")
		all = append(all, words...)
	}
	if all == nil { // it has no flag
		return []string{"text"}
	}
	return all
}

var (
	runs     = regexp.MustCompile(`^(?:\[\w+\] )?(exec|exits (\d)|narrow (\d)) iamsim (.*)$`)
	formatOf = regexp.MustCompile(` (?:-o|--output|--format)[ =](\w+)`)
)

// triedByScripts is what the scripts try of each verb.
func triedByScripts(t *testing.T, root *cobra.Command) map[string][]string {
	t.Helper()
	tried, plain := make(map[string][]string), make(map[string]string)
	for _, row := range verbStatuses {
		plain[row.verb] = formatWords(t, root, row.verb)[0]
	}
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
			words := strings.Fields(m[4] + " .")
			verb, args := words[0], " "+m[4]
			if two := verb + " " + words[1]; plain[two] != "" {
				verb = two
			}
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
			format := plain[verb]
			if f := formatOf.FindStringSubmatch(args); f != nil {
				format = f[1]
			}
			add(true, "format "+format)
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
