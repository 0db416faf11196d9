// Command benchmarks compares iamsim with other engines on the same work, in
// one process, and holds the figures to the project's goals.
//
//	go run .                                     everything, in two or three minutes
//	go run . -short                              a quick look: few rounds, short ones
//	go run . -only decisions,growth              some sections
//	go run . -write                              also write BENCHMARKS.md and growth.svg
//	go run . -scenarios DIR                      write the workloads as scenario files, and stop
//	go run . -simulate iamsimulate/figures.json  add the figures of iam-simulate
//
// The figures of iam-simulate come from iamsimulate/measure.js.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// measurements in the order of the report, by the name that -only takes.
var measurements = []struct {
	name string
	run  func(*bench, *report) error
}{
	// First, before anything large is in memory, which the garbage of every
	// parser would make the collector walk again and again.
	{"reading", reading},
	{"decisions", decisions},
	{"parallel", parallel},
	{"memory", memory},
	{"roles", roles},
	{"patterns", patterns},
	{"growth", growth},
	{"processes", processes},
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "benchmarks:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("benchmarks", flag.ContinueOnError)
	short := flags.Bool("short", false, "measure quickly, to see that it works")
	only := flags.String("only", "", "measure these `sections` alone, separated by commas")
	write := flags.Bool("write", false, "write BENCHMARKS.md and growth.svg")
	scenarios := flags.String("scenarios", "", "write the workloads as scenarios to `directory`, and stop")
	simulate := flags.String("simulate", "", "add the figures in `file`, which iamsimulate/measure.js printed")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case flags.NArg() > 0:
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case *write && *only != "":
		return errors.New("-write needs all sections: leave out -only")
	case *scenarios != "":
		return writeScenarios(*scenarios)
	}
	chosen, err := choose(*only)
	if err != nil {
		return err
	}
	b := bench{rounds: 10, slot: 50 * time.Millisecond}
	if *short {
		b = bench{rounds: 3, slot: 4 * time.Millisecond, short: true}
	}
	r := report{
		command:  strings.TrimSpace("go run . " + strings.Join(args, " ")),
		measured: fmt.Sprintf("Figures are medians of %d rounds of %s, in each of which every engine has its turn.", b.rounds, b.slot),
	}
	if *short {
		r.measured += " **A short run: they are rough.**"
	}
	for _, m := range measurements {
		if !chosen(m.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "measuring %s\n", m.name)
		if err := m.run(&b, &r); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	if *simulate != "" {
		if err := addFigures(*simulate, &r); err != nil {
			return err
		}
	}
	if err := addManaged("managed.md", &r); err != nil {
		return err
	}
	if err := addLimits("limits.md", &r); err != nil {
		return err
	}
	text := r.markdown()
	if *write {
		return writeReport(text, plot(r.panels))
	}
	_, err = fmt.Print(text)
	return err
}

// choose reads -only.
func choose(only string) (func(name string) bool, error) {
	if only == "" {
		return func(string) bool { return true }, nil
	}
	names := strings.Split(only, ",")
	var known []string
	for _, m := range measurements {
		known = append(known, m.name)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("-only: %q is none of %s", name, strings.Join(known, ", "))
		}
	}
	return func(name string) bool { return slices.Contains(names, name) }, nil
}

// writeReport writes BENCHMARKS.md at the top of the repository and the plot
// that it shows here.
func writeReport(text string, picture []byte) error {
	if err := os.WriteFile("growth.svg", picture, 0o666); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join("..", "..", "BENCHMARKS.md"), []byte(text), 0o666)
}
