package account

import (
	"fmt"
	"slices"

	"github.com/iamsim/iamsim/policy"
)

// AddPart says that a part of a user, group, role, function or node, which was
// added, is known in full.
func (b *Builder) AddPart(of string, part Part) {
	if i := b.identities[of]; i != nil {
		i.Known |= part
	}
	if f := b.functions[of]; f != nil {
		f.Known |= part
	}
	if n := b.nodes[of]; n != nil {
		n.Known |= part
	}
}

// AddInlineNames says which inline policies an identity has, all of which must be
// added before: with them its inline policies are known.
func (b *Builder) AddInlineNames(of string, names []string, source string) {
	i := b.identities[of]
	if i == nil {
		return
	}
	for _, name := range names {
		if !slices.ContainsFunc(i.Inline, func(a policy.Attached) bool { return a.Name == name }) {
			b.gap(of, InlinePolicies, fmt.Sprintf("%q", name), source, "give the answer of get-"+i.Kind()+"-policy")
			return
		}
	}
	i.Known |= InlinePolicies
}

// AddDefault says which version of a managed policy is the default one, if the
// policy was added.
func (b *Builder) AddDefault(of, version string) {
	if p := b.policies[of]; p != nil && p.Default == "" {
		p.Default = version
	}
}
