package scenario

import (
	"encoding/json"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/policy"
)

// A Scenario is one request, the policies that may apply to it, and what is
// expected. It is plain data, as the JSON has it: nothing in it was derived.
type Scenario struct {
	// Name of the scenario; where the JSON has none, its place: "file.json:12".
	Name string
	// File, Line and Column say where the scenario was read; "" and 0 for one
	// built in Go. Lines and columns count from 1, columns in characters.
	File         string
	Line, Column int

	Request Request
	// Policies is the "policies" member. The Name of a policy is its file as the
	// scenario names it, the name given to it, the name that AWS gave it, or else
	// its place: "identity[0]". What From says does not matter. For an action that
	// assumes a role, policies of the resource are its trust policy.
	Policies policy.Policies
	// Resources are the policies of the resources of a call by their ARN: of
	// layers, keys, functions elsewhere, and the trust policies of roles, on
	// which preconditions depend. They are "resources" in the "policies" member.
	Resources map[string][]policy.Attached
	Options   evaluator.Options
	// NoDefaultContext says that the context is exactly what is written: the
	// option "defaultContext" is false.
	NoDefaultContext bool
	// NoCatalog says that names which the catalogue does not know are right: the
	// option "catalog" is false.
	NoCatalog bool
	// Want is what is expected; nil where nothing is.
	Want *Want
}

// A Request is the "request" member.
type Request struct {
	Principal Principal
	// Action is "service:Action"; "" where there is a Call.
	Action string
	// Resource is an ARN or "*"; "" where there is a Call.
	Resource string
	// ResourceAccount owns the resource; "": the account in the ARN, else the
	// caller's.
	ResourceAccount string
	// ResourceOrg is the organization of the owner; nil: none.
	ResourceOrg *evaluator.Organization
	// ResourceTags in the order of the document. In a call, nil says that they
	// are not known, and an empty list that there are none.
	ResourceTags []evaluator.Tag
	// ResourceUnknown: Resource is the beginning of an ARN, the rest is not
	// known.
	ResourceUnknown bool
	// ResourceAsGiven is how the caller wrote the resource.
	ResourceAsGiven string
	// Context in the order of the document.
	Context []ContextKey
	// Unknown are keys that may be present or absent, value not known.
	Unknown []string
	// Present are keys that exist with a value that is not known.
	Present []string
	// actions and resources stand in place of Action and Resource until the case
	// is multiplied by them.
	actions, resources []string
	// Call asks for an API call with every authorization that it needs, in the
	// place of Action and Resource; nil: there is none.
	Call *Call
}

// A Principal is the "principal" member, written as a string or an object.
type Principal struct {
	// ARN is an ARN, a service principal, the host of an identity provider, or
	// "anonymous".
	ARN string
	// Role is the ARN of a session's role, with its path; "": not known.
	Role string
	// ParentUser is the ARN of the user who called GetFederationToken; "": not
	// known.
	ParentUser string
	// UserID is the unique id of the user or role (AIDA…, AROA…); "": not known.
	UserID string
	// Tags of the user or role, and SessionTags, in the order of the document.
	Tags, SessionTags []evaluator.Tag
	// Org is the organization of the principal's account; nil: none.
	Org *evaluator.Organization
}

// A ContextKey is one member of the "context" object. Numbers keep the digits
// that were written, true is "true". A key without values counts as absent (C-20).
type ContextKey struct {
	Name   string
	Values []string
}

// A Call is one API call. What the request says of the resource is said of the
// one that the first authorization is about.
type Call struct {
	// Operation is "service:Operation", or the operation alone.
	Operation string
	// Parameters is the JSON object of the operation's parameters; nil: none.
	Parameters json.RawMessage
	// State is what AWS has stored and the parameters do not show.
	State apicall.State
	// Resources are the others that the call is about, in the order of the
	// document.
	Resources []CallResource
}

// A CallResource is what is known of one resource of a call.
type CallResource struct {
	ARN string
	// Account owns it; "": the account in the ARN, else the caller's.
	Account string
	// Org is the organization of the owner; nil: none is given.
	Org *evaluator.Organization
	// Tags in the order of the document; nil: not known.
	Tags []evaluator.Tag
}

// Want is the "want" member. What is nil is not asked for; all else must hold.
type Want struct {
	Decision *evaluator.Outcome
	// Denied wants a deny, explicit or implicit, in place of a Decision: "denied".
	Denied         bool
	DeniedBy       *policy.Layer
	Statements     []WantStatement
	Message        *string
	MissingContext []string
	// Action is the action of the authorization that decided a call.
	Action *string
	// Preconditions are the outcomes of a call's preconditions, in their order.
	Preconditions []evaluator.Outcome
}

// A WantStatement describes a statement that must be among those that decided.
// The lists must have the same length. What is nil is not asked for.
type WantStatement struct {
	Policy, Slot, Sid   *string
	Effect              *policy.Effect
	Index, Line, Column *int
}
