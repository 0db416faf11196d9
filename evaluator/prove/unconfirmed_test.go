package prove_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// A request that the search finds and the evaluator does not confirm is neither a
// refutation nor a sign that there is none.
func TestWhatIsFoundAndNotConfirmedLeavesTheVerdictUnknown(t *testing.T) {
	for name, statement := range map[string]string{
		"a host of Amazon's that is no service":    `"Principal":{"Service":"www.amazon.com"},"Action":"s3:*","Resource":"*"`,
		"the same with a policy variable":          `"Principal":{"Service":"www.amazon.com"},"Action":"s3:*","Resource":"arn:aws:s3:::b/${example:k}"`,
		"too many accounts, each of another owner": `"Principal":"*","Action":"lambda:*","Resource":"arn:aws:lambda:us-east-1:9*:function:x","Condition":{"StringNotLike":{"aws:ResourceAccount":"9*"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			var x prove.Prover
			v, err := x.NotGranted(t.Context(), prove.Resource(parse(t, `{"Effect":"Allow",`+statement+`}`)), prove.Access{})
			require.NoError(t, err)
			assert.Equal(t, prove.Unknown, v.Outcome, "%s", v)
			assert.True(t, v.Unconfirmed)
			assert.Equal(t, "a request was found that the evaluator does not confirm", v.Reason)
		})
	}
}

// signedKeys is a catalogue with a key of every signed request.
type signedKeys struct{ prove.Catalog }

func (c signedKeys) Key(name string) (*policy.ConditionKey, bool) {
	if name == "example:signed" {
		return &policy.ConditionKey{Name: name, WhenSigned: true}, true
	}
	return c.Catalog.Key(name)
}

func TestAKeyOfEverySignedRequestIsThereForCallersWithAnAccount(t *testing.T) {
	x := prove.Prover{Catalog: signedKeys{catalog.Default()}}
	const there = `"Condition":{"Null":{"example:signed":"false"}}}`
	v, err := x.Within(t.Context(),
		prove.Identity(parse(t, `{"Effect":"Allow","Action":"*","Resource":"*"}`)),
		prove.Identity(parse(t, `{"Effect":"Allow","Action":"*","Resource":"*",`+there)))
	require.NoError(t, err)
	assert.Equal(t, prove.Proved, v.Outcome, "%s", v)
	assert.Contains(t, v.Assumptions, "every signed request has example:signed")

	v, err = x.Within(t.Context(),
		prove.Resource(parse(t, `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`)),
		prove.Resource(parse(t, `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*",`+there)))
	require.NoError(t, err)
	require.Equal(t, prove.Refuted, v.Outcome, "%s", v)
	assert.False(t, v.Request.Principal.Kind().Signed(), "%s", v)
}

// Only what can be a variable asks for what variables stand for (A-22, C-43).
func TestAnAssumptionAboutVariablesNeedsOne(t *testing.T) {
	const noColon = "ids of accounts and organizations, names of users and names of Regions hold no colon"
	for name, c := range map[string]struct {
		version, variable string
		want              bool
	}{
		"a variable":                          {policy.Version2012, "${aws:username}", true},
		"text, in a policy without variables": {policy.Version2008, "${aws:username}", false},
		"a character that is written so":      {policy.Version2012, "${*}", false},
		"a key with several values":           {policy.Version2012, "${aws:TagKeys}", false},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := policy.ParseString("p", `{"Version":"`+c.version+`","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/`+c.variable+`"}}`)
			require.NoError(t, err)
			v, err := new(prove.Prover).Within(t.Context(), prove.Identity(d), prove.Identity(d))
			require.NoError(t, err)
			require.Equal(t, prove.Proved, v.Outcome, "%s", v)
			assert.Equal(t, c.want, slices.Contains(v.Assumptions, noColon), "%s", v.Assumptions)
		})
	}
}
