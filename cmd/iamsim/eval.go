package main

import (
	"bufio"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy/catalog"
)

func evalCommand() *cobra.Command {
	var output string
	var from scenario.Reader
	c := &cobra.Command{
		Use:   "eval [flags] PATH…|-",
		Short: "Answer scenarios, and check what they want",
		Long: `Answer scenarios: requests with the policies that may apply to them.

A PATH is a scenario or suite (.json), JSON lines (.jsonl), or a folder with
these; - is standard input. A scenario names policies from its own folder on,
within the folder that is the PATH or has the file; --root is a wider one. A
policy is a file in any form that people have it in (what the AWS CLI prints,
YAML), a folder, a document, or an AWS managed policy by its ARN or name.

Exit status:
  0  every expectation is met; without any, every request is allowed
  1  one is not
  2  some input could not be read or was wrong`,
		Args: func(_ *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				return errors.New("eval needs a PATH: a scenario, a suite, a folder, or - for standard input")
			}
			return nil
		},
		RunE: func(c *cobra.Command, paths []string) error {
			out := bufio.NewWriter(c.OutOrStdout())
			var p printer
			switch output {
			case "table":
				p = &table{out: out}
			case "json":
				p = &array{out: out}
			case "jsonl":
				p = &lines{out: out}
			default:
				return fmt.Errorf("--output is table, json or jsonl, not %q", output)
			}
			from.Stdin = c.InOrStdin()
			err := eval(&from, paths, p)
			if flushed := out.Flush(); flushed != nil {
				return flushed
			}
			return err
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "table", "table, json or jsonl")
	defineRoot(c, &from)
	return c
}

// defineRoot defines the flag for the folder that policies of scenarios stay in.
func defineRoot(c *cobra.Command, from *scenario.Reader) {
	c.Flags().StringVar(&from.Root, "root", "", "the `folder` that the policies of scenarios stay in, which has the PATH")
}

// eval prints each result when it is there, in the order of the input.
func eval(from *scenario.Reader, paths []string, p printer) error {
	e := scenario.Evaluator{Catalog: catalog.Default()}
	var status exitStatus
	for s, err := range from.Files(paths...) {
		result := scenario.Failed(s, err)
		if err == nil {
			result = e.Evaluate(s)
		}
		switch {
		case result.Broken():
			status = broken
		case !result.Pass():
			status = max(status, notMet)
		}
		if err := p.print(result); err != nil {
			return err
		}
	}
	if err := p.end(); err != nil {
		return err
	}
	if status != 0 {
		return status
	}
	return nil
}
