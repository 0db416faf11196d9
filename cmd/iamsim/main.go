// Command iamsim decides locally what AWS IAM would decide.
//
//	iamsim eval scenarios/
//
// Run iamsim help for the rest.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator"
)

func main() { os.Exit(run()) }

func run() int {
	root := &cobra.Command{
		Use:           "iamsim",
		Short:         "Decide locally what AWS IAM would decide",
		Version:       newBuilt().Version + ", rules " + evaluator.Version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w; see %s --help", err, c.CommandPath())
	})
	root.AddCommand(evalCommand(), explainCommand(), deniedCommand(), proveCommand(), diffCommand(), validateCommand(), fmtCommand(),
		accountCommand(), catalogCommand(), managedCommand(), versionCommand())
	err := root.Execute()
	var status exitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	}
	fmt.Fprintln(os.Stderr, "iamsim:", err)
	return 2
}

// exitStatus ends the command with a status when all is said.
type exitStatus int

const (
	notMet     exitStatus = 1 // an expectation is not met
	broken     exitStatus = 2 // input could not be read or was wrong
	notSettled exitStatus = 3 // what is missing decides
)

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }
