package iamtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/evaluator/iamtest"
)

func TestCanCall(t *testing.T) {
	const create = `[
		{"Effect": "Allow", "Action": ["lambda:CreateFunction", "lambda:TagResource"], "Resource": "*"},
		{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "` + execRole + `", "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}]`
	who := allowing(t, create).Given("aws:RequestedRegion", "us-east-1")
	trusted := iamtest.Resource{ARN: execRole, Policies: []string{"testdata/exec-trust.json"}}.Load(t)
	distrusted := iamtest.Resource{ARN: execRole, Policies: []string{
		`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}`}}.Load(t)
	const parameters = `{"FunctionName": "orders", "Role": "` + execRole + `", "Code": {"ZipFile": "UEsDBA=="}, "Tags": {"team": "red"}}`
	tagged := allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/team": "red"}}}`).Given("aws:RequestedRegion", "us-east-1")

	for name, tc := range map[string]struct {
		assert func(t iamtest.TestingT) bool
		says   []string
	}{
		"all that the call needs": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, who, "lambda:CreateFunction", parameters)
		}, nil},
		"the operation without its service": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, who, "CreateFunction", parameters)
		}, nil},
		"parameters of Go": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, who, "lambda:CreateFunction", map[string]any{
				"FunctionName": "orders", "Role": execRole, "Code": map[string]any{"ZipFile": "UEsDBA=="},
			})
		}, nil},
		"a role that Lambda can assume": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, who, "lambda:CreateFunction", iamtest.Call{Parameters: parameters, What: []iamtest.What{trusted}})
		}, nil},
		"a role that Lambda cannot assume": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, who, "lambda:CreateFunction", iamtest.Call{Parameters: parameters, What: []iamtest.What{distrusted}})
		}, []string{"does not let lambda.amazonaws.com assume it (G-8)"}},
		"keys of one authorization are not those of another": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, tagged, "lambda:CreateFunction", parameters)
		}, []string{"role/deploy cannot iam:PassRole"}},
		"another role": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, who, "lambda:CreateFunction", `{"FunctionName": "orders", "Role": "`+auditRole+`", "Code": {"ZipFile": "UEsDBA=="}}`)
		}, []string{"role/deploy cannot iam:PassRole", auditRole}},
		"what AWS has stored": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, allowing(t, `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}}`).Given("aws:RequestedRegion", "us-east-1"),
				"lambda:UpdateFunctionUrlConfig", iamtest.Call{Parameters: `{"FunctionName": "orders"}`, State: apicall.State{apicall.URLAuthType: {"AWS_IAM"}}})
		}, nil},
		"what AWS has stored is not said, and decides": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, allowing(t, `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}}`).Given("aws:RequestedRegion", "us-east-1"),
				"lambda:UpdateFunctionUrlConfig", `{"FunctionName": "orders"}`)
		}, []string{"lambda:FunctionUrlAuthType"}},
		"an operation that is none": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, who, "lambda:CreateFuncton", parameters)
		}, []string{`did you mean "lambda:CreateFunction"?`}},
		"a region that is not said": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, allowing(t, create), "lambda:CreateFunction", parameters)
		}, []string{`.Given("aws:RequestedRegion", "us-east-1")`}},
		"parameters that are no JSON": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, who, "lambda:CreateFunction", "orders")
		}, []string{"wrong parameter"}},
		"parameters of Go that are no JSON": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, who, "lambda:CreateFunction", map[string]any{"FunctionName": func() {}})
		}, []string{"unsupported type"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := new(recorder)
			assert.Equal(t, tc.says == nil, tc.assert(r))
			if tc.says == nil {
				assert.Empty(t, r.failures)
				return
			}
			requireFails(t, r, tc.says...)
		})
	}
}
