package prove

import (
	"errors"
	"fmt"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// Policies are one side of a question: everything that decides about a
// principal's requests.
//
// With nothing but Resource, the caller's own policies are left open: the
// question is asked for callers whose own policies allow everything and for
// callers who have none, if that is so on both sides. Without Resource on either
// side, resource-based policies leave the
// decision to the caller's account, as those of most resources do.
//
// Documents are not changed. The zero Policies allow nothing.
type Policies struct {
	// Identity holds identity-based policies; their statements are ORed.
	Identity []*policy.Document
	// Boundary is the permissions boundary; nil: there is none.
	Boundary []*policy.Document
	// Session holds sets of session policies; each must allow.
	Session [][]*policy.Document
	// SCPs are the service control policies by level; each must allow. The
	// caller's account is taken to be a member and not the management account.
	SCPs [][]*policy.Document
	// Resource holds resource-based policies of the resource.
	Resource []*policy.Document
	// Owner is the account that owns the resource of Resource; "" leaves it open.
	// A resource with an account in its ARN is always that account's.
	Owner string
}

// Identity are policies of a user or role, and nothing else.
func Identity(documents ...*policy.Document) Policies { return Policies{Identity: documents} }

// Resource are policies of a resource, with the callers' own left open.
func Resource(documents ...*policy.Document) Policies { return Policies{Resource: documents} }

// isOpen reports whether the caller's own policies are left open.
func (p *Policies) isOpen() bool {
	return p.Identity == nil && p.Boundary == nil && len(p.Session) == 0 && len(p.SCPs) == 0 && p.Resource != nil
}

// attachment is a document and where it stands.
type attachment struct {
	document *policy.Document
	layer    policy.Layer
	level    int
	index    int // among the documents of its set
}

// attachments are all documents in a fixed order.
func (p *Policies) attachments() []attachment {
	var list []attachment
	add := func(layer policy.Layer, level int, documents []*policy.Document) {
		for i, d := range documents {
			list = append(list, attachment{d, layer, level, i})
		}
	}
	add(policy.IdentityLayer, 0, p.Identity)
	add(policy.BoundaryLayer, 0, p.Boundary)
	for i, set := range p.Session {
		add(policy.SessionLayer, i, set)
	}
	for i, set := range p.SCPs {
		add(policy.SCPLayer, i, set)
	}
	add(policy.ResourceLayer, 0, p.Resource)
	return list
}

// sets are the policies as the evaluator takes them.
type sets struct {
	identity, boundary, resource *evaluator.Set
	session, scps                []*evaluator.Set
}

// check checks each document against the kind of policy that it stands for, and
// reports the faults of all.
func (p *Policies) check() error {
	var faults []error
	all := func(kind policy.Kind, documents []*policy.Document) {
		for i, d := range documents {
			if d == nil {
				faults = append(faults, fmt.Errorf("%s policy %d: %w", kind, i, policy.ErrNoDocument))
			} else if err := d.Check(kind); err != nil {
				faults = append(faults, err)
			}
		}
	}
	all(policy.Identity, p.Identity)
	all(policy.Boundary, p.Boundary)
	for _, documents := range p.Session {
		all(policy.Session, documents)
	}
	for _, documents := range p.SCPs {
		all(policy.SCP, documents)
	}
	if !isTrust(p.Resource) {
		all(policy.Resource, p.Resource)
	}
	if p.Owner != "" && !arn.IsAccountID(p.Owner) {
		faults = append(faults, fmt.Errorf("owner %q is no account id of 12 digits", p.Owner))
	}
	return errors.Join(faults...)
}

// compile makes sets of documents that were checked.
func (p *Policies) compile() (*sets, error) {
	s := &sets{}
	var faults []error
	one := func(kind policy.Kind, documents []*policy.Document) *evaluator.Set {
		attached := make([]policy.Attached, len(documents))
		for i, d := range documents {
			attached[i].Document = d
		}
		set, err := evaluator.Compile(kind, attached...)
		if err != nil {
			faults = append(faults, err)
		}
		return set
	}
	if p.Identity != nil {
		s.identity = one(policy.Identity, p.Identity)
	}
	if p.Boundary != nil {
		s.boundary = one(policy.Boundary, p.Boundary)
	}
	for _, documents := range p.Session {
		s.session = append(s.session, one(policy.Session, documents))
	}
	for _, documents := range p.SCPs {
		s.scps = append(s.scps, one(policy.SCP, documents))
	}
	if p.Resource != nil {
		kind := policy.Resource
		if isTrust(p.Resource) {
			kind = policy.Trust
		}
		s.resource = one(kind, p.Resource)
	}
	return s, errors.Join(faults...)
}

// isTrust recognises the trust policies of roles: they have no Resource, and
// nothing but actions of sts (A.6).
func isTrust(documents []*policy.Document) bool {
	for _, d := range documents {
		if d == nil || d.Check(policy.Trust) != nil {
			return false
		}
	}
	return len(documents) > 0
}
