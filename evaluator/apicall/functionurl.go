package apicall

import (
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
)

// functionURL is the call of a function URL. It is no operation of the API; it
// goes by the name of the first action that it needs.
const functionURL = "lambda:InvokeFunctionUrl"

// callFunctionURL: parameters FunctionName (a name or an ARN, with a
// qualifier or not), Qualifier, and AuthType, the URL's authentication. It
// needs two authorizations, each with its own keys (F-20, F-23); the second
// only where the URL is not exempt as an older one.
func callFunctionURL(p *parameters, d arn.Defaults, o evaluator.Options) []Authorization {
	name, qualifier, authType := p.required("FunctionName"), p.text("Qualifier"), p.required("AuthType")
	if authType != "" && authType != "NONE" && authType != "AWS_IAM" {
		p.fault("AuthType %q is neither NONE nor AWS_IAM", authType)
	}
	if name == "" {
		return nil
	}
	function, err := arn.ParseFunction(name, d)
	if err != nil {
		p.fault("FunctionName: %v", err)
		return nil
	}
	if qualifier != "" {
		if given := function.Qualifier(); given != "" && given != qualifier {
			p.fault("Qualifier %q contradicts FunctionName %q", qualifier, name)
		}
		function = function.WithQualifier(qualifier)
	}
	if q := function.Qualifier(); q != "" && strings.Trim(q, "0123456789") == "" {
		p.fault("FunctionName: a function URL has no version: %q", q) // F-25
	}
	resource := function.String()
	list := []Authorization{{
		Action: "lambda:InvokeFunctionUrl", Resource: resource,
		Context: evaluator.Context{
			{Name: "lambda:FunctionUrlAuthType", Values: []string{authType}},
			{Name: "lambda:FunctionArn", Values: []string{resource}},
		},
	}}
	list[0].Anonymous = authType == "NONE" // F-22
	if !o.LegacyFunctionURL {
		list = append(list, Authorization{
			Action: "lambda:InvokeFunction", Resource: resource,
			Context:   evaluator.Context{{Name: "lambda:InvokedViaFunctionUrl", Values: []string{"true"}}},
			Anonymous: authType == "NONE",
		})
	}
	return list
}
