package denial

import (
	"iter"
	"strings"
)

// A phraseIndex finds any of many phrases in one pass over a text. Blanks, line
// breaks and the case of ASCII letters do not count, so that a phrase is found
// wherever a terminal broke it.
type phraseIndex struct {
	// keys marks the hashes of the first keyLength characters of the phrases;
	// phrases lists them by these characters.
	keys    [1 << 12]bool
	phrases map[uint32][]phrase
}

// keyLength is how many characters of a phrase are looked for first.
const keyLength = 4

// A phrase is a text to be found, without blanks and in small letters.
type phrase struct {
	text string
	id   int
}

// A hit is a phrase in a text.
type hit struct{ id, start, end int }

// newPhraseIndex indexes phrases; a hit tells the index of its phrase.
func newPhraseIndex(texts []string) *phraseIndex {
	x := &phraseIndex{phrases: make(map[uint32][]phrase)}
	for id, text := range texts {
		text = strings.ToLower(strings.Join(strings.Fields(text), ""))
		var key uint32
		for i := range keyLength {
			key = key<<8 | uint32(text[i])
		}
		x.keys[hash(key)] = true
		x.phrases[key] = append(x.phrases[key], phrase{text, id})
	}
	return x
}

func hash(key uint32) uint32 { return key * 0x9E3779B1 >> 20 }

// in yields the hits in a text, in the order of their beginnings.
func (x *phraseIndex) in(text string) iter.Seq[hit] {
	return func(yield func(hit) bool) {
		var key uint32
		var places [keyLength]int // of the last characters
		for i, n := 0, 0; i < len(text); i++ {
			c := text[i]
			if c <= ' ' {
				continue
			}
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			key = key<<8 | uint32(c)
			places[n%keyLength] = i
			n++
			if !x.keys[hash(key)] || n < keyLength {
				continue
			}
			start := places[n%keyLength]
			for _, p := range x.phrases[key] {
				if end := p.matches(text, i+1); end > 0 && !yield(hit{p.id, start, end}) {
					return
				}
			}
		}
	}
}

// matches is where a phrase ends whose first characters end at i; 0 if the text
// goes on otherwise.
func (p phrase) matches(text string, i int) int {
	rest := p.text[keyLength:]
	for rest != "" {
		if i == len(text) {
			return 0
		}
		c := text[i]
		i++
		if c <= ' ' {
			continue
		}
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != rest[0] {
			return 0
		}
		rest = rest[1:]
	}
	return i
}
