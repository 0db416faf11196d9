// Command mutation changes the source of packages, one small change at a time,
// and lists the changes that no test notices: the survivors.
//
//	go run ./internal/mutation -n 100 ./evaluator/internal/engine ./arn
//
// It first measures which tests run which line, and how long they take; each
// mutant then meets the tests that run its line, the fastest first. -n 0 tries all
// mutants, which takes hours. The same seed takes the same sample.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/signal"
	"slices"
	"sync"
	"time"

	"github.com/iamsim/iamsim/internal/planted"
)

func main() {
	n := flag.Int("n", 100, "mutants to try, a random sample; 0 for all")
	seed := flag.Uint64("seed", 1, "of the sample")
	least := flag.Float64("least", 0, "fail where a smaller part of the mutants is killed, such as 0.9")
	parallel := flag.Int("parallel", 2, "mutants at a time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	packages := flag.Args()
	if len(packages) == 0 {
		packages = everyPackage
	}
	if err := run(ctx, os.Stdout, packages, *n, *seed, *least, *parallel); err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
		os.Exit(1)
	}
}

// everyPackage are the packages whose mistakes would be wrong answers.
var everyPackage = []string{
	"./arn", "./policy", "./internal/law", "./internal/logic", "./internal/pattern", "./internal/typed", "./internal/operator",
	"./internal/classes", "./evaluator/internal/engine", "./evaluator/internal/open", "./evaluator/internal/explain",
	"./evaluator/prove", "./evaluator/fix", "./evaluator/denial", "./evaluator/scenario", "./evaluator/apicall",
}

func run(ctx context.Context, out io.Writer, packages []string, n int, seed uint64, least float64, parallel int) error {
	mutants, err := mutantsOf(packages)
	if err != nil {
		return err
	}
	all := len(mutants)
	if n > 0 && n < all {
		random := rand.New(rand.NewPCG(seed, 0))
		random.Shuffle(all, func(i, j int) { mutants[i], mutants[j] = mutants[j], mutants[i] })
		mutants = mutants[:n]
		slices.SortFunc(mutants, mutant.compare)
	}
	fmt.Fprintf(out, "%d mutants of %d, seed %d\n", len(mutants), all, seed)
	suites, err := measure(ctx)
	if err != nil {
		return err
	}
	results := make([]result, len(mutants))
	var wait sync.WaitGroup
	places := make(chan struct{}, parallel)
	for i := range mutants {
		places <- struct{}{}
		wait.Go(func() {
			defer func() { <-places }()
			results[i] = try(ctx, &mutants[i], suites)
		})
	}
	wait.Wait()
	return report(out, mutants, results, least)
}

// A result is how a mutant ended.
type result uint8

const (
	killed   result = iota // a test fails, or runs out of its time
	survived               // the tests that run the line pass
	notRun                 // no test runs the line
	notBuilt               // it does not compile, and is none
	cut                    // the command was interrupted
)

// try runs the tests that run the mutant's line, until one fails.
func try(ctx context.Context, m *mutant, suites []suite) result {
	r := notRun
	for i := range suites {
		s := &suites[i]
		if !s.covers(m.file, m.line) {
			continue
		}
		check := planted.Check{Package: s.folder, Tests: ".", Flags: []string{"-test.short"}, Time: max(time.Minute, 5*s.took)}
		err := check.NoticesChange(ctx, m.file, m.apply)
		switch {
		case ctx.Err() != nil:
			return cut
		case errors.Is(err, planted.ErrNotBuilt):
			return notBuilt
		case err == nil:
			return killed
		}
		r = survived
	}
	return r
}

// report lists the survivors, and the score of each package.
func report(out io.Writer, mutants []mutant, results []result, least float64) error {
	type score struct{ killed, all int }
	scores := make(map[string]score)
	var total score
	for i, m := range mutants {
		s := scores[m.folder]
		switch results[i] {
		case notBuilt, cut:
			continue
		case killed:
			s.killed++
			total.killed++
		case survived:
			fmt.Fprintf(out, "survived  %s\n", m)
		case notRun:
			fmt.Fprintf(out, "not run   %s\n", m)
		}
		s.all++
		total.all++
		scores[m.folder] = s
	}
	fmt.Fprintf(out, "\n%-32s %7s %7s %6s\n", "package", "mutants", "killed", "score")
	part := func(s score) float64 { return float64(s.killed) / float64(max(s.all, 1)) }
	for _, folder := range slices.Sorted(maps.Keys(scores)) {
		s := scores[folder]
		fmt.Fprintf(out, "%-32s %7d %7d %5.1f%%\n", folder, s.all, s.killed, 100*part(s))
	}
	fmt.Fprintf(out, "%-32s %7d %7d %5.1f%%\n", "all", total.all, total.killed, 100*part(total))
	if part(total) < least {
		return fmt.Errorf("%.1f %% are killed, and %.1f %% must be", 100*part(total), 100*least)
	}
	return nil
}
