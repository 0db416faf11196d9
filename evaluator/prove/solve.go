package prove

import (
	"slices"

	"github.com/iamsim/iamsim/internal/classes"
)

// A search looks for a request that fulfils some predicates and matches none of
// some statements. It holds a value for each coordinate, and makes one more
// predicate false wherever a statement is still matched.
//
// A dead end leaves a conflict: predicates that cannot all be false. Whoever did
// not contribute to it need not be tried anew, and who repeats it is turned back.
type search struct {
	*space
	holds   [][]int // by coordinate, local numbers
	held    []bool  // by predicate
	fails   [][]int // by coordinate, local numbers
	failing []bool  // by predicate
	points  []*point
	not     []statement
	unknown bool // somewhere the budget was used up
	learnt  map[int][][]int
}

// solve finds a request: a point on each coordinate. must are predicates.
func (s *space) solve(must []int, not []statement) ([]*point, classes.Answer) {
	x := search{space: s, held: make([]bool, len(s.predicates)), not: not}
	for _, id := range must {
		x.held[id] = true
	}
	x.holds, x.fails = make([][]int, len(s.coordinates)), make([][]int, len(s.coordinates))
	x.points, x.failing = make([]*point, len(s.coordinates)), make([]bool, len(s.predicates))
	for id, held := range x.held {
		if p := s.predicates[id]; held {
			x.holds[p.coordinate] = append(x.holds[p.coordinate], p.local)
		}
	}
	for at := range s.coordinates {
		if len(x.holds[at]) == 0 && s.coordinates[at].key != nil && !s.coordinates[at].options.Present {
			x.points[at] = s.absent(at)
			continue
		}
		p := s.find(at, x.holds[at], nil)
		switch p.answer {
		case classes.None:
			return nil, classes.None
		case classes.NotKnown:
			x.unknown = true
		}
		x.points[at] = p
	}
	if x.unknown {
		return nil, classes.NotKnown
	}
	x.learnt = map[int][][]int{}
	found, _ := x.descend()
	switch {
	case found:
		return x.points, classes.Found
	case x.unknown:
		return nil, classes.NotKnown
	}
	return nil, classes.None
}

// absent is the point of a key that nothing is asked of.
func (s *space) absent(at int) *point {
	c := s.coordinates[at]
	if p, ok := c.memo["absent"]; ok {
		return p
	}
	p := &point{answer: classes.Found}
	c.memo["absent"] = p
	return p
}

// matched reports whether the statement applies to the request at hand, or may.
// What is held is true and what was made false is false, even where a value with
// symbols leaves that open; of the rest it counts what is false for sure.
func (x *search) matched(st *statement) bool {
	for _, id := range st.predicates {
		if !x.held[id] && (x.failing[id] || x.space.fails(x.points[x.predicates[id].coordinate], id)) {
			return false
		}
	}
	return true
}

// next is the matched statement with the fewest ways out; nil if none matches.
func (x *search) next() *statement {
	var best *statement
	fewest := 0
	for i := range x.not {
		st := &x.not[i]
		if !x.matched(st) {
			continue
		}
		ways := 0
		for _, id := range st.predicates {
			if x.isWay(id) {
				ways++
			}
		}
		if best == nil || ways < fewest {
			best, fewest = st, ways
		}
		if fewest == 0 {
			return best
		}
	}
	return best
}

// isWay reports whether a predicate might be made false. It tests context keys,
// which answer at once; there a long chain of consequences is usual.
func (x *search) isWay(id int) bool {
	if x.held[id] {
		return false
	}
	p := x.predicates[id]
	if x.slow || x.coordinates[p.coordinate].key == nil {
		return true
	}
	return x.child(p).answer != classes.None
}

// child is the point of the coordinate if one more predicate is false.
func (x *search) child(p predicate) *point {
	at := x.points[p.coordinate]
	if next := at.children[p.local]; next != nil && !x.slow {
		return next
	}
	fails := append(slices.Clone(x.fails[p.coordinate]), p.local)
	slices.Sort(fails)
	next := x.find(p.coordinate, x.holds[p.coordinate], fails)
	if next.answer != classes.NotKnown {
		if at.children == nil {
			at.children = map[int]*point{}
		}
		at.children[p.local] = next
	}
	return next
}

// descend makes predicates false until no statement matches. If it cannot, the
// conflict names predicates that made it impossible by being false.
func (x *search) descend() (found bool, conflict []int) {
	st := x.next()
	if st == nil {
		return true, nil
	}
	if !x.budget.Spend(1 + len(x.not)/8) {
		x.unknown = true
		return false, nil
	}
	for _, id := range st.predicates {
		if x.held[id] {
			continue
		}
		at, local := x.predicates[id].coordinate, x.predicates[id].local
		if reason := x.repeats(id); reason != nil {
			conflict = append(conflict, without(reason, id)...)
			continue
		}
		p := x.child(x.predicates[id])
		switch p.answer {
		case classes.NotKnown:
			x.unknown = true
			continue
		case classes.None:
			conflict = append(conflict, x.blamed(at, p, id)...)
			continue
		}
		before, pointBefore := x.fails[at], x.points[at]
		fails := append(slices.Clone(before), local)
		slices.Sort(fails)
		x.fails[at], x.points[at], x.failing[id] = fails, p, true
		found, reason := x.descend()
		if found {
			return true, nil
		}
		x.fails[at], x.points[at], x.failing[id] = before, pointBefore, false
		if x.slow {
			continue
		}
		if !slices.Contains(reason, id) {
			return false, reason // it had no part in it
		}
		conflict = append(conflict, without(reason, id)...)
	}
	conflict = ordered(conflict)
	x.learn(conflict)
	return false, conflict
}

func without(ids []int, id int) []int {
	return slices.DeleteFunc(slices.Clone(ids), func(n int) bool { return n == id })
}

// blamed are the predicates already false that a coordinate has no value for
// together with one more.
func (x *search) blamed(at int, p *point, id int) []int {
	var list []int
	for other, failing := range x.failing {
		if q := x.predicates[other]; failing && other != id && q.coordinate == at && slices.Contains(p.core, q.local) {
			list = append(list, other)
		}
	}
	return list
}

// learn records a conflict, unless something was not known on the way to it.
func (x *search) learn(conflict []int) {
	if x.slow || x.unknown || len(conflict) == 0 {
		return
	}
	for _, id := range conflict {
		x.learnt[id] = append(x.learnt[id], conflict)
	}
}

// repeats is a conflict that would occur again if the predicate were false.
func (x *search) repeats(id int) []int {
	if x.slow {
		return nil
	}
	for _, conflict := range x.learnt[id] {
		if !slices.ContainsFunc(conflict, func(n int) bool { return n != id && !x.failing[n] }) {
			return conflict
		}
	}
	return nil
}
