package engine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// NewEvaluation reads and checks a request. Where it is not well-formed, the
// decision says so.
func NewEvaluation(c *Caller, t *Target, r *Request, o *Options) (ev *Evaluation, d Decision, ok bool) {
	var a Action
	if d, ok := a.read(r); !ok {
		return nil, d, false
	}
	ev = new(Evaluation)
	d, ok = ev.begin(c, t, r, o, &a, t.split(new(pattern.Fields)), nil)
	return ev, d, ok
}

// begin fills an empty evaluation with a request whose action was read and whose
// context is sound, and finds what the rules ask of it again and again. Every
// evaluation begins here.
func (ev *Evaluation) begin(c *Caller, t *Target, r *Request, o *Options, a *Action, resource *pattern.Fields, table *contextTable) (Decision, bool) {
	// Field by field: a literal would be put together elsewhere and copied.
	ev.Caller, ev.Target, ev.Request, ev.Options, ev.Action, ev.Resource, ev.table = c, t, r, *o, *a, *resource, table
	return ev.relate()
}

// read parses the request's action, and checks the request as far as neither
// caller nor target matter.
func (a *Action) read(r *Request) (Decision, bool) {
	if !a.parse(r.Action) {
		return invalid(malformedAction, 0), false
	}
	if i, f := r.Context.fault(); f != noFault {
		return invalid(f, i), false
	}
	return Decision{}, true
}

// relate checks caller, target and policies, and finds how they stand to each
// other.
func (ev *Evaluation) relate() (Decision, bool) {
	if p := &ev.Caller.Principal; p.err != nil || p.kind == 0 {
		return invalid(invalidPrincipal, 0), false
	}
	ev.Kind, ev.ServiceLinked = ev.Caller.Principal.kind, ev.Caller.Principal.serviceLinked
	if !ev.findResource() {
		return invalid(malformedResource, 0), false
	}
	if identityOnly(ev.Caller, ev.Target, ev.Request) {
		if s := ev.Caller.Identity; s != nil {
			if s.kind != policy.Identity {
				return invalid(misplacedSet, int(policy.Identity)), false
			}
			ev.Given.Add(law.Identity)
		}
		ev.identityAlone = ev.SameAccount && !ev.OpenOwner && ev.Action.rules == otherService
		if ev.identityAlone {
			return Decision{}, true
		}
	} else if f, slot := ev.findSets(); f != noFault {
		return invalid(f, int(slot)), false
	}
	switch ev.Action.rules {
	case serviceIAM:
		ev.PassRole = ev.Action.is("iam:PassRole")
	case serviceSTS:
		if ev.resourceIs(law.Role) && law.AssumesRole(ev.Action.Text) {
			ev.Needs = policy.TrustLayer
		}
	case serviceKMS:
		if ev.resourceIs(law.KMSKey) {
			ev.Needs = policy.ResourceLayer
		}
	}
	if ev.Given.Has(law.RCP) {
		ev.ManagementResource = ev.Target.Organization.isManagedBy(ev.ResourceAccount)
		ev.BeyondRCPs = !policy.RCPSupports(ev.Action.Text[:ev.Action.Service])
		ev.RetireGrant = ev.Action.is("kms:RetireGrant")
		ev.AssumesLinked = ev.Needs == policy.TrustLayer && strings.HasPrefix(ev.Resource.Field(5), "role/aws-service-role/")
	}
	return Decision{}, true
}

// findResource reads the resource and who owns it: the account that the target
// names, else the one in the ARN, else the caller's.
func (ev *Evaluation) findResource() bool {
	text := ev.Target.Resource
	p := &ev.Caller.Principal
	ev.Partly = ev.Target.Unknown
	switch {
	case len(text) > arn.MaxLength:
		return false
	case text == "*" && !ev.Partly:
		ev.ResourceAccount = p.account
	case ev.Resource.IsARN() && ev.Resource.Field(1) != "" && ev.Resource.Field(2) != "":
		ev.ResourceAccount = law.Owner(ev.Resource.Field(4), p.account)
		ev.OtherPartition = p.signed() && !p.inPartition(text)
	case ev.Partly && strings.HasPrefix("arn:", text[:min(len(text), 4)]):
		ev.findOpenOwner()
	default:
		return false
	}
	if ev.Target.Account != "" {
		ev.ResourceAccount, ev.OpenOwner = ev.Target.Account, false
	}
	ev.SameAccount = !ev.OtherPartition && p.signed() && ev.ResourceAccount == p.account
	return true
}

// findOpenOwner reads who owns a resource of which only the beginning is known:
// another account or partition if the beginning tells, the caller's if nothing
// else is left; both are tried where that is open.
func (ev *Evaluation) findOpenOwner() {
	p, text := &ev.Caller.Principal, ev.Resource.Text()
	colons := strings.Count(text, ":") // a field is known that one ends
	partition, owner := ev.Resource.Field(1), ev.Resource.Field(4)
	ev.ResourceAccount = p.account
	switch {
	case colons >= 5:
		ev.ResourceAccount = law.Owner(owner, p.account)
	case law.MayBeOwn(owner, p.account):
		ev.OpenOwner = p.signed()
	default:
		ev.ResourceAccount = "" // some other account
	}
	ev.OtherPartition = p.signed() && (colons >= 2 && !p.inPartition(text) || colons == 1 && !strings.HasPrefix(p.partition, partition))
	ev.OpenOwner = ev.OpenOwner && !ev.OtherPartition
}

