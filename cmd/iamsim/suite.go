package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/internal/spelling"
)

func testCommand() *cobra.Command {
	var x suiteFlags
	c := &cobra.Command{
		Use:   "test [flags] PATH…|-",
		Short: "Run scenarios as tests: does each have the decision that it wants?",
		Long: `Run scenarios as tests: each that has a "want" passes if its decision is that.
Of those that fail it is told what they got, and why; eval tells it of all.

` + scenarioPaths + `

A scenario without "want" is left out, and counted. If there is no other, nothing
is tested: that is wrong input.`,
		Example: `  iamsim test scenarios/
  iamsim test --run 'deploy role' --watch scenarios/
  iamsim test --output junit --out report.xml scenarios/`,
		Args: scenariosAreGiven,
		RunE: func(c *cobra.Command, paths []string) error { return x.run(c, paths) },
	}
	x.define(c)
	return c
}

// suiteFlags are the flags of test.
type suiteFlags struct {
	to             output
	from           scenario.Reader
	name           string
	verbose, watch bool
}

func (x *suiteFlags) define(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&x.name, "run", "", "run those whose name this regular `expression` matches")
	f.BoolVarP(&x.verbose, "verbose", "v", false, "name the scenarios that pass, too")
	f.BoolVar(&x.watch, "watch", false, "run again whenever a file changes, until interrupted")
	x.to.define(c, "text", "json", "jsonl", "csv", "junit", "html", "markdown")
	defineRoot(c, &x.from)
}

func (x *suiteFlags) run(c *cobra.Command, paths []string) error {
	named, err := regexp.Compile(x.name)
	if err != nil {
		return fmt.Errorf("--run: %w", err)
	}
	x.from.Stdin = c.InOrStdin()
	once := func() error {
		return x.to.to(c, func(s *sheet) error { return x.test(paths, named, s) })
	}
	if !x.watch {
		return once()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return watch(ctx, c.ErrOrStderr(), x.watched(paths), once)
}

// test runs the scenarios whose names match, and prints how they ended.
func (x *suiteFlags) test(paths []string, named *regexp.Regexp, s *sheet) error {
	var r suites
	p := x.printer(s, &r)
	seen := 0
	for scenario, result := range results(&x.from, paths, s) {
		seen++
		if !named.MatchString(scenario.Name) && !unreadable(result) {
			continue
		}
		r.add(scenario, result)
		if err := p.print(scenario, result); err != nil {
			return err
		}
	}
	if err := p.end(); err != nil {
		return err
	}
	switch {
	case len(r.Files) == 0:
		return fmt.Errorf("--run %s matches the name of none of %d scenarios", spelling.Quote(x.name), seen)
	case r.Passed+r.Failed+r.Wrong == 0:
		return errors.New(`nothing was tested: no scenario has a "want"`)
	}
	return r.status().error()
}

// unreadable reports whether a scenario has no name that could match.
func unreadable(r *scenario.Result) bool { return !r.Answered() }

func (x *suiteFlags) printer(s *sheet, r *suites) printer {
	switch x.to.format {
	case "text":
		return &runner{on: s, suites: r, verbose: x.verbose}
	case "junit":
		return atEnd(func() error { return writeJUnit(s, r) })
	case "html":
		return atEnd(func() error { return writePage(s, r) })
	case "markdown":
		return atEnd(func() error { return s.print(r.markdown()) })
	}
	return newPrinter(x.to.format, s)
}

// atEnd prints when all results are there.
type atEnd func() error

func (atEnd) print(*scenario.Scenario, *scenario.Result) error { return nil }
func (p atEnd) end() error                                     { return p() }

// suites are the files of scenarios that were run as tests.
type suites struct {
	Files                          []*suite
	Passed, Failed, Wrong, Without int // scenarios
}

// A suite is what was run of one file.
type suite struct {
	File                           string
	Cases                          []trial
	Passed, Failed, Wrong, Without int
}

// A trial is one scenario as a test.
type trial struct {
	Name  string
	Line  int
	Ended string // PASS, FAIL, ERROR, or SKIP for one that wants nothing
	// Differs is what is not as it should be, a line each; Notes, what else there is
	// to say.
	Differs, Notes []string
}

func (r *suites) add(s *scenario.Scenario, result *scenario.Result) {
	if n := len(r.Files); n == 0 || r.Files[n-1].File != s.File {
		r.Files = append(r.Files, &suite{File: s.File})
	}
	file := r.Files[len(r.Files)-1]
	t := trial{Name: result.Name, Line: s.Line, Notes: notesOf(result)}
	count := func(all, here *int, ended string) {
		*all++
		*here++
		t.Ended = ended
	}
	switch {
	case result.Broken():
		count(&r.Wrong, &file.Wrong, "ERROR")
		t.Differs, t.Notes = t.Notes, nil
	case !result.Wanted:
		count(&r.Without, &file.Without, "SKIP")
	case result.Pass():
		count(&r.Passed, &file.Passed, "PASS")
	default:
		count(&r.Failed, &file.Failed, "FAIL")
		n := len(t.Notes) - len(result.Mismatch)
		t.Differs, t.Notes = t.Notes[n:], t.Notes[:n]
	}
	file.Cases = append(file.Cases, t)
}

func (r *suites) status() exitStatus {
	switch {
	case r.Wrong > 0:
		return broken
	case r.Failed > 0:
		return notMet
	}
	return 0
}

// word is PASS, or what is worst.
func (r *suites) word() string { return endWord(r.Wrong, r.Failed) }
func (s *suite) word() string  { return endWord(s.Wrong, s.Failed) }

func endWord(wrong, failed int) string {
	switch {
	case wrong > 0:
		return "ERROR"
	case failed > 0:
		return "FAIL"
	}
	return "PASS"
}

// counts is how many scenarios ended how; what there is none of is left out.
func (r *suites) counts() string { return countText(r.Passed, r.Failed, r.Wrong, r.Without) }
func (s *suite) counts() string  { return countText(s.Passed, s.Failed, s.Wrong, s.Without) }

func countText(passed, failed, wrong, without int) string {
	parts := []string{fmt.Sprintf("%d as wanted", passed)}
	for _, one := range []struct {
		n    int
		text string
	}{{failed, "not"}, {wrong, "wrong input"}, {without, "without want"}} {
		if one.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", one.n, one.text))
		}
	}
	return strings.Join(parts, ", ")
}

