package policy

import (
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
)

// An Operator is a condition operator: a test, with an optional set operator
// before it and an optional IfExists behind it (C.2, C-21, C-30).
//
// Operators are comparable. The zero Operator is invalid.
type Operator struct {
	Set      SetOperator
	Test     Test
	IfExists bool
}

// SetOperator says how a condition meets several values of one key (C-30). The
// zero SetOperator is none.
type SetOperator uint8

const (
	ForAllValues SetOperator = iota + 1
	ForAnyValue
)

// Test is what a condition operator compares, and how (C.2). The zero Test is
// invalid.
type Test uint8

const (
	StringEquals Test = iota + 1
	StringNotEquals
	StringEqualsIgnoreCase
	StringNotEqualsIgnoreCase
	StringLike
	StringNotLike
	NumericEquals
	NumericNotEquals
	NumericLessThan
	NumericLessThanEquals
	NumericGreaterThan
	NumericGreaterThanEquals
	DateEquals
	DateNotEquals
	DateLessThan
	DateLessThanEquals
	DateGreaterThan
	DateGreaterThanEquals
	Bool
	BinaryEquals
	IPAddress
	NotIPAddress
	ArnEquals
	ArnNotEquals
	ArnLike
	ArnNotLike
	Null
)

// tests are the spelling of each test, the type of the values that it compares,
// and whether it negates what it compares.
var tests = [...]struct {
	name    string
	typ     ValueType
	negated bool
}{
	StringEquals:              {"StringEquals", StringValue, false},
	StringNotEquals:           {"StringNotEquals", StringValue, true},
	StringEqualsIgnoreCase:    {"StringEqualsIgnoreCase", StringValue, false},
	StringNotEqualsIgnoreCase: {"StringNotEqualsIgnoreCase", StringValue, true},
	StringLike:                {"StringLike", StringValue, false},
	StringNotLike:             {"StringNotLike", StringValue, true},
	NumericEquals:             {"NumericEquals", NumericValue, false},
	NumericNotEquals:          {"NumericNotEquals", NumericValue, true},
	NumericLessThan:           {"NumericLessThan", NumericValue, false},
	NumericLessThanEquals:     {"NumericLessThanEquals", NumericValue, false},
	NumericGreaterThan:        {"NumericGreaterThan", NumericValue, false},
	NumericGreaterThanEquals:  {"NumericGreaterThanEquals", NumericValue, false},
	DateEquals:                {"DateEquals", DateValue, false},
	DateNotEquals:             {"DateNotEquals", DateValue, true},
	DateLessThan:              {"DateLessThan", DateValue, false},
	DateLessThanEquals:        {"DateLessThanEquals", DateValue, false},
	DateGreaterThan:           {"DateGreaterThan", DateValue, false},
	DateGreaterThanEquals:     {"DateGreaterThanEquals", DateValue, false},
	Bool:                      {"Bool", BoolValue, false},
	BinaryEquals:              {"BinaryEquals", BinaryValue, false},
	IPAddress:                 {"IpAddress", IPAddressValue, false},
	NotIPAddress:              {"NotIpAddress", IPAddressValue, true},
	ArnEquals:                 {"ArnEquals", ARNValue, false},
	ArnNotEquals:              {"ArnNotEquals", ARNValue, true},
	ArnLike:                   {"ArnLike", ARNValue, false},
	ArnNotLike:                {"ArnNotLike", ARNValue, true},
	Null:                      {"Null", 0, false},
}

// String is the spelling in a policy: "StringEquals", "IpAddress". It is "" for
// an invalid Test.
func (t Test) String() string {
	if int(t) < len(tests) {
		return tests[t].name
	}
	return ""
}

const (
	prefixAll      = "ForAllValues:"
	prefixAny      = "ForAnyValue:"
	suffixIfExists = "IfExists"
)

// ParseOperator reads the key of an operator block, in exactly the letters of
// the documentation (C-5): "StringEquals", "ForAllValues:StringLikeIfExists".
//
// The error is an [*Error] without position, with [codeInvalidOperator], which
// suggests the operator that was probably meant, or with [codeNullIfExists]
// (C-21).
func ParseOperator(s string) (Operator, error) {
	op, code := readOperator(s)
	if code != "" {
		return Operator{}, &Error{Code: code, Message: operatorMessage(s, code)}
	}
	return op, nil
}

