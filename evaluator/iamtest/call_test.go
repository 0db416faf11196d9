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
		"a tag that is given and that the parameters do not have": {func(t iamtest.TestingT) bool {
			who := allowing(t, `[
				{"Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/team": "red"}}},
				{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}]`)
			return iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1").Given("aws:RequestTag/team", "red"), "lambda:CreateFunction",
				`{"FunctionName": "orders", "Role": "`+execRole+`", "Code": {"ZipFile": "UEsDBA=="}}`)
		}, []string{"aws:RequestTag/team", "no authorization of lambda:CreateFunction has it"}},
		"a key that the call does not have": {func(t iamtest.TestingT) bool {
			who := allowing(t, `[
				{"Effect": "Allow", "Action": ["lambda:CreateFunction", "iam:PassRole"], "Resource": "*"},
				{"Effect": "Deny", "Action": "lambda:CreateFunction", "Resource": "*", "Condition": {"Null": {"lambda:VpcIds": "false"}}}]`)
			return iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1"), "lambda:CreateFunction",
				`{"FunctionName": "orders", "Role": "`+execRole+`", "Code": {"ZipFile": "UEsDBA=="}}`)
		}, nil},
		"tags of a resource that the action does not look at": {func(t iamtest.TestingT) bool {
			who := allowing(t, `[
				{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"},
				{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "red"}}}]`)
			role := iamtest.Resource{ARN: execRole, Tags: map[string]string{"team": "red"}}.Load(t)
			return iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1"), "lambda:CreateFunction", iamtest.Call{Parameters: parameters, What: []iamtest.What{role}})
		}, []string{"iam:PassRole"}},
		"a resource that the parameters show in part": {func(t iamtest.TestingT) bool {
			who := allowing(t, `[
				{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"},
				{"Effect": "Deny", "Action": "lambda:*", "Resource": "arn:aws:lambda:*:*:function:secret*"}]`)
			return iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1"), "lambda:SendDurableExecutionCallbackSuccess", `{"CallbackId": "c-1"}`)
		}, []string{"the rest of the resource", `State: apicall.State{"durableExecutionArn": {"…"}}`}},
		"and is said": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, allowing(t, `{"Effect": "Allow", "Action": "lambda:*", "Resource": "arn:aws:lambda:*:*:function:orders*"}`).Given("aws:RequestedRegion", "us-east-1"),
				"lambda:SendDurableExecutionCallbackSuccess", iamtest.Call{Parameters: `{"CallbackId": "c-1"}`, State: apicall.State{
					apicall.DurableExecutionARN: {"arn:aws:lambda:us-east-1:123456789012:function:orders:1/durable-execution/e/1"},
				}})
		}, nil},
		"a role passed in the region of the call": {func(t iamtest.TestingT) bool {
			who := allowing(t, `[{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"},
				{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}]`)
			return iamtest.CanCall(t, who, "lambda:UpdateFunctionConfiguration", `{"FunctionName": "arn:aws:lambda:eu-west-1:123456789012:function:orders", "Role": "`+execRole+`"}`)
		}, []string{"role/deploy cannot iam:PassRole"}},
		"a role passed in the one region that is allowed": {func(t iamtest.TestingT) bool {
			who := allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}`)
			return iamtest.CanCall(t, who, "lambda:UpdateFunctionConfiguration", `{"FunctionName": "arn:aws:lambda:eu-west-1:123456789012:function:orders", "Role": "`+execRole+`"}`)
		}, nil},
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
		"tags of the function whose alias is called": {func(t iamtest.TestingT) bool {
			who := allowing(t, `[
				{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"},
				{"Effect": "Deny", "Action": "lambda:*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/stage": "frozen"}}}]`)
			frozen := iamtest.Resource{ARN: orders, Tags: map[string]string{"stage": "frozen"}}.Load(t)
			return iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1"), "lambda:Invoke", iamtest.Call{
				Parameters: `{"FunctionName": "orders", "Qualifier": "prod"}`, What: []iamtest.What{frozen}})
		}, []string{"cannot lambda:InvokeFunction", orders + ":prod", "explicitDeny(identity)"}},
		"a policy of the function whose alias is called": {func(t iamtest.TestingT) bool {
			who := allowing(t, `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}`)
			function := iamtest.Function(t, orders, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "lambda:*", "Resource": "`+orders+`:*"}}`)
			return iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1"), "lambda:Invoke", iamtest.Call{
				Parameters: `{"FunctionName": "orders", "Qualifier": "prod"}`, What: []iamtest.What{function}})
		}, []string{"cannot lambda:InvokeFunction", "explicitDeny(resource)"}},
		"a resource that the call does not ask for": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, who, "lambda:CreateFunction", iamtest.Call{Parameters: parameters, What: []iamtest.What{iamtest.Function(t, payments), trusted}})
		}, []string{`the call asks nothing of "` + payments + `", which stands in What; did you mean "` + orders + `"?`}},
		"a call in another region than its function": {func(t iamtest.TestingT) bool {
			who := allowing(t, `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}`)
			return iamtest.CanCall(t, who.Given("aws:RequestedRegion", "eu-west-1"), "lambda:GetFunction", `{"FunctionName": "`+orders+`"}`)
		}, []string{`context key "aws:RequestedRegion" is given as "eu-west-1"`, "is asked in us-east-1"}},
		"a role is passed in the region of the call": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, who.Given("aws:RequestedRegion", "eu-west-1"), "lambda:CreateFunction", parameters)
		}, nil},
		"a key policy that is not loaded": {func(t iamtest.TestingT) bool {
			who := allowing(t, `{"Effect": "Allow", "Action": ["lambda:*", "iam:PassRole", "kms:*"], "Resource": "*"}`).Given("aws:RequestedRegion", "us-east-1")
			return iamtest.CanCall(t, who, "lambda:CreateFunction", `{"FunctionName": "orders", "Role": "`+execRole+`", "Code": {"ZipFile": "UEsDBA=="}, "KMSKeyArn": "`+key+`"}`)
		}, []string{"is not settled for kms:Encrypt on " + key + ": its key policy is not loaded"}},
		"an authorization that AWS may ask for, by what the state says": {func(t iamtest.TestingT) bool {
			who := allowing(t, `[{"Effect": "Allow", "Action": ["lambda:*", "cloudfront:*"], "Resource": "*"}]`)
			return iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1"), "lambda:EnableReplication", `{"FunctionName": "orders", "Version": "3"}`)
		}, []string{"cannot iam:CreateServiceLinkedRole"}},
		"an authorization that AWS does not ask for, by the state": {func(t iamtest.TestingT) bool {
			who := allowing(t, `[{"Effect": "Allow", "Action": ["lambda:EnableReplication*", "lambda:GetFunction", "cloudfront:*"], "Resource": "*"}]`)
			return iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1"), "lambda:EnableReplication", iamtest.Call{
				Parameters: `{"FunctionName": "orders", "Version": "3"}`, State: apicall.State{apicall.ServiceLinkedRoleMissing: {"false"}}})
		}, nil},
		"tags of the function, which the action does not see where the function is another": {func(t iamtest.TestingT) bool {
			who := allowing(t, `[
				{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"},
				{"Effect": "Deny", "Action": "lambda:*", "Resource": "*", "Condition": {"Null": {"aws:ResourceTag/stage": "false"}}}]`)
			return iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1"), "lambda:GetFunction", `{"FunctionName": "orders"}`)
		}, nil},
		"a resource of another service that has a qualifier, and what it is of": {func(t iamtest.TestingT) bool {
			layer := iamtest.Resource{ARN: "arn:aws:lambda:us-east-1:123456789012:layer:log", Policies: nil}.Load(t)
			who := allowing(t, `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}`)
			return iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1"), "lambda:GetLayerVersion", iamtest.Call{Parameters: `{"LayerName": "log", "VersionNumber": 3}`, What: []iamtest.What{layer}})
		}, []string{`the call asks nothing of "arn:aws:lambda:us-east-1:123456789012:layer:log"`}},
		"another wrong parameter where the region is said": {func(t iamtest.TestingT) bool {
			return iamtest.CanCall(t, who, "lambda:GetFunction", `{}`)
		}, []string{"FunctionName is missing"}},
		"a star in the name of an object is a character": {func(t iamtest.TestingT) bool {
			who := allowing(t, `{"Effect": "Allow", "Action": ["lambda:*", "s3:GetObject"], "Resource": "*"}`)
			return iamtest.CanCall(t, who.Given("aws:RequestedRegion", "us-east-1"), "lambda:UpdateFunctionCode", `{"FunctionName": "orders", "S3Bucket": "artifacts", "S3Key": "orders-*.zip"}`)
		}, nil},
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
