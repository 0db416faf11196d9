package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
)

func diffCommand() *cobra.Command {
	x := &proofFlags{compares: true}
	var before, after []string
	var open plannedFlags
	var plan, base string
	var all bool
	c := &cobra.Command{
		Use:   "diff BEFORE AFTER | --before BEFORE --after AFTER | --base REVISION PATH... | PLAN",
		Short: "Show what access a change of policies gives and takes",
		Long: `Show what access a change of policies gives and takes, by action and resource,
each with a request that shows it. That nothing is gained, or lost, is proved.

A side is a policy as for prove; where several apply together, they are a folder,
stand with commas between them (role.json,extra.json), or are given one by one
with --before and --after. "none" is a side without policies. Of policies that
limit others (--kind scp, boundary or session) it is shown what they let an
administrator do.

With --base, each policy at the PATHs is compared with what it was at a revision of
git, which is read and not checked out: files, and those of folders. A file that is
not there on one side has no policies on it.

A PLAN is what terraform show -json prints of a plan of Terraform or OpenTofu: of
each user, role and resource whose policies it changes it is shown, by address,
what access that gives and takes. What is known after apply is unknown, and --set
gives it.`,
		Example: "  iamsim diff before.json after.json\n  iamsim diff --before main/iam --after iam --output markdown --out review.md\n  iamsim diff --base origin/main iam\n  iamsim diff plan.json",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case base != "":
				if len(args) == 0 || len(before)+len(after) > 0 {
					return errors.New("diff --base needs the PATHs of what is compared, and neither --before nor --after")
				}
			case len(args) == 2 && len(before)+len(after) == 0:
				before, after = args[:1], args[1:]
			case len(args) == 1 && len(before)+len(after) == 0:
				plan = args[0]
			case len(args) > 0 || len(before) == 0 || len(after) == 0:
				return errors.New("diff needs two sides, BEFORE and AFTER, or --before and --after, or a PLAN of Terraform")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			prover, ctx, cancel, err := x.prover(c)
			if err != nil {
				return err
			}
			defer cancel()
			if base != "" || plan != "" {
				given, err := open.given()
				switch {
				case err != nil:
					return err
				case base != "":
					return diffSince(c, ctx, prover, x, base, args, given, all)
				}
				return diffPlan(c, ctx, prover, x, plan, given, all)
			}
			sides, err := x.sides(c, before, after)
			if err != nil {
				return err
			}
			change, err := review.Compare(ctx, prover, sides[0], sides[1])
			if err != nil {
				return err
			}
			return x.to.to(c, func(s *sheet) error { return printChange(s, x.to.format, change, x.assumed, all) })
		},
	}
	x.define(c)
	x.defineLayers(c)
	c.Flags().StringArrayVar(&before, "before", nil, "a `policy` or folder of the older side; may be repeated")
	c.Flags().StringArrayVar(&after, "after", nil, "a `policy` or folder of the newer side; may be repeated")
	c.Flags().StringVar(&base, "base", "", "a `revision` of git that is the older side, such as HEAD or origin/main")
	c.Flags().BoolVar(&all, "all", false, "name every action")
	open.define(c)
	return c
}

func printChange(s *sheet, format string, change *review.Change, assumed []string, all bool) error {
	rests := newBasis(assumed, change.Gain, change.Loss)
	var err error
	switch format {
	case "json":
		err = s.json(newChangeJSON(change, rests))
	case "markdown":
		err = s.print(changeMarkdown(change, &rests, all))
	case "sarif":
		err = s.json(changeSARIF(change, &rests))
	case "github":
		err = s.marked(annotations(changeSARIF(change, &rests)))
	default:
		var b strings.Builder
		writeChange(&b, change, all)
		rests.text(&b)
		err = s.text(b.String())
	}
	if err != nil {
		return err
	}
	return exit(change.Outcome())
}

