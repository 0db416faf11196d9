package iamtest_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/golden"
)

// A module is a folder with a module of its own that uses this one.
type module string

// newModule is empty, as a new user's; what it needs comes from this repository
// and the module cache, without a network.
func newModule(t *testing.T) module {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a module of its own")
	}
	here, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	m := module(t.TempDir())
	_, err = m.run("mod", "init", "example.com/deploy")
	require.NoError(t, err)
	_, err = m.run("mod", "edit", "-replace", "github.com/iamsim/iamsim="+here)
	require.NoError(t, err)
	_, err = m.run("get", "github.com/iamsim/iamsim/evaluator/iamtest")
	require.NoError(t, err)
	return m
}

func (m module) run(args ...string) (string, error) {
	command := exec.Command("go", args...)
	command.Dir = string(m)
	command.Env = os.Environ()
	for name, value := range map[string]string{
		"GOFLAGS": "", "GOPROXY": "off", "GOSUMDB": "off", "GOWORK": "off", "IAMSIM_UPDATE": "",
	} {
		command.Env = append(command.Env, name+"="+value)
	}
	out, err := command.CombinedOutput()
	if err != nil {
		err = errors.New(err.Error() + ": " + string(out))
	}
	return string(out), err
}

// copy puts a file of examples/unittest into the module.
func (m module) copy(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "unittest", from))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(string(m), to), text, 0o644))
}

var seconds = regexp.MustCompile(` \([0-9.]+s\)`)

// The first test of the README fails as failure.txt says, at the line of the
// assertion, and passes with the policy that is mended.
func TestANewUsersFirstTest(t *testing.T) {
	m := newModule(t)
	m.copy(t, "first_test.go", "first_test.go")
	m.copy(t, "before.json", "deploy-role.json")
	out, err := m.run("test", "./...")
	require.Error(t, err)
	report, _, _ := strings.Cut(seconds.ReplaceAllString(out, ""), "\nFAIL\n")

	golden.Compare(t, filepath.Join("..", "..", "examples", "unittest", "failure.txt"), report+"\n")

	m.copy(t, "deploy-role.json", "deploy-role.json")
	out, err = m.run("test", "./...")
	require.NoError(t, err)
	assert.Regexp(t, `^ok\s+example\.com/deploy\s`, out)

	required, err := os.ReadFile(filepath.Join(string(m), "go.mod"))
	require.NoError(t, err)
	assert.NotContains(t, string(required), "testify")
}

// The tests of examples/unittest need this module and no other.
func TestTheExamplesWorkInAModuleOfTheirOwn(t *testing.T) {
	m := newModule(t)
	files, err := os.ReadDir(filepath.Join("..", "..", "examples", "unittest"))
	require.NoError(t, err)
	for _, file := range files {
		if file.Name() == "main.go" || file.Name() == "main_test.go" {
			continue // the program, and what holds it to output.txt
		}
		m.copy(t, file.Name(), file.Name())
	}
	out, err := m.run("test", "./...")
	require.NoError(t, err)
	assert.Regexp(t, `(?m)^ok\s+example\.com/deploy\s`, out)
}

// A failure is reported at the line of the assertion, also through Require and
// in helpers of the user's own.
func TestFailuresAreReportedWhereTheAssertionStands(t *testing.T) {
	m := newModule(t)
	m.copy(t, "before.json", "deploy-role.json")
	const text = `package deploy_test

import (
	"testing"

	"github.com/iamsim/iamsim/evaluator/iamtest"
)

const prod = "arn:aws:lambda:us-east-1:123456789012:function:orders:prod"

func deploy(t iamtest.TestingT) iamtest.Who {
	return iamtest.Role(t, "arn:aws:iam::123456789012:role/deploy", "deploy-role.json")
}

func TestCan(t *testing.T) {
	iamtest.Can(t, deploy(t), "lambda:GetFunction", prod) // fails
}

func TestRequire(t *testing.T) {
	must := iamtest.Require(t)
	iamtest.Can(must, deploy(must), "lambda:GetFunction", prod) // fails
	t.Error("the test went on")
}

func TestMatrix(t *testing.T) {
	iamtest.Matrix{Who: map[string]iamtest.Who{"deploy": deploy(t)}}.Check(t) // fails
}

func TestCall(t *testing.T) {
	iamtest.CanCall(t, deploy(t), "lambda:Frobnicate", "{}") // fails
}

func TestPassRole(t *testing.T) {
	iamtest.CanPassRole(t, deploy(t), prod, "lambda.amazonaws.com") // fails
}

func TestLoad(t *testing.T) {
	iamtest.Role(t, "arn:aws:iam::123456789012:role/deploy", "none.json") // fails
}

func TestHelper(t *testing.T) {
	reads(t) // fails
}

func reads(t *testing.T) {
	t.Helper()
	iamtest.Can(t, deploy(t), "lambda:GetFunction", prod)
}
`
	require.NoError(t, os.WriteFile(filepath.Join(string(m), "deploy_test.go"), []byte(text), 0o644))
	out, err := m.run("test", "./...")
	require.Error(t, err)
	failing := 0
	for i, line := range strings.Split(text, "\n") {
		if strings.HasSuffix(line, "// fails") {
			failing++
			assert.Contains(t, out, "\n    deploy_test.go:"+strconv.Itoa(i+1)+": ")
		}
	}
	assert.Equal(t, failing, strings.Count(out, "\n    deploy_test.go:"), out)
	assert.NotContains(t, out, "the test went on")
}

// Whoever tests with this package compiles neither testify nor an HTTP stack.
func TestNothingHeavyComesWithIt(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	deps := strings.Fields(string(out))
	require.Contains(t, deps, "github.com/iamsim/iamsim/evaluator")
	for _, dep := range deps {
		assert.NotContains(t, dep, "testify")
		assert.NotEqual(t, "net/http", dep)
		assert.NotEqual(t, "testing", dep)
	}
}
