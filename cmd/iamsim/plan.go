package main

import (
	"context"
	"errors"
	"fmt"
	"os"

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
		for _, told := range sides[i].Notes() {
			if !notes[told] {
				notes[told] = true
				note(c.ErrOrStderr(), "%s", told)
			}
		}
	}
	return account.Differences(sides[0], sides[1])
}

// diffPlan compares the two sides of a plan and prints what changes.
func diffPlan(c *cobra.Command, ctx context.Context, prover *prove.Prover, x *proofFlags, path string, given planned.Given, all bool) error {
	if x.to.format == "sarif" || x.to.format == "github" {
		return errors.New("--output of a plan is text, json or markdown: a plan has no lines of its own to point at")
	}
	differences, err := planChanges(c, path, given)
	if err != nil {
		return err
	}
	var list []change
	for i := range differences {
		list = append(list, changeAt(ctx, prover, &differences[i]))
	}
	return x.to.to(c, func(s *sheet) error { return printChanges(s, x.to.format, list, all) })
}

// changeAt is the change of a user, role or resource.
func changeAt(ctx context.Context, prover *prove.Prover, d *account.Difference) change {
	c := change{title: d.String(), arn: d.ARN, address: d.Address, unknown: d.Unknown}
	compared, err := review.Compare(ctx, prover, d.Before, d.After)
	if c.Change = compared; err != nil {
		c.unknown, c.broken = fmt.Errorf("%s: %w", d, err), true
	}
	return c
}
