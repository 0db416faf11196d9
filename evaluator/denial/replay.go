package denial

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// Agreement is how our decision compares with AWS's.
type Agreement uint8

const (
	// Agrees: we deny too, and by the layer and in the way that AWS names, as far
	// as it names them.
	Agrees Agreement = iota + 1
	// DeniesOtherwise: we deny too, by another layer, or implicitly instead of
	// explicitly, or the other way round.
	DeniesOtherwise
	// Undecided: what is not known decides, or what was not given.
	Undecided
	// Allows: we allow what AWS denied. AWS knows something that we were not
	// told.
	Allows
)

var agreementNames = [...]string{Agrees: "agrees", DeniesOtherwise: "deniesOtherwise", Undecided: "undecided", Allows: "allows"}

// String is "agrees", "deniesOtherwise", "undecided" or "allows".
func (a Agreement) String() string {
	if int(a) < len(agreementNames) {
		return agreementNames[a]
	}
	return fmt.Sprintf("Agreement(%d)", int(a))
}

// MarshalText implements [encoding.TextMarshaler] with the spelling of String.
func (a Agreement) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// A Replayed is a denial and our answer to the same request. It owns its
// Explanation; Caller, Target and Request share the sets that [Replay] was given.
type Replayed struct {
	Agreement   Agreement
	Explanation *evaluator.Explanation
	// Caller, Target and Request are what was evaluated.
	Caller  evaluator.Caller
	Target  evaluator.Target
	Request evaluator.Request
	// Assumed lists the layers of which no policy was given, and which are taken
	// to allow the request, since AWS names another reason: identity, resource or
	// trust.
	Assumed []policy.Layer
	// Unknown lists what AWS knew and we were not told, and what could explain
	// the difference; the likeliest first. Where our decision agrees, it lists
	// only the context keys that could change it.
	Unknown []Unknown
}

// Unknown is something that AWS knew when it denied.
type Unknown struct {
	// Layer whose policies were not given, or not all; else NoLayer.
	Layer policy.Layer
	// Key is a context key that the policies ask for; else "".
	Key string
	// Text says it in words. It is free to change.
	Text string
}

// ErrOtherRequest: what was given for a replay is not what the denial is about.
var ErrOtherRequest = errors.New("the denial is about another request")

// Replay evaluates the denied request with the given policies, and compares the
// decision with AWS's. A layer without any policy does not deny where AWS names
// another reason: it is taken to allow, and Assumed has it. The caller, target and
// request hold the policies and what else is known: what they leave empty
// (principal, resource, action) is taken from the denial, and its context keys are
// added to those given, which win.
//
// Its error wraps [ErrNoCaller], [ErrNoAction] or [ErrNoResource] where neither
// denial nor arguments tell them; [ErrOtherRequest] where they contradict each
// other; and [evaluator.ErrInvalidRequest] where the request is none.
func Replay(e *evaluator.Engine, d *Denial, c evaluator.Caller, t evaluator.Target, r evaluator.Request) (*Replayed, error) {
	if err := d.complete(&c, &t, &r); err != nil {
		return nil, err
	}
	x := e.Explain(&c, &t, &r)
	if x.Decision().Outcome() == evaluator.Invalid {
		return nil, x.Err()
	}
	replayed := &Replayed{Explanation: x, Caller: c, Target: t, Request: r, Agreement: d.compare(x.Decision())}
	for replayed.assume() {
		replayed.Explanation = e.Explain(&replayed.Caller, &replayed.Target, &replayed.Request)
		if replayed.Agreement = d.compare(replayed.Explanation.Decision()); replayed.Agreement == Allows {
			replayed.Agreement = Undecided
		}
	}
	replayed.unknown(d)
	return replayed, nil
}

