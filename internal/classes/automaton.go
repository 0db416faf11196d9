package classes

import (
	"encoding/binary"
	"slices"
)

// An automaton walks several patterns at once. A state is the places in all
// patterns that a text so far can have led to, one bit each; the patterns stand
// one behind the other.
type automaton struct {
	clauses  []placed
	noBraces bool

	places []place
	words  int // of a state

	takes  map[rune][]uint64 // by literal character: the places that it leads on from
	ofKind [kinds][]uint64   // the places that some character of the region leads on from
	loops  [kinds][]uint64   // the places that a character of the region leaves as they are
	others []rune            // characters to try besides the literal ones
	// alphabet are the literal characters, each before others of its letter.
	alphabet []rune
}

// placed is a clause and where it stands in the question. Only the anchor is
// exact about symbols.
type placed struct {
	Clause
	at     int
	anchor bool
}

// place is a pattern of a clause among the bits of a state.
type place struct {
	*Pattern
	clause   int
	from, to int // of the bits; to is that of a whole match
	may      bool
	// sink: once at the end, always a match. drop[i] tells that whoever has
	// reached place i need not remember earlier ones.
	sink bool
	drop []bool
}

func set(state []uint64, bit int)      { state[bit>>6] |= 1 << (bit & 63) }
func unset(state []uint64, bit int)    { state[bit>>6] &^= 1 << (bit & 63) }
func has(state []uint64, bit int) bool { return state[bit>>6]>>(bit&63)&1 != 0 }

// build lays out the bits and the tables.
func (a *automaton) build() {
	bit := 0
	for i := range a.clauses {
		for _, p := range a.clauses[i].Patterns {
			if p.nothing || p.opaque {
				continue
			}
			may := !a.clauses[i].None && !a.clauses[i].anchor
			if may && p.loose != nil {
				p = p.loose // an unknown value may be any part of the word
			}
			pl := place{Pattern: p, clause: i, from: bit, to: bit + len(p.chars), may: may}
			pl.sink = p.loops[len(p.chars)] == everything
			pl.drop = droppers(p)
			a.places = append(a.places, pl)
			bit = pl.to + 1
		}
	}
	a.words = bit>>6 + 1
	a.takes = map[rune][]uint64{}
	for k := range kinds {
		a.ofKind[k], a.loops[k] = make([]uint64, a.words), make([]uint64, a.words)
	}
	for i := range a.places {
		a.table(&a.places[i])
	}
	for r, mask := range a.takes { // what takes a region takes its literal characters
		for i, of := range a.ofKind[kindOf(r)] {
			mask[i] |= of
		}
	}
	a.chooseOthers()
}

func (a *automaton) table(p *place) {
	for i := range p.loops {
		for k := range kinds {
			if p.loops[i]&(1<<k) != 0 {
				set(a.loops[k], p.from+i)
			}
		}
	}
	for i := range p.chars {
		c := &p.chars[i]
		if c.literal < 0 {
			of := c.of &^ (symbols | flat)
			for k := range kinds {
				if of&(1<<k) != 0 {
					set(a.ofKind[k], p.from+i)
				}
			}
			continue
		}
		for _, r := range variants(c.literal, c.fold) {
			mask := a.takes[r]
			if mask == nil {
				mask = make([]uint64, a.words)
				a.takes[r], a.alphabet = mask, append(a.alphabet, r)
			}
			set(mask, p.from+i)
		}
	}
}

func kindOf(r rune) int {
	of := regionOf(r)
	k := 0
	for of > 1 {
		of >>= 1
		k++
	}
	return k
}

// droppers: a text that led to place i, before which a run of anything may
// stand, can go on in every way in which it could from an earlier place, if what
// stands between is in the run.
func droppers(p *Pattern) []bool {
	var drop []bool
	before := region(0) // what stands before place i
	for i, loop := range p.loops {
		if loop != 0 && i > 0 && before&^loop == 0 {
			if drop == nil {
				drop = make([]bool, len(p.loops))
			}
			drop[i] = true
		}
		if i < len(p.chars) {
			before |= loop | p.chars[i].region()
		}
	}
	return drop
}

// region is the kinds of characters that are of c.
func (c *char) region() region {
	if c.literal < 0 {
		return c.of
	}
	of := region(0)
	for _, r := range variants(c.literal, c.fold) {
		of |= regionOf(r)
	}
	return of
}