func readOperator(s string) (Operator, Code) {
	var op Operator
	rest := s
	if strings.HasPrefix(rest, prefixAll) {
		op.Set, rest = ForAllValues, rest[len(prefixAll):]
	} else if strings.HasPrefix(rest, prefixAny) {
		op.Set, rest = ForAnyValue, rest[len(prefixAny):]
	}
	rest, op.IfExists = strings.CutSuffix(rest, suffixIfExists)
	for t := StringEquals; t <= Null; t++ {
		if tests[t].name == rest {
			op.Test = t
			break
		}
	}
	switch {
	case op.Test == 0:
		return Operator{}, codeInvalidOperator
	case op.Test == Null && op.IfExists:
		return Operator{}, codeNullIfExists
	}
	return op, ""
}

func operatorMessage(s string, code Code) string {
	if code == codeNullIfExists {
		return spelling.Quote(s) + " asks for IfExists with Null, which tests existence itself; write \"Null\""
	}
	return spelling.Quote(s) + " is no condition operator" + spelling.Suggestion(s, operatorSpellings(s))
}

// operatorSpellings are the operators in the dress of s, so that the nearest
// one is found by its test and not by its prefix.
func operatorSpellings(s string) []string {
	set, rest, found := strings.Cut(s, ":")
	if !found {
		set, rest = "", s
	}
	prefix := ""
	if set != "" {
		prefix = spelling.Nearest(set, []string{"ForAllValues", "ForAnyValue"}) + ":"
	}
	suffix := ""
	if n := len(rest) - len(suffixIfExists); n > 0 && fold.Equal(rest[n:], suffixIfExists) {
		suffix = suffixIfExists
	}
	var spellings []string
	for t := StringEquals; t <= Null; t++ {
		if t == Null && suffix != "" {
			continue
		}
		spellings = append(spellings, prefix+tests[t].name+suffix)
	}
	return spellings
}

// String is the spelling in a policy; "" for an invalid Operator.
func (o Operator) String() string {
	name := o.Test.String()
	if name == "" {
		return ""
	}
	if o.Set == 0 && !o.IfExists {
		return name
	}
	return string(o.append(nil))
}

func (o Operator) append(b []byte) []byte {
	switch o.Set {
	case ForAllValues:
		b = append(b, prefixAll...)
	case ForAnyValue:
		b = append(b, prefixAny...)
	}
	b = append(b, o.Test.String()...)
	if o.IfExists {
		b = append(b, suffixIfExists...)
	}
	return b
}

// MarshalText is [Operator.String]; an invalid Operator is an error.
func (o Operator) MarshalText() ([]byte, error) {
	if !o.valid() {
		return nil, &Error{Code: codeInvalidOperator, Message: "the zero Operator has no spelling"}
	}
	return o.append(nil), nil
}

// UnmarshalText is [ParseOperator].
func (o *Operator) UnmarshalText(text []byte) error {
	op, err := ParseOperator(string(text))
	if err != nil {
		return err
	}
	*o = op
	return nil
}

func (o Operator) valid() bool {
	return o.Test >= StringEquals && o.Test <= Null && o.Set <= ForAnyValue && !(o.Test == Null && o.IfExists)
}

// Negated reports whether the operator holds where none of its values match
// (C-2), and where the key is absent (C-22).
func (o Operator) Negated() bool { return int(o.Test) < len(tests) && tests[o.Test].negated }

// Type is the type of the values that the operator compares; 0 for Null, which
// compares none, and for an invalid Operator.
func (o Operator) Type() ValueType {
	if int(o.Test) < len(tests) {
		return tests[o.Test].typ
	}
	return 0
}

// Variables reports whether the operator's values may hold policy variables:
// those of string and ARN operators may (C-41), and those of Bool, on which the
// documents disagree (C-42).
func (o Operator) Variables() bool {
	switch o.Type() {
	case StringValue, ARNValue, BoolValue:
		return true
	}
	return false
}
