package pattern

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
)

// A compiler is one call of Compile.
type compiler struct {
	tokenizer
	source
}

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
	if lang != Text && colons < numFields-1 && (lang != Resource || !star || pattern == AnyAPI) {
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
	p := Pattern{source: c.source.text, flat: newFlat(&c.tokenizer, c.whole())}
	if p.flat.class == ClassGeneral {
		p.split = &splitPattern{variables: c.variables}
	}
	return p
}

func (c *compiler) resource() (Pattern, error) {
	if c.isAll() {
		return Pattern{source: c.source.text, flat: flat{class: ClassAll}}, nil
	}
	if n := c.len(); n < numFields && !c.swallows() {
		return Pattern{}, patternError{in: c.source.text, problem: fmt.Sprintf(
			`it is neither "*" nor an ARN: it has %d parts, and needs at least a partition and a service`, n)}
	}
	return c.byField(), nil
}

func (c *compiler) operator() Pattern {
	switch {
	case c.isVariable():
		c.index(variableOf(c.pieces[0]))
		return Pattern{
			source: c.source.text, flat: flat{class: ClassFields},
			split: &splitPattern{variables: c.variables, isVariable: true},
		}
	case c.len() < numFields:
		return Pattern{source: c.source.text}
	}
	return c.byField()
}

// byField compiles a pattern of several fields.
func (c *compiler) byField() Pattern {
	pattern, last := c.source.text, c.len()-1
	before := c.before()
	// Where a text begins with the literal fields of the pattern, its first
	// colons are theirs, unless a ${ among them hides some. So a flat
	// comparison is exact if all wildcards stand in the sixth field, or are
	// the "*" that swallows the rest; and always if there are none.
	plain := !strings.Contains(before, "${")
	literals := 0 // fields at the start that are literal
	if plain {
		literals = min(strings.Count(before, ":"), last)
	}
	swallows := strings.Trim(pattern[len(before):], "*") == ""
	if len(before) == len(pattern) || plain && literals == last && (last == numFields-1 || swallows) {
		return c.flat()
	}

	s := &splitPattern{count: last + 1}
	s.fields = make([]indexedFlat, 0, last+1-literals)
	for i := literals; i <= last; i++ {
		if field := newFlat(&c.tokenizer, c.field(i)); field.class != ClassAll {
			s.fields = append(s.fields, indexedFlat{i, field})
		}
	}
	s.inner = longestRun(pattern[len(before):])
	if c.pieces != nil {
		tokens := c.joined()
		s.inner = longestInner(tokens)
		if len(tokens) == 1 && tokens[0].Kind == Literal && !strings.Contains(tokens[0].Text, "${") {
			// Escapes have left one text.
			return Pattern{source: pattern, flat: newExact(tokens[0].Text)}
		}
	}
	s.variables = c.variables
	return Pattern{source: pattern, flat: flat{class: ClassFields, before: before}, split: s}
}

// before returns the literal text before the first wildcard, variable or
// escape.
func (c *compiler) before() string {
	before := c.source.text
	if c.pieces != nil {
		before = before[:strings.Index(before, "${")]
	}
	if i := Wildcard(before); i >= 0 {
		before = before[:i]
	}
	return before
}

// joined returns the tokens of all fields and of the colons between them.
func (c *compiler) joined() []Token {
	var tokens []Token
	for i := range c.len() {
		if i > 0 {
			tokens = c.addLiteral(tokens, ":")
		}
		tokens = c.tokens(tokens, c.field(i))
	}
	return tokens
}

// longestRun returns the longest text in s between wildcards.
func longestRun(s string) string {
	longest := ""
	for s != "" {
		run, rest := s, ""
		if i := Wildcard(s); i >= 0 {
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

// invalidVariables is the error of a pattern with malformed variables.
func invalidVariables(pattern string, err error) error {
	return patternError{in: pattern, problem: err.Error(), cause: err}
}
