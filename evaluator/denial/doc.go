// Package denial reads what AWS says when it denies a request, and asks the
// engine the same question.
//
// [Parse] takes a text as people have it: the message alone, the exception as an
// SDK, the AWS CLI, Terraform or CloudFormation prints it, a whole log, a
// CloudTrail event or a batch of them, or what sts:DecodeAuthorizationMessage
// answers. It gives a [Denial] for each message:
//
//	denials, err := denial.Parse(text)
//
// A denial says who asked for what, and as much of the reason as AWS told.
// [Replay] puts the same request to an engine, with the policies that you have,
// and compares: does our decision agree with AWS's, which layer denied, and if
// ours allows, what AWS must know that we were not told.
//
//	replayed, err := denial.Replay(&engine, &denials[0], caller, target, request)
//
// [Decoded] goes the other way: it writes the decoded message of a scenario.
//
// # Limits
//
// A message tells little. It has no context keys, not the path of a role behind
// a session, often no reason, and sometimes only the name of the resource; a
// [Denial] is plain data, so that what you know can be filled in. An event tells
// more, and its keys go into [Denial.Context]; those which it does not hold, such
// as tags, stay unknown.
//
// Line breaks that a terminal or a narrow window put into a message are undone,
// also within ARNs. Where a message ends in an ARN and no reason follows, a break
// near its end cannot be told from the message's own; then the ARN is joined only
// if lines of equal width, or a hyphen or colon before the break, show that it
// goes on.
//
// Only English texts are read, which is all that AWS writes. An encoded message
// can be decoded by AWS alone: pass [Denial.EncodedMessage] to
// sts:DecodeAuthorizationMessage and parse the answer.
//
// A secret access key or session token in the text is taken out before anything
// is read, and [Denial.Notes] points it out.
package denial
