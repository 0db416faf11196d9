package main

import "fmt"

// A report is the sections of what was measured and how it compares with what
// was to be reached.
type report struct {
	command  string // how it was made
	measured string // in how many rounds, how long
	sections []section
	verdicts []verdict
	panels   []panel // of the growth plot
}

type section struct{ title, text string }

// A verdict compares a figure with a goal.
type verdict struct {
	work, goal, measured string
	reached              bool
}

func (r *report) section(title, text string) {
	r.sections = append(r.sections, section{title, text})
}

// atLeast holds a factor to a goal.
func (r *report) atLeast(work string, goal, measured float64) {
	r.verdicts = append(r.verdicts, verdict{work, "≥ " + factor(goal), times(measured), measured >= goal})
}

// atMost holds a factor to a goal.
func (r *report) atMost(work string, goal, measured float64) {
	r.verdicts = append(r.verdicts, verdict{work, "≤ " + factor(goal), times(measured), measured <= goal})
}

func (r *report) is(work, goal, measured string, reached bool) {
	r.verdicts = append(r.verdicts, verdict{work, goal, measured, reached})
}

// factor writes a goal, which is a round number.
func factor(x float64) string { return fmt.Sprintf("%g×", x) }
