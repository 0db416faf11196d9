package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// The data of this program, seen from the repository's root.
const (
	rulesFile   = "internal/conformance/rules.json"
	choicesFile = "internal/conformance/choices.json"
	testsFile   = "internal/conformance/tests.json"
	runsFile    = "internal/conformance/runs.json"
)

// A catalogue is all rules, in their order.
type catalogue struct {
	Date    string            `json:"date"`    // of the documents that were read
	Sources map[string]string `json:"sources"` // what the short names in Rule.Source stand for
	Rules   []rule            `json:"rules"`
}

// A rule is a rule ("B-12"), a section ("B.2") or a chapter ("B").
type rule struct {
	ID         string     `json:"id"`
	Confidence confidence `json:"confidence"`
	Source     string     `json:"source"`
	Text       string     `json:"text"`
	Table      [][]string `json:"table"` // its first row is the head
}

func (r *rule) isChapter() bool { return len(r.ID) == 1 }
func (r *rule) isSection() bool { return strings.Contains(r.ID, ".") }

// isRegister tells entries of the register of contradictions, which stand among
// the choices.
func isRegister(id string) bool { return strings.HasPrefix(id, "Z-") }

// confidence says how well a rule is documented; "" for sections that only
// hold rules.
type confidence string

const (
	documented       confidence = "documented"
	byExample        confidence = "by example"
	open             confidence = "open"
	documentedInPart confidence = "documented, in part open"
	byExampleInPart  confidence = "by example, in part open"
)

var confidences = []confidence{documented, byExample, open, documentedInPart, byExampleInPart}

// open reports whether the rule leaves a choice.
func (c confidence) open() bool { return strings.HasSuffix(string(c), string(open)) }

// A choice settles what AWS leaves open.
type choice struct {
	Rules    []string `json:"rules"` // of the rules, and Z-… for entries of the register
	Question string   `json:"question"`
	Choice   string   `json:"choice"`
	Evidence string   `json:"evidence"`
	Option   string   `json:"option"` // field of evaluator.Options; "" if none
}

// choices are the choices of one kind.
type choices struct {
	Title   string   `json:"title"`
	Text    string   `json:"text"`
	Choices []choice `json:"choices"`
}

// read reads a JSON file without letting an unknown member pass.
func read[T any](root fs.FS, name string) (T, error) {
	var value T
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return value, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&value); err != nil {
		return value, fmt.Errorf("%s: %w", name, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return value, fmt.Errorf("%s: there is more than one value", name)
	}
	return value, nil
}
