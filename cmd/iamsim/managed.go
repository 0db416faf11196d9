package main

import (
	"encoding/csv"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator/review"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
	"github.com/iamsim/iamsim/policy/managed"
)

func managedCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "managed",
		Short: "Look at the AWS managed policies",
		Long:  "Look at the AWS managed policies, all versions of them. iamsim version says of\nwhich day they are.",
	}
	c.AddCommand(managedListCommand(), managedShowCommand(), managedVersionsCommand(), managedDiffCommand())
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
	var to output
	c := &cobra.Command{
		Use:     "list [PATTERN]",
		Short:   "List the policies whose name matches, with * and ?",
		Example: "  iamsim managed list 'AWSLambda*'",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			pattern := "*"
			if len(args) > 0 {
				pattern = args[0]
			}
			list := []listedManaged{}
			for p := range managed.Policies() {
				matches, err := path.Match(strings.ToLower(pattern), strings.ToLower(p.Name()))
				if err != nil {
					return fmt.Errorf("%s: %w", spelling.Quote(pattern), err)
				}
				if matches {
					list = append(list, newListedManaged(p))
				}
			}
			if err := to.to(c, func(s *sheet) error { return printManaged(s, to.format, list) }); err != nil {
				return err
			}
			if len(list) == 0 {
				fmt.Fprintf(c.ErrOrStderr(), "iamsim: no AWS managed policy is named %s\n", spelling.Quote(pattern))
				return notMet
			}
			return nil
		},
	}
	to.define(c, "text", "json", "csv")
	return c
}

// listedManaged is what is listed of a policy.
type listedManaged struct {
	ARN        string `json:"arn"`
	Version    string `json:"version"`
	Deprecated string `json:"deprecated,omitempty"` // the day
	ReplacedBy string `json:"replacedBy,omitempty"`
}

func newListedManaged(p *managed.Policy) listedManaged {
	l := listedManaged{ARN: p.ARN(), Version: p.Default().ID}
	if from, replacement, ok := p.Deprecated(); ok {
		l.Deprecated, l.ReplacedBy = from.Format(time.DateOnly), replacement
	}
	return l
}

func printManaged(s *sheet, format string, list []listedManaged) error {
	switch format {
	case "json":
		return s.json(list)
	case "csv":
		rows := [][]string{{"arn", "version", "deprecated", "replacedBy"}}
		for _, l := range list {
			rows = append(rows, []string{l.ARN, l.Version, l.Deprecated, l.ReplacedBy})
		}
		return csv.NewWriter(s).WriteAll(rows)
	}
	var b strings.Builder
	for _, l := range list {
		fmt.Fprintf(&b, "%s  %s", l.ARN, l.Version)
		if l.Deprecated != "" {
			fmt.Fprintf(&b, "  deprecated from %s", l.Deprecated)
		}
		if l.ReplacedBy != "" {
			fmt.Fprintf(&b, ", replaced by %s", l.ReplacedBy)
		}
		b.WriteByte('\n')
	}
	return s.text(b.String())
}

func managedShowCommand() *cobra.Command {
	var to output
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
			return to.to(c, func(s *sheet) error { return s.print(strings.TrimRight(string(text), "\n") + "\n") })
		},
	}
	to.define(c, "json")
	c.Flags().StringVar(&version, "version", "", "a version, such as v3; the default version without it")
	return c
}

func managedVersionsCommand() *cobra.Command {
	var to output
	c := &cobra.Command{
		Use:     "versions NAME|ARN",
		Short:   "List the versions of a policy, the oldest first",
		Example: "  iamsim managed versions AWSLambda_FullAccess",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := managedPolicy(args[0])
			if err != nil {
				return err
			}
			return to.to(c, func(s *sheet) error { return printVersions(s, to.format, p) })
		},
	}
	to.define(c, "text", "json", "csv")
	return c
}

func printVersions(s *sheet, format string, p *managed.Policy) error {
	type version struct {
		ID      string `json:"version"`
		Date    string `json:"date"`
		Default bool   `json:"default"`
	}
	var list []version
	rows := [][]string{{"version", "date", "default"}}
	var b strings.Builder
	for _, v := range p.Versions() {
		day := v.Date.Format(time.DateOnly)
		list = append(list, version{v.ID, day, v.Default})
		rows = append(rows, []string{v.ID, day, strconv.FormatBool(v.Default)})
		fmt.Fprintf(&b, "%-5s %s", v.ID, day)
		if v.Default {
			b.WriteString("  default")
		}
		b.WriteByte('\n')
	}
	switch format {
	case "json":
		return s.json(list)
	case "csv":
		return csv.NewWriter(s).WriteAll(rows)
	}
	return s.print(b.String())
}

func managedDiffCommand() *cobra.Command {
	x := &proofFlags{compares: true}
	var all bool
	c := &cobra.Command{
		Use:   "diff NAME|ARN [FROM [TO]]",
		Short: "Show what access a newer version of a policy gives and takes",
		Long: `Show what access a newer version of a policy gives and takes, as iamsim diff does
of two policies. FROM is the version before TO, and TO the default version, if they
are not given.`,
		Example: "  iamsim managed diff AWSLambda_ReadOnlyAccess\n  iamsim managed diff AWSLambda_FullAccess v1 v2",
		Args:    cobra.RangeArgs(1, 3),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := managedPolicy(args[0])
			if err != nil {
				return err
			}
			sides, err := versionsToCompare(p, args[1:])
			if err != nil {
				return err
			}
			prover, ctx, cancel, err := x.prover(c)
			if err != nil {
				return err
			}
			defer cancel()
			policies, err := x.sidesOf(newPolicyLoader(c), sides[0], sides[1])
			if err != nil {
				return err
			}
			change, err := review.Compare(ctx, prover, policies[0], policies[1])
			if err != nil {
				return err
			}
			return x.to.to(c, func(s *sheet) error { return printChange(s, x.to.format, change, x.assumed, all) })
		},
	}
	x.define(c)
	c.Flags().BoolVar(&all, "all", false, "name every action")
	return c
}

// versionsToCompare are two versions of a policy, the older first.
func versionsToCompare(p *managed.Policy, given []string) (sides [2][]load.Policy, err error) {
	to := p.Default().ID
	if len(given) == 2 {
		to = given[1]
	}
	from := ""
	if len(given) > 0 {
		from = given[0]
	} else {
		list := p.Versions()
		i := slices.IndexFunc(list, func(v managed.Version) bool { return v.ID == to })
		if i < 1 {
			return sides, fmt.Errorf("%s has no version before %s", p.Name(), to)
		}
		from = list[i-1].ID
	}
	for i, version := range []string{from, to} {
		document, err := p.Document(version)
		if err != nil {
			return sides, err
		}
		sides[i] = []load.Policy{{Attached: policy.Attached{Document: document, Name: p.Name() + " " + version, ARN: p.ARN()}, Kind: policy.Identity}}
	}
	return sides, nil
}
