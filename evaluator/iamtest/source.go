package iamtest

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

// A source is where the policies of one principal or resource come from. It
// remembers every policy that it read, and what went wrong.
type source struct {
	files  fs.FS  // nil: the operating system's
	of     string // whose policies they are
	inline int    // documents that were given as text
	read   []text
	faults []error
}

// A text is a policy document as it was written.
type text struct {
	name     string
	source   string
	document *policy.Document
	file     bool // name is a path
}

// policy reads one policy: the document itself, the ARN of an AWS managed
// policy, or the path of a file.
func (s *source) policy(from, given string) policy.Attached {
	a := policy.Attached{From: from}
	file := false
	var err error
	switch {
	case strings.HasPrefix(strings.TrimSpace(given), "{"):
		s.inline++
		a.Name = "inline policy of " + s.of
		if s.inline > 1 {
			a.Name = fmt.Sprintf("inline policy %d of %s", s.inline, s.of)
		}
		a.Document, err = policy.ParseString(a.Name, given)
	case managed.IsARN(given):
		a.ARN = given
		a.Document, given, err = managedDocument(given)
	default:
		file = true
		a.Document, given, err = s.file(given)
	}
	if err != nil {
		s.faults = append(s.faults, err)
		return a
	}
	s.read = append(s.read, text{name: cmp.Or(a.Name, a.Document.Name()), source: given, document: a.Document, file: file})
	return a
}

func (s *source) file(path string) (*policy.Document, string, error) {
	if path == "" {
		return nil, "", errors.New(`a policy is "": give the path of a file, a document, or the ARN of an AWS managed policy`)
	}
	var content []byte
	var err error
	if s.files != nil {
		content, err = fs.ReadFile(s.files, path)
	} else {
		content, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, "", err
	}
	document, err := policy.Parse(path, content)
	return document, string(content), err
}

// attached reads policies that are attached to one thing.
func (s *source) attached(from string, policies []string) []policy.Attached {
	var list []policy.Attached
	for _, given := range policies {
		list = append(list, s.policy(from, given))
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
	t.Errorf("the policies of %s cannot be loaded:\n%s", s.of, indent(errors.Join(s.faults...).Error()))
	stop(t)
	return false
}

// indent puts each line of a text under what it belongs to.
func indent(lines string) string {
	return "  " + strings.ReplaceAll(lines, "\n", "\n  ")
}

// managedDocument is an AWS managed policy in the version of today.
func managedDocument(arn string) (*policy.Document, string, error) {
	p, err := managed.ByARN(arn)
	if err != nil {
		return nil, "", err
	}
	written, err := p.JSON("")
	if err != nil {
		return nil, "", err
	}
	document, err := policy.Parse(p.Name(), written)
	return document, string(written), err
}
