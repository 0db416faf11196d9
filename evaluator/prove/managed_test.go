package prove_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
)

// managedPolicies are the latest versions of all AWS managed policies that are
// not deprecated, from the unpacked npm package that IAMSIM_MANAGED_POLICIES
// names.
func managedPolicies(t *testing.T) map[string]*policy.Document {
	t.Helper()
	dir := os.Getenv("IAMSIM_MANAGED_POLICIES")
	if dir == "" {
		t.Skip("IAMSIM_MANAGED_POLICIES is not set")
	}
	var policies map[string]struct {
		LatestVersionID string `json:"latestVersionId"`
		Deprecated      bool   `json:"deprecated"`
		Versions        map[string]struct {
			Document json.RawMessage
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "dist", "managedPolicies.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &policies))
	list := map[string]*policy.Document{}
	for name, p := range policies {
		if !p.Deprecated {
			d, err := policy.Parse(name, p.Versions[p.LatestVersionID].Document)
			require.NoError(t, err)
			list[name] = d
		}
	}
	return list
}

// A row is a question put to many policies.
type row struct {
	name    string
	times   []time.Duration
	answers map[prove.Outcome]int
	unknown []string
	slowest string
}

func (r *row) add(name string, v *prove.Verdict, took time.Duration) {
	if len(r.times) == 0 || took > slices.Max(r.times) {
		r.slowest = name
	}
	r.times = append(r.times, took)
	r.answers[v.Outcome]++
	if v.Outcome == prove.Unknown {
		r.unknown = append(r.unknown, name+": "+v.Reason)
	}
}

func (r *row) String() string {
	slices.Sort(r.times)
	n := len(r.times)
	return fmt.Sprintf("| %s | %d | %d proved, %d refuted, %d unknown | %v | %v | %v (%s) |", r.name, n, r.answers[prove.Proved], r.answers[prove.Refuted], r.answers[prove.Unknown],
		r.times[n/2].Round(time.Microsecond), r.times[n*99/100].Round(time.Microsecond), r.times[n-1].Round(time.Microsecond), r.slowest)
}

func ask(t *testing.T, r *row, documents map[string]*policy.Document, question func(*policy.Document) (*prove.Verdict, error)) {
	t.Helper()
	r.answers = map[prove.Outcome]int{}
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		start := time.Now()
		v, err := question(documents[name])
		took := time.Since(start)
		require.NoError(t, err)
		assert.False(t, v.Unconfirmed, name)
		r.add(name, v, took)
	}
	t.Log(r)
	for _, u := range r.unknown {
		t.Log("  unknown: ", u)
	}
}

func TestManagedPolicies(t *testing.T) {
	all := managedPolicies(t)
	var x prove.Prover
	within := row{name: "P within P"}
	ask(t, &within, all, func(d *policy.Document) (*prove.Verdict, error) {
		return x.Within(t.Context(), prove.Identity(d), prove.Identity(d))
	})
	assert.LessOrEqual(t, len(all)-within.answers[prove.Proved], 2)
	admin := row{name: "P within AdministratorAccess"}
	ask(t, &admin, all, func(d *policy.Document) (*prove.Verdict, error) {
		return x.Within(t.Context(), prove.Identity(d), prove.Identity(all["AdministratorAccess"]))
	})
	assert.Equal(t, len(all), admin.answers[prove.Proved])
	pass := row{name: "P grants no iam:PassRole"}
	ask(t, &pass, all, func(d *policy.Document) (*prove.Verdict, error) {
		return x.NotGranted(t.Context(), prove.Identity(d), prove.Access{Actions: []string{"iam:PassRole"}})
	})
}
