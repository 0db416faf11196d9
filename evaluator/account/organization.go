package account

import (
	"fmt"
	"maps"
	"slices"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// The ids of AWS's own policies, which files often lack.
const (
	fullAccess    = "p-FullAWSAccess"
	fullAccessRCP = "p-RCPFullAWSAccess" // the engine implies it (E-6)
)

// maxDepth is how many levels an organization has at most: a root, five levels of
// organizational units, and accounts.
const maxDepth = 7

// addFullAccess adds AWS's own service control policy, unless it was read.
func (b *Builder) addFullAccess() {
	if b.controls[fullAccess] != nil {
		return
	}
	document, err := b.Document("FullAWSAccess", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	if err != nil {
		b.AddFault(err)
		return
	}
	b.controls[fullAccess] = &OrganizationPolicy{
		ID: fullAccess, ARN: "arn:aws:organizations::aws:policy/service_control_policy/" + fullAccess,
		Name: "FullAWSAccess", Kind: policy.SCP, Document: document,
	}
}

// organizationOf follows the references of organizations.
func (b *Builder) organizationOf() {
	if len(b.nodes) > 0 {
		b.addFullAccess()
	}
	for _, id := range slices.Sorted(maps.Keys(b.nodes)) {
		n := b.nodes[id]
		b.controlsOf(n, SCPs, n.SCPs)
		b.controlsOf(n, RCPs, n.RCPs)
		switch only := b.onlyOrganization(); {
		case !n.isRoot() && n.Parent != "" && b.nodes[n.Parent] == nil:
			b.gap(id, Parent, n.Parent, n.Source, "give the answer of list-organizational-units-for-parent or list-roots")
		case !n.isRoot():
			if b.circular(n) {
				b.AddFault(fmt.Errorf("%s%s stands below itself: the answers that say its parent are of different times", place(n.Source), id))
			}
		case n.Organization == "" && only != "":
			n.Organization = only
		case b.organizations[n.Organization] == nil:
			b.gap(id, Parent, "organization "+n.Organization, n.Source, "give the answer of describe-organization")
		}
	}
}

// controlsOf follows the ids of the policies that are attached to a node.
func (b *Builder) controlsOf(n *Node, part Part, ids []string) {
	for _, id := range ids {
		if c := b.controls[id]; id != fullAccessRCP && (c == nil || c.Kind != part.kind() || c.Document == nil) {
			b.gap(n.ID, part, id, n.Source, "give the answer of describe-policy --policy-id "+id)
		}
	}
}

// kind is that of the policies of an organization that are the part of a node.
func (p Part) kind() policy.Kind {
	if p == RCPs {
		return policy.RCP
	}
	return policy.SCP
}

// circular reports whether the way up from a node never ends.
func (b *Builder) circular(n *Node) bool {
	for range len(b.nodes) {
		if n = b.nodes[n.Parent]; n == nil {
			return false
		}
	}
	return true
}

// onlyOrganization is the id of the only organization; "" where there are none or
// several.
func (b *Builder) onlyOrganization() string {
	if len(b.organizations) != 1 {
		return ""
	}
	for id := range b.organizations {
		return id
	}
	return ""
}

// A standing is how an account stands in its organization.
type standing struct {
	organization *evaluator.Organization // nil: it is in none, or nothing is known of one
	scps, rcps   [][]policy.Attached     // by level, root first; nil: there are none
	gaps         []*Gap                  // what of them is not known
}

// stand finds the standing of each account that has entities. With a Builder it
// reports what is not known.
func (s *Snapshot) stand(b *Builder) {
	s.standings = make(map[string]*standing)
	paths := make(map[string]*evaluator.Organization) // by parent
	for _, id := range s.accounts() {
		s.standings[id] = s.standingOf(id, paths)
	}
	if b == nil {
		return
	}
	said := make(map[Gap]bool)
	for _, id := range s.accounts() {
		gaps := s.standings[id].gaps
		if gaps == nil && s.nodes.empty() {
			gaps = []*Gap{{Of: id, Part: SCPs | RCPs, Mend: "taken to be in no organization: give the answers of AWS Organizations if it is in one"}}
		}
		for _, g := range gaps {
			if g.Needs == "" && !said[*g] { // the other ends are followed above
				said[*g] = true
				b.gaps = append(b.gaps, g)
			}
		}
	}
}

// standingOf climbs from an account to the root. Of accounts with the same parent
// the organization is the same.
func (s *Snapshot) standingOf(id string, paths map[string]*evaluator.Organization) *standing {
	st := &standing{}
	if s.nodes.empty() {
		return st
	}
	account := s.nodes.get(id)
	if account == nil {
		st.gaps = []*Gap{{Of: id, Part: Parent, Mend: "give the answer of list-accounts-for-parent or list-parents that has it"}}
		return st
	}
	var chain []*Node // from the account up
	for n := account; n != nil && len(chain) <= maxDepth; n = s.nodes.get(n.Parent) {
		chain = append(chain, n)
	}
	root := chain[len(chain)-1]
	o := s.organizations.get(root.Organization)
	if !root.isRoot() || o == nil {
		gap := &Gap{Of: root.ID, Part: Parent, Needs: root.Parent, Source: root.Source, Mend: "give the answer of list-parents or list-children"}
		if root.isRoot() {
			gap.Needs, gap.Mend = root.Organization, "give the answer of describe-organization"
		}
		st.gaps = []*Gap{gap}
		return st
	}
	slices.Reverse(chain)
	if st.organization = paths[account.Parent]; st.organization == nil {
		path := o.ID + "/"
		for _, n := range chain[:len(chain)-1] {
			path += n.ID + "/"
		}
		st.organization = &evaluator.Organization{ID: o.ID, Paths: []string{path}, ManagementAccount: o.ManagementAccount}
		paths[account.Parent] = st.organization
	}
	if !o.AllFeatures {
		return st
	}
	if !root.Known.Has(PolicyTypes) {
		st.gaps = append(st.gaps, &Gap{Of: root.ID, Part: PolicyTypes, Source: root.Source, Mend: "give the answer of list-roots"})
		st.scps, st.rcps = [][]policy.Attached{{unknown}}, [][]policy.Attached{{unknown}}
		return st
	}
	if slices.Contains(root.Enabled, policy.SCP) {
		st.scps = s.levels(st, chain, SCPs)
	}
	if slices.Contains(root.Enabled, policy.RCP) {
		st.rcps = s.levels(st, chain, RCPs)
	}
	return st
}

// levels are the policies of one type along a chain of nodes.
func (s *Snapshot) levels(st *standing, chain []*Node, part Part) [][]policy.Attached {
	levels := make([][]policy.Attached, len(chain))
	for i, n := range chain {
		ids := n.SCPs
		if part == RCPs {
			ids = n.RCPs
		}
		if !n.Known.Has(part) {
			st.gaps = append(st.gaps, &Gap{Of: n.ID, Part: part, Source: n.Source,
				Mend: fmt.Sprintf("give the answer of list-policies-for-target --target-id %s --filter %s", n.ID, typeOf(part.kind()))})
			levels[i] = []policy.Attached{unknown}
			continue
		}
		levels[i] = []policy.Attached{}
		for _, id := range ids {
			if id == fullAccessRCP {
				continue
			}
			p := s.controls.get(id)
			if p == nil || p.Kind != part.kind() || p.Document == nil {
				st.gaps = append(st.gaps, &Gap{Of: n.ID, Part: part, Needs: id, Source: n.Source})
				levels[i] = append(levels[i], unknown)
				continue
			}
			levels[i] = append(levels[i], policy.Attached{Document: p.Document, Name: p.Name, ARN: p.ARN, From: n.ID})
		}
	}
	return levels
}

// typeOf is what AWS Organizations calls a kind of policy.
func typeOf(k policy.Kind) string {
	if k == policy.RCP {
		return "RESOURCE_CONTROL_POLICY"
	}
	return "SERVICE_CONTROL_POLICY"
}
