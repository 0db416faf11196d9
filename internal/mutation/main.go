// Command mutation changes the source of packages, one small change at a time,
// and lists the changes that no test notices: the survivors.
//
//	go run ./internal/mutation -n 100 ./evaluator/internal/engine ./arn
//
// All mutants are compiled into the tests at once, each behind a call that asks the
// environment for it (package active), so that a mutant costs no build. The command
// runs each test once to learn which mutants it reaches, and how long it takes. Each
// mutant then meets the tests that reach it, the nearest and fastest first. Tests run
// with -short; those of the command and the examples, which start programs, are left
// out. -n 0 tries all mutants. The same seed takes the same sample; -again takes the
// survivors of a table.
//
// explained.json has the survivors that somebody looked at, with reasons: such a
// mutant does not count. An explanation of no mutant, or of one that a test notices
// by now, is listed as stale.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/signal"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	var o options
	flag.IntVar(&o.n, "n", 100, "mutants to try, a random sample; 0 for all")
	flag.IntVar(&o.per, "per", 0, "mutants to try of each package, instead of -n; 0 for what -n says")
	flag.Uint64Var(&o.seed, "seed", 1, "of the sample")
	flag.Float64Var(&o.least, "least", 0, "fail where a smaller part of the mutants is killed, such as 0.9")
	flag.IntVar(&o.parallel, "parallel", 2, "mutants at a time")
	flag.DurationVar(&o.time, "time", time.Minute, "time of the tests that a mutant meets, as they take without it")
	flag.StringVar(&o.table, "table", "", "a Markdown `file` that gets the scores of the packages")
	flag.StringVar(&o.tests, "tests", "", "folders whose tests run, with commas between; all that reach a package, without it")
	flag.BoolVar(&o.again, "again", false, "instead of a sample, the survivors of the -table, for which cases or reasons were written since")
	flag.BoolVar(&o.count, "count", false, "count the mutants, and end")
	flag.Parse()
	o.packages = flag.Args()
	if len(o.packages) == 0 {
		o.packages = everyPackage
	}
	for i, p := range o.packages {
		o.packages[i] = path.Clean(filepath.ToSlash(p))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, &o); err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
		os.Exit(1)
	}
}

type options struct {
	n, per, parallel int
	seed             uint64
	least            float64
	time             time.Duration
	table, tests     string
	count, again     bool
	packages         []string
	earlier          map[string]score // what a table says beside its survivors
}

// everyPackage are the packages whose mistakes would be wrong answers.
var everyPackage = []string{
	"arn", "policy", "policy/read", "internal/fold", "internal/law", "internal/logic", "internal/pattern", "internal/typed",
	"internal/operator", "internal/variable", "internal/classes",
	"evaluator/internal/engine", "evaluator/internal/open", "evaluator/internal/explain", "evaluator",
	"evaluator/prove", "evaluator/fix", "evaluator/denial", "evaluator/scenario", "evaluator/apicall", "evaluator/review",
	"evaluator/validate", "evaluator/report", "evaluator/iamtest", "evaluator/account", "evaluator/account/awscli",
	"evaluator/account/awsconfig", "evaluator/account/collect", "evaluator/account/files", "evaluator/account/planned",
	"evaluator/account/terraform", "evaluator/account/cloudformation",
}

func run(ctx context.Context, o *options) error {
	began := time.Now()
	reasons, err := explained()
	if err != nil {
		return err
	}
	all, err := schemaOf(o.packages)
	if err != nil {
		return err
	}
	mutants := sample(all.mutants, o)
	if o.again {
		if mutants, err = again(all.mutants, o); err != nil {
			return err
		}
	}
	fmt.Printf("%d mutants of %d, seed %d\n", len(mutants), len(all.mutants), o.seed)
	scratch, err := os.MkdirTemp("", "mutation")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if o.count {
		return nil
	}
	suites, err := build(ctx, all, o.tests, scratch)
	if err != nil {
		return err
	}
	fmt.Printf("%d suites built after %s\n", len(suites), time.Since(began).Round(time.Second))
	useless, err := measure(ctx, suites, o.parallel)
	if err != nil {
		return err
	}
	for _, u := range useless {
		fmt.Println("left out", u)
	}
	fmt.Printf("tests measured after %s\n", time.Since(began).Round(time.Second))
	results := make([]result, len(mutants))
	inParallel(o.parallel, len(mutants), func(i int) {
		if o.again && slices.ContainsFunc(reasons, func(e explanation) bool { return e.of(mutants[i]) }) {
			results[i] = survived // as it did when the reason was not known
			return
		}
		results[i] = try(ctx, mutants[i], suites, o.time)
		if results[i] != killed {
			fmt.Println(results[i], mutants[i])
		}
	})
	fmt.Printf("done after %s\n", time.Since(began).Round(time.Second))
	return report(o, all.mutants, mutants, results, reasons)
}

