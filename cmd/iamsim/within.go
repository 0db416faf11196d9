package main

import (
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
)

// policiesWithin loads those of what has an address in a plan, a template or what the
// AWS CLI printed: the identity-based policies of a user or role, without what limits
// it; a managed policy; or the policy of a resource. What was left out is told.
func policiesWithin(c *cobra.Command) func(from fs.FS, file, address string) ([]load.Policy, error) {
	return func(from fs.FS, file, address string) ([]load.Policy, error) {
		b := account.New()
		b.Partial = true
		if err := files.LoadFS(b, planned.Given{}, from, file); err != nil {
			return nil, err
		}
		s, err := b.Build()
		if err != nil {
			return nil, err
		}
		return policiesAt(s, address, c.ErrOrStderr())
	}
}

func policiesAt(s *account.Snapshot, address string, notes io.Writer) ([]load.Policy, error) {
	who, unknown := s.Principal(address)
	if unknown == nil {
		return policiesOf(who, notes)
	}
	if p, err := s.Policy(address); err == nil {
		for _, v := range p.Versions {
			if v.ID == p.Default {
				return []load.Policy{{Attached: policy.Attached{Document: v.Document, ARN: p.ARN}, Kind: policy.Identity}}, nil
			}
		}
	}
	t, err := s.Target(address)
	if t.Resource == "" {
		return nil, unknown
	}
	if err != nil {
		return nil, err
	}
	for r := range s.Resources() {
		if r.ARN == t.Resource && r.Policy != nil {
			return []load.Policy{{Attached: policy.Attached{Document: r.Policy}, Kind: policy.Resource}}, nil
		}
	}
	return nil, fmt.Errorf("%s has no policy", address)
}

// policiesOf are the identity-based policies of a user or role. That it is limited
// too is told.
func policiesOf(p *account.Principal, notes io.Writer) ([]load.Policy, error) {
	c, err := p.Caller()
	if err != nil {
		return nil, fmt.Errorf("not all is known of %s: %w", p, err)
	}
	if boundary := p.Identity().Boundary; boundary != "" {
		note(notes, "the permissions boundary of %s, %s, is left out: --boundary gives it", p, boundary)
	}
	var list []load.Policy
	for _, a := range slices.Concat(evaluator.SetsOf(&c, nil, nil).Policies().Levels(policy.IdentityLayer)...) {
		list = append(list, load.Policy{Attached: a, Kind: policy.Identity})
	}
	return list, nil
}
