package engine

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/words"
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
	// onPath: its pattern is the literal text that led to it through a tree, and
	// whatever follows.
	onPath bool
	bare   bool // it names nobody and has no conditions
}

const everyResource = ^uint32(0)

type tree struct {
	nodes  []node
	first  []byte // the first byte of each node's label, beside nodes
	grams  []grams
	guards []guarded
}

type node struct {
	label           string
	child, childEnd uint32 // nodes
	entry, entryEnd uint32 // entries tried one by one
	grams, gramsEnd uint32 // those found by what the resource contains
	guard, guardEnd uint32 // those found by the value of a context key
}

// placed is an entry on its way into a tree.
type placed struct {
	entry
	prefix string   // the literal beginning of its pattern
	inner  string   // a literal behind the prefix that every match contains
	values []uint64 // hashes of the values that the guard's key may have
}

// newIndex arranges the entries of many statements in a tree.
func (s *Set) newIndex(statements []uint32) index {
	var list []placed
	var entries []entry
	for _, id := range statements {
		st := &s.statements[id]
		var values []uint64
		if _, c := s.guardOf(st); c != nil {
			c.eachText(func(text string) { values = append(values, hashValue(text)) })
		}
		entries = s.appendEntries(entries[:0], id)
		for _, e := range entries {
			p := placed{entry: e, values: values}
			if e.pattern != everyResource {
				pattern := &st.Resources[e.pattern]
				p.prefix, p.inner = pattern.Prefix(), pattern.Inner()
				p.onPath = pattern.IsPrefix()
			}
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b placed) int { return strings.Compare(a.prefix, b.prefix) })
	x := index{entries: make([]entry, 0, len(list)), tree: &tree{nodes: make([]node, 1), first: make([]byte, 1)}}
	x.grow(0, list, 0)
	x.tree.nodes = slices.Clone(x.tree.nodes) // a tree is kept, and room to grow is not
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
// that their resources contain, or by a value that they ask for, where they
// are many.
func (x *index) place(n int, list []placed) {
	t := x.tree
	t.nodes[n].grams, t.nodes[n].guard = uint32(len(t.grams)), uint32(len(t.guards))
	for _, length := range [...]int{8, 4} {
		if fit, rest := split(list, func(p *placed) bool { return len(p.inner) >= length }); len(fit) > few {
			t.grams = append(t.grams, x.newGrams(fit, length))
			list = rest
		}
	}
	for len(list) > few {
		key, most := commonGuard(list)
		if most <= few {
			break
		}
		fit, rest := split(list, func(p *placed) bool { return p.guard.key == key })
		t.guards = append(t.guards, x.newGuarded(key, fit))
		list = rest
	}
	t.nodes[n].gramsEnd, t.nodes[n].guardEnd = uint32(len(t.grams)), uint32(len(t.guards))
	t.nodes[n].entry, t.nodes[n].entryEnd = x.append(list)
}

// split parts a list that has more than a few entries; a short one stays whole.
func split(list []placed, fits func(*placed) bool) (fit, rest []placed) {
	if len(list) <= few {
		return nil, list
	}
	for i := range list {
		if fits(&list[i]) {
			fit = append(fit, list[i])
		} else {
			rest = append(rest, list[i])
		}
	}
	return fit, rest
}

// commonGuard is the key that guards most entries, and how many.
func commonGuard(list []placed) (key uint32, most int) {
	counts := make(map[uint32]int)
	for i := range list {
		if k := list[i].guard.key; k != noKey {
			counts[k]++
			if counts[k] > most || counts[k] == most && k < key {
				key, most = k, counts[k]
			}
		}
	}
	return key, most
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
// contains: each window of the resource is looked up.
type grams struct {
	length int
	pieces hashed
}

// newGrams takes the piece at the end or at the beginning of the literals,
// whichever tells more of them apart.
func (x *index) newGrams(list []placed, length int) grams {
	atEnd := func(p *placed) uint64 { return pieceAt(p.inner, len(p.inner)-length, length) }
	atStart := func(p *placed) uint64 { return pieceAt(p.inner, 0, length) }
	pieceOf := atEnd
	if distinct(list, atStart) > distinct(list, atEnd) {
		pieceOf = atStart
	}
	words := make([]keyed, len(list))
	for i := range list {
		words[i] = keyed{pieceOf(&list[i]), list[i]}
	}
	return grams{length, x.newHashed(words)}
}

func distinct(list []placed, pieceOf func(*placed) uint64) int {
	seen := make(map[uint64]struct{}, len(list))
	for i := range list {
		seen[pieceOf(&list[i])] = struct{}{}
	}
	return len(seen)
}

// pieceAt packs the bytes of a piece, 4 or 8 of them.
func pieceAt(s string, at, length int) uint64 {
	if length == 8 {
		return words.Load(s[at : at+8])
	}
	return uint64(load32(s[at : at+4]))
}

// guarded finds entries by the value of the context key that guards them all. An
// entry that lists several values stands under each.
type guarded struct {
	key             uint32
	values          hashed
	entry, entryEnd uint32 // all of them
}

func (x *index) newGuarded(key uint32, list []placed) guarded {
	g := guarded{key: key, entry: uint32(len(x.entries))}
	var words []keyed
	for i := range list {
		for _, value := range list[i].values {
			words = append(words, keyed{value, list[i]})
		}
	}
	g.values = x.newHashed(words)
	g.entryEnd = uint32(len(x.entries))
	return g
}

// hashed is a table from words to ranges of entries.
type hashed struct {
	mask  uint64
	slots []slot
}

type slot struct {
	word            uint64
	entry, entryEnd uint32 // an empty range is a free slot
}

type keyed struct {
	word uint64
	placed
}

func (x *index) newHashed(list []keyed) hashed {
	slices.SortStableFunc(list, func(a, b keyed) int { return cmp.Compare(a.word, b.word) })
	size := 4
	for size < 2*len(list) {
		size *= 2
	}
	h := hashed{mask: uint64(size - 1), slots: make([]slot, size)}
	var same []placed
	for len(list) > 0 {
		word := list[0].word
		same = same[:0]
		for len(list) > 0 && list[0].word == word {
			same = append(same, list[0].placed)
			list = list[1:]
		}
		at := h.at(word)
		for h.slots[at].entry != h.slots[at].entryEnd {
			at = (at + 1) & h.mask
		}
		from, to := x.append(same)
		h.slots[at] = slot{word, from, to}
	}
	return h
}

func (h *hashed) at(word uint64) uint64 { return (word * hashPrime >> 32) & h.mask }

// find is the range of entries of a word.
func (h *hashed) find(word uint64) (from, to uint32) {
	for at := h.at(word); ; at = (at + 1) & h.mask {
		found := &h.slots[at]
		if found.entry == found.entryEnd || found.word == word {
			return found.entry, found.entryEnd
		}
	}
}

// child is the child of node n whose label begins with b; 0 if there is none.
func (t *tree) child(n *node, b byte) uint32 {
	if i := bytes.IndexByte(t.first[n.child:n.childEnd], b); i >= 0 {
		return n.child + uint32(i)
	}
	return 0
}
