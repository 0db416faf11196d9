package classes

import (
	"fmt"
	"strings"
)

// A Pattern is a pattern of a policy as characters and loops, in which a
// question about many of them is walked. The zero Pattern matches the empty
// text.
//
// Patterns are immutable, and safe for concurrent use.
type Pattern struct {
	chars []char
	// loops[i] are the characters of which any number may stand before chars[i];
	// the last stands at the end.
	loops   []region
	nothing bool // it matches nothing
	// opaque: it compares with a value that is not known, in a way that no symbol
	// can stand for. It may match anything, and must match nothing.
	opaque bool
	// literals are the characters before the first wildcard; many, if there is
	// none.
	literals int
	loose    *Pattern // with a loop for each symbol; nil without symbols
}

// A char is a literal character, or one of a region.
type char struct {
	literal rune // -1: any of the region
	of      region
	fold    letterCase
}

func (c *char) takes(r rune) bool {
	if c.literal < 0 {
		return c.of&regionOf(r)&^(symbols|flat) != 0
	}
	return equalRunes(r, c.literal, c.fold)
}

// loosen puts a loop in the place of each symbol. The result matches whatever
// the pattern may match.
func (p *Pattern) loosen() *Pattern {
	loose := &Pattern{loops: []region{p.loops[0]}}
	for i := range p.chars {
		c, last := p.chars[i], len(loose.loops)-1
		switch {
		case c.literal < firstSymbol:
			loose.chars = append(loose.chars, c)
			loose.loops = append(loose.loops, p.loops[i+1])
		case isFlat(c.literal):
			loose.loops[last] |= everything&^colons | p.loops[i+1]
		default:
			loose.loops[last] = everything
		}
	}
	return loose
}

// fill are texts that match: with nothing in the place of each loop, and with a
// character.
func (p *Pattern) fill() []Word {
	short, long := Word{}, Word{}
	looped := false
	for i := range p.loops {
		if p.loops[i] != 0 {
			looped = true
			long = append(long, filler(p.loops[i]))
		}
		if i == len(p.chars) {
			break
		}
		r := p.chars[i].literal
		if r < 0 {
			r = filler(p.chars[i].of)
		}
		short, long = append(short, r), append(long, r)
	}
	if !looped {
		return []Word{short}
	}
	return []Word{short, long}
}

func filler(of region) rune {
	switch {
	case of&plain != 0:
		return 'x'
	case of&digits != 0:
		return '1'
	}
	return 'é'
}

// exactWord is the one word that the pattern matches, if it is but one.
func (p *Pattern) exactWord() (Word, bool) {
	if p.nothing || p.opaque {
		return nil, false
	}
	for i := range p.chars {
		if c := &p.chars[i]; c.literal < 0 || c.fold != exact || p.loops[i] != 0 {
			return nil, false
		}
	}
	if p.loops[len(p.chars)] != 0 {
		return nil, false
	}
	return p.fill()[0], true
}

// matchesAll reports whether the pattern is one loop over everything.
func (p *Pattern) matchesAll() bool {
	return !p.nothing && !p.opaque && len(p.chars) == 0 && p.loops[0] == everything
}

// HasSymbol reports whether an unknown value decides about the pattern.
func (p *Pattern) HasSymbol() bool {
	for i := range p.chars {
		if p.chars[i].literal >= firstSymbol {
			return true
		}
	}
	return p.opaque
}

// Never reports whether the pattern matches nothing.
func (p *Pattern) Never() bool { return p.nothing }

// must reports whether the word matches whatever its symbols stand for. It may
// miss a match of a word with symbols, or of a huge one.
func (p *Pattern) must(w Word) bool { return p.match(w, false) }

// may reports whether the word matches for some values of its symbols and of
// the pattern's. It may see a match too many, of such a word.
func (p *Pattern) may(w Word) bool {
	if p.loose != nil {
		p = p.loose
	}
	return p.match(w, true)
}

// literally compares what stands before the first loop, which decides most, and says how
// many characters that are.
func (p *Pattern) literally(w Word, may bool) (i int, ok bool) {
	for i < len(p.chars) && i < len(w) && p.loops[i] == 0 && !(may && isSymbol(w[i])) {
		if !p.chars[i].takes(w[i]) {
			return i, false
		}
		i++
	}
	return i, true
}

// tooFar reports whether the word from character i on is more than is walked.
func (p *Pattern) tooFar(w Word, i int) bool {
	n := len(p.chars) - i
	return n > 0 && len(w)-i > mostPairs/n
}

// match walks the word with all places of the pattern that it can have reached.
func (p *Pattern) match(w Word, may bool) bool {
	switch {
	case p.nothing:
		return false
	case p.opaque:
		return may
	}
	n := len(p.chars)
	if len(p.loops) == 0 {
		return len(w) == 0
	}
	i, ok := p.literally(w, may)
	if !ok {
		return false
	}
	if p.tooFar(w, i) {
		return may
	}
	var few [128]bool
	reached := append(few[:0], make([]bool, n+1)...)
	reached[i] = true
	low, high := i, i // nothing is reached outside
	for _, r := range w[i:] {
		if may && isSymbol(r) {
			for k := low; k <= n; k++ {
				reached[k] = true
			}
			high = n
			continue
		}
		of := regionOf(r)
		top := min(high+1, n)
		for k := top; k >= low; k-- {
			on := reached[k] && p.loops[k]&of != 0
			if !on && k > low && reached[k-1] {
				on = p.chars[k-1].takes(r)
			}
			reached[k] = on
		}
		for top >= low && !reached[top] {
			top--
		}
		if high = top; high < low {
			return false
		}
		for !reached[low] {
			low++
		}
	}
	return reached[n]
}

// String writes the pattern out, so that equal texts are equal patterns.
func (p *Pattern) String() string {
	var b strings.Builder
	if p.opaque {
		fmt.Fprintf(&b, "<%p>", p)
	}
	for i, loop := range p.loops {
		if loop != 0 {
			fmt.Fprintf(&b, "<%x*>", loop)
		}
		if i == len(p.chars) {
			break
		}
		switch c := &p.chars[i]; {
		case c.literal < 0:
			fmt.Fprintf(&b, "<%x>", c.of)
		case isSymbol(c.literal) || c.literal == '<' || c.fold != exact:
			fmt.Fprintf(&b, "<%d %d>", c.literal, c.fold)
		default:
			b.WriteRune(c.literal)
		}
	}
	return b.String()
}
