package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
)

// within splits what is given into a file and the address of a user, role, managed
// policy or resource in it, "plan.json#aws_iam_role.deploy".
func within(given string) (file, address string, ok bool) {
	file, address, ok = strings.Cut(given, "#")
	if !ok || address == "" || load.IsText(given) {
		return "", "", false
	}
	if _, err := os.Stat(given); err == nil {
		return "", "", false // a file with such a name
	}
	_, err := os.Stat(file)
	return file, address, err == nil
}

// policiesWithin are those of what has an address in a plan, a template or what the
// AWS CLI printed: the identity-based policies of a user or role, without what
// limits it; a managed policy; or the policy of a resource.
func (l *policyLoader) policiesWithin(file, address string) ([]load.Policy, error) {
	b := account.New()
	b.Partial = true
	if err := files.Load(b, planned.Given{}, file); err != nil {
		return nil, err
	}
	s, err := b.Build()
	if err != nil {
		return nil, err
	}
	who, unknown := s.Principal(address)
	if unknown == nil {
		return l.policiesOf(who)
	}
	if p, err := s.Policy(address); err == nil {
		for _, v := range p.Versions {
			if v.ID == p.Default {
				return []load.Policy{{Attached: policy.Attached{Document: v.Document, Name: file + "#" + address, ARN: p.ARN}, Kind: policy.Identity}}, nil
			}
		}
	}
	t, err := s.Target(address)
	if t.Resource == "" {
		return nil, fmt.Errorf("%s: %w", file, unknown)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for r := range s.Resources() {
		if r.ARN == t.Resource && r.Policy != nil {
			return []load.Policy{{Attached: policy.Attached{Document: r.Policy, Name: file + "#" + address}, Kind: policy.Resource}}, nil
		}
	}
	return nil, fmt.Errorf("%s: %s has no policy", file, address)
}

// policiesOf are the identity-based policies of a user or role. That it is limited
// too is told.
func (l *policyLoader) policiesOf(p *account.Principal) ([]load.Policy, error) {
	c, err := p.Caller()
	if err != nil {
		return nil, fmt.Errorf("not all is known of %s: %w", p, err)
	}
	if boundary := p.Identity().Boundary; boundary != "" {
		fmt.Fprintf(l.notes, "iamsim: note: the permissions boundary of %s, %s, is left out: --boundary gives it\n", p, boundary)
	}
	var list []load.Policy
	for _, a := range slices.Concat(evaluator.SetsOf(&c, nil, nil).Policies().Levels(policy.IdentityLayer)...) {
		list = append(list, load.Policy{Attached: a, Kind: policy.Identity})
	}
	return list, nil
}
