package main

import (
	"errors"

	"github.com/spf13/cobra"
)

// A failure is what a command prints in the place of its answer, where that is to
// be JSON: a reader of it finds a document in any case.
type failure struct {
	Error string `json:"error"`
}

// printFailure prints a document that tells the error, in the format in which the
// command was to answer; nothing where that is for people, or goes to a file, which
// is left as it was.
func printFailure(c *cobra.Command, err error) {
	given := func(flag string) string {
		if f := c.Flags().Lookup(flag); f != nil {
			return f.Value.String()
		}
		return ""
	}
	if given("out") != "" {
		return
	}
	var document any
	switch given("output") {
	case "json", "jsonl":
		document = failure{err.Error()}
	case "sarif":
		document = failedSARIF(err)
	default:
		return
	}
	s := newSheet(c.OutOrStdout())
	// The error is said already; that it cannot be said once more tells nothing new.
	_ = errors.Join(s.json(document), s.flush())
}
