// Package scenario reads and answers scenarios: JSON that holds one request, the
// policies that may apply to it, and what is expected. It is for tests that are
// data, for people who do not write Go, and for programs in other languages.
//
// # Scenarios
//
// A scenario is one JSON object, in a file of its own or on a line of JSON lines:
//
//	{
//	  "name": "mateo may not read my-function",
//	  "request": {
//	    "principal": "arn:aws:iam::123456789012:user/mateojackson",
//	    "action": "lambda:GetFunction",
//	    "resource": "arn:aws:lambda:us-east-1:123456789012:function:my-function",
//	    "context": {"aws:SourceIp": "203.0.113.9"}
//	  },
//	  "policies": {"identity": ["deployer.json"]},
//	  "want": "implicitDeny"
//	}
//
// A policy is a path from the scenario's folder on, within the root ([Reader]), a
// document, or an object with "name", "arn" and "document". A file, and a document
// that stands in the scenario, may be in any form that package read knows, such as
// what the AWS CLI prints; a folder stands for all policies in it (package load).
// An AWS managed policy is its ARN or name, or an object
// with "managed" (name or ARN) and, for another version than today's, "version"
// ("v1") or "asOf" ("2021-02-01"); package managed tells which it has. The slots
// are identity, boundary, session, resource, resources, scp, rcp and endpoint; scp and rcp
// hold levels, root first. A slot that is missing, null or [] does not exist;
// [[]] in scp is a level that allows nothing. What is wanted is a decision,
// "denied" for either kind of deny, or an object of which every member must hold.
// [Scenario] and the types in it document each member; schema/scenario.json is a
// JSON Schema of scenarios and suites, schema/decision.json of answers, and
// schema/denied.json of what the command denied prints. A
// "$schema" member is passed over.
//
// The lists "actions" and "resources" in the place of action and resource make
// a scenario of each pair, which the name of its answer ends with.
//
// A "call" in the place of action and resource asks for one call of an API, with
// every authorization that it needs (package apicall):
//
//	"call": {
//	  "operation": "lambda:CreateFunction",
//	  "parameters": {"FunctionName": "orders", "Role": "arn:aws:iam::111122223333:role/orders", …},
//	  "state": {"vpcOfSubnets": "vpc-1"},
//	  "resources": {"arn:aws:kms:…": {"account": "444455556666", "tags": {"team": "red"}}}
//	}
//
// The parameters are those of the AWS CLI's --cli-input-json; the region is that
// of aws:RequestedRegion, the account the caller's. "state" tells what AWS has
// stored, "resources" the owner and the tags of resources. What request and
// policies say of the resource is said of the one that the first authorization
// is about; the policies of the others (of layers, keys, and roles, whose trust
// policies are preconditions) are in the slot "resources", by ARN. A tag or a
// state that is not given is not known, and may leave the decision indeterminate.
//
// A suite is {"defaults": {…}, "cases": [scenario, …]}. A case is laid over the
// defaults: each member of request and policies replaces the whole member of the
// defaults, but for the members of context, which are laid over one by one. Null
// takes away what the defaults have.
//
// An "options" member settles what AWS does not document, as [evaluator.Options]
// does: legacyFunctionUrl, scpImplicitAsExplicit, style (full, noReason or
// noResource, which is MessageStyle), notPrincipalNeedsAccount (true unless given;
// false is NotPrincipalIgnoresAccount) and policyArn (true unless given; false is
// OmitPolicyARN). "catalog": false says that names which the catalogue does not
// know are right; without it they make a scenario that wants something fail.
//
// Reading is strict: an unknown or repeated member, a value of the wrong type, a
// policy that is missing or has a fault is an error with its file, line and
// column.
//
// # Default context
//
// A request has, unless it says otherwise: aws:SecureTransport true,
// aws:ViaAWSService false, and aws:RequestedRegion of the ARN, or us-east-1 for
// global services such as IAM. aws:CurrentTime and aws:EpochTime are present with
// a value that is not known; aws:SourceIp, aws:SourceVpc, aws:SourceVpce and
// aws:VpcSourceIp are unknown: a decision that depends on one is indeterminate, and
// missingContext names it. A key that is given wins; an empty array says that the
// request does not have it. With the option "defaultContext": false the context is
// exactly what is written, and what follows from the principal and the resource.
//
// # Answers
//
// For most uses, range over [Files] and give each scenario to
// [Evaluator.Evaluate]:
//
//	var e scenario.Evaluator
//	for s, err := range scenario.Files(os.Stdin, "testdata") {
//		result := scenario.Failed(s, err)
//		if err == nil {
//			result = e.Evaluate(s)
//		}
//		…
//	}
//
// A [Result] marshals to the JSON that other programs read: name; decision
// (allowed, explicitDeny, implicitDeny, indeterminate, invalid); deniedBy
// (identity, resource, trust, boundary, session, scp, rcp, endpoint, rule);
// statements that decided; missingContext; diagnostics; message; authorizations
// of a call, with effect (required, responseOnly, possible), when and confidence
// (high, medium, low); its preconditions, which do not affect the decision; pass and mismatch where something is wanted; error.
//
// # Limits
//
// A file, or a line of JSON lines, has at most 64 MiB, a policy 1 MiB. JSON lines
// are read as a stream; a suite is held in memory.
package scenario
