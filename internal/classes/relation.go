package classes

// Disjoint reports whether no text matches both patterns, whatever the values of
// their symbols.
func (p *Pattern) Disjoint(q *Pattern) bool { return disjoint(p, q) }

// disjoint reports whether no word matches both patterns, whatever the values
// of their symbols.
func disjoint(p, q *Pattern) bool {
	switch {
	case p.nothing || q.nothing:
		return true
	case p.opaque || q.opaque:
		return false
	}
	p, q = p.behind(q)
	i := 0
	for i < len(p.chars) && i < len(q.chars) && p.loops[i] == 0 && q.loops[i] == 0 {
		if !share(&p.chars[i], &q.chars[i]) {
			return true
		}
		i++
	}
	return !shareWord(p, q, i)
}

// behind leaves of two patterns what stands behind their common beginning, as far as
// that is as long in both; symbols there have one value. Later ones are loops.
func (p *Pattern) behind(q *Pattern) (*Pattern, *Pattern) {
	if p.loose == nil || q.loose == nil {
		return p.loosely(), q.loosely()
	}
	i, symbol := 0, false
	for i < len(p.chars) && i < len(q.chars) && p.loops[i] == 0 && q.loops[i] == 0 && p.chars[i] == q.chars[i] {
		symbol = symbol || isSymbol(p.chars[i].literal)
		i++
	}
	if !symbol {
		return p.loosely(), q.loosely()
	}
	return (&Pattern{chars: p.chars[i:], loops: p.loops[i:]}).loosen(), (&Pattern{chars: q.chars[i:], loops: q.loops[i:]}).loosen()
}

// loosely is the pattern with a loop for each symbol.
func (p *Pattern) loosely() *Pattern {
	if p.loose != nil {
		return p.loose
	}
	return p
}

// mostPairs bounds how many pairs of places are walked at a time, of two patterns
// or of a pattern and a word: some milliseconds' work. Beyond it they are taken
// to meet, and whoever needs to know walks an automaton, within its budget.
const mostPairs = 1 << 22

// shareWord walks pairs of places of both patterns, from place i of both on.
func shareWord(p, q *Pattern, start int) bool {
	rows, columns := len(p.chars)-start+1, len(q.chars)-start+1
	if rows > mostPairs/columns {
		return true
	}
	var few [1024]bool
	seen := append(few[:0], make([]bool, rows*columns)...)
	// Row by row: a step never leads back but by a loop.
	seen[0] = true
	for x := range rows {
		for y := range columns {
			if !seen[x*columns+y] {
				continue
			}
			i, j := x+start, y+start
			if i == len(p.chars) && j == len(q.chars) {
				return true
			}
			if i < len(p.chars) && j < len(q.chars) && share(&p.chars[i], &q.chars[j]) {
				seen[(x+1)*columns+y+1] = true
			}
			if i < len(p.chars) && inLoop(&p.chars[i], q.loops[j]) {
				seen[(x+1)*columns+y] = true
			}
			if j < len(q.chars) && inLoop(&q.chars[j], p.loops[i]) {
				seen[x*columns+y+1] = true
			}
		}
	}
	return false
}

// share reports whether a character is of both.
func share(a, b *char) bool {
	switch {
	case a.literal < 0 && b.literal < 0:
		return a.of&b.of&^(symbols|flat) != 0
	case a.literal < 0:
		a, b = b, a
	}
	if b.literal < 0 {
		return inLoop(a, b.of)
	}
	return equalRunes(a.literal, b.literal, max(a.fold, b.fold)) // which takes all that the other one does
}

// inLoop reports whether a character of c is one that the loop takes.
func inLoop(c *char, loop region) bool {
	if c.literal < 0 {
		return c.of&loop&^(symbols|flat) != 0
	}
	for _, r := range variants(c.literal, c.fold) {
		if loop&regionOf(r) != 0 {
			return true
		}
	}
	return false
}

// covers reports whether q matches whatever p does. It may miss that.
func covers(q, p *Pattern) bool {
	switch {
	case p.nothing || q.matchesAll():
		return true
	case q.nothing || p.opaque || q.opaque:
		return false
	}
	if same(p, q) {
		return true
	}
	return walks(q, p)
}

// walks goes along p with the places of q that have matched all that p can have
// matched so far: a run of p needs a run of q that takes as much.
func walks(q, p *Pattern) bool {
	n := len(q.chars)
	if len(p.chars) > mostPairs/(n+1) {
		return false
	}
	var few [128]bool
	at := append(few[:0], make([]bool, n+1)...)
	at[0] = true
	low, high := 0, 0
	for i, loop := range p.loops {
		for k := low; k <= high; k++ {
			at[k] = at[k] && loop&^q.loops[k] == 0
		}
		if high == n && at[n] && (q.loops[n] == everything || i == len(p.chars)) {
			return true
		}
		if i == len(p.chars) {
			return false
		}
		c := &p.chars[i]
		alive := -1
		for k := min(high+1, n); k >= low; k-- {
			at[k] = k <= high && at[k] && c.within(q.loops[k]) || k > low && at[k-1] && c.isOf(&q.chars[k-1])
			if at[k] && alive < 0 {
				alive = k
			}
		}
		if alive < 0 {
			return false
		}
		high = alive
		for !at[low] {
			low++
		}
	}
	return false
}

// within reports whether every character of c is one that the loop takes. A value
// that is not known is any text.
func (c *char) within(loop region) bool {
	switch {
	case c.literal < 0:
		return c.of&^(loop|symbols|flat) == 0
	case isFlat(c.literal):
		return (everything&^colons&^symbols)&^loop == 0
	case isSymbol(c.literal):
		return loop == everything
	}
	for _, r := range variants(c.literal, c.fold) {
		if loop&regionOf(r) == 0 {
			return false
		}
	}
	return true
}

// isOf reports whether every character of c is one of d.
func (c *char) isOf(d *char) bool {
	switch {
	case d.literal < 0:
		return !isSymbol(c.literal) && c.within(d.of)
	case c.literal < 0:
		return false
	}
	return equalRunes(c.literal, d.literal, d.fold) && c.fold <= d.fold
}

func same(p, q *Pattern) bool {
	if p == q {
		return true
	}
	if len(p.chars) != len(q.chars) {
		return false
	}
	for i := range p.chars {
		if p.chars[i] != q.chars[i] || p.loops[i] != q.loops[i] {
			return false
		}
	}
	return p.loops[len(p.chars)] == q.loops[len(q.chars)]
}
