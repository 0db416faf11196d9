package denial

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/internal/spelling"
)

// ErrNotUnderstood is in the chain of every error of [Parse].
var ErrNotUnderstood = errors.New("not understood")

// NotUnderstoodError is a text, or a part of one, that is no denial or that
// cannot be read as one.
type NotUnderstoodError struct {
	// Line of the text, from 1; 0 for the text as a whole.
	Line int
	// Problem says what is wrong with it.
	Problem string
	// Recognised is what was recognised all the same, such as
	// `action "lambda:GetFunction"`.
	Recognised []string
	// Next says what to do now. It is free to change.
	Next string
}

// Error begins with "not understood: ", and ends in what to do next.
func (e *NotUnderstoodError) Error() string {
	text := "not understood: "
	if e.Line > 0 {
		text += fmt.Sprintf("line %d: ", e.Line)
	}
	text += e.Problem
	if len(e.Recognised) == 0 {
		text += "; nothing in it was recognised"
	} else {
		text += "; recognised: " + strings.Join(e.Recognised, ", ")
	}
	if e.Next != "" {
		text += "; next: " + e.Next
	}
	return text
}

// Is makes the error [ErrNotUnderstood].
func (e *NotUnderstoodError) Is(target error) bool { return target == ErrNotUnderstood }

var signs = sync.OnceValue(func() []sign {
	return []sign{
		{"error code", regexp.MustCompile(`\b` + deniedCode + `\b`)},
		{"caller or resource", regexp.MustCompile(`\barn:aws[a-z-]*:[^\s"'<>,;()]+`)},
		{"action", regexp.MustCompile(`\b[a-z][a-z0-9-]{1,30}:[A-Z][A-Za-z0-9]{2,60}\b`)},
		{"request id", regexp.MustCompile(`\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)},
	}
})

// A sign is a thing that a denial has.
type sign struct {
	name    string
	pattern *regexp.Regexp
}

// recognise lists what in a text looks like a part of a denial, a few of each.
func recognise(text string) []string {
	const most, few = 16 << 10, 3
	if len(text) > most {
		text = text[:most]
	}
	var found []string
	for _, s := range signs() {
		n := 0
		for _, m := range s.pattern.FindAllString(text, 50) {
			part := s.name + " " + spelling.Quote(strings.TrimRight(m, ".:"))
			if n < few && !slices.Contains(found, part) {
				found = append(found, part)
				n++
			}
		}
	}
	return found
}
