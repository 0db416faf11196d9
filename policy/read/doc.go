// Package read reads policies as people have them: saved from the AWS CLI, in a
// string, percent-encoded, as YAML, a list of statements, in UTF-16. [policy.Parse]
// takes the document alone.
//
//	found, err := read.Policy("orders.json", text) // {"Policy": "{\"Version\": …}", "RevisionId": "…"}
//	…
//	doc := found.Document
//
// What was taken off on the way to the document is in [Found], with the kind of
// policy where that says it. Lines and columns, in errors and of
// [policy.Document.Position], are those of the text that was given.
//
// The document itself is read as strictly as ever. A text that is something else,
// such as a template, a plan or an event, is an error that names it and says what
// to do.
//
// # What is read
//
//   - what the AWS CLI prints for one policy: get-role-policy, get-user-policy,
//     get-group-policy, get-policy-version and get-role of iam; get-policy,
//     get-resource-policy and get-layer-version-policy of lambda; the likes of
//     s3api get-bucket-policy, kms get-key-policy, sqs get-queue-attributes, sns
//     get-topic-attributes, secretsmanager get-resource-policy, ecr
//     get-repository-policy and organizations describe-policy
//   - an object with a PolicyDocument or an AssumeRolePolicyDocument
//   - a document as a JSON string, or percent-encoded (a plus sign is one)
//   - a list of statements, or one statement, to which Version 2012-10-17 is added
//   - YAML of all these; dates are the strings that they look like
//   - UTF-8 with a byte order mark, and UTF-16
package read
