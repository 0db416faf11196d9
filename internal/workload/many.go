package workload

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
)

// perPolicy statements of [Many] and [Middle] are a policy, which stays within
// the largest text that is parsed.
const perPolicy = 1000

// Many is workload d: n statements of one action, each for a folder of a
// bucket. One matches the request.
func Many(n int) *Workload {
	w := &Workload{Name: fmt.Sprintf("d-%d", n), About: fmt.Sprintf("%s statements, one matches", thousands(n)), Principal: User}
	r := newRand(w.Name)
	folder := func(i int) string {
		return fmt.Sprintf("arn:aws:s3:::%s-%05x/%s", departments[i%len(departments)], i/4, folders[i%4])
	}
	for i := range n {
		w.add(Statement{Actions: []string{getObject}, Resources: []string{folder(i) + "/*"}})
	}
	w.Requests = requests(r,
		func(r *rand.Rand) Request {
			return Request{Action: getObject, Resource: fmt.Sprintf("%s/%08x", folder(r.IntN(n)), r.Uint32()), Want: evaluator.Allowed}
		},
		func(r *rand.Rand) Request {
			return Request{Action: getObject, Resource: fmt.Sprintf("%s.old/%08x", folder(r.IntN(n)), r.Uint32())}
		})
	return w
}

var folders = [...]string{"incoming", "processed", "rejected", "reports"}

// Middle is workload d-adv: n patterns that share their beginning and differ
// after a star, "arn:aws:s3:::*-app17/*".
func Middle(n int) *Workload {
	w := &Workload{Name: "d-adv", About: fmt.Sprintf("%s patterns `arn:aws:s3:::*-appN/*`, one shared prefix", thousands(n)), Principal: User}
	r := newRand(w.Name)
	for i := range n {
		w.add(Statement{Actions: []string{getObject}, Resources: []string{fmt.Sprintf("arn:aws:s3:::*-app%d/*", i)}})
	}
	bucket := func(r *rand.Rand, app int) string {
		return fmt.Sprintf("arn:aws:s3:::%s-%d-app%d/%08x", departments[r.IntN(len(departments))], r.IntN(100), app, r.Uint32())
	}
	w.Requests = requests(r,
		func(r *rand.Rand) Request {
			return Request{Action: getObject, Resource: bucket(r, r.IntN(n)), Want: evaluator.Allowed}
		},
		func(r *rand.Rand) Request {
			return Request{Action: getObject, Resource: bucket(r, n+r.IntN(n))}
		})
	return w
}

// add puts a statement into the last identity policy, or into a new one where
// that is full.
func (w *Workload) add(s Statement) {
	last := len(w.Identity) - 1
	if last < 0 || len(w.Identity[last].Statements) == perPolicy {
		w.Identity = append(w.Identity, Policy{Name: fmt.Sprintf("part-%d", last+1)})
		last++
	}
	w.Identity[last].Statements = append(w.Identity[last].Statements, s)
}

// thousands writes a number with commas.
func thousands(n int) string {
	digits := fmt.Sprint(n)
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return strings.Join(append([]string{digits}, groups...), ",")
}
