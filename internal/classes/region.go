package classes

import (
	"strings"
	"unicode"
)

// A region is a set of kinds of characters. Wildcards take whole regions: a "*"
// inside a part of an ARN takes everything but colons.
type region uint16

const (
	colons region = 1 << iota
	slashes
	digits  // of ASCII
	plain   // the other printed characters of ASCII
	stars   // "*" and "?", which no request's action holds
	breaks  // line feeds, with which callers join texts that patterns shall not cross
	strange // blanks, control characters, and what is beyond ASCII
	symbols // values of variables that are not known, see Symbol
	flat    // the same without colon
)

// kinds is the number of regions.
const kinds = 9

// everything is any text, colons and line feeds included.
const everything = colons | slashes | digits | plain | stars | breaks | strange | symbols | flat

// regionOf is the one region of a character.
func regionOf(r rune) region {
	switch {
	case r > unicode.MaxRune:
		if isFlat(r) {
			return flat
		}
		return symbols
	case r == ':':
		return colons
	case r == '/':
		return slashes
	case '0' <= r && r <= '9':
		return digits
	case r == '*' || r == '?':
		return stars
	case r == '\n':
		return breaks
	case r > ' ' && r < 0x7F:
		return plain
	}
	return strange
}

// firstSymbol is the first symbol: a character beyond Unicode that stands for the value of a variable
// that is not known, be it long or short. Each variable has four: bit 0 says
// that letter case does not count, bit 1 that the value holds no colon.
const firstSymbol = unicode.MaxRune + 1

// Symbol is the character that stands for the unknown value of variable n,
// counted from 0. The value of a flat one holds no colon.
func Symbol(n int, isFlat bool) rune {
	r := rune(firstSymbol + 4*n)
	if isFlat {
		r |= 2
	}
	return r
}

func isSymbol(r rune) bool { return r >= firstSymbol }
func isFlat(r rune) bool   { return isSymbol(r) && r&2 != 0 }
func foldedSymbol(r rune) rune {
	return r | 1
}

// letterCase says which letters count as equal.
type letterCase uint8

const (
	exact   letterCase = iota
	ascii              // actions, Bool (B-1)
	folding            // …IgnoreCase (L-12)
)

// equalRunes compares a character with a literal one.
func equalRunes(r, literal rune, f letterCase) bool {
	switch {
	case r == literal:
		return true
	case f == exact:
		return false
	case isSymbol(r) || isSymbol(literal):
		return isSymbol(r) && isSymbol(literal) && foldedSymbol(r) == foldedSymbol(literal)
	case f == ascii:
		return lowerRune(r) == lowerRune(literal)
	}
	for c := unicode.SimpleFold(literal); c != literal; c = unicode.SimpleFold(c) {
		if c == r {
			return true
		}
	}
	return false
}

func lowerRune(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

// variants are the characters that a literal one matches.
func variants(literal rune, f letterCase) []rune {
	list := []rune{literal}
	switch {
	case f == exact:
	case isSymbol(literal):
		if literal != literal&^1 {
			list = append(list, literal&^1)
		}
	case f == ascii:
		if c := lowerRune(literal); c != literal {
			list = append(list, c)
		} else if 'a' <= c && c <= 'z' {
			list = append(list, c-'a'+'A')
		}
	default:
		for c := unicode.SimpleFold(literal); c != literal; c = unicode.SimpleFold(c) {
			list = append(list, c)
		}
	}
	return list
}

// fillers are characters for places where any would do, the most readable
// first.
const fillers = "xyzabcdefghijklmnopqrstuvwXYZABCDEFGHIJKLMNOPQRSTUVW-_.@+=,~#%&!$^()[]|;<>'\"`\\{}"

// Word is a text in which symbols stand for values that are not known.
type Word []rune

// Text is the word as text; ok is false if it holds a symbol.
func (w Word) Text() (text string, ok bool) {
	for _, r := range w {
		if isSymbol(r) {
			return "", false
		}
	}
	return string(w), true
}

// hasBrace reports whether a text holds "${", see [Question.NoBraces].
func hasBrace(w Word) bool { return strings.Contains(string(w), "${") }
