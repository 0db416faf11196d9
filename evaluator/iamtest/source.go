package iamtest

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
)

// A source is where the policies of one principal or resource come from. It
// remembers every policy that it read, and what went wrong.
type source struct {
	load   load.Loader
	read   []load.Policy
	faults []error
}

// newSource reads the policies of somebody or something from files; nil: those of
// the operating system.
func newSource(files fs.FS, of string) source { return source{load: load.Loader{Files: files, Of: of}} }

// attached reads policies that are attached to one thing.
func (s *source) attached(from string, policies []string) []policy.Attached {
	var list []policy.Attached
	for _, given := range policies {
		found, err := s.load.Load(given)
		if err != nil {
			s.faults = append(s.faults, err)
			continue
		}
		s.read = append(s.read, found...)
		for i := range found {
			found[i].From = from
			list = append(list, found[i].Attached)
		}
	}
	return list
}

// single reads the one policy that there is room for.
func (s *source) single(what, given string) []policy.Attached {
	list := s.attached("", []string{given})
	if len(list) > 1 {
		s.faults = append(s.faults, fmt.Errorf("there is one %s at most, and the folder %s has %d", what, given, len(list)))
	}
	return list
}

// levels reads service or resource control policies, root first. A level without
// policies is one.
func (s *source) levels(levels [][]string) [][]policy.Attached {
	var list [][]policy.Attached
	for i, policies := range levels {
		list = append(list, s.attached(fmt.Sprintf("level %d", i), policies))
	}
	return list
}

// compile compiles policies; after a fault it makes nothing of them.
func (s *source) compile(p policy.Policies) evaluator.Sets {
	if len(s.faults) > 0 {
		return evaluator.Sets{}
	}
	sets, err := evaluator.CompilePolicies(p)
	if err != nil {
		s.faults = append(s.faults, err)
	}
	return sets
}

// report fails the test with every fault, and stops it: without its policies it
// has nothing to say.
func (s *source) report(t TestingT) bool {
	helper(t)()
	if len(s.faults) == 0 {
		return true
	}
	t.Errorf("the policies of %s cannot be loaded:\n%s", s.load.Of, indent(errors.Join(s.faults...).Error()))
	stop(t)
	return false
}

// indent puts each line of a text under what it belongs to.
func indent(lines string) string {
	return "  " + strings.ReplaceAll(lines, "\n", "\n  ")
}
