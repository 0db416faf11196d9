package evaluator

// A Diagnostic is what a reader should know beside a decision: that it hangs on
// something AWS does not document, or that the request is one AWS would never
// see.
type Diagnostic struct {
	Code       DiagnosticCode
	Subject    string // the action, resource, context key or policy that it is about
	Suggestion string // what to write instead of the subject; "" for nothing sure
	Message    string // for people; free to change
}

// String is the message.
func (d Diagnostic) String() string { return d.Message }

// DiagnosticCode tells diagnostics apart. Codes are stable.
type DiagnosticCode string

// Diagnostics of decisions.
const (
	UndocumentedRule     DiagnosticCode = "undocumented-rule"      // another reading of a rule decides otherwise
	FixedRule            DiagnosticCode = "fixed-rule"             // no policy has a say
	UnusedPolicies       DiagnosticCode = "unused-policies"        // given and without a say for this principal
	ValueNotKnown        DiagnosticCode = "value-not-known"        // a key exists, and its value decides
	RolePathNotKnown     DiagnosticCode = "role-path-not-known"    // of a role session
	MissingQualifier     DiagnosticCode = "missing-qualifier"      // several values tested without set operator
	AmbiguousTag         DiagnosticCode = "ambiguous-tag"          // tags that differ only in case
	UnusedContextKey     DiagnosticCode = "unused-context-key"     // the action does not carry it
	OverridingContextKey DiagnosticCode = "overriding-context-key" // given, and not what follows
)

// Diagnostics by an engine's catalogue, see [Engine.Check].
const (
	UnknownAction         DiagnosticCode = "unknown-action"          // no service defines it
	ResourceTypeMismatch  DiagnosticCode = "resource-type-mismatch"  // fits none of the action's resource types
	ResourceRequired      DiagnosticCode = "resource-required"       // "*" where the action is asked for on an ARN
	ResourceNotSupported  DiagnosticCode = "resource-not-supported"  // an ARN where the action is asked for on "*"
	UnknownContextKey     DiagnosticCode = "unknown-context-key"     // no service defines it
	ContextKeyNotCarried  DiagnosticCode = "context-key-not-carried" // requests for the action never have it
	InvalidContextValue   DiagnosticCode = "invalid-context-value"   // not of the key's type
	SeveralContextValues  DiagnosticCode = "several-context-values"  // of a single-valued key
	UnknownPolicyAction   DiagnosticCode = "unknown-policy-action"   // an Action pattern that matches none
	UnknownPolicyContext  DiagnosticCode = "unknown-policy-context"  // a Condition on a key that no service defines
	MismatchedPolicyValue DiagnosticCode = "mismatched-policy-value" // a Condition whose operator is not for the key's type
)
