package prove_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy/catalog"
)

func TestRefutingRequestsAreOnResourcesThatCanExist(t *testing.T) {
	const nothing = `{"Effect":"Deny","Action":"*","Resource":"*"}`
	for name, c := range map[string]struct {
		allows   string // on a resource
		older    string
		want     prove.Outcome
		resource string // of the request, or a part of what is assumed
	}{
		"no role is without account":                 {"arn:aws:iam:::role/app", nothing, prove.Proved, "ARNs of iam have something in the field of the account"},
		"a role as it is":                            {"arn:aws:iam::111122223333:role/app", nothing, prove.Refuted, "arn:aws:iam::111122223333:role/app"},
		"no function is without account":             {"arn:aws:lambda:us-east-1::function:f", nothing, prove.Proved, "ARNs of lambda have something in the field of the account"},
		"no function is without Region":              {"arn:aws:lambda::111122223333:function:f", nothing, prove.Proved, "ARNs of lambda have something in the field of the Region"},
		"where a star leaves it open there is one":   {"arn:aws:lambda:*:*:function:f", nothing, prove.Refuted, "arn:aws:lambda:us-east-1:111122223333:function:f"},
		"all accounts denied, and none is no answer": {"arn:aws:iam::*:role/app", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:iam::?*:role/app"}`, prove.Proved, "ARNs of iam have something in the field of the account"},
		"buckets have neither":                       {"arn:aws:s3:::b/a", nothing, prove.Refuted, "arn:aws:s3:::b/a"},
	} {
		t.Run(name, func(t *testing.T) {
			service := strings.Split(c.allows, ":")[2]
			p := parse(t, `{"Effect":"Allow","Action":"`+service+`:*","Resource":"`+c.allows+`"}`)
			for _, x := range []prove.Prover{{}, {Catalog: catalog.Default()}} {
				v, err := x.NoNewAccess(t.Context(), prove.Identity(p), prove.Identity(parse(t, c.older)))
				require.NoError(t, err)
				require.Equal(t, c.want, v.Outcome, "%s", v)
				if v.Request != nil {
					assert.Equal(t, c.resource, v.Request.Resource)
				} else {
					assert.True(t, slices.Contains(v.Assumptions, c.resource), "%s", v.Assumptions)
				}
			}
		})
	}
}

func TestOtherServicesHaveTheFieldsThatTheCatalogueSays(t *testing.T) {
	x := prove.Prover{Catalog: catalog.Default()}
	v, err := x.NotGranted(t.Context(), prove.Identity(parse(t, `{"Effect":"Allow","Action":"kms:*","Resource":"arn:aws:kms:us-east-1::key/*"}`)), prove.Access{Actions: []string{"kms:*"}})
	require.NoError(t, err)
	assert.Equal(t, prove.Proved, v.Outcome, "%s", v)
}

// A request is not shrunk to one on a resource that can not exist.
func TestPlainerRequestsAreOnResourcesThatCanExist(t *testing.T) {
	for name, resources := range map[string]string{
		"the first has no account": `["arn:aws:lambda:us-east-1::function:a","arn:aws:lambda:us-east-1:111122223333:function:b"]`,
		"the last has no account":  `["arn:aws:lambda:us-east-1:111122223333:function:b","arn:aws:lambda:us-east-1::function:a"]`,
		"the first has no Region":  `["arn:aws:lambda::111122223333:function:a","arn:aws:lambda:us-east-1:111122223333:function:b"]`,
	} {
		t.Run(name, func(t *testing.T) {
			p := parse(t, `{"Effect":"Allow","Action":"lambda:GetFunction","Resource":`+resources+`}`)
			v, err := new(prove.Prover).NotGranted(t.Context(), prove.Identity(p), prove.Access{Actions: []string{"lambda:GetFunction"}})
			require.NoError(t, err)
			require.Equal(t, prove.Refuted, v.Outcome, "%s", v)
			assert.Equal(t, "arn:aws:lambda:us-east-1:111122223333:function:b", v.Request.Resource)
		})
	}
}
