package main

import (
	"net/url"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// sarifSchema is the schema that the logs name.
var sarifSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	return jsonschema.NewCompiler().Compile("testdata/sarif-2.1.0.json")
})

// checkSARIF holds a log against the schema of SARIF 2.1.0, and its places against
// what a code review shows: files of the repository, by a relative URI.
func checkSARIF(ts *testscript.TestScript, text string) {
	schema, err := sarifSchema()
	ts.Check(err)
	log, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	ts.Check(err)
	ts.Check(schema.Validate(log))
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			if at, ok := v["artifactLocation"].(map[string]any); ok {
				uri, _ := at["uri"].(string)
				u, err := url.Parse(uri)
				ts.Check(err)
				if uri == "" || u.IsAbs() || strings.HasPrefix(uri, "/") || strings.HasPrefix(uri, "..") {
					ts.Fatalf("%q is no file of the repository", uri)
				}
			}
			for _, item := range v {
				walk(item)
			}
		}
	}
	walk(log)
}

// isSARIF demands that a file, or stdout, is a log as the schema has it:
// sarif stdout.
func isSARIF(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) != 1 {
		ts.Fatalf("usage: sarif file")
	}
	checkSARIF(ts, ts.ReadFile(args[0]))
}
