package evaluator

import (
	"errors"
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// prepare checks the request and finds what the rules ask of it again and
// again. Where it is no request, the decision says so.
func (ev *evaluation) prepare() (Decision, bool) {
	if d, ok := ev.action.read(ev.request); !ok {
		return d, false
	}
	return ev.meet()
}

// read parses the request's action, and checks the request as far as neither
// caller nor target matter.
func (a *action) read(r *Request) (Decision, bool) {
	if !a.parse(r.Action) {
		return invalid(malformedAction, 0), false
	}
	if i, f := r.Context.fault(); f != noFault {
		return invalid(f, i), false
	}
	return Decision{}, true
}

// meet is what remains to prepare when caller and target are known.
func (ev *evaluation) meet() (Decision, bool) {
	if p := &ev.caller.Principal; p.err != nil || p.kind == 0 {
		return invalid(invalidPrincipal, 0), false
	}
	if !ev.findResource() {
		return invalid(malformedResource, 0), false
	}
	if identityOnly(ev.caller, ev.target, ev.request) {
		if s := ev.caller.Identity; s != nil && s.kind != policy.Identity {
			return invalid(misplacedSet, int(policy.Identity)), false
		}
		ev.identityAlone = ev.sameAccount && !ev.openOwner && ev.action.rules == otherService
		if ev.identityAlone {
			return Decision{}, true
		}
	} else if f, slot := ev.setFault(); f != noFault {
		return invalid(f, int(slot)), false
	}
	switch ev.action.rules {
	case serviceIAM:
		ev.passRole = ev.action.is("iam:PassRole")
	case serviceSTS:
		if ev.resourceIs("iam", "role/") && law.AssumesRole(ev.action.text) {
			ev.needsPolicy = policy.TrustLayer
		}
	case serviceKMS:
		if ev.resourceIs("kms", "key/") {
			ev.needsPolicy = policy.ResourceLayer
		}
	}
	return Decision{}, true
}

// findResource reads the resource and who owns it: the account that the target
// names, else the one in the ARN, else the caller's.
func (ev *evaluation) findResource() bool {
	text := ev.target.Resource
	p := &ev.caller.Principal
	ev.partly = ev.target.Unknown
	switch {
	case len(text) > arn.MaxLength:
		return false
	case text == "*" && !ev.partly:
		ev.resourceAccount = p.account
	case ev.resource.IsARN() && ev.resource.Field(1) != "" && ev.resource.Field(2) != "":
		ev.resourceAccount = law.Owner(ev.resource.Field(4), p.account)
		ev.otherPartition = p.signed() && !p.inPartition(text)
	case ev.partly && strings.HasPrefix("arn:", text[:min(len(text), 4)]):
		ev.findOpenOwner()
	default:
		return false
	}
	if ev.target.Account != "" {
		ev.resourceAccount, ev.openOwner = ev.target.Account, false
	}
	ev.sameAccount = !ev.otherPartition && p.signed() && ev.resourceAccount == p.account
	return true
}

// findOpenOwner reads who owns a resource of which only the beginning is known:
// another account or partition if the beginning tells, the caller's if nothing
// else is left; both are tried where that is open.
func (ev *evaluation) findOpenOwner() {
	p, text := &ev.caller.Principal, ev.resource.Text()
	colons := strings.Count(text, ":") // a field is known that one ends
	partition, owner := ev.resource.Field(1), ev.resource.Field(4)
	ev.resourceAccount = p.account
	switch {
	case colons >= 5:
		ev.resourceAccount = law.Owner(owner, p.account)
	case law.MayBeOwn(owner, p.account):
		ev.openOwner = p.signed()
	default:
		ev.resourceAccount = "" // some other account
	}
	ev.otherPartition = p.signed() && (colons >= 2 && !p.inPartition(text) || colons == 1 && !strings.HasPrefix(p.partition, partition))
	ev.openOwner = ev.openOwner && !ev.otherPartition
}

// setFault finds a set that is missing from a list, or of a kind that does not
// belong where it stands.
func (ev *evaluation) setFault() (fault, policy.Kind) {
	c, t := ev.caller, ev.target
	if f := c.Identity.faultAs(policy.Identity); f == misplacedSet {
		return f, policy.Identity
	}
	if f := c.Boundary.faultAs(policy.Boundary); f == misplacedSet {
		return f, policy.Boundary
	}
	if f := ev.request.Endpoint.faultAs(policy.Endpoint); f == misplacedSet {
		return f, policy.Endpoint
	}
	for _, s := range c.Session {
		if f := s.faultAs(policy.Session); f != noFault {
			return f, policy.Session
		}
	}
	for _, s := range c.SCPs {
		if f := s.faultAs(policy.SCP); f != noFault {
			return f, policy.SCP
		}
	}
	for _, s := range t.RCPs {
		if f := s.faultAs(policy.RCP); f != noFault {
			return f, policy.RCP
		}
	}
	for _, s := range t.Policies {
		if f := s.faultAs(policy.Resource); f != noFault && (s == nil || s.kind != policy.Trust) {
			return f, policy.Resource
		}
	}
	return noFault, 0
}

func (s *Set) faultAs(kind policy.Kind) fault {
	switch {
	case s == nil:
		return missingSet
	case s.kind != kind:
		return misplacedSet
	}
	return noFault
}

// resourceIs: the resource is one of the service whose last field begins so, or
// may turn out to be.
func (ev *evaluation) resourceIs(service, begins string) bool {
	field := ev.resource.Field(5)
	if !ev.partly {
		return ev.resource.Field(2) == service && strings.HasPrefix(field, begins)
	}
	known := strings.Count(ev.resource.Text(), ":") > 2
	return (!known || ev.resource.Field(2) == service) && (strings.HasPrefix(field, begins) || strings.HasPrefix(begins, field))
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
