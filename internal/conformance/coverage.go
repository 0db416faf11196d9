package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

const (
	// casesFolder holds the conformance cases; the evaluator's tests run them.
	casesFolder = "evaluator/testdata/conformance"
	// proofsFile holds the cases of statements about all requests; the tests of
	// evaluator/prove run them.
	proofsFile = "evaluator/prove/testdata/proofs.json"
)

// An example is a numbered example and its outcome.
type example struct {
	ID      string `json:"id"`
	Section string `json:"section"`
	Want    string `json:"want"`
	Owner   string `json:"owner"` // what runs it, or is to run it
}

// coverage is which examples have cases.
type coverage struct {
	examples []example
	cases    map[string]int  // of an example, by its number
	all      int             // of all cases, mistakes included
	mistakes []string        // what other evaluators get wrong, one case each
	bugs     int             // cases of what this one got wrong once
	waiting  map[string]bool // examples without a case, for parts that do not exist yet
}

// A testOfMistake names tests in Go for a mistake that no data can show.
type testOfMistake struct {
	Mistake string   `json:"mistake"`
	Package string   `json:"package"` // its folder
	Tests   []string `json:"tests"`
}

// runs is what was measured outside of the tests.
type runs struct {
	Twin *struct {
		Count   int    `json:"count"`
		Date    string `json:"date"`
		Command string `json:"command"`
	} `json:"twin"`
}

func readRuns(root fs.FS) (runs, error) {
	r, err := read[runs](root, runsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return runs{}, nil
	}
	return r, err
}

func readCoverage(root fs.FS) (*coverage, error) {
	c := &coverage{cases: make(map[string]int), waiting: make(map[string]bool)}
	var err error
	if c.examples, err = read[[]example](root, casesFolder+"/examples.json"); err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(root, casesFolder+"/later.txt")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		if id, _, _ := strings.Cut(strings.TrimSpace(line), " "); id != "#" && id != "" {
			c.waiting[id] = true
		}
	}
	files, err := fs.Glob(root, casesFolder+"/*.json")
	if err != nil {
		return nil, err
	}
	for _, file := range append(files, proofsFile) {
		if path.Base(file) == "examples.json" {
			continue
		}
		names, err := caseNames(root, file)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			c.all++
			if strings.HasPrefix(name, "bug: ") {
				c.bugs++
				continue
			}
			if mistake, ok := strings.CutPrefix(name, "mistake: "); ok {
				c.mistakes = append(c.mistakes, mistake)
				continue
			}
			if id, _, _ := strings.Cut(name, " "); strings.HasPrefix(id, "EX-") {
				id, _, _ = strings.Cut(id, "/")
				c.cases[id]++
			}
		}
	}
	slices.Sort(c.mistakes)
	return c, nil
}

// covered is the number of examples that have a case.
func (c *coverage) covered() int {
	n := 0
	for _, x := range c.examples {
		if c.cases[x.ID] > 0 {
			n++
		}
	}
	return n
}

// caseNames are the names of the cases in a file: a suite, or a list.
func caseNames(root fs.FS, file string) ([]string, error) {
	text, err := fs.ReadFile(root, file)
	if err != nil {
		return nil, err
	}
	var suite struct{ Cases json.RawMessage }
	if json.Unmarshal(text, &suite) == nil {
		text = suite.Cases
	}
	var cases []struct{ Name string }
	if err := json.Unmarshal(text, &cases); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	names := make([]string, len(cases))
	for i := range cases {
		names[i] = cases[i].Name
	}
	return names, nil
}

// A row is the coverage of one section.
type row struct {
	section                  string
	examples, covered, cases int
	later                    map[string][]string // numbers by what they wait for
}

// rows are the sections that have examples, in the order of their examples.
func (c *coverage) rows() []row {
	var rows []row
	for _, x := range c.examples {
		i := slices.IndexFunc(rows, func(r row) bool { return r.section == x.Section })
		if i < 0 {
			i = len(rows)
			rows = append(rows, row{section: x.Section, later: make(map[string][]string)})
		}
		r := &rows[i]
		r.examples++
		r.cases += c.cases[x.ID]
		if c.cases[x.ID] > 0 {
			r.covered++
		}
		if c.waiting[x.ID] {
			r.later[x.Owner] = append(r.later[x.Owner], strings.TrimPrefix(x.ID, "EX-"))
		}
	}
	return rows
}

// later is what the examples of a section, or of a whole chapter, wait for
// where none of them has a case.
func (c *coverage) later() map[string][]string {
	owners, begun := make(map[string][]string), make(map[string]bool)
	for _, x := range c.examples {
		chapter := x.Section[:1]
		for _, place := range []string{x.Section, chapter} {
			if c.cases[x.ID] > 0 {
				begun[place] = true
			} else if !slices.Contains(owners[place], x.Owner) {
				owners[place] = append(owners[place], x.Owner)
			}
		}
	}
	for place := range begun {
		delete(owners, place)
	}
	for place := range owners {
		if chapter := place[:1]; place != chapter && owners[chapter] != nil {
			delete(owners, place) // the chapter says it
		}
	}
	return owners
}
