package workload

import (
	"fmt"
	"math/rand/v2"

	"github.com/iamsim/iamsim/evaluator"
)

const getObject = "s3:GetObject"

// Single is workload a: one statement, an exact action, a resource that ends
// in a star, and requests that it allows.
func Single() *Workload {
	return single("a", "one statement, exact action, `prefix*` resource, allowed", func(r *rand.Rand) Request {
		return Request{Action: getObject, Resource: fmt.Sprintf("arn:aws:s3:::reports/%04d/%08x.csv", r.IntN(3000), r.Uint32()), Want: evaluator.Allowed}
	})
}

// SingleDenied is workload b: the same statement, and requests for objects
// that it does not reach.
func SingleDenied() *Workload {
	return single("b", "the same, implicit deny", func(r *rand.Rand) Request {
		return Request{Action: getObject, Resource: fmt.Sprintf("arn:aws:s3:::archive/%04d/%08x.csv", r.IntN(3000), r.Uint32())}
	})
}

func single(name, about string, request func(*rand.Rand) Request) *Workload {
	return &Workload{
		Name: name, About: about, Principal: User,
		Identity: []Policy{{Name: "reports", Statements: []Statement{
			{Sid: "Read", Actions: []string{getObject}, Resources: []string{"arn:aws:s3:::reports/*"}},
		}}},
		Requests: requests(newRand(name), request, request),
	}
}
