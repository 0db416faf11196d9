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
	"github.com/iamsim/iamsim/policy"
)

func summarizeCommand() *cobra.Command {
	x := &proofFlags{}
	c := &cobra.Command{
		Use:   "summarize POLICY...",
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
user or role by its address, and with commas between them, are summarized together.`,
		Example: "  iamsim summarize AmazonS3ReadOnlyAccess\n  iamsim summarize plan.json#aws_iam_role.deploy",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("summarize needs a POLICY; see iamsim summarize --help")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			prover, ctx, cancel, err := x.prover(c)
			if err != nil {
				return err
			}
			defer cancel()
			list, err := x.summaries(ctx, c, prover, args)
			if err != nil {
				return err
			}
			return x.to.to(c, func(s *sheet) error { return printSummaries(s, x, list) })
		},
	}
	x.defineFor(c, "text", "json", "markdown")
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
		byKind := make(map[policy.Kind][]*policy.Document)
		for _, p := range from.all(arg) {
			kind, err := x.kindOf(&p)
			if err != nil {
				return nil, err
			}
			byKind[kind] = append(byKind[kind], p.Document)
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

func printSummaries(s *sheet, x *proofFlags, list []summarized) error {
	outcome := prove.Proved
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
		var b strings.Builder
		for i, one := range list {
			if len(list) > 1 {
				fmt.Fprintf(&b, "%s%s:\n", map[bool]string{true: "\n"}[i > 0], one.of)
			}
			b.WriteString(one.Text())
		}
		err = s.text(b.String())
	}
	if err != nil {
		return err
	}
	return exit(outcome)
}

// markdownLines are the lines of rows as a list, what is indented below the line
// before.
func markdownLines(b *strings.Builder, lines []string) {
	for _, line := range lines {
		text := strings.TrimLeft(line, " ")
		fmt.Fprintf(b, "%s- %s\n", line[:len(line)-len(text)], markdownCode(text))
	}
}

// summariesJSON are summaries as JSON.
type summariesJSON struct {
	Summaries []summaryJSON `json:"summaries"`
	basisJSON
}

type summaryJSON struct {
	Of      string        `json:"of"`
	Kind    policy.Kind   `json:"kind"`
	Outcome prove.Outcome `json:"outcome"` // proved: the rows are equal to the policies
	Less    verdict       `json:"less"`    // whether the policies allow nothing that the rows do not
	More    verdict       `json:"more"`    // whether the rows allow nothing that the policies do not
	Rows    []rowJSON     `json:"rows"`
}

func newSummariesJSON(list []summarized, rests basisJSON) summariesJSON {
	out := summariesJSON{Summaries: []summaryJSON{}, basisJSON: rests}
	for _, one := range list {
		out.Summaries = append(out.Summaries, summaryJSON{
			one.of, one.Kind, one.Outcome(), newVerdict(one.Less), newVerdict(one.More), newRowsJSON(one.Rows),
		})
	}
	return out
}

// A rowJSON is a summary.Row as JSON.
type rowJSON struct {
	Effect       policy.Effect        `json:"effect"`
	Principal    any                  `json:"principal,omitempty"` // "*", or lists by type
	NotPrincipal any                  `json:"notPrincipal,omitempty"`
	Service      string               `json:"service"` // "*": any
	Full         bool                 `json:"full"`    // all actions of the service
	Levels       []policy.AccessLevel `json:"levels,omitempty"`
	But          []string             `json:"but,omitempty"` // actions of the levels that are not meant
	Actions      []string             `json:"actions,omitempty"`
	NotActions   []string             `json:"notActions,omitempty"` // all actions but these
	New          []string             `json:"new,omitempty"`        // patterns that match what AWS adds, too
	Resources    []string             `json:"resources,omitempty"`
	NotResources []string             `json:"notResources,omitempty"`
	Conditions   []conditionJSON      `json:"conditions,omitempty"`
}

type conditionJSON struct {
	Operator policy.Operator `json:"operator"`
	Key      string          `json:"key"`
	Values   []string        `json:"values"`
}

func newRowsJSON(rows []summary.Row) []rowJSON {
	list := []rowJSON{}
	for i := range rows {
		r := &rows[i]
		j := rowJSON{
			Effect: r.Effect, Principal: principalJSON(r.Principal), NotPrincipal: principalJSON(r.NotPrincipal), Service: r.Service, Full: r.IsFull(),
			Levels: r.Levels, But: r.But, New: r.New,
		}
		if r.NotAction {
			j.NotActions = r.Actions
		} else {
			j.Actions = r.Actions
		}
		if r.NotResource {
			j.NotResources = r.Resources
		} else {
			j.Resources = r.Resources
		}
		for _, c := range r.Conditions {
			j.Conditions = append(j.Conditions, conditionJSON{c.Operator, c.Key, append([]string{}, c.Values...)})
		}
		list = append(list, j)
	}
	return list
}

func principalJSON(p *policy.Principals) any {
	switch {
	case p == nil:
		return nil
	case p.Everyone:
		return "*"
	}
	types := make(map[policy.PrincipalType][]string)
	for _, e := range p.Entries {
		types[e.Type] = append([]string{}, e.Values...)
	}
	return types
}
