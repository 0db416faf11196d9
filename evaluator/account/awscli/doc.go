// Package awscli reads what the AWS CLI and the SDKs print into an
// [account.Builder].
//
//	aws iam get-account-authorization-details > iam.json
//	aws lambda list-functions                 > functions.json
//	aws lambda get-policy --function-name orders > policy-orders.json
//
// Files are told apart by what they hold and never by their names. A [Reader] reads any
// stream; package files reads files and folders.
//
// # What is read
//
// Of IAM: get-account-authorization-details, all that an account has; and for one
// role by hand get- and list- of users, groups, roles and policies with their
// inline, attached and versioned policies. Of Lambda: functions with versions,
// aliases, URLs, layers, tags and policies. Of AWS Organizations:
// describe-organization, list-roots, list-organizational-units-for-parent,
// list-accounts-for-parent, list-children, list-parents,
// list-policies-for-target, list-targets-for-policy, describe-policy; and one file
// of our own that has an organization as a whole. Policies of other resources: any
// answer {"Policy": …} whose statements name the resource.
//
// Documents are read as objects, JSON strings and percent-encoded strings, files
// as UTF-8 and UTF-16, with or without a byte order mark, and gzip. A file may
// have one answer, an array of pages, or JSON lines. The shapes that the types of
// the SDKs marshal to are the same.
//
// # Whose an answer is
//
// Some answers do not say of whom they are. There the end of the file's name does:
// policy-orders.json is of the function orders, scps-of-ou-ab12-cd34ef56.json of
// that organizational unit. An answer of which that cannot be said is an error
// that says how to name the file.
//
// # Nothing is lost quietly
//
// A page after which another follows, and none does, is an error unless the
// Builder is Partial. A member that is not known is a note of the snapshot. What is
// no answer is an error that says what it is. A function whose policy was not given
// has one that is not known.
//
// Files are read as streams: no more than one entity is held as text. Lists of
// instance profiles, which repeat each role, are gone over.
package awscli
