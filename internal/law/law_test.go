package law_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

func TestEveryReasonAndEveryRuleIsInWordsWithTheNumberOfItsRule(t *testing.T) {
	const number = `\([A-Z][-.]\d+\)$`
	assert.Empty(t, law.NoReason.String())
	for r := law.NoReason + 1; r <= law.NoSessionPolicy; r++ {
		assert.Regexp(t, number, r.String(), "reason %d", r)
	}
	assert.Empty(t, law.NoRule.String())
	for r := law.NoRule + 1; r <= law.UnsignedAtURL; r++ {
		assert.Regexp(t, number, r.String(), "rule %d", r)
	}
}

func TestAKeyIsFoundByItsNameInAnyCase(t *testing.T) {
	for row := range law.Keys {
		name := row.Name
		if row.IsFamily() {
			name += "team"
		}
		for _, spelled := range []string{name, strings.ToUpper(name), strings.ToLower(name)} {
			assert.Same(t, row, law.KeyOf(spelled).Row(), spelled)
		}
	}
	for _, other := range []string{"", "k", "aws:", "aws:PrincipalArn/", "aws:PrincipalTag", "aws:SourceIp", "s3:prefix", "ec2:Owner"} {
		assert.Equal(t, law.OtherKey, law.KeyOf(other), other)
	}
}

func TestAKeyIsAlikeForCallersWhoAlwaysHaveIt(t *testing.T) {
	for row := range law.Keys {
		assert.Zero(t, row.Always&row.AtTimes, row.Name)
		for kind, value := range row.Alike {
			assert.True(t, value == "" || row.Always.Has(law.Kind(kind)), "%s of kind %d", row.Name, kind)
		}
	}
}

// A condition of a fixed rule is read by the engine and in proofs alike: it has
// an operator that both know, and does not hold for an absent key.
func TestConditionsOfFixedRulesAreSimple(t *testing.T) {
	for row := range law.Rows {
		for _, c := range row.Conditions {
			assert.Len(t, c.Values, 1, row.Rule)
			switch c.Operator {
			case policy.Operator{Test: policy.Null}:
				assert.Equal(t, "false", c.Values[0], row.Rule)
			case policy.Operator{Test: policy.Bool}, policy.Operator{Test: policy.StringEquals}:
			default:
				t.Errorf("%s: operator %s", row.Rule, c.Operator)
			}
		}
	}
}

// The first gate that does not open denies; which comes first hangs on whose
// resource it is (E-2).
func TestTheOrderOfTheGates(t *testing.T) {
	for name, c := range map[string]struct {
		standing law.Standing
		last     law.Place
	}{
		"in the resource's account":    {law.Standing{Kind: law.IAMUser, SameAccount: true}, law.Session},
		"across accounts":              {law.Standing{Kind: law.IAMUser}, law.Resource},
		"to assume a role of another":  {law.Standing{Kind: law.IAMUser, Needs: policy.TrustLayer}, law.Session},
		"for an unsigned caller":       {law.Standing{Kind: law.AnonymousPrincipal}, law.Session},
		"where the resource delegates": {law.Standing{Kind: law.IAMUser, Delegates: true}, law.Session},
	} {
		var passed []law.Place
		for order := c.standing.Order(law.Everywhere); order.More(); {
			passed = append(passed, order.Next())
		}
		assert.ElementsMatch(t, slices.Collect(law.Everywhere.All), passed, name)
		assert.Equal(t, c.last, passed[len(passed)-1], name)
	}
}
