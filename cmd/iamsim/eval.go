package main

import (
	"errors"
	"iter"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy/catalog"
)

func evalCommand() *cobra.Command {
	var to output
	var from scenario.Reader
	c := &cobra.Command{
		Use:   "eval [flags] PATH…|-",
		Short: "Answer scenarios: the decision on each, and why",
		Long: `Answer scenarios: requests with the policies that may apply to them.

` + scenarioPaths,
		Example: `  iamsim eval denial.json
  iamsim eval --output csv scenarios/ > decisions.csv
  generate-scenarios | iamsim eval --output jsonl -`,
		Args: scenariosAreGiven,
		RunE: func(c *cobra.Command, paths []string) error {
			from.Stdin = c.InOrStdin()
			return to.to(c, func(s *sheet) error {
				return eval(&from, paths, to.format, s)
			})
		},
	}
	to.define(c, "text", "json", "jsonl", "csv")
	defineRoot(c, &from)
	return c
}

const scenarioPaths = `A PATH is a scenario or suite (.json), JSON lines (.jsonl), or a folder with
these; - is standard input. A scenario names policies from its own folder on,
within the folder that is the PATH or has the file; --root is a wider one. A
policy is a file in any form that people have it in (what the AWS CLI prints,
YAML), a folder, a document, or an AWS managed policy by its ARN or name.`

func scenariosAreGiven(c *cobra.Command, paths []string) error {
	if len(paths) == 0 {
		return errors.New(c.Name() + " needs a PATH: a scenario, a suite, a folder, or - for standard input")
	}
	return nil
}

// defineRoot defines the flag for the folder that policies of scenarios stay in.
func defineRoot(c *cobra.Command, from *scenario.Reader) {
	from.Within = policiesWithin(c)
	c.Flags().StringVar(&from.Root, "root", "", "the `folder` that the policies of scenarios stay in, which has the PATH")
}

// results are the answers to the scenarios of the paths, in their order. They are
// counted as progress.
func results(from *scenario.Reader, paths []string, on *sheet) iter.Seq2[*scenario.Scenario, *scenario.Result] {
	return func(yield func(*scenario.Scenario, *scenario.Result) bool) {
		e := scenario.Evaluator{Catalog: catalog.Default()}
		for s, err := range from.Files(paths...) {
			result := scenario.Failed(s, err)
			if err == nil {
				result = e.Evaluate(s)
			}
			on.step()
			if !yield(s, result) {
				return
			}
		}
	}
}

// eval prints each result when it is there. The exit status is the worst.
func eval(from *scenario.Reader, paths []string, format string, on *sheet) error {
	p := newPrinter(format, on)
	var status exitStatus
	for s, r := range results(from, paths, on) {
		status = worse(status, statusOf(r))
		if err := p.print(s, r); err != nil {
			return err
		}
	}
	if err := p.end(); err != nil {
		return err
	}
	return status.error()
}

// statusOf is the exit status of one result.
func statusOf(r *scenario.Result) exitStatus {
	switch {
	case r.Broken():
		return broken
	case r.Pass():
		return 0
	case !r.Wanted && r.Decision == evaluator.Indeterminate:
		return notSettled
	}
	return notMet
}
