// Package prove answers questions about all requests at once: does a policy
// allow anything that another does not, does it grant an action on any
// resource, is it public? A test is about some requests; here a [Verdict]
// says Proved, for every request there can be, or Refuted, with a request, or
// Unknown, with the reason. Nothing is guessed, and nothing leaves the machine.
//
// Every question becomes this one: is there a request that p allows and q does
// not ([Prover.Within])? The zero [Prover] works:
//
//	var prover prove.Prover
//	verdict, err := prover.NoNewAccess(ctx, prove.Identity(newer), prove.Identity(older))
//
// A catalogue ([Prover.Catalog]) makes requests read well: real actions, on
// resources in the right format.
//
// # How it decides
//
// A request is an action, a resource, a caller and values of context keys. A
// statement demands something of each. So the question is split by who calls and by
// which Allow of p applies; each part looks for a request that some statements
// match and some others do not. A search chooses for each of the latter what
// makes it fail, and finds for each element of the request whether a value can do
// all that is demanded of it, which finite automata over the patterns decide
// exactly (see internal/classes). Whatever is found is put together to a
// request, and the ordinary evaluator must allow it under p and deny it under q,
// on the documents as they were given. Only then it is shrunk: plainer values are
// tried one element at a time (no context key, a value of AWS's documentation, one
// of the policy's text), and what still refutes stays, until nothing changes.
//
// # What it covers
//
// All elements of statements, all condition operators with IfExists, Null,
// ForAllValues and ForAnyValue; identity-based policies, boundaries, session
// policies, service control policies, and resource-based policies in the
// caller's account and in another. Policy variables are taken as unknown values
// for proofs and tried with concrete ones for refutations, which can leave a
// verdict Unknown.
//
// # The universe
//
// A verdict holds for every request in [Verdict.Universe], under
// [Verdict.Assumptions]. Resources are all texts of the shape of an ARN and "*".
// Callers are IAM users and sessions of roles that are not service-linked, and
// for resource-based policies also root users, services, identity providers and
// unsigned callers; not sessions of GetFederationToken. What a policy grants to
// any other principal by name (a canonical user, an origin access identity) is
// compared word for word, and leaves the verdict Unknown where it differs.
//
// Elements of a request are taken to be independent: where two keys never occur
// together in practice, a refuting request may be one that cannot occur, but a
// proof holds all the same.
package prove