// complete fills in what the denial tells, and checks what is told twice.
func (d *Denial) complete(c *evaluator.Caller, t *evaluator.Target, r *evaluator.Request) error {
	var faults []error
	if reflect.ValueOf(c.Principal).IsZero() {
		caller, err := d.Caller()
		c.Principal = caller.Principal
		faults = append(faults, err)
	} else if err := c.Principal.Err(); err != nil {
		faults = append(faults, fmt.Errorf("%w: %w", ErrNoCaller, err))
	} else if d.Principal != "" && !agrees(d.Principal, c.Principal.String()) && !sameCaller(&c.Principal, d.Principal) {
		faults = append(faults, fmt.Errorf("%w: it names the caller %s, not %s", ErrOtherRequest, spelling.Quote(d.Principal), spelling.Quote(c.Principal.String())))
	}
	switch {
	case t.Unknown && d.Resource != "" && strings.HasPrefix(d.Resource, t.Resource):
		t.Resource, t.Unknown = d.Resource, false
	case t.Resource == "" && !t.Unknown:
		target, err := d.Target()
		t.Resource = target.Resource
		faults = append(faults, err)
	case d.Resource != "" && !agrees(d.Resource, t.Resource):
		faults = append(faults, fmt.Errorf("%w: it names the resource %s, not %s", ErrOtherRequest, spelling.Quote(d.Resource), spelling.Quote(t.Resource)))
	}
	if t.AsGiven == "" {
		t.AsGiven = d.ResourceAsGiven
	}
	switch {
	case r.Action == "":
		r.Action = d.Action
		if d.Action == "" {
			faults = append(faults, ErrNoAction)
		}
	case d.Action != "" && !fold.Equal(r.Action, d.Action):
		faults = append(faults, fmt.Errorf("%w: it names the action %s, not %s", ErrOtherRequest, spelling.Quote(d.Action), spelling.Quote(r.Action)))
	}
	keys := slices.Clone(r.Context)
	for _, key := range d.Context {
		if keys.Index(key.Name) < 0 {
			keys = append(keys, key)
		}
	}
	if name := "aws:RequestedRegion"; d.Region != "" && keys.Index(name) < 0 {
		keys = append(keys, evaluator.Key{Name: name, Values: []string{d.Region}})
	}
	r.Context = keys
	return errors.Join(faults...)
}

// sameCaller reports whether a principal is the one that a message names: a role
// stands for its sessions.
func sameCaller(p *evaluator.Principal, name string) bool {
	if p.String() == name {
		return true
	}
	session, err := arn.Parse(name)
	if err != nil {
		return false
	}
	role, _, isSession := session.AssumedRole()
	given, err := arn.Parse(p.String())
	return err == nil && isSession && p.Kind() == evaluator.RoleSession && given.Type() == "role" &&
		given.Account() == session.Account() && given.Name() == role
}

// compare compares AWS's decision with ours.
func (d *Denial) compare(ours evaluator.Decision) Agreement {
	explicit := ours.Outcome() == evaluator.ExplicitDeny
	switch {
	case ours.Allowed():
		return Allows
	case !ours.Denied():
		return Undecided
	case d.Explicit && !explicit, d.Implicit && explicit:
		return DeniesOtherwise
	case d.Layer != policy.NoLayer && d.Layer != ours.Layer():
		return DeniesOtherwise
	}
	return Agrees
}

// assume puts a policy that allows everything where none was given, if that alone
// makes our reason another than AWS's. It reports whether it did.
func (r *Replayed) assume() bool {
	ours := r.Explanation.Decision()
	layer := ours.Layer()
	switch {
	case r.Agreement != DeniesOtherwise || ours.Outcome() != evaluator.ImplicitDeny || r.given(layer):
		return false
	case slices.Contains(r.Assumed, layer):
		return false // it allows nothing: caller and resource are of two partitions
	}
	account := r.Caller.Principal.Account()
	statement := `"Action": "*", "Resource": "*"`
	switch {
	case layer == policy.IdentityLayer:
	case account == "":
		return false
	case layer == policy.ResourceLayer:
		statement += `, "Principal": {"AWS": "` + account + `"}`
	case layer == policy.TrustLayer:
		statement = `"Action": "sts:*", "Principal": {"AWS": "` + account + `"}`
	default:
		return false
	}
	document, err := policy.ParseString("not given", `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", `+statement+`}]}`)
	if err != nil {
		return false
	}
	sets := evaluator.SetsOf(&r.Caller, &r.Target, &r.Request)
	sets, err = sets.With(sets.Policies().With(layer.At(0), policy.Attach(document)...))
	if err != nil {
		return false
	}
	sets.Apply(&r.Caller, &r.Target, &r.Request)
	r.Assumed = append(r.Assumed, layer)
	return true
}

