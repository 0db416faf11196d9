package apicall

import (
	"fmt"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/spelling"
)

// A Plan is all that a call needs.
type Plan struct {
	// Operation is "service:Operation".
	Operation string
	// Authorizations in the order in which AWS's documents list them. Each must
	// be allowed, but for those whose Effect says otherwise.
	Authorizations []Authorization
	// Preconditions are no authorizations of the caller; without them the call
	// fails all the same.
	Preconditions []Precondition
	// Missing are the required parameters that a [Call.Partial] call lacks.
	Missing []string
	// Context and Endpoint are those of the Call.
	Context  evaluator.Context
	Endpoint *evaluator.Set
	// Note is what else is known of the operation; "" for nothing.
	Note string
}

// An Authorization is one action on one resource that a call needs.
type Authorization struct {
	Action string
	// Resource is an ARN or "*".
	Resource string
	// Unknown: Resource is the beginning of an ARN, and neither the parameters nor
	// the state show the rest.
	Unknown bool
	// Rest is the state that would show it, Parameter the parameter of a
	// [Call.Partial] call; both are "" unless Unknown.
	Rest      Lookup
	Parameter string
	// Context keys that exist for this authorization, beside those of the caller
	// and of the whole request. One whose value the call does not show is
	// [evaluator.Present] or [evaluator.Unknown], and the whole request may give it.
	Context evaluator.Context
	// Anonymous: the caller's credentials are not looked at, whoever calls (F-22).
	Anonymous bool

	// Types of resource that Resource can be, as the Service Authorization
	// Reference names them; nil for "*".
	Types []string
	// ResourceTags: the resource's tags are context keys of the authorization.
	ResourceTags bool
	// Open are prefixes of context keys that AWS may set and that neither the
	// parameters nor the state show: "s3:", "aws:RequestTag/". What a policy asks
	// of them is not known. "provider" stands for the keys of the identity
	// provider, whoever that is, and "provider:sub" for one of them.
	Open []string
	// Absent are context keys that the action has and this call has not; the
	// context of the whole request cannot give them. One that ends in a slash
	// stands for all that begin so.
	Absent []string
	// AsGiven is how the parameters name the function; "" where they have its ARN.
	AsGiven string

	Effect Effect
	// When says when a [Possible] authorization is asked for: "if …".
	When string
	// Lookup is the state that would settle a [Possible] authorization; "" where
	// none would.
	Lookup Lookup
	// Forwarded: not the service that is called asks, but another, with the
	// caller's credentials.
	Forwarded bool

	// Confidence in the action and in the resource, whichever is less.
	Confidence Confidence
	// Doubts are context keys whose value is less than certain.
	Doubts []Doubt
	// Observed is a resource that users saw in error messages in the place of
	// Resource; "": none.
	Observed string
	// Note is what else is known; "" for nothing.
	Note string
	// Source is where it is known from.
	Source string

	tagged  []string          // prefixes of keys that the resource's tags have beside
	lookups map[string]Lookup // what would tell a key that is not known
}

// A Doubt is a context key whose value is less than certain.
type Doubt struct {
	Key        string
	Confidence Confidence
}

// Effect is what follows where an authorization is not allowed.
type Effect uint8

const (
	// Required: the call fails. It is the zero Effect.
	Required Effect = iota
	// ResponseOnly: the call succeeds with less in its answer.
	ResponseOnly
	// Possible: the call fails if the authorization is asked for at all, which
	// the parameters do not show, or are not known; see Authorization.When.
	Possible
)

var effects = []string{"required", "responseOnly", "possible"}

// String is "required", "responseOnly" or "possible".
func (e Effect) String() string {
	if int(e) < len(effects) {
		return effects[e]
	}
	return fmt.Sprintf("Effect(%d)", uint8(e))
}

// Confidence is how certain a fact is.
type Confidence uint8

const (
	// High: AWS documents it. It is the zero Confidence.
	High Confidence = iota
	// Medium: implied by documents, or seen often.
	Medium
	// Low: documents are silent or contradict each other.
	Low
)

var confidences = []string{"high", "medium", "low"}

// String is "high", "medium" or "low".
func (c Confidence) String() string {
	if int(c) < len(confidences) {
		return confidences[c]
	}
	return fmt.Sprintf("Confidence(%d)", uint8(c))
}

// A Precondition is something that must be allowed to a service, not to the
// caller (G-8).
type Precondition struct {
	// Principal is the service: "lambda.amazonaws.com".
	Principal string
	Action    string
	// Resource is the ARN of a role or a key, whose policy decides.
	Resource string
	// ErrorCode and Message are how AWS says that it is not met; "": not known.
	ErrorCode, Message string
	Confidence         Confidence
	Source             string
}

// Plan lists all that the call needs. Its errors wrap [ErrUnknownOperation],
// [ErrParameter] or [ErrState]; several faults are joined.
func (c Call) Plan(o evaluator.Options) (*Plan, error) {
	t, err := operations()
	if err != nil {
		return nil, err
	}
	op, near := t.find(c.Operation)
	if op == nil {
		return nil, fmt.Errorf("%w: %s%s", ErrUnknownOperation, spelling.Quote(c.Operation), near)
	}
	if i := c.Context.Index("aws:RequestedRegion"); c.Defaults.Region == "" && i >= 0 && len(c.Context[i].Values) == 1 {
		c.Defaults.Region = c.Context[i].Values[0]
	}
	r := reader{table: t, operation: op, call: &c}
	r.read()
	p := &Plan{Operation: op.name, Note: op.note, Missing: r.missing, Context: c.Context, Endpoint: c.Endpoint}
	if r.faults == nil {
		for i := range op.rows {
			p.Authorizations = append(p.Authorizations, r.authorizations(&op.rows[i], o)...)
		}
		for i := range op.preconditions {
			p.Preconditions = append(p.Preconditions, r.preconditions(&op.preconditions[i])...)
		}
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	return p, nil
}
