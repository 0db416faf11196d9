package apicall_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
)

var defaults = arn.Defaults{Partition: "aws", Region: "us-east-1", Account: "111122223333"}

func TestACallOfAFunctionURLNeedsTwoAuthorizations(t *testing.T) {
	for name, parameters := range map[string]string{
		"the function by name":             `{"FunctionName":"my-fn","AuthType":"NONE"}`,
		"the function by ARN":              `{"FunctionName":"arn:aws:lambda:us-east-1:111122223333:function:my-fn","AuthType":"NONE"}`,
		"the function by account and name": `{"FunctionName":"111122223333:function:my-fn","AuthType":"NONE"}`,
	} {
		t.Run(name, func(t *testing.T) {
			list, err := apicall.Authorizations(apicall.Call{Operation: "lambda:InvokeFunctionUrl", Parameters: []byte(parameters), Defaults: defaults}, evaluator.Options{})
			require.NoError(t, err)
			assert.Equal(t, []apicall.Authorization{
				{"lambda:InvokeFunctionUrl", "arn:aws:lambda:us-east-1:111122223333:function:my-fn", evaluator.Context{
					{Name: "lambda:FunctionUrlAuthType", Values: []string{"NONE"}},
					{Name: "lambda:FunctionArn", Values: []string{"arn:aws:lambda:us-east-1:111122223333:function:my-fn"}}}, true},
				{"lambda:InvokeFunction", "arn:aws:lambda:us-east-1:111122223333:function:my-fn", evaluator.Context{
					{Name: "lambda:InvokedViaFunctionUrl", Values: []string{"true"}}}, true},
			}, list)
		})
	}
}

func TestAnAliasMayStandInTheNameOrApart(t *testing.T) {
	for _, parameters := range []string{
		`{"FunctionName":"my-fn:prod","AuthType":"AWS_IAM"}`,
		`{"FunctionName":"my-fn","Qualifier":"prod","AuthType":"AWS_IAM"}`,
	} {
		list, err := apicall.Authorizations(apicall.Call{Operation: "lambda:InvokeFunctionUrl", Parameters: []byte(parameters), Defaults: defaults}, evaluator.Options{LegacyFunctionURL: true})
		require.NoError(t, err)
		require.Len(t, list, 1)
		assert.Equal(t, "arn:aws:lambda:us-east-1:111122223333:function:my-fn:prod", list[0].Resource)
	}
}

func TestAWrongCallSaysWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct {
		operation, parameters string
		is                    error
		says                  []string
	}{
		"an operation that is not known": {"lambda:Frobnicate", `{}`, apicall.ErrUnknownOperation, []string{`"lambda:Frobnicate"`}},
		"no parameters":                  {"lambda:InvokeFunctionUrl", ``, apicall.ErrParameter, []string{"FunctionName is missing", "AuthType is missing"}},
		"parameters that are no object":  {"lambda:InvokeFunctionUrl", `[1]`, apicall.ErrParameter, []string{"no JSON object"}},
		"a parameter of another type":    {"lambda:InvokeFunctionUrl", `{"FunctionName":7,"AuthType":"NONE"}`, apicall.ErrParameter, []string{"FunctionName is 7"}},
		"a parameter given twice":        {"lambda:InvokeFunctionUrl", `{"FunctionName":"f","AuthType":"NONE","AuthType":"AWS_IAM"}`, apicall.ErrParameter, []string{"AuthType is given twice"}},
		"an unknown parameter":           {"lambda:InvokeFunctionUrl", `{"FunctionName":"f","AuthType":"NONE","Payload":"x"}`, apicall.ErrParameter, []string{`"Payload"`}},
		"an unknown authentication":      {"lambda:InvokeFunctionUrl", `{"FunctionName":"f","AuthType":"none"}`, apicall.ErrParameter, []string{`"none"`}},
		"a version":                      {"lambda:InvokeFunctionUrl", `{"FunctionName":"f:3","AuthType":"NONE"}`, apicall.ErrParameter, []string{`"3"`}},
		"two qualifiers":                 {"lambda:InvokeFunctionUrl", `{"FunctionName":"f:a","Qualifier":"b","AuthType":"NONE"}`, apicall.ErrParameter, []string{`"b" contradicts`}},
		"a name that is none":            {"lambda:InvokeFunctionUrl", `{"FunctionName":"my fn","AuthType":"NONE"}`, apicall.ErrParameter, []string{"my fn"}},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := apicall.Authorizations(apicall.Call{Operation: tc.operation, Parameters: []byte(tc.parameters), Defaults: defaults}, evaluator.Options{})
			assert.Nil(t, list)
			assert.ErrorIs(t, err, tc.is)
			for _, text := range tc.says {
				assert.ErrorContains(t, err, text)
			}
		})
	}
}

func ExampleAuthorizations() {
	list, _ := apicall.Authorizations(apicall.Call{
		Operation:  "lambda:InvokeFunctionUrl",
		Parameters: []byte(`{"FunctionName": "orders", "AuthType": "NONE"}`),
		Defaults:   arn.Defaults{Partition: "aws", Region: "us-east-1", Account: "111122223333"},
	}, evaluator.Options{})
	for _, a := range list {
		fmt.Println(a.Action, "on", a.Resource)
	}
	// Output:
	// lambda:InvokeFunctionUrl on arn:aws:lambda:us-east-1:111122223333:function:orders
	// lambda:InvokeFunction on arn:aws:lambda:us-east-1:111122223333:function:orders
}
