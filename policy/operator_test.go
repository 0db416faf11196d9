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
	values    policy.ValueType
	negated   bool
	variables bool
}{
	{"StringEquals", policy.StringEquals, policy.StringValue, false, true},
	{"StringNotEquals", policy.StringNotEquals, policy.StringValue, true, true},
	{"StringEqualsIgnoreCase", policy.StringEqualsIgnoreCase, policy.StringValue, false, true},
	{"StringNotEqualsIgnoreCase", policy.StringNotEqualsIgnoreCase, policy.StringValue, true, true},
	{"StringLike", policy.StringLike, policy.StringValue, false, true},
	{"StringNotLike", policy.StringNotLike, policy.StringValue, true, true},
	{"NumericEquals", policy.NumericEquals, policy.NumericValue, false, false},
	{"NumericNotEquals", policy.NumericNotEquals, policy.NumericValue, true, false},
	{"NumericLessThan", policy.NumericLessThan, policy.NumericValue, false, false},
	{"NumericLessThanEquals", policy.NumericLessThanEquals, policy.NumericValue, false, false},
	{"NumericGreaterThan", policy.NumericGreaterThan, policy.NumericValue, false, false},
	{"NumericGreaterThanEquals", policy.NumericGreaterThanEquals, policy.NumericValue, false, false},
	{"DateEquals", policy.DateEquals, policy.DateValue, false, false},
	{"DateNotEquals", policy.DateNotEquals, policy.DateValue, true, false},
	{"DateLessThan", policy.DateLessThan, policy.DateValue, false, false},
	{"DateLessThanEquals", policy.DateLessThanEquals, policy.DateValue, false, false},
	{"DateGreaterThan", policy.DateGreaterThan, policy.DateValue, false, false},
	{"DateGreaterThanEquals", policy.DateGreaterThanEquals, policy.DateValue, false, false},
	{"Bool", policy.Bool, policy.BoolValue, false, true},
	{"BinaryEquals", policy.BinaryEquals, policy.BinaryValue, false, false},
	{"IpAddress", policy.IPAddress, policy.IPAddressValue, false, false},
	{"NotIpAddress", policy.NotIPAddress, policy.IPAddressValue, true, false},
	{"ArnEquals", policy.ArnEquals, policy.ARNValue, false, true},
	{"ArnNotEquals", policy.ArnNotEquals, policy.ARNValue, true, true},
	{"ArnLike", policy.ArnLike, policy.ARNValue, false, true},
	{"ArnNotLike", policy.ArnNotLike, policy.ARNValue, true, true},
	{"Null", policy.Null, 0, false, false},
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
				assert.Equal(t, row.values, op.Type(), spelling)
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
		"NulIfExists":                   `did you mean "BoolIfExists"?`,
		"Nul":                           `did you mean "Null"?`,
		"IfExists":                      `is no condition operator`,
	} {
		op, err := policy.ParseOperator(found)
		assert.Equal(t, policy.Operator{}, op)
		assert.ErrorIs(t, err, policy.Code("invalid-operator"))
		assert.ErrorContains(t, err, want, found)
		assert.Equal(t, err, op.UnmarshalText([]byte(found)))
		assert.Equal(t, policy.Operator{}, op, "what is refused sets nothing")
	}
}

func TestZeroValuesOfEnumerationsHaveNoSpelling(t *testing.T) {
	assert.Equal(t, "", policy.Operator{}.String())
	assert.Equal(t, "", policy.Test(200).String())
	assert.Equal(t, policy.ValueType(0), policy.Operator{Test: 200}.Type())
	assert.False(t, policy.Operator{Test: 200}.Negated())
	assert.Equal(t, "", policy.Kind(0).String())
	assert.Equal(t, "", policy.Effect(0).String())
	for _, v := range []interface{ MarshalText() ([]byte, error) }{policy.Operator{}, policy.Kind(0), policy.Effect(9)} {
		_, err := v.MarshalText()
		assert.Error(t, err)
	}
}

func TestTypesOfValues_spellings(t *testing.T) {
	for typ, want := range map[policy.ValueType]string{
		policy.StringValue: "String", policy.NumericValue: "Numeric", policy.DateValue: "Date", policy.BoolValue: "Bool",
		policy.BinaryValue: "Binary", policy.IPAddressValue: "IPAddress", policy.ARNValue: "ARN", 0: "ValueType(0)", 8: "ValueType(8)",
	} {
		assert.Equal(t, want, typ.String())
	}
}

func TestLayers_inTexts(t *testing.T) {
	for layer, c := range map[policy.Layer]struct {
		name, text string
		form       policy.Form
	}{
		policy.NoLayer: {"", "a policy", 0}, policy.RuleLayer: {"rule", "a fixed rule", 0},
		policy.IdentityLayer: {"identity", "an identity-based policy", policy.UnionForm}, policy.BoundaryLayer: {"boundary", "a permissions boundary", policy.SingleForm},
		policy.SessionLayer: {"session", "a session policy", policy.UnionForm}, policy.ResourceLayer: {"resource", "a resource-based policy", policy.ListForm},
		policy.TrustLayer: {"trust", "the role trust policy", policy.ListForm}, policy.SCPLayer: {"scp", "a service control policy", policy.LevelsForm},
		policy.RCPLayer: {"rcp", "a resource control policy", policy.LevelsForm}, policy.EndpointLayer: {"endpoint", "a VPC endpoint policy", policy.SingleForm},
	} {
		assert.Equal(t, c.text, layer.Article()+" "+layer.Noun())
		assert.Equal(t, c.form, layer.Form())
		assert.Equal(t, c.name, layer.String())
		text, err := layer.MarshalText()
		require.NoError(t, err)
		again := policy.Layer(100)
		require.NoError(t, again.UnmarshalText(text))
		assert.Equal(t, layer, again)
	}
	beyond := policy.RuleLayer + 1
	assert.Equal(t, "a Layer(10), Layer(10)", beyond.Article()+" "+beyond.Noun()+", "+beyond.String())
	assert.Equal(t, policy.Form(0), beyond.Form())
	assert.EqualError(t, beyond.UnmarshalText([]byte("SCP")), `unknown layer "SCP"`)
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
