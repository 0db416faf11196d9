package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// granted is every action that AWS knows and a document allows: true where on
// any resource and without a condition. Neither policy of the story has a Deny
// or a NotAction.
func granted(d *policy.Document) map[string]bool {
	actions := make(map[string]bool)
	for _, s := range d.Statements {
		whole := slices.Contains(s.Resource, "*") && len(s.Condition) == 0
		for _, pattern := range s.Action {
			for _, a := range catalog.Default().Expand(pattern) {
				actions[a.Name] = actions[a.Name] || whole
			}
		}
	}
	return actions
}

// A difference counts the actions of a service.
type difference struct{ keeps, loses, gains, narrows int }

// printGrants prints the services whose actions differ.
func printGrants(w io.Writer, before, after *policy.Document) {
	was, is := granted(before), granted(after)
	services := make(map[string]*difference)
	of := func(action string) *difference {
		service, _, _ := strings.Cut(action, ":")
		if services[service] == nil {
			services[service] = &difference{}
		}
		return services[service]
	}
	for action, whole := range was {
		switch now, ok := is[action]; {
		case !ok:
			of(action).loses++
		case whole && !now:
			of(action).narrows++
		default:
			of(action).keeps++
		}
	}
	for action := range is {
		if _, ok := was[action]; !ok {
			of(action).gains++
		}
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "service\tkeeps\tloses\tgains\tnarrows\t")
	for _, service := range slices.Sorted(maps.Keys(services)) {
		d := services[service]
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t\n", service, number(d.keeps), number(d.loses), number(d.gains), number(d.narrows))
	}
	table.Flush()
}

// number leaves nought out, so that the eye finds what is there.
func number(n int) string {
	if n == 0 {
		return "."
	}
	return fmt.Sprint(n)
}
