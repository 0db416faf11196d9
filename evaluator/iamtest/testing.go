package iamtest

import (
	"flag"
	"fmt"
	"strings"
)

// TestingT is what an assertion needs of a test: *testing.T, *testing.B,
// *testing.F, the T of a testify suite and Ginkgo's GinkgoT all are one. A test
// that has Helper as well is told the line of the assertion, and one that has
// FailNow stops where a policy cannot be loaded.
type TestingT interface {
	Errorf(format string, args ...any)
}

// Require makes assertions stop the test where they fail, as testify's package
// require does:
//
//	must := iamtest.Require(t)
//	iamtest.Can(must, deploy, "lambda:GetFunction", orders)
func Require(t interface {
	TestingT
	FailNow()
}) TestingT {
	if l, ok := t.(liner); ok {
		return requiredAt{l}
	}
	return required{t}
}

type stopper interface {
	TestingT
	FailNow()
}

type required struct{ stopper }

func (r required) Errorf(format string, args ...any) {
	r.stopper.Errorf(format, args...)
	r.FailNow()
}

type liner interface {
	stopper
	Helper()
}

// requiredAt is required of a test that tells lines. Helper is promoted, not
// written out: the test would take this file for the caller's.
type requiredAt struct{ liner }

func (r requiredAt) Errorf(format string, args ...any) {
	r.Helper()
	r.liner.Errorf(format, args...)
	r.FailNow()
}

// helper gives the test's Helper, to be called where it counts:
//
//	helper(t)()
func helper(t TestingT) func() {
	if h, ok := t.(interface{ Helper() }); ok {
		return h.Helper
	}
	return func() {}
}

// stop ends a test that can be stopped.
func stop(t TestingT) {
	if s, ok := t.(stopper); ok {
		s.FailNow()
	}
}

// verbose: `go test -v`. The flag is read, not the package testing: that panics
// outside of tests.
func verbose() bool {
	f := flag.Lookup("test.v")
	return f != nil && f.Value.String() != "false"
}

// messages is what the user adds to a failure, as in testify: one value, or a
// format and its arguments.
func messages(msgAndArgs []any) string {
	switch len(msgAndArgs) {
	case 0:
		return ""
	case 1:
		return fmt.Sprint(msgAndArgs[0])
	}
	if format, ok := msgAndArgs[0].(string); ok {
		return fmt.Sprintf(format, msgAndArgs[1:]...)
	}
	return strings.TrimSuffix(fmt.Sprintln(msgAndArgs...), "\n")
}
