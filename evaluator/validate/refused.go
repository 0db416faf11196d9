package validate

import (
	"errors"
	"strings"

	"github.com/iamsim/iamsim/policy"
)

// Refused gives what IAM refuses in a document of a kind as findings: the errors
// of [policy.Parse], [policy.Document.Check] and package policy/read. The zero
// Kind is any. It is nil for an error that is not of a document.
func Refused(err error, kind policy.Kind) []Finding {
	var faults policy.Errors
	if !errors.As(err, &faults) {
		return nil
	}
	list := make([]Finding, len(faults))
	for i, fault := range faults {
		code := refusedAs(fault, kind)
		list[i] = Finding{
			Type: typeOf(code), Code: code, Message: fault.Message, Source: fault.Source, Path: fault.Path,
			From: policy.Mark{Line: fault.Line, Column: fault.Column},
		}
	}
	return list
}

// refused adds what IAM refuses.
func (c *checker) refused(err error) {
	if err == nil {
		return
	}
	for _, f := range Refused(err, c.kind) {
		c.found = append(c.found, found{Finding: f})
	}
}

// refusals are the codes of Access Analyzer for the faults of package policy.
var refusals = [...]struct {
	fault policy.Code
	code  string
}{
	{"not-json", "JSON_SYNTAX_ERROR"},
	{"not-utf8", "JSON_SYNTAX_ERROR"},
	{"too-deep", "JSON_SYNTAX_ERROR"},
	{"not-decoded", "JSON_SYNTAX_ERROR"},
	{"not-yaml", "JSON_SYNTAX_ERROR"},
	{"no-policy", "MISSING_STATEMENT"},
	{"not-a-policy", "JSON_SYNTAX_ERROR"},
	{"too-large", "DOCUMENT_TOO_LARGE"},
	{"too-many-faults", "TOO_MANY_FAULTS"},
	{"invalid-type", "DATA_TYPE_MISMATCH"},
	{"mixed-types", "INVALID_CONDITION_DATA_TYPE"},
	{"invalid-null", "INVALID_CONDITION_DATA_TYPE"},
	{"duplicate-key", "DUPLICATE_KEY"},
	{"duplicate-key-different-case", "DUPLICATE_KEYS_WITH_DIFFERENT_CASE"},
	{"unknown-element", "INVALID_POLICY_ELEMENT"},
	{"unsupported-element", "INVALID_POLICY_ELEMENT"},
	{"invalid-id", "INVALID_POLICY_ELEMENT"},
	{"invalid-version", "INVALID_VERSION"},
	{"missing-statement", "MISSING_STATEMENT"},
	{"missing-effect", "MISSING_EFFECT"},
	{"invalid-effect", "INVALID_EFFECT"},
	{"unsupported-effect", "INVALID_EFFECT"},
	{"missing-action", "MISSING_ACTION"},
	{"unsupported-element-combination", "UNSUPPORTED_ELEMENT_COMBINATION"},
	{"missing-action-prefix", "INVALID_ACTION"},
	{"invalid-action", "INVALID_ACTION"},
	{"invalid-action-prefix", "INVALID_SERVICE_IN_ACTION"},
	{"unsupported-action", "UNSUPPORTED_ACTION_IN_POLICY"},
	{"unsupported-service", "UNSUPPORTED_ACTION_IN_POLICY"},
	{"missing-resource", "MISSING_RESOURCE"},
	{"unsupported-resource", "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE"},
	{"invalid-resource", "INVALID_ARN_PREFIX"},
	{"missing-arn-field", "MISSING_ARN_FIELD"},
	{"invalid-partition", "INVALID_PARTITION"},
	{"invalid-arn-region", "ARN_REGION_NOT_ALLOWED"},
	{"invalid-arn-resource", "INVALID_ARN_RESOURCE"},
	{"missing-principal", "MISSING_PRINCIPAL"},
	{"unsupported-principal", "UNSUPPORTED_PRINCIPAL"},
	{"unsupported-notprincipal", "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL"},
	{"invalid-principal", "INVALID_PRINCIPAL_FORMAT"},
	{"invalid-principal-key", "INVALID_PRINCIPAL_KEY"},
	{"principal-wildcard", "UNSUPPORTED_WILDCARD_IN_PRINCIPAL"},
	{"invalid-operator", "INVALID_CONDITION_OPERATOR"},
	{"null-if-exists", "NULL_WITH_IF_EXISTS"},
	{"invalid-condition-key", "INVALID_CONDITION_KEY_FORMAT"},
	{"missing-brace-in-variable", "MISSING_BRACE_IN_VARIABLE"},
	{"missing-quote-in-variable", "MISSING_QUOTE_IN_VARIABLE"},
	{"unsupported-space-in-variable", "UNSUPPORTED_SPACE_IN_VARIABLE"},
	{"empty-variable", "EMPTY_VARIABLE"},
	{"variable-unsupported-in-element", "VARIABLE_UNSUPPORTED_IN_ELEMENT"},
	{"invalid-variable-for-operator", "INVALID_VARIABLE_FOR_OPERATOR"},
	{"invalid-sid", "UNSUPPORTED_SID"},
	{"duplicate-sid", "UNIQUE_SIDS_REQUIRED"},
	{"invalid-character", "UNSUPPORTED_CHARACTER"},
	{"invalid-kind", "INVALID_KIND"},
}

// refusedAs is the code of a fault. Some depend on the kind of policy.
func refusedAs(fault *policy.Error, kind policy.Kind) string {
	switch {
	case fault.Code == "unsupported-principal" && kind == policy.SCP:
		return "SCP_SYNTAX_ERROR_PRINCIPAL"
	case fault.Code == "invalid-principal" && kind == policy.Trust && strings.Contains(fault.Path, ".Federated"):
		return "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY"
	case fault.Code == "invalid-principal" && strings.Contains(fault.Path, ".Service"):
		return "INVALID_SERVICE_PRINCIPAL_FORMAT"
	}
	for _, r := range refusals {
		if r.fault == fault.Code {
			return r.code
		}
	}
	return "JSON_SYNTAX_ERROR"
}
