// Package account is who and what there is in AWS accounts: users, groups and
// roles with their policies, Lambda functions with versions, aliases and URLs,
// resources with policies of their own, and the organization with its service
// and resource control policies by level. It makes callers and targets of them
// for package evaluator.
//
// A reader, such as package awscli, puts what it finds into a [Builder], and
// [Builder.Build] makes a [Snapshot] of it:
//
//	b := account.New()
//	b.AddIdentity(account.Identity{ARN: "arn:aws:iam::123456789012:role/deploy", …})
//	snapshot, err := b.Build()
//	role, err := snapshot.Principal("role/deploy")
//	caller, err := role.Caller()
//
// A snapshot is immutable, and any number of goroutines may share it.
// [Snapshot.With] gives a changed one, "as if this policy were attached", that
// shares with it what is the same.
//
// # What is not known
//
// Absent and not known are never the same thing. Each entity says which [Part]s
// of it were read, in its field Known: a function whose Known lacks
// [ResourcePolicy] has a policy that nobody asked AWS for, and one whose Known
// has it, and Policy is nil, has none. What is not known is a [Gap]. Callers and
// targets that have gaps come with an error that joins them and wraps
// [ErrUnknown]; what is known stands beside it.
//
// A reference that leads nowhere (a group, a managed policy, a boundary, an
// execution role, a parent, an SCP) is an error of Build that names both ends and
// wraps [ErrDangling]. With [Builder.Partial] it is a gap.
//
// # Sharing
//
// Documents are interned by their text, and sets by their documents: ten
// thousand roles with one policy parse and compile it once. A set is compiled
// when it is first asked for.
package account
