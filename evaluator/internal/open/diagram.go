package open

import (
	"encoding/binary"
	"slices"
)

// A diagram is a decision diagram over open keys: what a request comes to for
// each of their values. It is ordered and reduced, so that a key is in it
// exactly if the outcome depends on it.
type diagram struct {
	nodes    []diagramNode // from number firstNode on
	interned map[string]int32
}

type diagramNode struct {
	key  int
	next []int32 // by class of the key
}

// What is no node of a diagram is one of its ends.
const (
	deniedLeaf  int32 = iota
	allowedLeaf       // allowed
	openLeaf          // indeterminate whatever the keys are
	firstNode
)

// node is the number of a node; of its only successor if it has but one.
func (d *diagram) node(key int, next []int32) int32 {
	same := true
	name := binary.AppendUvarint(nil, uint64(key))
	for _, n := range next {
		same = same && n == next[0]
		name = binary.LittleEndian.AppendUint32(name, uint32(n))
	}
	if same {
		return next[0]
	}
	n, ok := d.interned[string(name)]
	if !ok {
		n = firstNode + int32(len(d.nodes))
		d.interned[string(name)] = n
		d.nodes = append(d.nodes, diagramNode{key, next})
	}
	return n
}

// leads reports whether some values lead to the leaf.
func (d *diagram) leads(leaf int32) bool {
	return slices.ContainsFunc(d.nodes, func(n diagramNode) bool { return slices.Contains(n.next, leaf) })
}

// asked reports for each of a number of keys whether the outcome depends on it.
func (d *diagram) asked(keys int) []bool {
	asked := make([]bool, keys)
	for _, n := range d.nodes {
		asked[n.key] = true
	}
	return asked
}
