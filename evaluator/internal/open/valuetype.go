package open

import (
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/typed"
	"github.com/iamsim/iamsim/policy"
)

// IsOf reports whether a condition on a key of the type can read the value.
func IsOf(t policy.ValueType, value string) bool {
	switch t {
	case policy.StringValue:
		return true
	case policy.ARNValue:
		f := pattern.Split(value)
		return f.IsARN()
	case policy.BoolValue:
		return typed.IsBool(value)
	case policy.NumericValue:
		_, ok := typed.ParseNumber(value)
		return ok
	case policy.DateValue:
		_, ok := typed.ParseInstant(value)
		return ok
	case policy.IPAddressValue:
		_, ok := typed.Address(value)
		return ok
	case policy.BinaryValue:
		return typed.IsBinary(value)
	}
	return false
}

// Reads reports whether operators that compare values of the first type are for
// keys of the second. Those of texts compare every value as it is written, and
// Null compares none.
func Reads(operator, key policy.ValueType) bool {
	return operator == 0 || operator == policy.StringValue || operator == key
}
