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
	if p.loose != nil {
		p = p.loose
	}
	if q.loose != nil {
		q = q.loose
	}
	i := 0
	for i < len(p.chars) && i < len(q.chars) && p.loops[i] == 0 && q.loops[i] == 0 {
		if !share(&p.chars[i], &q.chars[i]) {
			return true
		}
		i++
	}
	return !shareWord(p, q, i)
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
	seen := few[:]
	if rows*columns > len(few) {
		seen = make([]bool, rows*columns)
	}
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
	if equalRunes(a.literal, b.literal, max(a.fold, b.fold)) {
		return true
	}
	return a.fold != exact && b.fold != exact && a.fold != b.fold && overlap(a, b)
}

func overlap(a, b *char) bool {
	for _, r := range variants(a.literal, a.fold) {
		if equalRunes(r, b.literal, b.fold) {
			return true
		}
	}
	return false
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
	// A literal beginning, and anything.
	n := len(q.chars)
	if q.loops[n] != everything || len(p.chars) < n {
		return false
	}
	for i := range n {
		if q.loops[i] != 0 || p.loops[i] != 0 {
			return false
		}
		a, b := &q.chars[i], &p.chars[i]
		if b.literal < 0 || a.literal < 0 || !equalRunes(b.literal, a.literal, a.fold) || b.fold > a.fold {
			return false
		}
	}
	return true
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
