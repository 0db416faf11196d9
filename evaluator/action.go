package evaluator

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/iamsim/iamsim/arn"
)

// An action is the action of a request, ready to be looked up.
type action struct {
	text    string // "lambda:GetFunction"
	service int    // length of the service prefix, without the colon
	hash    uint32 // hashFold(text)
}

// parseAction takes "service:Name" without wildcards, and hashes it on the way:
// eight bytes a step, as hashFold does.
func parseAction(s string) (action, bool) {
	colon, colons, wildcards := 0, 0, uint64(0)
	h, i := hashSeed(s), 0
	for ; i+8 <= len(s); i += 8 {
		x := load64(s[i : i+8])
		h = hashStep(h, x)
		wildcards |= bytesEqual(x, '*') | bytesEqual(x, '?')
		if found := bytesEqual(x, ':'); found != 0 {
			if colons == 0 {
				colon = i + bits.TrailingZeros64(found)/8
			}
			colons += bits.OnesCount64(found)
		}
	}
	hash := hashEnd(h, s[i:])
	for ; i < len(s); i++ {
		switch s[i] {
		case '*', '?':
			wildcards = 1
		case ':':
			if colons == 0 {
				colon = i
			}
			colons++
		}
	}
	if wildcards != 0 || colons != 1 || colon == 0 || colon == len(s)-1 {
		return action{}, false
	}
	return action{text: s, service: colon, hash: hash}, true
}

// is compares with an action in lower-case service and any-case name.
func (a *action) is(name string) bool { return equalFold(a.text, name) }

func (a *action) inService(service string) bool { return equalFold(a.text[:a.service], service) }

// An actionTable finds the groups of statements whose Action elements match an
// action: by the whole name, then by the patterns of its service, then by
// patterns that no service prefix narrows. Statements with the same actions
// share a group. NotAction statements are a group each, tried for every action.
type actionTable struct {
	exact    []exactAction
	slots    []uint32          // open addressing by hash into exact, index + 1
	services []servicePatterns // by hash
	rest     []actionPattern
	excluded []excludedActions
}

type exactAction struct {
	name  string
	hash  uint32
	group uint32
}

type servicePatterns struct {
	name     string
	hash     uint32
	patterns []actionPattern
}

type actionPattern struct {
	pattern arn.Pattern
	group   uint32
}

type excludedActions struct {
	patterns []arn.Pattern // NotAction: the group applies if none matches
	group    uint32
}

// find is the group of the action by its whole name, or noGroup.
func (t *actionTable) find(a *action) uint32 {
	if len(t.exact) <= 4 {
		for i := range t.exact {
			if e := &t.exact[i]; e.hash == a.hash && equalFold(e.name, a.text) {
				return e.group
			}
		}
		return noGroup
	}
	mask := uint32(len(t.slots) - 1)
	for i := a.hash & mask; t.slots[i] != 0; i = (i + 1) & mask {
		if e := &t.exact[t.slots[i]-1]; e.hash == a.hash && equalFold(e.name, a.text) {
			return e.group
		}
	}
	return noGroup
}

const noGroup = ^uint32(0)

// ofService are the patterns that begin with the action's service prefix.
func (t *actionTable) ofService(a *action) []actionPattern {
	if len(t.services) == 0 {
		return nil
	}
	name := a.text[:a.service]
	hash := hashFold(name)
	from, _ := slices.BinarySearchFunc(t.services, hash, func(s servicePatterns, h uint32) int { return cmp.Compare(s.hash, h) })
	for ; from < len(t.services) && t.services[from].hash == hash; from++ {
		if equalFold(t.services[from].name, name) {
			return t.services[from].patterns
		}
	}
	return nil
}

// groups calls visit with each group that matches the action.
func (t *actionTable) groups(a *action, visit func(group uint32)) {
	if g := t.find(a); g != noGroup {
		visit(g)
	}
	for _, list := range [2][]actionPattern{t.ofService(a), t.rest} {
		for i := range list {
			if list[i].pattern.Match(a.text) {
				visit(list[i].group)
			}
		}
	}
	for i := range t.excluded {
		if !t.excluded[i].matches(a) {
			visit(t.excluded[i].group)
		}
	}
}

func (x *excludedActions) matches(a *action) bool {
	for i := range x.patterns {
		if x.patterns[i].Match(a.text) {
			return true
		}
	}
	return false
}
