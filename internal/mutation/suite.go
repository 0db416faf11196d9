package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/iamsim/iamsim/internal/mutation/active"
	"github.com/iamsim/iamsim/internal/planted"
)

// A suite is the tests of a package, compiled with all mutants.
type suite struct {
	folder  string
	program string
	tests   []*test
}

// A test is a top-level test, example or fuzz target with its seeds.
type test struct {
	suite   *suite
	name    string
	took    time.Duration
	reaches map[int]bool // mutants, by id
}

// leftOut are tests that look at the source itself or start programs.
var leftOut = []string{"cmd", "examples", "internal/house", "internal/planted", "internal/mutation", "internal/conformance", "internal/bounds"}

// slow is the time of processors that a test may take to be of use here.
const slow = time.Minute

// build compiles the tests of all packages that may run a mutant.
func build(ctx context.Context, s *schema, only, scratch string) ([]*suite, error) {
	top, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	overlay := filepath.Join(scratch, "mutants")
	if err := planted.Overlay(overlay, top, s.files); err != nil {
		return nil, err
	}
	listed, err := exec.CommandContext(ctx, "go", "list", "-test", "-f", "{{if .ForTest}}{{.ForTest}} {{join .Deps \" \"}}{{end}}", "./...").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	prefix := strings.TrimSuffix(active.Path, "internal/mutation/active")
	needed := make(map[string]bool)
	for name := range s.files {
		needed[prefix+path.Dir(name)] = true
	}
	var suites []*suite
	for line := range strings.Lines(string(listed)) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		folder := strings.TrimPrefix(words[0], prefix)
		within := func(top string) bool { return folder == top || strings.HasPrefix(folder, top+"/") }
		if only != "" && !slices.Contains(strings.Split(only, ","), folder) {
			continue
		}
		if slices.ContainsFunc(leftOut, within) || !slices.ContainsFunc(words, func(w string) bool { return needed[w] }) ||
			slices.ContainsFunc(suites, func(s *suite) bool { return s.folder == folder }) {
			continue
		}
		suites = append(suites, &suite{folder: folder, program: filepath.Join(scratch, strings.ReplaceAll(folder, "/", "+")+".test")})
	}
	for _, s := range suites {
		began := time.Now()
		command := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", overlay+".json", "-o", s.program, "./"+s.folder)
		if output, err := command.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", s.folder, err, output)
		}
		fmt.Fprintf(os.Stderr, "built %s in %s\n", s.folder, time.Since(began).Round(time.Second))
	}
	return suites, nil
}

// measure runs each test of suites alone, to learn which mutants it reaches, and
// how long it takes. It names the tests that are of no use: they fail without a
// mutant, such as those that count allocations, or take too long.
func measure(ctx context.Context, suites []*suite, parallel int) (useless []string, err error) {
	var mu sync.Mutex
	var jobs []func()
	for _, s := range suites {
		command := exec.CommandContext(ctx, s.program, "-test.list", ".")
		command.Dir = s.folder
		listed, err := command.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.folder, err)
		}
		for name := range strings.FieldsSeq(string(listed)) {
			if strings.HasPrefix(name, "Benchmark") {
				continue
			}
			jobs = append(jobs, func() {
				t, err := s.measure(ctx, name)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					useless = append(useless, fmt.Sprintf("%s %s: %v", s.folder, name, err))
				} else {
					s.tests = append(s.tests, t)
				}
			})
		}
	}
	inParallel(parallel, len(jobs), func(i int) { jobs[i]() })
	for _, s := range suites {
		slices.SortFunc(s.tests, func(a, b *test) int { return int(a.took - b.took) })
	}
	slices.Sort(useless)
	return useless, ctx.Err()
}

func (s *suite) measure(ctx context.Context, name string) (*test, error) {
	record := s.program + "." + name
	took, err := s.run(ctx, 4*slow, []string{name}, "IAMSIM_MUTANTS="+record)
	if err == nil && took > slow {
		err = errTime
	}
	if err != nil {
		return nil, err
	}
	t := &test{suite: s, name: name, took: took, reaches: make(map[int]bool)}
	text, err := os.ReadFile(record)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	for id := range strings.FieldsSeq(string(text)) {
		n, err := strconv.Atoi(id)
		if err != nil {
			return nil, err
		}
		t.reaches[n] = true
	}
	return t, nil
}

// errTime says that tests took too long.
var errTime = errors.New("takes too long")

// run runs tests for at most a time, until one fails, and gives the time of
// processors that they took: other work on the machine does not count.
func (s *suite) run(ctx context.Context, most time.Duration, names []string, environment ...string) (time.Duration, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, most, errTime)
	defer cancel()
	command := exec.CommandContext(ctx, s.program, "-test.short", "-test.failfast", "-test.run", "^("+strings.Join(names, "|")+")$")
	command.Dir = filepath.FromSlash(s.folder)
	command.Env = append(os.Environ(), environment...)
	command.Env = append(command.Env, "GOMEMLIMIT=1GiB", "GOMAXPROCS=2", "RAPID_NOFAILFILE=true", "RAPID_SEED=1")
	err := command.Run()
	if errors.Is(context.Cause(ctx), errTime) {
		return most, errTime
	}
	if command.ProcessState == nil {
		return 0, err
	}
	return command.ProcessState.UserTime() + command.ProcessState.SystemTime(), err
}

// inParallel does a job n times, some at a time.
func inParallel(parallel, n int, job func(int)) {
	var wait sync.WaitGroup
	places := make(chan struct{}, parallel)
	for i := range n {
		places <- struct{}{}
		wait.Go(func() {
			defer func() { <-places }()
			job(i)
		})
	}
	wait.Wait()
}
