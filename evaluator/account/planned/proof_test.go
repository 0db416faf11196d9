package planned_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
)

func TestProofsHoldWhateverTheHolesWillBe(t *testing.T) {
	maybe := func(s object) planned.Maybe { return planned.Maybe{Value: s, Hole: stage} }
	allow := object{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
	deny := object{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}
	below := func(effect, key string) object {
		return object{"Effect": effect, "Action": "s3:GetObject", "Resource": "*", "Condition": object{"NumericLessThan": object{key: stage}}}
	}
	for _, row := range []struct {
		why  string
		p, q list
		want prove.Outcome
	}{
		{"an Allow that may be there is not within one that a Deny takes back whenever it is there", list{maybe(allow)}, list{maybe(allow), maybe(deny)}, prove.Refuted},
		{"an Allow may apply where a Deny on the same hole does not", list{below("Allow", "s3:max-keys"), below("Deny", "aws:MultiFactorAuthAge")}, list{object{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}, prove.Refuted},
		{"a statement that is not known may be an Allow alone", list{stage}, list{allow}, prove.Refuted},
		{"an effect that is not known may be Allow", list{object{"Effect": stage, "Action": "s3:*", "Resource": "*"}}, list{allow}, prove.Refuted},
		{"what may be there is within itself", list{below("Allow", "s3:max-keys")}, list{below("Allow", "s3:max-keys")}, prove.Proved},
		{"and not within what is like it on another key", list{below("Allow", "s3:max-keys")}, list{below("Allow", "aws:MultiFactorAuthAge")}, prove.Refuted},
		{"nor within what may not be there", list{allow}, list{maybe(allow)}, prove.Refuted},
		{"but within what is there", list{maybe(allow)}, list{allow}, prove.Proved},
	} {
		t.Run(row.why, func(t *testing.T) {
			side := func(statements list) policy.Policies {
				d, _, err := planned.Document("p", policy.Identity, object{"Version": "2012-10-17", "Statement": statements})
				require.NoError(t, err)
				return prove.Identity(d)
			}
			v, err := new(prove.Prover).Within(t.Context(), side(row.p), side(row.q))
			require.NoError(t, err)
			assert.Equal(t, row.want, v.Outcome, "%s", v)
		})
	}
}
