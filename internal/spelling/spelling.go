// Package spelling has how errors quote what they found, and suggest what was
// probably meant.
package spelling

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/secret"
)

// Longest is how much of an input an error repeats, in bytes.
const Longest = 120

// Quote puts s in quotes for a message, and cuts what is too long to read. A
// secret access key or session token in it is not repeated.
func Quote(s string) string {
	s = secret.Redact(s) // before the cut, which could leave most of a secret
	if len(s) <= Longest {
		return strconv.Quote(s)
	}
	cut := Longest
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.Quote(s[:cut]) + "…"
}

// list joins names as prose: "a", "a or b", "a, b or c".
func list(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// Suggestion ends a message on a misspelt word: the nearest word where one is
// near, else all of them if they are few.
func Suggestion(word string, words []string) string {
	if near := Nearest(word, words); near != "" && Distance(word, near, Far(near)) <= Far(near) {
		return "; did you mean " + Quote(near) + "?"
	}
	if len(words) <= 10 {
		return "; allowed are " + list(words)
	}
	return ""
}

// Nearest is the first of the words with the least distance from word, however
// great.
func Nearest(word string, words []string) string {
	best, least := "", -1
	for _, w := range words {
		if d := Distance(word, w, len(word)+len(w)); least < 0 || d < least {
			best, least = w, d
		}
	}
	return best
}

// Far is the greatest distance at which a word may still have been meant.
func Far(word string) int { return 2 + len(word)/4 }

// Distance is the number of letters to insert, delete or replace; a letter in
// the wrong case counts nothing. What is above most is most+1. It reads no more
// of a than an error repeats.
func Distance(a, b string, most int) int {
	a = a[:min(len(a), Longest)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal, least := row[0], i+1
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if fold.Lower(a[i]) != fold.Lower(b[j]) {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
			least = min(least, row[j+1])
		}
		if least > most {
			return most + 1
		}
	}
	return min(row[len(b)], most+1)
}
