package account

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

// Build makes a snapshot of what was added, and follows each reference. It
// reports all faults; the snapshot beside them has what is sound, and does not know
// what is not. After it, the Builder is done.
//
// AWS managed policies that are attached and were not added are taken from
// package policy/managed in the version of its Date; [Snapshot.Notes] says so.
func (b *Builder) Build() (*Snapshot, error) {
	s := &Snapshot{interned: b.interned, groups: make(map[string]string), standings: make(map[string]*standing)}
	for _, name := range slices.Sorted(maps.Keys(b.policies)) {
		b.version(b.policies[name])
	}
	b.complete()
	b.identitiesOf(s)
	b.functionsOf()
	b.organizationOf()
	s.identities, s.policies = newTable(b.identities), newTable(b.policies)
	s.functions, s.resources = newTable(b.functions), newTable(b.resources)
	s.organizations, s.nodes, s.controls = newTable(b.organizations), newTable(b.nodes), newTable(b.controls)
	b.check()
	s.stand(b)
	s.gaps, s.notes = b.gaps, b.notes
	slices.SortStableFunc(s.gaps, func(x, y *Gap) int { return strings.Compare(x.Of, y.Of) })
	if !b.Partial {
		for _, g := range b.gaps {
			if errors.Is(g, ErrDangling) {
				b.AddFault(g)
			}
		}
	}
	return s, b.err()
}

// gap adds what is not known of an entity.
func (b *Builder) gap(of string, part Part, needs, source, mend string) {
	b.gaps = append(b.gaps, &Gap{Of: of, Part: part, Needs: needs, Source: source, Mend: mend})
}

// complete takes for absent what was not read of the parts that are complete.
func (b *Builder) complete() {
	for _, i := range b.identities {
		i.Known |= b.Complete
	}
	for _, f := range b.functions {
		f.Known |= b.Complete
		if !b.Complete.Has(ResourcePolicy) {
			continue
		}
		for _, point := range f.points() {
			if b.resources[point] == nil {
				b.resources[point] = &Resource{ARN: point, Source: f.Source}
			}
		}
	}
	for _, r := range b.resources {
		r.Known |= b.Complete
	}
	for _, n := range b.nodes {
		n.Known |= b.Complete
	}
}

// version holds the default version against those that there are.
func (b *Builder) version(p *ManagedPolicy) {
	var ids []string
	for _, v := range p.Versions {
		ids = append(ids, v.ID)
	}
	switch {
	case p.Default == "":
		b.gap(p.ARN, Versions, "", p.Source, "which version is the default one, get-policy says")
	case !slices.Contains(ids, p.Default):
		b.gap(p.ARN, Versions, fmt.Sprintf("%s, the default one (there is %s)", p.Default, strings.Join(ids, ", ")), p.Source,
			"give the answer of get-policy-version")
	}
}

// identitiesOf follows the references of users, groups and roles.
func (b *Builder) identitiesOf(s *Snapshot) {
	for _, name := range slices.Sorted(maps.Keys(b.identities)) {
		if i := b.identities[name]; i.Kind() == "group" {
			s.groups[groupKey(i.Account(), i.Name())] = name
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.identities)) {
		i := b.identities[name]
		for _, group := range i.Groups {
			if s.groups[groupKey(i.Account(), group)] == "" {
				b.gap(name, Membership, group, i.Source, "give the group: the Filter of the snapshot may leave out groups")
			}
		}
		for _, policyARN := range i.Managed {
			b.managed(i, ManagedPolicies, policyARN)
		}
		if i.Boundary != "" {
			b.managed(i, PermissionsBoundary, i.Boundary)
		}
		if lacks := i.Unknown(); lacks != 0 {
			mend := "give the answer of get-account-authorization-details"
			if i.Address != "" {
				mend = "give the values that " + i.Address + " needs"
			}
			b.gap(name, lacks, "", i.Source, mend)
		}
	}
}

// groupKey finds a group as a user names it: without path and, within an account,
// without case.
func groupKey(account, name string) string { return account + "/" + fold.String(name) }

