package policy

import (
	"strconv"
	"strings"
)

// An Error is one fault of a document. It prints as
//
//	deployer.json:7:16: Statement[1].Action: message
//
// without the parts that it does not have. [errors.Is] finds it by its [Code]:
//
//	errors.Is(err, policy.ErrDuplicateKey)
type Error struct {
	// Source is the name of the document, as given to [Parse].
	Source string
	// Line and Column say where, both from 1, the column in characters. Both
	// are 0 where the document has no text or the fault no place in it.
	Line, Column int
	// Path names the element: "Statement[1].Condition.StringEquals.aws:username[0]".
	// Indexes count from 0; a list written as one value has none.
	Path string
	// Code says what kind of fault it is.
	Code Code
	// Message says in words what was found and what is allowed.
	Message string

	// subject is the text that AWS's own message repeats.
	subject string
}

// Code names a kind of fault. Codes are stable; they are errors so that
// [errors.Is] finds them in what [Parse] and [Document.Check] return.
type Code string

// Error is the code itself: "duplicate-key".
func (c Code) Error() string { return string(c) }

// Faults of the text.
const (
	ErrTooLarge Code = "too-large"
	ErrTooDeep  Code = "too-deep"
	ErrNotUTF8  Code = "not-utf8"
	ErrNotJSON  Code = "not-json"
)

// Faults of the grammar (A.1 to A.5, C).
const (
	ErrInvalidType                   Code = "invalid-type"
	ErrMixedTypes                    Code = "mixed-types"
	ErrDuplicateKey                  Code = "duplicate-key"
	ErrDuplicateKeyCase              Code = "duplicate-key-different-case" // (C-4)
	ErrUnknownElement                Code = "unknown-element"
	ErrInvalidVersion                Code = "invalid-version"
	ErrMissingStatement              Code = "missing-statement"
	ErrMissingEffect                 Code = "missing-effect"
	ErrInvalidEffect                 Code = "invalid-effect"
	ErrMissingAction                 Code = "missing-action"
	ErrUnsupportedElementCombination Code = "unsupported-element-combination"
	ErrMissingActionPrefix           Code = "missing-action-prefix"
	ErrInvalidActionPrefix           Code = "invalid-action-prefix"
	ErrInvalidAction                 Code = "invalid-action"
	ErrInvalidResource               Code = "invalid-resource"
	ErrMissingARNField               Code = "missing-arn-field"
	ErrInvalidPartition              Code = "invalid-partition"
	ErrInvalidARNRegion              Code = "invalid-arn-region"
	ErrInvalidARNResource            Code = "invalid-arn-resource"
	ErrInvalidPrincipal              Code = "invalid-principal"
	ErrInvalidPrincipalKey           Code = "invalid-principal-key"
	ErrPrincipalWildcard             Code = "principal-wildcard"
	ErrInvalidOperator               Code = "invalid-operator"
	ErrNullIfExists                  Code = "null-if-exists" // (C-21)
	ErrInvalidNull                   Code = "invalid-null"   // (L-11)
	ErrInvalidConditionKey           Code = "invalid-condition-key"
	ErrMissingBrace                  Code = "missing-brace-in-variable" // (C-48)
	ErrMissingQuote                  Code = "missing-quote-in-variable"
	ErrUnsupportedSpace              Code = "unsupported-space-in-variable"
	ErrEmptyVariable                 Code = "empty-variable"
	ErrVariableElement               Code = "variable-unsupported-in-element" // (C-41)
	ErrVariableOperator              Code = "invalid-variable-for-operator"
)

// Faults of a document of one [Kind] (A.6).
const (
	ErrInvalidKind             Code = "invalid-kind"
	ErrMissingPrincipal        Code = "missing-principal"
	ErrUnsupportedPrincipal    Code = "unsupported-principal"
	ErrUnsupportedElement      Code = "unsupported-element"
	ErrUnsupportedEffect       Code = "unsupported-effect"
	ErrUnsupportedAction       Code = "unsupported-action"
	ErrUnsupportedService      Code = "unsupported-service"
	ErrMissingResource         Code = "missing-resource"
	ErrUnsupportedResource     Code = "unsupported-resource"
	ErrInvalidID               Code = "invalid-id"
	ErrInvalidSid              Code = "invalid-sid"
	ErrDuplicateSid            Code = "duplicate-sid"
	ErrInvalidCharacter        Code = "invalid-character"
	ErrUnsupportedNotPrincipal Code = "unsupported-notprincipal"
)

// ErrInvalidPermission is a parameter that AddPermission refuses (F.1).
const ErrInvalidPermission Code = "invalid-permission"

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Source)
	if e.Line > 0 {
		if e.Source != "" {
			b.WriteByte(':')
		}
		b.WriteString(strconv.Itoa(e.Line))
		b.WriteByte(':')
		b.WriteString(strconv.Itoa(e.Column))
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	if e.Path != "" {
		b.WriteString(e.Path)
		b.WriteString(": ")
	}
	b.WriteString(e.Message)
	return b.String()
}

// Is reports whether target is the error's [Code].
func (e *Error) Is(target error) bool {
	code, ok := target.(Code)
	return ok && code == e.Code
}

// AWSMessage is the text with which IAM refuses a document with this fault, as
// far as it is known (A.8); "" where it is not. AWS does not document these
// texts.
func (e *Error) AWSMessage() string {
	switch e.Code {
	case ErrNotJSON, ErrInvalidVersion, ErrInvalidEffect, ErrMissingStatement, ErrUnsupportedElementCombination:
		return "Syntax errors in policy."
	case ErrUnsupportedPrincipal:
		return "Policy document should not specify a principal."
	case ErrMissingAction:
		return "Policy statement must contain actions."
	case ErrMissingResource:
		return "Policy statement must contain resources."
	case ErrDuplicateSid:
		return "Statement IDs (SID) in a single policy must be unique."
	case ErrMissingActionPrefix:
		return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
	case ErrInvalidActionPrefix:
		return "Vendor " + e.subject + " is not valid"
	case ErrInvalidResource:
		return "Resource " + e.subject + " must be in ARN format or \"*\"."
	case ErrMissingARNField:
		return "The policy failed legacy parsing"
	case ErrInvalidPartition:
		partition, _, _ := strings.Cut(strings.TrimPrefix(e.subject, "arn:"), ":")
		return "Partition \"" + partition + "\" is not valid for resource \"" + e.subject + "\"."
	case ErrInvalidARNRegion:
		return "IAM resource " + e.subject + " cannot contain region information."
	case ErrInvalidARNResource:
		return `IAM resource path must either be "*", root, or start with user/, federated-user/, role/, group/, instance-profile/, ` +
			`mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.`
	case ErrUnsupportedAction:
		return "AssumeRole policy may only specify STS AssumeRole actions."
	case ErrUnsupportedNotPrincipal:
		return "AssumeRole policy must not contain NotPrincipal field."
	case ErrUnsupportedResource:
		return "Has prohibited field Resource"
	}
	return ""
}

// Errors are all faults of one document, in the order of its text. [errors.Is]
// and [errors.As] look at each.
type Errors []*Error

// Error is one fault a line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, fault := range e {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives each fault.
func (e Errors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, fault := range e {
		errs[i] = fault
	}
	return errs
}
