package account

import (
	"slices"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// An Identity is an IAM user, group or role, as its ARN tells. A reader that
// finds its parts in several places adds an Identity for each.
type Identity struct {
	ARN string
	// UniqueID is AIDA…, AGPA… or AROA…; "" where it is not known.
	UniqueID string
	// Address is how a template or plan calls it, "aws_iam_role.deploy"; "" for
	// what was read from AWS.
	Address string
	Begins  string // see [Resource]
	// Groups of a user, by name.
	Groups []string
	// Inline policies, each with Name and Document.
	Inline []policy.Attached
	// Managed policies that are attached, by ARN.
	Managed []string
	// Boundary is the ARN of the permissions boundary; "" for none.
	Boundary string
	// Trust policy of a role.
	Trust *policy.Document
	Tags  []evaluator.Tag
	// Known are the parts that were read in full.
	Known Part
	// Source is where it was read: "authz.json: RoleDetailList[3]".
	Source string
}

// A ManagedPolicy is a managed policy with its versions.
type ManagedPolicy struct {
	ARN     string
	Address string // see [Identity]
	// Default is the version in force, "v3".
	Default string
	// Versions that were read; the default one must be among them.
	Versions []Version
	// Elsewhere says that a template attaches it to whom the template does not have.
	Elsewhere bool
	Source    string
}

// A Version is one version of a managed policy.
type Version struct {
	ID       string // "v3"
	Document *policy.Document
}

// document is that of a version; nil if there is none.
func (p *ManagedPolicy) document(version string) *policy.Document {
	for _, v := range p.Versions {
		if v.ID == version {
			return v.Document
		}
	}
	return nil
}

// A Function is a Lambda function. Its policy and tags, and the policies of its
// versions and aliases, are those of the [Resource] with that ARN.
type Function struct {
	// ARN without qualifier.
	ARN     string
	Address string // see [Identity]
	// Role is the ARN of the execution role.
	Role string
	// Versions that are published: "7". $LATEST is not among them.
	Versions []string
	Aliases  []Alias
	URLs     []URL
	// Layers are the ARNs of layer versions.
	Layers []string
	Known  Part
	Source string
}

// points are the ARNs at which policies of the function are attached: its own, and
// those of its aliases. Versions have policies too, which few people give them.
func (f *Function) points() []string {
	points := []string{f.ARN}
	for _, alias := range f.Aliases {
		points = append(points, f.ARN+":"+alias.Name)
	}
	return points
}

// An Alias is an alias of a function.
type Alias struct {
	Name string
	// Version that it leads to, and the further ones that get a part of its calls.
	Version string
	Others  []string
}

// A URL is a function URL.
type URL struct {
	// Qualifier is an alias; "" for the URL of the function itself.
	Qualifier string
	AuthType  string // "AWS_IAM" or "NONE"
	URL       string
}

// A Resource is a resource, or a point of attachment of a policy such as a
// function's alias.
type Resource struct {
	ARN     string
	Address string // see [Identity]
	// Account owns the resource; "" where the ARN tells.
	Account string
	// Begins is how the ARN begins where its rest is not known before deployment;
	// ARN then stands for it in the snapshot. "" where the ARN is known.
	Begins string
	// Policy of the resource; nil for none, where Known has [ResourcePolicy].
	Policy *policy.Document
	// Rivals are the addresses of resources of a template or plan that keep the
	// policy, more than one, and one of them the whole of it: each takes away what the
	// others have.
	Rivals []string
	Tags   []evaluator.Tag
	Known  Part
	Source string
}

// An Organization is an organization of AWS Organizations.
type Organization struct {
	ID                string // "o-a1b2c3d4e5"
	ManagementAccount string
	// AllFeatures is false for one with consolidated billing alone, which has no
	// policies.
	AllFeatures bool
	Source      string
}

// A Node is what policies of an organization are attached to: a root, an
// organizational unit, or an account.
type Node struct {
	// ID is "r-ab12", "ou-ab12-cd34ef56" or an account id.
	ID   string
	Name string
	// Organization of a root, by id; "" for the only one that there is.
	Organization string
	// Parent is the id of the node above; "" for a root.
	Parent string
	// SCPs and RCPs are the ids of policies that are attached to the node itself.
	SCPs, RCPs []string
	// Enabled are the types of policies that a root has enabled: [policy.SCP],
	// [policy.RCP].
	Enabled []policy.Kind
	// Inactive is true for an account that is suspended or closed.
	Inactive bool
	Known    Part
	Source   string
}

// An OrganizationPolicy is a service or resource control policy.
type OrganizationPolicy struct {
	ID        string // "p-1a2b3c4d"
	ARN, Name string
	Kind      policy.Kind // [policy.SCP] or [policy.RCP]
	Document  *policy.Document
	Source    string
}

// isRoot reports whether a node is the root of an organization.
func (n *Node) isRoot() bool { return n.ID != "" && n.ID[0] == 'r' }

// clone is a copy whose lists may be changed.
func (i *Identity) clone() *Identity {
	own := *i
	own.Groups, own.Inline, own.Managed, own.Tags = slices.Clone(i.Groups), slices.Clone(i.Inline), slices.Clone(i.Managed), slices.Clone(i.Tags)
	return &own
}

// clone is a copy whose lists may be changed.
func (p *ManagedPolicy) clone() *ManagedPolicy {
	own := *p
	own.Versions = slices.Clone(p.Versions)
	return &own
}

// Kind is "user", "group" or "role".
func (i *Identity) Kind() string { return parsed(i.ARN).Type() }

// Account is the account id in the ARN.
func (i *Identity) Account() string { return parsed(i.ARN).Account() }

// Name is the name without path.
func (i *Identity) Name() string { return parsed(i.ARN).Name() }

// Unknown are the parts of an identity of its kind that were not read.
func (i *Identity) Unknown() Part { return ofKind(i) &^ i.Known }

// parsed is an ARN that the Builder has checked.
func parsed(text string) arn.ARN {
	a, _ := arn.Parse(text)
	return a
}

// short is what an ARN has beyond the account: "role/deploy".
func short(text string) string { return parsed(text).Resource() }
