package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
)

// Every verb that answers programs tells them of an error in the format that they
// asked for.
func TestAnErrorIsADocumentInEveryFormat(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	tried := 0
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		for _, below := range c.Commands() {
			walk(below)
		}
		if c.Flags().Lookup("output") == nil || !c.Runnable() {
			return
		}
		verb := strings.Fields(c.CommandPath())[1:]
		for _, format := range []string{"json", "jsonl", "sarif", "junit"} {
			if _, stderr, _ := ran(t, "", append(slices.Clone(verb), "-o", format, none, none)...); strings.Contains(stderr, "--output is ") {
				continue
			}
			tried++
			for name, args := range map[string][]string{
				"a file that is not there": {"-o", format, none, none}, "a flag": {"-o", format, "--none"}, "nothing": {"-o", format},
			} {
				t.Run(strings.Join(verb, " ")+"/"+format+"/"+name, func(t *testing.T) {
					stdout, stderr, status := ran(t, "", append(slices.Clone(verb), args...)...)
					if name != "a flag" && status != int(broken) {
						return // the verb needs no argument, or no file
					}
					assert.Equal(t, int(broken), status, stderr)
					if format == "junit" {
						isXML(t, stdout)
					} else {
						isJSON(t, []byte(stdout))
					}
				})
			}
		}
	}
	walk(rootCommand(newScreen()))
	assert.Greater(t, tried, 20)
}