// chooseOthers finds the regions that some pattern tells from plain letters.
func (a *automaton) chooseOthers() {
	differs := func(k int) bool {
		const letters = 3 // plain
		return !slices.Equal(a.loops[k], a.loops[letters]) || !slices.Equal(a.ofKind[k], a.ofKind[letters])
	}
	if differs(kindOf(':')) {
		a.others = append(a.others, ':')
	}
	if differs(kindOf('/')) {
		a.others = append(a.others, '/')
	}
	if differs(kindOf('\n')) {
		a.others = append(a.others, '\n')
	}
	if differs(kindOf('*')) {
		a.others = append(a.others, '*', '?')
	}
	if differs(kindOf('é')) {
		a.others = append(a.others, 'é', 'ü', a.strange())
	}
}

// strange is a letter that no pattern names. There always is one.
func (a *automaton) strange() rune {
	for r := '☃'; ; r++ {
		if _, literal := a.takes[r]; !literal {
			return r
		}
	}
}

// A visit is a state that was reached, and how.
type visit struct {
	state []uint64
	from  int // index of the visit before; -1 for the first
	by    rune
}

// mostHeld is how many bytes of states are held at a time.
const mostHeld = 64 << 20

// shortest finds a word, a shortest one while there is patience.
func (a *automaton) shortest(b *Budget) (Word, Answer) {
	seen := map[string]struct{}{}
	var visits []visit
	held, each := 0, 2*8*a.words+128 // in bytes: all, and those of a state with its key
	var key []byte
	reach := func(state []uint64, from int, by rune) bool {
		if !a.alive(state) {
			return false
		}
		key = key[:0]
		for _, word := range state {
			key = binary.LittleEndian.AppendUint64(key, word)
		}
		if a.noBraces && by == '$' {
			key = append(key, '$')
		}
		if _, ok := seen[string(key)]; ok {
			return false
		}
		seen[string(key)] = struct{}{}
		held += each
		visits = append(visits, visit{slices.Clone(state), from, by})
		return a.accepts(state)
	}
	word := func() Word {
		var w Word
		for i := len(visits) - 1; visits[i].from >= 0; i = visits[i].from {
			w = append(w, visits[i].by)
		}
		slices.Reverse(w)
		return w
	}
	next := make([]uint64, a.words)
	for i := range a.places {
		set(next, a.places[i].from)
	}
	a.prune(next)
	if reach(next, -1, 0) {
		return word(), Found
	}
	front := frontier{levels: make([][]int, len(a.clauses)+1)}
	pushed := 0
	for {
		for ; pushed < len(visits); pushed++ {
			front.push(pushed, a.decided(visits[pushed].state))
		}
		at, ok := front.pop()
		if !ok {
			return nil, None
		}
		if held > mostHeld || !b.Spend(1+a.words*len(a.alphabet)/32) {
			return nil, NotKnown
		}
		v := visits[at]
		step := func(r rune) bool {
			if a.noBraces && v.by == '$' && r == '{' {
				return false
			}
			a.step(next, v.state, r)
			return reach(next, at, r)
		}
		// A character that no pattern names comes first: it reads well, and leads to the states
		// in which least is matched.
		if step(a.unexpected(v.state)) {
			return word(), Found
		}
		if r, ok := a.unexpectedDigit(v.state); ok && step(r) {
			return word(), Found
		}
		for _, r := range a.others {
			if step(r) {
				return word(), Found
			}
		}
		for _, r := range a.alphabet {
			if meets(v.state, a.takes[r]) && step(r) {
				return word(), Found
			}
		}
	}
}

// A frontier gives the states to go on from: at first in the order in which they
// were reached, for the shortest word; where there are many, those first in
// which most clauses are decided.
type frontier struct {
	levels [][]int // by clauses decided; in each the order of reaching
	popped int
	queue  []int // all, in the order of reaching
	done   []bool
	head   int
}

// patience is how many states are tried in their order.
const patience = 1 << 9

func (f *frontier) push(at, decided int) {
	f.queue, f.done = append(f.queue, at), append(f.done, false)
	f.levels[decided] = append(f.levels[decided], at)
}

func (f *frontier) pop() (at int, ok bool) {
	f.popped++
	if f.popped > patience {
		for level := len(f.levels) - 1; level >= 0; level-- {
			for len(f.levels[level]) > 0 {
				at, f.levels[level] = f.levels[level][0], f.levels[level][1:]
				if !f.done[at] {
					f.done[at] = true
					return at, true
				}
			}
		}
		return 0, false
	}
	if f.head == len(f.queue) {
		return 0, false
	}
	at = f.queue[f.head]
	f.head++
	f.done[at] = true
	return at, true
}

