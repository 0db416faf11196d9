package policy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
)

// table is C.2: what each operator compares, whether it is negated, whether its
// values may hold variables.
var table = []struct {
	name      string
	test      policy.Test
	family    policy.Family
	negated   bool
	variables bool
}{
	{"StringEquals", policy.StringEquals, policy.FamilyString, false, true},
	{"StringNotEquals", policy.StringNotEquals, policy.FamilyString, true, true},
	{"StringEqualsIgnoreCase", policy.StringEqualsIgnoreCase, policy.FamilyString, false, true},
	{"StringNotEqualsIgnoreCase", policy.StringNotEqualsIgnoreCase, policy.FamilyString, true, true},
	{"StringLike", policy.StringLike, policy.FamilyString, false, true},
	{"StringNotLike", policy.StringNotLike, policy.FamilyString, true, true},
	{"NumericEquals", policy.NumericEquals, policy.FamilyNumeric, false, false},
	{"NumericNotEquals", policy.NumericNotEquals, policy.FamilyNumeric, true, false},
	{"NumericLessThan", policy.NumericLessThan, policy.FamilyNumeric, false, false},
	{"NumericLessThanEquals", policy.NumericLessThanEquals, policy.FamilyNumeric, false, false},
	{"NumericGreaterThan", policy.NumericGreaterThan, policy.FamilyNumeric, false, false},
	{"NumericGreaterThanEquals", policy.NumericGreaterThanEquals, policy.FamilyNumeric, false, false},
	{"DateEquals", policy.DateEquals, policy.FamilyDate, false, false},
	{"DateNotEquals", policy.DateNotEquals, policy.FamilyDate, true, false},
	{"DateLessThan", policy.DateLessThan, policy.FamilyDate, false, false},
	{"DateLessThanEquals", policy.DateLessThanEquals, policy.FamilyDate, false, false},
	{"DateGreaterThan", policy.DateGreaterThan, policy.FamilyDate, false, false},
	{"DateGreaterThanEquals", policy.DateGreaterThanEquals, policy.FamilyDate, false, false},
	{"Bool", policy.Bool, policy.FamilyBool, false, true},
	{"BinaryEquals", policy.BinaryEquals, policy.FamilyBinary, false, false},
	{"IpAddress", policy.IPAddress, policy.FamilyIP, false, false},
	{"NotIpAddress", policy.NotIPAddress, policy.FamilyIP, true, false},
	{"ArnEquals", policy.ArnEquals, policy.FamilyARN, false, true},
	{"ArnNotEquals", policy.ArnNotEquals, policy.FamilyARN, true, true},
	{"ArnLike", policy.ArnLike, policy.FamilyARN, false, true},
	{"ArnNotLike", policy.ArnNotLike, policy.FamilyARN, true, true},
	{"Null", policy.Null, policy.FamilyNull, false, false},
}

func TestParseOperator_readsEverySpelling(t *testing.T) {
	sets := map[string]policy.SetOperator{"": 0, "ForAllValues:": policy.ForAllValues, "ForAnyValue:": policy.ForAnyValue}
	for _, row := range table {
		for prefix, set := range sets {
			for suffix, ifExists := range map[string]bool{"": false, "IfExists": true} {
				spelling := prefix + row.name + suffix
				op, err := policy.ParseOperator(spelling)
				if ifExists && row.test == policy.Null {
					assert.ErrorIs(t, err, policy.Code("null-if-exists"), spelling)
					continue
				}
				require.NoError(t, err)
				assert.Equal(t, policy.Operator{Set: set, Test: row.test, IfExists: ifExists}, op)
				assert.Equal(t, spelling, op.String())
				assert.Equal(t, row.family, op.Family(), spelling)
				assert.Equal(t, row.negated, op.Negated(), spelling)
				assert.Equal(t, row.variables, op.Variables(), spelling)

				text, err := op.MarshalText()
				require.NoError(t, err)
				var again policy.Operator
				require.NoError(t, again.UnmarshalText(text))
				assert.Equal(t, op, again)
			}
		}
	}
}

func TestParseOperator_refuses(t *testing.T) {
	for found, want := range map[string]string{
		"":                              `"" is no condition operator`,
		"stringequals":                  `did you mean "StringEquals"?`,
		"StringEqualsifexists":          `did you mean "StringEqualsIfExists"?`,
		"StringEquals ":                 `did you mean "StringEquals"?`,
		"StringEqualsIfExistsIfExists":  `is no condition operator`,
		"ForAllValues:":                 `is no condition operator`,
		"ForAnyValues:StringLike":       `did you mean "ForAnyValue:StringLike"?`,
		"ForAllValues:ForAnyValue:Bool": `is no condition operator`,
		"NumericLike":                   `is no condition operator`,
		"IPAddress":                     `did you mean "IpAddress"?`,
		"ARNLike":                       `did you mean "ArnLike"?`,
		"IfExists":                      `is no condition operator`,
	} {
		op, err := policy.ParseOperator(found)
		assert.Equal(t, policy.Operator{}, op)
		assert.ErrorIs(t, err, policy.Code("invalid-operator"))
		assert.ErrorContains(t, err, want, found)
	}
}

func TestZeroValuesOfEnumerationsHaveNoSpelling(t *testing.T) {
	assert.Equal(t, "", policy.Operator{}.String())
	assert.Equal(t, "", policy.Test(200).String())
	assert.Equal(t, policy.Family(0), policy.Operator{Test: 200}.Family())
	assert.False(t, policy.Operator{Test: 200}.Negated())
	assert.Equal(t, "", policy.Kind(0).String())
	assert.Equal(t, "", policy.Effect(0).String())
	for _, v := range []interface{ MarshalText() ([]byte, error) }{policy.Operator{}, policy.Kind(0), policy.Effect(9)} {
		_, err := v.MarshalText()
		assert.Error(t, err)
	}
}

func TestKindAndEffect_spellings(t *testing.T) {
	for i, want := range []string{"identity", "resource", "trust", "boundary", "session", "scp", "rcp", "endpoint"} {
		text, err := everyKind[i].MarshalText()
		require.NoError(t, err)
		assert.Equal(t, want, string(text))
		assert.Equal(t, want, everyKind[i].String())
		var kind policy.Kind
		require.NoError(t, kind.UnmarshalText(text))
		assert.Equal(t, everyKind[i], kind)
	}
	var kind policy.Kind
	assert.EqualError(t, kind.UnmarshalText([]byte("SCP")), `"SCP" is no kind of policy; did you mean "scp"?`)

	for effect, want := range map[policy.Effect]string{policy.Allow: "Allow", policy.Deny: "Deny"} {
		text, err := effect.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, want, string(text))
		var again policy.Effect
		require.NoError(t, again.UnmarshalText(text))
		assert.Equal(t, effect, again)
	}
	var effect policy.Effect
	assert.EqualError(t, effect.UnmarshalText([]byte("DENY")), `"DENY" is no effect; did you mean "Deny"?`)
}
