package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/internal/replace"
	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

func fmtCommand() *cobra.Command {
	var write, check bool
	c := &cobra.Command{
		Use:   "fmt POLICY...",
		Short: "Print policies in one canonical form",
		Long: `Print policies in one canonical form: elements in the order of the documentation,
conditions grouped by operator, indented by two; characters that turn the direction of
writing or are not seen as escapes. What a policy means stays, and so does the order
of its statements and values. Policies in other forms, such as YAML or
what the AWS CLI prints, come out as documents.`,
		Example: "  iamsim fmt deployer.json\n  iamsim fmt --write policies/",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("fmt needs a POLICY; see iamsim fmt --help")
			}
			return format(c, args, write, check)
		},
	}
	c.Flags().BoolVarP(&write, "write", "w", false, "write to the files instead of printing; documents alone are")
	c.Flags().BoolVar(&check, "check", false, "print the names of files in another form, and change nothing")
	return c
}

func format(c *cobra.Command, args []string, write, check bool) error {
	from := newPolicyLoader(c)
	differ := false
	for _, given := range args {
		names, err := from.Names(given)
		if err != nil {
			from.faults = append(from.faults, err)
		}
		for _, p := range from.each(names) {
			text, err := canonical(p.Document)
			alone := p.File && len(p.Unwrapped) == 0
			switch {
			case err != nil:
			case check && (!alone || text != p.Text):
				differ = true
				_, err = fmt.Fprintln(c.OutOrStdout(), shown(p.DisplayName()))
			case check, write && text == p.Text:
			case write && alone:
				err = replace.File(p.DisplayName(), []byte(text))
			case write:
				err = fmt.Errorf("%s: is not written: only the file of a document alone is", p.DisplayName())
			case secret.Redact(text) != text:
				err = fmt.Errorf("%s: is not printed, since it holds a secret; --write writes it to its file", p.DisplayName())
			default:
				_, err = fmt.Fprint(c.OutOrStdout(), text)
			}
			if err != nil {
				from.faults = append(from.faults, err)
			}
		}
	}
	if err := from.err(); err != nil {
		return err
	}
	if differ {
		return notMet
	}
	return nil
}

// canonical is a document in its canonical form. What a terminal would obey and not
// show is escaped in it, which means the same.
func canonical(d *policy.Document) (string, error) {
	text, err := d.MarshalJSON()
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return "", err
	}
	b.WriteByte('\n')
	return spelling.Shown(b.String()), nil
}