// unknown lists what could explain a difference: the keys come before the layers
// where a key decides, unless AWS names a layer of which no policy was given.
func (r *Replayed) unknown(d *Denial) {
	if r.Agreement == Undecided && (d.Layer == policy.NoLayer || r.given(d.Layer)) {
		r.keys()
		r.layers(d)
		return
	}
	if r.Agreement != Agrees {
		r.layers(d)
	}
	r.keys()
}

// keys lists the context keys that the policies ask for, with the values that
// would allow the request.
func (r *Replayed) keys() {
	alternatives, _ := r.Explanation.Residual()
	for _, key := range r.Explanation.Missing() {
		text := "the value of " + key + ", which the policies ask for"
		var asked []string
		for _, conditions := range alternatives {
			for _, c := range conditions {
				if one := c.Operator.String() + " " + strings.Join(c.Values, ", "); fold.Equal(c.Key, key) && !slices.Contains(asked, one) {
					asked = append(asked, one)
				}
			}
		}
		if asked != nil {
			text += ": " + strings.Join(asked, ", or ")
		}
		r.Unknown = append(r.Unknown, Unknown{Key: key, Text: text})
	}
}

// layers lists the layers that may have denied, in the order in which they are
// asked. An explicit deny is suspected first in further policies of the caller:
// of its groups, or such as force MFA.
func (r *Replayed) layers(d *Denial) {
	ours := r.Explanation.Decision().Layer()
	if d.Layer != policy.NoLayer {
		if d.Layer != ours && d.Layer != policy.RuleLayer {
			r.Unknown = append(r.Unknown, Unknown{Layer: d.Layer, Text: r.lacking(d)})
		}
		return
	}
	for _, l := range r.suspects(d) {
		switch {
		case !r.given(l):
			r.Unknown = append(r.Unknown, Unknown{Layer: l, Text: "whether there is " + l.Article() + " " + l.Noun() + ", and what it says: none was given"})
		case l == policy.IdentityLayer && d.Explicit && ours != l:
			r.Unknown = append(r.Unknown, Unknown{Layer: l, Text: "whether there are further identity-based policies with a Deny, of the caller or of its groups, such as one that demands MFA: those given have none that applies"})
		}
	}
}

// lacking says what of the layer that AWS names is missing.
func (r *Replayed) lacking(d *Denial) string {
	which := d.Layer.Noun()
	if d.PolicyARN != "" {
		which += " " + d.PolicyARN
	}
	switch {
	case !r.given(d.Layer):
		return "the " + which + " that AWS names: none was given"
	case d.Explicit:
		return "the " + which + " that AWS names: none of those given denies this"
	}
	return "the " + which + " that AWS names: those given allow this, so others apply, or the context differs"
}

// given reports whether policies of a layer were given.
func (r *Replayed) given(l policy.Layer) bool {
	return !slices.Contains(r.Assumed, l) && evaluator.SetsOf(&r.Caller, &r.Target, &r.Request).Policies().Has(l)
}

// suspects are the layers that can have denied the request, in the order in which
// they are named as not given: that in which AWS reports an explicit deny (E.7). A
// text that tells of one is mostly about a second identity-based policy.
func (r *Replayed) suspects(d *Denial) []policy.Layer {
	service, specific := r.service(), r.Target.Resource != "*"
	standing := law.Standing{Kind: r.Caller.Principal.Kind(), BeyondRCPs: !specific || !policy.RCPSupports(service)}
	var list []policy.Layer
	for l := range standing.Denies {
		switch l {
		case policy.EndpointLayer:
			if standing.Kind == law.ServicePrincipal || d.Form == FromEvent && !d.has("aws:SourceVpce") {
				continue
			}
		case policy.ResourceLayer:
			if service == "iam" || !specific {
				continue
			}
		case policy.SessionLayer:
			if !r.hasSession() {
				continue
			}
		}
		list = append(list, l)
	}
	if at := slices.Index(list, policy.IdentityLayer); at >= 0 && d.Explicit {
		list = slices.Insert(slices.Delete(list, at, at+1), 0, policy.IdentityLayer)
	}
	return list
}

// service is the service of the action.
func (r *Replayed) service() string {
	service, _, _ := strings.Cut(fold.String(r.Request.Action), ":")
	return service
}

// hasSession reports whether the caller is the session of a role or a federated
// user.
func (r *Replayed) hasSession() bool {
	kind := r.Caller.Principal.Kind()
	return kind == evaluator.RoleSession || kind == evaluator.FederatedUser
}
