package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/account/terraform"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
)

// planChanges compares what there is before a plan of Terraform is applied and
// after it: each user, role and resource whose policies change.
func planChanges(c *cobra.Command, path string, given planned.Given) ([]account.Difference, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	plan, err := terraform.Read(path, file, given)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w; other than of a PLAN, diff needs two sides, BEFORE and AFTER, or --before and --after", err)
	case plan.IsState():
		return nil, fmt.Errorf("%s is a state, which changes nothing: give a plan", path)
	}
	var sides [2]*account.Snapshot
	notes := make(map[string]bool)
	for i, put := range [...]func(*account.Builder){plan.Before, plan.After} {
		b := account.New()
		put(b)
		if sides[i], err = b.Build(); err != nil {
			return nil, err
		}
		for _, note := range sides[i].Notes() {
			if !notes[note] {
				notes[note] = true
				fmt.Fprintln(c.ErrOrStderr(), "iamsim: note:", note)
			}
		}
	}
	return account.Differences(sides[0], sides[1])
}

// A planChange is a user, role or resource, and what access its change gives or takes.
type planChange struct {
	of     *account.Difference
	change *review.Change
}

// universe is what requests the verdicts are about.
func (c *planChange) universe() string {
	rests := newBasis(nil, c.change.Gain, c.change.Loss)
	return rests.Universe
}

// diffPlan compares the two sides of a plan and prints what changes.
func diffPlan(c *cobra.Command, ctx context.Context, prover *prove.Prover, x *proofFlags, path string, given planned.Given, all bool) error {
	if x.to.format == "sarif" {
		return errors.New("--output of a plan is text, json or markdown: a plan has no lines of its own to point at")
	}
	differences, err := planChanges(c, path, given)
	if err != nil {
		return err
	}
	list := make([]planChange, len(differences))
	outcome := prove.Proved
	for i := range differences {
		d := &differences[i]
		change, err := review.Compare(ctx, prover, d.Before, d.After)
		if err != nil {
			return fmt.Errorf("%s: %w", d, err)
		}
		list[i] = planChange{d, change}
		switch o := change.Outcome(); {
		case o == prove.Refuted:
			outcome = o
		case (o == prove.Unknown || d.Unknown != nil) && outcome == prove.Proved:
			outcome = prove.Unknown
		}
	}
	return x.to.to(c, func(s *sheet) error {
		if err := printPlan(s, x, list, all); err != nil {
			return err
		}
		return exit(outcome)
	})
}

// printPlan prints the changes one by one.
func printPlan(s *sheet, x *proofFlags, list []planChange, all bool) error {
	format := x.to.format
	if format == "json" {
		return s.json(changedJSON(list))
	}
	var b strings.Builder
	var verdicts []*prove.Verdict // of those before that rest on the same
	for i, it := range list {
		rests := newBasis(x.assumed, it.change.Gain, it.change.Loss)
		if format == "markdown" {
			fmt.Fprintf(&b, "# %s\n\n", markdownCode(it.of.String()))
			if it.of.Unknown != nil {
				fmt.Fprintf(&b, "Not all is known: %s\n\n", markdownCode(it.of.Unknown.Error()))
			}
			b.WriteString(changeMarkdown(it.change, &rests, all) + "\n")
			continue
		}
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n", it.of)
		if it.of.Unknown != nil {
			fmt.Fprintf(&b, "not all is known: %s\n", strings.ReplaceAll(it.of.Unknown.Error(), "\n", "\n  "))
		}
		writeChange(&b, it.change, all)
		verdicts = append(verdicts, it.change.Gain, it.change.Loss)
		if i == len(list)-1 || list[i+1].universe() != it.universe() {
			rests = newBasis(x.assumed, verdicts...)
			rests.text(&b)
			verdicts = nil
		}
	}
	switch {
	case len(list) == 0 && format == "markdown":
		b.WriteString("No policy changes.\n")
	case len(list) == 0:
		b.WriteString("no policy changes\n")
	}
	if format == "markdown" {
		return s.print(b.String())
	}
	return s.text(b.String())
}

// A changeOf is a planChange as JSON.
type changeOf struct {
	ARN     string `json:"arn"`
	Address string `json:"address,omitempty"`
	Unknown string `json:"unknown,omitempty"` // what of its policies is not known
	changeJSON
}

func changedJSON(list []planChange) any {
	out := []changeOf{}
	for _, it := range list {
		row := changeOf{ARN: it.of.ARN, Address: it.of.Address, changeJSON: newChangeJSON(it.change, newBasis(nil, it.change.Gain, it.change.Loss))}
		if it.of.Unknown != nil {
			row.Unknown = it.of.Unknown.Error()
		}
		out = append(out, row)
	}
	return struct {
		Changes []changeOf `json:"changes"`
	}{out}
}
