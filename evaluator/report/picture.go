package report

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
)

// A picture is the way of a request through its layers, from top to bottom, in
// units of a viewBox.
type picture struct {
	Height int
	Text   string // what it shows, for those who do not see it
	Gates  []gate
	Lines  []line
}

// A gate is a layer, or the begin or the end of the way.
type gate struct {
	Y          int
	State      string // its class: "start", "allows", "denies", "open", "aside", "end"
	Sign       string
	Name, Word string
	Stopped    bool
	Beyond     bool // behind the one that stopped
}

// Baseline, Upper and Lower are where the texts of a gate stand.
func (g gate) Baseline() int { return g.Y + 5 }
func (g gate) Upper() int    { return g.Y - 2 }
func (g gate) Lower() int    { return g.Y + 16 }

// A line leads from one gate to the next.
type line struct {
	Y1, Y2  int
	Reached bool
}

// The sizes of the picture.
const (
	pictureWidth = 640
	gateHeight   = 56
	gateRadius   = 14
)

func newPicture(e *explanation) *picture {
	if e.Decision == evaluator.Invalid {
		return nil
	}
	p := &picture{}
	add := func(state, sign, name, word string) {
		y := 30 + len(p.Gates)*gateHeight
		p.Gates = append(p.Gates, gate{Y: y, State: state, Sign: sign, Name: name, Word: word})
	}
	add("start", "", "the request", e.Request.Action)
	stopped := 0 // the gate; 0: none, for that is the request
	for i := range e.Layers {
		l := &e.Layers[i]
		state, sign := "aside", "–"
		switch {
		case l.Stopped:
			state, sign, stopped = "denies", "✕", len(p.Gates)
		case l.Outcome == evaluator.ExplicitDeny, l.Asked && l.Outcome == evaluator.ImplicitDeny:
			state, sign = "denies", "✕"
		case !l.Asked:
		case l.Outcome == evaluator.Allowed:
			state, sign = "allows", "✓"
		case l.Outcome == evaluator.Indeterminate:
			state, sign = "open", "?"
		}
		word := l.word()
		if l.Stopped {
			word += ": the request stopped here"
		}
		add(state, sign, l.name(), word)
		here := len(p.Gates) - 1
		p.Gates[here].Stopped, p.Gates[here].Beyond = l.Stopped, stopped > 0 && here > stopped
	}
	end := map[evaluator.Outcome][3]string{
		evaluator.Allowed:       {"allows", "✓", "allowed"},
		evaluator.Indeterminate: {"open", "?", "open"},
	}
	if last, ok := end[e.Decision]; ok {
		add(last[0], last[1], last[2], e.Summary)
	} else {
		add("end", "", "not reached", "")
	}
	for i := 1; i < len(p.Gates); i++ {
		p.Lines = append(p.Lines, line{p.Gates[i-1].Y + gateRadius, p.Gates[i].Y - gateRadius, stopped == 0 || i <= stopped})
	}
	p.Height = p.Gates[len(p.Gates)-1].Y + 30
	p.Text = describe(e)
	return p
}

// describe is the picture in a sentence.
func describe(e *explanation) string {
	var steps []string
	for i := range e.Layers {
		l := &e.Layers[i]
		step := l.name() + " " + l.word()
		if l.Stopped {
			return strings.Join(append(steps, step+", and the request stops there"), "; ")
		}
		steps = append(steps, step)
	}
	return strings.Join(append(steps, fmt.Sprintf("the request is %s", strings.ToLower(verdicts[e.Decision].word))), "; ")
}

// Width of the picture.
func (p *picture) Width() int { return pictureWidth }

// Radius of a gate.
func (p *picture) Radius() int { return gateRadius }