// runner prints for people, as test runners do: a line for each file, and what
// failed.
type runner struct {
	on      *sheet
	suites  *suites
	verbose bool
}

func (p *runner) print(*scenario.Scenario, *scenario.Result) error { return nil }

func (p *runner) end() error {
	var b strings.Builder
	for _, file := range p.suites.Files {
		b.WriteString(p.ended(file.word(), fmt.Sprintf("%s: %s", file.File, file.counts()), 0))
		for i := range file.Cases {
			t := &file.Cases[i]
			if t.Ended == "PASS" && !p.verbose || t.Ended == "SKIP" && !p.verbose {
				continue
			}
			b.WriteString(p.ended(t.Ended, t.Name, 2))
			if t.Ended == "PASS" || t.Ended == "SKIP" {
				continue
			}
			for _, lines := range [][]string{t.Differs, t.Notes} {
				for _, line := range lines {
					b.WriteString(p.on.paragraph(9, line) + "\n")
				}
			}
		}
	}
	if len(p.suites.Files) > 0 {
		b.WriteString("\n" + p.ended(p.suites.word(), p.suites.counts(), 0))
	}
	return p.on.marked(b.String())
}

// ended is a line with the word that says how it ended.
func (p *runner) ended(word, text string, indent int) string {
	line := p.on.paragraph(indent+7, text)
	return strings.Repeat(" ", indent) + p.on.styled(lookOf(word), word) + strings.Repeat(" ", 7-len(word)) + line[indent+7:] + "\n"
}