// findSets finds which layers have policies. It reports a set that is missing from
// a list, or of a kind that does not belong where it stands.
func (ev *Evaluation) findSets() (fault, policy.Kind) {
	c, t := ev.Caller, ev.Target
	if f := ev.findSet(law.Identity, c.Identity, policy.Identity); f != noFault {
		return f, policy.Identity
	}
	if f := ev.findSet(law.Boundary, c.Boundary, policy.Boundary); f != noFault {
		return f, policy.Boundary
	}
	if f := ev.findSet(law.Endpoint, ev.Request.Endpoint, policy.Endpoint); f != noFault {
		return f, policy.Endpoint
	}
	for _, s := range c.Session {
		ev.Given.Add(law.Session)
		if f := s.faultAs(policy.Session); f != noFault {
			return f, policy.Session
		}
	}
	if len(c.SCPs) > 0 {
		ev.Given.Add(law.SCP)
		ev.ManagementCaller = c.Principal.organization.isManagedBy(c.Principal.account)
	}
	for _, s := range c.SCPs {
		if f := s.faultAs(policy.SCP); f != noFault {
			return f, policy.SCP
		}
	}
	for _, s := range t.RCPs {
		ev.Given.Add(law.RCP)
		if f := s.faultAs(policy.RCP); f != noFault {
			return f, policy.RCP
		}
	}
	for _, s := range t.Policies {
		ev.Given.Add(law.Resource)
		if f := s.faultAs(policy.Resource); f != noFault && (s == nil || s.kind != policy.Trust) {
			return f, policy.Resource
		}
	}
	return noFault, 0
}

// findSet finds the one set of a layer, if there is one.
func (ev *Evaluation) findSet(p law.Place, s *Set, kind policy.Kind) fault {
	if s == nil {
		return noFault
	}
	ev.Given.Add(p)
	return s.faultAs(kind)
}

// faultAs is what is wrong with a set where one of a kind belongs.
func (s *Set) faultAs(kind policy.Kind) fault {
	switch {
	case s == nil:
		return missingSet
	case s.kind != kind:
		return misplacedSet
	}
	return noFault
}

// resourceIs: the resource is one of the type, or may turn out to be.
func (ev *Evaluation) resourceIs(t law.ResourceType) bool {
	field := ev.Resource.Field(5)
	if !ev.Partly {
		return ev.Resource.Field(2) == t.Service && strings.HasPrefix(field, t.Begins)
	}
	known := strings.Count(ev.Resource.Text(), ":") > 2
	return (!known || ev.Resource.Field(2) == t.Service) && (strings.HasPrefix(field, t.Begins) || strings.HasPrefix(t.Begins, field))
}

// fault is what makes a request none.
type fault uint8

const (
	noFault fault = iota
	malformedAction
	malformedResource
	invalidPrincipal
	unnamedKey
	repeatedKey
	valuedKey
	missingSet
	misplacedSet
)

// fault finds a context key that makes the request ill-formed.
func (c Context) fault() (int, fault) {
	for i := range c {
		switch {
		case c[i].Name == "":
			return i, unnamedKey
		case c[i].State != Known && len(c[i].Values) > 0:
			return i, valuedKey
		}
	}
	switch {
	case c.fitsTable():
		var t contextTable
		if i, ok := t.fill(c); !ok {
			return i, repeatedKey
		}
		return 0, noFault
	case len(c) > mostKeys:
		return c.repeated()
	}
	for i := range c {
		for j := range i {
			if fold.Equal(c[j].Name, c[i].Name) {
				return i, repeatedKey
			}
		}
	}
	return 0, noFault
}

// repeated finds a repeated name among more keys than a request of AWS has; it
// allocates.
func (c Context) repeated() (int, fault) {
	var names interner
	for i := range c {
		hash := hashFold(c[i].Name)
		if _, ok := names.find(hash, func(n uint32) bool { return fold.Equal(c[n].Name, c[i].Name) }); ok {
			return i, repeatedKey
		}
		names.add(hash)
	}
	return 0, noFault
}

// ErrInvalidRequest is in the chain of every error about a request that is not
// well-formed.
var ErrInvalidRequest = errors.New("invalid request")

// err says what is wrong with the request.
func (d Decision) err(c *Caller, t *Target, r *Request) error {
	var why error
	switch d.fault() {
	case malformedAction:
		why = fmt.Errorf("action %s is not one service:Name without wildcards", spelling.Quote(r.Action))
	case malformedResource:
		why = fmt.Errorf("resource %s is neither an ARN nor *", spelling.Quote(t.Resource))
	case invalidPrincipal:
		why = c.Principal.Err()
	case unnamedKey:
		why = fmt.Errorf("context key %d has no name", d.at())
	case repeatedKey:
		why = fmt.Errorf("context key %s is given twice", spelling.Quote(r.Context[d.at()].Name))
	case missingSet:
		why = fmt.Errorf("a set of the %s policies is nil: a policy that is not known is not the same as none", policy.Kind(d.at()))
	case misplacedSet:
		why = fmt.Errorf("a set of another kind stands where %s policies belong", policy.Kind(d.at()))
	case valuedKey:
		why = fmt.Errorf("context key %s has values and is not known", spelling.Quote(r.Context[d.at()].Name))
	default:
		return nil
	}
	return fmt.Errorf("%w: %w", ErrInvalidRequest, why)
}
