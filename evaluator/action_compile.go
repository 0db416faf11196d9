package evaluator

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/policy"
)

// actionCompiler collects which statements have which Action pattern.
type actionCompiler struct {
	interned interner
	patterns []listedAction
	links    []link
	excluded []excludedActions

	groups  interner
	members [][]uint32 // statements by group
	list    []uint32
	ids     slab[uint32]
	entries slab[entry]
	placed  []placed
}

// A listedAction is an Action pattern and the statements that list it, the
// last one first.
type listedAction struct {
	text string
	last int32 // index into links
}

type link struct {
	statement uint32
	before    int32 // index into links, or -1
}

func (c *actionCompiler) add(id uint32, st *policy.Statement) error {
	if st.NotAction != nil {
		x := excludedActions{group: id}
		for _, text := range st.NotAction {
			p, err := arn.Compile(arn.Text, text, arn.Options{FoldCase: true})
			if err != nil {
				return err
			}
			x.patterns = append(x.patterns, p)
		}
		c.excluded = append(c.excluded, x)
		return nil
	}
	for _, text := range st.Action {
		hash := hashFold(text)
		n, ok := c.interned.find(hash, func(n uint32) bool { return equalFold(c.patterns[n].text, text) })
		if !ok {
			n = c.interned.add(hash)
			c.patterns = append(c.patterns, listedAction{text, -1})
		}
		// Statements come in ascending order; one can list an action twice.
		if p := &c.patterns[n]; p.last < 0 || c.links[p.last].statement != id {
			c.links = append(c.links, link{id, p.last})
			p.last = int32(len(c.links) - 1)
		}
	}
	return nil
}

// finish builds the set's action table and groups.
func (c *actionCompiler) finish(s *Set) error {
	t := &s.actions
	for i := range c.patterns {
		text := c.patterns[i].text
		c.list = c.list[:0]
		for l := c.patterns[i].last; l >= 0; l = c.links[l].before {
			c.list = append(c.list, c.links[l].statement)
		}
		slices.Reverse(c.list)
		id := c.group(s)
		colon := strings.IndexByte(text, ':')
		wildcard := strings.IndexAny(text, "*?")
		if colon >= 0 && wildcard < 0 {
			t.exact = append(t.exact, exactAction{name: text, hash: c.interned.hashes[i], group: id})
			continue
		}
		compiled, err := arn.Compile(arn.Text, text, arn.Options{FoldCase: true})
		if err != nil {
			return err
		}
		if colon < 0 || wildcard < colon {
			t.rest = append(t.rest, actionPattern{compiled, id})
			continue
		}
		t.addToService(text[:colon], actionPattern{compiled, id})
	}
	for _, x := range c.excluded {
		c.list = append(c.list[:0], x.group)
		x.group = c.group(s)
		t.excluded = append(t.excluded, x)
	}
	slices.SortStableFunc(t.services, func(a, b servicePatterns) int { return cmp.Compare(a.hash, b.hash) })
	t.named = len(t.services)+len(t.rest)+len(t.excluded) == 0
	t.buildSlots()
	return nil
}

func (t *actionTable) addToService(service string, p actionPattern) {
	hash := hashFold(service)
	for i := range t.services {
		if s := &t.services[i]; s.hash == hash && equalFold(s.name, service) {
			s.patterns = append(s.patterns, p)
			return
		}
	}
	t.services = append(t.services, servicePatterns{name: service, hash: hash, patterns: []actionPattern{p}})
}

func (t *actionTable) buildSlots() {
	if len(t.exact) <= 4 {
		return // as fast one by one
	}
	size := 8
	for size < 2*len(t.exact) {
		size *= 2
	}
	t.slots = make([]uint32, size)
	mask := uint32(size - 1)
	for i := range t.exact {
		slot := t.exact[i].hash & mask
		for t.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		t.slots[slot] = uint32(i + 1)
	}
}

// group makes the group of the statements in c.list, or finds it.
func (c *actionCompiler) group(s *Set) uint32 {
	hash := uint32(len(c.list))
	for _, id := range c.list {
		hash = (hash ^ id) * 0x9E3779B1
	}
	if id, ok := c.groups.find(hash, func(n uint32) bool { return slices.Equal(c.members[n], c.list) }); ok {
		return id
	}
	c.members = append(c.members, append(c.ids.take(len(c.list)), c.list...))
	s.groups = append(s.groups, group{c.index(s, policy.Deny), c.index(s, policy.Allow)})
	return c.groups.add(hash)
}

// index arranges the entries of those statements in c.list that have the
// effect.
func (c *actionCompiler) index(s *Set, effect policy.Effect) index {
	c.placed = c.placed[:0]
	for _, id := range c.list {
		st := &s.statements[id]
		if st.effect != effect {
			continue
		}
		e := entry{statement: id, pattern: everyResource, guard: s.guardOf(st), shared: s.sharedOf(st)}
		if st.notResource || st.anyResource {
			c.placed = append(c.placed, placed{entry: e})
			continue
		}
		for i := range st.resources {
			e.pattern = uint32(i)
			c.placed = append(c.placed, placed{entry: e, pattern: &st.resources[i].Pattern})
		}
	}
	if len(c.placed) == 0 {
		return index{}
	}
	return newIndex(c.placed, c.entries.take(len(c.placed)))
}
