package law

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
)

// ResourcePattern is the Resource of a policy that names what a denial is about,
// and as little else as lasts. Variables says that the policy has them, so that
// characters can be escaped.
//
// A star in the ARN of a denial is AWS's own placeholder, as in
// "…:stack/app-dev/*" for a stack whose id is not known yet: the pattern has it as
// its star. Names of S3 objects alone may hold a star, and are escaped (B-19).
// CloudWatch Logs names a group with an empty stream, "…:log-group:g:log-stream:";
// the ARN of the group is "…:log-group:g:*".
func ResourcePattern(resource string, variables bool) string {
	fields := pattern.Split(resource)
	service := fields.Field(2)
	if group, ok := strings.CutSuffix(resource, ":log-stream:"); ok && service == "logs" {
		return ResourcePattern(group, variables) + ":*"
	}
	switch {
	case resource == "*" || !variables:
		return resource
	case !fields.IsARN() || service == "s3":
		return pattern.Escape(resource)
	}
	parts := strings.Split(resource, "*")
	for i := range parts {
		parts[i] = pattern.Escape(parts[i])
	}
	return strings.Join(parts, "*")
}

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

// LambdaPolicyHolds reports whether the policy of a Lambda resource can allow an
// action: of a function those of F-6; of the version of a layer
// lambda:GetLayerVersion (F-1); of other resources, which have no policy, none.
func LambdaPolicyHolds(resourceType, qualifier, action string) bool {
	service, name, _ := strings.Cut(action, ":")
	if !fold.Equal(service, "lambda") {
		return false
	}
	switch resourceType {
	case "function":
		return slices.ContainsFunc(functionPolicyActions, func(a string) bool { return fold.Equal(a, name) })
	case "layer":
		return qualifier != "" && fold.Equal(name, "GetLayerVersion")
	}
	return false
}
