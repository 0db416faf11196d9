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

// typesOf are the types of value that the operators of a family are for; 0 for
// those that compare every value as it is written, and for Null.
var typesOf = [policy.FamilyNull + 1]policy.ValueType{
	policy.FamilyNumeric: policy.NumericValue, policy.FamilyDate: policy.DateValue, policy.FamilyBool: policy.BoolValue,
	policy.FamilyBinary: policy.BinaryValue, policy.FamilyIP: policy.IPAddressValue, policy.FamilyARN: policy.ARNValue,
}

// Reads reports whether operators of the family are for values of the type.
func Reads(f policy.Family, t policy.ValueType) bool {
	of := typesOf[f]
	return of == 0 || of == t
}
