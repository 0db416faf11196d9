package classes

import (
	"github.com/iamsim/iamsim/internal/pattern"
)

// Binding is what stands in the place of a policy variable.
type Binding struct {
	Text   string // the value, or the default
	Symbol rune   // instead of Text: the value is not known, see [Symbol]
	None   bool   // no value: a pattern with the variable matches nothing (B-16, C-44)
}

// Binder says what stands in the place of a variable. A nil Binder knows no
// value; then defaults are used (C-45).
type Binder func(pattern.Variable) Binding

func (b Binder) bind(v pattern.Variable) Binding {
	switch {
	case b != nil:
		return b(v)
	case v.HasDefault:
		return Binding{Text: v.Default}
	}
	return Binding{None: true}
}

// Reading is how the text of a pattern is read.
type Reading struct {
	Variables bool   // ${…} counts: Version 2012-10-17
	Bind      Binder // of variables
	FoldASCII bool   // letters of ASCII are compared without case
	fold      letterCase
	literal   bool // "*" and "?" stand for themselves
}

// builder puts a pattern together.
type builder struct {
	p      Pattern
	fold   letterCase
	within region // of wildcards, and of literal characters
}

func (b *builder) add(c char) {
	b.p.chars = append(b.p.chars, c)
	b.p.loops = append(b.p.loops, 0)
}

func (b *builder) literal(s string) {
	for _, r := range s {
		b.char(r)
	}
}

func (b *builder) char(r rune) {
	if b.within&regionOf(r) == 0 {
		b.p.nothing = true
	}
	b.add(char{literal: r, fold: b.fold})
}

func (b *builder) loop(of region) {
	last := &b.p.loops[len(b.p.loops)-1]
	if *last&of != *last && *last&of != of {
		b.p.opaque = true // two different runs side by side
	}
	*last |= of
}

// tokens adds the tokens of a field.
func (b *builder) tokens(list []pattern.Token, variables []pattern.Variable, bind Binder) {
	for _, t := range list {
		switch t.Kind {
		case pattern.Literal:
			for _, r := range t.Text {
				b.add(char{literal: r, fold: b.fold})
			}
		case pattern.One:
			b.add(char{literal: -1, of: b.within})
		case pattern.Run:
			b.loop(b.within)
		case pattern.Value:
			b.bound(bind.bind(variables[t.Index]))
		}
	}
}

func (b *builder) bound(v Binding) {
	switch {
	case v.None:
		b.p.nothing = true
	case v.Symbol == 0:
		b.literal(v.Text)
	case b.fold != exact:
		b.add(char{literal: foldedSymbol(v.Symbol), fold: b.fold})
	default:
		b.add(char{literal: v.Symbol})
	}
}

// newBuilder begins a pattern of about so many characters.
func newBuilder(f letterCase, within region, size int) *builder {
	return &builder{p: Pattern{chars: make([]char, 0, size), loops: make([]region, 1, size+1)}, fold: f, within: within}
}

// done is the pattern.
func (b *builder) done() Pattern {
	p := b.p
	if p.opaque {
		p.nothing = false
	}
	if p.nothing {
		return Pattern{nothing: true}
	}
	for p.literals < len(p.chars) && p.loops[p.literals] == 0 && p.chars[p.literals].literal >= 0 {
		p.literals++
	}
	if p.literals == len(p.chars) && p.loops[p.literals] == 0 {
		p.literals = 1 << 16
	}
	if p.HasSymbol() && !p.opaque {
		p.loose = p.loosen()
	}
	return p
}

