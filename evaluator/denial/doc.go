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
// # What else the call needs
//
// AWS names one authorization at a time. [Denial.Call] is the API call behind a
// denial, as far as the text tells it, and [Parser.Plan] what that needs.
//
// # Format
//
// iamsim denied --output json prints one object a line, for each denial in the
// text's order; schema/denied.json of package scenario is its JSON Schema. Names
// and meanings of members are stable, and further ones may come. What is not known
// is absent. Its members:
//
//	denial       what AWS said: see [Denial.MarshalJSON]
//	causes       what often is behind such a denial: code, text, source
//	agreement    agrees, deniesOtherwise, undecided or allows: see [Agreement]
//	unknown      what AWS knew and iamsim was not told, the likeliest first: layer or key, text
//	explanation  iamsim's answer to the same request: see report.JSON
//	fix          the smallest change that allows it: see fix.Fix
//	fixes        in its place, one for each service that a role may have been passed to
//	call         what the whole call needs: operation, missing parameters, authorizations
//	error        in the place of agreement and explanation: why iamsim was not asked
//	needed       what to give then, flag by flag
//	lookUp       the command that finds the request's event in CloudTrail
//
// An authorization of the call has action, resource (or resourceBegins, and the
// parameter that has the rest), effect (required, possible, responseOnly), when it
// is asked, confidence, denied for the one that AWS denied, decision, deniedBy, and
// a fix where the policies deny it for certain. What could not be read is an object
// of its own, behind the others:
//
//	notUnderstood  line, problem, recognised, and next: what to do now
//
// The exit status is 0 where iamsim agrees, 1 where it does not, 2 where something
// was not understood or input is wrong, 3 where something is missing.
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
