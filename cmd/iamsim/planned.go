package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator/account/cloudformation"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy/load"
)

// plannedFlags say what templates and plans leave open.
type plannedFlags struct {
	account, region, stack      string
	parameters, imports, values []string
}

func (f *plannedFlags) define(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.account, "account", "", "the `account` in which a template or plan is deployed")
	flags.StringVar(&f.region, "region", "", "the `region` in which a template or plan is deployed")
	flags.StringVar(&f.stack, "stack", "", "the `name` of the stack that is made of a template")
	flags.StringArrayVar(&f.parameters, "parameters", nil, "a parameter of a template, `NAME=VALUE`, or a file of them; may be repeated")
	flags.StringArrayVar(&f.imports, "import", nil, "a value that another stack exports, `NAME=VALUE`; may be repeated")
	flags.StringArrayVar(&f.values, "set", nil, "a value that is not known, `ORIGIN=VALUE`, by the origin that is told; may be repeated")
}

// given is what the flags say.
func (f *plannedFlags) given() (planned.Given, error) {
	g := planned.Given{
		Account: f.account, Region: f.region, Stack: f.stack,
		Parameters: make(map[string]string), Imports: make(map[string]string), Values: make(map[string]string),
	}
	if f.account != "" && !arn.IsAccountID(f.account) {
		return g, fmt.Errorf("--account is an account id of 12 digits, not %s", spelling.Quote(f.account))
	}
	for _, text := range f.parameters {
		if name, value, ok := strings.Cut(text, "="); ok && !isFile(text) {
			g.Parameters[name] = value
			continue
		}
		src, err := load.ReadFile(nil, text, load.MaxSize)
		if err != nil {
			return g, fmt.Errorf("--parameters is NAME=VALUE or a file: %w", err)
		}
		values, err := cloudformation.Values(text, src)
		if err != nil {
			return g, err
		}
		for name, value := range values {
			g.Parameters[name] = value
		}
	}
	if err := pairs("import", f.imports, g.Imports); err != nil {
		return g, err
	}
	if err := pairs("set", f.values, g.Values); err != nil {
		return g, err
	}
	return g, nil
}

// pairs reads NAME=VALUE of a flag.
func pairs(flag string, list []string, to map[string]string) error {
	for _, text := range list {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return fmt.Errorf("--%s is NAME=VALUE, not %s", flag, spelling.Quote(text))
		}
		to[name] = value
	}
	return nil
}

// isFile reports whether there is a file.
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
