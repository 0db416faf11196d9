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
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator"
)

func main() {
	out := newScreen()
	os.Exit(run(rootCommand(out), out))
}

// run runs the command, and says what went wrong: to people, and in the place of an
// answer that a program reads. It gives the exit status.
func run(root *cobra.Command, out *screen) int {
	c, err := root.ExecuteC()
	out.progress.stop()
	var status exitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	}
	fmt.Fprintln(root.ErrOrStderr(), "iamsim:", shown(strings.ReplaceAll(err.Error(), "\n", "\n  ")))
	if !out.begun {
		printFailure(c, err)
	}
	return 2
}

// rootCommand is the command with all verbs, which prints to out.
func rootCommand(out *screen) *cobra.Command {
	root := &cobra.Command{
		Use:           "iamsim",
		Short:         "Decide locally what AWS IAM would decide",
		Version:       newBuilt().Version + ", rules " + evaluator.Version,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(c *cobra.Command, args []string) error {
			out.progress = atWork(c, args)
			return out.check()
		},
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetOut(out)
	root.SetErr(notes{out})
	out.defineColor(root)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w; see %s --help", err, c.CommandPath())
	})
	root.AddCommand(evalCommand(), testCommand(), explainCommand(), deniedCommand(), proveCommand(), diffCommand(), summarizeCommand(), validateCommand(), fmtCommand(),
		accountCommand(), catalogCommand(), managedCommand(), versionCommand())
	describe(root)
	completeValues(root, nil)
	root.SetHelpTemplate(helpTemplate)
	root.SetUsageTemplate(withoutExamples(root.UsageTemplate()))
	return root
}

// helpTemplate is cobra's with the example first.
const helpTemplate = `{{with .Example}}{{.}}

{{end}}{{or .Long .Short | trimTrailingWhitespaces}}

{{.UsageString}}`

// withoutExamples is cobra's template of usage without the examples, which help
// begins with.
func withoutExamples(usage string) string {
	begin, rest, found := strings.Cut(usage, "{{if .HasExample}}")
	if _, end, ends := strings.Cut(rest, "{{end}}"); found && ends {
		return begin + end
	}
	return usage
}

// describe ends the help of each verb with its exit statuses.
func describe(c *cobra.Command) {
	if c.Runnable() {
		if c.Long == "" {
			c.Long = c.Short + "."
		}
		if text := statusText(c.CommandPath()); text != "" {
			c.Long += "\n\n" + text
		}
	}
	for _, below := range c.Commands() {
		describe(below)
	}
}
