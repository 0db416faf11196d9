package law

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
)

// functionPolicyActions are the actions that the resource-based policy of a Lambda
// function can hold (F-6), with those on function URLs, which AWS shows in such
// policies.
var functionPolicyActions = strings.Fields(`
	CreateAlias CreateFunctionUrlConfig DeleteAlias DeleteFunction DeleteFunctionConcurrency DeleteFunctionEventInvokeConfig
	DeleteFunctionUrlConfig DeleteProvisionedConcurrencyConfig GetAlias GetFunction GetFunctionConcurrency GetFunctionConfiguration
	GetFunctionEventInvokeConfig GetFunctionUrlConfig GetPolicy GetProvisionedConcurrencyConfig InvokeAsync InvokeFunction
	InvokeFunctionUrl ListAliases ListFunctionEventInvokeConfigs ListFunctionUrlConfigs ListProvisionedConcurrencyConfigs ListTags
	ListVersionsByFunction PublishVersion PutFunctionConcurrency PutFunctionEventInvokeConfig PutProvisionedConcurrencyConfig
	TagResource UntagResource UpdateAlias UpdateFunctionCode UpdateFunctionConfiguration UpdateFunctionEventInvokeConfig
	UpdateFunctionUrlConfig`)

// FunctionPolicyHolds reports whether the policy of a Lambda function can allow an
// action.
func FunctionPolicyHolds(action string) bool {
	service, name, _ := strings.Cut(action, ":")
	return fold.Equal(service, "lambda") && slices.ContainsFunc(functionPolicyActions, func(a string) bool { return fold.Equal(a, name) })
}
