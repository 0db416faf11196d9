package validate_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
)

// The policies of a plan of awslabs/terraform-iam-policy-validator (MIT-0), and
// whether IAM Access Analyzer found them public. Where it is answered otherwise here,
// no resource has the ARN that the policy names, which is found instead.
func TestPublicAccessIsFoundAsAccessAnalyzerFindsIt(t *testing.T) {
	text, err := os.ReadFile("testdata/public.json")
	require.NoError(t, err)
	var list []struct {
		Name          string
		Kind          policy.Kind
		Public        bool
		InsteadWeFind string
		Document      *policy.Document
	}
	require.NoError(t, json.Unmarshal(text, &list))
	require.Len(t, list, 14)
	for _, p := range list {
		var v validate.Validator
		proofs, err := v.Prove(context.Background(), p.Document, p.Kind)
		require.NoError(t, err, p.Name)
		if p.InsteadWeFind != "" {
			assert.Contains(t, codes(v.Validate(p.Document, p.Kind)), p.InsteadWeFind, p.Name)
			continue
		}
		if p.Public {
			assert.Contains(t, codes(proofs), "PUBLIC_ACCESS", p.Name)
		} else {
			assert.NotContains(t, codes(proofs), "PUBLIC_ACCESS", p.Name)
		}
	}
}
