package classes

import "slices"

// Answer is what is known of whether something exists.
type Answer uint8

// The answers. The zero Answer is NotKnown.
const (
	NotKnown Answer = iota // the budget is used up, or the question lies outside the method
	None                   // there is none
	Found                  // there is one
)

// Budget bounds the work of any number of questions. A nil Budget has no bound.
// It serves one goroutine.
type Budget struct {
	// States is how many states of automata may still be visited; wide ones count
	// for several.
	States int
	// Stop, if it is set, is called now and then, and says whether to give up.
	Stop func() bool

	stopped bool
}

// Spend takes n states, and reports whether there were as many.
func (b *Budget) Spend(n int) bool {
	if b == nil {
		return true
	}
	before := b.States
	b.States -= n
	if b.Stop != nil && before>>8 != b.States>>8 && b.Stop() {
		b.stopped = true
	}
	return b.States >= 0 && !b.stopped
}

// Stopped reports whether Stop said so.
func (b *Budget) Stopped() bool { return b != nil && b.stopped }

// A Clause demands that one of the patterns matches, or that none does.
type Clause struct {
	Patterns []*Pattern
	None     bool
}

// Holds reports whether the word fulfils the clause. For a word with symbols, or
// a huge one, it may say so too often, never too seldom.
func (c *Clause) Holds(w Word) bool {
	for _, p := range c.Patterns {
		if c.None && p.must(w) {
			return false
		}
		if !c.None && p.may(w) {
			return true
		}
	}
	return c.None
}

// A Question looks for a text that fulfils all clauses.
type Question struct {
	Clauses []Clause
	// NoBraces leaves out texts with "${", in which colons do not separate the
	// parts of an ARN (B-12). It must be set where patterns are compared part by
	// part.
	NoBraces bool
	// Slow leaves out every short cut: the whole product of all patterns is
	// walked. It is for tests.
	Slow bool
}

// Find answers the question with a short text. Where there is none, core names
// clauses that cannot all be fulfilled, by their place; it need not be the
// smallest set.
func (q *Question) Find(b *Budget) (w Word, a Answer, core []int) {
	clauses, because := q.withoutExcluded()
	rest := Question{Clauses: clauses, NoBraces: q.NoBraces, Slow: q.Slow}
	w, a, core = rest.find(b)
	for i := range core {
		if because != nil {
			core = append(core, because[core[i]]...)
		}
	}
	slices.Sort(core)
	return w, a, slices.Compact(core)
}

// withoutExcluded leaves out patterns that a clause demands and another excludes,
// also where they hold values that are not known: of those a search knows only that
// each of two patterns may match, and not that a value is the same in both.
// because names for each clause those that took patterns from it.
func (q *Question) withoutExcluded() (clauses []Clause, because [][]int) {
	clauses = q.Clauses
	for i := range q.Clauses {
		if c := &q.Clauses[i]; c.None || !c.hasSymbols() {
			continue
		}
		for k := range q.Clauses {
			left := slices.DeleteFunc(slices.Clone(clauses[i].Patterns), q.Clauses[k].excludes)
			if k == i || len(left) == len(clauses[i].Patterns) {
				continue
			}
			if because == nil {
				clauses, because = slices.Clone(clauses), make([][]int, len(clauses))
			}
			clauses[i].Patterns, because[i] = left, append(because[i], k)
		}
	}
	return clauses, because
}

// excludes reports whether nothing that the pattern matches fulfils the clause. It
// may miss that, and leaves it to the search where no value is unknown.
func (c *Clause) excludes(p *Pattern) bool {
	if c.None {
		return slices.ContainsFunc(c.Patterns, func(other *Pattern) bool { return covers(other, p) })
	}
	return p.loose != nil && c.hasSymbols() && !slices.ContainsFunc(c.Patterns, func(other *Pattern) bool { return !disjoint(p, other) })
}

// find is Find of clauses as they are.
func (q *Question) find(b *Budget) (w Word, a Answer, core []int) {
	anchor := -1
	for i := range q.Clauses {
		c := &q.Clauses[i]
		if c.None {
			continue
		}
		if len(c.Patterns) == 0 {
			return nil, None, []int{i}
		}
		if anchor < 0 || q.before(i, anchor) {
			anchor = i
		}
	}
	if anchor < 0 {
		for _, text := range []string{noValue, "y"} {
			if w := Word(text); !q.Slow && !slices.ContainsFunc(q.Clauses, func(c Clause) bool { return !c.Holds(w) }) {
				return w, Found, nil
			}
		}
		all := Anything()
		whole := Question{Clauses: append(slices.Clone(q.Clauses), Clause{Patterns: []*Pattern{&all}}), NoBraces: q.NoBraces, Slow: q.Slow}
		w, a, core = whole.find(b)
		return w, a, slices.DeleteFunc(core, func(i int) bool { return i == len(q.Clauses) })
	}
	s := search{question: q, anchor: anchor, budget: b, core: make([]bool, len(q.Clauses))}
	s.core[anchor] = true
	a = None
	for _, p := range q.Clauses[anchor].Patterns {
		switch w, answer := s.from(p); answer {
		case Found:
			return w, Found, nil
		case NotKnown:
			a = NotKnown
		}
	}
	for i, on := range s.core {
		if on {
			core = append(core, i)
		}
	}
	return nil, a, core
}