// decided is how many clauses hold whatever follows.
func (a *automaton) decided(state []uint64) int {
	n, last := 0, -1
	for i := range a.places {
		p := &a.places[i]
		if p.sink && p.clause != last && !a.clauses[p.clause].None && has(state, p.to) {
			n, last = n+1, p.clause
		}
	}
	return n
}

func meets(a, b []uint64) bool {
	for i, x := range a {
		if x&b[i] != 0 {
			return true
		}
	}
	return false
}

// unexpected is a letter for which no pattern waits in this state. Where patterns
// wait for all of ASCII it is another one.
func (a *automaton) unexpected(state []uint64) rune {
	for _, r := range fillers {
		if mask, literal := a.takes[r]; !literal || !waits(state, mask, a.ofKind[kindOf(r)]) {
			return r
		}
	}
	return a.strange()
}

func (a *automaton) unexpectedDigit(state []uint64) (rune, bool) {
	if slices.Equal(a.loops[kindOf('1')], a.loops[kindOf('x')]) && slices.Equal(a.ofKind[kindOf('1')], a.ofKind[kindOf('x')]) {
		return 0, false
	}
	for _, r := range "1234567890" {
		if mask, literal := a.takes[r]; !literal || !waits(state, mask, a.ofKind[kindOf(r)]) {
			return r, true
		}
	}
	return 0, false
}

// waits reports whether a literal character is expected, and not just one of
// its region.
func waits(state, takes, ofKind []uint64) bool {
	for i, x := range state {
		if x&takes[i]&^ofKind[i] != 0 {
			return true
		}
	}
	return false
}

// step fills next with the state behind a character.
func (a *automaton) step(next, state []uint64, r rune) {
	k := kindOf(r)
	takes, ok := a.takes[r]
	if !ok {
		takes = a.ofKind[k]
	}
	loops := a.loops[k]
	carry := uint64(0)
	for i, x := range state {
		on := x & takes[i]
		next[i] = on<<1 | carry | x&loops[i]
		carry = on >> 63
	}
	if isSymbol(r) {
		for i := range a.places {
			if p := &a.places[i]; p.may {
				a.skip(next, state, p)
			}
		}
	}
	a.prune(next)
}

// skip: an unknown value may lead to any later place.
func (a *automaton) skip(next, state []uint64, p *place) {
	on := false
	for bit := p.from; bit <= p.to; bit++ {
		on = on || has(state, bit)
		if on {
			set(next, bit)
		}
	}
}

// prune forgets places that change nothing.
func (a *automaton) prune(state []uint64) {
	for i := range a.places {
		p := &a.places[i]
		if p.drop == nil {
			continue
		}
		on := false
		for k := len(p.loops) - 1; k >= 0; k-- {
			if on {
				unset(state, p.from+k)
			} else if p.drop[k] && has(state, p.from+k) {
				on = true
			}
		}
	}
}

// alive reports whether some text can still follow: no clause is decided against
// it.
func (a *automaton) alive(state []uint64) bool {
	at := 0
	for i := range a.clauses {
		c := &a.clauses[i]
		live := c.None
		if !live {
			for _, p := range c.Patterns {
				live = live || p.opaque
			}
		}
		for ; at < len(a.places) && a.places[at].clause == i; at++ {
			p := &a.places[at]
			switch {
			case c.None:
				if p.sink && has(state, p.to) {
					return false
				}
			case !live:
				live = anyBit(state, p.from, p.to)
			}
		}
		if !live {
			return false
		}
	}
	return true
}

func anyBit(state []uint64, from, to int) bool {
	for bit := from; bit <= to; {
		if bit&63 == 0 && to-bit >= 63 {
			if state[bit>>6] != 0 {
				return true
			}
			bit += 64
			continue
		}
		if has(state, bit) {
			return true
		}
		bit++
	}
	return false
}

// accepts reports whether the text so far fulfils all clauses.
func (a *automaton) accepts(state []uint64) bool {
	at := 0
	for i := range a.clauses {
		c := &a.clauses[i]
		some := false
		if !c.None {
			for _, p := range c.Patterns {
				some = some || p.opaque
			}
		}
		for ; at < len(a.places) && a.places[at].clause == i; at++ {
			some = some || has(state, a.places[at].to)
		}
		if some == c.None {
			return false
		}
	}
	return true
}
