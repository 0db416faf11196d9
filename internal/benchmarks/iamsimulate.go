package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// figures are what iamsimulate/measure.js prints.
type figures struct {
	Package   string `json:"package"`
	Version   string `json:"version"`
	Node      string `json:"node"`
	Machine   string `json:"machine"`
	Date      string `json:"date"`
	Workloads []struct {
		Name      string `json:"name"`
		Requests  int    `json:"requests"`
		Checked   figure `json:"checked"`
		Unchecked figure `json:"unchecked"`
	} `json:"workloads"`
}

// A figure is the time of one decision, or why it was not taken.
type figure struct {
	Agree int     `json:"agree"` // requests answered as wanted
	NS    float64 `json:"ns"`
	Fault string  `json:"fault"`
}

func (f *figure) text(requests int) string {
	if f.Agree < requests {
		return fmt.Sprintf("%d of %d not answered as wanted: %s", requests-f.Agree, requests, f.Fault)
	}
	return duration(f.NS)
}

// The package is installed beside a copy, so that the repository stays as it is.
const iamsimulateCommands = `
Measured from internal/benchmarks by:

` + "```" + `
go run . -scenarios /tmp/scenarios
cp -r iamsimulate /tmp/iamsimulate && npm install --prefix /tmp/iamsimulate
node /tmp/iamsimulate/measure.js /tmp/scenarios > iamsimulate/figures.json
` + "```" + `
`

// addFigures adds the section about the engine in JavaScript, measured in a
// process of its own.
func addFigures(file string, r *report) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var f figures
	if err := json.Unmarshal(text, &f); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "`%s` %s on Node %s, %s, %s, in a process of its own on the same scenarios. Compare orders of magnitude.\n\n",
		f.Package, f.Version, f.Node, f.Machine, f.Date)
	b.WriteString("| Work | `runSimulation` | `runUnsafeSimulation`, which checks no input |\n|---|---:|---:|\n")
	for _, w := range f.Workloads {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", w.Name, w.Checked.text(w.Requests), w.Unchecked.text(w.Requests))
	}
	b.WriteString(iamsimulateCommands)
	r.section("iam-simulate", b.String())
	return nil
}
