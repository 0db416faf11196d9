package pattern

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/variable"
)

// A Token is the smallest part of a pattern.
type Token struct {
	Kind  TokenKind
	Text  string // of a Literal
	Index int    // of a Value: which of the variables
}

// TokenKind is what a [Token] matches.
type TokenKind uint8

// The kinds of tokens.
const (
	Literal TokenKind = iota // the text itself
	One                      // "?": one character
	Run                      // "*": any run of characters
	Value                    // the value of a variable, literally (B-17)
)

// Tokens is a pattern as its smallest parts.
type Tokens struct {
	// Fields are the parts between the first five colons of a Resource or
	// Operator pattern; of any other there is one. Neighbours in a field are
	// never both literals, nor both runs.
	Fields    [][]Token
	Variables []Variable
	// All: a Resource pattern that matches everything (B-13). It has no Fields.
	All bool
	// Swallows: a Resource pattern with fewer than six fields, which takes what
	// follows them (B-12).
	Swallows bool
	// IsVariable: an Operator pattern that is one variable. Its value is
	// compared as a whole ARN.
	IsVariable bool
}

// Tokenize reads a pattern as [Compile] does, and leaves to the caller what it
// matches. An error names every malformed variable.
func Tokenize(lang Language, text string, o Options) (Tokens, error) {
	s, err := read(lang, text, o.Variables)
	if err != nil {
		return Tokens{}, invalidVariables(text, err)
	}
	if s.isAll() {
		return Tokens{All: true}, nil
	}
	z := tokenizer{fold: o.FoldCase, literal: o.Literal}
	t := Tokens{Fields: make([][]Token, s.len()), Swallows: s.swallows(), IsVariable: s.isVariable()}
	for i := range t.Fields {
		t.Fields[i] = z.tokens(nil, s.field(i))
	}
	t.Variables = z.variables
	return t, nil
}

// A tokenizer splits patterns into tokens and collects their variables.
type tokenizer struct {
	fold      bool // literals are put in lower case
	literal   bool // "*" and "?" stand for themselves
	variables []Variable
	places    map[Variable]int // of the variables, if they are many
	joined    []byte           // of literals that stand together, if they are several
}

// tokens appends the tokens of a part to dst. Neighbouring literals become one,
// as do neighbouring stars.
func (z *tokenizer) tokens(dst []Token, f part) []Token {
	if f.pieces == nil {
		return z.text(dst, f.text)
	}
	for _, p := range f.pieces {
		switch {
		case p.Key == "" && !p.Literal:
			dst = z.text(dst, p.Text)
		case f.asWritten:
			dst = z.addLiteral(dst, p.String())
		case p.Key == "":
			dst = z.addLiteral(dst, p.Text)
		default:
			dst = append(z.end(dst), Token{Kind: Value, Index: z.index(variableOf(p))})
		}
	}
	return z.end(dst)
}

// Wildcard is the offset of the first wildcard in s, -1 if there is none.
func Wildcard(s string) int {
	star := strings.IndexByte(s, '*')
	if star >= 0 {
		s = s[:star]
	}
	if one := strings.IndexByte(s, '?'); one >= 0 {
		return one
	}
	return star
}

// text appends text without variables.
func (z *tokenizer) text(dst []Token, s string) []Token {
	if len(s) > 1<<12 { // growing step by step takes most of the time
		dst = slices.Grow(dst, 2*(strings.Count(s, "*")+strings.Count(s, "?"))+1)
	}
	for s != "" {
		i := Wildcard(s)
		if i < 0 || z.literal {
			return z.addLiteral(dst, s)
		}
		if i > 0 {
			dst = z.addLiteral(dst, s[:i])
		}
		switch n := len(dst); {
		case s[i] == '?':
			dst = append(z.end(dst), Token{Kind: One})
		case n == 0 || dst[n-1].Kind != Run:
			dst = append(z.end(dst), Token{Kind: Run})
		}
		s = s[i+1:]
	}
	return dst
}

// addLiteral appends a literal. Several together become one at their end.
func (z *tokenizer) addLiteral(dst []Token, s string) []Token {
	if z.fold {
		s = fold.String(s)
	}
	n := len(dst)
	if n == 0 || dst[n-1].Kind != Literal {
		return append(dst, Token{Kind: Literal, Text: s})
	}
	if len(z.joined) == 0 {
		z.joined = append(z.joined, dst[n-1].Text...)
	}
	z.joined = append(z.joined, s...)
	return dst
}

// end ends the literal that dst may end with.
func (z *tokenizer) end(dst []Token) []Token {
	if len(z.joined) > 0 {
		dst[len(dst)-1].Text = string(z.joined)
		z.joined = z.joined[:0]
	}
	return dst
}

// index is the place of a variable among those that were seen, of a new one the
// next.
func (z *tokenizer) index(v Variable) int {
	const few = 16
	if z.places == nil {
		if i := slices.Index(z.variables, v); i >= 0 {
			return i
		}
		if len(z.variables) == few {
			z.places = make(map[Variable]int)
			for i, seen := range z.variables {
				z.places[seen] = i
			}
		}
	} else if i, seen := z.places[v]; seen {
		return i
	}
	z.variables = append(z.variables, v)
	if z.places != nil {
		z.places[v] = len(z.variables) - 1
	}
	return len(z.variables) - 1
}

func variableOf(p variable.Piece) Variable {
	return Variable{Key: p.Key, Default: p.Default, HasDefault: p.HasDefault}
}

// longestInner returns the longest of the literals behind the first token.
func longestInner(tokens []Token) string {
	longest := ""
	for _, t := range tokens[1:] {
		if len(t.Text) > len(longest) {
			longest = t.Text
		}
	}
	return longest
}
