package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
)

// arguments tells the names of policies from those of accounts, templates and plans,
// which are read together. A file that is no policy is one of these; a folder without
// any policy is, with all below it. Of a folder that has both, what the AWS CLI
// printed belongs to the account.
func (x *validateFlags) arguments(from *policyLoader, args []string) (policies, accounts []string) {
	for _, given := range args {
		names, err := from.Names(given)
		if errors.Is(err, load.ErrNoPolicies) {
			accounts = append(accounts, given)
			continue
		}
		if err != nil {
			from.faults = append(from.faults, err)
		}
		var own, wrapped, others []string
		for _, name := range names {
			if !isFile(name) {
				own = append(own, name)
				continue
			}
			loaded, err := from.Load(name)
			switch {
			case err != nil && (isForeign(err) || errors.Is(err, load.ErrTooLarge)):
				others = append(others, name)
			case err == nil && len(names) > 1 && slices.ContainsFunc(loaded, func(p load.Policy) bool { return p.Kind != 0 && len(p.Unwrapped) > 0 }):
				wrapped = append(wrapped, name)
			default:
				own = append(own, name)
			}
		}
		switch {
		case others == nil:
			own = names
		case own == nil && len(names) > 1:
			others = []string{given}
		default:
			others = append(others, wrapped...)
		}
		policies, accounts = append(policies, own...), append(accounts, others...)
	}
	return policies, accounts
}

// account validates the policies of accounts, templates and plans.
func (x *validateFlags) account(ctx context.Context, from *policyLoader, r *findingsReport, paths []string, given planned.Given, wanted func([]validate.Finding) []validate.Finding) {
	s, unread, faults := readSnapshot(nil, given, false, paths...)
	found := x.validator.ValidateAccount(s)
	if !x.noProofs {
		found = append(found, x.validator.ProveAccount(ctx, s)...)
	}
	for _, fault := range parts(faults) {
		var refused policy.Errors
		if !errors.As(fault, &refused) {
			from.faults = append(from.faults, fault)
			continue
		}
		for _, f := range validate.Refused(fault, 0) {
			f.Address = f.Source
			f.Source, f.From.Line, _ = account.Place(fault.Error())
			f.From.Column = 0
			if !slices.ContainsFunc(found, func(g validate.Finding) bool { return g.Address == f.Address && g.Path == f.Path }) {
				found = append(found, f)
			}
		}
	}
	if unread != nil {
		from.faults = append(from.faults, unread)
	}
	open := 0
	for _, g := range s.Gaps() {
		if g.Part == account.Planned {
			open++
		}
	}
	if open > 0 {
		r.notes = append(r.notes, fmt.Sprintf("values that are not known before deployment: %d; what depends on them is not found. iamsim account lists them, with the flag that gives each", open))
	}
	sources := map[string]bool{}
	for w := range s.Written() {
		if r.read(w.File, w.Address, ""); !sources[w.File] {
			sources[w.File] = true
			x.comments(from, r, w.File)
		}
	}
	r.findings = append(r.findings, wanted(validate.Sort(found))...)
}
