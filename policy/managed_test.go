package policy_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

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

// Every version of every AWS managed policy is parsed, checked and written, and
// means what it meant.
func TestManagedPolicies_allOfThem(t *testing.T) {
	versions := 0
	for p := range managed.Policies() {
		for _, v := range p.Versions() {
			text, err := p.JSON(v.ID)
			require.NoError(t, err)
			require.NoError(t, managedDocument(t, p.Name()+" "+v.ID, text))
			versions++
		}
	}
	t.Logf("%d versions", versions)
}
