package main

import (
	"errors"

	"github.com/spf13/cobra"
)

// A failure is what a command prints in the place of its answer, where a program is
// to read that: it finds a document in any case.
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
	s := newSheet(c.OutOrStdout())
	var written error
	switch given("output") {
	case "json", "jsonl":
		written = s.json(failure{err.Error()})
	case "sarif":
		written = s.json(failedSARIF(err))
	case "junit":
		written = printJUnit(s, failedJUnit(c.CommandPath(), err))
	}
	// The error is said already; that it cannot be said once more tells nothing new.
	_ = errors.Join(written, s.flush())
}

// parts are the errors that were joined.
func parts(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}
