package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// deniedJSON runs denied on a text, and holds every line that it prints against
// the schema.
func deniedJSON(t *testing.T, schema *jsonschema.Schema, text string, args ...string) {
	t.Helper()
	c := deniedCommand()
	var out bytes.Buffer
	c.SetArgs(append(args, "--output", "json"))
	c.SetIn(strings.NewReader(text))
	c.SetOut(&out)
	c.SilenceErrors, c.SilenceUsage = true, true
	_ = c.Execute()
	for line := range strings.Lines(out.String()) {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		require.NoError(t, err, text)
		assert.NoError(t, schema.Validate(v), "%s\n%s", text, line)
	}
}

func deniedSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(filepath.FromSlash("../../evaluator/scenario/schema/denied.json"))
	require.NoError(t, err)
	return s
}

// Whatever the script of denied asks, asked as JSON, is as the schema says.
func TestDeniedPrintsWhatItsSchemaSays(t *testing.T) {
	schema := deniedSchema(t)
	archive, err := txtar.ParseFile(filepath.FromSlash("testdata/script/denied.txt"))
	require.NoError(t, err)
	files := make(map[string]string)
	dir := t.TempDir()
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
		require.NoError(t, os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644))
	}
	t.Chdir(dir)
	stdin, asked := "", 0
	for line := range strings.Lines(string(archive.Comment)) {
		words := fields(line)
		switch {
		case len(words) == 2 && words[0] == "stdin":
			stdin = files[words[1]]
		case len(words) > 2 && (words[0] == "exec" && words[2] == "denied" || words[0] == "exits" && words[3] == "denied"):
			var args []string
			for _, word := range words[3:] {
				if word != "denied" {
					args = append(args, word)
				}
			}
			asked++
			deniedJSON(t, schema, stdin, args...)
		}
	}
	assert.Greater(t, asked, 40)
}

// fields are the words of a script's line.
func fields(line string) []string {
	var words []string
	for i, part := range strings.Split(strings.TrimSpace(line), "'") {
		if i%2 == 1 {
			words = append(words, part)
			continue
		}
		words = append(words, strings.Fields(part)...)
	}
	return words
}

// So is what it says to the sentences of services, with a caller and without.
func TestDeniedOfServicesPrintsWhatItsSchemaSays(t *testing.T) {
	schema := deniedSchema(t)
	text, err := os.ReadFile(filepath.FromSlash("../../evaluator/denial/testdata/services.json"))
	require.NoError(t, err)
	var texts []struct{ Text string }
	require.NoError(t, json.Unmarshal(text, &texts))
	for _, c := range texts {
		deniedJSON(t, schema, c.Text)
	}
	for _, c := range texts[:10] {
		deniedJSON(t, schema, c.Text, "--principal", "arn:aws:iam::111122223333:role/app", "--resource", "arn:aws:lambda:us-east-1:111122223333:function:f")
	}
}
