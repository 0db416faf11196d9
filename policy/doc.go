// Package policy reads, checks, builds and writes the JSON documents of AWS
// IAM.
//
// For most uses, [Parse] the documents that you have, and give them to package
// evaluator, which checks each against its [Kind]:
//
//	doc, err := policy.Parse("deployer.json", text)
//	if err != nil {
//		return err // every fault, one a line: deployer.json:7:16: Statement[1].Action: …
//	}
//
// Parse takes the document alone; package read takes what the AWS CLI prints, too,
// and YAML, and package load files, folders and AWS managed policies.
//
// # Faults
//
// Parse is strict. It refuses what IAM refuses in a policy of any kind, and
// what a reader of the document would misunderstand: repeated keys, unknown
// elements and operators, wrong types, malformed variables. [Document.Check]
// adds what one kind of policy may not have: a Principal in an identity policy,
// a Resource in a role trust policy. Neither stops at the first fault, and
// neither asks whether an action or a condition key exists.
//
// Each fault is an [*Error] with line, column, path and [Code], all of them
// together are [Errors]:
//
//	var fault *policy.Error
//	errors.As(err, &fault)                  // the first
//	errors.Is(err, policy.Code("duplicate-key"))  // any of them
//
// # Documents
//
// A [Document] is plain data: read its fields, or write it as a literal, check
// it, and marshal it. Values know whether they were written as a string or as a
// list, and are written back so. A literal writes one value as a string.
// [Document.Position] finds an element of a parsed document in its text.
//
// [AddPermission] does to the policy of a Lambda function what the API call of
// that name does.
//
// # Policies of a request
//
// [Policies] are all policies of one request by [Slot], which is a [Layer] and a
// level: identity-based policies, two levels of service control policies.
//
//	policy.Policies{}.
//		With(policy.IdentityLayer.At(0), policy.Attached{Document: deployer, From: "group developers"}).
//		WithLevels(policy.SCPLayer, policy.Attach(root), policy.Attach(account))
//
// Package evaluator compiles them; package prove asks about all requests under
// them.
//
// # Limits
//
// A number or boolean in a condition is kept, and written back, as its text.
// White space, the order of elements, an empty Sid and an operator without keys
// are not kept. Quotas on the size of policies are not checked, beyond
// [DefaultMaxSize] and that of AddPermission. Of more than [MaxFaults] faults the
// others are counted.
package policy
