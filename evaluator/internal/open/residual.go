package open

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/policy"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
)

// Residual is what must be true of the unknown keys of a request for it to be
// allowed; it is not ok where that cannot be said.
func Residual(ev *engine.Evaluation) (alternatives [][]policy.Condition, ok bool) {
	x := explore(ev, whatAllows)
	if x == nil {
		switch d := ev.Decide(); {
		case d.Allowed():
			return [][]policy.Condition{{}}, true
		case d.Denied():
			return nil, true
		}
		return nil, false
	}
	if !x.keysAlone() {
		return nil, false
	}
	c := cover{exploration: x}
	x.work = mostWork
	c.walk(x.root, nil)
	if !x.exact {
		return nil, false
	}
	for _, cube := range c.cubes {
		conditions, ok := c.conditions(cube)
		if !ok {
			return nil, false
		}
		alternatives = append(alternatives, conditions)
	}
	return alternatives, true
}

// A literal is that a condition on an open key holds, or does not.
type literal struct {
	key, condition int
	holds          bool
}

// A cube is literals that all must be true.
type cube []literal

// A cover is cubes that together are true exactly where the request is allowed.
type cover struct {
	*exploration
	cubes []cube
}

// mostCubes bounds a residual that nobody would read.
const mostCubes = 256

// walk adds the cubes of a node, under the literals that lead to it.
func (c *cover) walk(node int32, path cube) {
	switch {
	case len(c.cubes) > mostCubes:
		c.exact = false
	case !c.spend(1 + len(path)/looking):
	case node == allowedLeaf:
		c.add(path)
	case node >= firstNode:
		n := c.diagram.nodes[node-firstNode]
		for i, next := range n.next {
			if slices.Index(n.next, next) != i {
				continue // its classes were with those of the first
			}
			for _, part := range c.cover(n.key, func(class int) bool { return n.next[class] == next }) {
				c.walk(next, append(path[:len(path):len(path)], part...))
			}
		}
	}
}

// cover finds cubes over the conditions on one key that are true for exactly
// the wanted classes.
func (c *cover) cover(key int, wanted func(class int) bool) []cube {
	k := &c.keys[key]
	covers := func(q cube, class int) bool {
		return !slices.ContainsFunc(q, func(l literal) bool { return k.classes[class].Holds[l.condition] != l.holds })
	}
	only := func(q cube) bool {
		for class := range k.classes {
			if !wanted(class) && covers(q, class) {
				return false
			}
		}
		return true
	}
	work := 1 + (len(k.classes)+len(k.asked))/looking
	var cubes []cube
	for class := range k.classes {
		if !c.spend(work) {
			return nil
		}
		if !wanted(class) || slices.ContainsFunc(cubes, func(q cube) bool { return covers(q, class) }) {
			continue
		}
		var q cube
		for i, holds := range k.classes[class].Holds {
			q = append(q, literal{key, i, holds})
		}
		// Opposites go first: what holds reads better.
		for _, holds := range []bool{false, true} {
			for i := len(q) - 1; i >= 0 && c.spend(work); i-- {
				if less := slices.Delete(slices.Clone(q), i, i+1); q[i].holds == holds && only(less) {
					q = less
				}
			}
		}
		cubes = append(cubes, q)
	}
	return cubes
}

// add adds a cube without the literals that it does not need, unless others
// are true wherever it is.
func (c *cover) add(q cube) {
	for i := len(q) - 1; i >= 0; i-- {
		if less := slices.Delete(slices.Clone(q), i, i+1); c.allowedUnder(c.root, less) {
			q = less
		}
	}
	if !c.spend(len(c.cubes) * (1 + len(q)/looking)) {
		return
	}
	implied := func(by cube) bool {
		return !slices.ContainsFunc(by, func(l literal) bool { return !slices.Contains(q, l) })
	}
	if slices.ContainsFunc(c.cubes, implied) {
		return
	}
	c.cubes = slices.DeleteFunc(c.cubes, func(old cube) bool {
		return !slices.ContainsFunc(q, func(l literal) bool { return !slices.Contains(old, l) })
	})
	c.cubes = append(c.cubes, q)
}

// allowedUnder reports whether the request is allowed wherever the cube is
// true. The literals of a cube are in the order of their keys.
func (c *cover) allowedUnder(node int32, q cube) bool {
	seen := map[int32]bool{}
	var allowed func(int32) bool
	allowed = func(node int32) bool {
		if node < firstNode || seen[node] {
			return node >= firstNode || node == allowedLeaf
		}
		seen[node] = true
		n := c.diagram.nodes[node-firstNode]
		if !c.spend(1 + len(n.next)/looking) {
			return false
		}
		first, _ := slices.BinarySearchFunc(q, n.key, func(l literal, key int) int { return l.key - key })
		last, _ := slices.BinarySearchFunc(q, n.key+1, func(l literal, key int) int { return l.key - key })
		for class, next := range n.next {
			possible := !slices.ContainsFunc(q[first:last], func(l literal) bool {
				return c.keys[n.key].classes[class].Holds[l.condition] != l.holds
			})
			if possible && !allowed(next) {
				return false
			}
		}
		return true
	}
	return allowed(node)
}

// conditions are a cube in the language of policies.
func (c *cover) conditions(q cube) ([]policy.Condition, bool) {
	list := []policy.Condition{}
	for _, l := range q {
		k := &c.keys[l.key]
		asked := k.asked[l.condition].Condition
		if !k.asked[l.condition].Variables && asked.Operator.Variables() {
			asked.Values = slices.Clone(asked.Values)
			for i, v := range asked.Values {
				asked.Values[i] = strings.ReplaceAll(v, "${", "${$}{") // text, in whatever version it is read
			}
		}
		if l.holds {
			list = append(list, asked)
			continue
		}
		opposite, ok := operator.Opposite(asked)
		if !ok || !k.single && asked.Operator.Set == 0 && asked.Operator.Test != policy.Null {
			return nil, false // of several values a plain operator and its opposite both fail (C-37)
		}
		list = append(list, opposite...)
	}
	return list, true
}
