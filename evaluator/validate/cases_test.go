package validate_test

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
)

// A testCase has a document in which a code is found, and one like it in which it
// is not.
type testCase struct {
	Code             string      `json:"code"`
	Kind             policy.Kind `json:"kind"`
	Proof            bool        `json:"proof"`
	Quota            int         `json:"quota"`
	ResourceType     string      `json:"resourceType"`
	LegacySCPGrammar bool        `json:"legacySCPGrammar"`
	Owner            string      `json:"owner"`
	// Found and Clean are documents, or strings for texts that are none.
	Found, Clean json.RawMessage
}

func cases(t testing.TB) []testCase {
	t.Helper()
	text, err := os.ReadFile("testdata/cases.json")
	require.NoError(t, err)
	var list []testCase
	require.NoError(t, json.Unmarshal(text, &list))
	require.NotEmpty(t, list)
	return list
}

func (c *testCase) validator() *validate.Validator {
	v := &validate.Validator{ResourceType: c.ResourceType, LegacySCPGrammar: c.LegacySCPGrammar, Owner: c.Owner}
	if c.Quota > 0 {
		v.Quotas = map[policy.Kind]int{c.Kind: c.Quota}
	}
	return v
}

// text is the document as it is parsed.
func text(document json.RawMessage) string {
	var raw string
	if json.Unmarshal(document, &raw) == nil {
		return raw
	}
	return string(document)
}

// find is what is found in a document of the case.
func (c *testCase) find(t testing.TB, document json.RawMessage) []validate.Finding {
	t.Helper()
	d, err := policy.ParseString("policy.json", text(document))
	if err != nil {
		return validate.Refused(err, c.Kind)
	}
	v := c.validator()
	found := v.Validate(d, c.Kind)
	if c.Proof {
		more, err := v.Prove(context.Background(), d, c.Kind)
		require.NoError(t, err)
		found = append(found, more...)
	}
	return found
}

func codes(found []validate.Finding) []string {
	var list []string
	for _, f := range found {
		list = append(list, f.Code)
	}
	return list
}

func TestEveryCodeIsFoundWhereItIsMeantAndNotBesideIt(t *testing.T) {
	for _, c := range cases(t) {
		t.Run(c.Code, func(t *testing.T) {
			rule, known := validate.Explain(c.Code)
			require.True(t, known)
			found := c.find(t, c.Found)
			i := slices.Index(codes(found), c.Code)
			require.GreaterOrEqual(t, i, 0, "found: %v", found)
			assert.Equal(t, rule.Type, found[i].Type)
			assert.NotEmpty(t, found[i].Message)
			assert.Positive(t, found[i].From.Line, "a place: %v", found[i])
			assert.NotContains(t, codes(c.find(t, c.Clean)), c.Code)
		})
	}
}