// Compile reads a pattern of one of the three languages (B.1, B-12, C-12). An
// error names every malformed variable.
func Compile(language pattern.Language, text string, r Reading) (Pattern, error) {
	if r.FoldASCII {
		r.fold = ascii
	}
	t, err := pattern.Tokenize(language, text, pattern.Options{Variables: r.Variables, Literal: r.literal})
	switch {
	case err != nil:
		return Pattern{}, err
	case t.All:
		return Anything(), nil
	case t.IsVariable:
		return wholeARN(r.Bind.bind(t.Variables[0])), nil
	case language == pattern.Operator && len(t.Fields) < 6:
		return Pattern{nothing: true}, nil // C-13
	}
	b := newBuilder(r.fold, everything, len(text))
	for i, field := range t.Fields {
		if i > 0 {
			b.add(char{literal: ':'})
		}
		b.within = everything
		if language != pattern.Text && i < 5 {
			b.within = closed
		}
		b.tokens(field, t.Variables, r.Bind)
	}
	if t.Swallows {
		b.p.loops[len(b.p.loops)-1] = everything
	}
	return b.done(), nil
}

// closed is what wildcards and values take inside one of the first five parts
// of an ARN.
const closed = everything &^ (colons | symbols)

// wholeARN is a variable that is all of an ARN operator's value.
func wholeARN(v Binding) Pattern {
	b := newBuilder(exact, everything, len(v.Text))
	if v.Symbol != 0 {
		b.p.opaque = true
		return b.done()
	}
	if f := pattern.Split(v.Text); v.None || !hasSix(&f) {
		return Pattern{nothing: true}
	}
	b.literal(v.Text)
	return b.done()
}

// hasSix reports whether a text has all six parts of an ARN.
func hasSix(f *pattern.Fields) bool {
	n := 0
	for i := range 6 {
		n += len(f.Field(i))
	}
	return n+5 == len(f.Text())
}

// Exactly is the pattern that matches one text.
func Exactly(text string) Pattern {
	b := newBuilder(exact, everything, len(text))
	b.literal(text)
	return b.done()
}

// Anything is the pattern that matches every text.
func Anything() Pattern {
	b := newBuilder(exact, everything, 0)
	b.loop(everything)
	return b.done()
}

// Form is a pattern for the shape of a text: "*" stands for any number of
// characters without colon or line feed, "?" for a digit, "+" for one character
// or more without colon, slash or line feed, "&" for one or more without colon
// or line feed, "!" for one or more printed characters of ASCII but stars, as in the path of a
// user or role, "%" for anything but a line feed, and "~" for at least one
// character, of any kind.
func Form(form string) Pattern {
	b := newBuilder(exact, everything, len(form))
	one := everything &^ (colons | breaks | symbols | stars)
	for _, r := range form {
		switch r {
		case '*':
			b.loop(one)
		case '?':
			b.add(char{literal: -1, of: digits})
		case '+', '&':
			of := one &^ strange
			if r == '+' {
				of &^= slashes
			}
			b.add(char{literal: -1, of: of})
			b.loop(of)
		case '!':
			of := everything &^ (stars | breaks | strange | symbols | flat)
			b.add(char{literal: -1, of: of})
			b.loop(of)
		case '~':
			b.add(char{literal: -1, of: everything &^ (symbols | flat)})
			b.loop(everything)
		case '%':
			b.loop(everything &^ breaks)
		default:
			b.char(r)
		}
	}
	return b.done()
}

// Within is the pattern for texts that begin and end as the forms say (see
// [Form]) and have between them what p matches, in which neither wildcards nor
// characters are line feeds, nor any of the characters of without.
func (p Pattern) Within(before, after Pattern, without string) Pattern {
	mask := everything &^ breaks
	for _, r := range without {
		mask &^= regionOf(r)
	}
	b := newBuilder(exact, everything, len(before.chars)+len(p.chars)+len(after.chars))
	b.join(before, everything)
	b.join(p, mask)
	b.join(after, everything)
	return b.done()
}

func (b *builder) join(p Pattern, mask region) {
	for i := range p.loops {
		if p.loops[i] != 0 {
			b.loop(p.loops[i] & mask)
		}
		if i == len(p.chars) {
			break
		}
		c := p.chars[i]
		if c.literal >= 0 && mask&regionOf(c.literal) == 0 {
			b.p.nothing = true
		}
		if c.literal < 0 {
			c.of &= mask
		}
		b.add(c)
	}
	b.p.opaque = b.p.opaque || p.opaque
	b.p.nothing = b.p.nothing || p.nothing
}