// managed finds a managed policy, that of AWS where it was not read.
func (b *Builder) managed(i *Identity, part Part, policyARN string) {
	if b.policies[policyARN] != nil {
		return
	}
	if !managed.IsARN(policyARN) {
		b.gap(i.ARN, part, policyARN, i.Source, "give the policy: the Filter of the snapshot may leave out LocalManagedPolicy")
		return
	}
	known, err := managed.ByARN(policyARN)
	if err != nil {
		b.gap(i.ARN, part, policyARN, i.Source, err.Error())
		return
	}
	document, err := known.Document("")
	if err != nil {
		b.AddFault(err)
		return
	}
	version := known.Default().ID
	b.policies[policyARN] = &ManagedPolicy{
		ARN: policyARN, Default: version, Versions: []Version{{version, document}}, Source: "AWS managed policies as of " + managed.Date(),
	}
	b.AddNote(fmt.Sprintf("%s was not read: taken as of %s, %s", policyARN, managed.Date(), version))
}

// functionsOf follows the references of functions.
func (b *Builder) functionsOf() {
	accounts := make(map[string]bool) // whose roles were read
	for name := range b.identities {
		if a := parsed(name); a.Type() == "role" {
			accounts[a.Account()] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.functions)) {
		f := b.functions[name]
		if !f.Known.Has(ExecutionRole) {
			b.gap(name, ExecutionRole, "", f.Source, "give the answer of list-functions or get-function")
		}
		if f.Role != "" && b.identities[f.Role] == nil {
			needs := f.Role
			if !accounts[parsed(name).Account()] {
				needs = "" // no role was read
			}
			b.gap(name, ExecutionRole, needs, f.Source, "give the role "+f.Role)
		}
		for _, alias := range f.Aliases {
			for _, version := range append([]string{alias.Version}, alias.Others...) {
				if f.Known.Has(Versions) && version != "$LATEST" && !slices.Contains(f.Versions, version) {
					b.gap(name, Versions, version, f.Source, "alias "+alias.Name+" leads to it: list-functions --function-version ALL has it")
				}
			}
		}
		for _, u := range f.URLs {
			known := slices.ContainsFunc(f.Aliases, func(a Alias) bool { return a.Name == u.Qualifier })
			if f.Known.Has(Aliases) && u.Qualifier != "" && !known {
				b.gap(name, URLs, "alias "+u.Qualifier, f.Source, "give the answer of list-aliases")
			}
		}
		for _, point := range f.points() {
			if r := b.resources[point]; r == nil || !r.Known.Has(ResourcePolicy) {
				b.gap(point, ResourcePolicy, "", f.Source, "give the answer of aws lambda get-policy, or say that what was read is complete")
			}
		}
	}
}

// check holds each document against its kind (A.6), once.
func (b *Builder) check() {
	type checked struct {
		document *policy.Document
		kind     policy.Kind
	}
	seen := make(map[checked]bool)
	check := func(kind policy.Kind, d *policy.Document, of, source string) {
		if c := (checked{d, kind}); d == nil || seen[c] {
			return
		} else if err := d.Check(kind); err != nil {
			b.AddFault(fmt.Errorf("%s%s: %w", place(source), of, err))
		} else {
			seen[c] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.identities)) {
		i := b.identities[name]
		check(policy.Trust, i.Trust, name, i.Source)
		for _, a := range i.Inline {
			check(policy.Identity, a.Document, name, i.Source)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.policies)) {
		p := b.policies[name]
		for _, v := range p.Versions {
			check(policy.Identity, v.Document, name, p.Source)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.resources)) {
		r := b.resources[name]
		check(policy.OfResource(name), r.Policy, name, r.Source)
	}
	for _, name := range slices.Sorted(maps.Keys(b.controls)) {
		p := b.controls[name]
		check(p.Kind, p.Document, name, p.Source)
	}
}

// accountOf is the account that owns what an ARN names; "" where it does not tell.
func accountOf(text string) string {
	if a := parsed(text).Account(); arn.IsAccountID(a) {
		return a
	}
	return ""
}
