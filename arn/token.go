package arn

import (
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/variable"
)

// A token is the smallest part of a pattern.
type token struct {
	kind  tokenKind
	text  string // of a literal
	index int    // of a variable's value among the values
}

type tokenKind uint8

const (
	literal tokenKind = iota
	anyOne            // ?
	anyRun            // *
	value             // of a variable; literal (B-17)
)

// variableMode says what ${…} means in a part of a pattern.
type variableMode uint8

const (
	asText    variableMode = iota // text like any other, wildcards included
	asLiteral                     // literal text, in partition and service (B-15)
	asValue                       // variables and escapes
)

// A tokenizer splits patterns into tokens and collects their variables.
type tokenizer struct {
	fold      bool // literals are put in lower case
	variables []Variable
}

// tokens appends the tokens of s to dst. Neighbouring literals become one, as
// do neighbouring stars. Where ${…} is not just text, s has been parsed
// before, so that no error is left.
func (z *tokenizer) tokens(dst []token, s string, mode variableMode) []token {
	if mode == asText || !variable.Has(s) {
		return z.active(dst, s)
	}
	pieces, _ := variable.Parse(s)
	for _, p := range pieces {
		switch {
		case p.Key == "" && !p.Literal:
			dst = z.active(dst, p.Text)
		case mode == asLiteral:
			dst = z.literal(dst, p.String())
		case p.Key == "":
			dst = z.literal(dst, p.Text)
		default:
			dst = append(dst, token{kind: value, index: z.index(p)})
		}
	}
	return dst
}

// active appends text in which wildcards count.
func (z *tokenizer) active(dst []token, s string) []token {
	for s != "" {
		i := strings.IndexAny(s, "*?")
		if i < 0 {
			return z.literal(dst, s)
		}
		if i > 0 {
			dst = z.literal(dst, s[:i])
		}
		switch n := len(dst); {
		case s[i] == '?':
			dst = append(dst, token{kind: anyOne})
		case n == 0 || dst[n-1].kind != anyRun:
			dst = append(dst, token{kind: anyRun})
		}
		s = s[i+1:]
	}
	return dst
}

func (z *tokenizer) literal(dst []token, s string) []token {
	if z.fold {
		s = fold.String(s)
	}
	if n := len(dst); n > 0 && dst[n-1].kind == literal {
		dst[n-1].text += s
		return dst
	}
	return append(dst, token{kind: literal, text: s})
}

func (z *tokenizer) index(p variable.Piece) int {
	v := Variable{Key: p.Key, Default: p.Default, HasDefault: p.HasDefault}
	for i := range z.variables {
		if z.variables[i] == v {
			return i
		}
	}
	z.variables = append(z.variables, v)
	return len(z.variables) - 1
}

// longestInner is longestLiteral without the literal at the beginning.
func longestInner(tokens []token) string {
	if len(tokens) > 0 && tokens[0].kind == literal {
		tokens = tokens[1:]
	}
	return longestLiteral(tokens)
}

// longestLiteral returns the longest of the tokens' literals.
func longestLiteral(tokens []token) string {
	longest := ""
	for _, t := range tokens {
		if len(t.text) > len(longest) {
			longest = t.text
		}
	}
	return longest
}
