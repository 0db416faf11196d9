// Package planted plants mistakes in the source, one at a time, and asks
// whether tests notice: tests that cannot fail say nothing.
//
// A test that runs out of its time has noticed nothing, since a slow machine
// would do the same. A mistake that makes tests run forever needs others that
// end.
package planted

import (
	"context"
	"encoding/json"
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

// Passes runs the check on the source as it is. An error has what was printed.
func (c *Check) Passes(ctx context.Context) error {
	output, failure, err := c.run(ctx, "", nil)
	if err == nil && failure != nil {
		return fmt.Errorf("%s fails without a mistake: %w\n%s", c, failure, output)
	}
	return err
}

// Notices runs the check on a source with a mistake in a file, which is named
// as seen from the top of the module: the mistake stands in the place of a text
// that must be there once. An error says that the check passes all the same, or
// what else went wrong.
func (c *Check) Notices(ctx context.Context, file, text, mistake string) error {
	return c.NoticesChange(ctx, file, func(source string) (string, error) {
		if n := strings.Count(source, text); n != 1 {
			return "", fmt.Errorf("%s must have this text once, and has it %d times: %s", file, n, text)
		}
		return strings.Replace(source, text, mistake, 1), nil
	})
}

// The errors of Notices and NoticesChange, beside those of the change itself.
var (
	// ErrNotNoticed: the check passes with the mistake.
	ErrNotNoticed = errors.New("does not notice")
	// ErrNotBuilt: the source with the mistake does not compile.
	ErrNotBuilt = errors.New("cannot be built")
)

// NoticesChange is [Check.Notices] for a mistake that is made by changing the
// whole text of the file.
func (c *Check) NoticesChange(ctx context.Context, file string, change func(string) (string, error)) error {
	output, failure, err := c.run(ctx, file, change)
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

// run builds and runs the tests with a file changed; "" changes none. A failure
// is one of the tests.
func (c *Check) run(ctx context.Context, file string, change func(string) (string, error)) (output string, failure, err error) {
	root, err := execute(ctx, time.Minute, "", "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return "", nil, fmt.Errorf("no module: %w\n%s", err, root)
	}
	root = strings.TrimSpace(root)
	scratch, err := os.MkdirTemp("", "planted")
	if err != nil {
		return "", nil, err
	}
	defer os.RemoveAll(scratch)
	tests := filepath.Join(scratch, "tests.exe")
	build := []string{"test", "-c", "-o", tests}
	if file != "" {
		overlay, err := plant(scratch, filepath.Join(root, filepath.FromSlash(file)), change)
		if err != nil {
			return "", nil, err
		}
		build = append(build, "-overlay", overlay)
	}
	if output, err := execute(ctx, buildTime, root, "go", append(build, "./"+c.Package)...); err != nil {
		return "", nil, fmt.Errorf("%s %w: %w\n%s", c.Package, ErrNotBuilt, err, output)
	}
	most := c.Time
	if most == 0 {
		most = time.Minute
	}
	// Tests that take too long stop themselves and say which they are; who cannot
	// is killed.
	flags := append([]string{"-test.run", c.Tests, "-test.failfast", "-test.timeout", most.String()}, c.Flags...)
	output, failure = execute(ctx, most+10*time.Second, filepath.Join(root, filepath.FromSlash(c.Package)), tests, flags...)
	return output, failure, nil
}

// plant writes what shall stand in the place of a file, and the overlay that
// tells the go command of it.
func plant(scratch, file string, change func(string) (string, error)) (overlay string, err error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	changed, err := change(string(source))
	if err != nil {
		return "", err
	}
	planted := filepath.Join(scratch, "planted.go")
	if err := os.WriteFile(planted, []byte(changed), 0o600); err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{file: planted}})
	if err != nil {
		return "", err
	}
	overlay = filepath.Join(scratch, "overlay.json")
	return overlay, os.WriteFile(overlay, text, 0o600)
}

// execute runs a command for some time at most, and gives all that it prints.
func execute(ctx context.Context, most time.Duration, dir, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	command := exec.CommandContext(ctx, name, args...)
	command.Dir = dir
	command.WaitDelay = time.Second // for what it started
	// How much a test does is in its flags, and in nothing that this run was
	// started with.
	command.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "IAMSIM_") })
	output, err := command.CombinedOutput()
	return string(output), err
}
