// Package iamtest asserts in `go test` what principals can do and cannot, not
// what their policies look like. For most uses, load a role and ask:
//
//	func TestDeployRole(t *testing.T) {
//		deploy := iamtest.Role(t, "arn:aws:iam::123456789012:role/deploy", "deploy-role.json")
//
//		iamtest.Can(t, deploy, "lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:123456789012:function:orders")
//		iamtest.Cannot(t, deploy, "lambda:DeleteFunction", "arn:aws:lambda:us-east-1:123456789012:function:orders")
//	}
//
// The manners are testify's: t comes first, the answer is a bool, and a message
// may follow. [Require] makes of any assertion one that stops the test. Neither
// testify nor the package testing comes along; any test framework will do whose
// test has Errorf.
//
// # Who and what
//
// [Role] and [User] take the principal's own policies, [Principal] takes
// everything that follows it: groups, permissions boundary, session policies,
// service control policies, tags. [Function] and [Resource] load a resource
// with its own policies; one that has none goes by its ARN. A policy is the
// path of a file or a folder, a document, or the ARN or the name of an AWS managed
// policy (package load). [Account] loads all principals and functions of accounts
// from what the AWS CLI printed.
//
// # What is asserted
//
// [Can], [Cannot], [ExplicitlyDenied] and [DeniedBy] take one action or
// several, on one resource or several, and report all that is not as it should
// be at once. A pattern of actions stands for those of the catalogue that work
// on the resource. [CannotAny] asks about whatever resources there may be.
// [CanPassRole] says which service gets the role; [CanCall] asks for all that
// one API call needs. [Allowed] and [Denied] take the engine's own values. A
// [Matrix] is a table of access that people review.
//
// [NoMoreThan], [NoNewAccess] and [NotPublic] are proved for all requests that
// there can be, with whatever context, whoever has the policies.
//
// # A typo fails
//
// An assertion holds only on a definite outcome. It fails, and says what to
// write, where AWS has no such request: the catalogue knows no such
// action, the resource is none of the action's, has a star in its name, or a
// partition, region or account that is none, the context key is unknown, never
// comes with the action, has a value of another type, or contradicts the
// principal and the resource. And it fails where the decision depends on what the
// test does not say: a key that every request has, aws:SourceIp (which only
// requests through a VPC endpoint lack) and aws:SourceVpc, aws:SourceVpce and
// aws:VpcSourceIp (which they alone have), a key of the action's own such as
// iam:PassedToService, what a session of a role has without anybody knowing the
// value, such as aws:MultiFactorAuthPresent, and for services aws:SourceArn and
// aws:SourceAccount. [Who.Given] says it; without values it says that the
// request has no such key. All other keys, and tags, are absent where they are
// not given.
//
// Every role has a trust policy and every key a key policy. Where neither is
// loaded, the denial of assuming the role or using the key is definite only if
// it stands whatever the policy says (L-7).
//
// # Default context
//
// A request has these keys if the test does not give them:
//
//	aws:SecureTransport  true
//	aws:ViaAWSService    false
//	aws:RequestedRegion  of the ARN; us-east-1 for global services such as IAM
//	aws:CurrentTime      when the principal was loaded
//	aws:EpochTime        the same
//
// # Failures
//
// A failure says what is so and why: the decision, the statement that decided
// with file, line and column, the statement that came nearest and what kept it
// from applying, the keys that were missing, in at most eight lines; `go test
// -v` shows all of it. The text is free to change.
//
// # Coverage
//
// A [Coverage] counts which statements, actions and conditions of the policies
// ever decided anything, and [Coverage.Run] reports it at the end of `go test`.
//
// # Limits
//
// Decisions are those of package evaluator, with its limits. Which actions,
// resource types and context keys there are is known as of the catalogue's
// date: an action that is newer fails the assertions about it. A "*" of
// CannotAny stands for resources of the principal's account.
package iamtest
