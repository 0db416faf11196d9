// Package apicall tells which authorizations a call of an AWS API needs, and
// decides all of them.
//
// One call can need several, and all must be allowed: lambda:CreateFunction asks
// for lambda:CreateFunction on the function, iam:PassRole on its role,
// lambda:GetLayerVersion on each layer, and more, each with context keys of its
// own (D-5, F.3). For most uses, give [Evaluate] the call and whoever makes it:
//
//	result, err := apicall.Evaluate(&engine, &caller, apicall.Call{
//		Operation:  "lambda:CreateFunction",
//		Parameters: []byte(`{"FunctionName": "orders", "Role": "arn:aws:iam::111122223333:role/orders", …}`),
//		Defaults:   arn.Defaults{Region: "us-east-1", Account: "111122223333"},
//	}, targetOf)
//
// [Call.Plan] lists what is asked, and what must be there beside:
// a role that is passed must let the service assume it (G-8).
//
// # Parameters
//
// They are the JSON object that the AWS CLI takes (--cli-input-json): its members
// have the names of the API, and every one is checked. What the CLI's skeleton
// (--generate-cli-skeleton) fills in for nothing counts as not given: null, the
// empty string, a list or an object without anything in it, and the tag
// {"KeyName": ""}. A function may be a name, function:name, account:function:name or an
// ARN, each with :qualifier or not (B-36).
//
// # State
//
// Some of what AWS asks depends on what it has stored: tags of a resource, the
// AuthType of a function URL, the function of an event source mapping. [State] and the
// targets tell it. What they do not tell is not known, never absent: a decision
// that depends on it is [evaluator.Indeterminate], and a diagnostic says what to
// give.
//
// # Limits
//
// It knows every operation of the Lambda API as of October 2026 (clients lambda,
// lambda-core and lambda-microvms), those of STS, and two calls that are no operations:
// lambda:InvokeFunctionUrl, the request to a function URL, and
// lambda:EnableReplication, the association of a function with CloudFront. What a
// service later asks of a function's execution role (to reach a VPC, to poll a
// queue) is no authorization of the caller and not in a plan. The order of
// authorizations is that of AWS's documents; which one AWS reports first is not
// documented (F-31). Facts that are less than certain say so: [Confidence].
package apicall
