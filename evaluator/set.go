package evaluator

import (
	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/policy"
)

// A Set is policies of one kind that apply together, their statements ORed
// the identity policies of a user, one level of SCPs, a function's
// policy. [Compile] and [MustCompile] make one. It is compiled once, immutable, and
// shared between callers, targets and goroutines. The zero Set belongs nowhere: a
// request that meets one is [Invalid].
type Set = engine.Set

// Compile checks each document against its kind (A.6) and compiles them to one
// set. No documents make a set that allows nothing; a nil document is an
// error, since a policy that could not be loaded is not the same as none. All
// faults of all documents are reported, as [policy.Errors] of each.
func Compile(kind policy.Kind, docs ...policy.Attached) (*Set, error) {
	return engine.Compile(kind, docs...)
}

// MustCompile is [Compile] for documents without attachment; it panics on an
// error. It is for tests and for policies in source code.
func MustCompile(kind policy.Kind, docs ...*policy.Document) *Set {
	s, err := Compile(kind, policy.Attach(docs...)...)
	if err != nil {
		panic("evaluator.MustCompile: " + err.Error())
	}
	return s
}

// Sets are the policies of a request, compiled: a [Set] for each slot of
// [policy.Policies]. [CompilePolicies] makes them, and [SetsOf] finds those of a
// caller, a target and a request. They are immutable, and may be shared. The zero
// Sets are those of a request without policies. Their methods:
//
//   - Apply(caller, target, request) puts the sets where these have their
//     policies, and takes away those that were there. Each may be nil where it
//     does not matter.
//   - Policies are what the sets were compiled of.
//   - With(policies) are the sets of changed policies. Slots that have the same
//     documents as before keep their sets; only the others are checked and
//     compiled.
type Sets = engine.Sets

// CompilePolicies checks and compiles policies, each slot to a set. It reports
// the faults of all, as [Compile] does for one set.
func CompilePolicies(p policy.Policies) (Sets, error) { return engine.CompilePolicies(p) }

// SetsOf are the sets of a request; caller, target or request may be nil where
// theirs do not matter. A nil set in a list, which makes the request invalid, is
// left out.
func SetsOf(c *Caller, t *Target, r *Request) Sets { return engine.SetsOf(c, t, r) }
