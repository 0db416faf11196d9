package account

import "strings"

// Part is a part of an entity, or several of them: what of it was read. The zero
// Part is nothing.
type Part uint32

const (
	InlinePolicies      Part = 1 << iota // inline policies of a user, group or role
	ManagedPolicies                      // managed policies that are attached to it
	Membership                           // groups of a user
	PermissionsBoundary                  // boundary of a user or role
	TrustPolicy                          // trust policy of a role
	Tags                                 // tags of a user, role, function or resource
	ResourcePolicy                       // policy of a resource
	ExecutionRole                        // role of a function
	Versions                             // versions of a function or managed policy
	Aliases                              // aliases of a function
	URLs                                 // URLs of a function
	Layers                               // layers of a function
	Parent                               // of a root, organizational unit or account
	SCPs                                 // service control policies attached to it
	RCPs                                 // resource control policies attached to it
	PolicyTypes                          // of a root: which types of policies are enabled
	Everything                           // of a file: that it is complete
	Planned                              // value that a template or plan leaves open
)

// OfUser, OfGroup, OfRole and OfFunction are all parts of such an entity, of a
// function without its policy and tags, which it has as a [Resource].
const (
	OfUser     = InlinePolicies | ManagedPolicies | Membership | PermissionsBoundary | Tags
	OfGroup    = InlinePolicies | ManagedPolicies
	OfRole     = InlinePolicies | ManagedPolicies | PermissionsBoundary | TrustPolicy | Tags
	OfFunction = ExecutionRole | Versions | Aliases | URLs | Layers
)

// parts are the names of the parts, and how an entity stands to what it refers to
// in that part.
var parts = [...]struct {
	part       Part
	name, verb string
}{
	{InlinePolicies, "inline policies", "has"},
	{ManagedPolicies, "managed policies", "attaches"},
	{Membership, "groups", "is in group"},
	{PermissionsBoundary, "permissions boundary", "is bounded by"},
	{TrustPolicy, "trust policy", "has"},
	{Tags, "tags", "has"},
	{ResourcePolicy, "resource-based policy", "has"},
	{ExecutionRole, "execution role", "runs as"},
	{Versions, "versions", "has version"},
	{Aliases, "aliases", "has alias"},
	{URLs, "function URLs", "has a URL for"},
	{Layers, "layers", "has layer"},
	{Parent, "parent", "stands below"},
	{SCPs, "service control policies", "has service control policy"},
	{RCPs, "resource control policies", "has resource control policy"},
	{PolicyTypes, "policy types", "has"},
	{Everything, "rest", "goes on with"},
	{Planned, "value", "needs"},
}

// Has reports whether all of other are among the parts.
func (p Part) Has(other Part) bool { return p&other == other }

// String names the parts: "inline policies, tags"; "" for none.
func (p Part) String() string {
	var names []string
	for _, row := range parts {
		if p.Has(row.part) {
			names = append(names, row.name)
		}
	}
	return strings.Join(names, ", ")
}

// verb is how an entity stands to what it refers to in the part: "attaches".
func (p Part) verb() string {
	for _, row := range parts {
		if p == row.part {
			return row.verb
		}
	}
	return "refers to"
}
