// Package workload makes the work on which engines are compared and budgets
// are tested: policies as JSON text and requests, from plain data and a fixed
// seed, with the answer to each request known from how it was made.
//
// The policies stay within what other engines can read: actions and condition
// keys of S3, one wildcard "*" at most where it can be avoided.
package workload

import (
	"math/rand/v2"

	"github.com/iamsim/iamsim/evaluator"
)

// Rotation is the number of requests of a workload. They are asked in turn, so
// that no engine answers from the branch predictor alone.
const Rotation = 1024

// A Workload is the policies of one caller and the requests that it makes.
type Workload struct {
	// Name is short: "d-1000".
	Name string
	// About says in a line what the work is.
	About string
	// Principal is the caller's ARN.
	Principal string
	// Identity and Resource are the policies by layer; a layer without
	// policies does not exist.
	Identity, Resource []Policy
	// Boundary is the permissions boundary; nil if there is none.
	Boundary *Policy
	// SCPs are levels of service control policies, root first.
	SCPs [][]Policy
	// ResourceAccount owns the resources; "" is the caller's account.
	ResourceAccount string
	Requests        []Request
}

// Layered reports whether policies other than the caller's own have a say.
func (w *Workload) Layered() bool {
	return w.Boundary != nil || w.Resource != nil || w.SCPs != nil
}

// Statements counts the statements of all layers.
func (w *Workload) Statements() int {
	n := 0
	if w.Boundary != nil {
		n = len(w.Boundary.Statements)
	}
	for _, layer := range append([][]Policy{w.Identity, w.Resource}, w.SCPs...) {
		for i := range layer {
			n += len(layer[i].Statements)
		}
	}
	return n
}

// A Request is asked of an engine.
type Request struct {
	Action   string
	Resource string
	Context  []Key
	// Want is the answer.
	Want evaluator.Outcome
}

// A Key is a context key with its values.
type Key struct {
	Name   string
	Values []string
}

// User is the caller of every workload.
const User = "arn:aws:iam::111122223333:user/reports/builder"

func newRand(name string) *rand.Rand {
	seed := uint64(1)
	for _, b := range []byte(name) {
		seed = seed*31 + uint64(b)
	}
	return rand.New(rand.NewPCG(seed, 20260926))
}

// requests makes a rotation; one in sixteen is made by otherwise.
func requests(r *rand.Rand, usual, otherwise func(*rand.Rand) Request) []Request {
	list := make([]Request, Rotation)
	for i := range list {
		if i%16 == 15 {
			list[i] = otherwise(r)
		} else {
			list[i] = usual(r)
		}
	}
	return list
}
