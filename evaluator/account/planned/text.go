package planned

import (
	"iter"
	"strings"

	"github.com/iamsim/iamsim/internal/law"
)

// A Hole is a value that is not known before deployment. Holes of one Origin are
// the same value.
type Hole struct {
	Origin string // "aws_lambda_function.orders.arn", "parameter Stage"
	Why    string // "known after apply", "parameter without value"
	Mend   string // how to give the value: "--parameters Stage=VALUE"; "" where nobody can
}

// Key is the context key that stands for the hole.
func (h *Hole) Key() string { return law.PlannedPrefix + spelled.Replace(h.Origin) }

// spelled writes what a policy variable cannot hold otherwise.
var spelled = strings.NewReplacer(" ", "_", "\t", "_", "\n", "_", "\r", "_", ",", "_", "{", "(", "}", ")", "$", "_", law.PlannedDoubt, "_")

// String names the hole and says why it is one: "aws_lambda_function.orders.arn,
// known after apply".
func (h *Hole) String() string {
	if h.Why == "" {
		return h.Origin
	}
	return h.Origin + ", " + h.Why
}

// A Text is a string of which parts may be holes. The zero Text is "". Texts are
// values and are not changed.
type Text struct{ parts []part }

// A part is a hole, or else text.
type part struct {
	text string
	hole *Hole
}

// Known is a text without holes.
func Known(s string) Text {
	if s == "" {
		return Text{}
	}
	return Text{[]part{{text: s}}}
}

// Unknown is a text that is one hole.
func Unknown(h *Hole) Text { return Text{[]part{{hole: h}}} }

// Concat is one text after the other.
func Concat(texts ...Text) Text {
	var all Text
	var known strings.Builder // since the last hole
	end := func() {
		if known.Len() > 0 {
			all.parts = append(all.parts, part{text: known.String()})
			known.Reset()
		}
	}
	for _, t := range texts {
		for _, p := range t.parts {
			if known.WriteString(p.text); p.hole != nil {
				end()
				all.parts = append(all.parts, p)
			}
		}
	}
	end()
	return all
}

// Value is the whole text, if it has no holes.
func (t Text) Value() (string, bool) {
	switch {
	case len(t.parts) == 0:
		return "", true
	case len(t.parts) == 1 && t.parts[0].hole == nil:
		return t.parts[0].text, true
	}
	return "", false
}

// Prefix is what is known of the beginning.
func (t Text) Prefix() string {
	if len(t.parts) == 0 {
		return ""
	}
	return t.parts[0].text
}

// Parts are the pieces of the text in order: text, or a hole.
func (t Text) Parts() iter.Seq2[string, *Hole] {
	return func(yield func(string, *Hole) bool) {
		for _, p := range t.parts {
			if !yield(p.text, p.hole) {
				return
			}
		}
	}
}

// Holes are those of the text, in order.
func (t Text) Holes() []*Hole {
	var holes []*Hole
	for _, p := range t.parts {
		if p.hole != nil {
			holes = append(holes, p.hole)
		}
	}
	return holes
}

// AsPath is the text as the path of a user, group, role or policy, which begins and
// ends with a slash: a hole at either end has it there.
func (t Text) AsPath() Text {
	if len(t.parts) == 0 {
		return t
	}
	if t.parts[0].hole != nil {
		t = Concat(Known("/"), t)
	}
	if t.parts[len(t.parts)-1].hole != nil {
		t = Concat(t, Known("/"))
	}
	return t
}

// String is the text for people, each hole as "${origin}".
func (t Text) String() string {
	var b strings.Builder
	for _, p := range t.parts {
		if p.hole != nil {
			b.WriteString("${" + p.hole.Origin + "}")
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// variables is the text as a policy has it: each hole a policy variable.
func (t Text) variables() string {
	var b strings.Builder
	for _, p := range t.parts {
		if p.hole != nil {
			b.WriteString("${" + p.hole.Key() + "}")
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// escaped is the text with "${" standing for itself: as documents before
// 2012-10-17, which have no variables, mean it.
func (t Text) escaped() Text {
	own := Text{make([]part, len(t.parts))}
	for i, p := range t.parts {
		own.parts[i] = part{strings.ReplaceAll(p.text, "${", "${$}{"), p.hole}
	}
	return own
}
