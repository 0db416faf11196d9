package pattern

import (
	"strings"
	"unicode/utf8"

	"github.com/gobwas/glob"

	"github.com/iamsim/iamsim/internal/fold"
)

// A flat is a pattern in which wildcards match any character: a whole text, or
// one field of an ARN. The zero flat matches nothing.
//
// The usual classes are decided by comparing what stands before the first and
// after the last wildcard; only what is rarer needs more.
type flat struct {
	// before is the literal text before the first wildcard or variable, after
	// the one behind the last; in ClassContains after is the text between.
	before, after string
	class         Class
	fold          bool // text is compared without ASCII case; the literals are in lower case
	more          *moreFlat
}

// A moreFlat is what the rarer classes need.
type moreFlat struct {
	pieces  []string // of ClassPieces: the literals between the first and the last "*"
	general *general
}

// A general is a pattern with "?" or variables, or one with pieces that is
// compared without case.
type general struct {
	tokens []Token
	values int // how many values the variables need
	// The tokens before the first "*", from there to the last, and after it.
	head, middle, tail []Token
	simple             bool          // middle has only single literals and variables between its stars
	glob               *glob.Pattern // matches middle; nil where it would never be used
	globBytes          int           // length of middle as a pattern
}

// globWork bounds pattern × text, in bytes, for matching with glob. A unit
// costs about 25 ns at worst and up to 200 bytes on a stack that comes from a
// pool: at 64 Ki that is more than a millisecond, and an allocation whenever
// the pool has been emptied. The bound leaves it the size of an ARN, where it
// was measured to allocate nothing. The automaton does the rest, without memory
// and in at most one step a byte for every 64 bytes of pattern.
const globWork = 1 << 10

// newFlat classifies a part of a pattern.
func newFlat(z *tokenizer, p part) flat {
	s := p.text
	switch {
	case len(p.pieces) == 1 && p.pieces[0].Key == "" && !p.pieces[0].Literal:
		s = p.pieces[0].Text
	case len(p.pieces) > 0:
		return newGeneral(z, z.tokens(nil, p))
	}
	if strings.IndexByte(s, '?') >= 0 && !z.literal {
		return newGeneral(z, z.text(nil, s))
	}
	// Only stars: the parts of s itself are all that is needed.
	if z.fold {
		s = fold.String(s)
	}
	f := newExact(s)
	f.fold = z.fold
	first, last := strings.IndexByte(s, '*'), strings.LastIndexByte(s, '*')
	if first < 0 || z.literal {
		return f
	}
	f.before, f.after = s[:first], s[last+1:]
	pieces := strings.Trim(s[first:last+1], "*")
	switch {
	case pieces != "" && (f.before != "" || f.after != "" || strings.IndexByte(pieces, '*') >= 0):
		f.class = ClassPieces
		f.more = &moreFlat{pieces: splitStars(pieces)}
	case pieces != "":
		f.class = ClassContains
		f.after = pieces
	case f.before != "" && f.after != "":
		f.class = ClassEnds
	case f.before != "":
		f.class = ClassPrefix
	case f.after != "":
		f.class = ClassSuffix
	default:
		f.class = ClassAll
	}
	if z.fold && pieces != "" {
		f.more = &moreFlat{general: &general{tokens: z.text(nil, s)}}
	}
	return f
}

func newExact(s string) flat { return flat{class: ClassExact, before: s} }

// splitStars returns what stands between the stars of s.
func splitStars(s string) []string {
	pieces := make([]string, 0, strings.Count(s, "*")+1)
	for piece := range strings.SplitSeq(s, "*") {
		if piece != "" {
			pieces = append(pieces, piece)
		}
	}
	return pieces
}

// newGeneral makes a flat from tokens. Escapes may have left nothing but
// literals and stars in them; these are then general only in name.
func newGeneral(z *tokenizer, tokens []Token) flat {
	f := flat{class: ClassGeneral, fold: z.fold}
	n := len(tokens)
	if tokens[0].Kind == Literal {
		f.before = tokens[0].Text
		if n == 1 {
			f.class = ClassExact
			return f
		}
	}
	if tokens[n-1].Kind == Literal {
		f.after = tokens[n-1].Text
	}
	f.more = &moreFlat{general: compileGeneral(tokens)}
	return f
}

