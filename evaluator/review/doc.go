// Package review finds for the reviewer of a policy, by proofs, what access a
// change gives and takes, by action and resource ([Compare]), and which
// statements do nothing ([Statements]).
//
//	prover := prove.Prover{Catalog: catalog.Default()}
//	change, err := review.Compare(ctx, &prover, prove.Identity(before), prove.Identity(after))
//
// Nothing is guessed: what is not proved has a request that shows it, confirmed
// by the evaluator, or is unknown with the reason.
//
// # How a change is divided
//
// Two actions that the same statements of the documents are for are decided
// alike; so one question answers for all of them. It is put on each resource pattern
// that the documents name for such actions, the narrow ones first, and of the
// wider ones only the rest. Rules of AWS that know an action by its name, as
// that of iam:PassRole, count.
//
// # Limits
//
// Actions are those of the prover's catalogue and those that the documents
// name. A gain that lies beyond them is given as the one request that shows it.
// A change of conditions shows as access gained and lost on the same pattern,
// with requests that tell the two apart, and not as a difference of conditions.
package review
