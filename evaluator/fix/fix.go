package fix

import (
	"context"
	"errors"
	"fmt"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// A Fix is what allows a denied request: all of its Changes together, or none
// at all and Reason why.
type Fix struct {
	// Decision is the denial.
	Decision evaluator.Decision
	// Principal, Action and Resource of the request, as error messages name them.
	Principal, Action, Resource string
	// Changes are needed together; with them the request is allowed. They come in
	// the order in which they were found to be needed: what denies explicitly
	// first, then the layers that must allow in the order in which a request
	// passes them. None where no policy can help.
	Changes []Change
	// Alternatives are context keys that the request could bring, each in the
	// place of some of the Changes.
	Alternatives []Alternative
	// Reason says why there are no Changes, Instead what to do; both are "" where
	// there are some.
	Reason, Instead string
}

// A Change is one change of one policy.
type Change struct {
	Kind Kind
	// Layer and Level say where the policy stands: Level is the level of service
	// or resource control policies, 0 the root, else the place in its list.
	Layer policy.Layer
	Level int
	// Policy, ARN and From name the policy as it was given; "" for a new one.
	Policy, ARN, From string
	// Statement is the index of the statement that is changed, or of the one that
	// is added, in Document.
	Statement int
	// Before is the statement as it was; nil for one that is added.
	Before *policy.Statement
	// After is the statement as it is to be. An exception may need up to five in
	// the place of the one; the first stands in its place, the others at the end.
	After []policy.Statement
	// Element and Value are what is added to a statement that is extended:
	// "Resource" and an ARN, or a context key and a value.
	Element, Value string
	// Document is the whole policy with this change and those before it.
	Document *policy.Document
	// Permission is the statement as a call of Lambda's AddPermission or
	// AddLayerVersionPermission makes it; nil where it is not made so.
	Permission policy.Grant
	// Owner is who can make the change, in words.
	Owner string
	// Proposal: somebody put the guard there on purpose, and must decide whether
	// to let this request pass.
	Proposal bool
	// Why the change is needed, in words.
	Why string
	// Beyond are further requests that the change would allow, in words, the
	// first few: it could not be made narrower. None is the rule.
	Beyond []string
	// Tried is how many other requests were tried.
	Tried int
	// Proved: it is proved for all requests that nothing else is allowed.
	Proved bool
}

// Kind is the kind of a [Change]. Kinds are stable.
type Kind string

const (
	AddStatement    Kind = "add-statement"    // to a policy that is there
	AddPolicy       Kind = "add-policy"       // with one statement
	ExtendStatement Kind = "extend-statement" // by one value
	ExceptFromDeny  Kind = "except-from-deny" // always a Proposal
)

// An Alternative is a context key that the request could bring.
type Alternative struct {
	Key evaluator.Key
	// Replaces are the Changes that are not needed then, by index.
	Replaces []int
	// How to bring it, in words.
	How string
}

// ErrNotDenied is in the chain of the error of [For] about a request that is
// not denied: allowed, open or invalid.
var ErrNotDenied = errors.New("the request is not denied")

// mostChanges bounds the search; no request has so many layers and Deny
// statements that apply.
const mostChanges = 200

// For finds the smallest change that allows a denied request and no more. The
// context bounds the time of proofs, see [Denied.Prover]; a fix is found
// without them too.
//
// The error wraps [ErrNotDenied] if the request is not denied, and
// [evaluator.ErrInvalidRequest] if it is none.
func For(ctx context.Context, d *Denied) (*Fix, error) {
	s := d.state()
	x := s.explain()
	if !x.Decision().Denied() {
		if err := x.Err(); err != nil {
			return nil, fmt.Errorf("fix: %w: %w", ErrNotDenied, err)
		}
		return nil, fmt.Errorf("fix: %w: it is %s", ErrNotDenied, x.Decision())
	}
	f := &Fix{Decision: x.Decision(), Principal: x.Principal(), Action: x.Action(), Resource: x.Resource()}
	q := newFinder(ctx, d, s)
	dead := s.forbidden()
	var edits []edit
	if dead == nil {
		edits, dead = q.search(s)
	}
	if dead != nil {
		f.Reason, f.Instead = dead.reason, dead.instead
		return f, nil
	}
	for i := range edits {
		f.Changes = append(f.Changes, edits[i].change)
	}
	f.Alternatives = q.alternatives(s, x, edits)
	return f, nil
}
