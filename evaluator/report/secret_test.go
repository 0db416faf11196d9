package report_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/report"
	"github.com/iamsim/iamsim/policy"
)

// A secret access key in any input is in no rendering.
func TestNoRenderingShowsASecret(t *testing.T) {
	const key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	doc, err := policy.ParseString("policy.json", `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/key":"`+key+`"}}},
		{"Effect":"Deny","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"aws:UserAgent":"`+key+`"}}}]}`)
	require.NoError(t, err)
	set, err := evaluator.Compile(policy.Identity, policy.Attached{Document: doc, Name: key, From: key})
	require.NoError(t, err)
	caller := evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"), Identity: set}
	for name, r := range map[string]evaluator.Request{
		"compared":   {Action: "lambda:ListFunctions", Context: evaluator.Context{{Name: "aws:PrincipalTag/key", Values: []string{"x"}}, {Name: "aws:UserAgent", Values: []string{"y"}}}},
		"decided":    {Action: "lambda:ListFunctions", Context: evaluator.Context{{Name: "aws:UserAgent", Values: []string{key}}}},
		"the action": {Action: key},
	} {
		t.Run(name, func(t *testing.T) {
			x := evaluator.Explain(&caller, &evaluator.Target{Resource: "*"}, &r)
			for kind, write := range renderings {
				var b strings.Builder
				require.NoError(t, write(&b, report.Options{Title: key, Complete: true}, x))
				assert.NotContains(t, b.String(), key[:20], kind)
				assert.Contains(t, b.String(), "not shown", kind)
			}
		})
	}
}
