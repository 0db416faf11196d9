package main

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"log"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
)

//go:embed usage.csv
var usage string

// A call is one line of the usage file.
type call struct{ role, action, resource, key, value string }

// callsOf are the calls of a role's users by service.
func callsOf(role string) []call {
	lines, err := csv.NewReader(strings.NewReader(usage)).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	var calls []call
	for _, l := range lines[1:] {
		if l[0] == role {
			calls = append(calls, call{l[0], l[1], l[2], l[3], l[4]})
		}
	}
	slices.SortStableFunc(calls, func(a, b call) int { return strings.Compare(a.service(), b.service()) })
	return calls
}

func (c *call) service() string {
	service, _, _ := strings.Cut(c.action, ":")
	return service
}

func (c *call) String() string {
	text := c.action
	if c.resource != "*" {
		text += " on " + c.resource
	}
	if c.key != "" {
		text += " with " + c.key + " " + c.value
	}
	return text
}

func (c *call) allowed(caller *evaluator.Caller) bool {
	r := evaluator.Request{Action: c.action}
	if c.key != "" {
		r.Context = evaluator.Context{{Name: c.key, Values: []string{c.value}}}
	}
	return evaluator.Evaluate(caller, &evaluator.Target{Resource: c.resource}, &r).Allowed()
}

// printCalls prints the calls that the move changes, and gives back those that
// are lost.
func printCalls(w io.Writer, calls []call, before, after *evaluator.Caller) (lost []call) {
	kept := 0
	for _, c := range calls {
		was, is := c.allowed(before), c.allowed(after)
		switch {
		case was && !is:
			lost = append(lost, c)
			fmt.Fprintf(w, "  loses  %s\n", &c)
		case is && !was:
			fmt.Fprintf(w, "  gains  %s\n", &c)
		case is:
			kept++
		}
	}
	fmt.Fprintf(w, "  keeps  %d more\n", kept)
	return lost
}

func allowed(caller *evaluator.Caller, calls []call) (n int) {
	for _, c := range calls {
		if c.allowed(caller) {
			n++
		}
	}
	return n
}
