package main

import (
	"testing"

	"github.com/iamsim/iamsim/examples/internal/storytest"
)

func TestOutput(t *testing.T) { storytest.Output(t, tell) }

func TestScenarios(t *testing.T) { storytest.Scenarios(t) }
