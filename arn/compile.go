package arn

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/internal/variable"
)

// A compiler is one call of Compile.
type compiler struct {
	tokenizer
	lang    Language
	pattern string
	mode    variableMode     // asText or asValue
	pieces  []variable.Piece // of the pattern, if mode is asValue
}

// numFields is the number of parts of an ARN.
const numFields = 6

// compileSimple compiles what most patterns are, a literal or a literal before
// a final "*", where fields make no difference: the text is an ARN as a whole,
// or the star swallows what follows.
func compileSimple(lang Language, pattern string, folded bool) (p Pattern, ok bool) {
	before, star := strings.CutSuffix(pattern, "*")
	colons := 0
	for i := range len(before) {
		switch c := before[i]; {
		case c == ':':
			colons++
		case c == '*', c == '?', c == '$', c >= utf8.RuneSelf:
			return Pattern{}, false
		}
	}
	if lang != Text && colons < numFields-1 && !(lang == Resource && star) {
		return Pattern{}, false
	}
	p.source = pattern
	p.flat.fold = folded
	if folded {
		before = fold.String(before)
	}
	p.flat.before = before
	switch {
	case !star:
		p.flat.class = ClassExact
	case before == "":
		p.flat.class = ClassAll
	default:
		p.flat.class = ClassPrefix
	}
	return p, true
}

// flat compiles a pattern that is compared with the text as a whole.
func (c *compiler) flat() Pattern {
	p := Pattern{source: c.pattern, flat: newFlat(&c.tokenizer, c.pattern, c.mode)}
	if p.flat.class == ClassGeneral {
		p.split = &splitPattern{variables: c.variables}
	}
	return p
}

func (c *compiler) resource() (Pattern, error) {
	if strings.Trim(c.pattern, "*") == "" && c.pattern != "" {
		return Pattern{source: c.pattern, flat: flat{class: ClassAll}}, nil
	}
	f := c.fields()
	if f.n < numFields-1 && !strings.HasSuffix(c.pattern, "*") {
		return Pattern{}, patternError{in: c.pattern, problem: fmt.Sprintf(
			`it is neither "*" nor an ARN: it has %d of six parts, and fewer are allowed only before a final "*"`, f.n+1)}
	}
	return c.split(&f), nil
}

func (c *compiler) operator() Pattern {
	if len(c.pieces) == 1 && c.pieces[0].Key != "" {
		c.index(c.pieces[0])
		return Pattern{
			source: c.pattern, flat: flat{class: ClassFields},
			split: &splitPattern{variables: c.variables, isVariable: true},
		}
	}
	f := c.fields()
	if f.n < numFields-1 {
		return Pattern{source: c.pattern}
	}
	return c.split(&f)
}

// fields splits the pattern at its first five colons outside ${…} (B-12).
func (c *compiler) fields() Fields {
	if c.mode == asText {
		return Split(c.pattern)
	}
	f := Fields{text: c.pattern}
	offset := 0
	for _, p := range c.pieces {
		source := p.String()
		if p.Key == "" && !p.Literal {
			for i := range len(source) {
				if source[i] == ':' && f.n < numFields-1 {
					f.colon[f.n] = int32(offset + i)
					f.n++
				}
			}
		}
		offset += len(source)
	}
	return f
}

// split compiles a pattern of several fields.
func (c *compiler) split(f *Fields) Pattern {
	last := int(f.n)
	before := c.before()
	literals := 0 // fields at the start that are literal
	for literals < last && int(f.colon[literals]) < len(before) {
		literals++
	}
	// Where a text begins with the literal fields of the pattern, its first
	// colons are theirs, unless a ${ among them hides some. So a flat
	// comparison is exact if all wildcards stand in the sixth field, or are
	// the "*" that swallows the rest; and always if there are none.
	plain := !strings.Contains(before, "${")
	swallows := strings.Trim(c.pattern[len(before):], "*") == ""
	if len(before) == len(c.pattern) || plain && literals == last && (last == numFields-1 || swallows) {
		return c.flat()
	}

	s := &splitPattern{count: last + 1}
	if !plain {
		literals = 0
	}
	s.fields = make([]indexedFlat, 0, last+1-literals)
	for i := literals; i <= last; i++ {
		if field := newFlat(&c.tokenizer, f.field(i), c.fieldMode(i)); field.class != ClassAll {
			s.fields = append(s.fields, indexedFlat{i, field})
		}
	}
	s.inner = longestRun(c.pattern[len(before):])
	if c.mode == asValue {
		tokens := c.joined(f)
		s.inner = longestInner(tokens)
		if len(tokens) == 1 && tokens[0].kind == literal && !strings.Contains(tokens[0].text, "${") {
			// Escapes have left one text.
			return Pattern{source: c.pattern, flat: newExact(tokens[0].text)}
		}
	}
	s.variables = c.variables
	return Pattern{source: c.pattern, flat: flat{class: ClassFields, before: before}, split: s}
}

// before returns the literal text before the first wildcard, variable or
// escape.
func (c *compiler) before() string {
	before := c.pattern
	if c.mode == asValue {
		before = before[:strings.Index(before, "${")]
	}
	if i := strings.IndexAny(before, "*?"); i >= 0 {
		before = before[:i]
	}
	return before
}

// fieldMode is what ${…} means in field i.
func (c *compiler) fieldMode(i int) variableMode {
	if c.lang == Resource && c.mode == asValue && i < 3 {
		return asLiteral
	}
	return c.mode
}

// joined returns the tokens of all fields and of the colons between them.
func (c *compiler) joined(f *Fields) []token {
	var tokens []token
	for i := range int(f.n) + 1 {
		if i > 0 {
			tokens = c.literal(tokens, ":")
		}
		for _, t := range c.tokens(nil, f.field(i), c.fieldMode(i)) {
			if t.kind == literal {
				tokens = c.literal(tokens, t.text)
				continue
			}
			tokens = append(tokens, t)
		}
	}
	return tokens
}

// longestRun returns the longest text in s between wildcards.
func longestRun(s string) string {
	longest := ""
	for s != "" {
		run, rest := s, ""
		if i := strings.IndexAny(s, "*?"); i >= 0 {
			run, rest = s[:i], s[i+1:]
		}
		if len(run) > len(longest) {
			longest = run
		}
		s = rest
	}
	return longest
}

// A patternError quotes the pattern and says what is wrong with it.
type patternError struct {
	in, problem string
	cause       error
}

func (e patternError) Error() string {
	return fmt.Sprintf("invalid pattern %s: %s", spelling.Quote(e.in), e.problem)
}

func (e patternError) Unwrap() error { return e.cause }
