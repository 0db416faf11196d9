// Package denial reads what AWS says when it denies a request, and asks the
// engine the same question.
//
// [Parse] takes a text as people have it: the message alone, the exception as an
// SDK, the AWS CLI, Terraform or CloudFormation prints it, the panel of AWS's
// console, a sentence in which a service says it in its own words, a whole log, a
// CloudTrail event or a batch of them, or what sts:DecodeAuthorizationMessage
// answers. It gives a [Denial] for each:
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
// # Cleaning
//
// Before anything is read, the text is freed of what is not its own: escapes of
// terminals, characters that are not seen, boxes, times and names that logs put
// before each line, Markdown, HTML, and the escapes of JSON, also within each
// other. Lines are counted in the text as it was given.
//
// # Services' own sentences
//
// "The provided execution role does not have permissions to call ReceiveMessage
// on SQS" names no caller and no resource, and means another caller than whoever
// sees it. services.json has such sentences, and what each stands for: who called,
// which actions, where to look, which policies of whom to bring. What is concluded
// is in [Denial.CalledBy] and the members beside it; its Form is [FromService].
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
