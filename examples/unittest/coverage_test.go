package main_test

import (
	"os"
	"testing"

	"github.com/iamsim/iamsim/evaluator/iamtest"
)

// coverage tells which statements, actions and conditions no test has ever made
// decide.
var coverage iamtest.Coverage

func TestMain(m *testing.M) {
	os.Exit(coverage.Run(m, iamtest.Report{Threshold: 80}))
}
