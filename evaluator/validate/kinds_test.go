package validate_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
)

func TestStatementsThatDoNothingAreFoundInEveryKindOfPolicy(t *testing.T) {
	for _, tt := range []struct {
		kind     policy.Kind
		document string
		want     string
	}{
		{policy.Identity, `{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"*"},{"Effect":"Allow","Action":"lambda:Get*","Resource":"*"}`, "COVERED_STATEMENT"},
		{policy.Boundary, `{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"*"},{"Effect":"Allow","Action":"lambda:Get*","Resource":"*"}`, "COVERED_STATEMENT"},
		{policy.Session, `{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"*"},{"Effect":"Allow","Action":"lambda:Get*","Resource":"*"}`, "COVERED_STATEMENT"},
		{policy.SCP, `{"Effect":"Deny","Action":"lambda:GetFunction","Resource":"*"},{"Effect":"Deny","Action":"lambda:Get*","Resource":"*"}`, "COVERED_STATEMENT"},
		{policy.SCP, `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"lambda:Get*","Resource":"*"}`, ""},
		{policy.RCP, `{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"s3:Get*","Resource":"*"}`, "COVERED_STATEMENT"},
		{policy.Endpoint, `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"},{"Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"*"}`, "COVERED_STATEMENT"},
		{policy.Resource, `{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:GetObject","Resource":"*"},{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:Get*","Resource":"*"}`, "COVERED_STATEMENT"},
		{policy.Trust, `{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}`, "UNREACHABLE_ALLOW"},
	} {
		d, err := policy.ParseString("policy.json", `{"Version":"2012-10-17","Statement":[`+tt.document+`]}`)
		require.NoError(t, err)
		var v validate.Validator
		found, err := v.Prove(context.Background(), d, tt.kind)
		require.NoError(t, err)
		if tt.want == "" {
			assert.Empty(t, found, "%s: %s", tt.kind, tt.document)
			continue
		}
		if assert.NotEmpty(t, found, "%s: %s", tt.kind, tt.document) {
			assert.Equal(t, tt.want, found[0].Code, "%s: %v", tt.kind, found)
		}
	}
}

// A document that IAM refuses for its kind is an error, and not without findings.
func TestWhatIsRefusedIsNotProved(t *testing.T) {
	d := policy.MustParse("policy.json", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	var v validate.Validator
	_, err := v.Prove(context.Background(), d, policy.Trust)
	assert.ErrorIs(t, err, policy.Code("missing-principal"))
}

// A document without text has no places, and nothing to edit.
func TestADocumentBuiltInGoHasFindingsWithoutPlaces(t *testing.T) {
	d := &policy.Document{Statements: []policy.Statement{{Effect: policy.Allow, Action: policy.Values{"iam:PassRole"}, Resource: policy.Values{"*"}}}}
	var v validate.Validator
	found := v.Validate(d, policy.Identity)
	assert.Equal(t, []string{"MISSING_VERSION", "PASS_ROLE_WITH_STAR_IN_RESOURCE"}, codes(found))
	for _, f := range found {
		assert.Zero(t, f.From)
		assert.Nil(t, f.Edit)
	}
	assert.Equal(t, "SECURITY_WARNING PASS_ROLE_WITH_STAR_IN_RESOURCE: "+found[1].Message, found[1].String())
}
