// Package cite finds the numbers of IAM's rules in texts, and says where
// CONFORMANCE.md explains each: "B-12" of "(B-12)".
package cite

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/lazy"
)

// number is a rule ("B-12"), a section ("E.7"), an example ("EX-B12") or an
// entry of the register of contradictions ("Z-4").
var number = lazy.Regexp(`EX-[A-L]\d+|[A-LZ]-\d+|[A-L]\.[1-9]\d*`)

// A citation is a word of its own: "UTF-8" and "EC-2b" hold none.
var (
	wordBefore = lazy.Regexp(`[\w./:\[-]$`)
	wordAfter  = lazy.Regexp(`^(\w|-\w|\.\d)`)
)

// Places are the citations in a text, each as the index of its first byte and
// of the one behind its last, in the order of the text.
func Places(text string) [][]int {
	return slices.DeleteFunc(number().FindAllStringIndex(text, -1), func(at []int) bool {
		return wordBefore().MatchString(text[:at[0]]) || wordAfter().MatchString(text[at[1]:])
	})
}

// Numbers are the numbers that a text cites, in the order of the text.
func Numbers(text string) []string {
	var found []string
	for _, at := range Places(text) {
		found = append(found, text[at[0]:at[1]])
	}
	return found
}

// Anchor is the name of a number's place in CONFORMANCE.md. GitHub takes dots
// out of names, so they are written as hyphens: E.7 is section-e-7, B-12 is
// b-12.
func Anchor(number string) string {
	if strings.Contains(number, ".") {
		number = "section-" + strings.ReplaceAll(number, ".", "-")
	}
	return strings.ToLower(number)
}

// URL is the address at which a number is explained.
func URL(number string) string {
	return "https://github.com/iamsim/iamsim/blob/main/CONFORMANCE.md#" + Anchor(number)
}
