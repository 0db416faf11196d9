package validate_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
)

func TestTypesAreWrittenAsAWSWritesThem(t *testing.T) {
	for want, of := range map[string]validate.Type{
		"SUGGESTION": validate.Suggestion, "WARNING": validate.Warning, "SECURITY_WARNING": validate.SecurityWarning, "ERROR": validate.Error,
		"Type(0)": 0, "Type(5)": 5,
	} {
		assert.Equal(t, want, of.String())
		text, err := of.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, want, string(text))
		var read validate.Type
		err = read.UnmarshalText([]byte(strings.ToLower(want)))
		if strings.HasPrefix(want, "Type") {
			assert.ErrorContains(t, err, "is no type of finding")
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, of, read)
	}
	var none validate.Type
	assert.EqualError(t, none.UnmarshalText([]byte("ERORR")), `"ERORR" is no type of finding; did you mean "ERROR"?`)
}

// Columns count from 0 in AWS's ValidatePolicy, and from 1 here.
func TestAFindingAsJSON(t *testing.T) {
	for name, tt := range map[string]struct {
		finding validate.Finding
		want    string
	}{
		"of a document without text": {validate.Finding{Path: "Version"},
			`{"findingType": "ERROR", "issueCode": "X", "findingDetails": "a < b", "locations": [{"path": "Version"}]}`},
		"with its line alone": {validate.Finding{Source: "t.yaml", Address: "R", From: policy.Mark{Line: 1}},
			`{"policy": "t.yaml", "address": "R", "findingType": "ERROR", "issueCode": "X", "findingDetails": "a < b", "locations": [{"path": "", "span": {"start": {"line": 1, "column": 0, "offset": 0}}}]}`},
		"with its beginning alone": {validate.Finding{From: policy.Mark{Line: 2, Column: 1}},
			`{"findingType": "ERROR", "issueCode": "X", "findingDetails": "a < b", "locations": [{"path": "", "span": {"start": {"line": 2, "column": 0, "offset": 0}}}]}`},
		"with beginning and end": {validate.Finding{From: policy.Mark{Line: 1, Column: 3, Offset: 2}, To: policy.Mark{Line: 1, Column: 6, Offset: 5}},
			`{"findingType": "ERROR", "issueCode": "X", "findingDetails": "a < b", "locations": [{"path": "", "span": {"start": {"line": 1, "column": 2, "offset": 2}, "end": {"line": 1, "column": 5, "offset": 5}}}]}`},
		"with an edit": {validate.Finding{Edit: &validate.Edit{From: 1, To: 2, New: "n", Says: "writes n", Changes: true}},
			`{"findingType": "ERROR", "issueCode": "X", "findingDetails": "a < b", "locations": [{"path": ""}], "edit": {"from": 1, "to": 2, "new": "n", "says": "writes n", "changesMeaning": true}}`},
	} {
		t.Run(name, func(t *testing.T) {
			f := tt.finding
			f.Type, f.Code, f.Message = validate.Error, "X", "a < b"
			text, err := json.Marshal(f)
			require.NoError(t, err)
			assert.JSONEq(t, tt.want, string(text))
			written, err := f.MarshalJSON()
			require.NoError(t, err)
			assert.Contains(t, string(written), "a < b", "nothing is escaped that JSON does not escape")
		})
	}
}

func TestAFindingIsToldBehindItsAddress(t *testing.T) {
	for want, f := range map[string]validate.Finding{
		"m":               {Path: "Statement", From: policy.Mark{Line: 1}},
		"R: m":            {Address: "R", Path: "Statement", From: policy.Mark{Line: 1, Column: 1}},
		"R: Statement: m": {Address: "R", Path: "Statement", From: policy.Mark{Line: 1}},
	} {
		f.Message = "m"
		assert.Equal(t, want, f.Told())
	}
}

func TestFindingsAreInTheOrderOfTheText(t *testing.T) {
	at := func(source string, line, column int, address string) validate.Finding {
		return validate.Finding{Source: source, Address: address, From: policy.Mark{Line: line, Column: column}}
	}
	sorted := []validate.Finding{at("a", 1, 2, "A"), at("a", 1, 2, "B"), at("a", 1, 3, "A"), at("a", 2, 1, "A"), at("b", 1, 1, "A")}
	mixed := slices.Clone(sorted)
	slices.Reverse(mixed)
	assert.Equal(t, sorted, validate.Sort(mixed))
	first, second := at("a", 1, 1, ""), at("a", 1, 1, "")
	first.Code, second.Code = "Z", "A"
	assert.Equal(t, []string{"Z", "A"}, codes(validate.Sort([]validate.Finding{first, second})), "of one place, as they were found")
}

func TestAFingerprintIsOfPolicyCodeAndElement(t *testing.T) {
	one := validate.Finding{Source: "a", Code: "X", Path: "Statement[0]"}
	is := func(change func(*validate.Finding)) bool {
		f := one
		change(&f)
		return f.Fingerprint() == one.Fingerprint()
	}
	assert.Len(t, one.Fingerprint(), 32)
	assert.True(t, is(func(f *validate.Finding) { f.Message, f.From.Line = "m", 3 }))
	assert.False(t, is(func(f *validate.Finding) { f.Source = "b" }))
	assert.False(t, is(func(f *validate.Finding) { f.Address = "A" }))
	assert.False(t, is(func(f *validate.Finding) { f.Code = "Y" }))
	assert.False(t, is(func(f *validate.Finding) { f.Path = "Statement[1]" }), "an element that has no text is told by its path")
	const text = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:Gett", "s3:Putt", "s3:Gett"], "Resource": "*"}}`
	found := slices.DeleteFunc(findings(t, "p", text), func(f validate.Finding) bool { return f.Code != "INVALID_ACTION" })
	require.Len(t, found, 3)
	assert.Equal(t, found[0].Fingerprint(), found[2].Fingerprint(), "the same text in another place")
	assert.NotEqual(t, found[0].Fingerprint(), found[1].Fingerprint())
}

func TestRulesStandByTypeAndName(t *testing.T) {
	rules := validate.Rules()
	assert.True(t, slices.IsSortedFunc(rules, func(a, b validate.Rule) int {
		if a.Type != b.Type {
			return int(b.Type) - int(a.Type)
		}
		return strings.Compare(a.Code, b.Code)
	}))
	rules[0].Code = "CHANGED"
	assert.NotEqual(t, rules[0], validate.Rules()[0], "the list is the caller's")
	_, known := validate.Explain("CHANGED")
	assert.False(t, known)
}
