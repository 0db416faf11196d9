package main

import (
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/policy/managed"
)

func managedCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "managed",
		Short: "Look at the AWS managed policies",
		Long:  "Look at the AWS managed policies, all versions of them. iamsim version says of\nwhich day they are.",
	}
	c.AddCommand(managedListCommand(), managedShowCommand(), managedVersionsCommand())
	return c
}

// managedPolicy finds a policy by its name or ARN.
func managedPolicy(name string) (*managed.Policy, error) {
	if managed.IsARN(name) {
		return managed.ByARN(name)
	}
	return managed.ByName(name)
}

func managedListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list [PATTERN]",
		Short:   "List the policies whose name matches, with * and ?",
		Example: "  iamsim managed list 'AWSLambda*'",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			pattern := "*"
			if len(args) > 0 {
				pattern = args[0]
			}
			var b strings.Builder
			for p := range managed.Policies() {
				matches, err := path.Match(strings.ToLower(pattern), strings.ToLower(p.Name()))
				if err != nil {
					return fmt.Errorf("%s: %w", pattern, err)
				}
				if !matches {
					continue
				}
				fmt.Fprintf(&b, "%s  %s", p.ARN(), p.Default().ID)
				if from, replacement, ok := p.Deprecated(); ok {
					fmt.Fprintf(&b, "  deprecated from %s", from.Format(time.DateOnly))
					if replacement != "" {
						fmt.Fprintf(&b, ", replaced by %s", replacement)
					}
				}
				b.WriteByte('\n')
			}
			if b.Len() == 0 {
				fmt.Fprintf(c.ErrOrStderr(), "iamsim: no AWS managed policy is named %s\n", pattern)
				return notMet
			}
			_, err := fmt.Fprint(c.OutOrStdout(), b.String())
			return err
		},
	}
}

func managedShowCommand() *cobra.Command {
	var version string
	c := &cobra.Command{
		Use:     "show NAME|ARN",
		Short:   "Print the document of a policy",
		Example: "  iamsim managed show AWSLambdaExecute",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := managedPolicy(args[0])
			if err != nil {
				return err
			}
			text, err := p.JSON(version)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s\n", strings.TrimRight(string(text), "\n"))
			return err
		},
	}
	c.Flags().StringVar(&version, "version", "", "a version, such as v3; the default version without it")
	return c
}

func managedVersionsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "versions NAME|ARN",
		Short: "List the versions of a policy, the oldest first",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := managedPolicy(args[0])
			if err != nil {
				return err
			}
			var b strings.Builder
			for _, v := range p.Versions() {
				fmt.Fprintf(&b, "%-5s %s", v.ID, v.Date.Format(time.DateOnly))
				if v.Default {
					b.WriteString("  default")
				}
				b.WriteByte('\n')
			}
			_, err = fmt.Fprint(c.OutOrStdout(), b.String())
			return err
		},
	}
}
