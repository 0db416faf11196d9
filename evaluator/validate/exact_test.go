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

func TestOfEditsThatOverlapTheFirstIsApplied(t *testing.T) {
	edit := func(from, to int, with string) validate.Finding {
		return validate.Finding{Edit: &validate.Edit{From: from, To: to, New: with}}
	}
	for name, tt := range map[string]struct {
		edits   []validate.Finding
		want    string
		applied []int
	}{
		"none":                             {[]validate.Finding{{}}, "abcdef", nil},
		"in the order of the text":         {[]validate.Finding{edit(4, 5, "E"), edit(0, 1, "A")}, "AbcdEf", []int{1, 0}},
		"side by side":                     {[]validate.Finding{edit(0, 2, ""), edit(2, 4, "-")}, "-ef", []int{0, 1}},
		"one within another":               {[]validate.Finding{edit(0, 4, "-"), edit(1, 2, "B")}, "-ef", []int{0}},
		"two of one beginning":             {[]validate.Finding{edit(1, 4, "-"), edit(1, 2, "B")}, "aBcdef", []int{1}},
		"one that ends in another":         {[]validate.Finding{edit(0, 3, "-"), edit(2, 4, "+")}, "-def", []int{0}},
		"to the end of the text":           {[]validate.Finding{edit(5, 6, "F")}, "abcdeF", []int{0}},
		"beyond the end of the text":       {[]validate.Finding{edit(5, 7, "F")}, "abcdef", nil},
		"two insertions at one place":      {[]validate.Finding{edit(0, 0, "1"), edit(0, 0, "2")}, "1abcdef", []int{0}},
		"an insertion at the beginning":    {[]validate.Finding{edit(0, 0, "1"), edit(0, 1, "A")}, "1Abcdef", []int{0, 1}},
		"an insertion behind another edit": {[]validate.Finding{edit(0, 1, "A"), edit(1, 1, "1")}, "Abcdef", []int{0}},
	} {
		t.Run(name, func(t *testing.T) {
			mended, applied := validate.Apply("abcdef", tt.edits)
			assert.Equal(t, tt.want, mended)
			var want []validate.Finding
			for _, i := range tt.applied {
				want = append(want, tt.edits[i])
			}
			assert.Equal(t, want, applied)
		})
	}
}

func TestWhatEditsMakeOfAText(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"actions side by side": {
			`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:GetBucketAcl", "s3:GetObject", "s3:Get*"], "Resource": "*"}}`,
			`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:Get*"], "Resource": "*"}}`},
		"the last of a list, with space around it": {
			"{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Deny\", \"Action\": [\"s3:Get*\" ,\n\t\"s3:GetObject\" ], \"Resource\": \"*\"}}",
			"{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Deny\", \"Action\": [\"s3:Get*\"  ], \"Resource\": \"*\"}}"},
		"the first of a list, with space behind its comma": {
			"{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Deny\", \"Action\": [ \"s3:GetObject\" ,\r\n \"s3:Get*\"], \"Resource\": \"*\"}}",
			"{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Deny\", \"Action\": [ \"s3:Get*\"], \"Resource\": \"*\"}}"},
		"a statement written twice": {
			`{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}`,
			`{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}`},
		"the Version, indented as the rest": {
			"{\n  \"Statement\": {\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\"}\n}",
			"{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": {\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\"}\n}"},
		"the Version behind space": {
			" {\"Statement\": {\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\"}}",
			" {\"Version\": \"2012-10-17\",\"Statement\": {\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\"}}"},
		"a Version of before, for a variable": {
			`{"Version": "2008-10-17", "Statement": {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}"}}`,
			`{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}"}}`},
		"no Version for what would then be no variable": {
			`{"Statement": {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:user name}"}}`,
			`{"Statement": {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:user name}"}}`},
		"a range of addresses": {
			`{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.7/24", "2001:db8::1/32"]}}}}`,
			`{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}}}}`},
		"names that are misspelt": {
			`{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": ["lambda:GetFunctions", "lamda:GetAlias"], "Resource": "*", "Condition": {"StringEquals": {"aws:usernam": "a", "aws:RequesTag/a": "a"}}}}`,
			`{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": ["lambda:GetFunction", "lambda:GetAlias"], "Resource": "*", "Condition": {"StringEquals": {"aws:username": "a", "aws:RequestTag/a": "a"}}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			mended, _ := validate.Apply(tt.text, findings(t, "policy.json", tt.text))
			assert.Equal(t, tt.want, mended)
		})
	}
}