// sample takes mutants at random, and gives them in the order of the source.
func sample(mutants []*mutant, o *options) []*mutant {
	random := rand.New(rand.NewPCG(o.seed, 0))
	shuffled := slices.Clone(mutants)
	random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	if o.per > 0 {
		taken := make(map[string]int)
		shuffled = slices.DeleteFunc(shuffled, func(m *mutant) bool { taken[m.folder]++; return taken[m.folder] > o.per })
	} else if o.n > 0 {
		shuffled = shuffled[:min(o.n, len(shuffled))]
	}
	slices.SortFunc(shuffled, func(a, b *mutant) int { return a.id - b.id })
	return shuffled
}

// again takes the survivors that the table lists, and nothing but their packages.
func again(mutants []*mutant, o *options) ([]*mutant, error) {
	rows, sections, err := readTable(o.table)
	if err != nil {
		return nil, err
	}
	o.packages, o.earlier = slices.Sorted(maps.Keys(sections)), make(map[string]score)
	for _, folder := range o.packages {
		if o.earlier[folder], err = readRow(rows[folder]); err != nil {
			return nil, err
		}
	}
	// Lines move; of two that are alike the one that stands where it stood is meant.
	text := func(m *mutant) string { return fmt.Sprintf(" %s\n\t%s\n\t%s\n", m.function, m.before, m.after) }
	stays := func(m *mutant) bool { return strings.Contains(sections[m.folder], m.String()+"\n") }
	stood := make(map[string]bool)
	for _, m := range mutants {
		stood[m.file+text(m)] = stood[m.file+text(m)] || stays(m)
	}
	return slices.DeleteFunc(slices.Clone(mutants), func(m *mutant) bool {
		listed := sections[m.folder]
		moved := !stood[m.file+text(m)] && strings.Contains(listed, m.file+":") && strings.Contains(listed, text(m))
		return !stays(m) && !moved
	}), nil
}

// A result is how a mutant ended.
type result uint8

const (
	killed   result = iota // a test fails, or runs out of its time
	survived               // the tests that reach it pass
	notRun                 // no test reaches it
	cut                    // the command was interrupted
)

func (r result) String() string {
	return [...]string{"killed   ", "survived ", "not run  ", "cut      "}[r]
}

// try runs the tests that reach a mutant, until one fails: those of its own
// package first, then the faster ones.
func try(ctx context.Context, m *mutant, suites []*suite, each time.Duration) result {
	r := notRun
	for _, g := range groups(m, suites) {
		if each -= g.took; each < 0 && r == survived {
			break
		}
		r = survived
		_, err := g.suite.run(ctx, 10*time.Second+20*g.took, g.names, fmt.Sprintf("IAMSIM_MUTANT=%d", m.id))
		switch {
		case ctx.Err() != nil:
			return cut
		case err == nil:
		case errors.Is(err, errTime), isFailure(err):
			return killed
		}
	}
	return r
}

// A group is tests of a suite that run in one process.
type group struct {
	suite *suite
	names []string
	took  time.Duration
}

// groups are the tests that reach a mutant: of each suite those that are fast
// together, and those that are slow each alone.
func groups(m *mutant, suites []*suite) []*group {
	const fast = 300 * time.Millisecond
	var all []*group
	for _, s := range suites {
		quick := &group{suite: s}
		for _, t := range s.tests {
			if !t.reaches[m.id] {
				continue
			}
			if t.took > fast {
				all = append(all, &group{suite: s, names: []string{t.name}, took: t.took})
				continue
			}
			quick.names = append(quick.names, t.name)
			quick.took += t.took
		}
		if len(quick.names) > 0 {
			all = append(all, quick)
		}
	}
	cost := func(g *group) int64 {
		if g.suite.folder == m.folder {
			return int64(g.took) / 20
		}
		return int64(g.took)
	}
	slices.SortStableFunc(all, func(a, b *group) int { return int(cost(a) - cost(b)) })
	return all
}