// before reports whether clause i is the better one to begin with: one with
// symbols, which are exact only there, else the one that leaves fewer words.
func (q *Question) before(i, j int) bool {
	x, y := &q.Clauses[i], &q.Clauses[j]
	if a, b := x.hasSymbols(), y.hasSymbols(); a != b {
		return a
	}
	if a, b := x.narrowness(), y.narrowness(); a != b {
		return a > b
	}
	return len(x.Patterns) < len(y.Patterns)
}

// narrowness is with how many literal characters every pattern of the clause
// begins, as far as it matters.
func (c *Clause) narrowness() int {
	const most = 12
	least := most
	for _, p := range c.Patterns {
		least = min(least, p.literals)
	}
	return least
}

func (c *Clause) hasSymbols() bool {
	return slices.ContainsFunc(c.Patterns, (*Pattern).HasSymbol)
}

// A search looks for a word that one pattern matches.
type search struct {
	question *Question
	anchor   int
	budget   *Budget
	core     []bool // clauses that were needed to exclude a word
}

// from looks for a word among those that p matches.
func (s *search) from(p *Pattern) (Word, Answer) {
	if p.nothing {
		return nil, None
	}
	if !s.budget.Spend(1 + len(p.chars)/64) {
		return nil, NotKnown
	}
	if !s.question.Slow {
		if w, ok := p.exactWord(); ok {
			if w, a := s.try(w); a == None || !s.question.guesses(w) {
				return w, a
			}
		}
		for _, w := range p.fill() {
			if s.fits(w) && !s.question.guesses(w) {
				return w, Found
			}
		}
	}
	var left []placed
	left = append(left, placed{Clause{Patterns: []*Pattern{p}}, s.anchor, true})
	for i := range s.question.Clauses {
		if i == s.anchor {
			continue
		}
		c, decided := s.reduce(i, p)
		switch decided {
		case None:
			s.core[i] = true
			return nil, None
		case NotKnown:
			left = append(left, placed{c, i, false})
		}
	}
	a := automaton{noBraces: s.question.NoBraces, clauses: left}
	a.build()
	w, answer := a.shortest(s.budget)
	if answer != Found {
		for _, k := range left {
			s.core[k.at] = true
		}
	}
	return w, answer
}

// try answers for the one word there is.
func (s *search) try(w Word) (Word, Answer) {
	if s.question.NoBraces && hasBrace(w) {
		return nil, None
	}
	fails := -1
	for i := range s.question.Clauses {
		if i == s.anchor || s.question.Clauses[i].Holds(w) {
			continue
		}
		if s.core[i] {
			return nil, None
		}
		if fails < 0 {
			fails = i
		}
	}
	if fails < 0 {
		return w, Found
	}
	s.core[fails] = true
	return nil, None
}

// guesses reports whether the word is so long that clauses say they hold without
// having read it.
func (q *Question) guesses(w Word) bool {
	return slices.ContainsFunc(q.Clauses, func(c Clause) bool { return c.guesses(w) })
}

func (c *Clause) guesses(w Word) bool {
	return slices.ContainsFunc(c.Patterns, func(p *Pattern) bool {
		if !c.None {
			p = p.loosely()
		}
		if p.opaque || len(w) <= mostPairs/(len(p.chars)+1) {
			return false
		}
		at, ok := p.literally(w, !c.None)
		return ok && p.tooFar(w, at)
	})
}

func (s *search) fits(w Word) bool {
	if s.question.NoBraces && hasBrace(w) {
		return false
	}
	for i := range s.question.Clauses {
		if i != s.anchor && !s.question.Clauses[i].Holds(w) {
			return false
		}
	}
	return true
}

// reduce leaves of clause i what the words of p do not decide: None if no word
// of p fulfils it, Found if all do.
func (s *search) reduce(i int, p *Pattern) (Clause, Answer) {
	c := s.question.Clauses[i]
	if s.question.Slow {
		return c, NotKnown
	}
	left := Clause{None: c.None}
	for _, q := range c.Patterns {
		switch {
		case disjoint(p, q):
		case covers(q, p):
			if c.None {
				return Clause{}, None
			}
			return Clause{}, Found
		default:
			left.Patterns = append(left.Patterns, q)
		}
	}
	switch {
	case len(left.Patterns) > 0:
		return left, NotKnown
	case c.None:
		return Clause{}, Found
	}
	return Clause{}, None
}
