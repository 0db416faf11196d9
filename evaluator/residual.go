package evaluator

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/policy"
)

// Residual is what must be true of the context keys that the request leaves
// unknown for it to be allowed: all conditions of one of the alternatives. An
// alternative without conditions always holds; without alternatives the request
// is denied whatever the keys are. Conditions are those of the policies and
// their opposites, each with one key; a list may hold the same operator and key
// twice. A key that no policy tests with ForAllValues or ForAnyValue is taken
// to have one value at most, and values to be of the type that is asked for.
//
// It is not ok where that cannot be said: the request is invalid, two unknown
// keys are compared with each other, the resource decides and is unknown, an
// operator has no opposite, or there are too many cases.
func (x *Explanation) Residual() (alternatives [][]policy.Condition, ok bool) {
	if x.residual == nil {
		return nil, false
	}
	r := x.residual()
	alternatives = make([][]policy.Condition, len(r.alternatives))
	for i, conditions := range r.alternatives {
		alternatives[i] = slices.Clone(conditions)
		for j := range alternatives[i] {
			alternatives[i][j].Values = slices.Clone(conditions[j].Values)
		}
	}
	return alternatives, r.ok
}

type residual struct {
	alternatives [][]policy.Condition
	ok           bool
}

// residual of a request with unknown keys.
func (ev *evaluation) residual() residual {
	x := ev.explore(whatAllows)
	if x == nil {
		switch d := ev.decide(); {
		case d.Allowed():
			return residual{[][]policy.Condition{{}}, true}
		case d.Denied():
			return residual{nil, true}
		}
		return residual{}
	}
	if !x.exact || x.root == openLeaf || x.diagram.leads(openLeaf) {
		return residual{}
	}
	c := cover{exploration: x}
	c.walk(x.root, nil)
	var r residual
	for _, cube := range c.cubes {
		conditions, ok := c.conditions(cube)
		if !ok {
			return residual{}
		}
		r.alternatives = append(r.alternatives, conditions)
	}
	r.ok = true
	return r
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
	case node == allowedLeaf:
		c.add(path)
	case node >= firstNode:
		n := c.diagram.nodes[node-firstNode]
		k := &c.keys[n.key]
		for i, next := range n.next {
			if slices.Index(n.next, next) != i {
				continue // its classes were with those of the first
			}
			for _, part := range k.cover(n.key, func(class int) bool { return n.next[class] == next }) {
				c.walk(next, append(path[:len(path):len(path)], part...))
			}
		}
	}
}

// cover finds cubes over the conditions on one key that are true for exactly
// the wanted classes.
func (k *openKey) cover(key int, wanted func(class int) bool) []cube {
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
	var cubes []cube
	for class := range k.classes {
		if !wanted(class) || slices.ContainsFunc(cubes, func(q cube) bool { return covers(q, class) }) {
			continue
		}
		var q cube
		for i, holds := range k.classes[class].Holds {
			q = append(q, literal{key, i, holds})
		}
		// Opposites go first: what holds reads better.
		for _, holds := range []bool{false, true} {
			for i := len(q) - 1; i >= 0; i-- {
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
// true.
func (c *cover) allowedUnder(node int32, q cube) bool {
	seen := map[int32]bool{}
	var allowed func(int32) bool
	allowed = func(node int32) bool {
		if node < firstNode || seen[node] {
			return node >= firstNode || node == allowedLeaf
		}
		seen[node] = true
		n := c.diagram.nodes[node-firstNode]
		for class, next := range n.next {
			possible := !slices.ContainsFunc(q, func(l literal) bool {
				return l.key == n.key && c.keys[n.key].classes[class].Holds[l.condition] != l.holds
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