// A changeJSON is a review.Change as JSON.
type changeJSON struct {
	Gained []difference `json:"gained"`
	Lost   []difference `json:"lost"`
	Gain   verdict      `json:"gain"`
	Loss   verdict      `json:"loss"`
	Cut    string       `json:"cut,omitempty"` // why the lists end early
	basisJSON
}

func newChangeJSON(change *review.Change, rests basisJSON) changeJSON {
	j := changeJSON{differences(change.Gained), differences(change.Lost), newVerdict(change.Gain), newVerdict(change.Loss), "", rests}
	if change.Cut != nil {
		j.Cut = change.Cut.Error()
	}
	return j
}

// writeChange writes what is gained and what is lost.
func writeChange(b *strings.Builder, change *review.Change, all bool) {
	writeAccess(b, "gained", change.Gain, change.Gained, all)
	writeAccess(b, "lost", change.Loss, change.Lost, all)
	if change.Cut != nil {
		fmt.Fprintf(b, "the list ends early: %s\n", change.Cut)
	}
}

// A difference is a review.Access as JSON.
type difference struct {
	Actions   []string                `json:"actions"`
	Resource  string                  `json:"resource"`
	Outcome   prove.Outcome           `json:"outcome"` // refuted: this was gained, or lost
	New       bool                    `json:"new"`     // the other side allows the actions on no resource
	Idle      bool                    `json:"idle,omitempty"`
	Request   *proofRequest           `json:"request,omitempty"`
	AllowedBy *evaluator.StatementRef `json:"allowedBy,omitempty"`
	Nearest   *evaluator.StatementRef `json:"nearest,omitempty"`
	Lacks     []string                `json:"lacks,omitempty"` // why the nearest does not allow
	Reason    string                  `json:"reason,omitempty"`
}

func differences(list []review.Access) []difference {
	out := []difference{}
	for _, a := range list {
		out = append(out, difference{
			a.Actions, a.Resource, a.Verdict.Outcome, a.New, a.Idle, newProofRequest(a.Verdict.Request),
			named(a.Verdict.AllowedBy), named(a.Verdict.Nearest), a.Verdict.Lacks, a.Verdict.Reason,
		})
	}
	return out
}

func writeAccess(b *strings.Builder, word string, whole *prove.Verdict, list []review.Access, all bool) {
	switch {
	case whole.Outcome == prove.Proved:
		fmt.Fprintf(b, "%s: nothing (proved)\n", word)
	case whole.Outcome == prove.Unknown && len(list) == 0:
		fmt.Fprintf(b, "%s: unknown: %s\n", word, oneLine(whole.Reason))
	case whole.Outcome == prove.Unknown:
		fmt.Fprintf(b, "%s: unknown whether that is all: %s\n", word, oneLine(whole.Reason))
	}
	for i := range list {
		a := &list[i]
		text := fmt.Sprintf("%s: %s on %s", word, actionWords(a, all), oneLine(a.Resource))
		if a.Idle {
			text += ", which AWS never authorizes on such a resource"
		}
		if a.Verdict.Outcome == prove.Unknown {
			fmt.Fprintf(b, "perhaps %s: %s\n", oneLine(text), oneLine(a.Verdict.Reason))
			continue
		}
		b.WriteString(oneLine(text) + "\n")
		v := newVerdict(a.Verdict)
		v.refutation(b)
	}
}

// actionWords names the action of the sample and counts the others.
func actionWords(a *review.Access, all bool) string {
	first := a.Actions[0]
	if r := a.Verdict.Request; r != nil {
		for _, name := range a.Actions {
			if name == r.Action {
				first = name
			}
		}
	}
	more := len(a.Actions) - 1
	services := a.Services()
	switch {
	case more == 0:
		return first
	case all:
		return strings.Join(a.Actions, ", ")
	case len(services) == 1:
		return fmt.Sprintf("%s and %d more of %s", first, more, services[0])
	}
	return fmt.Sprintf("%s and %d more of %d services", first, more, len(services))
}
