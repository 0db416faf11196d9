// Package planted plants mistakes in the source, one at a time, and asks
// whether tests notice: tests that cannot fail say nothing.
//
// A test that runs out of its time has noticed nothing, since a slow machine
// would do the same. A mistake that makes tests run forever needs others that
// end.
package planted

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Check is tests of one package, and how they fail.
type Check struct {
	Package string   // its directory, seen from the top of the module
	Tests   string   // which of its tests, as after go test -run
	Flags   []string // of the tests
	// Says is what they print when they notice something. Whoever fails without
	// saying it fails for another reason.
	Says string
	Time time.Duration // that they may take; zero: a minute
}

// buildTime is enough to build everything anew.
const buildTime = 5 * time.Minute

// The errors of Notices, beside those of building.
var (
	// ErrNotNoticed: the check passes with the mistake.
	ErrNotNoticed = errors.New("does not notice")
	// ErrNotBuilt: the source with the mistakes does not compile.
	ErrNotBuilt = errors.New("cannot be built")
)

// Passes runs the check without a mistake. An error has what was printed.
func (s *Source) Passes(ctx context.Context, c *Check) error {
	output, failure, err := s.run(ctx, c, nil)
	if err == nil && failure != nil {
		return fmt.Errorf("%s fails without a mistake: %w\n%s", c, failure, output)
	}
	return err
}

// Notices runs the check with a mistake. An error says that the check passes all
// the same, or what else went wrong.
func (s *Source) Notices(ctx context.Context, c *Check, m Mistake) error {
	output, failure, err := s.run(ctx, c, &m)
	switch {
	case err != nil:
		return err
	case failure == nil:
		return fmt.Errorf("%s %w", c, ErrNotNoticed)
	case !strings.Contains(output, c.Says):
		return fmt.Errorf("%s fails for another reason: %w\n%s", c, failure, output)
	}
	return nil
}

func (c *Check) String() string { return fmt.Sprintf("%s of %s", c.Tests, c.Package) }

// run builds and runs the tests with a mistake, or with none. A failure is one of
// the tests.
func (s *Source) run(ctx context.Context, c *Check, m *Mistake) (output string, failure, err error) {
	program, environment, err := s.tests(ctx, c.Package, m)
	if err != nil {
		return "", nil, err
	}
	most := c.Time
	if most == 0 {
		most = time.Minute
	}
	// Tests that take too long stop themselves and say which they are; who cannot
	// is killed.
	flags := append([]string{"-test.run", c.Tests, "-test.failfast", "-test.timeout", most.String()}, c.Flags...)
	output, failure = execute(ctx, most+10*time.Second, filepath.Join(s.root, filepath.FromSlash(c.Package)), environment, program, flags...)
	return output, failure, nil
}

// execute runs a command for some time at most, and gives all that it prints.
func execute(ctx context.Context, most time.Duration, dir string, environment []string, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	command := exec.CommandContext(ctx, name, args...)
	command.Dir = dir
	command.WaitDelay = time.Second // for what it started
	// How much a test does is in its flags, and in nothing that this run was
	// started with.
	command.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "IAMSIM_") })
	command.Env = append(command.Env, environment...)
	output, err := command.CombinedOutput()
	return string(output), err
}
