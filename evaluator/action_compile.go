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
	index    map[string]int // pattern in lower case to position
	patterns []statementsOf
	excluded []excludedActions
}

type statementsOf struct {
	pattern    string
	statements []uint32
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
	if c.index == nil {
		c.index = make(map[string]int)
	}
	for _, text := range st.Action {
		folded := strings.ToLower(text)
		i, ok := c.index[folded]
		if !ok {
			i = len(c.patterns)
			c.index[folded] = i
			c.patterns = append(c.patterns, statementsOf{pattern: text})
		}
		// Statements come in ascending order; one can list an action twice.
		if p := &c.patterns[i]; len(p.statements) == 0 || p.statements[len(p.statements)-1] != id {
			p.statements = append(p.statements, id)
		}
	}
	return nil
}

// finish builds the set's action table and groups.
func (c *actionCompiler) finish(s *Set) error {
	groups := make(map[string]uint32)
	t := &s.actions
	for _, p := range c.patterns {
		id := s.addGroup(groups, p.statements)
		service, _, qualified := strings.Cut(p.pattern, ":")
		if qualified && !strings.ContainsAny(p.pattern, "*?") {
			t.exact = append(t.exact, exactAction{name: p.pattern, hash: hashFold(p.pattern), group: id})
			continue
		}
		compiled, err := arn.Compile(arn.Text, p.pattern, arn.Options{FoldCase: true})
		if err != nil {
			return err
		}
		entry := actionPattern{pattern: compiled, group: id}
		if !qualified || strings.ContainsAny(service, "*?") {
			t.rest = append(t.rest, entry)
			continue
		}
		t.addToService(service, entry)
	}
	for _, x := range c.excluded {
		x.group = s.addGroup(groups, []uint32{x.group})
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

// addGroup makes the group of these statements, or finds it.
func (s *Set) addGroup(groups map[string]uint32, statements []uint32) uint32 {
	var key []byte
	for _, id := range statements {
		key = append(key, byte(id), byte(id>>8), byte(id>>16), byte(id>>24))
	}
	if id, ok := groups[string(key)]; ok {
		return id
	}
	var deny, allow []placed
	for _, id := range statements {
		st := &s.statements[id]
		list := &allow
		if st.effect == policy.Deny {
			list = &deny
		}
		guard := s.guardOf(st)
		if st.notResource || st.anyResource {
			*list = append(*list, placed{entry: entry{id, everyResource, guard}})
			continue
		}
		for i := range st.resources {
			p := &st.resources[i]
			*list = append(*list, placed{entry{id, uint32(i), guard}, p.Prefix(), p.Inner()})
		}
	}
	s.groups = append(s.groups, group{newIndex(deny), newIndex(allow)})
	id := uint32(len(s.groups) - 1)
	groups[string(key)] = id
	return id
}
