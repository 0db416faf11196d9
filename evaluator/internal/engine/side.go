package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// A sideCompiler collects which statements of one effect have which Action
// pattern.
type sideCompiler struct {
	interned interner
	patterns []listedAction
	links    []link
	excluded []excludedActions

	groups  interner
	members [][]uint32 // statements by group
	list    []uint32
	ids     slab[uint32]
	entries slab[entry]
}

// A listedAction is an Action pattern and the statements that list it, the
// last one first.
type listedAction struct {
	text     string
	wildcard int   // the first, or -1
	last     int32 // index into links
}

type link struct {
	statement uint32
	before    int32 // index into links, or -1
}

func (c *sideCompiler) add(id uint32, st *policy.Statement) error {
	if st.NotAction != nil {
		x := excludedActions{group: id}
		for _, text := range st.NotAction {
			p, err := NewNamePattern(text)
			if err != nil {
				return err
			}
			x.patterns = append(x.patterns, p)
		}
		c.excluded = append(c.excluded, x)
		return nil
	}
	if c.patterns == nil {
		c.patterns, c.links = make([]listedAction, 0, 16), make([]link, 0, 32)
	}
	for _, text := range st.Action {
		hash := hashFold(text)
		n, ok := c.interned.find(hash, func(n uint32) bool { return fold.Equal(c.patterns[n].text, text) })
		if !ok {
			n = c.interned.add(hash)
			c.patterns = append(c.patterns, listedAction{text, pattern.Wildcard(text), -1})
		}
		// Statements come in ascending order; one can list an action twice.
		if p := &c.patterns[n]; p.last < 0 || c.links[p.last].statement != id {
			c.links = append(c.links, link{id, p.last})
			p.last = int32(len(c.links) - 1)
		}
	}
	return nil
}

// finish builds the action table and the groups.
func (c *sideCompiler) finish(s *Set, side *side) error {
	t := &side.actions
	whole := 0 // actions without wildcards
	for i := range c.patterns {
		if c.patterns[i].wildcard < 0 {
			whole++
		}
	}
	t.exact = make([]exactAction, 0, whole)
	side.groups = make([]index, 0, min(len(c.patterns)+len(c.excluded), 16))
	c.members = make([][]uint32, 0, cap(side.groups))
	c.list = make([]uint32, 0, len(c.links)+1)
	for i := range c.patterns {
		text, wildcard := c.patterns[i].text, c.patterns[i].wildcard
		c.list = c.list[:0]
		for l := c.patterns[i].last; l >= 0; l = c.links[l].before {
			c.list = append(c.list, c.links[l].statement)
		}
		slices.Reverse(c.list)
		id := c.group(s, side)
		colon := strings.IndexByte(text, ':')
		if colon >= 0 && wildcard < 0 {
			t.exact = append(t.exact, exactAction{name: text, hash: c.interned.hashes[i], group: id})
			continue
		}
		compiled, err := NewNamePattern(text)
		if err != nil {
			return err
		}
		if colon < 0 || wildcard < colon {
			t.rest = append(t.rest, actionPattern{compiled, id})
			continue
		}
		compiled.all = text[colon+1:] == "*"
		t.addToService(text[:colon], actionPattern{compiled, id})
	}
	for _, x := range c.excluded {
		c.list = append(c.list[:0], x.group)
		x.group = c.group(s, side)
		t.excluded = append(t.excluded, x)
	}
	slices.SortStableFunc(t.services, func(a, b servicePatterns) int { return cmp.Compare(a.hash, b.hash) })
	switch {
	case len(t.services)+len(t.rest)+len(t.excluded) == 0:
		t.shape = named
	case len(t.exact)+len(t.services)+len(t.excluded) == 0 && len(t.rest) == 1 && t.rest[0].all:
		t.shape = everything
	}
	t.buildSlots()
	return nil
}

func (t *actionTable) addToService(service string, p actionPattern) {
	hash := hashFold(service)
	for i := range t.services {
		if s := &t.services[i]; s.hash == hash && fold.Equal(s.name, service) {
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
	var names interner
	for i := range t.exact {
		names.add(t.exact[i].hash)
	}
	t.slots = slices.Clone(names.slots)
}

// group makes the group of the statements in c.list, or finds it.
func (c *sideCompiler) group(s *Set, side *side) uint32 {
	hash := uint32(len(c.list))
	for _, id := range c.list {
		hash = (hash ^ id) * 0x9E3779B1
	}
	if id, ok := c.groups.find(hash, func(n uint32) bool { return slices.Equal(c.members[n], c.list) }); ok {
		return id
	}
	c.members = append(c.members, append(c.ids.take(len(c.list)), c.list...))
	side.groups = append(side.groups, c.index(s))
	return c.groups.add(hash)
}

// index arranges the entries of the statements in c.list.
func (c *sideCompiler) index(s *Set) index {
	n := 0
	for _, id := range c.list {
		n += s.statements[id].ways()
	}
	if n > few {
		return s.newIndex(c.list)
	}
	x := index{entries: c.entries.take(n)}
	for _, id := range c.list {
		x.entries = s.appendEntries(x.entries, id)
	}
	x.sortByGuard(0, n)
	return x
}

// ways is how many entries the statement has.
func (st *Statement) ways() int {
	if st.NotResource || st.AnyResource {
		return 1
	}
	return len(st.Resources)
}

// appendEntries appends those of a statement.
func (s *Set) appendEntries(list []entry, id uint32) []entry {
	st := &s.statements[id]
	e := entry{statement: id, pattern: everyResource, shared: s.sharedOf(st), bare: !st.NamesPrincipal && len(st.Conditions) == 0}
	e.guard, _ = s.guardOf(st)
	if st.NotResource || st.AnyResource {
		return append(list, e)
	}
	for i := range st.Resources {
		e.pattern = uint32(i)
		list = append(list, e)
	}
	return list
}

// NamedBy are the statements of a set whose Action or NotAction matches.
func NamedBy(s *Set, ev *Evaluation) []bool {
	named := make([]bool, len(s.statements))
	for _, side := range [2]*side{&s.deny, &s.allow} {
		for _, id := range side.actions.groups(&ev.Action) {
			for _, e := range side.groups[id].entries {
				named[e.statement] = true
			}
		}
	}
	return named
}
