// Package evaluator decides what AWS IAM would decide: whether a caller may
// perform an action on a resource, given the policies of both.
//
// For most uses, parse documents with package policy, compile those that stand
// together to a [Set], and ask [Evaluate]:
//
//	caller := evaluator.Caller{
//		Principal: evaluator.User("arn:aws:iam::123456789012:user/mateojackson"),
//		Identity:  evaluator.MustCompile(policy.Identity, deployer),
//	}
//	target := evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:function:my-function"}
//	request := evaluator.Request{Action: "lambda:GetFunction"}
//	evaluator.Evaluate(&caller, &target, &request).Allowed()
//
// A [Caller] is a [Principal] and the policies that follow it: identity-based
// policies, permissions boundary, session policies, service control policies.
// A [Target] is a resource and the policies that follow it: resource-based
// policies and resource control policies. A [Request] is an action and its
// context. A [Decision] is an outcome and, for a denial, the layer that denied.
// [CompilePolicies] compiles all policies of a request at once, and [Sets.Apply]
// puts them where caller, target and request have them.
//
// [Explain] decides by the same rules and tells why: the statements, AWS's own
// error text, the context keys that were missing, and what the decision hangs
// on that AWS does not document.
//
// # What a request knows
//
// What is not given is absent: no clock is read, no key is invented. Only what
// follows from principal and resource is added, such as aws:PrincipalArn,
// aws:username or aws:ResourceTag/… (D.1). A key may also be [Present] (it
// exists, its value is not known) or [Unknown] (it may be absent); a decision
// that hangs on one is [Indeterminate], which is not allowed.
//
// # Rules
//
// Comments cite the rules of IAM by number, such as E-10. CONFORMANCE.md lists
// them with their sources, and the choices made where AWS is silent; where
// readers could need the other choice there is a field in [Options].
//
// # Many requests
//
// [Engine.Prepare] reads a request once for many callers and targets. A
// [Matrix] decides callers × targets × requests on all cores.
//
// Evaluating is pure: no I/O, no global state, no allocation. Sets, engines and
// prepared requests are immutable and shared freely between goroutines.
package evaluator
