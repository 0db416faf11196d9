// Package managed has the AWS managed policies that Lambda's users meet, with
// every version that is known and its date: what a role was allowed to do in
// March 2021, and what a policy that is deprecated is replaced with.
//
// For most uses, take a policy by its name and its document as it is today:
//
//	p, err := managed.ByName("AWSLambda_FullAccess")
//	…
//	doc, err := p.Document("")
//
// [Policy.Document] takes a version too, "v1", and [Policy.AsOf] tells which
// version was in force at a time. [Policies] are all of them: those with Lambda
// in their name, those of job functions such as ViewOnlyAccess, general ones
// such as AdministratorAccess, ReadOnlyAccess, SecurityAudit and IAMFullAccess,
// and two that were deprecated on 2021-03-01, AWSLambdaFullAccess and
// AWSLambdaReadOnlyAccess. A deprecated policy works where it is attached, and
// can be attached nowhere else (K-1): [Policy.Attachable].
//
// Nothing is decoded before the first question; then some 300 KB stay in
// memory. All functions and methods may be called by several goroutines at once.
//
// # Limits
//
// The data is of the day that [Date] tells; AWS changes its policies weekly.
// Versions that were replaced within a day or two are missing, and so are most
// of the two deprecated policies. Of many versions since 2023 the date is not
// known: [Version] has the zero time, and AsOf an error where that matters. A
// version counts as in force from its date until the next one's, which is what
// AWS does unless it goes back to an older version. ARNs are those of the
// partition aws.
package managed

//go:generate go run ./generate
