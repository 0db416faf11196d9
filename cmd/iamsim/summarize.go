package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/summary"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

func summarizeCommand() *cobra.Command {
	x := &proofFlags{}
	var before, after []string
	var snapshot snapshotFlag
	c := &cobra.Command{
		Use:   "summarize POLICY... | --snapshot PATH | --before BEFORE --after AFTER",
		Short: "Tell in a screen what policies allow, proved to be all of it and no more",
		Long: `Tell in a screen what policies allow: by service, access level, resources and
conditions. "Full" is all of a service; an access level, such as List or Read, is
all actions at this level in the catalogue, and patterns behind it match what AWS
adds later; further actions are named. Resources are written without arn:aws:,
their service where it is the same, and Region and account where they are any.
What Deny statements take stands below "denied:".

The last line says what is proved: that the summary is equal to the policy, for all
requests and beside whatever other policies, or what of it is not proved.

A POLICY is given as for prove, and summarized by itself; those of a folder, of a
user or role by its address, and with commas between them, are summarized together.

With --snapshot it is all users, roles and resources with policies of an account;
the PATH is as for account. Those with the same policies stand together.

With --before and --after it is a change of policies that is summarized, as diff
shows it by requests: what access it gives, and then what it takes.`,
		Example: "  iamsim summarize AmazonS3ReadOnlyAccess\n  iamsim summarize plan.json#aws_iam_role.deploy\n  iamsim summarize --snapshot snapshot\n  iamsim summarize --before main/iam --after iam",
		Args: func(_ *cobra.Command, args []string) error {
			ways := 0
			for _, given := range []bool{len(args) > 0, len(snapshot.paths) > 0, len(before) > 0 || len(after) > 0} {
				if given {
					ways++
				}
			}
			if ways != 1 || (len(before) > 0) != (len(after) > 0) {
				return errors.New("summarize needs a POLICY, or --snapshot, or --before and --after; see iamsim summarize --help")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			prover, ctx, cancel, err := x.prover(c)
			if err != nil {
				return err
			}
			defer cancel()
			if len(before) == 0 {
				list, settled, err := []summarized(nil), true, error(nil)
				if len(args) > 0 {
					list, err = x.summaries(ctx, c, prover, args)
				} else {
					list, settled, err = accountSummaries(ctx, c, prover, &snapshot)
				}
				if err != nil {
					return err
				}
				return x.to.to(c, func(s *sheet) error { return printSummaries(s, x, list, settled) })
			}
			list, err := x.summarizedChanges(ctx, c, prover, before, after)
			if err != nil {
				return err
			}
			return x.to.to(c, func(s *sheet) error { return printSummarizedChanges(s, x, list) })
		},
	}
	x.defineFor(c, "text", "json", "markdown")
	snapshot.define(c)
	c.Flags().StringArrayVar(&before, "before", nil, "a `policy` or folder of the older side; may be repeated")
	c.Flags().StringArrayVar(&after, "after", nil, "a `policy` or folder of the newer side; may be repeated")
	return c
}

// summarized is a summary and whose it is.
type summarized struct {
	of string
	*summary.Summary
}

// summaries are those of arguments. What one has of several kinds is summarized by
// kind.
func (x *proofFlags) summaries(ctx context.Context, c *cobra.Command, prover *prove.Prover, args []string) ([]summarized, error) {
	from := newPolicyLoader(c)
	var list []summarized
	for _, arg := range args {
		byKind := x.byKind(from, []string{arg})
		if len(byKind) == 0 && len(from.faults) == 0 {
			from.faults = append(from.faults, fmt.Errorf("%s has no policy to summarize", spelling.Quote(arg)))
		}
		for _, kind := range slices.Sorted(maps.Keys(byKind)) {
			s, err := summary.Of(ctx, prover, kind, byKind[kind]...)
			if err != nil {
				from.faults = append(from.faults, err)
				continue
			}
			name := arg
			if len(byKind) > 1 {
				name += ", " + kindText(kind)
			}
			list = append(list, summarized{name, s})
		}
	}
	return list, from.err()
}

// byKind are the documents that arguments name; what is wrong the loader has.
func (x *proofFlags) byKind(from *policyLoader, args []string) map[policy.Kind][]*policy.Document {
	list := make(map[policy.Kind][]*policy.Document)
	if slices.Equal(args, []string{"none"}) {
		return list
	}
	for _, p := range from.each(args) {
		kind, err := x.kindOf(&p)
		if err != nil {
			from.faults = append(from.faults, fmt.Errorf("%s: %w", p.DisplayName(), err))
			continue
		}
		list[kind] = append(list[kind], p.Document)
	}
	return list
}

// printSummaries prints summaries. Where not all was known of what is summarized it is
// not settled.
func printSummaries(s *sheet, x *proofFlags, list []summarized, settled bool) error {
	outcome := prove.Proved
	if !settled {
		outcome = prove.Unknown
	}
	var verdicts []*prove.Verdict
	for _, one := range list {
		if one.Outcome() != prove.Proved {
			outcome = prove.Unknown
		}
		verdicts = append(verdicts, one.Less, one.More)
	}
	rests := newBasis(nil, verdicts...)
	var err error
	switch x.to.format {
	case "json":
		err = s.json(newSummariesJSON(list, rests))
	case "markdown":
		var b strings.Builder
		for _, one := range list {
			fmt.Fprintf(&b, "## %s\n\n", markdownCode(one.of))
			markdownLines(&b, one.Lines())
			fmt.Fprintf(&b, "\n%s\n\n", markdownCode(one.Conclusion()))
		}
		rests.markdown(&b)
		err = s.print(b.String())
	default:
		err = s.text(titled(list, func(one summarized) string { return oneLine(one.of) }, summarized.Text))
	}
	if err != nil {
		return err
	}
	return exit(outcome)
}

// summarizedChange is a change of the policies of a kind.
type summarizedChange struct {
	kind policy.Kind
	*summary.Change
}

// summarizedChanges are the changes by kind.
func (x *proofFlags) summarizedChanges(ctx context.Context, c *cobra.Command, prover *prove.Prover, before, after []string) ([]summarizedChange, error) {
	from := newPolicyLoader(c)
	older, newer := x.byKind(from, before), x.byKind(from, after)
	if err := from.err(); err != nil {
		return nil, err
	}
	kinds := slices.Collect(maps.Keys(older))
	kinds = slices.AppendSeq(kinds, maps.Keys(newer))
	slices.Sort(kinds)
	var list []summarizedChange
	for _, kind := range slices.Compact(kinds) {
		all := slices.Concat(older[kind], newer[kind])
		if kind == policy.Identity && x.kind == "" && !prove.Allows(all...) {
			return nil, allowsNothing(all[0].Name())
		}
		change, err := summary.Compare(ctx, prover, kind, older[kind], newer[kind])
		if err != nil {
			return nil, err
		}
		list = append(list, summarizedChange{kind, change})
	}
	return list, nil
}

func printSummarizedChanges(s *sheet, x *proofFlags, list []summarizedChange) error {
	outcome := prove.Proved
	var verdicts []*prove.Verdict
	for _, one := range list {
		if o := one.Outcome(); outcome == prove.Proved || o == prove.Refuted {
			outcome = o
		}
		verdicts = append(verdicts, one.Gained.Within, one.Gained.Beyond, one.Lost.Within, one.Lost.Beyond)
	}
	rests := newBasis(nil, verdicts...)
	var err error
	switch x.to.format {
	case "json":
		err = s.json(newSummarizedChangesJSON(list, rests))
	case "markdown":
		var b strings.Builder
		for _, one := range list {
			fmt.Fprintf(&b, "## Change of policies that are %s\n\n", kindText(one.kind))
			markdownLines(&b, one.Lines())
			b.WriteString("\n")
		}
		rests.markdown(&b)
		err = s.print(b.String())
	default:
		err = s.text(titled(list, func(one summarizedChange) string { return kindText(one.kind) }, summarizedChange.Text))
	}
	if err != nil {
		return err
	}
	return exit(outcome)
}

// titled are texts one after the other, each below its title where there are several.
func titled[T any](list []T, title, text func(T) string) string {
	if len(list) == 1 {
		return text(list[0])
	}
	var b strings.Builder
	for i, one := range list {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(title(one) + ":\n" + text(one))
	}
	return b.String()
}

// markdownLines are the lines of rows as a list, what is indented below the line
// before.
func markdownLines(b *strings.Builder, lines []string) {
	for _, line := range lines {
		text := strings.TrimLeft(line, " ")
		fmt.Fprintf(b, "%s- %s\n", line[:len(line)-len(text)], markdownCode(text))
	}
}
