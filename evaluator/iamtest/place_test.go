package iamtest_test

import (
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/policy"
)

// A placed is a test that finds the line of a failure as package testing does: the
// first function above the failure that is no helper.
type placed struct {
	recorder
	helpers map[string]bool
	at      []string
}

func (p *placed) Helper() {
	pc := make([]uintptr, 1)
	runtime.Callers(2, pc)
	frame, _ := runtime.CallersFrames(pc).Next()
	p.helpers[frame.Function] = true
}

func (p *placed) Errorf(format string, args ...any) {
	pc := make([]uintptr, 50)
	frames := runtime.CallersFrames(pc[:runtime.Callers(2, pc)])
	for {
		frame, more := frames.Next()
		if !p.helpers[frame.Function] || !more {
			p.at = append(p.at, frame.Function)
			break
		}
	}
	p.recorder.Errorf(format, args...)
}

func TestFailuresAreToldAtTheLineOfTheAssertion(t *testing.T) {
	who := deploy(t)
	target := evaluator.Target{Resource: orders}
	call := iamtest.Call{Parameters: `{"FunctionName": "` + orders + `"}`}
	for name, fail := range map[string]func(t iamtest.TestingT){
		"Can":              func(t iamtest.TestingT) { iamtest.Can(t, who, "lambda:InvokeFunction", orders) },
		"Cannot":           func(t iamtest.TestingT) { iamtest.Cannot(t, who, "lambda:GetFunction", orders) },
		"CannotAny":        func(t iamtest.TestingT) { iamtest.CannotAny(t, who, "lambda:GetFunction", "*") },
		"ExplicitlyDenied": func(t iamtest.TestingT) { iamtest.ExplicitlyDenied(t, who, "lambda:GetFunction", orders) },
		"CanCall":          func(t iamtest.TestingT) { iamtest.CanCall(t, who, "lambda:Invoke", call) },
		"CanPassRole":      func(t iamtest.TestingT) { iamtest.CanPassRole(t, who, execRole, lambda+"x") },
		"NoMoreThan":       func(t iamtest.TestingT) { iamtest.NoMoreThan(t, who, "testdata/exec-trust.json") },
		"NotPublic":        func(t iamtest.TestingT) { iamtest.NotPublic(t, iamtest.What{}) },
		"Role":             func(t iamtest.TestingT) { iamtest.Role(t, deployARN, "testdata/gone.json") },
		"User":             func(t iamtest.TestingT) { iamtest.User(t, "arn:aws:iam::123456789012:user/u", "testdata/gone.json") },
		"Principal.Load":   func(t iamtest.TestingT) { iamtest.Principal{ARN: "x"}.Load(t) },
		"Function":         func(t iamtest.TestingT) { iamtest.Function(t, orders, "testdata/gone.json") },
		"Resource.Load":    func(t iamtest.TestingT) { iamtest.Resource{ARN: "x"}.Load(t) },
		"Account":          func(t iamtest.TestingT) { iamtest.Account(t, "testdata/gone") },
		"Template":         func(t iamtest.TestingT) { iamtest.Template(t, "testdata/gone.yaml") },
		"Matrix.CheckFile": func(t iamtest.TestingT) {
			iamtest.Matrix{Who: map[string]iamtest.Who{"deploy": who}}.CheckFile(t, "testdata/gone.md")
		},
		"Matrix.CheckFile: a kind of file that is none": func(t iamtest.TestingT) {
			iamtest.Matrix{Who: map[string]iamtest.Who{"deploy": who}}.CheckFile(t, "testdata/gone.txt")
		},
		"Matrix.CheckFile: a cell that does not hold": func(t iamtest.TestingT) {
			iamtest.Matrix{Who: map[string]iamtest.Who{"deploy": who}}.CheckFile(t, "testdata/wrong.md")
		},
		"Matrix.Check": func(t iamtest.TestingT) { iamtest.Matrix{}.Check(t) },
		"Allowed": func(t iamtest.TestingT) {
			iamtest.Allowed(t, caller(t), &target, &evaluator.Request{Action: "lambda:Invoke"})
		},
		"Denied": func(t iamtest.TestingT) {
			iamtest.Denied(t, caller(t), &target, &evaluator.Request{Action: "lambda:GetFunction"})
		},
		"DeniedBy":       func(t iamtest.TestingT) { iamtest.DeniedBy(t, who, "lambda:GetFunction", orders, policy.SCPLayer) },
		"CannotPassRole": func(t iamtest.TestingT) { iamtest.CannotPassRole(t, who, execRole, lambda) },
		"CanCall: parameters that are none": func(t iamtest.TestingT) {
			iamtest.CanCall(t, who, "lambda:Invoke", map[string]any{"FunctionName": func() {}})
		},
		"NoMoreThan: a request beyond": func(t iamtest.TestingT) { iamtest.NoMoreThan(t, who, "testdata/boundary.json") },
		"NoNewAccess":                  func(t iamtest.TestingT) { iamtest.NoNewAccess(t, iamtest.Role(t, deployARN), who) },
		"NoNewAccess: nobody":          func(t iamtest.TestingT) { iamtest.NoNewAccess(t, iamtest.Who{}, who) },
		"NotPublic: a target of the engine's": func(t iamtest.TestingT) {
			iamtest.NotPublic(t, iamtest.Target(evaluator.Target{Resource: orders, Policies: []*evaluator.Set{nil}}))
		},
		"Plan":       func(t iamtest.TestingT) { iamtest.Plan(t, plans+"none.json") },
		"PlanBefore": func(t iamtest.TestingT) { iamtest.PlanBefore(t, plans+"none.json") },
		"Require":    nil,
	} {
		t.Run(name, func(t *testing.T) {
			p := &placed{helpers: map[string]bool{}}
			done := make(chan struct{})
			go func() { // which a failure may end
				defer close(done)
				if fail == nil {
					iamtest.Can(iamtest.Require(p), who, "lambda:InvokeFunction", orders)
					return
				}
				fail(p)
			}()
			<-done
			require.NotEmpty(t, p.at, "it fails")
			for _, at := range p.at {
				assert.True(t, strings.Contains(at, "iamtest_test."), at)
			}
		})
	}
}

func TestAMatrixThatCannotBeWrittenIsToldAtTheLineOfTheAssertion(t *testing.T) {
	t.Setenv("IAMSIM_UPDATE", "1")
	p := &placed{helpers: map[string]bool{}}
	iamtest.Matrix{Who: map[string]iamtest.Who{"deploy": deploy(t)}}.CheckFile(p, filepath.Join(t.TempDir(), "none", "access.csv"))
	require.Len(t, p.at, 1)
	assert.Contains(t, p.at[0], "iamtest_test.")
}
