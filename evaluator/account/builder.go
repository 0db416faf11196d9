package account

import (
	"errors"
	"fmt"
	"slices"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// A Builder gathers what readers find, in any order. Adding the same entity
// again merges its parts; two readings of one part that differ are an error of
// Build. [New] makes one; it is for one goroutine.
type Builder struct {
	// Partial makes gaps of references that lead nowhere and of what is
	// incomplete; otherwise these are errors of Build.
	Partial bool
	// Complete are the parts of which everything was read: what was not is absent.
	// With [ResourcePolicy] functions of which no policy was read have none.
	Complete Part

	identities    map[string]*Identity
	policies      map[string]*ManagedPolicy
	functions     map[string]*Function
	resources     map[string]*Resource
	organizations map[string]*Organization
	nodes         map[string]*Node
	controls      map[string]*OrganizationPolicy
	gaps          []*Gap
	notes         []string
	faults        []error
	beyond        int // how many faults there are above policy.MaxFaults
	interned      *interner
}

// New makes a Builder of nothing.
func New() *Builder {
	return &Builder{
		identities: make(map[string]*Identity), policies: make(map[string]*ManagedPolicy),
		functions: make(map[string]*Function), resources: make(map[string]*Resource),
		organizations: make(map[string]*Organization), nodes: make(map[string]*Node),
		controls: make(map[string]*OrganizationPolicy), interned: newInterner(),
	}
}

// Document parses a policy. The same text under the same name is parsed once. The
// name is how explanations call the policy; which entity has it, the error need
// not say: AddFault does.
func (b *Builder) Document(name, text string) (*policy.Document, error) {
	return b.interned.document(name, text)
}

// AddFault adds an error that Build reports: what a reader could not read. Those
// beyond [policy.MaxFaults] are counted in one more.
func (b *Builder) AddFault(err error) {
	if len(b.faults) == policy.MaxFaults {
		b.beyond++
		return
	}
	b.faults = append(b.faults, err)
}

// AddGap adds something of which a reader knows that it was not given: the next
// page of a list. It is an error of Build unless the Builder is Partial.
func (b *Builder) AddGap(g Gap) { b.gaps = append(b.gaps, &g) }

// AddNote adds a sentence for people, which decides nothing; see [Snapshot.Notes].
func (b *Builder) AddNote(text string) { b.notes = append(b.notes, text) }

// AddIdentity adds a user, a group or a role, or parts of one.
func (b *Builder) AddIdentity(i Identity) {
	if !b.isOf(i.ARN, i.Source, "iam", "user", "group", "role") {
		return
	}
	old := b.identities[i.ARN]
	if old == nil {
		b.identities[i.ARN] = &i
		return
	}
	m := merging{builder: b, of: i.ARN, old: old.Known, new: i.Known, oldSource: old.Source, newSource: i.Source}
	mergeText(&m, "unique id", &old.UniqueID, i.UniqueID)
	mergeText(&m, "address", &old.Address, i.Address)
	mergeText(&m, "beginning", &old.Begins, i.Begins)
	mergeList(&m, Membership, &old.Groups, i.Groups, same[string])
	mergeList(&m, InlinePolicies, &old.Inline, i.Inline, sameAttached)
	mergeList(&m, ManagedPolicies, &old.Managed, i.Managed, same[string])
	mergeValue(&m, PermissionsBoundary, &old.Boundary, i.Boundary, same[string])
	mergeValue(&m, TrustPolicy, &old.Trust, i.Trust, sameDocument)
	mergeList(&m, Tags, &old.Tags, i.Tags, same)
	old.Known |= i.Known
}

// AddPolicy adds a managed policy, or versions of one.
func (b *Builder) AddPolicy(p ManagedPolicy) {
	if !b.isOf(p.ARN, p.Source, "iam", "policy") {
		return
	}
	old := b.policies[p.ARN]
	if old == nil {
		b.policies[p.ARN] = &p
		return
	}
	m := merging{builder: b, of: p.ARN, oldSource: old.Source, newSource: p.Source}
	mergeText(&m, "default version", &old.Default, p.Default)
	old.Elsewhere = old.Elsewhere || p.Elsewhere
	mergeText(&m, "address", &old.Address, p.Address)
	for _, v := range p.Versions {
		known := old.document(v.ID)
		switch {
		case known == nil:
			old.Versions = append(old.Versions, v)
		case !sameDocument(known, v.Document):
			m.differ("version " + v.ID)
		}
	}
}

// AddFunction adds a Lambda function, or parts of one.
func (b *Builder) AddFunction(f Function) {
	if !b.isOf(f.ARN, f.Source, "lambda", "function") {
		return
	}
	if parsed(f.ARN).Qualifier() != "" {
		b.AddFault(fmt.Errorf("%sfunction %s has a qualifier: give the ARN of the function itself", place(f.Source), spelling.Quote(f.ARN)))
		return
	}
	old := b.functions[f.ARN]
	if old == nil {
		b.functions[f.ARN] = &f
		return
	}
	m := merging{builder: b, of: f.ARN, old: old.Known, new: f.Known, oldSource: old.Source, newSource: f.Source}
	mergeText(&m, "address", &old.Address, f.Address)
	mergeValue(&m, ExecutionRole, &old.Role, f.Role, same[string])
	mergeList(&m, Versions, &old.Versions, f.Versions, same[string])
	mergeList(&m, Aliases, &old.Aliases, f.Aliases, sameAlias)
	mergeList(&m, URLs, &old.URLs, f.URLs, same[URL])
	mergeList(&m, Layers, &old.Layers, f.Layers, same[string])
	old.Known |= f.Known
}

// AddResource adds a resource, or parts of one.
func (b *Builder) AddResource(r Resource) {
	if !b.isOf(r.ARN, r.Source, "") {
		return
	}
	old := b.resources[r.ARN]
	if old == nil {
		b.resources[r.ARN] = &r
		return
	}
	m := merging{builder: b, of: r.ARN, old: old.Known, new: r.Known, oldSource: old.Source, newSource: r.Source}
	mergeText(&m, "account", &old.Account, r.Account)
	mergeText(&m, "address", &old.Address, r.Address)
	mergeText(&m, "beginning", &old.Begins, r.Begins)
	mergeValue(&m, ResourcePolicy, &old.Policy, r.Policy, sameDocument)
	old.Rivals = append(old.Rivals, r.Rivals...)
	mergeList(&m, Tags, &old.Tags, r.Tags, same)
	old.Known |= r.Known
}

// AddOrganization adds an organization.
func (b *Builder) AddOrganization(o Organization) {
	old := b.organizations[o.ID]
	if old != nil && (old.ManagementAccount != o.ManagementAccount || old.AllFeatures != o.AllFeatures) {
		m := merging{builder: b, of: "organization " + o.ID, oldSource: old.Source, newSource: o.Source}
		m.differ("management account or features")
		return
	}
	b.organizations[o.ID] = &o
}

// AddNode adds a root, an organizational unit or an account of an organization,
// or parts of one.
func (b *Builder) AddNode(n Node) {
	if n.ID == "" {
		b.AddFault(fmt.Errorf("%sa root, organizational unit or account has no id", place(n.Source)))
		return
	}
	old := b.nodes[n.ID]
	if old == nil {
		b.nodes[n.ID] = &n
		return
	}
	m := merging{builder: b, of: n.ID, old: old.Known, new: n.Known, oldSource: old.Source, newSource: n.Source}
	mergeText(&m, "organization", &old.Organization, n.Organization)
	mergeText(&m, "name", &old.Name, n.Name)
	mergeValue(&m, Parent, &old.Parent, n.Parent, same[string])
	mergeList(&m, SCPs, &old.SCPs, n.SCPs, same[string])
	mergeList(&m, RCPs, &old.RCPs, n.RCPs, same[string])
	mergeList(&m, PolicyTypes, &old.Enabled, n.Enabled, same)
	old.Inactive = old.Inactive || n.Inactive
	old.Known |= n.Known
}

// AddOrganizationPolicy adds a service or resource control policy.
func (b *Builder) AddOrganizationPolicy(p OrganizationPolicy) {
	old := b.controls[p.ID]
	switch {
	case p.Kind != policy.SCP && p.Kind != policy.RCP:
		b.AddFault(fmt.Errorf("%s%s is a policy of kind %q: an organization has service and resource control policies", place(p.Source), p.ID, p.Kind))
	case old != nil && (old.Kind != p.Kind || !sameDocument(old.Document, p.Document)):
		m := merging{builder: b, of: p.ID, oldSource: old.Source, newSource: p.Source}
		m.differ("document")
	default:
		b.controls[p.ID] = &p
	}
}

// isOf reports whether a text is the ARN of an entity of one of these types, in an
// account; else it is a fault. "" takes the ARN of any service.
func (b *Builder) isOf(text, source, service string, types ...string) bool {
	a, err := arn.Parse(text)
	if err == nil && service != "" {
		ok := a.Service() == service && (arn.IsAccountID(a.Account()) || a.Account() == "aws" && a.Type() == "policy")
		for i := range types {
			if ok && a.Type() == types[i] && a.Name() != "" {
				return true
			}
		}
		err = fmt.Errorf("%s is no ARN of %s", spelling.Quote(text), oneOf(types))
	}
	if err != nil {
		b.AddFault(fmt.Errorf("%s%w", place(source), err))
	}
	return err == nil
}

func oneOf(names []string) string {
	switch last := len(names) - 1; last {
	case 0:
		return "a " + names[0]
	default:
		text := "a " + names[0]
		for _, name := range names[1:last] {
			text += ", a " + name
		}
		return text + " or a " + names[last]
	}
}

// place begins an error with where it is.
func place(source string) string {
	if source == "" {
		return ""
	}
	return source + ": "
}

// err is all faults; nil for none.
func (b *Builder) err() error {
	if b.beyond > 0 {
		return errors.Join(append(slices.Clip(b.faults), fmt.Errorf("there are %d more faults", b.beyond))...)
	}
	return errors.Join(b.faults...)
}
