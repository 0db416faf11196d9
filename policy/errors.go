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
//	errors.Is(err, policy.Code("duplicate-key"))
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
// [errors.Is] finds them in what [Parse] and [Document.Check] return:
//
//	errors.Is(err, policy.Code("missing-effect"))
//
// Faults of the text:
//
//	too-large, too-deep, not-utf8, not-json, too-many-faults
//
// Faults of the grammar (A.1 to A.5, C):
//
//	invalid-type, mixed-types, duplicate-key, duplicate-key-different-case, unknown-element,
//	invalid-version, missing-statement, missing-effect, invalid-effect, missing-action,
//	unsupported-element-combination, missing-action-prefix, invalid-action-prefix, invalid-action,
//	invalid-resource, missing-arn-field, invalid-partition, invalid-arn-region,
//	invalid-arn-resource, invalid-principal, invalid-principal-key, principal-wildcard,
//	invalid-operator, null-if-exists, invalid-null, invalid-condition-key,
//	missing-brace-in-variable, missing-quote-in-variable, unsupported-space-in-variable,
//	empty-variable, variable-unsupported-in-element, invalid-variable-for-operator
//
// Faults of a document of one kind (A.6):
//
//	invalid-kind, missing-principal, unsupported-principal, unsupported-element, unsupported-effect,
//	unsupported-action, unsupported-service, missing-resource, unsupported-resource, invalid-id,
//	invalid-sid, duplicate-sid, invalid-character, unsupported-notprincipal
//
// AddPermission refuses a parameter with invalid-permission (F.1). The codes are
// those of IAM Access Analyzer where it has one.
type Code string

// Error is the code itself: "duplicate-key".
func (c Code) Error() string { return string(c) }

// Faults of the text.
const (
	codeTooLarge Code = "too-large"
	codeTooDeep  Code = "too-deep"
	codeNotUTF8  Code = "not-utf8"
	codeNotJSON  Code = "not-json"

	codeTooManyFaults Code = "too-many-faults" // beyond MaxFaults
)

// Faults of the grammar (A.1 to A.5, C).
const (
	codeInvalidType                   Code = "invalid-type"
	codeMixedTypes                    Code = "mixed-types"
	codeDuplicateKey                  Code = "duplicate-key"
	codeDuplicateKeyCase              Code = "duplicate-key-different-case" // (C-4)
	codeUnknownElement                Code = "unknown-element"
	codeInvalidVersion                Code = "invalid-version"
	codeMissingStatement              Code = "missing-statement"
	codeMissingEffect                 Code = "missing-effect"
	codeInvalidEffect                 Code = "invalid-effect"
	codeMissingAction                 Code = "missing-action"
	codeUnsupportedElementCombination Code = "unsupported-element-combination"
	codeMissingActionPrefix           Code = "missing-action-prefix"
	codeInvalidActionPrefix           Code = "invalid-action-prefix"
	codeInvalidAction                 Code = "invalid-action"
	codeInvalidResource               Code = "invalid-resource"
	codeMissingARNField               Code = "missing-arn-field"
	codeInvalidPartition              Code = "invalid-partition"
	codeInvalidARNRegion              Code = "invalid-arn-region"
	codeInvalidARNResource            Code = "invalid-arn-resource"
	codeInvalidPrincipal              Code = "invalid-principal"
	codeInvalidPrincipalKey           Code = "invalid-principal-key"
	codePrincipalWildcard             Code = "principal-wildcard"
	codeInvalidOperator               Code = "invalid-operator"
	codeNullIfExists                  Code = "null-if-exists" // (C-21)
	codeInvalidNull                   Code = "invalid-null"   // (L-11)
	codeInvalidConditionKey           Code = "invalid-condition-key"
	codeMissingBrace                  Code = "missing-brace-in-variable" // (C-48)
	codeMissingQuote                  Code = "missing-quote-in-variable"
	codeUnsupportedSpace              Code = "unsupported-space-in-variable"
	codeEmptyVariable                 Code = "empty-variable"
	codeVariableElement               Code = "variable-unsupported-in-element" // (C-41)
	codeVariableOperator              Code = "invalid-variable-for-operator"
)

// Faults of a document of one [Kind] (A.6).
const (
	codeInvalidKind             Code = "invalid-kind"
	codeMissingPrincipal        Code = "missing-principal"
	codeUnsupportedPrincipal    Code = "unsupported-principal"
	codeUnsupportedElement      Code = "unsupported-element"
	codeUnsupportedEffect       Code = "unsupported-effect"
	codeUnsupportedAction       Code = "unsupported-action"
	codeUnsupportedService      Code = "unsupported-service"
	codeMissingResource         Code = "missing-resource"
	codeUnsupportedResource     Code = "unsupported-resource"
	codeInvalidID               Code = "invalid-id"
	codeInvalidSid              Code = "invalid-sid"
	codeDuplicateSid            Code = "duplicate-sid"
	codeInvalidCharacter        Code = "invalid-character"
	codeUnsupportedNotPrincipal Code = "unsupported-notprincipal"
)

// codeInvalidPermission is a parameter that AddPermission refuses (F.1).
const codeInvalidPermission Code = "invalid-permission"

// Error is the fault with its place: source, line, column, path and message.
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
	case codeNotJSON, codeInvalidVersion, codeInvalidEffect, codeMissingStatement, codeUnsupportedElementCombination:
		return "Syntax errors in policy."
	case codeUnsupportedPrincipal:
		return "Policy document should not specify a principal."
	case codeMissingAction:
		return "Policy statement must contain actions."
	case codeMissingResource:
		return "Policy statement must contain resources."
	case codeDuplicateSid:
		return "Statement IDs (SID) in a single policy must be unique."
	case codeMissingActionPrefix:
		return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
	case codeInvalidActionPrefix:
		return "Vendor " + e.subject + " is not valid"
	case codeInvalidResource:
		return "Resource " + e.subject + " must be in ARN format or \"*\"."
	case codeMissingARNField:
		return "The policy failed legacy parsing"
	case codeInvalidPartition:
		partition, _, _ := strings.Cut(strings.TrimPrefix(e.subject, "arn:"), ":")
		return "Partition \"" + partition + "\" is not valid for resource \"" + e.subject + "\"."
	case codeInvalidARNRegion:
		return "IAM resource " + e.subject + " cannot contain region information."
	case codeInvalidARNResource:
		return `IAM resource path must either be "*", root, or start with user/, federated-user/, role/, group/, instance-profile/, ` +
			`mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.`
	case codeUnsupportedAction:
		return "AssumeRole policy may only specify STS AssumeRole actions."
	case codeUnsupportedNotPrincipal:
		return "AssumeRole policy must not contain NotPrincipal field."
	case codeUnsupportedResource:
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
