package evaluator

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
)

// An index is the entries of one group and effect, arranged so that a request
// meets few of them: a list while they are few, else a tree of the literal
// beginnings of their Resource patterns, in which every pattern that could
// match lies on the path of the request's resource.
type index struct {
	entries []entry // in a tree, node by node
	tree    *tree
}

// few entries are faster to try than to search for.
const few = 16

// An entry is one way for a statement to reach a request: by one of its
// Resource patterns, or, where pattern is everyResource, by its NotResource or
// without one.
type entry struct {
	statement uint32
	pattern   uint32
	guard     guard
	// shared is a condition of the statement that others have too, and that is
	// therefore most often decided already: 1 + index into Set.conditions.
	shared uint32
}

const everyResource = ^uint32(0)

// A guard turns most entries away without a look at the statement: bits of the
// values that one context key must equal.
type guard struct {
	bits uint64
	key  uint32 // index into Set.keys; noKey: no guard
}

const noKey = ^uint32(0)

var open = guard{bits: ^uint64(0), key: noKey}

// valueBit is the bit of a value in a guard.
func valueBit(value string) uint64 {
	h := uint64(len(value))
	for len(value) >= 8 {
		h = (h ^ load64(value)) * 0x9E3779B97F4A7C15
		h ^= h >> 29
		value = value[8:]
	}
	for i := range len(value) {
		h = (h ^ uint64(value[i])) * 0x100000001B3
	}
	h *= 0x9E3779B97F4A7C15
	return 1 << (h >> 58)
}

type tree struct {
	nodes []node
	first []byte // the first byte of each node's label, beside nodes
	grams []grams
}

type node struct {
	label           string
	child, childEnd uint32 // nodes
	entry, entryEnd uint32 // entries tried one by one
	grams, gramsEnd uint32 // and those found by what they contain
}

// placed is an entry on its way into an index.
type placed struct {
	entry
	pattern *arn.Pattern // nil: every resource
	prefix  string       // its literal beginning
	inner   string       // a literal behind the prefix that every match contains
}

// newIndex arranges the list; entries is empty and has room for it.
func newIndex(list []placed, entries []entry) index {
	x := index{entries: entries}
	if len(list) <= few {
		x.append(list)
		return x
	}
	for i := range list {
		if p := &list[i]; p.pattern != nil {
			p.prefix, p.inner = p.pattern.Prefix(), p.pattern.Inner()
		}
	}
	slices.SortStableFunc(list, func(a, b placed) int { return strings.Compare(a.prefix, b.prefix) })
	x.tree = &tree{nodes: make([]node, 1), first: make([]byte, 1)}
	x.grow(0, list, 0)
	return x
}

// grow fills node n with the sorted entries whose prefixes share their first
// depth bytes, and makes its children.
func (x *index) grow(n int, list []placed, depth int) {
	here := 0
	for here < len(list) && len(list[here].prefix) == depth {
		here++
	}
	x.place(n, list[:here])
	list = list[here:]
	type branch struct {
		list  []placed
		depth int
	}
	var branches []branch
	for len(list) > 0 {
		end := 1
		for end < len(list) && list[end].prefix[depth] == list[0].prefix[depth] {
			end++
		}
		// The prefixes are sorted: what the first and the last share, all share.
		shared := sharedPrefix(list[0].prefix, list[end-1].prefix)
		branches = append(branches, branch{list[:end], shared})
		list = list[end:]
	}
	t := x.tree
	child := len(t.nodes)
	t.nodes[n].child, t.nodes[n].childEnd = uint32(child), uint32(child+len(branches))
	for _, b := range branches {
		label := b.list[0].prefix[depth:b.depth]
		t.nodes = append(t.nodes, node{label: label})
		t.first = append(t.first, label[0])
	}
	for i, b := range branches {
		x.grow(child+i, b.list, b.depth)
	}
}

func sharedPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// place puts entries that share their whole prefix into node n: by a literal
// that they contain where they are many.
func (x *index) place(n int, list []placed) {
	node := &x.tree.nodes[n]
	node.grams = uint32(len(x.tree.grams))
	if len(list) > few {
		for _, length := range [...]int{8, 4} {
			var fit, rest []placed
			for _, p := range list {
				if len(p.inner) >= length {
					fit = append(fit, p)
				} else {
					rest = append(rest, p)
				}
			}
			if len(fit) > few {
				x.tree.grams = append(x.tree.grams, x.newGrams(fit, length))
				list = rest
			}
		}
	}
	node = &x.tree.nodes[n]
	node.gramsEnd = uint32(len(x.tree.grams))
	node.entry, node.entryEnd = x.append(list)
}

func (x *index) append(list []placed) (from, to uint32) {
	from = uint32(len(x.entries))
	for _, p := range list {
		x.entries = append(x.entries, p.entry)
	}
	x.sortByGuard(int(from), len(x.entries))
	return from, uint32(len(x.entries))
}

// sortByGuard puts entries with the same guarded key side by side, so that its
// value is looked up once.
func (x *index) sortByGuard(from, to int) {
	if to-from < 2 {
		return
	}
	slices.SortStableFunc(x.entries[from:to], func(a, b entry) int { return cmp.Compare(a.guard.key, b.guard.key) })
}

// grams finds entries by a piece of fixed length of a literal that every match
// contains: a table of pieces, asked for each window of the resource.
type grams struct {
	length int
	mask   uint64
	slots  []gram
}

type gram struct {
	piece       uint64
	entry, last uint32 // entries[entry:last]; an empty range is a free slot
}

// newGrams takes the piece at the end or at the beginning of the literals,
// whichever tells more of them apart.
func (x *index) newGrams(list []placed, length int) grams {
	atEnd := func(p placed) uint64 { return pieceAt(p.inner, len(p.inner)-length, length) }
	atStart := func(p placed) uint64 { return pieceAt(p.inner, 0, length) }
	pieceOf := atEnd
	if distinct(list, atStart) > distinct(list, atEnd) {
		pieceOf = atStart
	}
	slices.SortStableFunc(list, func(a, b placed) int { return cmp.Compare(pieceOf(a), pieceOf(b)) })
	size := 4
	for size < 2*len(list) {
		size *= 2
	}
	g := grams{length: length, mask: uint64(size - 1), slots: make([]gram, size)}
	for len(list) > 0 {
		piece, end := pieceOf(list[0]), 1
		for end < len(list) && pieceOf(list[end]) == piece {
			end++
		}
		from, to := x.append(list[:end])
		slot := g.slot(piece)
		for g.slots[slot].last != g.slots[slot].entry {
			slot = (slot + 1) & g.mask
		}
		g.slots[slot] = gram{piece, from, to}
		list = list[end:]
	}
	return g
}

func distinct(list []placed, pieceOf func(placed) uint64) int {
	seen := make(map[uint64]struct{}, len(list))
	for _, p := range list {
		seen[pieceOf(p)] = struct{}{}
	}
	return len(seen)
}

// pieceAt packs the bytes of a piece, 4 or 8 of them.
func pieceAt(s string, at, length int) uint64 {
	if length == 8 {
		return load64(s[at : at+8])
	}
	return uint64(load32(s[at : at+4]))
}

func (g *grams) slot(piece uint64) uint64 {
	h := piece * 0x9E3779B97F4A7C15
	return (h >> 32) & g.mask
}

// find is the range of entries that contain the piece.
func (g *grams) find(piece uint64) (from, to uint32) {
	for slot := g.slot(piece); ; slot = (slot + 1) & g.mask {
		found := &g.slots[slot]
		if found.entry == found.last || found.piece == piece {
			return found.entry, found.last
		}
	}
}

// child is the child of node n whose label begins with b; 0 if there is none.
func (t *tree) child(n *node, b byte) uint32 {
	for i := n.child; i < n.childEnd; i++ {
		if t.first[i] == b {
			return i
		}
	}
	return 0
}
