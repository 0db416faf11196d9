package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/evaluator/fix"
	"github.com/iamsim/iamsim/evaluator/report"
	"github.com/iamsim/iamsim/policy"
)

// jsonAnswer is an answer as JSON; schema/denied.json describes it.
type jsonAnswer struct {
	Denial      *denial.Denial    `json:"denial"`
	Causes      []denial.Cause    `json:"causes,omitempty"`
	Agreement   *denial.Agreement `json:"agreement,omitempty"`
	Assumed     []policy.Layer    `json:"assumed,omitempty"`
	Unknown     []jsonUnknown     `json:"unknown,omitempty"`
	Explanation json.RawMessage   `json:"explanation,omitempty"`
	Fix         *fix.Fix          `json:"fix,omitempty"`
	Fixes       []passingFix      `json:"fixes,omitempty"`
	Call        *neededCall       `json:"call,omitempty"`
	Error       string            `json:"error,omitempty"`
	// Needed says what to give for an answer, where something is missing.
	Needed []string `json:"needed,omitempty"`
	LookUp string   `json:"lookUp,omitempty"`
}

type jsonUnknown struct {
	Layer policy.Layer `json:"layer,omitempty"`
	Key   string       `json:"key,omitempty"`
	Text  string       `json:"text"`
}

// jsonNotUnderstood is a part of the text that was not understood.
type jsonNotUnderstood struct {
	Line       int      `json:"line,omitempty"`
	Problem    string   `json:"problem"`
	Recognised []string `json:"recognised,omitempty"`
	Next       string   `json:"next,omitempty"`
}

// printDenials writes one object a line: for each denial, then for what was not
// understood.
func printDenials(w io.Writer, o report.Options, answers []*answer, notUnderstood error) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for _, a := range answers {
		j, err := a.json(o)
		if err != nil {
			return err
		}
		if err := out.Encode(j); err != nil {
			return err
		}
	}
	for _, err := range parts(notUnderstood) {
		j := jsonNotUnderstood{Problem: err.Error()}
		var e *denial.NotUnderstoodError
		if errors.As(err, &e) {
			j = jsonNotUnderstood{e.Line, e.Problem, e.Recognised, e.Next}
		}
		if err := out.Encode(map[string]jsonNotUnderstood{"notUnderstood": j}); err != nil {
			return err
		}
	}
	return nil
}

func (a *answer) json(o report.Options) (*jsonAnswer, error) {
	j := &jsonAnswer{Denial: a.denial, Causes: a.denial.Causes(), Fix: a.fix, Fixes: a.passing, Call: a.call, LookUp: a.denial.LookUp()}
	if a.err != nil {
		j.Error, j.Needed = a.err.Error(), a.needed()
		return j, nil
	}
	j.Agreement, j.Assumed = &a.replayed.Agreement, a.replayed.Assumed
	for _, u := range a.replayed.Unknown {
		j.Unknown = append(j.Unknown, jsonUnknown(u))
	}
	var explanation bytes.Buffer
	if err := report.JSON(&explanation, o, a.replayed.Explanation); err != nil {
		return nil, err
	}
	j.Explanation = explanation.Bytes()
	return j, nil
}

// printPage writes one page of all answers: their texts, and a picture of each
// decision.
func printPage(w io.Writer, o report.Options, answers []*answer) error {
	var lead strings.Builder
	var explanations []*evaluator.Explanation
	for _, a := range answers {
		if lead.Len() > 0 {
			lead.WriteString("\n\n")
		}
		a.head(&lead)
		if err := a.tail(&lead); err != nil {
			return err
		}
		if a.err == nil {
			explanations = append(explanations, a.replayed.Explanation)
		}
	}
	o.Title, o.Lead = "What AWS denied", lead.String()
	if len(answers) == 1 {
		o.Title = answers[0].cause()
	}
	return report.HTML(w, o, explanations...)
}
