package validate_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
)

const twoGrants = `{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"},
  {"Effect": "Allow", "Action": ["iam:PassRole", "lambda:GetFunctions"], "Resource": "*"}
]}`

func findings(t *testing.T, name, text string) []validate.Finding {
	t.Helper()
	d, err := policy.ParseString(name, text)
	require.NoError(t, err)
	var v validate.Validator
	return v.Validate(d, policy.Identity)
}

func TestSuppressionsAreForACodeAndAPlaceUntilADay(t *testing.T) {
	found := findings(t, "admin.json", twoGrants)
	require.Equal(t, []string{"PASS_ROLE_WITH_STAR_IN_RESOURCE", "INVALID_ACTION", "PASS_ROLE_WITH_STAR_IN_RESOURCE"}, codes(found))
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateTime, s)
		require.NoError(t, err)
		return at
	}
	for name, tt := range map[string]struct {
		suppress string
		now      string
		left     int
		unused   []string
	}{
		"a code, everywhere":              {`{"code": "PASS_ROLE_WITH_STAR_IN_RESOURCE", "reason": "r", "until": "2027-06-30"}`, "2027-06-30 23:59:59", 1, nil},
		"a statement":                     {`{"code": "PASS_ROLE_WITH_STAR_IN_RESOURCE", "path": "Statement[1]", "reason": "r", "until": "2027-06-30"}`, "2026-11-28 00:00:00", 2, nil},
		"no statement of a longer number": {`{"code": "PASS_ROLE_WITH_STAR_IN_RESOURCE", "path": "Statement[", "reason": "r", "until": "2027-06-30"}`, "2026-11-28 00:00:00", 3, []string{"s.json: suppress[0] (PASS_ROLE_WITH_STAR_IN_RESOURCE) suppresses nothing"}},
		"policies by a pattern":           {`{"code": "INVALID_ACTION", "policy": "*.json", "reason": "r", "until": "2027-06-30"}`, "2026-11-28 00:00:00", 2, nil},
		"another policy":                  {`{"code": "INVALID_ACTION", "policy": "other.json", "reason": "r", "until": "2027-06-30"}`, "2026-11-28 00:00:00", 3, []string{"s.json: suppress[0] (INVALID_ACTION) suppresses nothing"}},
		"one that has ended":              {`{"code": "INVALID_ACTION", "reason": "r", "until": "2026-11-27"}`, "2026-11-28 00:00:00", 3, []string{"s.json: suppress[0] (INVALID_ACTION) ended on 2026-11-27"}},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := validate.ParseSuppressions("s.json", []byte(`{"suppress": [`+tt.suppress+`]}`))
			require.NoError(t, err)
			assert.Len(t, validate.Suppress(found, list, day(tt.now)), tt.left)
			assert.Equal(t, tt.unused, validate.Unused(list, day(tt.now)))
		})
	}
}

func TestWhatIsWrongWithSuppressionsIsSaid(t *testing.T) {
	_, err := validate.ParseSuppressions("s.json", []byte(`{"suppress": [{"code": "PASS_ROLE", "policy": "[", "until": "June"}]}`))
	assert.ErrorContains(t, err, `s.json: suppress[0]: code "PASS_ROLE" is none`)
	assert.ErrorContains(t, err, "s.json: suppress[0]: has no reason")
	assert.ErrorContains(t, err, `s.json: suppress[0]: policy "[" is no pattern`)
	assert.ErrorContains(t, err, `s.json: suppress[0]: until "June" is no day such as 2027-06-30`)
	_, err = validate.ParseSuppressions("s.json", []byte(`{"supress": []}`))
	assert.ErrorContains(t, err, "supress")
	_, err = validate.ParseSuppressions("s.json", []byte(`{"suppress": []}{}`))
	assert.ErrorContains(t, err, "more after the end")
}

func TestABaselineKnowsFindingsWhereverTheyMoved(t *testing.T) {
	text, err := json.Marshal(validate.NewBaseline(findings(t, "admin.json", twoGrants)))
	require.NoError(t, err)
	base, err := validate.ParseBaseline("base.json", text)
	require.NoError(t, err)
	moved := `{"Version": "2012-10-17", "Statement": [
  {"Effect": "Deny", "Action": "s3:*", "Resource": "*"},` + twoGrants[len(`{"Version": "2012-10-17", "Statement": [`):]
	assert.Empty(t, base.New(findings(t, "admin.json", moved)))
	more := `{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": ["iam:PassRole", "s3:ListAllMyBuckets"], "Resource": "*"},` + twoGrants[len(`{"Version": "2012-10-17", "Statement": [`):]
	assert.Equal(t, []string{"PASS_ROLE_WITH_STAR_IN_RESOURCE"}, codes(base.New(findings(t, "admin.json", more))), "a third of which there were two")
	assert.Len(t, base.New(findings(t, "other.json", twoGrants)), 3, "another policy")
	_, err = validate.ParseBaseline("base.json", []byte(`[]`))
	assert.ErrorContains(t, err, "base.json: ")
}

func TestACommentSuppressesItsLineOrWhatStandsBelowIt(t *testing.T) {
	const text = "Resources:\n" +
		"  # iamsim:ignore INVALID_ACTION until 2027-06-30: all below\n" +
		"  # another comment\n" +
		"  A:\n" +
		"    Action: x\n" +
		"\n" +
		"    Resource: y\n" +
		"  B:\n" +
		"    Action: z # iamsim:ignore INVALID_ACTION until 2027-06-30: this line\n" +
		"    Resource: z\n" +
		"  # iamsim:ignore INVALID_ACTION until 2027-06-30: the next line, which has nothing below it\n" +
		"  C: c\n" +
		"  D: d\n"
	list, err := validate.ParseComments("t.yaml", text)
	require.NoError(t, err)
	var found []validate.Finding
	for line := range 13 {
		found = append(found, validate.Finding{Code: "INVALID_ACTION", Source: "t.yaml", From: policy.Mark{Line: line + 1, Column: 1}})
	}
	var left []int
	for _, f := range validate.Suppress(found, list, time.Date(2027, 6, 30, 12, 0, 0, 0, time.UTC)) {
		left = append(left, f.From.Line)
	}
	assert.Equal(t, []int{1, 2, 3, 8, 10, 11, 13}, left)
	assert.Len(t, validate.Suppress(found, list, time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)), 13, "they have ended")

	for comment, want := range map[string]string{
		"# iamsim:ignore": "t.yaml:1: iamsim:ignore: is followed by CODE until 2027-06-30: and the reason",
		"# iamsim:ignore INVALID_ACTON until 2027-06-30: x": `t.yaml:1: iamsim:ignore: code "INVALID_ACTON" is none; did you mean "INVALID_ACTION"?`,
		"# iamsim:ignore INVALID_ACTION until 2027-06-30":   "t.yaml:1: iamsim:ignore: has no reason",
		"# iamsim:ignore INVALID_ACTION: x":                 `t.yaml:1: iamsim:ignore: until "" is no day`,
	} {
		_, err := validate.ParseComments("t.yaml", comment)
		assert.ErrorContains(t, err, want)
	}
	list, err = validate.ParseComments("t.json", `{"Sid": "# iamsim:ignore"}`)
	require.NoError(t, err)
	assert.Empty(t, list, "JSON has no comments")
}
