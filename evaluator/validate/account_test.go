package validate_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/validate"
)

// snapshot is what files have.
func snapshot(t testing.TB, given planned.Given, texts map[string]json.RawMessage) *account.Snapshot {
	t.Helper()
	b := account.New()
	b.Partial, b.Complete = true, account.ResourcePolicy|account.Versions|account.Aliases|account.URLs
	folder := fstest.MapFS{}
	for name, text := range texts {
		folder[name] = &fstest.MapFile{Data: text}
	}
	require.NoError(t, files.LoadFS(b, given, folder))
	s, err := b.Build()
	require.NoError(t, err)
	return s
}

// An accountCase has the files of an account, or a template, in which a code is found,
// and others like them in which it is not.
type accountCase struct {
	Code  string
	Found map[string]json.RawMessage
	Clean []map[string]json.RawMessage
}

func accountCases(t testing.TB) []accountCase {
	t.Helper()
	text, err := os.ReadFile("testdata/accounts.json")
	require.NoError(t, err)
	var list []accountCase
	require.NoError(t, json.Unmarshal(text, &list))
	require.NotEmpty(t, list)
	return list
}

// deployment is where templates go.
var deployment = planned.Given{Account: "111122223333", Region: "us-east-1", Stack: "s"}

func TestEveryCodeOfAccountsIsFoundWhereItIsMeantAndNotBesideIt(t *testing.T) {
	for _, c := range accountCases(t) {
		t.Run(c.Code, func(t *testing.T) {
			rule, known := validate.Explain(c.Code)
			require.True(t, known)
			found := inAccount(snapshot(t, deployment, c.Found))
			i := slices.Index(codes(found), c.Code)
			require.GreaterOrEqual(t, i, 0, "found: %v", found)
			assert.Equal(t, rule.Type, found[i].Type)
			assert.NotEmpty(t, found[i].Message)
			assert.Positive(t, found[i].From.Line, "a place: %v", found[i])
			assert.NotEmpty(t, found[i].Address)
			for i, clean := range c.Clean {
				assert.NotContains(t, codes(inAccount(snapshot(t, deployment, clean))), c.Code, "clean[%d]", i)
			}
		})
	}
}

// inAccount is all that is found in a snapshot.
func inAccount(s *account.Snapshot) []validate.Finding {
	var v validate.Validator
	return append(v.ValidateAccount(s), v.ProveAccount(context.Background(), s)...)
}

// open is a template of which the statements stand in one policy. It has two
// parameters.
const open = `
Parameters: {P: {Type: String}, Q: {Type: String}}
Conditions: {C: !Equals [!Ref Q, x]}
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      RoleName: r
      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: 2012-10-17
            Statement:
%s`