// starEnds returns the places of the first and the last star, or -1.
func starEnds(tokens []Token) (first, last int) {
	first, last = -1, -1
	for i, t := range tokens {
		if t.Kind == Run {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last
}

func compileGeneral(tokens []Token) *general {
	m := &general{tokens: tokens, head: tokens}
	for _, t := range tokens {
		if t.Kind == Value {
			m.values = max(m.values, t.Index+1)
		}
	}
	first, last := starEnds(tokens)
	if first < 0 {
		return m
	}
	m.head, m.middle, m.tail = tokens[:first], tokens[first:last+1], tokens[last+1:]
	m.simple = true
	for i, t := range m.middle {
		m.simple = m.simple && t.Kind != One && (t.Kind == Run) == (i%2 == 0)
	}
	if !m.simple {
		m.compileGlob()
	}
	return m
}

func (m *general) compileGlob() {
	least := 0 // bytes of any text that middle matches
	var b strings.Builder
	for _, t := range m.middle {
		switch t.Kind {
		case Value:
			return
		case Run:
			b.WriteByte('*')
		case One:
			b.WriteByte('?')
			least++
		case Literal:
			globEscaper.WriteString(&b, t.Text)
			least += len(t.Text)
		}
	}
	m.globBytes = b.Len()
	if m.globBytes*least <= globWork {
		// An error would leave the work to the automaton.
		m.glob, _ = glob.Compile(b.String())
	}
}

// globEscaper writes a literal as a pattern of glob that matches it alone. A
// literal has a "*" or a "?" where a policy escapes one (C-46).
var globEscaper = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `{`, `\{`, `}`, `\}`, `*`, `\*`, `?`, `\?`)

// inner returns the longest literal behind the first wildcard or variable.
func (f *flat) inner() string {
	longest := f.after
	switch f.class {
	case ClassPieces:
		for _, piece := range f.more.pieces {
			if len(piece) > len(longest) {
				longest = piece
			}
		}
	case ClassGeneral:
		longest = longestInner(f.more.general.tokens)
	}
	return longest
}

// match reports whether the whole text matches. The values are those of the
// variables; if there are too few of them, nothing matches.
func (f *flat) match(text string, values []string) bool {
	if f.fold {
		return f.matchFold(text, values)
	}
	switch f.class {
	case ClassExact:
		return text == f.before
	case ClassAll:
		return true
	case ClassPrefix:
		return strings.HasPrefix(text, f.before)
	case ClassSuffix:
		return strings.HasSuffix(text, f.after)
	case ClassEnds:
		return len(text) >= len(f.before)+len(f.after) &&
			strings.HasPrefix(text, f.before) && strings.HasSuffix(text, f.after)
	case ClassContains:
		return strings.Contains(text, f.after)
	case ClassPieces:
		return f.matchPieces(text)
	case ClassGeneral:
		return f.more.general.match(text, values)
	}
	return false
}

// matchPieces looks for each piece in what the piece before it has left: if
// the pieces stand in the text in this order anywhere, then the leftmost do.
func (f *flat) matchPieces(text string) bool {
	if len(text) < len(f.before)+len(f.after) ||
		!strings.HasPrefix(text, f.before) || !strings.HasSuffix(text, f.after) {
		return false
	}
	text = text[len(f.before) : len(text)-len(f.after)]
	for _, piece := range f.more.pieces {
		i := strings.Index(text, piece)
		if i < 0 {
			return false
		}
		text = text[i+len(piece):]
	}
	return true
}

// match walks inwards from both ends up to the first and the last star, where
// there is only one way to go, and leaves what stands between to others.
func (m *general) match(text string, values []string) bool {
	if len(values) < m.values {
		return false
	}
	for _, v := range values {
		// Part of a character in a value could be taken for the start or the
		// end of one in the text; the automaton minds where characters begin.
		if !utf8.ValidString(v) {
			return (&automaton{tokens: m.tokens, values: values}).match(text)
		}
	}
	text, ok := trimFront(m.head, text, values)
	if !ok || m.middle == nil {
		return ok && text == ""
	}
	text, ok = trimBack(m.tail, text, values)
	if !ok || len(m.middle) == 1 {
		return ok
	}
	if m.simple {
		return matchSimple(m.middle, text, values)
	}
	if m.glob != nil && m.globBytes*len(text) <= globWork {
		return m.glob.Match(text)
	}
	return (&automaton{tokens: m.middle, values: values}).match(text)
}

// matchSimple is matchPieces for tokens that are stars and single literals or
// variables in turn.
func matchSimple(tokens []Token, text string, values []string) bool {
	for i := 1; i < len(tokens); i += 2 {
		piece := tokens[i].Text
		if tokens[i].Kind == Value {
			piece = values[tokens[i].Index]
		}
		at := strings.Index(text, piece)
		if at < 0 {
			return false
		}
		text = text[at+len(piece):]
	}
	return true
}

// trimFront takes from the front of text what the tokens match; there is no
// star among them.
func trimFront(tokens []Token, text string, values []string) (rest string, ok bool) {
	for i := range tokens {
		t := &tokens[i]
		part := t.Text
		switch t.Kind {
		case One:
			if text == "" {
				return "", false
			}
			_, width := utf8.DecodeRuneInString(text)
			text = text[width:]
			continue
		case Value:
			part = values[t.Index]
		}
		if !strings.HasPrefix(text, part) {
			return "", false
		}
		text = text[len(part):]
	}
	return text, true
}

// trimBack is trimFront from the other end.
func trimBack(tokens []Token, text string, values []string) (rest string, ok bool) {
	for i := len(tokens) - 1; i >= 0; i-- {
		t := &tokens[i]
		part := t.Text
		switch t.Kind {
		case One:
			if text == "" {
				return "", false
			}
			_, width := utf8.DecodeLastRuneInString(text)
			text = text[:len(text)-width]
			continue
		case Value:
			part = values[t.Index]
		}
		if !strings.HasSuffix(text, part) {
			return "", false
		}
		text = text[:len(text)-len(part)]
	}
	return text, true
}

// matchFold is match without ASCII case.
func (f *flat) matchFold(text string, values []string) bool {
	switch f.class {
	case ClassExact:
		return equalFold(text, f.before)
	case ClassAll:
		return true
	case ClassPrefix, ClassSuffix, ClassEnds:
		return len(text) >= len(f.before)+len(f.after) &&
			equalFold(text[:len(f.before)], f.before) &&
			equalFold(text[len(text)-len(f.after):], f.after)
	}
	g := f.more.general
	return len(values) >= g.values && (&automaton{tokens: g.tokens, values: values, fold: true}).match(text)
}

// equalFold compares text with folded, which is in lower case.
func equalFold(text, folded string) bool {
	if len(text) != len(folded) {
		return false
	}
	for i := range len(text) {
		if fold.Lower(text[i]) != folded[i] {
			return false
		}
	}
	return true
}
