package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/summary"
	"github.com/iamsim/iamsim/policy"
)

// An accountPolicies is policies that apply together in an account, and to whom.
type accountPolicies struct {
	slot  policy.Slot
	kind  policy.Kind
	list  []policy.Attached
	names []string
}

// title is whose policies they are, and what they do.
func (p *accountPolicies) title() string {
	names := strings.Join(p.names, ", ")
	switch p.slot.Layer {
	case policy.BoundaryLayer:
		return "permissions boundary of " + names
	case policy.SCPLayer:
		return fmt.Sprintf("service control policies of account %s, level %d", names, p.slot.Level)
	case policy.RCPLayer:
		return fmt.Sprintf("resource control policies of account %s, level %d", names, p.slot.Level)
	case policy.ResourceLayer:
		if p.kind == policy.Trust {
			return "trust policy of " + names
		}
		return "policy of " + names
	}
	return names
}

// accountSummaries summarizes what users and roles of an account may do, what limits
// them, and whom resources let in. Those with the same policies stand together. What
// is not known is told, and then not all is settled.
func accountSummaries(ctx context.Context, c *cobra.Command, prover *prove.Prover, of *snapshotFlag) (list []summarized, settled bool, err error) {
	if err := of.load(c); err != nil {
		return nil, false, err
	}
	policies, unknown := policiesOfAccount(of.read)
	for _, gap := range unknown {
		note(c.ErrOrStderr(), "not all is known: %v", gap)
	}
	for i := range policies {
		p := &policies[i]
		var documents []*policy.Document
		for _, a := range p.list {
			documents = append(documents, a.Document)
		}
		one, err := summary.Of(ctx, prover, p.kind, documents...)
		if err != nil {
			return nil, false, fmt.Errorf("%s: %w", p.title(), err)
		}
		list = append(list, summarized{p.title(), one})
	}
	return list, len(unknown) == 0, nil
}

// policiesOfAccount are the policies of a snapshot by layer, each list once, and what
// is not known of them.
func policiesOfAccount(s *account.Snapshot) (list []accountPolicies, unknown []error) {
	at := make(map[string]int)
	add := func(slot policy.Slot, kind policy.Kind, documents []policy.Attached, name string) {
		key := fmt.Sprint(slot, kind)
		for _, a := range documents {
			key += fmt.Sprintf(" %p", a.Document)
		}
		if slot.Layer == policy.ResourceLayer {
			key += name // each resource by itself: its policy names it
		}
		i, ok := at[key]
		if !ok {
			i = len(list)
			at[key] = i
			list = append(list, accountPolicies{slot: slot, kind: kind, list: documents})
		}
		if !slices.Contains(list[i].names, name) {
			list[i].names = append(list[i].names, name)
		}
	}
	for p := range s.Principals() {
		caller, err := p.Caller()
		if err != nil {
			unknown = append(unknown, fmt.Errorf("%s: %w", p, err))
		}
		all := evaluator.SetsOf(&caller, nil, nil).Policies()
		for slot, documents := range all.All() {
			name := p.Identity().ARN
			if slot.Layer == policy.SCPLayer {
				name = p.Identity().Account()
			}
			add(slot, all.Kind(slot), documents, name)
		}
	}
	for i := range s.Identities() {
		if i.Trust != nil {
			add(policy.ResourceLayer.At(0), policy.Trust, policy.Attach(i.Trust), i.ARN)
		}
	}
	for r := range s.Resources() {
		target, err := s.Target(r.ARN)
		if err != nil {
			unknown = append(unknown, fmt.Errorf("%s: %w", r.ARN, err))
		}
		if r.Policy != nil {
			add(policy.ResourceLayer.At(0), policy.OfResource(r.ARN), policy.Attach(r.Policy), r.ARN)
		}
		for slot, documents := range evaluator.SetsOf(nil, &target, nil).Policies().All() {
			if slot.Layer == policy.RCPLayer && len(documents) > 0 {
				add(slot, policy.RCP, documents, target.Account)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b accountPolicies) int { return int(a.slot.Layer) - int(b.slot.Layer) })
	return list, unknown
}
