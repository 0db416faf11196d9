package pattern

import (
	"unicode/utf8"

	"github.com/iamsim/iamsim/internal/fold"
)

// An automaton matches any pattern against any text without backtracking:
// after each byte it knows all positions of the pattern that the text so far
// can have led to, one bit for each, and moves all 64 of a block in one step.
// So a text takes ⌈positions/64⌉ steps a byte, whatever the pattern.
//
// Nothing is prepared beforehand: the tables of one block are filled from the
// tokens when the block begins, which costs no memory for the many patterns
// that never come here, and puts the values of variables in their place. To do
// that a block goes over a whole chunk of text before the next block begins,
// and hands on, in one bit for each byte, what leaves it.
type automaton struct {
	tokens []Token
	values []string
	fold   bool // text is compared without ASCII case; tokens are in lower case
}

const (
	chunkBytes  = 1024
	stackBlocks = 128 // patterns of up to 8 Ki positions need no allocation
)

// match reports whether the whole text matches.
func (a *automaton) match(text string) bool {
	if len(text) < a.least() {
		return false
	}
	matched, _ := a.run(text)
	return matched
}

// least is the length in bytes below which no text matches.
func (a *automaton) least() int {
	least := 0
	for i := range a.tokens {
		switch t := &a.tokens[i]; t.Kind {
		case One:
			least++
		case Value:
			least += len(a.values[t.Index])
		default:
			least += len(t.Text)
		}
	}
	return least
}

// run is match with the number of steps: a step moves one block over one byte.
func (a *automaton) run(text string) (matched bool, steps int) {
	var b block
	b.fill(a, cursor{})
	if b.accept == 0 {
		return a.runBlocks(text)
	}
	var carry [chunkBytes]byte
	state := uint64(1)
	for {
		chunk := text[:chunkEnd(text)]
		text = text[len(chunk):]
		state, _ = b.run(chunk, &carry, state)
		steps += len(chunk)
		if text == "" || state == 0 {
			return state&b.accept != 0, steps
		}
	}
}

// runBlocks is run for patterns of several blocks.
func (a *automaton) runBlocks(text string) (matched bool, steps int) {
	var onStack [stackBlocks]uint64
	var carry [chunkBytes]byte
	states := onStack[:1]
	states[0] = 1
	for {
		chunk := text[:chunkEnd(text)]
		text = text[len(chunk):]
		clear(carry[:])

		at := cursor{}
		carried, alive := false, false
		for j := 0; ; j++ {
			if j == len(states) {
				states = append(states, 0)
			}
			var b block
			at = b.fill(a, at)
			if states[j] != 0 || carried {
				states[j], carried = b.run(chunk, &carry, states[j])
				steps += len(chunk)
				alive = alive || states[j] != 0
			}
			if b.accept == 0 {
				continue
			}
			if text == "" || !alive {
				return states[j]&b.accept != 0, steps
			}
			break
		}
	}
}

// chunkEnd returns where the next chunk of text ends: between characters.
func chunkEnd(text string) int {
	if len(text) <= chunkBytes {
		return len(text)
	}
	// Four bytes of continuation in a row are no character, so the search
	// need not go back further.
	for end := chunkBytes; end > chunkBytes-utf8.UTFMax; end-- {
		if utf8.RuneStart(text[end]) {
			return end
		}
	}
	return chunkBytes
}

// A cursor is a place in the tokens.
type cursor struct {
	token, offset int
}

// A block is 64 positions of a pattern. Bit i of a state says that the pattern
// up to position i has matched; bit i of a table says what leads on from there.
type block struct {
	literal [256]uint64 // by byte: the position is this byte
	one     uint64      // the position is "?"
	loop    uint64      // a "*" stands before the position
	accept  uint64      // the end of the pattern
}

// fill sets the tables from the tokens at the cursor and returns where the
// next block begins. The block with the end of the pattern has accept set.
func (b *block) fill(a *automaton, at cursor) cursor {
	for bit := uint64(1); ; {
		if at.token == len(a.tokens) {
			if bit != 0 {
				b.accept = bit
			}
			return at
		}
		t := &a.tokens[at.token]
		text := t.Text
		switch t.Kind {
		case Run:
			if bit == 0 {
				return at
			}
			b.loop |= bit
			at.token++
			continue
		case One:
			if bit == 0 {
				return at
			}
			b.one |= bit
			bit <<= 1
			at.token++
			continue
		case Value:
			text = a.values[t.Index]
		}
		for ; at.offset < len(text); at.offset++ {
			if bit == 0 {
				return at
			}
			c := text[at.offset]
			if a.fold {
				c = fold.Lower(c)
				if c >= 'a' && c <= 'z' {
					b.literal[c-'a'+'A'] |= bit
				}
			}
			b.literal[c] |= bit
			bit <<= 1
		}
		at = cursor{token: at.token + 1}
	}
}

// run moves the state over chunk. It takes from carry what comes in from the
// block before and leaves there what goes out, by byte of the chunk.
func (b *block) run(chunk string, carry *[chunkBytes]byte, state uint64) (end uint64, carried bool) {
	var out uint64
	for i := 0; i < len(chunk) && i < len(carry); i++ {
		c := chunk[i]
		before, width := state, 1
		if c >= utf8.RuneSelf {
			_, width = utf8.DecodeRuneInString(chunk[i:])
		}
		// Wildcards take whole characters: they lead from before the first
		// byte of a character to after its last.
		for ; width > 1; width-- {
			on := state & b.literal[chunk[i]]
			state = on<<1 | uint64(carry[i])
			carry[i] = byte(on >> 63)
			out |= on
			i++
		}
		on := state&b.literal[chunk[i]] | before&b.one
		state = on<<1 | uint64(carry[i]) | before&b.loop
		carry[i] = byte(on >> 63)
		out |= on
	}
	return state, out>>63 != 0
}
