package iamtest

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// A unit is what coverage counts: a statement, an action or a condition, and
// its place in the policy's text.
type unit struct {
	kind         unitKind
	label        string // "Statement DeployOrders"
	decided      int
	line, column int // from 1
	begin, end   int // in bytes
}

type unitKind uint8

const (
	aStatement unitKind = iota
	anAction
	aCondition
)

// units are those of a policy in the order of its text, each statement before
// what is in it.
func (p *coveredPolicy) units() []unit {
	var units []unit
	lines := linesOf(p.Text)
	add := func(kind unitKind, label string, decided int, path ...any) {
		u := unit{kind: kind, label: label, decided: decided}
		u.line, u.column = p.Document.Position(path...)
		if u.line > 0 {
			u.begin = lines[u.line-1].offset(u.column)
			u.end = u.begin + length(p.Text[u.begin:])
		}
		units = append(units, u)
	}
	for i := range p.statements {
		s := &p.statements[i]
		add(aStatement, strings.TrimSpace("Statement "+s.sid), s.decided, "Statement", i)
		for _, list := range [2][]coveredElement{s.actions, s.conditions} {
			for _, e := range list {
				add(e.kind, e.label, e.decided, e.path...)
			}
		}
	}
	return units
}

// A textLine is a line of a text.
type textLine struct {
	begin      int   // in bytes
	characters []int // where each begins in the line, in bytes; nil where each is one byte
}

func linesOf(text string) []textLine {
	var lines []textLine
	begin := 0
	for line := range strings.SplitAfterSeq(text, "\n") {
		l := textLine{begin: begin}
		if utf8.RuneCountInString(line) < len(line) {
			for i := range line {
				l.characters = append(l.characters, i)
			}
		}
		lines = append(lines, l)
		begin += len(line)
	}
	return lines
}

// offset is the byte of the text at which a column of the line begins.
func (l *textLine) offset(column int) int {
	if l.characters == nil {
		return l.begin + column - 1
	}
	return l.begin + l.characters[column-1]
}

// length of the JSON value with which a text begins; of what is none, of the rest
// of its line.
func length(text string) int {
	decoder := json.NewDecoder(strings.NewReader(text))
	var value json.RawMessage
	if decoder.Decode(&value) != nil {
		line, _, _ := strings.Cut(text, "\n")
		return len(line)
	}
	return int(decoder.InputOffset())
}

// A tally is how many of some units decided.
type tally struct{ decided, all int }

func (t *tally) add(u *unit) {
	t.all++
	if u.decided > 0 {
		t.decided++
	}
}

// percent is rounded down: 100 is everything. Of nothing it is 100.
func (t tally) percent() int {
	if t.all == 0 {
		return 100
	}
	return 100 * t.decided / t.all
}

func (t *tally) sum(other tally) {
	t.decided += other.decided
	t.all += other.all
}
