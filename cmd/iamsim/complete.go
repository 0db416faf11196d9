package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// complete lets the shell complete the values of a flag: those that begin with what
// is typed.
func complete(c *cobra.Command, flag string, values func(typed string) []string) {
	cobra.CheckErr(c.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		var fitting []string
		for _, value := range values(typed) {
			if strings.HasPrefix(value, typed) {
				fitting = append(fitting, value)
			}
		}
		return fitting, cobra.ShellCompDirectiveNoFileComp
	}))
}
