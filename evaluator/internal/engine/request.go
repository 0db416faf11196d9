package engine

import (
	"slices"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
)

// A Caller is a principal and the policies that follow it wherever it goes.
// It is plain data; Evaluate never changes it, and many goroutines may share
// one that nobody changes.
type Caller struct {
	Principal Principal
	// Identity holds the identity-based policies: of the user and its groups,
	// or of the role (E-14). Nil grants nothing.
	Identity *Set
	// Boundary is the permissions boundary. Nil: there is none. A set without
	// documents is a boundary that allows nothing.
	Boundary *Set
	// Session holds session policies; each set must allow. The policies passed
	// in one call (inline and by ARN) form a union and so belong in one set
	// (L-5).
	Session []*Set
	// SCPs are the service control policies by level, root first, account
	// last; each level must allow (E-5). Nil: there are none.
	SCPs []*Set
}

// A Target is a resource and the policies that follow it. Like a Caller it is
// plain data, to be shared as long as nobody changes it. The zero Target has no
// resource, and a request on it is [Invalid].
type Target struct {
	// Resource is an ARN, or "*" for actions without resource-level
	// permissions (B-14).
	Resource string
	// Unknown: which resource it is will be known later, as of one that is
	// still to be deployed. Resource then is the beginning of its ARN as far as
	// that is known; "" for nothing. What begins otherwise does not match, and
	// whether the rest matches is left open. So is whose it is, unless the
	// beginning tells or Account is given.
	Unknown bool
	// Account owns the resource; "" means the account in the ARN, else the
	// caller's.
	Account string
	// Organization of the owner; nil where it has none, or it does not matter.
	Organization *Organization
	// Tags of the resource: aws:ResourceTag/… where the action has that key.
	Tags []Tag
	// Policies are the resource-based policies by point of attachment: a
	// function and its alias, a role's trust policy, a key policy. Empty:
	// there is none, which grants nothing.
	Policies []*Set
	// RCPs are the resource control policies by level. RCPFullAWSAccess is
	// implied at every level (E-6).
	RCPs []*Set
	// AsGiven is the resource as the caller wrote it ("my-function"), for the
	// older form of the error text (H-5).
	AsGiven string

	read pattern.Fields // Resource, if it was read ahead
}

// Prepared is the target with its ARN read ahead, for one that is asked about
// again and again. A Resource that is changed later is read anew.
func (t Target) Prepared() Target {
	t.read = pattern.Split(t.Resource)
	return t
}

// shown is the resource as texts have it.
func (t *Target) shown() string {
	if t.Unknown {
		return t.Resource + "*"
	}
	return t.Resource
}

// split is the fields of the resource: as read ahead, else read into room.
func (t *Target) split(room *pattern.Fields) *pattern.Fields {
	if t.read.Text() == t.Resource {
		return &t.read
	}
	room.Split(t.Resource)
	return room
}

// A Request is an action and its context. What is not given is absent: no
// clock is read and no key is invented, but for those that follow from the
// caller and the target (D.1).
type Request struct {
	// Action is "service:Name", without wildcards; compared without case (B-1).
	Action string
	// Context holds the condition context keys.
	Context Context
	// Endpoint is the policy of the VPC endpoint that the request passes; nil
	// where it passes none, or one with the default policy (E-4).
	Endpoint *Set
}

// Context is a list of context keys. Names compare without case (C-3). The
// same name twice makes the request invalid.
type Context []Key

// Index is the place of the key with this name, or -1.
func (c Context) Index(name string) int {
	for i := range c {
		if len(c[i].Name) == len(name) && fold.Equal(c[i].Name, name) { // most differ in length, and a call is saved
			return i
		}
	}
	return -1
}

// A Key is one context key of a request.
type Key struct {
	// Name of the key. One that ends in "/*" and is Unknown stands for all keys
	// that begin so and are not given: "aws:PrincipalTag/*" for all tags of the
	// principal that are not known.
	Name string
	// Values of the key; more than one makes it multivalued. A known key
	// without values counts as absent (C-20).
	Values []string
	State  State
}

// State says how much is known of a context key.
type State uint8

const (
	// Known: the key has exactly the given values. It is the zero State.
	Known State = iota
	// Present: the key exists, its value is not known. Values must be empty.
	Present
	// Unknown: the key may be present or absent. Values must be empty.
	Unknown
)

// A Tag is a key and a value on a principal or resource.
type Tag struct{ Key, Value string }

// An Organization is the AWS Organizations membership of an account.
type Organization struct {
	// ID as in aws:PrincipalOrgID: "o-a1b2c3d4e5".
	ID string
	// Paths as in aws:PrincipalOrgPaths: "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/".
	Paths []string
	// ManagementAccount is the id of the management account. SCPs do not bind
	// its principals, RCPs not its resources (E.2).
	ManagementAccount string
}

// clone is a copy that shares nothing with it; nil of nil.
func (o *Organization) clone() *Organization {
	if o == nil {
		return nil
	}
	own := *o
	own.Paths = slices.Clone(o.Paths)
	return &own
}
