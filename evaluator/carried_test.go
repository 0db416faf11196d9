package evaluator_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// What no request for an action has, no request can bring.
func TestKeysThatNoRequestForTheActionHasAreNotMissing(t *testing.T) {
	for name, c := range map[string]struct {
		statement           string
		missing, notCarried []string
	}{
		"a key that every request can have": {
			`"Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}`, []string{"aws:SourceVpc"}, nil,
		},
		"a key of another action": {
			`"Resource":"*","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}`, nil, []string{"lambda:FunctionUrlAuthType"},
		},
		"a key that the catalogue does not know": {
			`"Resource":"*","Condition":{"StringEquals":{"example:Key":"x"}}`, []string{"example:Key"}, nil,
		},
		"a parameter of a template that nobody put in": {
			`"Resource":"arn:aws:lambda:${AWS::Region}:111122223333:function:f"`, nil, []string{"AWS::Region"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			doc, err := policy.ParseString("p.json", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetFunction",`+c.statement+`}}`)
			require.NoError(t, err)
			x := (&evaluator.Engine{Catalog: catalog.Default()}).Explain(
				&evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/a"), Identity: evaluator.MustCompile(policy.Identity, doc)},
				&evaluator.Target{Resource: "arn:aws:lambda:us-east-1:111122223333:function:f"},
				&evaluator.Request{Action: "lambda:GetFunction"})
			assert.Equal(t, c.missing, x.Missing())
			assert.Equal(t, c.notCarried, x.NotCarried())
		})
	}
}

// Where AWS asks on an ARN, the request is wrong that names "*", and not the policy.
func TestNoHintNamesAllWhereAnARNIsNeeded(t *testing.T) {
	doc, err := policy.ParseString("p.json", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"arn:aws:lambda:us-east-1:111122223333:function:f"}}`)
	require.NoError(t, err)
	for action, hints := range map[string]int{"lambda:GetFunction": 0, "lambda:ListFunctions": 1} {
		x := (&evaluator.Engine{Catalog: catalog.Default()}).Explain(
			&evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/a"), Identity: evaluator.MustCompile(policy.Identity, doc)},
			&evaluator.Target{Resource: "*"}, &evaluator.Request{Action: action})
		require.True(t, x.Decision().Denied())
		assert.Len(t, x.Hints(), hints, action)
	}
}
