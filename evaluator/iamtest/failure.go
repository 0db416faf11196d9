package iamtest

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/internal/secret"
)

// shown is how many lines a failure has at most without -v.
const shown = 8

// A failure is what a test prints: a headline that says what is so, and lines
// that say why, the most telling first.
type failure struct {
	headline string
	lines    []line
	messages []any // of the user
}

type line struct {
	label, text string
	long        bool // told with -v alone
}

func (f *failure) add(label, text string) {
	if text != "" {
		f.lines = append(f.lines, line{label: label, text: text})
	}
}

func (f *failure) addLong(label, text string) {
	if text != "" {
		f.lines = append(f.lines, line{label, text, true})
	}
}

// String is the failure in at most eight lines; all of them with -v. It may hold
// what a user pasted, and so repeats no secrets.
func (f *failure) String() string {
	var lines []line
	if message := messages(f.messages); message != "" {
		lines = append(lines, line{label: "message", text: message})
	}
	for _, l := range f.lines {
		if !l.long || verbose() {
			lines = append(lines, l)
		}
	}
	if room := shown - 1; len(lines) > room && !verbose() {
		left := len(lines) - room + 1
		lines = append(lines[:room-1], line{label: "…", text: fmt.Sprintf("%d more: go test -v", left)})
	}
	var b strings.Builder
	b.WriteString(f.headline)
	for _, l := range lines {
		text := strings.ReplaceAll(l.text, "\n", "\n"+strings.Repeat(" ", 12))
		if l.label == "" {
			fmt.Fprintf(&b, "\n  %s", text)
		} else {
			fmt.Fprintf(&b, "\n  %-9s %s", l.label, text)
		}
	}
	return secret.Redact(b.String())
}
