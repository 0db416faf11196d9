package main

import (
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/examples/internal/storytest"
)

func TestOutput(t *testing.T) { storytest.Output(t, tell) }

// The policies that the scenarios read are those that the program prints.
func TestTheGapIsFilledAsPrinted(t *testing.T) {
	for _, r := range roles {
		before, after := move(byName(r.policy))
		gap := fill(printCalls(io.Discard, callsOf(r.name), r.caller(before), r.caller(after)))
		require.NotEmpty(t, gap.Statements)
		file, text := r.name+"-gap.json", indented(gap)
		if os.Getenv("IAMSIM_UPDATE") == "1" {
			require.NoError(t, os.WriteFile(file, text, 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, string(want), string(text))
		assert.Equal(t, len(callsOf(r.name)), allowed(r.caller(after, gap), callsOf(r.name)))
	}
}

func TestScenarios(t *testing.T) { storytest.Scenarios(t) }
