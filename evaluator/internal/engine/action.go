package engine

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/words"
)

// An Action is the action of a request, ready to be looked up.
type Action struct {
	Text    string // "lambda:GetFunction"
	Service int    // length of the service prefix, without the colon
	hash    uint32 // hashFold(text)
	rules   service
}

// service is the service of an action that has rules of its own.
type service uint8

const (
	otherService service = iota
	serviceIAM
	serviceSTS
	serviceKMS
)

func serviceOf(prefix string) service {
	if len(prefix) != 3 {
		return otherService
	}
	switch [3]byte{fold.Lower(prefix[0]), fold.Lower(prefix[1]), fold.Lower(prefix[2])} {
	case [3]byte{'i', 'a', 'm'}:
		return serviceIAM
	case [3]byte{'s', 't', 's'}:
		return serviceSTS
	case [3]byte{'k', 'm', 's'}:
		return serviceKMS
	}
	return otherService
}

// parse takes "service:Name" of printed ASCII without wildcards.
func (a *Action) parse(s string) bool {
	colon, colons, bad := 0, 0, uint64(0)
	for i := 0; i < len(s); i += 8 {
		x, filler := uint64(0), uint64(0)
		if i+8 <= len(s) {
			x = words.Load(s[i : i+8])
		} else {
			x = loadTail(s, i)
			filler = ats << (8 * (len(s) - i)) // for the bytes that are not there
		}
		bad |= words.Equal(x, '*') | words.Equal(x, '?') | notPrinted(x|filler)
		if found := words.Equal(x, ':'); found != 0 {
			if colons == 0 {
				colon = i + bits.TrailingZeros64(found)>>3
			}
			colons += bits.OnesCount64(found)
		}
	}
	if bad != 0 || colons != 1 || colon == 0 || colon == len(s)-1 {
		return false
	}
	a.Text, a.Service, a.hash, a.rules = s, colon, hashFold(s), serviceOf(s[:colon])
	return true
}

// is compares with the name of an action.
func (a *Action) is(name string) bool { return fold.Equal(a.Text, name) }

func (a *Action) InService(service string) bool { return fold.Equal(a.Text[:a.Service], service) }

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
	shape    shape
}

// shape tells tables in which there is nothing to search.
type shape uint8

const (
	mixed      shape = iota
	named            // all actions are written whole: exact is all there is
	everything       // the one pattern is "*"
)

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
	namePattern
	group uint32
}

// A namePattern is an Action pattern with what often decides it at a glance.
type namePattern struct {
	pattern.Pattern
	all   bool // "*", or "service:*" where the service is known to match
	first byte // the first character in lower case; 0 if that is a wildcard
}

func NewNamePattern(text string) (namePattern, error) {
	p, err := pattern.Compile(pattern.Text, text, pattern.Options{FoldCase: true})
	if err != nil {
		return namePattern{}, err
	}
	n := namePattern{Pattern: p, all: p.MatchesAll()}
	if prefix := p.Prefix(); prefix != "" {
		n.first = fold.Lower(prefix[0])
	}
	return n, nil
}

func (n *namePattern) Matches(a *Action) bool { return n.all || n.matchesText(a.Text) }

func (n *namePattern) matchesText(text string) bool {
	return (n.first == 0 || n.first == fold.Lower(text[0])) && n.Match(text)
}

type excludedActions struct {
	patterns []namePattern // NotAction: the group applies if none matches
	group    uint32
}

// find is the group of the action by its whole name, or noGroup.
func (t *actionTable) find(a *Action) uint32 {
	if t.slots == nil {
		for i := range t.exact {
			if e := &t.exact[i]; e.hash == a.hash && e.is(a) {
				return e.group
			}
		}
		return noGroup
	}
	mask := uint32(len(t.slots) - 1)
	for i := a.hash & mask; t.slots[i] != 0; i = (i + 1) & mask {
		if e := &t.exact[t.slots[i]-1]; e.hash == a.hash && e.is(a) {
			return e.group
		}
	}
	return noGroup
}

// is compares the names, which mostly are written in the same letters.
func (e *exactAction) is(a *Action) bool { return e.name == a.Text || fold.Equal(e.name, a.Text) }

const noGroup = ^uint32(0)

// ofService are the patterns that begin with the action's service prefix.
func (t *actionTable) ofService(a *Action) []actionPattern {
	name := a.Text[:a.Service]
	if len(t.services) <= 4 {
		for i := range t.services {
			if fold.Equal(t.services[i].name, name) {
				return t.services[i].patterns
			}
		}
		return nil
	}
	hash := hashFold(name)
	from, _ := slices.BinarySearchFunc(t.services, hash, func(s servicePatterns, h uint32) int { return cmp.Compare(s.hash, h) })
	for ; from < len(t.services) && t.services[from].hash == hash; from++ {
		if fold.Equal(t.services[from].name, name) {
			return t.services[from].patterns
		}
	}
	return nil
}

// A groupSearch is how far [actionTable.next] has come. The zero groupSearch is
// the start.
type groupSearch struct {
	stage    uint8
	i        int
	patterns []actionPattern
}

// next is the next group that matches the action; noGroup when there is no
// more.
func (t *actionTable) next(a *Action, search *groupSearch) uint32 {
	switch search.stage {
	case 0:
		search.stage = 1
		if len(t.services) > 0 {
			search.patterns = t.ofService(a)
		}
		if g := t.find(a); g != noGroup {
			return g
		}
		fallthrough
	case 1, 2:
		for {
			for search.i < len(search.patterns) {
				p := &search.patterns[search.i]
				search.i++
				if p.Matches(a) {
					return p.group
				}
			}
			if search.stage++; search.stage == 3 {
				break
			}
			search.i, search.patterns = 0, t.rest
		}
		search.i = 0
		fallthrough
	default:
		for search.i < len(t.excluded) {
			x := &t.excluded[search.i]
			search.i++
			if !x.matches(a) {
				return x.group
			}
		}
		return noGroup
	}
}

// groups are all groups that match the action.
func (t *actionTable) groups(a *Action) []uint32 {
	var found []uint32
	var search groupSearch
	for id := t.next(a, &search); id != noGroup; id = t.next(a, &search) {
		found = append(found, id)
	}
	return found
}

func (x *excludedActions) matches(a *Action) bool {
	for i := range x.patterns {
		if x.patterns[i].Matches(a) {
			return true
		}
	}
	return false
}
