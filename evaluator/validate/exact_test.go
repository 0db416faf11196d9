package validate_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
)

// What stands near the edge of a code: all that is found, and where.
func TestAllThatIsFoundAndWhere(t *testing.T) {
	const (
		own = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:111122223333:orders"}`
		sns = `{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "sqs:SendMessage", "Resource": "*"}`
	)
	for name, tt := range map[string]struct {
		kind       policy.Kind
		statements string
		want       []string
	}{
		"the one of several resources that is any role": {policy.Identity,
			`{"Effect": "Allow", "Action": "iam:PassRole", "Resource": ["arn:aws:iam::111122223333:role/deploy", "arn:aws:iam::444455556666:role/*"]}`,
			[]string{"PASS_ROLE_WITH_STAR_IN_RESOURCE at Statement[0].Resource[1]"}},
		"a statement covered by a later one that allows more, too": {policy.Identity,
			`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}, {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::a/*"}`,
			[]string{"COVERED_STATEMENT at Statement[0]"}},
		"a statement covered by an earlier one with NotResource": {policy.Identity,
			`{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "NotResource": "arn:aws:s3:::b/*"}, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}`,
			[]string{"DATA_OF_ANY_RESOURCE at Statement[0].Action[0]", "COVERED_STATEMENT at Statement[1]"}},
		"a grant to the own account, which others have to complete": {policy.Resource, own + ", " + sns, nil},
		"resources that have no account, of all accounts": {policy.Identity,
			`{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3::*:orders-x"}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := policy.ParseString("policy.json", `{"Version": "2012-10-17", "Statement": [`+tt.statements+`]}`)
			require.NoError(t, err)
			var v validate.Validator
			proofs, err := v.Prove(context.Background(), d, tt.kind)
			require.NoError(t, err)
			var found []string
			for _, f := range append(v.Validate(d, tt.kind), proofs...) {
				found = append(found, f.Code+" at "+f.Path)
			}
			assert.Equal(t, tt.want, found)
		})
	}
}

// What takes more than the budget is not found.
func TestTheBudgetOfAProofIsTheValidators(t *testing.T) {
	d := policy.MustParse("policy.json", `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "lambda:GetFunction", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalTag/team": "a*b*c"}}},
		{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"}]}`)
	for budget, want := range map[int]int{0: 1, 1: 0} {
		found, err := (&validate.Validator{Budget: budget}).Prove(context.Background(), d, policy.Identity)
		require.NoError(t, err)
		assert.Len(t, found, want, "budget %d: %v", budget, found)
	}
}

func TestAFindingInOneLine(t *testing.T) {
	for want, f := range map[string]validate.Finding{
		"ERROR X: m":                    {},
		"p: ERROR X: m":                 {Source: "p"},
		"p:3: ERROR X: m":               {Source: "p", From: policy.Mark{Line: 3}},
		"p:3:4: ERROR X: m":             {Source: "p", From: policy.Mark{Line: 3, Column: 4}},
		"3:4: ERROR X: m":               {From: policy.Mark{Line: 3, Column: 4}},
		"t:3:4: R: ERROR X: m":          {Source: "t", Address: "R", Path: "Statement", From: policy.Mark{Line: 3, Column: 4}},
		"t:3: R: Statement: ERROR X: m": {Source: "t", Address: "R", Path: "Statement", From: policy.Mark{Line: 3}},
		"R: ERROR X: m":                 {Address: "R"},
	} {
		f.Type, f.Code, f.Message = validate.Error, "X", "m"
		assert.Equal(t, want, f.String())
	}
}

// Edits that touch are both applied.
func TestEditsSideBySideAreApplied(t *testing.T) {
	const text = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:GetBucketAcl", "s3:GetObject", "s3:Get*"], "Resource": "*"}}`
	mended, applied := validate.Apply(text, findings(t, "policy.json", text))
	assert.Len(t, applied, 2)
	assert.Equal(t, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:Get*"], "Resource": "*"}}`, mended)
}
