package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/internal/workload"
)

func TestGoalsAreReachedOrNot(t *testing.T) {
	var r report
	r.atLeast("faster", 6, 6.1)
	r.atMost("growth", 4, 4.1)
	text := r.markdown()
	assert.Contains(t, text, "| faster | ≥ 6× | 6.10× | reached |")
	assert.Contains(t, text, "| growth | ≤ 4× | 4.10× | **not reached** |")
}

func TestATableSaysWhyACellIsEmpty(t *testing.T) {
	table := table{columns: []string{cedar, minio}}
	row := table.row("d-10000")
	row.tasks[cedar] = &task{ns: []float64{1_284_580}}
	table.leaveOut(row, minio, "left out")
	table.leaveOut(table.row("d-100000"), minio, "left out")
	assert.Equal(t, "| Work | cedar-go | MinIO |\n|---|---:|---:|\n"+
		"| d-10000 | 1.28 ms | – <sup>1</sup> |\n| d-100000 | – | – <sup>1</sup> |\n\n<sup>1</sup> left out.\n",
		table.markdown("Work", func(t *task) string { return duration(t.median()) }))
}

func TestThePlotIsXMLAndTheSameEachTime(t *testing.T) {
	panels := []panel{
		{"statements", "statements", []line{{iamsimStrings, []point{{10, 40}, {100_000, 60}}}, {cedar, []point{{10, 900}, {1000, 40_000}}}}},
		{"keys", "keys", []line{{minio, []point{{1, 700}}}}},
	}
	picture := plot(panels)
	assert.Equal(t, picture, plot(panels))
	assert.NotContains(t, string(picture), "NaN")
	decoder := xml.NewDecoder(strings.NewReader(string(picture)))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
	}
}

func TestScenariosAreReadAndHold(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, run([]string{"-scenarios", dir}))
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	require.Len(t, files, 5)
	var engine scenario.Evaluator
	for _, name := range files {
		cases := 0
		for s, err := range scenario.Files(nil, name) {
			require.NoError(t, err)
			result := engine.Evaluate(s)
			require.True(t, result.Answered() && result.Pass(), result.Name)
			cases++
		}
		assert.Equal(t, workload.Rotation, cases, name)
	}
}

func TestFlagsThatMakeNoSenseAreRefused(t *testing.T) {
	for want, args := range map[string][]string{
		"leave out -only": {"-write", "-only", "growth"},
		`"speed" is none of reading, decisions, parallel`: {"-only", "speed"},
		`unexpected argument "growth"`:                    {"growth"},
		"no such file":                                    {"-only", "patterns", "-short", "-simulate", filepath.Join(t.TempDir(), "none.json")},
	} {
		assert.ErrorContains(t, run(args), want)
	}
}

func TestFiguresOfIAMSimulateAreAdded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "figures.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"package": "p", "version": "1.2.3", "node": "v20", "machine": "m", "date": "2026-09-26", "workloads": [
		{"name": "a", "requests": 2, "checked": {"agree": 2, "ns": 8000}, "unchecked": {"agree": 1, "fault": "it broke"}}]}`), 0o666))
	var r report
	require.NoError(t, addFigures(file, &r))
	assert.Contains(t, r.markdown(), "| a | 8.00 µs | 1 of 2 not answered as wanted: it broke |")
}