// What is found before a deployment is found after it, whatever the values are.
func TestFindingsBeforeADeploymentAreThoseAfterIt(t *testing.T) {
	const pass = `- {Effect: Allow, Action: iam:PassRole, Resource: "*"}`
	for sentence, c := range map[string]struct {
		statements []string
		want       []string // codes, found before
	}{
		"what is wrong for certain beside a value that is not known": {
			[]string{`- {Effect: Allow, Action: [lambda:InvokeFunctions, lambda:GetFunction, "lambda:Get*"], Resource: !Sub "arn:aws:lambda:us-east-1:111122223333:function:${P}"}`},
			[]string{"REDUNDANT_ACTION", "INVALID_ACTION"},
		},
		"a resource that may be a star":                   {[]string{`- {Effect: Allow, Action: iam:PassRole, Resource: !Ref P}`}, nil},
		"an action that may be anything":                  {[]string{`- {Effect: Allow, Action: [s3:GetObject, !Ref P], Resource: "arn:aws:sqs:us-east-1:111122223333:q"}`}, nil},
		"a condition that may restrict":                   {[]string{`- {Effect: Allow, Action: iam:PassRole, Resource: "*", Condition: {StringEquals: {"iam:PassedToService": !Ref P}}}`}, nil},
		"a condition key that may restrict":               {[]string{`- {Effect: Allow, Action: iam:PassRole, Resource: "*", Condition: !Ref P}`}, nil},
		"a statement that may be there":                   {[]string{`- !If [C, {Effect: Allow, Action: iam:PassRole, Resource: "*"}, !Ref AWS::NoValue]`}, nil},
		"one that may be there besides":                   {[]string{pass, `- !If [C, {Effect: Allow, Action: iam:PassRole, Resource: "*"}, !Ref AWS::NoValue]`}, []string{"PASS_ROLE_WITH_STAR_IN_RESOURCE"}},
		"an effect that is not known":                     {[]string{`- {Effect: !Ref P, Action: iam:PassRole, Resource: "*"}`}, nil},
		"a Deny that may take all":                        {[]string{`- {Effect: Allow, Action: [lambda:*, iam:PassRole], Resource: "*"}`, `- {Effect: Deny, Action: "*", Resource: "*", Condition: {Bool: {"aws:MultiFactorAuthPresent": !If [C, "false", "true"]}}}`}, []string{"PASS_ROLE_WITH_STAR_IN_RESOURCE"}},
		"an Allow that may be there":                      {[]string{`- {Effect: Allow, Action: "lambda:*", Resource: "*"}`, `- !If [C, {Effect: Allow, Action: iam:PassRole, Resource: "*"}, !Ref AWS::NoValue]`}, []string{"ESCALATION_THROUGH_LAMBDA", "SHARES_ANY_RESOURCE"}},
		"statements that differ in the rest":              {[]string{`- {Effect: Allow, Action: [s3:GetObject, !Ref P], Resource: "*"}`, `- {Effect: Allow, Action: [s3:GetObject, !Ref Q], Resource: "*"}`}, nil},
		"NotAction that may leave out more":               {[]string{`- {Effect: Allow, NotAction: [s3:GetObject, !Ref P], Resource: "*"}`}, nil},
		"a statement with a value that another covers":    {[]string{`- {Effect: Allow, Action: lambda:GetFunction, Resource: !Sub "arn:aws:lambda:us-east-1:111122223333:function:${P}"}`, `- {Effect: Allow, Action: "lambda:Get*", Resource: "arn:aws:lambda:*"}`}, []string{"COVERED_STATEMENT"}},
		"a statement with a value, written twice":         {[]string{`- {Effect: Allow, Action: s3:ListBucket, Resource: !Sub "arn:aws:s3:::b-${P}"}`, `- {Effect: Allow, Action: s3:ListBucket, Resource: !Sub "arn:aws:s3:::b-${P}"}`}, []string{"REDUNDANT_STATEMENT", "COVERED_STATEMENT"}},
		"an action that is none, in a statement in doubt": {[]string{`- !If [C, {Effect: Allow, Action: lambda:GetFunctions, Resource: "*"}, !Ref AWS::NoValue]`}, []string{"INVALID_ACTION"}},
		"a value within a list of resources":              {[]string{`- {Effect: Allow, Action: s3:GetObject, Resource: ["arn:aws:s3:::a/*", "arn:aws:s3:::a/b", !Sub "arn:aws:s3:::${P}/*"]}`}, []string{"REDUNDANT_RESOURCE"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			statements := ""
			for _, s := range c.statements {
				statements += "              " + s + "\n"
			}
			template := fmt.Sprintf(open, statements)
			given := deployment
			var found []string
			for _, f := range inAccount(snapshot(t, given, map[string]json.RawMessage{"t.yaml": []byte(template)})) {
				if f.Address == "R.Policies" {
					assert.Equal(t, "t.yaml", f.Source)
					assert.GreaterOrEqual(t, f.From.Line, 15, "%v", f)
					found = append(found, f.Code)
				}
			}
			assert.Equal(t, c.want, found)
			for _, p := range []string{"x", "*", "Deny", "s3:PutObject", "sqs:*", "iam:*", "arn:aws:iam::111122223333:role/r"} {
				for _, q := range []string{"x", "sqs:SendMessage"} {
					given.Parameters = map[string]string{"P": p, "Q": q}
					b := account.New()
					b.Partial = true
					require.NoError(t, files.LoadFS(b, given, fstest.MapFS{"t.yaml": {Data: []byte(template)}}))
					s, err := b.Build()
					if err != nil {
						continue // AWS would refuse the policy
					}
					after := codes(inAccount(s))
					for _, code := range found {
						assert.Contains(t, after, code, "P is %q, Q is %q", p, q)
					}
				}
			}
		})
	}
}
