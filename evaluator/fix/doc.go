// Package fix finds the smallest change that allows a denied request and no
// more: a statement to add, a value to add to one that is there, an exception
// to a Deny.
//
//	f, err := fix.For(ctx, &fix.Denied{
//		Caller: evaluator.Caller{
//			Principal: evaluator.User("arn:aws:iam::123456789012:user/mateojackson"),
//			Identity:  evaluator.MustCompile(policy.Identity, deployer),
//		},
//		Target:  evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:function:my-function"},
//		Request: evaluator.Request{Action: "lambda:GetFunction"},
//		Catalog: catalog.Default(),
//	})
//	fmt.Print(f)
//
// A [Fix] has one [Change] for each layer that must change, and all are needed
// together: across accounts one on each side (E-30), for a level of service
// control policies without Allow one at that level (E-5). Each has the statement
// as it is to be and the whole document after it.
//
// # Small, and no more
//
// The request is its caller, its action and its resource: a fix names these
// three, and of the context only what AWS gives for the purpose. iam:PassRole
// gets the one role and the one service (G-5), a service that calls for a
// resource gets that resource and its account (F-3), a qualified ARN of a Lambda
// function stays qualified (B-31). A session is named by its role, since the next
// one has another name. A star that AWS put in the place of a name stays a star.
//
// A statement that lacks one value gets it, if all its other elements have the
// request's value alone. Otherwise there is a new statement, in a policy that
// nobody else has: managed policies and those of groups are left alone.
//
// Every change is replayed: only what makes the evaluator allow the request is
// shown, and only what AWS takes: the policy of a layer holds one action (F-1).
// And it is tried on other requests, see [Change.Tried]: all actions of
// the service in the catalogue, resources like this one and all that the
// policies name, other callers where a policy is shared. What could not be
// avoided stands in [Change.Beyond]. With a prover it is proved, for all
// requests, where that is possible: [Change.Proved].
//
// # What a fix does not do
//
// It never takes a Deny away. A Deny that applies is somebody's guardrail; the
// change says whose, and is a proposal to its owner ([Change.Proposal]): the
// same Deny for all other callers, for all other resources, for all other
// actions. A condition that keeps an Allow from applying is treated alike. Often
// the request is what should change: [Fix.Alternatives] are context keys that
// it could bring, such as MFA.
//
// What no policy allows has no changes but a reason, and what to do instead: a
// role of another account cannot be passed (G-4), no grant reaches another
// partition (B-43).
//
// # Limits
//
// Smallest is meant by number of statements and of values, not of characters. A
// policy is not made longer than AWS takes; how many it takes is not counted. The fix is for the policies that are given: one that
// was not given may deny too. An identity-based policy is put into a policy of
// the caller's own; that an organization manages rights otherwise it cannot
// know. Exceptions to one action of a whole service need the catalogue. Texts in
// Why, Owner, Beyond, How, Reason and Instead are free to change; everything else
// is stable.
//
// For is a pure function of its arguments: the same input gives the same fix, and
// goroutines may share the input as long as nobody changes it.
package fix
