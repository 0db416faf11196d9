package validate_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// A recorded is a policy of the six plans of awslabs/terraform-iam-policy-validator
// (MIT-0), what IAM Access Analyzer was asked about it, and whether it found
// something.
type recorded struct {
	Check, Plan, Name  string
	Kind               policy.Kind
	Found              bool
	Document           *policy.Document
	Reference          *policy.Document // of NoNewAccess
	Actions, Resources []string         // of AccessNotGranted

	// InsteadWeFind is the code of a finding that explains another answer: no resource
	// has the ARN that the policy names.
	InsteadWeFind string
}

func TestWhatAccessAnalyzerFoundIsFound(t *testing.T) {
	text, err := os.ReadFile("testdata/recorded.json")
	require.NoError(t, err)
	var list []recorded
	require.NoError(t, json.Unmarshal(text, &list))
	require.Len(t, list, 35)
	plans := map[string]bool{}
	for _, r := range list {
		plans[r.Plan] = true
		t.Run(r.Check+"/"+r.Plan+"/"+r.Name, func(t *testing.T) {
			found := r.find(t)
			if r.InsteadWeFind == "" {
				assert.Equal(t, r.Found, found)
				return
			}
			assert.NotEqual(t, r.Found, found)
			var v validate.Validator
			assert.Contains(t, codes(v.Validate(r.Document, r.Kind)), r.InsteadWeFind)
		})
	}
	assert.Len(t, plans, 6)
}

// find asks the same here.
func (r *recorded) find(t *testing.T) bool {
	t.Helper()
	x := prove.Prover{Catalog: catalog.Default(), Kind: r.Kind}
	ask := func(v *prove.Verdict, err error) bool {
		require.NoError(t, err)
		require.NotEqual(t, prove.Unknown, v.Outcome, v.Reason)
		return v.Outcome == prove.Refuted
	}
	ctx, of := context.Background(), policy.Attached{Document: r.Document}
	switch r.Check {
	case "NoNewAccess":
		return ask(x.Within(ctx, prove.Of(r.Kind, of), prove.Of(r.Kind, policy.Attached{Document: r.Reference})))
	case "AccessNotGranted":
		return ask(x.NotGranted(ctx, prove.Of(r.Kind, of), prove.Access{Actions: r.Actions, Resources: r.Resources}))
	}
	var v validate.Validator
	proofs, err := v.Prove(ctx, r.Document, r.Kind)
	require.NoError(t, err)
	if r.Check == "NoPublicAccess" {
		for _, f := range proofs {
			if f.Code == "PUBLIC_ACCESS" {
				return true
			}
		}
		return false
	}
	return len(append(proofs, v.Validate(r.Document, r.Kind)...)) > 0
}
