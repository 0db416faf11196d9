package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/policy/catalog"
	"github.com/iamsim/iamsim/policy/managed"
)

// A completion gives what a word that is typed can become, and what the shell does
// with it.
type completion = func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective)

// flagCompletions complete the values of flags, which mean the same for every verb.
// Those of layers are policies.
var flagCompletions = map[string]completion{
	"action": actions, "context": contextKeys, "unknown": keys, "root": folders, "kind": kinds, "before": policies, "after": policies,
}

// argumentCompletions complete the arguments of verbs and of what is below them.
var argumentCompletions = map[string]completion{
	"eval": scenarioFiles, "test": scenarioFiles, "explain": scenarioFiles,
	"prove": policies, "diff": policies, "summarize": policies, "validate": policies, "fmt": policies, "denied": policies, "catalog": names, "managed": managedNames,
}

// completeValues lets the shell complete the values of a command's flags, its
// arguments, and those of the commands below it.
func completeValues(c *cobra.Command, arguments completion) {
	if of, ok := argumentCompletions[c.Name()]; ok {
		arguments = of
	}
	if c.Runnable() && !c.HasSubCommands() {
		c.ValidArgsFunction = arguments
	}
	complete := func(flag string, values completion) {
		if _, ok := c.GetFlagCompletionFunc(flag); !ok && c.Flags().Lookup(flag) != nil {
			cobra.CheckErr(c.RegisterFlagCompletionFunc(flag, values))
		}
	}
	for flag, values := range flagCompletions {
		complete(flag, values)
	}
	for _, f := range layerFlags {
		complete(f.name, policies)
	}
	for _, below := range c.Commands() {
		completeValues(below, arguments)
	}
}

// oneOf completes one of some words.
func oneOf(words ...string) completion {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return beginning(typed, words), cobra.ShellCompDirectiveNoFileComp
	}
}

func kinds(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	return oneOf(proofKinds()...)(c, args, typed)
}

func folders(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

func scenarioFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"json", "jsonl"}, cobra.ShellCompDirectiveFilterFileExt
}

// policies are files, and AWS managed policies once a letter of their name is typed.
func policies(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	if typed == "" {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return managedBeginning(typed), cobra.ShellCompDirectiveDefault
}

func managedNames(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return managedBeginning(typed), cobra.ShellCompDirectiveNoFileComp
}

func managedBeginning(typed string) []string {
	var names []string
	for p := range managed.Policies() {
		names = append(names, p.Name())
	}
	return beginning(typed, names)
}

// names are services and what they have: actions and context keys.
func names(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	return ofService(typed, func(service string) []string { return append(serviceActions(service), serviceKeys(service)...) })
}

func actions(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	return ofService(typed, serviceActions)
}

func keys(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	return ofService(typed, serviceKeys)
}

// contextKeys are keys as --context has them, with what is between key and value.
func contextKeys(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	list, directive := ofService(typed, serviceKeys)
	if directive&cobra.ShellCompDirectiveNoSpace == 0 {
		for i := range list {
			list[i] += "="
		}
	}
	return list, directive | cobra.ShellCompDirectiveNoSpace
}

// ofService completes a service first, and then what it has.
func ofService(typed string, has func(service string) []string) ([]string, cobra.ShellCompDirective) {
	if service, _, ok := strings.Cut(typed, ":"); ok {
		return beginning(typed, has(service)), cobra.ShellCompDirectiveNoFileComp
	}
	var services []string
	for service := range catalog.Default().Services() {
		services = append(services, service+":")
	}
	return beginning(typed, append(services, "aws:")), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

func serviceActions(service string) []string {
	var names []string
	for a := range catalog.Default().Actions(service) {
		names = append(names, a.Name)
	}
	return names
}

// serviceKeys are the keys of a service, of which those that end in a tag's key end
// before it; those of "aws" every service has.
func serviceKeys(service string) []string {
	list := catalog.Default().Keys(service)
	if service == "aws" {
		list = catalog.Default().GlobalKeys()
	}
	var names []string
	for k := range list {
		name, _, _ := strings.Cut(k.Name, "${")
		names = append(names, name)
	}
	return names
}

// beginning are the words that begin with what is typed.
func beginning(typed string, words []string) []string {
	var fitting []string
	for _, word := range words {
		if strings.HasPrefix(word, typed) {
			fitting = append(fitting, word)
		}
	}
	return fitting
}
