package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A suite is the short tests of a package: which lines they run, and how long
// they take.
type suite struct {
	folder string
	took   time.Duration
	lines  map[string][]span // by file, seen from the top of the module
}

// A span are lines that run together.
type span struct{ first, last int }

func (s *suite) covers(file string, line int) bool {
	return slices.ContainsFunc(s.lines[file], func(l span) bool { return l.first <= line && line <= l.last })
}

var leftOut = []string{"internal/house", "internal/planted", "internal/mutation"}

// measure runs the short tests of every package, and gives them with the fastest
// first. Left out are tests that look at the source itself, of internal/house and
// internal/planted, and those that start programs, of the command and the examples.
func measure(ctx context.Context) ([]suite, error) {
	listed, err := exec.CommandContext(ctx, "go", "list", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}", "./...").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	module, err := exec.CommandContext(ctx, "go", "list", "-m").Output()
	if err != nil {
		return nil, fmt.Errorf("go list -m: %w", err)
	}
	prefix := strings.TrimSpace(string(module)) + "/"
	scratch, err := os.MkdirTemp("", "mutation")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	var suites []suite
	for name := range strings.FieldsSeq(string(listed)) {
		folder := strings.TrimPrefix(name, prefix)
		if top, _, _ := strings.Cut(folder, "/"); top == "cmd" || top == "examples" || slices.Contains(leftOut, folder) {
			continue
		}
		profile, tests := filepath.Join(scratch, "cover.out"), filepath.Join(scratch, "tests.exe")
		build := exec.CommandContext(ctx, "go", "test", "-c", "-cover", "-coverpkg", prefix+"...", "-o", tests, "./"+folder)
		if output, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", folder, err, output)
		}
		began := time.Now()
		run := exec.CommandContext(ctx, tests, "-test.short", "-test.coverprofile", profile)
		run.Dir = folder
		if output, err := run.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s fails without a mutant: %w\n%s", folder, err, output)
		}
		s := suite{folder: folder, took: time.Since(began)}
		if s.lines, err = readProfile(profile, prefix); err != nil {
			return nil, err
		}
		suites = append(suites, s)
	}
	slices.SortFunc(suites, func(a, b suite) int { return int(a.took - b.took) })
	return suites, nil
}

// readProfile reads the lines that ran: "module/file.go:3.14,5.2 1 7" says that
// those from 3 to 5 ran seven times.
func readProfile(name, prefix string) (map[string][]span, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := make(map[string][]span)
	s := bufio.NewScanner(file)
	for s.Scan() {
		place, rest, ok := strings.Cut(strings.TrimPrefix(s.Text(), prefix), ":")
		if !ok || strings.HasSuffix(rest, " 0") || place == "mode" {
			continue
		}
		var l span
		var column, endColumn, statements, count int
		if _, err := fmt.Sscanf(rest, "%d.%d,%d.%d %d %d", &l.first, &column, &l.last, &endColumn, &statements, &count); err != nil {
			return nil, fmt.Errorf("%s: %q: %w", name, s.Text(), err)
		}
		lines[place] = append(lines[place], l)
	}
	return lines, s.Err()
}
