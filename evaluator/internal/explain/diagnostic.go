package explain

// A Diagnostic is what a reader should know beside a decision: that it hangs on
// something AWS does not document, or that the request is one AWS would never
// see.
type Diagnostic struct {
	Code       string // of those below; stable
	Subject    string // the action, resource, context key or policy that it is about
	Suggestion string // what to write instead of the subject; "" for nothing sure
	Message    string // for people; free to change
}

// String is the message.
func (d Diagnostic) String() string { return d.Message }

// Codes of diagnostics of decisions. They are part of the JSON contract, and
// stable.
const (
	UndocumentedRule     = "undocumented-rule"      // another reading of a rule decides otherwise
	FixedRule            = "fixed-rule"             // no policy has a say
	UnusedPolicies       = "unused-policies"        // given and without a say for this principal
	ValueNotKnown        = "value-not-known"        // a key exists, and its value decides
	RolePathNotKnown     = "role-path-not-known"    // of a role session
	MissingQualifier     = "missing-qualifier"      // several values tested without set operator
	AmbiguousTag         = "ambiguous-tag"          // tags that differ only in case
	UnusedContextKey     = "unused-context-key"     // the action does not carry it
	OverridingContextKey = "overriding-context-key" // given, and not what follows
)

// Codes of diagnostics by an engine's catalogue, see [Check].
const (
	UnknownAction         = "unknown-action"                   // no service defines it
	ResourceTypeMismatch  = "resource-type-mismatch"           // fits none of the action's resource types
	ResourceRequired      = "resource-required"                // "*" where the action is asked for on an ARN
	ResourceNotSupported  = "resource-not-supported"           // an ARN where the action is asked for on "*"
	UnknownContextKey     = "unknown-context-key"              // no service defines it
	ContextKeyNotCarried  = "context-key-not-carried"          // requests for the action never have it
	InvalidContextValue   = "invalid-context-value"            // not of the key's type
	SeveralContextValues  = "several-context-values"           // of a single-valued key
	UnknownPolicyAction   = "unknown-policy-action"            // an Action pattern that matches none
	PolicyResourceOfOther = "policy-resource-of-other-service" // a Resource of a service that none of the statement's actions works on
	UnknownPolicyContext  = "unknown-policy-context"           // a Condition on a key that no service defines
	MismatchedPolicyValue = "mismatched-policy-value"          // a Condition whose operator is not for the key's type
)
