package policy

import "fmt"

// A ServiceAction is an action as the service that owns it defines it. What a
// catalogue answers is shared: change nothing in it.
type ServiceAction struct {
	Name  string // as AWS spells it: "lambda:GetFunction"
	Level AccessLevel
	// PermissionOnly says that no API operation stands for the action: others
	// check it on their way, as lambda:CreateFunction does iam:PassRole. It is
	// known for the services lambda, iam and sts, and false elsewhere.
	PermissionOnly bool
	Resources      []ActionResource // none: the action is asked for on "*" (B-14)
	Keys           []*ConditionKey  // of the action itself; each resource type has its own beside
}

// An ActionResource is a type of resource that an action works on.
type ActionResource struct {
	Type     *ResourceType
	Required bool
	// Observed says that the Service Authorization Reference does not name the
	// type for the action, but that AWS's developer guides or its error
	// messages do (B-14, B-30). It is never required.
	Observed bool
}

// A ResourceType is a kind of resource that a service defines.
type ResourceType struct {
	Service string
	Name    string          // "function alias"
	Formats []string        // ARNs with placeholders: "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}"
	Keys    []*ConditionKey // that exist for each request on it
}

// A ConditionKey is a context key as AWS documents it.
type ConditionKey struct {
	Name        string // as AWS spells it; may end in a placeholder: "aws:RequestTag/${TagKey}"
	Type        ValueType
	AlsoType    ValueType // a second type whose operators work; 0 for none
	Multivalued bool      // the request can give several values (C-35)
	Always      bool      // every request has it
	WhenSigned  bool      // every request that is not anonymous has it
	Everywhere  bool      // requests to every service can have it: it comes with the caller or the connection
}

// AccessLevel says what an action does, in the terms of the Service
// Authorization Reference: "List", "Read", "Write", "Tagging" or "Permissions
// management".
type AccessLevel string

// ValueType is the type of a context key's values, and of those that a condition
// operator compares. The zero value is none.
type ValueType uint8

// The types.
const (
	StringValue ValueType = iota + 1
	NumericValue
	DateValue
	BoolValue
	BinaryValue
	IPAddressValue
	ARNValue
)

// String is "String", "ARN", "Bool", "Numeric", "Date", "IPAddress" or "Binary".
func (t ValueType) String() string {
	switch t {
	case StringValue:
		return "String"
	case ARNValue:
		return "ARN"
	case BoolValue:
		return "Bool"
	case NumericValue:
		return "Numeric"
	case DateValue:
		return "Date"
	case IPAddressValue:
		return "IPAddress"
	case BinaryValue:
		return "Binary"
	}
	return fmt.Sprintf("ValueType(%d)", uint8(t))
}
