package iamtest

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/iamsim/iamsim/internal/replace"
)

// A Report says where a [Coverage] is reported, and how much of it a package
// owes. The zero Report prints.
type Report struct {
	// Output takes the text; nil prints it.
	Output io.Writer
	// Threshold is the least percentage of statements, actions and conditions,
	// rounded down, at which the tests pass. Runs of chosen tests (-run) are
	// not held to it.
	Threshold int
	// HTML is the path of a page with the policies, in the manner of
	// `go tool cover -html`; "" writes none.
	HTML string
	// Cobertura is the path of an XML file that CI services show; "" writes
	// none. It has only policies that were read from files.
	Cobertura string
	// Folder is that of the tests in the repository, which CI services put
	// before the paths of policies; "" where the tests lie at its top.
	Folder string
}

// Run runs the tests of a package and reports what of the policies decided in
// them. It gives the status to exit with:
//
//	var coverage iamtest.Coverage
//
//	func TestMain(m *testing.M) {
//		os.Exit(coverage.Run(m, iamtest.Report{Threshold: 80, HTML: "policies.html"}))
//	}
func (c *Coverage) Run(m interface{ Run() int }, r Report) int {
	code := m.Run()
	if err := c.Report(r); err != nil {
		fmt.Fprintln(r.output(), "FAIL:", err)
		return max(code, 1)
	}
	return code
}

// Report prints the coverage and writes the files. Its errors: a file cannot be
// written, or the coverage is below the threshold.
func (c *Coverage) Report(r Report) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var text bytes.Buffer
	total := c.print(&text)
	if _, err := r.output().Write(text.Bytes()); err != nil {
		return err
	}
	if r.HTML != "" {
		if err := replace.File(r.HTML, c.html()); err != nil {
			return err
		}
	}
	if r.Cobertura != "" {
		if err := replace.File(r.Cobertura, c.cobertura(r.Folder)); err != nil {
			return err
		}
	}
	chosen := flag.Lookup("test.run")
	if total.percent() < r.Threshold && (chosen == nil || chosen.Value.String() == "") {
		return fmt.Errorf("%d%% of the policies decided in a test, and %d%% should", total.percent(), r.Threshold)
	}
	return nil
}

func (r *Report) output() io.Writer {
	if r.Output == nil {
		return os.Stdout
	}
	return r.Output
}

// print writes the coverage as text and gives the tally of everything.
func (c *Coverage) print(w *bytes.Buffer) tally {
	var total tally
	var kinds [aCondition + 1]tally
	for _, p := range c.policies {
		var one tally
		var never []string
		for _, u := range p.units() {
			one.add(&u)
			kinds[u.kind].add(&u)
			if u.decided == 0 {
				never = append(never, fmt.Sprintf("  %s:%d:%d: %s never decided in a test", p.Name, u.line, u.column, u.label))
			}
		}
		total.sum(one)
		fmt.Fprintf(w, "%s: %d%% decided in a test\n", p.Name, one.percent())
		for _, line := range never {
			fmt.Fprintln(w, line)
		}
	}
	fmt.Fprintf(w, "policies: %d%% decided in a test (statements %s, actions %s, conditions %s)\n",
		total.percent(), kinds[aStatement], kinds[anAction], kinds[aCondition])
	return total
}

func (t tally) String() string { return fmt.Sprintf("%d of %d", t.decided, t.all) }
